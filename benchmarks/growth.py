"""(c) A completion among few and many instances; (d) an early and a late step of an instance with a return loop."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import text

from app import clock, unit_of_work
from app.services import user_tasks
from app.services.context import Actor
from benchmarks import diagrams, servers
from benchmarks.completion import completing
from benchmarks.figures import Figure, Measured, interleaved, timed
from benchmarks.installation import RETURNED, Installation, multiply, start

INSTANCES = (10, 1_000, 10_000)
COMPLETIONS = 120
EARLY, LATE = 10, 1_000
STEPS = 120
MOST = 1.2


def among_instances(folder: Path) -> list[Figure]:
    """(c) Complete over HTTP in three installations that differ in the number of their instances."""
    with ExitStack() as stack:
        variants: dict[str, Measured] = {}
        for count in INSTANCES:
            installation = Installation(folder / f"instances-{count}")
            clerk = installation.begin()
            with unit_of_work.unit_of_work() as session:
                multiply(session, start(session, diagrams.THREE_TASKS, clerk), count - 1)
                session.execute(text("ANALYZE"))
            browser = stack.enter_context(servers.ours(installation))
            variants[str(count)] = _replenished(completing(browser, installation), installation, clerk)
        medians = interleaved(COMPLETIONS, variants)
    least = medians[str(INSTANCES[0])]
    found = [
        Figure(f"c  completion over HTTP among {count} instances", medians[str(count)], "ms") for count in INSTANCES
    ]
    most = max(medians[str(count)] for count in INSTANCES[1:])
    return [
        *found,
        Figure(f"c  among {INSTANCES[-1]} ÷ among {INSTANCES[0]} (the worse of the larger)", most / least, "×", MOST),
    ]


def _replenished(complete: Measured, installation: Installation, clerk: Actor) -> Measured:
    """Start an instance, unmeasured, for each that three completions bring to its end."""
    database = unit_of_work.Database(installation.settings.database_url)
    completed = 0

    def completed_and_replaced() -> float:
        nonlocal completed
        seconds = complete()
        completed += 1
        if completed % 3 == 0:
            with database.unit_of_work() as session:
                start(session, diagrams.THREE_TASKS, clerk)
        return seconds

    return completed_and_replaced


def in_a_loop(folder: Path) -> list[Figure]:
    """(d) Step an old instance on, and each time a fresh one at its tenth step, inside the process."""
    installation = Installation(folder / "loop")
    clerk = installation.begin()
    old = _started(clerk)
    for _ in range(LATE - 1):
        _step(old, clerk)

    def early() -> float:
        fresh = _started(clerk)
        for _ in range(EARLY - 1):
            _step(fresh, clerk)
        return timed_step(fresh)

    def timed_step(instance_id: int) -> float:
        task_id = _open_task(instance_id)
        return timed(lambda: _complete(task_id, clerk))

    medians = interleaved(STEPS, {"early": early, "late": lambda: timed_step(old)})
    return [
        Figure(f"d  step {EARLY} of a return loop, without HTTP", medians["early"], "ms"),
        Figure(f"d  step {LATE} and after", medians["late"], "ms"),
        Figure(f"d  step {LATE} ÷ step {EARLY}", medians["late"] / medians["early"], "×", MOST),
    ]


def _started(clerk: Actor) -> int:
    with unit_of_work.unit_of_work() as session:
        return start(session, diagrams.LOOP, clerk)


def _step(instance_id: int, clerk: Actor) -> None:
    _complete(_open_task(instance_id), clerk)


def _open_task(instance_id: int) -> int:
    query = text("SELECT id FROM user_task WHERE instance_id = :instance AND status = 'open' ORDER BY id DESC")
    with unit_of_work.read_only() as session:
        return int(session.scalars(query, {"instance": instance_id}).one())


def _complete(task_id: int, clerk: Actor) -> None:
    with unit_of_work.unit_of_work() as session:
        user_tasks.complete(session, task_id, RETURNED, by=clerk, now=clock.now())
