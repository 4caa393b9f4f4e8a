"""The working-day calendar of this installation: the holiday notices 2004–2026 under the rows of its own tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from weakref import WeakKeyDictionary

import chinese_calendar
from sqlalchemy import Boolean, Date, Engine, Integer, func, null, select, type_coerce, union_all
from sqlalchemy.orm import Session

from app.domain.calendar import SATURDAY, Calendar, PublishedYear
from app.errors import Refused
from app.models.base import table_of
from app.models.calendar import CalendarDay, CalendarYear
from app.services import audit
from app.services.context import Actor

NOTICES: Mapping[int, str] = {
    2024: "国办发明电〔2023〕7号",
    2025: "国办发明电〔2024〕12号",
    2026: "国办发明电〔2025〕7号",
}
"""Numbers of the State Council's notices that were checked; other years show the notice's title."""

HOLIDAYS: Mapping[str, str] = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
}


_IN_SESSION = "working_day_calendar"
_DAYS, _YEARS = table_of(CalendarDay), table_of(CalendarYear)
_ENTERED = union_all(
    select(
        _DAYS.c.day,
        _DAYS.c.off,
        _DAYS.c.name,
        _DAYS.c.source,
        type_coerce(null(), Integer).label("year"),
        type_coerce(null(), _YEARS.c.published_at.type).label("published_at"),
    ),
    select(
        type_coerce(null(), Date),
        type_coerce(null(), Boolean),
        _YEARS.c.notice,
        _YEARS.c.notice,
        _YEARS.c.year,
        _YEARS.c.published_at,
    ),
)
"""Both tables in one statement: days without a year, and years without a day, whose name is their notice."""
REVISION = select(func.max(_YEARS.c.published_at)).scalar_subquery()
"""Moves with every change of the tables, in whatever process; a statement that runs anyway may ask for it."""
_SEEN = "working_day_calendar_revision"
_read_last: WeakKeyDictionary[Engine, tuple[datetime | None, Calendar]] = WeakKeyDictionary()


@dataclass(frozen=True)
class CalendarRow:
    """One row of the installation's table: a day that is off or worked, and the document that says so."""

    day: date
    off: bool
    name: str = ""
    """The holiday's name; empty on a day that is worked."""
    source: str = ""
    """Number or title of the document."""


def current(session: Session) -> Calendar:
    """Return the installation's calendar; read once per session: one statement, none where `at_revision` was told."""
    calendar = session.info.get(_IN_SESSION)
    if not isinstance(calendar, Calendar):
        calendar = session.info[_IN_SESSION] = _known(session) or _read(session)
    return calendar


def at_revision(session: Session, revision: datetime | None) -> None:
    """Tell a session which `REVISION` its transaction sees, so that a calendar that this process knows is not read."""
    session.info[_SEEN] = revision


def _known(session: Session) -> Calendar | None:
    revision, calendar = _read_last.get(session.get_bind().engine, (None, None))
    return calendar if _SEEN in session.info and session.info[_SEEN] == revision else None


def _read(session: Session, *, committed: bool = True) -> Calendar:
    entered = session.execute(_ENTERED).all()
    rows = [CalendarRow(row.day, row.off, row.name, row.source) for row in entered if row.year is None]
    calendar = calendar_of(rows, published={row.year: row.name for row in entered if row.year is not None})
    revision = max((row.published_at for row in entered if row.published_at is not None), default=None)
    if committed:  # whoever has read it, be it for a page, no step of this process need read it again
        _read_last[session.get_bind().engine] = (revision, calendar)
    return calendar


def publish_year(
    session: Session, year: int, *, notice: str, rows: Iterable[CalendarRow], by: Actor | None, now: datetime
) -> Calendar:
    """Enter the holiday notice of a year, replacing what was entered for it before; return the new calendar.

    Whoever calls this has every open deadline counted again in the same transaction (`calendar_years`). `by` is None
    for the operator at the command line. Raises Refused when a
    row lies in another year, a day stands twice, a working day is no weekend, or the notice has no number.
    """
    days = sorted(rows, key=lambda row: row.day)
    if not notice.strip():
        raise Refused("请填写放假通知的文号。")
    for row in days:
        if row.day.year != year:
            raise Refused("%(day)s 不在 %(year)s 年。", day=row.day, year=year)
        if not row.off and row.day.weekday() < SATURDAY:
            raise Refused("%(day)s 不是周末，不必登记为上班日。", day=row.day)
    if len({row.day for row in days}) != len(days):
        raise Refused("同一天登记了两次。")
    first, last = date(year, 1, 1), date(year, 12, 31)
    for old in session.scalars(select(CalendarDay).where(CalendarDay.day.between(first, last))):
        session.delete(old)
    session.flush()
    person = by.id if by is not None else None
    newest = session.scalar(select(REVISION))  # a later one, even of the same moment: it is the tables' revision
    moment = now if newest is None else max(now, newest + timedelta(microseconds=1))
    session.merge(CalendarYear(year=year, notice=notice.strip(), published_at=moment, published_by=person))
    session.add_all(CalendarDay(day=row.day, off=row.off, name=row.name, source=row.source) for row in days)
    audit.record(
        session, "publish_calendar_year", subject_kind="calendar_year", subject_id=year, actor_id=person, now=now,
        detail={"notice": notice.strip(), "days": len(days)},
    )  # fmt: skip
    session.flush()
    session.info.pop(_SEEN, None)
    calendar = session.info[_IN_SESSION] = _read(session, committed=False)
    return calendar


def calendar_of(rows: Iterable[CalendarRow] = (), *, published: Mapping[int, str] | None = None) -> Calendar:
    """Return the calendar of the built-in years with `rows` laid over them; a row wins over a built-in day.

    `published` names the further years whose notice has been entered completely (year → number of the notice).
    A row in a year that is neither built in nor published changes that day and leaves the year provisional: one
    local day off does not make a year's notice.
    """
    years, rows = dict(built_in()), list(rows)
    for year, notice in (published or {}).items():
        whole = any(row.day.year == year for row in rows)  # what was entered replaces what is built in
        known = PublishedYear(year, {}) if whole else years.get(year, PublishedYear(year, {}))
        years[year] = replace(known, notice=notice)
    by_year: dict[int, list[CalendarRow]] = {}
    for row in rows:
        by_year.setdefault(row.day.year, []).append(row)
    for year, entered in by_year.items():
        years[year] = _overlaid(years.get(year, PublishedYear(year, {}, complete=False)), entered)
    return Calendar(years)


@cache
def built_in() -> Mapping[int, PublishedYear]:
    """Return the holiday notices that come with `chinesecalendar`."""
    off: dict[int, dict[date, str]] = {}
    for day, name in chinese_calendar.holidays.items():
        off.setdefault(day.year, {})[day] = HOLIDAYS[name]
    return {
        year: PublishedYear(
            year=year,
            off=days,
            working=frozenset(day for day in chinese_calendar.workdays if day.year == year),
            notice=NOTICES.get(year, f"国务院办公厅关于{year}年部分节假日安排的通知"),
        )
        for year, days in off.items()
    }


def _overlaid(year: PublishedYear, rows: Iterable[CalendarRow]) -> PublishedYear:
    off, working = dict(year.off), set(year.working)
    for row in rows:
        off.pop(row.day, None)
        working.discard(row.day)
        if row.off:
            off[row.day] = row.name or "休息日"
        else:
            working.add(row.day)
    return replace(year, off=off, working=frozenset(working))
