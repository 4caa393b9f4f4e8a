"""The working-day calendar as pages use it: read once in five minutes, since it changes once a year."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from app import clock
from app.services import calendars
from app.unit_of_work import database, read_only

if TYPE_CHECKING:
    from app.domain.calendar import Calendar

KEPT = 300
"""Seconds for which a page may show the calendar that was read last."""


def calendar() -> Calendar:
    """Return the installation's calendar, at most five minutes old."""
    return _read(str(database().engine.url), int(clock.wall_now().timestamp() // KEPT))


@lru_cache(maxsize=4)
def _read(url: str, _period: int) -> Calendar:
    del url
    with read_only() as rows:
        return calendars.current(rows)
