"""One V8 isolate on threads of its own, stopped by the CPU time that they use and not by the clock on the wall.

On a machine starved of CPU a second may pass in which an innocent expression has hardly run.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import py_mini_racer

PATIENCE = 20.0
"""Seconds by the wall after which even a starved call ends, for each second of CPU that it may use."""
SHORTEST_WAIT = 0.01
_TASKS = Path("/proc/self/task")


class V8Thread:
    """An isolate with the event loop that mini-racer speaks to it through; any thread may call it, one at a time."""

    def __init__(self, *, soft_limit: int, hard_limit: int) -> None:
        """Start the isolate; the limits are bytes of its heap."""
        self._loop = asyncio.new_event_loop()
        self._speaker = threading.Thread(target=self._loop.run_forever, name="feel", daemon=True)
        self._speaker.start()
        before = _native_threads()
        self._context: AbstractContextManager[py_mini_racer.MiniRacer] = py_mini_racer.mini_racer(self._loop)
        self._engine = self._context.__enter__()
        self._cpu_used = _clock_of(_native_threads() - before)
        self._engine.set_soft_memory_limit(soft_limit)
        self._engine.set_hard_memory_limit(hard_limit)

    def run(self, script: str, *, cpu_seconds: float | None = None) -> object:
        """Evaluate a script and return its value; raise py_mini_racer.JSTimeoutException beyond `cpu_seconds`."""
        return asyncio.run_coroutine_threadsafe(self._within(script, cpu_seconds), self._loop).result()

    async def _within(self, script: str, limit: float | None) -> object:
        running = asyncio.ensure_future(self._engine.eval_cancelable(script))
        if limit is None:
            return await running
        began, deadline, used = self._cpu_used(), time.monotonic() + limit * PATIENCE, 0.0
        while not running.done() and used < limit and time.monotonic() < deadline:
            await asyncio.wait({running}, timeout=max(limit - used, SHORTEST_WAIT))
            used = self._cpu_used() - began
        if running.done():
            return running.result()
        running.cancel()
        await asyncio.wait({running})
        raise py_mini_racer.JSTimeoutException

    def close(self) -> None:
        """Free the isolate and end its threads."""
        self._context.__exit__(None, None, None)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._speaker.join()
        self._loop.close()


def _native_threads() -> frozenset[int]:
    """Return the ids of this process's threads where the platform lists them, those of Python included."""
    return frozenset(int(task.name) for task in _TASKS.iterdir()) if _TASKS.is_dir() else frozenset()


def _clock_of(started: frozenset[int]) -> Callable[[], float]:
    """Return a clock of the CPU seconds that V8 has used.

    It is the one among the threads `started` that is none of Python's. Where it cannot be told, the CPU time of the
    whole process stands in for it, which is never less.
    """
    found = started - {thread.native_id for thread in threading.enumerate()}
    if len(found) != 1:
        return time.process_time
    # the kernel's name for the CPU clock of a thread, which pthread_getcpuclockid(3) gives for a pthread
    clock = (~next(iter(found)) << 3) | 6
    try:
        time.clock_gettime(clock)
    except OSError:
        return time.process_time
    return lambda: time.clock_gettime(clock)
