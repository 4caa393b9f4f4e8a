"""Timer arithmetic in Asia/Shanghai: ISO 8601 periods, working days, cycles, ladders, and what is due next."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from app.clock import SHANGHAI
from app.feel import YearsMonths

Kind = Literal["date", "duration", "cycle"]
WorkingDays = Callable[[date, int], date]

_ISO = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?", re.IGNORECASE
)
_CYCLE = re.compile(r"R(\d*)/(?:([^/]+)/)?([^/]+)", re.IGNORECASE)
_WORKING_DAYS = re.compile(r"P(\d+)WD", re.IGNORECASE)
_MOST_OCCURRENCES = 1 << 32


class TimerError(ValueError):
    """A timer's text or value is none; `message` with `values` is a key of the translation catalogue."""

    def __init__(self, message: str, /, **values: object) -> None:
        super().__init__(message % values)
        self.message = message
        self.values = values


@dataclass(frozen=True)
class Period:
    """A duration: calendar months, exact time, or whole working days."""

    months: int = 0
    exact: timedelta = timedelta()
    working_days: int = 0

    def is_positive(self) -> bool:
        """Say whether time passes at all."""
        return self.months > 0 or self.exact > timedelta() or self.working_days > 0


@dataclass(frozen=True)
class Moments:
    """Single moments in order: a date, the end of a duration, or a ladder of reminders."""

    at: tuple[datetime, ...]

    def passed(self, upto: datetime) -> int:
        """Return how many of them lie at or before `upto`."""
        return sum(moment <= upto for moment in self.at)

    def moment(self, index: int) -> datetime | None:
        """Return the one with this index (from 0), None beyond the last."""
        return self.at[index] if index < len(self.at) else None


@dataclass(frozen=True)
class Cycle:
    """An ISO 8601 recurring interval; occurrences count from the anchor, so a clamped month does not drift."""

    anchor: datetime
    period: Period
    working_days: WorkingDays
    repetitions: int | None = None
    from_anchor: bool = False
    """Whether the anchor itself is the first occurrence (it was given), not the moment one period later."""

    def passed(self, upto: datetime) -> int:
        """Return how many occurrences lie at or before `upto`."""
        low, high = 0, 1
        while self._holds(high, upto):
            low, high = high, high * 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._holds(middle, upto) else (low, middle)
        return low

    def moment(self, index: int) -> datetime | None:
        """Return the occurrence with this index (from 0), None beyond the last."""
        if self.repetitions is not None and index >= self.repetitions:
            return None
        return after(self.anchor, self.period, index + (0 if self.from_anchor else 1), self.working_days)

    def _holds(self, count: int, upto: datetime) -> bool:
        if count > _MOST_OCCURRENCES:
            return False
        moment = self.moment(count - 1)
        return moment is not None and moment <= upto


Schedule = Moments | Cycle


@dataclass(frozen=True)
class TimerState:
    """What an instance remembers of one waiting timer."""

    start: datetime
    """When the timer began to wait."""
    upto: datetime | None
    """Everything at or before this moment is done with; None as long as nothing is."""
    fired: int
    due: datetime | None
    """The next firing; None when there is none (any more)."""


def parse_period(text: str) -> Period:
    """Return an ISO 8601 duration (`P6M`, `P1DT12H`) or one in working days (`P10WD`); raises TimerError."""
    working = _WORKING_DAYS.fullmatch(text.strip())
    if working:
        return Period(working_days=int(working[1]))
    found = _ISO.fullmatch(text.strip())
    if found is None or not any(found.groups()) or text.strip().upper().endswith("T"):
        raise TimerError("“%(text)s”不是时长：应写作 P6M、P1DT12H 或工作日 P10WD。", text=text)
    years, months, weeks, days, hours, minutes = (int(part or 0) for part in found.groups()[:6])
    seconds = float((found[7] or "0").replace(",", "."))
    return Period(
        months=years * 12 + months,
        exact=timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds),
    )


def after(start: datetime, period: Period, times: int, working_days: WorkingDays) -> datetime:
    """Return the moment `times` periods after `start`, by the calendar of Asia/Shanghai.

    Months are clamped (01-31 + P1M = 02-28). A period of working days ends at midnight after its last day (民法典 203).
    """
    local = start.astimezone(SHANGHAI)
    if period.working_days and times:
        last = working_days(local.date(), period.working_days * times)
        return datetime.combine(last + timedelta(days=1), time(), SHANGHAI)
    year, month = divmod(local.year * 12 + local.month - 1 + period.months * times, 12)
    day = min(local.day, calendar.monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day) + period.exact * times


