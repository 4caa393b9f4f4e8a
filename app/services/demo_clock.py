"""The demonstration's own clock: it stands on a day, lets the hours go by, and is moved by hand."""

from __future__ import annotations

import json
import os
import threading
from datetime import datetime, time, timedelta
from pathlib import Path

from app import clock
from app.errors import Refused

LONGEST_LEAP = timedelta(days=400)
_path: Path | None = None
_lock = threading.Lock()


def configure(path: Path | None) -> None:
    """Let the business clock follow the file of a demonstration, or the real clock where there is none."""
    global _path  # noqa: PLW0603 -- one installation, one clock
    _path = path
    clock.use(clock.wall_now if path is None else _moment)


def running() -> bool:
    """Say whether this installation is a demonstration with a clock of its own."""
    return _path is not None


def _moment() -> datetime:
    """The hours pass as in reality, but the day ends only when somebody turns it."""
    if _path is None:
        return clock.wall_now()
    stored = json.loads(_path.read_text())
    shown = datetime.fromisoformat(stored["shown"])
    passed = clock.wall_now() - datetime.fromisoformat(stored["at"])
    end_of_day = datetime.combine(shown.astimezone(clock.SHANGHAI).date(), time(23, 59, 59), tzinfo=clock.SHANGHAI)
    return min(shown + max(passed, timedelta(0)), max(shown, end_of_day))


def set_to(moment: datetime, *, path: Path | None = None) -> None:
    """Set the demonstration's clock to `moment` (aware); `path` makes an installation a demonstration."""
    target = path or _path
    if target is None:
        raise Refused("只有演示环境才有可以拨动的时钟。")
    with _lock:
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        draft.write_text(json.dumps({"shown": moment.isoformat(), "at": clock.wall_now().isoformat()}))
        draft.replace(target)


def refuse_long_leap(until: datetime) -> None:
    """Raise Refused for a leap of more than 400 days or one into the past."""
    leap = until - clock.now()
    if leap > LONGEST_LEAP:
        raise Refused("一次最多拨快四百天。")
    if leap <= timedelta(0):
        raise Refused("演示时钟只能往后拨。")
