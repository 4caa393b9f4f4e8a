"""The deadline ledger: each deadline entered once with its whole arithmetic, moved, met, never deleted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.domain import deadlines
from app.domain.calendar import Calendar
from app.domain.periods import DayCount, Length, Unit
from app.models.base import Base
from app.models.business import (
    AcceptanceAttempt,
    AuditCase,
    DeadlineRow,
    DocumentRequest,
    Evaluation,
    Extension,
    Order,
    ProblemItem,
)
from app.services import audit, calendars, parameters


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


CYCLES: Mapping[str, Length] = {
    "实时": Length(1, Unit.DAYS),
    "日": Length(1, Unit.DAYS),
    "周": Length(7, Unit.DAYS),
    "月": Length(1, Unit.MONTHS),
    "季": Length(3, Unit.MONTHS),
    "年": Length(1, Unit.YEARS),
}
"""Update cycle of a resource → how long it is (T-21)."""


def update_cycle(name: str) -> Length:
    """Return the length of a resource's update cycle; a month for one that is not known."""
    return CYCLES.get(name, CYCLES["月"])


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
        session.execute(
            update(ProblemItem)
            .where(ProblemItem.deadline_id == row.id, ProblemItem.closed_on.is_(None))
            .values(closed_on=now.astimezone(SHANGHAI).date())
        )
        session.flush()


def replace(session: Session, kind: str, *, project_id: int, subject: str) -> None:
    """Say that another deadline has taken the place of this one: nobody is late with it any more."""
    row = find(session, kind, project_id=project_id, subject=subject)
    if row is not None and row.status == "open":
        row.status = "void"
        session.flush()


def void_open(session: Session, project_id: int, *, but: Collection[str] = ()) -> None:
    """Say that nobody waits any longer for what the open deadlines ask for, `but` some kinds: the project has ended."""
    for row in session.scalars(
        select(DeadlineRow).where(
            DeadlineRow.project_id == project_id, DeadlineRow.status == "open", DeadlineRow.kind.not_in(but)
        )
    ):
        row.status = "void"
    session.flush()


@dataclass(frozen=True)
class Move:
    """A deadline as another calendar would count it."""

    row: DeadlineRow
    counted: DayCount

    @property
    def shifts(self) -> bool:
        """Whether its last day changes, not only that it is final now."""
        return self.counted.due != self.row.due


def moves(session: Session, calendar: Calendar) -> list[Move]:
    """Return every open deadline that `calendar` counts in another way: another day, or final instead."""
    found = []
    for row in session.scalars(select(DeadlineRow).where(DeadlineRow.status == "open").order_by(DeadlineRow.id)):
        counted = deadlines.again(row.kind, row.start, row.raw, row.steps, calendar)
        if (counted.due, counted.provisional) != (row.due, row.provisional):
            found.append(Move(row, counted))
    return found


def recount(session: Session, *, now: datetime) -> list[Move]:
    """Count every open deadline again after a new calendar, with all that repeats its date; return what changed.

    Reminders stay as they were where the day stays; where it moves, the ladder moves with it, and what was due before
    `now` is not sent again. Each entry is in the audit trail. Called twice it changes nothing the second time.
    """
    calendar = calendars.current(session)
    found = moves(session, calendar)
    for move in found:
        row, before = move.row, (move.row.due, move.row.provisional)
        _repeat(session, row, move.counted, calendar)
        registered = row.registered_at.astimezone(SHANGHAI).date()
        _write(row, move.counted, calendar, registered_on=registered)
        audit.record(
            session, "recount_deadline", subject_kind="deadline", subject_id=row.id, actor_id=None, now=now,
            detail={"before": before[0].isoformat(), "after": row.due.isoformat(), "provisional": row.provisional},
        )  # fmt: skip
    session.flush()
    return found


COPIES: tuple[tuple[str, type[Base], str], ...] = (
    ("rectification", AcceptanceAttempt, "rectify_due"),
    ("evaluation_rectification", Evaluation, "rectify_due"),
    ("order", Order, "due"),
    ("audit", AuditCase, "rectify_due"),
    ("documents", DocumentRequest, "due"),
    ("acceptance", Extension, "effective_due"),
)
"""Kind of deadline → where its last day is written down once more."""


def _repeat(session: Session, row: DeadlineRow, counted: DayCount, calendar: Calendar) -> None:
    """Carry a moved day to where it is written once more: the papers' own rows, and the day before any extension."""
    for kind, table, column in COPIES:
        if kind == row.kind:
            session.execute(
                update(table)
                .where(table.__table__.c.project_id == row.project_id, table.__table__.c[column] == row.due)
                .values({column: counted.due})
            )
    first = counted.due
    if row.first_due != row.due:
        first = deadlines.compute(row.kind, row.start, calendar).due if row.kind == "acceptance" else row.first_due
    row.first_due = first


def _write(row: DeadlineRow, counted: DayCount, calendar: Calendar, *, registered_on: date) -> None:
    row.start, row.raw, row.due, row.fires_at = counted.start, counted.raw, counted.due, counted.fires_at
    row.provisional = counted.provisional
    row.steps = list(deadlines.as_mapping(counted)["steps"])  # type: ignore[call-overload]
    row.reminders = [
        moment.isoformat() for moment in deadlines.reminders(row.kind, counted, calendar, registered_on=registered_on)
    ]
