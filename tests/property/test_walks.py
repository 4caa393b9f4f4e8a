"""Random walks through every shipped diagram: nothing goes wrong, nothing gets stuck, every sequence flow is taken."""

from __future__ import annotations

from random import Random

import pytest

from app.domain.vocabulary import PROCESSES
from tests.property.drawing import drawing_of
from tests.property.roaming import SEED, Roaming

ACTS = 60
"""Acts at least in each process; more until every flow has been taken."""
MOST_ACTS = 3_000
LONG = 15
"""How many times as many acts and escapes a long run takes."""
ESCAPES = 2
GUARDS = {
    "f_is_funded_record_result": "the amount is required and never negative (F-09), so it is above or equal to zero",
}
"""Flows that no well-typed answer leads along, each with the reason why it is drawn nevertheless."""


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
