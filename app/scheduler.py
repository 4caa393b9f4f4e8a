"""The scheduler: a ticker that carries out what is due. Any number of them may run; each timer takes effect once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from app import clock, dispatch
from app.services.attachments import LocalBlobs

log = logging.getLogger(__name__)
TICK = timedelta(seconds=1)


class Ticker:
    """Fires timers and outbox items every second, and the daily sweep once for each day the clock shows."""

    def __init__(self, blobs: LocalBlobs | None = None) -> None:
        self._blobs = blobs
        self._scheduler = BackgroundScheduler(timezone="UTC")
        self._swept: date | None = None
        self._kept_house: date | None = None
        self._busy = threading.Lock()
        self.beat: datetime | None = None
        """The real moment of the last completed tick; readiness looks at it."""

    def start(self) -> None:
        """Begin to tick in a background thread."""
        self._scheduler.add_job(
            self.tick, "interval", seconds=TICK.total_seconds(), max_instances=1, coalesce=True, id="tick"
        )
        self._scheduler.start()

    def stop(self) -> None:
        """Stop after the tick under way."""
        self._scheduler.shutdown(wait=True)

    def tick(self) -> None:
        """Carry out what is due now; a part that fails is logged, holds up no other, and is tried again next time."""
        parts = (
            self._sweep,
            self._keep_house,
            dispatch.put_releases_in_force,
            dispatch.migrate_instances,
            dispatch.start_by_calendar,
            _fire_timers,
            dispatch.settle_outbox,
        )
        with self._busy:
            if all([_succeeds(part) for part in parts]):  # noqa: C419 -- every part, also after one that has failed
                self.beat = clock.wall_now()

    def _sweep(self) -> None:
        today = clock.today()
        if self._swept != today:
            dispatch.sweep()
            self._swept = today

    def _keep_house(self) -> None:
        day = clock.wall_now().date()
        if self._blobs is not None and self._kept_house != day:
            dispatch.housekeep(self._blobs)
            self._kept_house = day


def _fire_timers() -> None:
    while dispatch.fire_timers():
        pass


def _succeeds(part: Callable[[], object]) -> bool:
    try:
        part()
    except Exception:  # the ticker lives as long as its process
        log.exception("a part of the tick failed")
        return False
    return True
