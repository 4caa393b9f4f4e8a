"""Fixed texts of timers (dates, periods, cycles), read by the engine's own timer arithmetic."""

from __future__ import annotations

from typing import Final

from app.engine.timers import Period, as_moment, parse_period

LONGEST: Final = 60
"""Characters of a timer; more is a mistake."""


def read_period(text: str) -> Period | None:
    """Return the period that `text` writes (`P6M`, `PT1H30M`, `P10WD` for ten working days); None if it is none."""
    if len(text) > LONGEST:
        return None
    try:
        return parse_period(text)
    except (OverflowError, ValueError):
        return None


def read_cycle_period(text: str) -> Period | None:
    """Return the period of a repetition (`R/P7D`, `R3/2026-01-01T09:00:00+08:00/P1M`); None if it is none."""
    head, *rest = text.split("/")
    count = head[1:]
    if head[:1] not in ("R", "r") or not (count == "" or (count.isascii() and count.isdigit() and int(count[:9]) > 0)):
        return None
    if len(rest) == 1:
        return read_period(rest[0])
    start, _, period = "/".join(rest).partition("/")
    return read_period(period) if is_moment(start) else None


def is_moment(text: str) -> bool:
    """Say whether `text` is an ISO 8601 date, or a date and time."""
    try:
        return len(text) <= LONGEST and as_moment(text) is not None
    except (OverflowError, ValueError):
        return False
