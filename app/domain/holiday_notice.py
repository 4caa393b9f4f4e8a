"""A year's holiday notice as a file: `date,off|work,name,source` a line, read strictly and accepted only when complete.

Complete means what the national rules on holidays make checkable: each of the seven holidays, their fixed days, no day
missing inside a holiday, and as many weekdays off, less the weekend days worked, as there are days of holiday by law.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from app.domain.calendar import SATURDAY, WEEKDAYS
from app.domain.invalid_value import InvalidValue

COLUMNS = ("date", "off|work", "name", "source")
HOLIDAYS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
"""What the name of a day off contains: 劳动节, 国庆节、中秋节."""
FIXED = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))
SECOND_OF_MAY = (5, 2)
NEW_RULES = 2025
"""From this year on Spring Festival's eve and 2 May are holidays (国务院令第795号)."""
DAYS_BY_LAW, DAYS_BEFORE = 13, 11
LARGEST = 64 * 1024
LONGEST_NAME, LONGEST_SOURCE = 40, 80
FIRST_YEAR, LAST_YEAR = 2004, 2099
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_HEADER = re.compile(r"(date|日期)\b", re.IGNORECASE)


@dataclass(frozen=True)
class NoticeDay:
    """One line: a day that is off, or a weekend day that is worked."""

    line: int
    day: date
    off: bool
    name: str


@dataclass(frozen=True)
class HolidayNotice:
    """A complete year."""

    year: int
    source: str
    """The notice's number: 国办发明电〔2026〕8号."""
    days: tuple[NoticeDay, ...]


def read(content: bytes) -> HolidayNotice:
    """Return the notice that a file holds.

    Raises InvalidValue with a sentence that names the line and the rule; a year that is not complete is none.
    """
    days, sources = _lines(_text(content))
    if not days:
        raise InvalidValue("文件里没有一天，应每行写 日期,off 或 work,名称,文号。")
    first = days[0]
    for day in days:
        if day.day.year != first.day.year:
            raise InvalidValue(
                "第 %(line)s 行：%(day)s 与第 %(first)s 行不在同一年；一个文件只写一年。",
                line=day.line,
                day=day.day,
                first=first.line,
            )
    _once(days)
    _complete(first.day.year, days)
    return HolidayNotice(first.day.year, sources[0], tuple(sorted(days, key=lambda one: one.day)))


