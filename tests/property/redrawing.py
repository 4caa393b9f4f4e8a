"""A process owner without scruples: takes a shipped diagram and redraws it at random, one operator after another."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from lxml import etree

from app.domain.roles import PROJECT_ROLES
from app.services.recorders import PURPOSES, RECORDERS, SIGNATURES
from tests.property.drawing import BPMN, MODEL, every, said
from tests.property.drawing import inside as inside_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

Node = etree._Element
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
DRAWING = "{http://www.omg.org/spec/BPMN/20100524/DI}"
TASKS = ("userTask", "serviceTask", "businessRuleTask", "callActivity", "sendTask", "scriptTask")


@dataclass
class Sheet:
    """A diagram being redrawn."""

    root: Node
    chance: Random
    done: list[str] = field(default_factory=list)
    """What has been redrawn, for the reader of a failure."""

    @property
    def source(self) -> bytes:
        """The file as it stands now."""
        return etree.tostring(self.root, encoding="UTF-8", xml_declaration=True)

    def tasks(self, *kinds: str) -> list[Node]:
        """Return the tasks of these kinds (default: user tasks)."""
        return [task for kind in kinds or ("userTask",) for task in every(self.root, kind)]

    def some(self, found: list[Node]) -> Node:
        """Return one of them; raise LookupError where there is none."""
        if not found:
            raise LookupError
        return self.chance.choice(found)

    def flows(self, *, source: str = "", target: str = "") -> list[Node]:
        """Return the sequence flows from or to an element."""
        return [
            flow
            for flow in every(self.root, "sequenceFlow")
            if source in {"", said(flow, "sourceRef")} and target in {"", said(flow, "targetRef")}
        ]

    def element(self, element_id: str) -> Node:
        """Return an element by its id."""
        return next(node for node in self.root.iter() if said(node, "id") == element_id)

    def boundaries(self, element_id: str) -> list[Node]:
        """Return the events on the border of an element."""
        return [event for event in every(self.root, "boundaryEvent") if said(event, "attachedToRef") == element_id]

    def remove(self, node: Node) -> None:
        """Take an element out, and every mention of it in lanes."""
        for mention in every(self.root, "flowNodeRef"):
            if mention.text == said(node, "id"):
                _drop(mention)
        _drop(node)

    def remove_path(self, event: Node) -> None:
        """Take an event out, and all that can be reached by it alone."""
        todo = [event]
        while todo:
            node = todo.pop()
            flows = self.flows(source=said(node, "id"))
            self.remove(node)
            todo.extend(self.boundaries(said(node, "id")))
            for flow in flows:
                _drop(flow)
                target = said(flow, "targetRef")
                if not self.flows(target=target):
                    todo.append(self.element(target))

    def prune(self) -> None:
        """Take out what no way leads to any more, so that it can be drawn at all."""
        while dead := self._unreached():
            for node in dead:
                name = said(node, "id")
                for flow in [*self.flows(source=name), *self.flows(target=name)]:
                    _drop(flow)
                self.remove(node)

    def _unreached(self) -> list[Node]:
        inside = [node for node in self.root.iter() if isinstance(node.tag, str) and node.tag.startswith(MODEL)]
        nodes = {said(node, "id"): node for node in inside if etree.QName(node).localname in NODES}
        onward: dict[str, set[str]] = {name: set() for name in nodes}
        for flow in self.flows():
            onward.setdefault(said(flow, "sourceRef"), set()).add(said(flow, "targetRef"))
        for name, node in nodes.items():
            onward[name] |= {said(event, "id") for event in self.boundaries(name)}
            onward[name] |= {said(one, "id") for one in node.iter(f"{MODEL}startEvent") if one is not node}
        reached: set[str] = set()
        todo = [said(event, "id") for event in every(self.root, "startEvent") if inside_of(event) == "process"]
        while todo:
            name = todo.pop()
            if name not in reached:
                reached.add(name)
                todo.extend(onward.get(name, ()))
        return [node for name, node in nodes.items() if name not in reached]


NODES = frozenset({
    *TASKS, "startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent",
    "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "receiveTask", "subProcess",
})  # fmt: skip
"""What a sequence flow can lead to, and the events on its border."""


def _drop(node: Node) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)


def drop_task(sheet: Sheet) -> str:
    """Take a task out; what came before it goes on to what came after it."""
    task = sheet.some([
        task for task in sheet.tasks(*TASKS) if len(sheet.flows(source=said(task, "id"))) == 1
    ])  # fmt: skip
    name = said(task, "id")
    (onward,) = sheet.flows(source=name)
    for event in sheet.boundaries(name):
        sheet.remove_path(event)
    for flow in sheet.flows(target=name):
        flow.set("targetRef", said(onward, "targetRef"))
    sheet.remove(task)
    _drop(onward)
    return f"drop {name}"


def reroute(sheet: Sheet) -> str:
    """Lead a way somewhere else in the same scope."""
    flow = sheet.some(sheet.flows())
    scope = flow.getparent()
    targets = [
        node for node in scope if isinstance(node.tag, str) and node.tag.startswith(MODEL)
        and etree.QName(node).localname in {*TASKS, "exclusiveGateway", "endEvent", "intermediateCatchEvent"}
        and said(node, "id") not in {said(flow, "sourceRef"), said(flow, "targetRef")}
    ]  # fmt: skip
    target = sheet.some(targets)
    flow.set("targetRef", said(target, "id"))
    sheet.prune()
    return f"lead {said(flow, 'id')} to {said(target, 'id')}"


def begin_at(sheet: Sheet) -> str:
    """Begin in the middle: whatever came before it is gone."""
    start = sheet.some([event for event in every(sheet.root, "startEvent") if inside_of(event) == "process"])
    scope = start.getparent()
    task = sheet.some([task for task in sheet.tasks() if task.getparent() is scope])
    for flow in sheet.flows(source=said(start, "id")):
        flow.set("targetRef", said(task, "id"))
    sheet.prune()
    return f"begin at {said(task, 'id')}"


def invert(sheet: Sheet) -> str:
    """Turn a gateway's question round: the ways that it leads to change places."""
    gateway = sheet.some([
        gate for gate in every(sheet.root, "exclusiveGateway") if len(sheet.flows(source=said(gate, "id"))) > 1
    ])  # fmt: skip
    flows = sheet.flows(source=said(gateway, "id"))
    first, second = sheet.chance.sample(flows, 2)
    one, other = said(first, "targetRef"), said(second, "targetRef")
    first.set("targetRef", other)
    second.set("targetRef", one)
    return f"turn {said(gateway, 'id')} round"


