"""The workbooks that a person has had checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.registers import WorkbookCheck
from app.queries.scope import Reader

LATEST = 10


@dataclass(frozen=True)
class Check:
    """A checked workbook with its report."""

    id: int
    kind: str
    name: str
    sha256: str
    checked_at: datetime
    taken_at: datetime | None
    report: tuple[dict[str, Any], ...]

    @property
    def refused(self) -> int:
        """How many rows were refused."""
        return sum(bool(line["problems"]) for line in self.report)


def one(session: Session, reader: Reader, check_id: int) -> Check | None:
    """Return a check of the reader's own, or None."""
    row = session.get(WorkbookCheck, check_id)
    return None if row is None or row.person_id != reader.id else _check(row)


def latest(session: Session, reader: Reader, kind: str) -> tuple[Check, ...]:
    """Return the reader's last checks of a kind, newest first."""
    rows = session.scalars(
        select(WorkbookCheck)
        .where(WorkbookCheck.person_id == reader.id, WorkbookCheck.kind == kind)
        .order_by(WorkbookCheck.id.desc())
        .limit(LATEST)
    )
    return tuple(_check(row) for row in rows)


def _check(row: WorkbookCheck) -> Check:
    return Check(row.id, row.kind, row.name, row.sha256, row.checked_at, row.taken_at, tuple(row.report))
