"""Dates, times and moments as form-js writes them, read strictly: only days that exist."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Final

from app.clock import SHANGHAI

DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
CLOCK: Final = re.compile(
    r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d{1,3})?)?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?", re.ASCII
)
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199


def day(text: str) -> date | None:
    """Return the calendar day 2026-11-23, or None when there is no such day between 1900 and 2199."""
    found = DAY.fullmatch(text)
    if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def clock_time(text: str) -> time | None:
    """Return the time of day 14:30, with an offset brought to Shanghai; without zone, as the browser says it."""
    found = CLOCK.fullmatch(text)
    if not found:
        return None
    read = time.fromisoformat(text)
    if read.tzinfo is None:
        return read.replace(microsecond=0)
    return datetime.combine(date(FIRST_YEAR + 100, 1, 1), read).astimezone(SHANGHAI).time().replace(microsecond=0)


def moment(text: str) -> datetime | None:
    """Return the aware moment 2026-11-23T14:30+08:00 in Shanghai; without zone it is meant there."""
    on, separator, at = text.partition("T")
    read = day(on)
    if read is None or not separator or not CLOCK.fullmatch(at):
        return None
    found = datetime.combine(read, time.fromisoformat(at)).replace(microsecond=0)
    return found.replace(tzinfo=SHANGHAI) if found.tzinfo is None else found.astimezone(SHANGHAI)
