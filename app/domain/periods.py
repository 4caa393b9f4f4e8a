"""Periods of the Civil Code (民法典 200–204) counted step by step, so that nobody has to argue about a date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from types import MappingProxyType

from app.domain.articles import civil_code
from app.domain.calendar import Calendar, DayKind, days_after, last_day, midnight_after, weekday
from app.domain.invalid_value import InvalidValue

START_NOT_COUNTED = civil_code(201)
CORRESPONDING_DAY = civil_code(202)
MOVED_PAST_HOLIDAY = civil_code(203)

ONLY_WORKING_DAYS = "只计工作日，其间休息 %(rest)s 天不计，第 %(count)s 个工作日是 %(day)s（%(weekday)s）。"
NOT_MOVED = "这一日期不因休息日顺延。"
"""Sentences of steps by which a kept day-count is read again."""

LONGEST_YEARS = 100
"""No period of the regulation comes near it; beyond it a length is a slip of the keyboard."""


class Unit(Enum):
    """In what a period is counted; the value is the message id of a length."""

    YEARS = "%(count)s年"
    MONTHS = "%(count)s个月"
    DAYS = "%(count)s日"
    WORKING_DAYS = "%(count)s个工作日"


_DAYS_A_UNIT = {Unit.YEARS: 366, Unit.MONTHS: 31, Unit.DAYS: 1, Unit.WORKING_DAYS: 2}


@dataclass(frozen=True)
class Length:
    """The length of a period: 6 months, 15 working days. Raises InvalidValue unless positive and sane."""

    count: int
    unit: Unit

    def __post_init__(self) -> None:
        """Refuse an empty, negative or absurd length."""
        if not 1 <= self.count <= LONGEST_YEARS * _DAYS_A_UNIT[Unit.YEARS] // _DAYS_A_UNIT[self.unit]:
            raise InvalidValue("期间长度 %(count)s 不对：要大于零，且不超过一百年。", count=self.count)

    def text(self, translate: Callable[[str], str] = str) -> str:
        """Return 6个月, 15个工作日, in the language of `translate`."""
        return translate(self.unit.value) % {"count": self.count}


@dataclass(frozen=True)
class Step:
    """One step of a day-count: a message id with its values, the law behind it, and the date it arrives at."""

    message: str
    values: Mapping[str, object]
    law: str
    day: date
    notice: str = ""
    """The holiday notices that made the difference: 国办发明电〔2025〕7号."""

    def text(self, translate: Callable[[str], str] = str) -> str:
        """Return the step as a sentence; `translate` (gettext) is asked for the sentence and for each word in it."""
        words = {name: _word(value, translate) for name, value in self.values.items()}
        return translate(self.message) % words


@dataclass(frozen=True)
class DayCount:
    """A period counted: event, last day before and after any shift, first moment after it, and every step.

    `provisional` says that the result hangs on a year whose holiday notice is not loaded.
    """

    start: date
    raw: date
    due: date
    fires_at: datetime
    steps: tuple[Step, ...] = ()
    provisional: bool = False


def count(start: date, calendar: Calendar, *lengths: Length, rolls: bool = True) -> DayCount:
    """Count the period of `lengths`, one after the other, that the event on `start` sets off (民法典 201–203).

    The last day alone is moved past days off, and not at all with `rolls=False` (a full year is over when it is over).
    Raises ValueError without a length, InvalidValue when the end lies beyond the calendar of Python.
    """
    if not lengths:
        raise ValueError("a period has a length")
    first = start + timedelta(days=1)
    steps = [_step("%(start)s 当日不计，自次日 %(day)s 起算。", START_NOT_COUNTED, first, start=start)]
    raw = start
    for length in lengths:
        begin, raw = raw, _end(raw, calendar, length)
        steps += _length_steps(begin, raw, calendar, length)
    due = calendar.next_working_day(raw) if rolls else raw
    if not rolls:
        steps.append(_step("期满即届满，不因休息日顺延。", "", due))
    elif lengths[-1].unit is not Unit.WORKING_DAYS:
        steps.append(_shift(raw, due, calendar))
    counted = any(length.unit is Unit.WORKING_DAYS for length in lengths)
    provisional = (rolls or counted) and calendar.provisional(first if counted else raw, due)
    return _closed(DayCount(start, raw, due, midnight_after(due), tuple(steps), provisional))


def fixed(start: date, day: date, calendar: Calendar, *, message: str, law: str, rolls: bool = True) -> DayCount:
    """Return the day-count of a date that is given, not counted: a statutory date, or the limit of an order.

    It is moved to the next working day by analogy with 民法典 203 unless `rolls=False`. `message` may name %(day)s
    and %(weekday)s.
    """
    due = calendar.next_working_day(day) if rolls else day
    steps = [_step(message, law, day)]
    steps.append(_shift(day, due, calendar) if rolls else _step(NOT_MOVED, law, due))
    provisional = rolls and calendar.provisional(day, due)
    return _closed(DayCount(start, day, due, midnight_after(due), tuple(steps), provisional))


def _closed(counted: DayCount) -> DayCount:
    """Add the closing steps: the end at 24:00, and the reservation where the result is provisional."""
    steps = [_step("期限到 %(day)s（%(weekday)s）24:00 止。", MOVED_PAST_HOLIDAY, counted.due)]
    if counted.provisional:
        message = "%(year)s年放假通知尚未载入，先按双休推算，载入后重算。"
        steps.append(_step(message, "", counted.due, year=counted.due.year))
    return replace(counted, steps=(*counted.steps, *steps))


def _end(start: date, calendar: Calendar, length: Length) -> date:
    try:
        if length.unit is Unit.WORKING_DAYS:
            return calendar.after_working_days(start, length.count)
        return last_day(start, **{length.unit.name.lower(): length.count})
    except (OverflowError, ValueError) as error:
        raise InvalidValue("从 %(start)s 起算的期间超出了日历。", start=start) from error


def _length_steps(start: date, end: date, calendar: Calendar, length: Length) -> list[Step]:
    if length.unit is Unit.WORKING_DAYS:
        within = tuple(days_after(start, end))
        rest = sum(not calendar.is_working_day(day) for day in within)
        notice = _notices(calendar, within)
        return [_step(ONLY_WORKING_DAYS, START_NOT_COUNTED, end, notice=notice, rest=rest, count=length.count)]
    if length.unit is Unit.DAYS:
        return [_step("满%(length)s的最后一日是 %(day)s（%(weekday)s）。", START_NOT_COUNTED, end, length=length)]
    if start.day == end.day:
        message = "满%(length)s的对应日是 %(day)s（%(weekday)s）。"
    else:
        message = "满%(length)s，到期月没有对应日，以月末日 %(day)s（%(weekday)s）为最后一日。"
    return [_step(message, CORRESPONDING_DAY, end, length=length)]


def _shift(raw: date, due: date, calendar: Calendar) -> Step:
    kind = calendar.kind(raw)
    if kind is DayKind.WORKDAY:
        return _step("%(day)s 是工作日，不顺延。", MOVED_PAST_HOLIDAY, due)
    notice = _notices(calendar, (raw, *days_after(raw, due)))
    if kind is DayKind.MAKE_UP:
        message = "%(day)s 虽是%(weekday)s，但为调休上班日，不顺延。"
        return _step(message, MOVED_PAST_HOLIDAY, due, notice=notice)
    message = "%(raw)s 休息（%(name)s），顺延到休假结束的次日 %(day)s（%(weekday)s）。"
    return _step(message, MOVED_PAST_HOLIDAY, due, notice=notice, raw=raw, name=calendar.name(raw))


def _notices(calendar: Calendar, days: Iterable[date]) -> str:
    """Return the notices that made a difference on `days`; empty when only plain weekends mattered."""
    special = {DayKind.HOLIDAY, DayKind.MAKE_UP}
    names = dict.fromkeys(calendar.notice(day) for day in days if calendar.kind(day) in special)
    return "、".join(name for name in names if name)


def _step(message: str, law: str, day: date, /, *, notice: str = "", **values: object) -> Step:
    words = MappingProxyType({"day": day, "weekday": weekday(day), **values})
    return Step(message, words, law, day, notice)


def _word(value: object, translate: Callable[[str], str]) -> object:
    if isinstance(value, Length):
        return value.text(translate)
    return translate(value) if isinstance(value, str) and value else value