def as_moment(value: object) -> datetime | None:
    """Return a moment from a date (its first instant in China), a datetime or ISO 8601 text; null gives None.

    Raises TimerError for anything else.
    """
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.replace(tzinfo=SHANGHAI) if value.tzinfo is None else value.astimezone(SHANGHAI)
    if isinstance(value, date):
        return datetime.combine(value, time(), SHANGHAI)
    if isinstance(value, str):
        try:
            return as_moment(datetime.fromisoformat(value.strip()))
        except ValueError:
            raise TimerError(
                "“%(text)s”不是日期或时刻：应写作 2026-12-31 或 2026-12-31T09:00:00+08:00。", text=value
            ) from None
    raise TimerError("得出的值不是日期或时刻：%(value)s。", value=repr(value))


def schedule(kind: Kind, value: object, start: datetime, working_days: WorkingDays) -> Schedule:
    """Return when a timer fires that began to wait at `start`; `value` is its text or what its expression gave.

    Null gives no moment at all: the timer sleeps until it is evaluated again. Raises TimerError.
    """
    try:
        if value is None:
            return Moments(())
        if isinstance(value, (list, tuple)):
            return Moments(tuple(sorted(moment for moment in map(as_moment, value) if moment is not None)))
        if kind == "date":
            return _single(as_moment(value))
        if kind == "duration":
            return _single(after(start, _period(value), 1, working_days))
        return _cycle(value, start, working_days)
    except OverflowError:
        raise TimerError("定时器得出的时刻超出了可用的范围：%(value)s。", value=value) from None


def begin(kind: Kind, found: Schedule, start: datetime, *, repeats: bool) -> TimerState:
    """Return the state of a timer that begins to wait at `start`.

    A single date or duration in the past is due at once. Of a ladder or cycle what is past is skipped (a task entered
    again after 退回 does not repeat old reminders); one that can fire only once and is wholly past is due at once.
    """
    if kind == "date" and isinstance(found, Moments) and len(found.at) == 1:
        return TimerState(start, None, 0, found.at[0])
    return again(TimerState(start, start, 0, None), found, repeats=repeats)


def fire(state: TimerState, found: Schedule, now: datetime) -> tuple[TimerState, int]:
    """Return the state after one firing at `now`, and how many earlier moments that firing stands for besides."""
    before = 0 if state.upto is None else found.passed(state.upto)
    behind = found.passed(now)
    following = replace(state, upto=now, fired=state.fired + 1, due=found.moment(behind))
    return following, max(behind - before - 1, 0)


def again(state: TimerState, found: Schedule, *, repeats: bool) -> TimerState:
    """Return the state after the schedule has moved: what fired stays done, what lies ahead is due anew."""
    due = found.moment(0 if state.upto is None else found.passed(state.upto))
    if due is None and not repeats and isinstance(found, Moments) and found.at:
        due = found.at[-1]
    return replace(state, due=due)


def next_start(value: object, *, since: datetime, after: datetime, working_days: WorkingDays) -> datetime | None:
    """Return the first moment after `after` at which a timer start event starts an instance, None if there is none.

    `value` is the text of the timer (`R/2022-01-01T00:10:00+08:00/P1Y`, a date) or what its FEEL expression gave;
    `since`, when the version was released, is where a cycle or duration without a date of its own counts from.
    Raises TimerError.
    """
    first = value.strip()[:1].upper() if isinstance(value, str) else ""
    kind: Kind = "cycle" if first == "R" else "duration" if first == "P" or isinstance(value, timedelta) else "date"
    found = schedule(kind, value, since, working_days)
    return found.moment(found.passed(after))


def _single(moment: datetime | None) -> Moments:
    return Moments(() if moment is None else (moment,))


def _period(value: object) -> Period:
    if isinstance(value, str):
        return parse_period(value)
    if isinstance(value, timedelta):
        return Period(exact=value)
    if isinstance(value, YearsMonths):
        return Period(months=value.months)
    raise TimerError("得出的值不是时长：%(value)s。", value=repr(value))


def _cycle(value: object, start: datetime, working_days: WorkingDays) -> Schedule:
    if isinstance(value, (date, datetime)):
        return _single(as_moment(value))
    drawn = _CYCLE.fullmatch(value.strip()) if isinstance(value, str) else None
    if drawn is None:
        raise TimerError(
            "“%(text)s”不是周期：应写作 R3/P1M、R/2026-01-31T09:00:00+08:00/P1M 或日期时刻的列表。", text=value
        )
    repetitions, anchor, text = drawn.groups()
    period = parse_period(text)
    if not period.is_positive():
        raise TimerError("周期“%(text)s”的间隔必须大于零。", text=value)
    return Cycle(
        as_moment(anchor) or start,
        period,
        working_days,
        repetitions=int(repetitions) if repetitions else None,
        from_anchor=anchor is not None,
    )
