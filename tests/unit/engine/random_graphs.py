"""Random process graphs, mostly nested blocks with one thing changed, and all interleavings of them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from itertools import chain, combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
TAGS = {
    "start": "startEvent",
    "task": "userTask",
    "xor": "exclusiveGateway",
    "and": "parallelGateway",
    "or": "inclusiveGateway",
    "end": "endEvent",
    "terminate": "endEvent",
}


@dataclass
class Graph:
    """Nodes by id with their kind, flows, and interrupting boundary events by host."""

    kinds: dict[str, str] = field(default_factory=dict)
    flows: list[tuple[str, str]] = field(default_factory=list)
    boundaries: dict[str, str] = field(default_factory=dict)

    def add(self, kind: str) -> str:
        name = f"{kind}{len(self.kinds)}"
        self.kinds[name] = kind
        return name

    def xml(self) -> bytes:
        inside = ""
        for name, kind in self.kinds.items():
            if kind == "boundary":
                host = self.boundaries[name]
                inside += f'<boundaryEvent id="{name}" attachedToRef="{host}"><errorEventDefinition/></boundaryEvent>'
            else:
                body = "<terminateEventDefinition/>" if kind == "terminate" else ""
                inside += f'<{TAGS[kind]} id="{name}">{body}</{TAGS[kind]}>'
        for number, (source, target) in enumerate(self.flows):
            inside += f'<sequenceFlow id="flow{number}" sourceRef="{source}" targetRef="{target}"/>'
        return f'<definitions xmlns="{BPMN}"><process id="p">{inside}</process></definitions>'.encode()


def block_graph(chance: random.Random, *, kinds: tuple[str, ...] = ("xor", "and", "loop")) -> Graph:
    """Return a graph of nested blocks, which is sound, with at most two changes, which mostly make it unsound."""
    graph = Graph()
    first = graph.add("start")
    last = graph.add(chance.choice(["end", "end", "terminate"]))
    entry, leave = _block(graph, chance, 3, kinds)
    graph.flows += [(first, entry), (leave, last)]
    for _ in range(chance.choice([0, 0, 1, 1, 2])):
        _change(graph, chance, kinds)
    return graph


def _block(graph: Graph, chance: random.Random, depth: int, kinds: tuple[str, ...]) -> tuple[str, str]:
    kind = chance.choice(["task", "sequence", *kinds]) if depth else "task"
    if kind == "task":
        task = graph.add("task")
        return task, task
    if kind == "sequence":
        (first, middle), (other, last) = (_block(graph, chance, depth - 1, kinds) for _ in range(2))
        graph.flows.append((middle, other))
        return first, last
    if kind == "loop":
        merge, split = graph.add("xor"), graph.add("xor")
        entry, leave = _block(graph, chance, depth - 1, kinds)
        graph.flows += [(merge, entry), (leave, split), (split, merge)]
        return merge, split
    split, join = graph.add(kind), graph.add(kind)
    for _ in range(chance.choice([2, 2, 3])):
        entry, leave = _block(graph, chance, depth - 1, kinds)
        graph.flows += [(split, entry), (leave, join)]
    return split, join


def _change(graph: Graph, chance: random.Random, kinds: tuple[str, ...]) -> None:
    gateways = [name for name, kind in graph.kinds.items() if kind in {"xor", "and", "or"}]
    what = chance.choice(["kind", "flow", "boundary", "end"])
    if what == "kind" and gateways:
        graph.kinds[chance.choice(gateways)] = chance.choice([kind for kind in kinds if kind != "loop"])
    elif what == "boundary":
        tasks = [name for name, kind in graph.kinds.items() if kind == "task"]
        host = chance.choice(tasks)
        event = graph.add("boundary")
        graph.boundaries[event] = host
        graph.flows.append((event, _target(graph, chance)))
    elif what == "end":
        number = chance.randrange(len(graph.flows))
        graph.flows[number] = (graph.flows[number][0], graph.add(chance.choice(["end", "terminate"])))
    else:
        number = chance.randrange(len(graph.flows))
        graph.flows[number] = (graph.flows[number][0], _target(graph, chance))


def _target(graph: Graph, chance: random.Random) -> str:
    return chance.choice([name for name, kind in graph.kinds.items() if kind not in {"start", "boundary"}])


def sound_by_full_interleaving(graph: Graph, *, markings: int = 20_000) -> bool | None:
    """Say whether the graph is sound, trying every order of steps; None when there are too many of them."""
    start = next(name for name, kind in graph.kinds.items() if kind == "start")
    first = tuple(number for number, (source, _) in enumerate(graph.flows) if source == start)
    following: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    queue = deque([first])
    known = {first}
    while queue:
        marking = queue.popleft()
        if len(known) > markings:
            return None
        if len(set(marking)) < len(marking):
            return False
        following[marking] = list(_steps(graph, marking))
        if marking and not following[marking]:
            return False
        for each in following[marking]:
            if each not in known:
                known.add(each)
                queue.append(each)
    return _all_can_end(following)


def _all_can_end(following: dict[tuple[int, ...], list[tuple[int, ...]]]) -> bool:
    ending: set[tuple[int, ...]] = {()}
    grew = True
    while grew:
        more = {marking for marking, steps in following.items() if marking not in ending and ending & set(steps)}
        grew = bool(more)
        ending |= more
    return set(following) <= ending


def _steps(graph: Graph, marking: tuple[int, ...]) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = []
    for name, kind in graph.kinds.items():
        incoming = [number for number, (_, target) in enumerate(graph.flows) if target == name]
        present = [number for number in incoming if number in marking]
        if not present:
            continue
        if kind == "and":
            taken = [tuple(incoming)] if len(present) == len(incoming) else []
        elif kind == "or":
            taken = [tuple(present)] if not _may_come(graph, marking, name, incoming, present) else []
        else:
            taken = [(number,) for number in present]
        for consumed in taken:
            rest = [number for number in marking if number not in consumed]
            if kind == "terminate":
                found.append(())
                continue
            outcomes: list[tuple[int, ...]] = [()] if kind == "end" else _given(graph, name, kind)
            found.extend(tuple(sorted([*rest, *given])) for given in outcomes)
    return found


def _given(graph: Graph, name: str, kind: str) -> list[tuple[int, ...]]:
    outgoing = [number for number, (source, _) in enumerate(graph.flows) if source == name]
    if kind == "xor":
        return [(number,) for number in outgoing]
    if kind == "or":
        return list(chain.from_iterable(combinations(outgoing, size) for size in range(1, len(outgoing) + 1)))
    escapes = [event for event, host in graph.boundaries.items() if host == name]
    return [
        tuple(outgoing),
        *(tuple(n for n, (source, _) in enumerate(graph.flows) if source == event) for event in escapes),
    ]


def _may_come(graph: Graph, marking: tuple[int, ...], name: str, incoming: list[int], present: list[int]) -> bool:
    for number in set(marking):
        reached = _ahead(graph, number, name)
        if reached & (set(incoming) - set(present)) and not reached & set(present):
            return True
    return False


def _ahead(graph: Graph, number: int, around: str) -> set[int]:
    reached, pending = {number}, [number]
    while pending:
        target = graph.flows[pending.pop()][1]
        if target == around:
            continue
        leaving = {target, *(event for event, host in graph.boundaries.items() if host == target)}
        for each, (source, _) in enumerate(graph.flows):
            if source in leaving and each not in reached:
                reached.add(each)
                pending.append(each)
    return reached
