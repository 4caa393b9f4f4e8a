"""A stored diagram as a graph of named elements: what follows what, in which lane; for paths and step tables."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Self

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
STEPS = frozenset(
    {
        "userTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask", "manualTask", "task",
        "callActivity", "subProcess", "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent",
        "boundaryEvent", "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway",
    }
)  # fmt: skip
ACTING = frozenset({"callActivity", "subProcess", "sendTask"})
NOTICE = "notice.send"
ENGLISH = "en.name"
ENGLISH_DOCUMENTATION = "en.documentation"
"""The properties that hold an element's English name and documentation."""
DUE = re.compile(r"deadline\.(\w+)\.due")
FAR = 40
"""How many elements ahead the next user tasks are looked for."""


class Drawn(str):
    """A name as a diagram writes it; `en` is the English that the diagram gives beside it, or nothing."""

    __slots__ = ("en",)

    en: str

    def __new__(cls, name: str, en: str = "") -> Self:
        """Keep both."""
        drawn = super().__new__(cls, name)
        drawn.en = en
        return drawn

    def __reduce__(self) -> tuple[object, ...]:
        """Keep both when copied or pickled."""
        return type(self), (str(self), self.en)


NAMELESS = Drawn("")


@dataclass(frozen=True)
class Node:
    """One flow node as drawn."""

    id: str
    kind: str
    name: Drawn
    lane: Drawn = NAMELESS
    documentation: Drawn = NAMELESS
    form_id: str = ""
    due_kind: str = ""
    """The deadline by which the task is to be done."""
    roles: tuple[str, ...] = ()
    calls: str = ""
    event: str = ""
    """What an event waits for or throws: timer, message, signal …"""
    interrupts: bool = True
    """Of a boundary event: whether it ends what it is attached to."""
    operation: str = ""
    """What a service task does."""
    attached_to: str = ""
    """Of a boundary event: the activity whose edge it stands on."""
    many: bool = False
    """Whether it is done once for each of several (multi-instance)."""
    starters: tuple[str, ...] = ()
    """Of a start event: the roles that may start the process there by a form."""


@dataclass(frozen=True)
class Graph:
    """All flow nodes in the order of the file, and the sequence flows between them."""

    nodes: Mapping[str, Node] = field(default_factory=dict)
    flows: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Flow id → source and target."""
    en: str = ""
    """The English name of the process."""

    def name(self, element_id: str) -> Drawn:
        """Return an element's name, or its id where it has none."""
        node = self.nodes.get(element_id)
        return (node.name if node else NAMELESS) or Drawn(element_id)

    def after(self, element_id: str) -> tuple[str, ...]:
        """Return the elements to which sequence flows lead from this one."""
        return tuple(target for source, target in self.flows.values() if source == element_id)

    def next_tasks(self, element_id: str) -> tuple[str, ...]:
        """Return the user tasks and called processes that may come next, nearest first, without this one."""
        seen, found, queue = {element_id}, [], deque(self.after(element_id))
        while queue and len(seen) < FAR:
            at = queue.popleft()
            if at in seen:
                continue
            seen.add(at)
            node = self.nodes.get(at)
            if node is not None and node.kind in {"userTask", "callActivity"}:
                found.append(at)
            else:
                queue.extend(self.after(at))
        return tuple(found)

    def acts_after(self, element_id: str) -> bool:
        """Say whether more than notices follows before somebody has to act: an operation, a message, a call."""
        seen, queue = {element_id}, deque(self.after(element_id))
        while queue and len(seen) < FAR:
            at = queue.popleft()
            node = self.nodes.get(at)
            if at in seen or node is None or node.kind == "userTask":
                continue
            seen.add(at)
            if node.event or node.kind in ACTING or (node.kind == "serviceTask" and node.operation != NOTICE):
                return True
            queue.extend(self.after(at))
        return False


