"""A drawing made ready to be played: its nodes, flows, scopes, and what can follow a boundary event."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from app.engine import xml
from app.engine.extensions import Extensions, read_extensions

if TYPE_CHECKING:
    from app.engine.xml import XmlElement

WAITS: Final = frozenset({"userTask", "callActivity"})
SCOPES: Final = frozenset({"subProcess", "transaction"})


@dataclass
class Node:
    """One flow node with what the diagram says about it."""

    id: str
    kind: str
    name: str
    scope: str
    said: Extensions
    incoming: list[str] = field(default_factory=list)
    outgoing: list[str] = field(default_factory=list)
    default: str = ""
    edges: list[str] = field(default_factory=list)
    """Boundary events on it."""
    interrupts: bool = True
    many: bool = False
    ends_scope: bool = False

    @property
    def symbol(self) -> str:
        """What it asks for: a form, or a called process; empty for what needs nobody."""
        if self.kind == "userTask":
            return self.said.form_id or f"task {self.id}"
        return f"call {self.said.called_process}" if self.kind == "callActivity" else ""


@dataclass
class Drawing:
    """A drawing made ready for many rehearsals."""

    nodes: dict[str, Node]
    targets: dict[str, str]
    """Flow → node."""
    conditions: dict[str, str]
    """Flow → FEEL text."""
    scope_of: dict[str, str]
    """Flow → the scope in which it lies."""
    parents: dict[str, str]
    """Scope → the scope around it; the process has none."""
    starts: dict[str, list[str]]
    """Scope → its none start events."""
    symbols: frozenset[str]
    root: str
    reached: dict[str, frozenset[str]] = field(default_factory=dict)
    """Node → the forms and calls to which something leads from it."""


def read(source: bytes) -> Drawing:
    """Return the one executable process of a diagram, ready to be played; raises DiagramNotExecutable for no XML.

    The drawing need not be free of findings: what cannot be followed simply leads nowhere.
    """
    document = xml.parse_xml(source)
    processes = [one for one in xml.descendants(document, xml.BPMN, "process") if one.get("isExecutable") == "true"]
    drawing = Drawing({}, {}, {}, {}, {}, defaultdict(list), frozenset(), "")
    if processes:
        drawing.root = processes[0].get("id", "")
        _collect(drawing, processes[0], drawing.root)
    drawing.symbols = frozenset(node.symbol for node in drawing.nodes.values() if node.symbol)
    drawing.reached = {
        key: _reached(drawing, key) for key, node in drawing.nodes.items() if node.kind == "boundaryEvent"
    }
    return drawing


def _reached(drawing: Drawing, start: str) -> frozenset[str]:
    """Return the forms and calls that can follow a node, also inside scopes and after the one around it."""
    seen, pending = {start}, [start]
    while pending:
        node = drawing.nodes[pending.pop()]
        following = [drawing.targets[flow] for flow in node.outgoing] + node.edges
        if node.kind in SCOPES:
            following += drawing.starts[node.id]
        if not node.outgoing and node.scope in drawing.nodes:
            following += [drawing.targets[flow] for flow in drawing.nodes[node.scope].outgoing]
        for each in following:
            if each not in seen:
                seen.add(each)
                pending.append(each)
    return frozenset(drawing.nodes[each].symbol for each in seen if drawing.nodes[each].symbol)


def _collect(drawing: Drawing, scope: XmlElement, scope_id: str) -> None:
    for element in xml.children(scope, xml.BPMN):
        kind, key = xml.local_name(element), element.get("id", "")
        if kind == "sequenceFlow":
            continue
        if not key or not (kind in WAITS | SCOPES or kind.endswith(("Event", "Gateway", "Task", "task"))):
            continue
        if kind in SCOPES and element.get("triggeredByEvent") == "true":
            continue
        drawing.nodes[key] = _node_of(element, kind, scope_id)
        if kind == "startEvent":
            drawing.starts[scope_id].append(key)
        if kind in SCOPES:
            drawing.parents[key] = scope_id
            _collect(drawing, element, key)
    for element in xml.children(scope, xml.BPMN, "boundaryEvent"):
        host = drawing.nodes.get(element.get("attachedToRef", ""))
        if host is not None and element.get("id"):
            host.edges.append(element.get("id", ""))
    _connect(drawing, scope, scope_id)


def _node_of(element: XmlElement, kind: str, scope_id: str) -> Node:
    return Node(
        element.get("id", ""),
        kind,
        " ".join(element.get("name", "").split()),
        scope_id,
        read_extensions(element),
        default=element.get("default", ""),
        interrupts=element.get("cancelActivity") != "false",
        many=xml.child(element, xml.BPMN, "multiInstanceLoopCharacteristics") is not None,
        ends_scope=xml.child(element, xml.BPMN, "terminateEventDefinition", "errorEventDefinition") is not None,
    )


def _connect(drawing: Drawing, scope: XmlElement, scope_id: str) -> None:
    for flow in xml.children(scope, xml.BPMN, "sequenceFlow"):
        key, source, target = (flow.get(name, "") for name in ("id", "sourceRef", "targetRef"))
        if not key or source not in drawing.nodes or target not in drawing.nodes:
            continue
        drawing.nodes[source].outgoing.append(key)
        drawing.nodes[target].incoming.append(key)
        drawing.targets[key] = target
        drawing.scope_of[key] = scope_id
        condition = xml.text_of(xml.child(flow, xml.BPMN, "conditionExpression"))
        if condition:
            drawing.conditions[key] = condition
