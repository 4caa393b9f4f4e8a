"""(f) An idle tick of the scheduler over very many waiting timers, and how many due timers it fires in a second."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from app import clock, unit_of_work
from app.scheduler import Ticker
from app.services.context import Actor
from benchmarks import diagrams
from benchmarks.figures import Figure, interleaved, timed
from benchmarks.installation import Installation, multiply, start

WAITING = 100_000
DUE = 600
TICKS = 100
MOST_IDLE_MS = 5.0
LEAST_PER_SECOND = 150.0


def figures(folder: Path) -> list[Figure]:
    """Measure on SQLite, one process, each firing in its own durable transaction."""
    return [_idle(folder / "idle"), _due(folder / "due")]


def _idle(folder: Path) -> Figure:
    clerk = Installation(folder).begin()
    with clock.frozen(clock.wall_now()):
        _start(clerk, WAITING)
        ticker = Ticker()
        ticker.tick()  # the first tick of a day does the daily sweep
        medians = interleaved(TICKS, {"idle": lambda: timed(ticker.tick)})
    return Figure(f"f  idle tick over {WAITING} waiting timers", medians["idle"], "ms", MOST_IDLE_MS)


def _due(folder: Path) -> Figure:
    clerk = Installation(folder).begin()
    with clock.frozen(clock.wall_now()) as frozen:
        _start(clerk, DUE)
        ticker = Ticker()
        ticker.tick()
        frozen.move_to(frozen.moment + timedelta(days=1))
        ticker._swept = clock.today()  # noqa: SLF001 -- the sweep of the new day is no part of this figure
        seconds = timed(ticker.tick)
    with unit_of_work.read_only() as session:
        left = session.scalar(text("SELECT count(*) FROM timer_job"))
        escalated = session.scalar(
            text("SELECT count(*) FROM user_task WHERE element_id = 'escalated' AND status = 'open'")
        )
    if (left, escalated) != (0, DUE):
        raise RuntimeError(f"{left} timers are left and {escalated} of {DUE} tasks escalated")
    return Figure("f  due timers fired in a second", DUE / seconds, "/s", LEAST_PER_SECOND, at_least=True)


def _start(clerk: Actor, count: int) -> None:
    with unit_of_work.unit_of_work() as session:
        multiply(session, start(session, diagrams.TIMED, clerk), count - 1)
        session.execute(text("ANALYZE"))