def always(sheet: Sheet) -> str:
    """Let a gateway always go one way."""
    flow = sheet.some([flow for flow in sheet.flows() if flow.find(f"{MODEL}conditionExpression") is not None])
    condition = flow.find(f"{MODEL}conditionExpression")
    assert condition is not None
    wanted = sheet.chance.choice(("=true", "=false"))
    condition.text = wanted
    return f"{said(flow, 'id')} {wanted}"


def swap_forms(sheet: Sheet) -> str:
    """Exchange what two tasks are for: form, purpose and outputs; the lanes stay."""
    one, other = _two(sheet, sheet.tasks())
    first, second = one.find(f"{MODEL}extensionElements"), other.find(f"{MODEL}extensionElements")
    assert first is not None
    assert second is not None
    lanes = [node.find(f"{ZEEBE}assignmentDefinition") for node in (first, second)]
    groups = [said(lane, "candidateGroups") for lane in lanes]
    if "" in groups:
        raise LookupError
    for lane, group in zip(lanes, reversed(groups), strict=True):
        assert lane is not None
        lane.set("candidateGroups", group)
    one.append(deepcopy(second))
    other.append(deepcopy(first))
    _drop(first)
    _drop(second)
    for task in (one, other):  # extension elements come first
        inner = task.find(f"{MODEL}extensionElements")
        assert inner is not None
        task.insert(1 if task.find(f"{MODEL}documentation") is not None else 0, inner)
    return f"exchange the forms of {said(one, 'id')} and {said(other, 'id')}"


def swap_places(sheet: Sheet) -> str:
    """Exchange two tasks' places in the order; in the main process these are its phases."""
    one, other = _two(sheet, sheet.tasks("userTask", "callActivity"))
    a, b = said(one, "id"), said(other, "id")
    for flow in sheet.flows():
        for end in ("sourceRef", "targetRef"):
            flow.set(end, {a: b, b: a}.get(said(flow, end), said(flow, end)))
    for event in every(sheet.root, "boundaryEvent"):
        host = said(event, "attachedToRef")
        event.set("attachedToRef", {a: b, b: a}.get(host, host))
    return f"exchange {a} and {b}"


def _two(sheet: Sheet, found: list[Node]) -> tuple[Node, Node]:
    scopes = {task.getparent() for task in found}
    scope = sheet.chance.choice(sorted(scopes, key=lambda node: said(node, "id"))) if scopes else None
    inside = [task for task in found if task.getparent() is scope]
    if len(inside) < 2:
        raise LookupError
    one, other = sheet.chance.sample(inside, 2)
    return one, other


