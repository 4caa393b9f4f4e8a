"""Many random walks through one process, which share what they have seen and go on from where something was new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.property.drawing import drawing_of
from tests.property.walker import Walk, start

SEED = 20210901
AGAIN = 0.7
"""How many of the walks do not begin at the start."""
FAR = 40
"""The distance from which there is no way."""
STAYS = 120
"""Acts after which a walk is brought to its end."""


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
    look: Callable[[Walk], None] = lambda _walk: None
    """Hears of every place that a walk comes to."""

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
        self.look(walk)
        new = walk.flows - self.flows
        self.flows |= new
        if new and not walk.ended:
            self.places.append(walk.copied())
