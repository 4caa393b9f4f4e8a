"""Where a diagram holds FEEL: every expression with the element it stands on, its purpose and the names it may read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from app.engine import xml
from app.engine.lint.messages import messages
from app.engine.lint.tasks import mapping, setting
from app.engine.lint.timers import timer_parts, timers
from app.engine.lint.variables import After, At, Before, results
from app.engine.lint.vocabulary import Named
from app.engine.xml import BPMN, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.engine.lint.diagram import Diagram, Node

COUNTERS: Final = frozenset(
    {
        "loopCounter",
        "numberOfInstances",
        "numberOfActiveInstances",
        "numberOfCompletedInstances",
        "numberOfTerminatedInstances",
    }
)

_SETTINGS: Final = (
    ("assignmentDefinition", "candidateGroups", Named("候选组", "candidate groups")),
    ("assignmentDefinition", "candidateUsers", Named("候选人", "candidate users")),
    ("assignmentDefinition", "assignee", Named("办理人", "assignee")),
    ("taskSchedule", "dueDate", Named("到期时间", "due date")),
    ("taskSchedule", "followUpDate", Named("提醒时间", "follow-up date")),
    ("priorityDefinition", "priority", Named("优先级", "priority")),
    ("calledElement", "processId", Named("被调用的流程", "called process")),
    ("calledDecision", "decisionId", Named("决策", "decision")),
)


@dataclass(frozen=True)
class Expression:
    """One text that is FEEL, or ought to be."""

    element_id: str
    label: str
    purpose: Named
    text: str
    """As written, with its leading "="."""
    moment: At
    """From where on it reads variables."""
    locals: frozenset[str] = field(default=frozenset())
    """Names that it may read besides."""
    must_be_feel: bool = True
    """False where fixed text may stand as well."""


def expressions(diagram: Diagram) -> list[Expression]:
    """Return every expression of the executable processes, in the order of the file as far as possible."""
    found: list[Expression] = []
    for node in diagram.nodes:
        found.extend(_of_node(diagram, node))
    for flow in diagram.flows:
        if flow.condition is not None and text_of(flow.condition):
            moment: At = Before(None) if flow.source is None else After(flow.source)
            text = text_of(flow.condition)
            found.append(Expression(flow.id, flow.label, Named("条件", "condition"), text, moment))
    found.extend(_timers(diagram))
    found.extend(_correlation_keys(diagram))
    return [item for item in found if item.text]


def _of_node(diagram: Diagram, node: Node) -> Iterator[Expression]:
    inside = local_names(node)
    for holder, attribute, purpose in _SETTINGS:
        text = setting(node, holder, attribute)
        yield Expression(node.id, node.label, purpose, text, Before(node), inside, must_be_feel=False)
    if node.type == "scriptTask":
        text = setting(node, "script", "expression")
        yield Expression(node.id, node.label, Named("脚本", "script"), text, Before(node), inside)
    for target, item in mapping(node, "input"):
        purpose = Named(f"输入 {target}", f"input {target}")
        text = item.get("source", "").strip()
        outside = _outer(node) | _element(node)
        yield Expression(node.id, node.label, purpose, text, Before(node), outside, must_be_feel=False)
    given = results(diagram, node)
    for target, item in mapping(node, "output"):
        purpose = Named(f"输出 {target}", f"output {target}")
        text = item.get("source", "").strip()
        moment: At = Before(node) if given is not None else After(node, open=True)
        seen = inside | (given or frozenset())
        yield Expression(node.id, node.label, purpose, text, moment, seen, must_be_feel=False)
    yield from _loop(diagram, node, inside)


def local_names(node: Node) -> frozenset[str]:
    """Return the names that only this node and what lies in it see: its input mapping and multi-instance element."""
    mapped = {target.partition(".")[0] for target, _ in mapping(node, "input")}
    return (_element(node) | _outer(node) | mapped) - {""}


def _element(node: Node) -> frozenset[str]:
    """Return the names that each instance of a multi-instance has for itself."""
    if node.loop is None:
        return frozenset()
    zeebe = xml.extension(node.loop, "loopCharacteristics")
    return frozenset({"loopCounter", "" if zeebe is None else zeebe.get("inputElement", "").strip()})


def _loop(diagram: Diagram, node: Node, inside: frozenset[str]) -> Iterator[Expression]:
    if node.loop is None:
        return
    zeebe = xml.extension(node.loop, "loopCharacteristics")
    given = results(diagram, node)
    after: At = After(node, open=given is None)
    seen = inside | COUNTERS | (given or frozenset())
    if zeebe is not None:
        collection = zeebe.get("inputCollection", "").strip()
        element = zeebe.get("outputElement", "").strip()
        output = zeebe.get("outputCollection", "").strip()
        seen |= {output} - {""}
        purpose = Named("多实例的输入集合", "input collection")
        yield Expression(node.id, node.label, purpose, collection, Before(node), _outer(node))
        yield Expression(node.id, node.label, Named("多实例的输出元素", "output element"), element, after, seen)
    condition = text_of(xml.child(node.loop, BPMN, "completionCondition"))
    yield Expression(node.id, node.label, Named("完成条件", "completion condition"), condition, after, seen)


def _outer(node: Node) -> frozenset[str]:
    """Return the local names of what a node lies in."""
    if node.scope.parent is None:
        return frozenset()
    owner = next((outer for outer in node.scope.parent.nodes if outer.inner is node.scope), None)
    return frozenset() if owner is None else local_names(owner)


def _timers(diagram: Diagram) -> Iterator[Expression]:
    for node, definition in timers(diagram):
        for part in timer_parts(definition):
            purpose = Named("定时", "timer")
            yield Expression(
                node.id, node.label, purpose, text_of(part), Before(node), _outer(node), must_be_feel=False
            )


def _correlation_keys(diagram: Diagram) -> Iterator[Expression]:
    for node, reference in messages(diagram):
        message = diagram.referenced(reference, "message")
        if message is None or (node.type == "startEvent" and node.scope.parent is None):
            continue
        for subscription in xml.extensions(message, "subscription"):
            text = subscription.get("correlationKey", "").strip()
            purpose = Named("关联键", "correlation key")
            yield Expression(node.id, node.label, purpose, text, Before(node), local_names(node))
