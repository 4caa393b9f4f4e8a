"""Every timer of a shipped diagram, and an instance in which it waits, found by walking at random."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random
from typing import TYPE_CHECKING

from lxml import etree

from tests.property.drawing import BPMN, every, inside, said
from tests.property.roaming import SEED, Roaming

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from app.engine.step import Step
    from tests.property.walker import Walk

MOST_ACTS = 3_000
"""Acts within which every timer of a process must have waited."""


@dataclass(frozen=True)
class DrawnTimer:
    """A timer as it is drawn."""

    element_id: str
    host: str
    """What a boundary event stands on; empty for any other."""
    interrupting: bool
    starts: bool
    """Whether it starts the process."""
    says: str
    """Its text: an ISO 8601 period or an expression."""
    target: str
    """Where its flow leads."""


@dataclass(frozen=True)
class Armed:
    """An instance in which a timer has just begun to wait."""

    timer: DrawnTimer
    step: Step
    since: datetime


@cache
def timers_of(process_id: str) -> tuple[DrawnTimer, ...]:
    """Return the timers that a shipped process draws, in the order of the file."""
    root = etree.fromstring((BPMN / f"{process_id}.bpmn").read_bytes())
    targets = {said(flow, "sourceRef"): said(flow, "targetRef") for flow in every(root, "sequenceFlow")}
    found = []
    for definition in every(root, "timerEventDefinition"):
        event = definition.getparent()
        assert event is not None
        name = said(event, "id")
        text = "".join(str(part) for part in definition.itertext()).strip()
        starts = etree.QName(event).localname == "startEvent" and inside(event) == "process"
        interrupting = said(event, "cancelActivity") != "false"
        found.append(DrawnTimer(name, said(event, "attachedToRef"), interrupting, starts, text, targets[name]))
    return tuple(found)


@cache
def armed(process_id: str) -> Mapping[str, Armed]:
    """Return for each timer but the starting ones an instance in which it waits; fails where none is ever reached."""
    wanted = {timer.element_id: timer for timer in timers_of(process_id) if not timer.starts}
    found: dict[str, Armed] = {}

    def look(walk: Walk) -> None:
        for wait in walk.step.after.timers.values():
            if wait.element_id not in found:
                found[wait.element_id] = Armed(wanted[wait.element_id], walk.step, walk.county.now)

    roaming = Roaming(process_id, Random(f"{SEED} {process_id}"), look=look)  # noqa: S311 -- a walk, no secret
    while wanted.keys() - found and roaming.acts < MOST_ACTS:
        roaming.walk()
    assert found.keys() == wanted.keys(), f"{process_id} never waits for {wanted.keys() - found}"
    return found
