"""A scheduler in its own process: `python -m tests.integration.scheduler_process URL MOMENT` fires what is due."""

from __future__ import annotations

import sys
from datetime import datetime

from app import clock, dispatch, unit_of_work
from app.services import audit


def main(url: str, moment: str) -> None:
    """Fire due timers until none is left that this process may take."""
    unit_of_work.configure(url)
    audit.configure(b"key of the tests")
    with clock.frozen(datetime.fromisoformat(moment)):
        while dispatch.fire_timers(limit=5):
            pass


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
