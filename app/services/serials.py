"""Serial numbers of projects and official papers: taken inside the transaction that uses them, never reused."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.business import Serial


def take(session: Session, kind: str, year: int) -> int:
    """Return the next number of a kind of paper in a year: 1, 2, 3 … A rollback gives it back, nothing else does."""
    row = session.scalar(
        select(Serial)
        .where(Serial.kind == kind, Serial.year == year)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        row = Serial(kind=kind, year=year, last=0)
        session.add(row)
    row.last += 1
    session.flush()
    return row.last


def continue_after(session: Session, kind: str, year: int, last: int) -> None:
    """Let the numbers of a kind and year go on after `last`, which an office has given out on paper before.

    A number that the system has given out already is never given again: a smaller `last` changes nothing.
    """
    row = session.scalar(select(Serial).where(Serial.kind == kind, Serial.year == year).with_for_update())
    if row is None:
        row = Serial(kind=kind, year=year, last=0)
        session.add(row)
    row.last = max(row.last, last)
    session.flush()
