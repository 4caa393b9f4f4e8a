"""Soundness of a diagram: whatever way it goes, it comes to an end, nothing waits for ever, nothing runs twice.

Van der Aalst's soundness of workflow nets on the tokens of BPMN: conditions and multi-instance are not looked into,
so every branch of a choice counts as possible. Where parallel branches are independent of each other the order of
their steps does not matter; each token is moved alone until it stands before a merge, a join or a terminate end.
That makes the number of markings grow with the size of a diagram instead of exponentially.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from app.engine.soundness_net import Marking, Net, Node, circles, nets
from app.engine.soundness_sentences import finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.engine.xml import XmlElement
    from app.errors import Finding

Move = tuple[str, Marking]
"""The element that was passed, and the marking that came of it."""


@dataclass(frozen=True)
class SoundnessReport:
    """What was found; `complete` is False when a bound was reached, and then silence means nothing."""

    findings: tuple[Finding, ...]
    complete: bool
    markings: int


@dataclass
class _Budget:
    """What the whole check may still spend."""

    markings: int
    deadline: float
    spent: int = 0

    @property
    def empty(self) -> bool:
        return self.spent >= self.markings or (self.spent % 64 == 0 and time.monotonic() > self.deadline)


@dataclass
class _Exploration:
    """All markings that can be reached from one start, and what was wrong with some of them."""

    net: Net
    before: dict[Marking, tuple[Marking, str] | None] = field(default_factory=dict)
    after: dict[Marking, list[Marking]] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)
    stuck: list[Marking] = field(default_factory=list)
    doubled: list[tuple[Marking, Node]] = field(default_factory=list)
    ended: list[tuple[Marking, Marking, str]] = field(default_factory=list)
    """Steps in which one token came to its end while others went on."""
    complete: bool = True

    def trace(self, marking: Marking) -> list[str]:
        """Return the elements passed on the shortest way found to `marking`."""
        steps: list[str] = []
        step = self.before[marking]
        while step is not None:
            marking, element = step
            steps.append(element)
            step = self.before[marking]
        return steps[::-1]


def check_soundness(process_element: XmlElement, *, markings: int = 100_000, seconds: float = 2.0) -> SoundnessReport:
    """Explore a `process` element and its sub-processes within `markings` markings and `seconds` seconds.

    Findings of severity error: `soundness-deadlock`, `soundness-unsynchronised`, `soundness-no-end` and
    `soundness-side-branch`; warning: `soundness-repeated`, `soundness-dead`; info: `soundness-unknown` when a bound was
    reached. Each names an element and tells the way to it; `values["trace"]` holds the ids of the elements passed.
    """
    budget = _Budget(markings, time.monotonic() + seconds)
    findings: list[Finding] = []
    complete = True
    for net in nets(process_element):
        if net.too_wide:
            complete = False
            continue
        found, whole = _check(net, budget)
        findings.extend(found)
        complete = complete and whole
    if not complete:
        findings.append(finding("soundness-unknown", process_element.get("id", "")))
    return SoundnessReport(tuple(findings), complete, budget.spent)


def _check(net: Net, budget: _Budget) -> tuple[list[Finding], bool]:
    joins = _Joins(net)
    main = [_explore(net, start, joins, budget) for start in net.starts]
    sides = [_explore(net, start, joins, budget) for start in net.sides]
    findings = _unique(each for exploration in main + sides for each in _faults(exploration))
    walked = {element for exploration in main for element in exploration.passed}
    for start, exploration in zip(net.sides, sides, strict=True):
        findings.extend(_intrusion(net, start, exploration.passed & walked))
    complete = all(exploration.complete for exploration in main + sides)
    if complete and net.starts:
        walked |= {element for exploration in sides for element in exploration.passed}
        findings.extend(_dead(net, walked, faulty=bool(findings)))
    return findings, complete


def _explore(net: Net, start: str, joins: _Joins, budget: _Budget) -> _Exploration:
    seen = _Exploration(net)
    node = net.nodes[start]
    seen.passed.add(start)
    first = tuple(sorted(node.outgoing))
    seen.before[first] = None
    queue = deque([first])
    while queue:
        if budget.empty:
            seen.complete = False
            break
        budget.spent += 1
        marking = queue.popleft()
        doubled = _doubled(net, marking)
        if doubled is not None:
            seen.doubled.append((marking, doubled))
            seen.after[marking] = []
            continue
        moves = list(_moves(net, marking, joins))
        seen.after[marking] = [following for _, following in moves]
        if marking and not moves:
            _note_stuck(seen, marking)
        for element, following in moves:
            seen.passed.update((element, net.hosts.get(element, element)))
            if 0 < len(following) < len(marking) and not net.nodes[element].joins:
                seen.ended.append((marking, following, element))
            if following not in seen.before:
                seen.before[following] = (marking, element)
                queue.append(following)
    return seen


def _moves(net: Net, marking: Marking, joins: _Joins) -> Iterator[Move]:
    """One token alone while there is one that depends on no other; else every token and join that can move."""
    for flow in marking:
        if net.targets[flow].independent:
            yield from _pass(net, net.targets[flow], marking, (flow,))
            return
    joined: set[str] = set()
    for flow in dict.fromkeys(marking):
        node = net.targets[flow]
        if not node.joins:
            yield from _pass(net, node, marking, (flow,))
        elif node.element_id not in joined:
            joined.add(node.element_id)
            taken = joins.taken(node, marking)
            if taken:
                yield from _pass(net, node, marking, taken)


def _pass(net: Net, node: Node, marking: Marking, taken: tuple[int, ...]) -> Iterator[Move]:
    if node.behaviour == "terminate":
        yield node.element_id, ()
        return
    rest = list(marking)
    for flow in taken:
        rest.remove(flow)
    for element, given in net.after(node):
        yield element, tuple(sorted([*rest, *given]))


class _Joins:
    """When a join lets its tokens through."""

    def __init__(self, net: Net) -> None:
        self.net = net
        self.reaching: dict[int, frozenset[int]] = {}
        for node in net.nodes.values():
            if node.joins and node.behaviour == "inclusive":
                for flow in node.incoming:
                    self.reaching[flow] = net.reaching(flow, around=node)

    def taken(self, node: Node, marking: Marking) -> tuple[int, ...]:
        """Return the flows whose tokens the join consumes now; empty while it waits."""
        present = set(marking)
        arrived = tuple(flow for flow in node.incoming if flow in present)
        if node.behaviour == "parallel":
            return arrived if len(arrived) == len(node.incoming) else ()
        return () if any(self.holds_up(node, flow, arrived) for flow in present) else arrived

    def holds_up(self, node: Node, flow: int, arrived: tuple[int, ...]) -> bool:
        """Whether a token on `flow` may still come to an empty incoming flow (BPMN 2.0 §13.4.3), and to no full one."""
        empty = (each for each in node.incoming if each not in arrived)
        return any(flow in self.reaching[each] for each in empty) and not any(
            flow in self.reaching[each] for each in arrived
        )


def _doubled(net: Net, marking: Marking) -> Node | None:
    """The node where two tokens come together that nothing keeps apart."""
    waiting = Counter(marking)
    twice = next((flow for flow, number in waiting.items() if number > 1), None)
    if twice is not None:
        return net.targets[twice]
    merging = Counter(net.targets[flow].element_id for flow in marking if net.targets[flow].merges)
    return next((net.nodes[key] for key, number in merging.items() if number > 1), None)


def _note_stuck(seen: _Exploration, marking: Marking) -> None:
    waiting = {seen.net.targets[flow].element_id for flow in marking}
    inclusive = [key for key in waiting if seen.net.nodes[key].behaviour == "inclusive"]
    if len(inclusive) > 1:
        # Inclusive joins that wait for each other: the standard leaves open which one gives way.
        seen.complete = False
    else:
        seen.stuck.append(marking)


def _faults(seen: _Exploration) -> Iterator[Finding]:
    for marking in seen.stuck:
        node = next((seen.net.targets[flow] for flow in marking if seen.net.targets[flow].joins), None)
        if node is not None:
            yield _found("soundness-deadlock", seen, node, marking)
    for marking, node in seen.doubled:
        yield _found("soundness-unsynchronised", seen, node, marking)
    if seen.complete:
        yield from _endless(seen)
        yield from _repeated(seen)


def _endless(seen: _Exploration) -> Iterator[Finding]:
    """Markings from which neither an end nor any other fault can be reached: the diagram runs in a circle."""
    sources: dict[Marking, list[Marking]] = {}
    for marking, following in seen.after.items():
        for each in following:
            sources.setdefault(each, []).append(marking)
    settled = {marking for marking, following in seen.after.items() if not following}
    pending = list(settled)
    while pending:
        for marking in sources.get(pending.pop(), ()):
            if marking not in settled:
                settled.add(marking)
                pending.append(marking)
    first = next((marking for marking in seen.before if marking not in settled), None)
    if first:
        told = _found("soundness-no-end", seen, seen.net.targets[first[0]], first)
        yield replace(told, values={**told.values, "trace": (*seen.trace(first), *_onward(seen, first))})


def _onward(seen: _Exploration, marking: Marking) -> Iterator[str]:
    """Yield the elements that a token at a marking goes on to, until it has been there before: the circle itself."""
    been: set[Marking] = set()
    last = ""
    while marking and marking not in been:
        been.add(marking)
        here = seen.net.targets[marking[0]].element_id
        if here != last:
            yield here
        last = here
        marking = next(iter(seen.after.get(marking, ())), ())


def _repeated(seen: _Exploration) -> Iterator[Finding]:
    """Branches split off in a loop that end by themselves: nothing keeps round two from opening them again.

    The exploration moves such a token to its end at once, so it shows as a circle of markings in which a token ends.
    """
    circle = circles(seen.after) if seen.ended else {}
    for marking, following, element in seen.ended:
        if circle[marking] == circle[following]:
            yield _found("soundness-repeated", seen, seen.net.nodes[element], marking)


def _intrusion(net: Net, start: str, common: set[str]) -> Iterator[Finding]:
    shared = [net.nodes[key] for key in net.nodes if key in common and net.nodes[key].behaviour != "end"]
    if shared:
        event = net.nodes[start]
        yield finding("soundness-side-branch", shared[0].element_id, event=event.label, element=shared[0].label)


def _dead(net: Net, walked: set[str], *, faulty: bool) -> Iterator[Finding]:
    """Elements never passed; behind another fault only those that no flow leads to, to keep to the cause."""
    reached = _connected(net) if faulty else walked
    events = {event for node in net.nodes.values() if node.element_id in reached for event, _ in node.escapes}
    for node in net.nodes.values():
        if node.element_id not in reached | events:
            yield finding("soundness-dead", node.element_id, element=node.label)


def _connected(net: Net) -> set[str]:
    reached = {*net.starts, *net.sides}
    pending = [net.nodes[key] for key in reached]
    while pending:
        node = pending.pop()
        reached.update(event for event, _ in node.escapes)
        for flow in {*node.outgoing, *(flow for _, flows in node.escapes for flow in flows)}:
            if net.targets[flow].element_id not in reached:
                reached.add(net.targets[flow].element_id)
                pending.append(net.targets[flow])
    return reached


def _found(code: str, seen: _Exploration, node: Node, marking: Marking) -> Finding:
    trace = seen.trace(marking)
    way = [seen.net.nodes[key].label for key in trace]
    return finding(code, node.element_id, element=node.label, way=way, trace=tuple(trace))


def _unique(findings: Iterator[Finding]) -> list[Finding]:
    first: dict[tuple[str, str], Finding] = {}
    for each in findings:
        first.setdefault((each.code, each.element_id), each)
    return list(first.values())
