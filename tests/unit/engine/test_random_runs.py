"""Random processes, run at random: ours, stored and loaded at every step, against a naive second engine."""

from __future__ import annotations

from random import Random

import pytest

from app.engine import runtime
from tests.unit.engine.drawing import draw, end, start
from tests.unit.engine.driving import Drive
from tests.unit.engine.reference import Pen, SubRun, invent


def one_run(seed: int, actions: int = 40) -> tuple[int, int]:
    """Drive both engines; return the number of steps and the size of the largest state."""
    random = Random(seed)  # noqa: S311 -- runs that can be repeated, no secrets
    block, pen = invent(random), Pen()
    entry, leave = block.draw(pen)
    pen.parts += [start(), end()]
    pen.link("s", entry)
    pen.link(leave, "e")
    ours, theirs = Drive(draw("".join(pen.parts)), go=True), SubRun(block, go=True)
    largest = 0
    for step in range(actions):
        assert ours.open == sorted(theirs.open()), (seed, step)
        assert sorted(wait.element_id for wait in ours.waits.timers.values()) == sorted(theirs.timers()), (seed, step)
        assert ours.step.status == ("completed" if theirs.done else "active"), (seed, step)
        if theirs.done:
            return step, largest
        largest = max(largest, len(ours.step.state))
        go = random.random() < 0.6
        timers = theirs.timers()
        if timers and random.random() < 0.3:
            name = random.choice(timers)
            fire(ours, name)
            # Which of several equal instances fires must not matter: both engines take the first.
            theirs.act(name, ours.variables["go"] is True)
        else:
            name = random.choice(theirs.open())
            ours.complete(name, go=go)
            theirs.act(name, go)
    return actions, largest


def fire(run: Drive, name: str) -> None:
    key = run.keys("timers", name)[0]
    run.host.now = max(run.waits.timers[key].due_at, run.host.now)
    run.took(runtime.fire_timer(run.model, run.step.state, key, run.host))


@pytest.mark.parametrize("first", range(0, 200, 20))
def test_random_processes(first: int) -> None:
    steps = [one_run(seed) for seed in range(first, first + 20)]
    assert sum(count for count, _ in steps) > 100
    assert max(size for _, size in steps) < 16_000
