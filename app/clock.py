"""The one clock of the application: what time and what day it is, in Asia/Shanghai.

Business reads `now()` and `today()`, which tests, the demonstration and the what-if replay may set.
Security (session expiry, leases, throttling) reads `wall_now()`, which nobody can set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China keeps one zone without summer time since 1991; a fixed offset is exact for every date that we compute."""


def wall_now() -> datetime:
    """Return the real moment (aware, Asia/Shanghai), whatever clock the business runs on."""
    return datetime.now(UTC).astimezone(SHANGHAI)  # noqa: TID251 -- the only reader of the wall clock


_source: Callable[[], datetime] = wall_now


def now() -> datetime:
    """Return the business moment: aware, in Asia/Shanghai."""
    return _source().astimezone(SHANGHAI)


def today() -> date:
    """Return the business day in Asia/Shanghai."""
    return now().date()


def use(source: Callable[[], datetime]) -> None:
    """Let the business clock read from `source`, which returns aware datetimes."""
    global _source  # noqa: PLW0603 -- the process has one clock; that is the point of this module
    _source = source


@contextmanager
def frozen(moment: datetime) -> Iterator[FrozenClock]:
    """Hold the business clock at `moment` (aware) inside the block; the yielded clock can be moved."""
    before = _source
    clock = FrozenClock(moment)
    use(clock)
    try:
        yield clock
    finally:
        use(before)


class FrozenClock:
    """A clock that stands until it is moved."""

    def __init__(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            raise ValueError("a clock needs an aware moment")
        self.moment = moment

    def __call__(self) -> datetime:
        """Return the moment at which the clock stands."""
        return self.moment

    def move_to(self, moment: datetime) -> None:
        """Set the clock to another aware moment, forwards or backwards."""
        self.moment = moment
