"""Where an instance left the drawn path: its recorded events replayed as tokens on a diagram.

Token replay as process mining knows it (van der Aalst, Process Mining, 2nd ed., chapter 8), over the elements of a
drawing instead of a net. It is lenient where the record is silent: a token that a cancelled step leaves behind is no
deviation; only an arrival without a token is one, or an element that the drawing does not have.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.business import Project
from app.models.process import Definition, HistoryEvent, ProcessInstance
from app.queries import diagram_graph
from app.queries.diagram_graph import Drawn, Graph
from app.queries.following import Asked, chosen, within

PRODUCES = frozenset({"completed", "fired"})
CHOOSES = frozenset({"exclusiveGateway", "eventBasedGateway"})
BATCH = 2000


@dataclass(frozen=True)
class Event:
    """One recorded event of an instance."""

    key: str
    element_id: str
    name: str
    event: str
    at: datetime


@dataclass(frozen=True)
class Deviation:
    """An arrival that the drawing does not explain."""

    element_id: str
    name: Drawn
    kind: Literal["undrawn", "unexpected"]
    """undrawn: the drawing has no such element; unexpected: nothing led there."""
    at: datetime


@dataclass(frozen=True)
class Wanderer:
    """An instance that left the drawn path."""

    instance_id: int
    project_no: str
    version: int
    """Of the instance's own definition."""
    started_at: datetime
    deviations: tuple[Deviation, ...]


@dataclass(frozen=True)
class Conformance:
    """All instances of a process held against one drawing."""

    process_id: str
    name: Drawn
    version: int
    source: str
    checked: int
    wanderers: tuple[Wanderer, ...]
    at_elements: Mapping[str, int]
    """Drawn element → how many instances came there unexpectedly."""


@dataclass
class _Offer:
    """Tokens that one completion has laid on the outgoing flows: on all of them, or on one yet to be seen."""

    flows: set[str]
    single: bool


@dataclass
class _Replay:
    graph: Graph
    incoming: Mapping[str, tuple[str, ...]]
    outgoing: Mapping[str, tuple[str, ...]]
    offers: list[_Offer] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    """Keys that have arrived."""
    reached: set[str] = field(default_factory=set)
    """Elements that have been reached rightly."""

    def arrive(self, element_id: str) -> bool:
        node = self.graph.nodes[element_id]
        ways = self.incoming.get(element_id, ())
        if node.kind == "boundaryEvent":
            right = node.attached_to in self.reached
        elif not ways:
            right = True
        elif node.kind == "parallelGateway":
            right = sum(self._come(way) for way in ways) == len(ways)  # each token is taken, also after a missing one
        else:
            right = any(self._come(way) for way in ways) or (node.many and element_id in self.reached)
        if right:
            self.reached.add(element_id)
        return right

    def leave(self, element_id: str) -> None:
        ways = self.outgoing.get(element_id, ())
        if ways:
            self.offers.append(_Offer(set(ways), single=self.graph.nodes[element_id].kind in CHOOSES))

    def _come(self, way: str) -> bool:
        """Take a token from a flow, or from before a multi-instance activity that had nothing to do."""
        source = self.graph.flows[way][0]
        before = self.graph.nodes.get(source)
        return self._take(way) or (
            before is not None and before.many and any(self._take(one) for one in self.incoming.get(source, ()))
        )

    def _take(self, way: str) -> bool:
        for offer in self.offers:
            if way in offer.flows:
                offer.flows.discard(way)
                if offer.single or not offer.flows:
                    self.offers.remove(offer)
                return True
        return False


def deviations(graph: Graph, events: Iterable[Event]) -> tuple[Deviation, ...]:
    """Return the arrivals among an instance's events, in their order, that the drawing does not explain."""
    incoming, outgoing = defaultdict(list), defaultdict(list)
    for way, (source, target) in graph.flows.items():
        incoming[target].append(way)
        outgoing[source].append(way)
    replay = _Replay(
        graph,
        {key: tuple(ways) for key, ways in incoming.items()},
        {key: tuple(ways) for key, ways in outgoing.items()},
    )
    return tuple(_replayed(replay, events))


def _replayed(replay: _Replay, events: Iterable[Event]) -> Iterable[Deviation]:
    for one in events:
        drawn = replay.graph.nodes.get(one.element_id)
        new = one.key not in replay.seen or one.event == "fired"
        replay.seen.add(one.key)
        if drawn is None:
            if new:
                yield Deviation(one.element_id, Drawn(one.name or one.element_id), "undrawn", one.at)
            continue
        if new and not replay.arrive(one.element_id):
            yield Deviation(one.element_id, drawn.name or Drawn(one.element_id), "unexpected", one.at)
        if one.event in PRODUCES or (drawn.kind == "eventBasedGateway" and new):
            replay.leave(one.element_id)


def conformance(session: Session, process_id: str, asked: Asked) -> Conformance | None:
    """Hold every instance of a process, whatever its version, against the version asked for (default: in force)."""
    definition = chosen(session, process_id, asked.version)
    if definition is None:
        return None
    graph = diagram_graph.read(definition.source)
    checked, wanderers = 0, []
    at_elements: dict[str, int] = defaultdict(int)
    for instance, number, no, events in _instances(session, process_id, asked):
        checked += 1
        found = deviations(graph, events)
        if found:
            wanderers.append(Wanderer(instance.id, no or "", number, instance.started_at, found))
        for element_id in {one.element_id for one in found if one.kind == "unexpected"}:
            at_elements[element_id] += 1
    return Conformance(
        process_id=process_id,
        name=Drawn(definition.name, graph.en),
        version=definition.version,
        source=definition.source,
        checked=checked,
        wanderers=tuple(wanderers),
        at_elements=dict(at_elements),
    )


def _instances(
    session: Session, process_id: str, asked: Asked
) -> Iterable[tuple[ProcessInstance, int, str | None, Sequence[Event]]]:
    query = (
        select(ProcessInstance, Definition.version, Project.no)
        .join(Definition, Definition.id == ProcessInstance.definition_id)
        .outerjoin(Project, Project.id == ProcessInstance.project_id)
        .where(ProcessInstance.process_key == process_id, *within(asked))
        .order_by(ProcessInstance.id)
    )
    rows = session.execute(query).all()
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        events = _events(session, [row[0].id for row in batch])
        for instance, number, no in batch:
            yield instance, number, no, events.get(instance.id, ())


def _events(session: Session, instances: Sequence[int]) -> Mapping[int, Sequence[Event]]:
    query = (
        select(
            HistoryEvent.instance_id,
            HistoryEvent.key,
            HistoryEvent.element_id,
            HistoryEvent.name,
            HistoryEvent.event,
            HistoryEvent.at,
        )
        .where(HistoryEvent.instance_id.in_(instances), HistoryEvent.element_id != "")  # a migration is no step
        .order_by(HistoryEvent.id)
    )
    found: dict[int, list[Event]] = defaultdict(list)
    for instance_id, key, element_id, name, event, at in session.execute(query):
        found[instance_id].append(Event(key, element_id, name, event, at))
    return found
