"""The scheduler: a ticker that carries out what is due. Any number of them may run; each timer takes effect once."""

from __future__ import annotations

import logging
import threading
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
        """Carry out what is due now; a failure is logged and the next tick tries again."""
        with self._busy:
            try:
                if self._swept != clock.today():
                    dispatch.sweep()
                    self._swept = clock.today()
                if self._blobs is not None and self._kept_house != clock.wall_now().date():
                    dispatch.housekeep(self._blobs)
                    self._kept_house = clock.wall_now().date()
                dispatch.put_releases_in_force()
                dispatch.migrate_instances()
                dispatch.start_by_calendar()
                while dispatch.fire_timers():
                    pass
                dispatch.settle_outbox()
            except Exception:  # the ticker lives as long as its process
                log.exception("tick failed")
            else:
                self.beat = clock.wall_now()