def _text(content: bytes) -> str:
    if len(content) > LARGEST:
        raise InvalidValue("文件超过 %(most)s KB，不像一年的放假安排。", most=LARGEST // 1024)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InvalidValue("第 %(line)s 行：不是 UTF-8 编码，请另存为“CSV UTF-8”后再试。", line=line) from None


def _lines(text: str) -> tuple[list[NoticeDay], list[str]]:
    days: list[NoticeDay] = []
    sources: list[str] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            if not any(cell.strip() for cell in row) or (not days and _HEADER.match(row[0].strip())):
                continue
            day, source = _day(reader.line_num, [cell.strip() for cell in row])
            if sources and source != sources[0]:
                raise InvalidValue(
                    "第 %(line)s 行：文号“%(source)s”与前面的“%(first)s”不同；一年只有一份放假通知。",
                    line=reader.line_num,
                    source=source,
                    first=sources[0],
                )
            days.append(day)
            sources.append(source)
    except csv.Error:
        raise InvalidValue("第 %(line)s 行：引号没有成对，不是 CSV。", line=reader.line_num) from None
    return days, sources


def _day(line: int, cells: Sequence[str]) -> tuple[NoticeDay, str]:
    if len(cells) != len(COLUMNS):
        raise InvalidValue(
            "第 %(line)s 行：应有 4 列（日期,off 或 work,名称,文号），实有 %(count)s 列。", line=line, count=len(cells)
        )
    text, kind, name, source = cells
    day = _date(line, text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidValue("第 %(line)s 行：%(year)s 年不在日历的范围内。", line=line, year=day.year)
    if kind not in {"off", "work"}:
        raise InvalidValue("第 %(line)s 行：第二列应为 off 或 work，不能写“%(kind)s”。", line=line, kind=kind[:40])
    if kind == "work" and day.weekday() < SATURDAY:
        raise InvalidValue(
            "第 %(line)s 行：%(day)s 是%(weekday)s，本来就上班，不必登记。",
            line=line,
            day=day,
            weekday=WEEKDAYS[day.weekday()],
        )
    if kind == "off" and not name:
        raise InvalidValue("第 %(line)s 行：放假的日子要写节日名称。", line=line)
    if not source:
        raise InvalidValue("第 %(line)s 行：缺放假通知的文号。", line=line)
    if len(name) > LONGEST_NAME or len(source) > LONGEST_SOURCE:
        raise InvalidValue("第 %(line)s 行：名称不超过 40 字，文号不超过 80 字。", line=line)
    return NoticeDay(line, day, kind == "off", name), source


def _date(line: int, text: str) -> date:
    try:
        year, month, number = map(int, _DATE.fullmatch(text).groups())  # type: ignore[union-attr]
        return date(year, month, number)
    except (AttributeError, ValueError):
        raise InvalidValue(
            "第 %(line)s 行：“%(text)s”不是日期，应写成 2027-01-01 这样。", line=line, text=text[:40]
        ) from None


def _once(days: Sequence[NoticeDay]) -> None:
    seen: dict[date, int] = {}
    for day in days:
        if day.day in seen:
            raise InvalidValue(
                "第 %(line)s 行：%(day)s 已在第 %(first)s 行登记过。", line=day.line, day=day.day, first=seen[day.day]
            )
        seen[day.day] = day.line


def _complete(year: int, days: Sequence[NoticeDay]) -> None:
    """Refuse a notice from which something is missing: a year is published only as a whole."""
    off = {day.day: day for day in days if day.off}
    for holiday in HOLIDAYS:
        if not any(holiday in day.name for day in off.values()):
            raise InvalidValue("%(year)s 年缺“%(holiday)s”的放假安排，全年齐全才能公布。", year=year, holiday=holiday)
    for month, number in (*FIXED, *([SECOND_OF_MAY] if year >= NEW_RULES else [])):
        if date(year, month, number) not in off:
            raise InvalidValue("%(day)s 是法定节日，文件里没有登记放假。", day=date(year, month, number))
    for before, missing in _gaps(off):
        raise InvalidValue(
            "第 %(line)s 行：%(name)s在 %(day)s 之后缺 %(missing)s，假期中间不能断开。",
            line=before.line, name=before.name, day=before.day, missing=missing,
        )  # fmt: skip
    weekdays = sum(day.weekday() < SATURDAY for day in off)
    worked = sum(not day.off for day in days)
    expected = DAYS_BY_LAW if year >= NEW_RULES else DAYS_BEFORE
    if weekdays - worked != expected:
        raise InvalidValue(
            "工作日放假 %(off)s 天，周末上班 %(worked)s 天，相差 %(found)s 天；按放假办法应相差 %(expected)s 天，"
            "请核对有没有漏登。",
            off=weekdays, worked=worked, found=weekdays - worked, expected=expected,
        )  # fmt: skip


def _gaps(off: Mapping[date, NoticeDay]) -> Iterator[tuple[NoticeDay, date]]:
    """Yield each day off after which its holiday breaks off and goes on later, with the first day that is missing."""
    by_name: dict[str, list[NoticeDay]] = {}
    for day in sorted(off.values(), key=lambda one: one.day):
        by_name.setdefault(day.name, []).append(day)
    for same in by_name.values():
        for before, after in pairwise(same):
            between = before.day + timedelta(days=1)
            while between < after.day and (after.day - before.day).days < LONGEST_HOLIDAY:
                if between not in off:
                    yield before, between
                    break
                between += timedelta(days=1)


LONGEST_HOLIDAY = 14
"""Two days of one name that lie further apart are two holidays (New Year's Day of a year and its last day)."""
