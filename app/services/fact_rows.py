"""A project's whole history in one SQL statement: every table's rows as JSON in one UNION ALL, typed again here.

The number of statements stays the same however long the history is; each branch is a seek in an index.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Boolean,
    Date,
    Select,
    String,
    Text,
    bindparam,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import DeclarativeBase, Session, aliased
from sqlalchemy.sql.elements import ColumnElement

from app.clock import SHANGHAI
from app.models import business as tables
from app.models.accounts import ExpertTie, Organisation, Person
from app.models.base import Moment, Structure

Row = Mapping[str, Any]
Rows = Mapping[str, list[Row]]
"""Table name → its rows of the project, oldest first."""

HISTORY: tuple[type[DeclarativeBase], ...] = (
    tables.PlanItem,
    tables.ScopeVersion,
    tables.Filing,
    tables.SharingCheck,
    tables.ExpertForm,
    tables.Opinion,
    tables.Approval,
    tables.LibraryEntry,
    tables.BudgetLine,
    tables.Package,
    tables.Contract,
    tables.Payment,
    tables.Supervision,
    tables.Change,
    tables.AcceptanceAttempt,
    tables.RectificationItem,
    tables.AcceptanceFiling,
    tables.Extension,
    tables.SystemEntry,
    tables.ResourceItem,
    tables.OmPlan,
    tables.OmApplication,
    tables.Evaluation,
    tables.AuditCase,
    tables.Order,
    tables.MeasureTaken,
    tables.DocumentRequest,
    tables.NotStartedVerdict,
    tables.DeadlineRow,
    tables.FundHold,
)
"""Tables with a project_id of their own."""

CHILDREN: tuple[tuple[type[DeclarativeBase], type[DeclarativeBase], str], ...] = (
    (tables.ContractNode, tables.Contract, "contract_id"),
    (tables.Participant, tables.AcceptanceAttempt, "attempt_id"),
)
"""Tables that belong to a project through a parent: (table, parent, its key)."""

PROSE = frozenset(
    {
        "text",
        "reason",
        "opinion",
        "problems",
        "steps",
        "facts",
        "application",
        "legal_reason",
        "findings",
        "skip_reason",
        "statement",
    }
)
"""Long texts that no gate reads; they stay in the tables."""


def history(session: Session, project_id: int, *, only: frozenset[str] = frozenset()) -> Rows:
    """Return the project's rows by table name, typed; `only` names the tables wanted (default: all). One statement."""
    statement = _statement(session.get_bind().dialect.name, only)
    found: dict[str, list[Row]] = defaultdict(list)
    for table, text in session.execute(statement, {"project_id": project_id}):
        found[table].append(_typed(_TYPES[table], json.loads(text)))
    for rows in found.values():
        rows.sort(key=lambda row: row.get("id") or 0)
    return found


@cache
def _statement(dialect: str, only: frozenset[str]) -> Select[str, str]:
    wanted = [model for model in HISTORY if not only or model.__tablename__ in only]
    parts = [_branch(dialect, model) for model in wanted]
    parts += [_child(dialect, *child) for child in CHILDREN if not only or child[0].__tablename__ in only]
    if not only or "panel_member" in only:
        parts += [_members(dialect), _ties(dialect)]
    rows = union_all(*parts).subquery("history")
    statement: Select[str, str] = select(rows.c[0], rows.c[1])
    return statement


def _branch(dialect: str, model: type[DeclarativeBase]) -> Select[str, str]:
    table = model.__table__
    return select(literal(model.__tablename__).label("source"), _json(dialect, _columns(model)).label("row")).where(
        table.c.project_id == bindparam("project_id")
    )


def _members(dialect: str) -> Select[str, str]:
    parent = aliased(Organisation)
    columns = {
        **_columns(tables.PanelMember),
        "name": cast(Person.name, Text),
        "username": cast(Person.username, Text),
        "employer": cast(Organisation.name, Text),
        "employer_parent": cast(parent.name, Text),
    }
    return (
        select(literal("panel_member"), _json(dialect, columns))
        .select_from(tables.PanelMember)
        .join(Person, Person.id == tables.PanelMember.person_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(parent, parent.id == Organisation.parent_id)
        .where(tables.PanelMember.project_id == bindparam("project_id"))
    )


def _ties(dialect: str) -> Select[str, str]:
    """Select what binds the project's experts to other bodies (COI-01, COI-02)."""
    body, parent = aliased(Organisation), aliased(Organisation)
    columns = {**_columns(ExpertTie), "parent": cast(parent.name, Text)}
    seated = select(tables.PanelMember.person_id).where(tables.PanelMember.project_id == bindparam("project_id"))
    return (
        select(literal("expert_tie"), _json(dialect, columns))
        .select_from(ExpertTie)
        .outerjoin(body, body.name == ExpertTie.organisation)
        .outerjoin(parent, parent.id == body.parent_id)
        .where(ExpertTie.person_id.in_(seated))
    )


def _child(dialect: str, model: type[DeclarativeBase], parent: type[DeclarativeBase], key: str) -> Select[str, str]:
    table, owner = model.__table__, parent.__table__
    return (
        select(literal(model.__tablename__), _json(dialect, _columns(model)))
        .select_from(table.join(owner, owner.c.id == table.c[key]))
        .where(owner.c.project_id == bindparam("project_id"))
    )


def _columns(model: type[DeclarativeBase]) -> dict[str, ColumnElement[Any]]:
    found: dict[str, ColumnElement[Any]] = {}
    for column in model.__table__.columns:
        if column.name not in PROSE:
            found[column.name] = column
    return found


def _json(dialect: str, columns: Mapping[str, ColumnElement[Any]]) -> ColumnElement[str]:
    build = func.json_object if dialect == "sqlite" else func.json_build_object
    pairs: list[Any] = []
    for name, column in columns.items():
        # Text of our own types is passed as it is stored; their result processors would not run inside JSON anyway.
        pairs += [literal(name, String), column]
    return cast(build(*pairs), Text)


def _decoders() -> dict[str, dict[str, Callable[[Any], Any]]]:
    models: Iterable[type[DeclarativeBase]] = (
        *HISTORY,
        tables.PanelMember,
        ExpertTie,
        *(child[0] for child in CHILDREN),
    )
    return {
        model.__tablename__: {
            column.name: decode for column in model.__table__.columns if (decode := _decoder(column.type)) is not None
        }
        for model in models
    }


def _decoder(kind: object) -> Callable[[Any], Any] | None:
    if isinstance(kind, Structure):
        return json.loads
    if isinstance(kind, Moment):
        return _moment
    if isinstance(kind, Date):
        return date.fromisoformat
    return bool if isinstance(kind, Boolean) else None


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(SHANGHAI)


_TYPES = _decoders()


def _typed(types: Mapping[str, Callable[[Any], Any]], row: dict[str, Any]) -> Row:
    for name, decode in types.items():
        value = row.get(name)
        if value is not None:
            row[name] = decode(value)
    return row
