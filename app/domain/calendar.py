"""The working-day calendar: which days are worked, which are taken off, and where a period of the Civil Code ends."""

from __future__ import annotations

import calendar as gregorian
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from enum import Enum

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has had one zone without summer time since 1991; the offset is exact for every date computed here."""

MONTHS_A_YEAR = 12
SATURDAY = 5

WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")

_ONE_DAY = timedelta(days=1)


class DayKind(Enum):
    """What a day is under the holiday notices."""

    WORKDAY = "workday"
    MAKE_UP = "make_up"
    """A Saturday or Sunday that is worked (调休上班)."""
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    """Taken off under the year's holiday notice, weekend days inside the holiday included."""


@dataclass(frozen=True)
class PublishedYear:
    """One year's holiday notice of the State Council: days off with their holiday's name, and weekend days worked."""

    year: int
    off: Mapping[date, str]
    """Day off → name of the holiday (春节); weekends outside holidays need no entry."""
    working: frozenset[date] = frozenset()
    notice: str = ""
    """The notice's number or title: 国办发明电〔2024〕12号."""
    complete: bool = True
    """False for single days known before the notice: the year counts as not published."""


@dataclass(frozen=True)
class Calendar:
    """The published years. In a year that is not published only weekends are off, and every result is provisional."""

    years: Mapping[int, PublishedYear] = field(default_factory=dict)

    def published(self, year: int) -> bool:
        """Say whether the holiday notice of `year` is loaded."""
        return year in self.years and self.years[year].complete

    def provisional(self, *days: date) -> bool:
        """Say whether any of `days` lies in a year whose notice is not loaded."""
        return any(not self.published(day.year) for day in days)

    def kind(self, day: date) -> DayKind:
        """Return what `day` is."""
        year = self.years.get(day.year)
        if year and day in year.working:
            return DayKind.MAKE_UP
        if year and day in year.off:
            return DayKind.HOLIDAY
        return DayKind.WEEKEND if day.weekday() >= SATURDAY else DayKind.WORKDAY

    def name(self, day: date) -> str:
        """Return the holiday's name on a day off by notice, else the day of the week."""
        year = self.years.get(day.year)
        return (year.off.get(day) if year else None) or weekday(day)

    def notice(self, day: date) -> str:
        """Return the number of the holiday notice of the day's year; empty when it is not loaded."""
        year = self.years.get(day.year)
        return year.notice if year else ""

    def is_working_day(self, day: date) -> bool:
        """Say whether `day` is worked: no weekend or holiday, or a make-up day (民法典 203)."""
        return self.kind(day) in {DayKind.WORKDAY, DayKind.MAKE_UP}

    def next_working_day(self, day: date) -> date:
        """Return `day` itself when it is worked, else the first working day after it (民法典 203)."""
        while not self.is_working_day(day):
            day += _ONE_DAY
        return day

    def previous_working_day(self, day: date) -> date:
        """Return `day` itself when it is worked, else the last working day before it."""
        while not self.is_working_day(day):
            day -= _ONE_DAY
        return day

    def after_working_days(self, start: date, days: int) -> date:
        """Return the last day of a period of `days` working days after `start`, which is not counted (民法典 201).

        Raises ValueError unless `days` is at least 1.
        """
        if days < 1:
            raise ValueError("a period has at least one working day")
        day = start
        for _ in range(days):
            day = self.next_working_day(day + _ONE_DAY)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and including `end`; 0 when `end` is not later."""
        return sum(self.is_working_day(day) for day in days_after(start, end))

    def period_end(self, start: date, *, years: int = 0, months: int = 0, days: int = 0) -> date:
        """Return the last day of a period after `start`, moved past days off (民法典 201–203)."""
        return self.next_working_day(last_day(start, years=years, months=months, days=days))


def last_day(start: date, *, years: int = 0, months: int = 0, days: int = 0) -> date:
    """Return the last day of a period before any shift: corresponding day or end of the month (民法典 201, 202).

    The day of the event is not counted. Days are counted from where years and months end.
    Raises ValueError for a period that is empty or has a negative part.
    """
    if min(years, months, days) < 0 or not years + months + days:
        raise ValueError("a period has a positive length")
    year, month = divmod(start.year * MONTHS_A_YEAR + start.month - 1 + years * MONTHS_A_YEAR + months, MONTHS_A_YEAR)
    day = min(start.day, gregorian.monthrange(year, month + 1)[1])
    return date(year, month + 1, day) + timedelta(days=days)


def days_after(start: date, end: date) -> Iterable[date]:
    """Yield the days after `start` up to and including `end`."""
    return (start + timedelta(days=n) for n in range(1, (end - start).days + 1))


def midnight_after(day: date) -> datetime:
    """Return 00:00 of the day after `day`, aware, in Asia/Shanghai: the first moment at which `day` is over."""
    return at(day + _ONE_DAY, time())


def at(day: date, hour: time) -> datetime:
    """Return the aware moment of `hour` on `day` in Asia/Shanghai."""
    return datetime.combine(day, hour, SHANGHAI)


def weekday(day: date) -> str:
    """Return the Chinese day of the week: 星期六."""
    return WEEKDAYS[day.weekday()]