def one_line(name: str) -> str:
    """Return a name as drawn on one line: a break that the picture needed is no blank between Chinese characters."""
    return (
        "".join(part.strip() for part in name.splitlines())
        if any(sign > "\u2e80" for sign in name)
        else " ".join(name.split())
    )


@lru_cache(maxsize=128)
def read(source: str) -> Graph:
    """Return the graph of a published diagram (checked when it was published); an empty one for anything else."""
    try:
        root = ET.fromstring(source)  # noqa: S314 -- our own published text; expat fetches nothing and expands no bombs
    except ET.ParseError:
        return Graph()
    lanes = {
        ref.text.strip(): _named(lane)
        for lane in root.iter(f"{BPMN}lane")
        for ref in lane.findall(f"{BPMN}flowNodeRef")
        if ref.text
    }
    nodes = {node.id: node for node in _nodes(root, lanes)}
    flows = {
        flow.get("id", ""): (flow.get("sourceRef", ""), flow.get("targetRef", ""))
        for flow in root.iter(f"{BPMN}sequenceFlow")
    }
    process = root.find(f"{BPMN}process[@isExecutable='true']")
    return Graph(nodes, flows, _named(process).en if process is not None else "")


def _named(element: ET.Element) -> Drawn:
    return Drawn(one_line(element.get("name", "")), _property(element, ENGLISH))


def _documented(element: ET.Element) -> Drawn:
    text = (element.findtext(f"{BPMN}documentation") or "").strip()
    return Drawn(text, _property(element, ENGLISH_DOCUMENTATION))


def _property(element: ET.Element, name: str) -> str:
    for item in element.iterfind(f"{BPMN}extensionElements/{ZEEBE}properties/{ZEEBE}property"):
        if item.get("name") == name:
            return item.get("value", "")
    return ""


def _nodes(root: ET.Element, lanes: Mapping[str, Drawn], inherited: Drawn = NAMELESS) -> Iterator[Node]:
    for element in root:
        kind = element.tag.removeprefix(BPMN)
        lane = lanes.get(element.get("id", ""), inherited)
        if kind in STEPS:
            yield _node(element, kind, lane)
        if kind in {"process", "subProcess", "collaboration"} or root.tag.endswith("definitions"):
            yield from _nodes(element, lanes, lane)


def _due_kind(element: ET.Element) -> str:
    schedule = element.find(f".//{ZEEBE}taskSchedule")
    found = DUE.search(schedule.get("dueDate", "")) if schedule is not None else None
    return found.group(1) if found else ""


def _starters(element: ET.Element) -> tuple[str, ...]:
    return tuple(part.strip() for part in _property(element, "starters").split(",") if part.strip())


def _node(element: ET.Element, kind: str, lane: Drawn) -> Node:
    form = element.find(f".//{ZEEBE}formDefinition")
    assigned = element.find(f".//{ZEEBE}assignmentDefinition")
    called = element.find(f".//{ZEEBE}calledElement")
    operation = element.find(f"{BPMN}extensionElements/{ZEEBE}taskDefinition")
    events = [child.tag.removeprefix(BPMN) for child in element if child.tag.endswith("EventDefinition")]
    groups = assigned.get("candidateGroups", "") if assigned is not None else ""
    return Node(
        id=element.get("id", ""),
        kind=kind,
        name=_named(element),
        lane=lane,
        documentation=_documented(element),
        due_kind=_due_kind(element),
        form_id=form.get("formId", "") if form is not None and kind == "userTask" else "",
        roles=tuple(part.strip() for part in groups.split(",") if part.strip()) if not groups.startswith("=") else (),
        calls=called.get("processId", "") if called is not None and kind == "callActivity" else "",
        event=events[0].removesuffix("EventDefinition") if events else "",
        interrupts=element.get("cancelActivity") != "false",
        operation=operation.get("type", "") if operation is not None else "",
        attached_to=element.get("attachedToRef", ""),
        many=element.find(f"{BPMN}multiInstanceLoopCharacteristics") is not None,
        starters=_starters(element) if kind == "startEvent" else (),
    )
