"""The deadline ledger: each deadline entered once with its whole arithmetic, moved, met, never deleted."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import deadlines
from app.domain.calendar import Calendar
from app.domain.periods import DayCount, Length
from app.models.business import DeadlineRow
from app.services import calendars, parameters


def enter(
    session: Session,
    kind: str,
    start: date,
    *,
    project_id: int | None,
    now: datetime,
    subject: str = "",
    length: Length | None = None,
    until: date | None = None,
) -> DeadlineRow:
    """Enter the deadline that the event on `start` sets off, or begin it anew where it stands already.

    `subject` tells apart what a project may have several of (an attempt, a fiscal year). Raises InvalidValue as
    `deadlines.compute` does. The caller says `context.deadlines_moved` so that waiting timers read it.
    """
    calendar = calendars.current(session)
    in_force = parameters.current(session, now.date())
    counted = deadlines.compute(kind, start, calendar, length=length, until=until, parameters=in_force)
    row = find(session, kind, project_id=project_id, subject=subject)
    if row is None:
        row = DeadlineRow(project_id=project_id, kind=kind, subject=subject, registered_at=now)
        session.add(row)
    row.first_due = counted.due
    row.status = "open"
    row.met_at = None
    row.lapsed_at = None
    _write(row, counted, calendar, registered_on=now.date())
    session.flush()
    return row


def find(session: Session, kind: str, *, project_id: int | None, subject: str = "") -> DeadlineRow | None:
    """Return a row of the ledger, or None."""
    return session.scalar(
        select(DeadlineRow).where(
            DeadlineRow.kind == kind,
            DeadlineRow.project_id.is_(None) if project_id is None else DeadlineRow.project_id == project_id,
            DeadlineRow.subject == subject,
        )
    )


def newest(session: Session, kind: str, *, project_id: int) -> DeadlineRow | None:
    """Return the project's latest row of a kind, whatever its subject."""
    return session.scalar(
        select(DeadlineRow)
        .where(DeadlineRow.kind == kind, DeadlineRow.project_id == project_id)
        .order_by(DeadlineRow.id.desc())
        .limit(1)
    )


def extend(
    session: Session, row: DeadlineRow, new_date: date, *, reports: int, head_consents: bool, now: datetime
) -> DeadlineRow:
    """Move a deadline to the new date of a report of delay (T-12); raises InvalidValue beyond the limits."""
    calendar = calendars.current(session)
    counted = deadlines.move(
        DayCount(row.start, row.raw, row.due, row.fires_at),
        new_date,
        calendar,
        reports=reports,
        first_due=row.first_due,
        head_consents=head_consents,
        parameters=parameters.current(session, now.date()),
    )
    _write(row, counted, calendar, registered_on=now.date())
    session.flush()
    return row


def meet(session: Session, kind: str, *, project_id: int | None, now: datetime, subject: str = "") -> None:
    """Say that what the deadline asks for has been done; its reminders end."""
    row = find(session, kind, project_id=project_id, subject=subject)
    if row is not None and row.status == "open":
        row.status = "met"
        row.met_at = now
        session.flush()


def replace(session: Session, kind: str, *, project_id: int, subject: str) -> None:
    """Say that another deadline has taken the place of this one: nobody is late with it any more."""
    row = find(session, kind, project_id=project_id, subject=subject)
    if row is not None and row.status == "open":
        row.status = "void"
        session.flush()


def void_open(session: Session, project_id: int) -> None:
    """Say that nobody waits any longer for what the project's open deadlines ask for: it has been withdrawn."""
    for row in session.scalars(
        select(DeadlineRow).where(DeadlineRow.project_id == project_id, DeadlineRow.status == "open")
    ):
        row.status = "void"
    session.flush()


def recount(session: Session, *, now: datetime) -> set[int]:
    """Count every open provisional deadline again after a new calendar; return the projects whose dates moved."""
    calendar = calendars.current(session)
    moved: set[int] = set()
    rows = session.scalars(select(DeadlineRow).where(DeadlineRow.status == "open", DeadlineRow.provisional)).all()
    for row in rows:
        counted = deadlines.again(row.kind, row.start, row.raw, row.steps, calendar)
        if counted.due != row.due and row.project_id is not None:
            moved.add(row.project_id)
        _write(row, counted, calendar, registered_on=now.date())
    session.flush()
    return moved


def _write(row: DeadlineRow, counted: DayCount, calendar: Calendar, *, registered_on: date) -> None:
    row.start, row.raw, row.due, row.fires_at = counted.start, counted.raw, counted.due, counted.fires_at
    row.provisional = counted.provisional
    row.steps = list(deadlines.as_mapping(counted)["steps"])  # type: ignore[call-overload]
    row.reminders = [
        moment.isoformat() for moment in deadlines.reminders(row.kind, counted, calendar, registered_on=registered_on)
    ]
