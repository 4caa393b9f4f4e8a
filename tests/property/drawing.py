"""The sequence flows of a shipped diagram: along which of them a step has gone, and how far it is to the end."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.engine.step import HistoryEntry

BPMN = Path(__file__).parents[2] / "bpmn"
MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
LEFT = frozenset({"completed", "fired"})
REACHED = LEFT | {"entered"}


@dataclass(frozen=True)
class Drawing:
    """What of a diagram tells one sequence flow from another."""

    flows: Mapping[str, tuple[str, str]]
    """Flow id → source and target."""
    choosing: frozenset[str]
    """Gateways that take one of several flows."""
    repeated: frozenset[str]
    """Multi-instance activities: the history names each instance, and none where there are none."""
    starts: tuple[str, ...]
    """Start events of the process itself."""
    plain_start: str
    """The start event without a trigger, or an empty text."""
    back: Mapping[str, Sequence[str]]
    """Element id → the elements from which flows lead to it; to a sub-process they lead from its ends too."""
    ends: Sequence[str]
    """End events of the process itself."""

    def walked(self, history: Sequence[HistoryEntry]) -> set[str]:
        """Return the flows that a step has certainly gone along.

        What has completed has gone along its only flow, or along all of them. Of a gateway's choice, and of what
        follows a multi-instance activity, only the target tells. Where several targets of one gateway come after it in
        one step, it is the one from which the others can be reached; if there is none, no flow is counted.
        """
        found: set[str] = set()
        for place, entry in enumerate(history):
            if entry.event not in LEFT:
                continue
            later = {after.element_id for after in history[place + 1 :] if after.event in REACHED}
            flows = self.ways[entry.element_id]
            if entry.element_id in self.choosing | self.repeated:
                flows = {flow: target for flow, target in flows.items() if target in later}
            if entry.element_id in self.choosing:
                others = set(flows.values())
                flows = {
                    flow: target
                    for flow, target in flows.items()
                    if others <= self.reachable(target, without=entry.element_id)
                }
            if entry.element_id not in self.choosing or len(flows) == 1:
                found.update(flows)
        return found

    @cached_property
    def to_the_end(self) -> Mapping[str, int]:
        """How many flows it is from each element to an end of the whole process."""
        return self.distances(self.ends)

    def distances(self, goals: Iterable[str]) -> dict[str, int]:
        """Count for each element the flows to the nearest of `goals`, where there is a way; boundaries left aside."""
        found = dict.fromkeys(goals, 0)
        todo = deque(found)
        while todo:
            at = todo.popleft()
            for source in self.back.get(at, ()):
                if source not in found:
                    found[source] = found[at] + 1
                    todo.append(source)
        return found

    @cached_property
    def ways(self) -> Mapping[str, Mapping[str, str]]:
        """Element id → the flows that leave it and where they lead."""
        found: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for flow, (source, target) in self.flows.items():
            found[source][flow] = target
        return found

    def reachable(self, start: str, *, without: str) -> set[str]:
        """Return the elements to which flows lead from `start` without passing one of them, `start` included."""
        found, todo = {start}, [start]
        while todo:
            for target in self.ways[todo.pop()].values():
                if target not in found and target != without:
                    found.add(target)
                    todo.append(target)
        return found


@cache
def drawing_of(process_id: str) -> Drawing:
    """Return the drawing of a shipped process."""
    root = etree.fromstring((BPMN / f"{process_id}.bpmn").read_bytes())
    flows = {
        said(flow, "id"): (said(flow, "sourceRef"), said(flow, "targetRef")) for flow in every(root, "sequenceFlow")
    }
    sources = [source for source, _ in flows.values()]
    gateways = [*every(root, "exclusiveGateway"), *every(root, "eventBasedGateway")]
    events = [event for event in every(root, "startEvent") if inside(event) == "process"]
    ends = every(root, "endEvent")
    back = defaultdict(list)
    for source, target in flows.values():
        back[target].append(source)
    for end in ends:
        if inside(end) == "subProcess":
            back[said(end.getparent(), "id")].append(said(end, "id"))
    plain = [event for event in events if not any(str(part.tag).endswith("EventDefinition") for part in event)]
    return Drawing(
        flows=flows,
        choosing=frozenset(said(gate, "id") for gate in gateways if sources.count(said(gate, "id")) > 1),
        repeated=frozenset(said(loop.getparent(), "id") for loop in every(root, "multiInstanceLoopCharacteristics")),
        starts=tuple(said(event, "id") for event in events),
        plain_start=said(plain[0], "id") if plain else "",
        back=back,
        ends=[said(end, "id") for end in ends if inside(end) == "process"],
    )


def inside(node: etree._Element) -> str:
    """Return the local name of what holds an element."""
    parent = node.getparent()
    return "" if parent is None else str(etree.QName(parent).localname)


def every(root: etree._Element, name: str) -> list[etree._Element]:
    """Return all elements of this local name."""
    return list(root.iter(f"{MODEL}{name}"))


def said(node: etree._Element | None, attribute: str) -> str:
    """Return what an element says of itself, or an empty text."""
    return "" if node is None else str(node.get(attribute, ""))
