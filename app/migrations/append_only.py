"""Triggers that keep the history append-only: accidents are stopped here, intent is found by the seals of the audit."""

from __future__ import annotations

from collections.abc import Sequence

TABLES = ("history_event", "submission", "audit_event", "refused_attempt")
"""What happened stays as it was written."""

MADE_BY_IT = "OLD.project_id IS NULL AND NEW.answers = OLD.answers AND NEW.by_id = OLD.by_id AND NEW.at = OLD.at"
"""The form that creates a project (F-02) is handed in before the project has its number: it may be tied to it once."""


def statements(dialect: str) -> list[str]:
    """Return the statements that forbid changing and deleting rows of these tables."""
    function = (
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    return [*([] if dialect == "sqlite" else [function]), *triggers(dialect, TABLES)]


def triggers(dialect: str, tables: Sequence[str]) -> list[str]:
    """Return the triggers alone, for tables that a later migration adds."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_{act} BEFORE {act.upper()} ON {table} {_unless(table, act)}"
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for table in tables
            for act in ("update", "delete")
        ]
    return [
        *(
            f"CREATE TRIGGER {table}_{act} BEFORE {act.upper()} ON {table} FOR EACH ROW {_unless(table, act)}"
            "EXECUTE FUNCTION refuse_change()"
            for table in tables
            for act in ("update", "delete")
        ),
        *(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} EXECUTE FUNCTION refuse_change()"
            for table in tables
        ),
    ]


def _unless(table: str, act: str) -> str:
    return f"WHEN (NOT ({MADE_BY_IT})) " if (table, act) == ("submission", "update") else ""
