"""The working-day calendar of a year, and what a notice that was handed in would move."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.domain import holiday_notice
from app.domain.calendar import Calendar, DayKind
from app.domain.holiday_notice import HolidayNotice
from app.domain.periods import DayCount
from app.models.accounts import Person
from app.models.business import DeadlineRow, Project
from app.models.calendar import CalendarFile


@dataclass(frozen=True)
class Span:
    """A holiday from its first to its last day, or one weekend day that is worked."""

    first: date
    last: date
    name: str
    off: bool


@dataclass(frozen=True)
class FileRow:
    """A notice that was handed in."""

    id: int
    year: int
    notice: str
    proposed_by: str
    proposed_by_id: int
    proposed_at: datetime
    decision: str
    decided_by: str
    decided_at: datetime | None


@dataclass(frozen=True)
class YearPage:
    """One year."""

    year: int
    published: bool
    notice: str
    spans: tuple[Span, ...]
    files: tuple[FileRow, ...]


@dataclass(frozen=True)
class MoveRow:
    """A deadline that a notice moves or makes final."""

    kind: str
    project_no: str
    project_name: str
    before: date
    after: date
    final: bool


@dataclass(frozen=True)
class FilePage:
    """A handed-in notice with what it would move."""

    file: FileRow
    spans: tuple[Span, ...]
    moves: tuple[MoveRow, ...]


def year(session: Session, number: int, *, calendar: Calendar) -> YearPage:
    """Return a year as `calendar` knows it, and the notices handed in for it; one statement."""
    days, day = [], date(number, 1, 1)
    while day.year == number:
        kind = calendar.kind(day)
        if kind in {DayKind.HOLIDAY, DayKind.MAKE_UP}:
            days.append((day, kind is DayKind.HOLIDAY, calendar.name(day) if kind is DayKind.HOLIDAY else ""))
        day += timedelta(days=1)
    return YearPage(
        year=number,
        published=calendar.published(number),
        notice=calendar.notice(date(number, 1, 1)),
        spans=_spans(days),
        files=tuple(_files(session, CalendarFile.year == number)),
    )


def handed_in(session: Session, file_id: int) -> tuple[FileRow, HolidayNotice] | None:
    """Return a notice that was handed in, as a row and as it reads; None for an unknown one. Two statements."""
    found = _files(session, CalendarFile.id == file_id)
    if not found:
        return None
    return found[0], holiday_notice.read(session.get_one(CalendarFile, file_id).content.encode())


def file(
    session: Session, row: FileRow, notice: HolidayNotice, moves: Iterable[tuple[DeadlineRow, DayCount]]
) -> FilePage:
    """Return the page of a notice with the deadlines that it would move, those that move first; one statement."""
    moved = list(moves)
    names = {
        key: (no, name)
        for key, no, name in session.execute(
            select(Project.id, Project.no, Project.name).where(Project.id.in_({one.project_id for one, _ in moved}))
        )
    }
    rows = [
        MoveRow(one.kind, *names.get(one.project_id or 0, ("", "")), one.due, new.due, final=not new.provisional)
        for one, new in moved
    ]
    rows.sort(key=lambda move: (move.before == move.after, move.after, move.project_no))
    return FilePage(row, _spans([(day.day, day.off, day.name) for day in notice.days]), tuple(rows))


def _files(session: Session, condition: object) -> list[FileRow]:
    proposer, decider = aliased(Person), aliased(Person)
    query = (
        select(CalendarFile, proposer.name, decider.name)
        .join(proposer, proposer.id == CalendarFile.proposed_by)
        .outerjoin(decider, decider.id == CalendarFile.decided_by)
        .where(condition)  # type: ignore[arg-type]
        .order_by(CalendarFile.id.desc())
    )
    return [
        FileRow(
            one.id, one.year, one.notice, by, one.proposed_by, one.proposed_at, one.decision, decided or "",
            one.decided_at,
        )
        for one, by, decided in session.execute(query)
    ]  # fmt: skip


def _spans(days: list[tuple[date, bool, str]]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for day, off, name in sorted(days):
        last = spans[-1] if spans else None
        if last and last.off and off and last.name == name and last.last + timedelta(days=1) == day:
            spans[-1] = Span(last.first, day, name, off)
        else:
            spans.append(Span(day, day, name, off))
    return tuple(spans)
