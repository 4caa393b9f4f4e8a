"""A BPMN file as the lint rules look at it: its executable processes, their nodes, flows and scopes, read once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeVar, cast

from app.engine import xml
from app.engine.lint.vocabulary import Named, Vocabulary
from app.engine.xml import BPMN, XmlElement, children, descendants, is_bpmn, local_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

T = TypeVar("T")

TASKS: Final = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "scriptTask",
        "businessRuleTask",
        "callActivity",
    }
)
SUB_PROCESSES: Final = frozenset({"subProcess", "transaction", "adHocSubProcess"})
ACTIVITIES: Final = TASKS | SUB_PROCESSES
EVENTS: Final = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)
GATEWAYS: Final = frozenset(
    {"exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway", "complexGateway"}
)
FLOW_NODES: Final = ACTIVITIES | EVENTS | GATEWAYS

TYPE_NAMES: Final[Mapping[str, Named]] = {
    "process": Named("流程", "process"),
    "task": Named("任务", "task"),
    "userTask": Named("用户任务", "user task"),
    "manualTask": Named("手工任务", "manual task"),
    "serviceTask": Named("服务任务", "service task"),
    "sendTask": Named("发送任务", "send task"),
    "receiveTask": Named("接收任务", "receive task"),
    "scriptTask": Named("脚本任务", "script task"),
    "businessRuleTask": Named("业务规则任务", "business rule task"),
    "callActivity": Named("调用活动", "call activity"),
    "subProcess": Named("子流程", "sub-process"),
    "transaction": Named("事务子流程", "transaction"),
    "adHocSubProcess": Named("自由子流程", "ad-hoc sub-process"),
    "startEvent": Named("开始事件", "start event"),
    "endEvent": Named("结束事件", "end event"),
    "intermediateCatchEvent": Named("中间捕获事件", "intermediate catch event"),
    "intermediateThrowEvent": Named("中间抛出事件", "intermediate throw event"),
    "boundaryEvent": Named("边界事件", "boundary event"),
    "exclusiveGateway": Named("排他网关", "exclusive gateway"),
    "inclusiveGateway": Named("包容网关", "inclusive gateway"),
    "parallelGateway": Named("并行网关", "parallel gateway"),
    "eventBasedGateway": Named("事件网关", "event-based gateway"),
    "complexGateway": Named("复杂网关", "complex gateway"),
    "sequenceFlow": Named("连线", "sequence flow"),
}


@dataclass(eq=False)
class Scope:
    """A process or sub-process: what lies directly in it."""

    id: str
    element: XmlElement
    parent: Scope | None
    nodes: list[Node] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)

    @property
    def type(self) -> str:
        """The BPMN local name, such as process or subProcess."""
        return local_name(self.element)

    @property
    def label(self) -> str:
        """What a sentence calls it."""
        return self.element.get("name", "").strip() or self.id


@dataclass(eq=False)
class Node:
    """A flow node: activity, event or gateway."""

    id: str
    """Its id, or where it stands if it has none."""
    element: XmlElement
    scope: Scope
    host: Node | None = None
    """The activity that a boundary event sits on."""
    incoming: list[Flow] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    boundaries: list[Node] = field(default_factory=list)
    inner: Scope | None = None

    @cached_property
    def type(self) -> str:
        """The BPMN local name, such as userTask or boundaryEvent."""
        return local_name(self.element)

    @property
    def type_name(self) -> Named:
        """What people call such an element."""
        return TYPE_NAMES[self.type]

    @property
    def label(self) -> str:
        """What a sentence calls it."""
        return self.element.get("name", "").strip() or self.id

    @cached_property
    def definitions(self) -> tuple[XmlElement, ...]:
        """Its event definitions."""
        if self.type not in EVENTS:
            return ()
        return tuple(item for item in children(self.element, BPMN) if local_name(item).endswith("EventDefinition"))

    @property
    def kinds(self) -> frozenset[str]:
        """What kinds of event it is: `timer`, `message` …; empty for a none event and for anything else."""
        return frozenset(local_name(item).removesuffix("EventDefinition") for item in self.definitions)

    @cached_property
    def loop(self) -> XmlElement | None:
        """Its multi-instance marker."""
        return xml.child(self.element, BPMN, "multiInstanceLoopCharacteristics")

    @property
    def successors(self) -> Iterator[Node]:
        """Yield what may come next: the targets of its flows and the events on its border."""
        for flow in self.outgoing:
            if flow.target is not None:
                yield flow.target
        yield from self.boundaries

    @property
    def predecessors(self) -> Iterator[Node]:
        """Yield what may have come before."""
        for flow in self.incoming:
            if flow.source is not None:
                yield flow.source
        if self.host is not None:
            yield self.host


@dataclass(eq=False)
class Flow:
    """A sequence flow; source and target are None where they point to nothing."""

    id: str
    element: XmlElement
    scope: Scope
    source: Node | None
    target: Node | None

    @property
    def label(self) -> str:
        """What a sentence calls it: its name, or from where to where it leads."""
        named = self.element.get("name", "").strip()
        if named or self.source is None or self.target is None:
            return named or self.id
        return f"{self.source.label} → {self.target.label}"

    @cached_property
    def condition(self) -> XmlElement | None:
        """Its condition, also an empty one."""
        return xml.child(self.element, BPMN, "conditionExpression")

    @property
    def is_default(self) -> bool:
        """Whether its source names it as the default."""
        own = self.element.get("id")
        return self.source is not None and own is not None and self.source.element.get("default") == own


class Diagram:
    """A file, read once: `scopes`, `nodes` and `flows` are those of its executable processes."""

    def __init__(self, root: XmlElement, vocabulary: Vocabulary) -> None:
        self.root = root
        self.vocabulary = vocabulary
        self.all_elements = [element for element in root.iter() if isinstance(element.tag, str)]
        """Every element in document order; holding them keeps lxml's proxies, and so their identity."""
        self.drawn_processes = tuple(children(root, BPMN, "process"))
        self.processes = _executable(self.drawn_processes)
        self.scopes: list[Scope] = []
        self.nodes: list[Node] = []
        self.flows: list[Flow] = []
        self.node_by_id: dict[str, Node] = {}
        self.guesses: dict[str, str] = {}
        """Unknown names and the known ones that were probably meant (filled by `nearest`)."""
        self._remembered: dict[Callable[[Diagram], object], object] = {}
        for process in self.processes:
            self._read_scope(process, None)
        self._connect()

    @cached_property
    def elements_by_id(self) -> Mapping[str, list[XmlElement]]:
        """All elements of the model and of other namespaces (not of the drawing) by their id."""
        found: dict[str, list[XmlElement]] = defaultdict(list)
        for element in self.all_elements:
            own = element.get("id")
            if own is not None and xml.namespace(element) in (BPMN, xml.BPMNDI):
                found[own].append(element)
        return found

    @cached_property
    def order(self) -> Mapping[str, int]:
        """Where each place stands in the document."""
        places: dict[str, int] = {}
        for position, element in enumerate(self.all_elements):
            places.setdefault(self.place(element), position)
        return places

    @cached_property
    def _paths(self) -> Mapping[XmlElement, str]:
        paths: dict[XmlElement, str] = {}
        counts: dict[tuple[XmlElement | None, str], int] = defaultdict(int)
        for element in self.all_elements:
            parent = element.getparent()
            name = local_name(element)
            counts[(parent, name)] += 1
            above = "" if parent is None else paths.get(parent, "")
            paths[element] = f"/{name}" if parent is None else f"{above}/{name}[{counts[(parent, name)]}]"
        return paths

    def place(self, element: XmlElement) -> str:
        """Return the id of an element, or where it stands: `/definitions/process[1]/task[3]`."""
        return element.get("id", "").strip() or self._paths[element]

    def owner(self, element: XmlElement) -> str:
        """Return the place of the nearest element of BPMN with an id, at or above `element`: what one can click on."""
        node: XmlElement | None = element
        while node is not None:
            if node.get("id", "").strip() and is_bpmn(node) and not local_name(node).endswith("EventDefinition"):
                return node.get("id", "").strip()
            node = node.getparent()
        return self.place(element)

    def remember(self, key: Callable[[Diagram], T]) -> T:
        """Return `key(self)`, computed once."""
        if key not in self._remembered:
            self._remembered[key] = key(self)
        return cast("T", self._remembered[key])

    def referenced(self, reference: str | None, name: str) -> XmlElement | None:
        """Return the root element (`message`, `signal`, `error` …) that a reference names, if it exists."""
        wanted = (reference or "").strip().rpartition(":")[2]
        return self.remember(_root_elements).get((name, wanted)) if wanted else None

    def nodes_of(self, *types: str) -> Iterator[Node]:
        """Yield the nodes of these BPMN local names."""
        return (node for node in self.nodes if node.type in types)

    def _read_scope(self, element: XmlElement, parent: Scope | None) -> Scope:
        outer = Scope(self.place(element), element, parent)
        self.scopes.append(outer)
        pending = [outer]
        while pending:
            scope = pending.pop(0)
            for item in children(scope.element, BPMN):
                if local_name(item) not in FLOW_NODES:
                    continue
                node = Node(self.place(item), item, scope)
                scope.nodes.append(node)
                self.nodes.append(node)
                self.node_by_id.setdefault(node.id, node)
                if node.type in SUB_PROCESSES:
                    node.inner = Scope(node.id, item, scope)
                    self.scopes.append(node.inner)
                    pending.append(node.inner)
        return outer

    def _connect(self) -> None:
        for scope in self.scopes:
            for item in children(scope.element, BPMN, "sequenceFlow"):
                source = self.node_by_id.get(item.get("sourceRef", "").strip())
                target = self.node_by_id.get(item.get("targetRef", "").strip())
                flow = Flow(self.place(item), item, scope, source, target)
                scope.flows.append(flow)
                self.flows.append(flow)
                if source is not None:
                    source.outgoing.append(flow)
                if target is not None:
                    target.incoming.append(flow)
        for node in self.nodes_of("boundaryEvent"):
            host = self.node_by_id.get(node.element.get("attachedToRef", "").strip())
            if host is not None and host.type in ACTIVITIES and host.scope is node.scope:
                node.host = host
                host.boundaries.append(node)


def _executable(processes: tuple[XmlElement, ...]) -> tuple[XmlElement, ...]:
    """Return the processes that are meant to run: those marked executable, else the one with the most in it."""
    marked = tuple(process for process in processes if process.get("isExecutable") == "true")
    if marked or not processes:
        return marked
    return (max(processes, key=lambda process: sum(1 for _ in children(process, BPMN, *FLOW_NODES))),)


def _root_elements(diagram: Diagram) -> dict[tuple[str, str], XmlElement]:
    found: dict[tuple[str, str], XmlElement] = {}
    for element in descendants(diagram.root, BPMN, "message", "signal", "error", "escalation"):
        found.setdefault((local_name(element), element.get("id", "").strip()), element)
    return found
