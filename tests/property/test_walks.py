"""Random walks through every shipped diagram: nothing goes wrong, nothing gets stuck, every sequence flow is taken."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random

import pytest

from app.domain.vocabulary import PROCESSES
from tests.property.drawing import drawing_of
from tests.property.walker import Walk, start

SEED = 20210901
ACTS = 60
"""Acts at least in each process; more until every flow has been taken."""
MOST_ACTS = 3_000
LONG = 15
"""How many times as many acts and escapes a long run takes."""
ESCAPES = 2
AGAIN = 0.7
"""How many of the walks do not begin at the start."""
FAR = 40
"""The distance from which there is no way."""
STAYS = 120
"""Acts after which a walk is brought to its end."""
GUARDS = {
    "f_is_funded_record_result": "the amount is required and never negative (F-09), so it is above or equal to zero",
}
"""Flows that no well-typed answer leads along, each with the reason why it is drawn nevertheless."""


@dataclass
class Roaming:
    """Many walks through one process, which share what they have seen."""

    process_id: str
    chance: Random
    acts: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    flows: set[str] = field(default_factory=set)
    places: list[Walk] = field(default_factory=list)
    """Where a flow was taken for the first time: most walks go on from there."""

    @property
    def missing(self) -> set[str]:
        return set(drawing_of(self.process_id).flows) - self.flows

    def walk(self) -> Walk:
        """Walk once, until the end or until the walk has become long."""
        again = bool(self.places) and self.chance.random() < AGAIN
        walk = self._place() if again else start(self.process_id, self.chance)
        self._note(walk)
        for _ in range(STAYS):
            if walk.ended:
                break
            walk.act(self.seen)
            self.acts += 1
            self._note(walk)
        return walk

    def _place(self) -> Walk:
        """Return a copy of one of the places; the nearer to a flow that nobody has taken yet, the likelier."""
        drawing = drawing_of(self.process_id)
        known = drawing.distances({drawing.flows[flow][0] for flow in self.missing})
        near = [min((known.get(element, FAR) for element in place.waiting), default=FAR) for place in self.places]
        (place,) = self.chance.choices(self.places, [1 / (1 + distance) ** 2 for distance in near])
        return place.copied()

    def _note(self, walk: Walk) -> None:
        new = walk.flows - self.flows
        self.flows |= new
        if new and not walk.ended:
            self.places.append(walk.copied())


@pytest.mark.parametrize("process_id", PROCESSES)
def test_it_can_be_walked_along_every_flow_and_always_to_an_end(process_id: str, long_run: bool) -> None:
    times = LONG if long_run else 1
    roaming = Roaming(process_id, Random(f"{SEED} {process_id}"))  # noqa: S311 -- a walk, no secret
    while roaming.acts < ACTS * times or (roaming.missing - set(GUARDS) and roaming.acts < MOST_ACTS * times):
        walk = roaming.walk()
        if not walk.ended:
            walk.escape()
        if process_id == "p17_library":
            roaming.acts += 1
    assert roaming.missing == set(GUARDS) & set(drawing_of(process_id).flows)
    for place in roaming.chance.choices(roaming.places, k=ESCAPES * times if roaming.places else 0):
        place.stop()
        place.escape()


def test_no_guard_has_become_superfluous() -> None:
    drawn = {flow for process_id in PROCESSES for flow in drawing_of(process_id).flows}
    assert set(GUARDS) <= drawn