def change_role(sheet: Sheet) -> str:
    """Give a task to another office."""
    task = sheet.some(sheet.tasks())
    lane = next(iter(task.iter(f"{ZEEBE}assignmentDefinition")))
    role = sheet.chance.choice(sorted(PROJECT_ROLES))
    lane.attrib.pop("assignee", None)
    lane.set("candidateGroups", role)
    return f"give {said(task, 'id')} to {role}"


def drop_event(sheet: Sheet) -> str:
    """Take a timer or message off a task's border, with all that only it leads to."""
    event = sheet.some(every(sheet.root, "boundaryEvent"))
    sheet.remove_path(event)
    return f"take {said(event, 'id')} off"


def twice(sheet: Sheet) -> str:
    """Let a task be done twice, one after the other."""
    task = sheet.some([task for task in sheet.tasks() if len(sheet.flows(source=said(task, "id"))) == 1])
    name = said(task, "id")
    again = deepcopy(task)
    again.set("id", f"{name}_again")
    for way in (*again.iter(f"{MODEL}incoming"), *again.iter(f"{MODEL}outgoing")):
        _drop(way)
    scope = task.getparent()
    assert scope is not None
    scope.append(again)
    (onward,) = sheet.flows(source=name)
    onward.set("sourceRef", f"{name}_again")
    onward_id = f"f_{name}_again"
    scope.append(etree.Element(f"{MODEL}sequenceFlow", id=onward_id, sourceRef=name, targetRef=f"{name}_again"))
    return f"do {name} twice"


def other_form(sheet: Sheet) -> str:
    """Put quite another form into a task, for whoever it belongs to, with no purpose named or with a wrong one."""
    task = sheet.some(sheet.tasks())
    extensions = task.find(f"{MODEL}extensionElements")
    assert extensions is not None
    kind = sheet.chance.choice(("form", "form", "signs", "records"))
    table = {"form": RECORDERS, "signs": SIGNATURES, "records": PURPOSES}[kind]
    key = sheet.chance.choice(sorted(table))
    recorder = table[key]
    for old in [*extensions.iter(f"{ZEEBE}ioMapping"), *extensions.iter(f"{ZEEBE}properties")]:
        _drop(old)
    for node in extensions.iter(f"{ZEEBE}formDefinition"):
        node.set("formId", recorder.form_id)
    for node in extensions.iter(f"{ZEEBE}assignmentDefinition"):
        node.attrib.pop("assignee", None)
        node.set("candidateGroups", sheet.chance.choice(sorted(recorder.roles)))
    if kind != "form":
        properties = etree.SubElement(extensions, f"{ZEEBE}properties")
        etree.SubElement(properties, f"{ZEEBE}property", name=kind, value=key)
    return f"put {kind} {key} into {said(task, 'id')}"


def drop_purpose(sheet: Sheet) -> str:
    """Forget what a task signs or records."""
    named = [node for node in sheet.root.iter(f"{ZEEBE}property") if said(node, "name") in {"signs", "records"}]
    node = sheet.some(named)
    _drop(node)
    return f"forget {said(node, 'name')} {said(node, 'value')}"


OPERATORS: tuple[Callable[[Sheet], str], ...] = (
    drop_task, reroute, begin_at, invert, always, swap_forms, swap_places, change_role, drop_event, twice, other_form,
    drop_purpose,
)  # fmt: skip
"""Every way in which a diagram is redrawn, in a fixed order."""


def redraw(
    process_id: str, chance: Random, *, most: int = 3, operators: Sequence[Callable[[Sheet], str]] = ()
) -> Sheet:
    """Redraw a shipped process by one to `most` operators; its picture is left out, so it may not look like it runs."""
    sheet = Sheet(deepcopy(_drawn(process_id)), chance)
    choice = operators or OPERATORS
    for _ in range(chance.randint(1, most)):
        operator = chance.choice(choice)
        before = deepcopy(sheet.root)
        try:
            sheet.done.append(f"{operator.__name__}: {operator(sheet)}")
        except (LookupError, StopIteration):
            sheet.root = before
    return sheet


@cache
def _drawn(process_id: str) -> Node:
    root = etree.fromstring((BPMN / f"{process_id}.bpmn").read_bytes())
    for node in [*root.iter(f"{DRAWING}BPMNDiagram"), *every(root, "incoming"), *every(root, "outgoing")]:
        _drop(node)
    return root
