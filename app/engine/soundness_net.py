"""The token game of one scope of a diagram: nodes and flows, light enough to explore all that can happen."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain, combinations
from typing import TYPE_CHECKING, Final, Literal

from app.engine import xml

if TYPE_CHECKING:
    from collections.abc import Iterator

Behaviour = Literal["step", "choice", "parallel", "inclusive", "end", "terminate"]
Marking = tuple[int, ...]
"""The flows that hold a token, sorted; a flow with two tokens stands twice."""

GATEWAYS: Final[dict[str, Behaviour]] = {
    "exclusiveGateway": "choice",
    "eventBasedGateway": "choice",
    "parallelGateway": "parallel",
    "inclusiveGateway": "inclusive",
    "complexGateway": "inclusive",
}
ACTIVITIES: Final = frozenset({"task", "callActivity", "adHocSubProcess"})
SCOPES: Final = ("subProcess", "transaction")
MOST_BRANCHES: Final = 10
"""An inclusive split of n branches has 2^n - 1 outcomes; beyond this the check gives up."""


@dataclass
class Node:
    """One flow node: how it treats tokens, and its flows by number. `escapes` are those of interrupting boundaries."""

    element_id: str
    name: str
    behaviour: Behaviour
    incoming: list[int] = field(default_factory=list)
    outgoing: list[int] = field(default_factory=list)
    conditional: set[int] = field(default_factory=set)
    escapes: list[tuple[str, list[int]]] = field(default_factory=list)

    @property
    def merges(self) -> bool:
        """Whether tokens of several flows run together here without waiting, and go on."""
        goes_on = bool(self.outgoing or self.escapes)
        return len(self.incoming) > 1 and self.behaviour in {"step", "choice"} and goes_on

    @property
    def joins(self) -> bool:
        """Whether tokens of several flows wait for each other here."""
        return len(self.incoming) > 1 and self.behaviour in {"parallel", "inclusive"}

    @property
    def independent(self) -> bool:
        """Whether a token may pass without regard to any other one."""
        return not (self.merges or self.joins or self.behaviour == "terminate")

    @property
    def label(self) -> str:
        """What people call it."""
        return self.name or self.element_id


@dataclass
class Net:
    """One scope: a process or an embedded sub-process, without the insides of its sub-processes."""

    element_id: str
    nodes: dict[str, Node]
    targets: list[Node]
    """By flow: the node that it leads to."""
    starts: list[str]
    sides: list[str]
    """Non-interrupting boundary events, whose branches run beside the main flow."""
    hosts: dict[str, str] = field(default_factory=dict)
    """Interrupting boundary event → the activity that it interrupts."""

    def after(self, node: Node) -> list[tuple[str, tuple[int, ...]]]:
        """Return every outcome of passing `node`: the element passed, and the flows that get a token."""
        outcomes = [(node.element_id, flows) for flows in self._outcomes(node)]
        return outcomes + [(event, tuple(flows)) for event, flows in node.escapes]

    @staticmethod
    def _outcomes(node: Node) -> Iterator[tuple[int, ...]]:
        if node.behaviour in {"end", "terminate"} or not node.outgoing:
            yield ()
        elif node.behaviour == "choice":
            yield from ((flow,) for flow in node.outgoing)
        elif node.behaviour == "inclusive" and len(node.outgoing) > 1:
            yield from _subsets(node.outgoing)
        elif node.conditional:
            always = tuple(flow for flow in node.outgoing if flow not in node.conditional)
            yield from ((*always, *some) for some in chain([()] if always else [], _subsets(sorted(node.conditional))))
        else:
            yield tuple(node.outgoing)

    @property
    def too_wide(self) -> bool:
        """Whether a split has more branches than are tried out."""
        return any(
            len(node.outgoing) > MOST_BRANCHES and (node.behaviour == "inclusive" or node.conditional)
            for node in self.nodes.values()
        )

    def reaching(self, wanted: int, *, around: Node) -> frozenset[int]:
        """Return the flows from which a token can come to flow `wanted` without passing the node `around`."""
        sources: dict[int, list[int]] = {}
        for flow, target in enumerate(self.targets):
            if target is not around:
                for following in {*target.outgoing, *chain.from_iterable(flows for _, flows in target.escapes)}:
                    sources.setdefault(following, []).append(flow)
        reached, pending = {wanted}, [wanted]
        while pending:
            for flow in sources.get(pending.pop(), ()):
                if flow not in reached:
                    reached.add(flow)
                    pending.append(flow)
        return frozenset(reached)


def nets(process: xml.XmlElement) -> Iterator[Net]:
    """Yield the net of a process and of every sub-process in it that is drawn with flows."""
    yield _net(process)
    for inner in xml.descendants(process, xml.BPMN, *SCOPES):
        if any(True for _ in xml.children(inner, xml.BPMN, "sequenceFlow", "startEvent")):
            yield _net(inner)


def circles(after: dict[Marking, list[Marking]]) -> dict[Marking, Marking]:
    """Return for each marking the name of its circle, shared by all that can be reached from each other (Kosaraju)."""
    finished: list[Marking] = []
    seen: set[Marking] = set()
    for root, steps in after.items():
        stack = [(root, iter(steps))] if root not in seen else []
        seen.add(root)
        while stack:
            marking, following = stack[-1]
            step = next((each for each in following if each not in seen), None)
            if step is None:
                finished.append(stack.pop()[0])
            else:
                seen.add(step)
                stack.append((step, iter(after[step])))
    sources: dict[Marking, list[Marking]] = {}
    for marking, steps in after.items():
        for each in steps:
            sources.setdefault(each, []).append(marking)
    circle: dict[Marking, Marking] = {}
    for root in reversed(finished):
        pending = [root] if root not in circle else []
        while pending:
            marking = pending.pop()
            if marking not in circle:
                circle[marking] = root
                pending.extend(sources.get(marking, ()))
    return circle


def _subsets(flows: list[int]) -> Iterator[tuple[int, ...]]:
    for size in range(1, len(flows) + 1):
        yield from combinations(flows, size)


def _net(scope: xml.XmlElement) -> Net:
    elements = {
        element.get("id", ""): element
        for element in xml.children(scope, xml.BPMN)
        if element.get("id") and _is_node(element)
    }
    nodes = {key: Node(key, element.get("name", "").strip(), _behaviour(element)) for key, element in elements.items()}
    targets = _connect(scope, nodes)
    net = Net(scope.get("id", ""), nodes, targets, [], [])
    for key, element in elements.items():
        kind = xml.local_name(element)
        if kind == "startEvent":
            net.starts.append(key)
        elif kind == "boundaryEvent":
            _attach(net, key, element)
    return net


def _is_node(element: xml.XmlElement) -> bool:
    kind = xml.local_name(element)
    if kind in SCOPES:
        return element.get("triggeredByEvent") != "true"
    if element.get("isForCompensation") == "true":
        return False
    return kind in GATEWAYS or kind in ACTIVITIES or kind.endswith(("Event", "Task"))


def _behaviour(element: xml.XmlElement) -> Behaviour:
    kind = xml.local_name(element)
    if kind in GATEWAYS:
        return GATEWAYS[kind]
    if kind != "endEvent":
        return "step"
    # An error ends the whole scope, as terminate does; what catches it stands outside.
    abrupt = xml.child(element, xml.BPMN, "terminateEventDefinition", "errorEventDefinition")
    return "end" if abrupt is None else "terminate"


def _connect(scope: xml.XmlElement, nodes: dict[str, Node]) -> list[Node]:
    targets: list[Node] = []
    for flow in xml.children(scope, xml.BPMN, "sequenceFlow"):
        source, target = nodes.get(flow.get("sourceRef", "")), nodes.get(flow.get("targetRef", ""))
        if source is None or target is None:
            continue
        number = len(targets)
        targets.append(target)
        source.outgoing.append(number)
        target.incoming.append(number)
        if source.behaviour == "step" and xml.child(flow, xml.BPMN, "conditionExpression") is not None:
            source.conditional.add(number)
    return targets


def _attach(net: Net, key: str, element: xml.XmlElement) -> None:
    host = net.nodes.get(element.get("attachedToRef", ""))
    if host is None or xml.child(element, xml.BPMN, "compensateEventDefinition") is not None:
        return
    if element.get("cancelActivity", "true") == "false":
        net.sides.append(key)
    else:
        host.escapes.append((key, net.nodes[key].outgoing))
        net.hosts[key] = host.element_id
