"""Entries of the 政务信息系统目录: how one is made and filled in from the answers of F-22 (第十九条)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from app.domain.numbers import system_number
from app.models.business import SystemEntry
from app.services import serials


def new_entry(session: Session, *, unit_id: int, project_id: int | None) -> SystemEntry:
    """Return a new entry with its number, 拟登记; one without a project is legacy (存量)."""
    return SystemEntry(
        code=system_number(serials.take(session, "system", 0)),
        project_id=project_id,
        unit_id=unit_id,
        legacy=project_id is None,
        status="draft",
    )


def fill(entry: SystemEntry, answers: Mapping[str, object], *, builder: str = "", by: str) -> None:
    """Write the answers of F-22 into an entry; `builder` stands in where the form names none."""
    entry.name, entry.deploy = _text(answers, "name"), _text(answers, "deploy")
    entry.builder = _text(answers, "builder") or builder
    entry.online_on, entry.om_until = _day(answers, "online_on"), _day(answers, "om_until")
    level = answers.get("mlps_level")
    entry.mlps_level = int(str(level).split(".", 1)[0]) if level not in (None, "") else 0
    entry.content = {key: _text(answers, key) for key in ("network", "users", "note")} | {"by": by}


def _text(answers: Mapping[str, object], key: str) -> str:
    value = answers.get(key)
    return "" if value is None else str(value).strip()


def _day(answers: Mapping[str, object], key: str) -> date | None:
    value = answers.get(key)
    return value if isinstance(value, date) else None
