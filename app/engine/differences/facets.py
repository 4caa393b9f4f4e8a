"""What is written on one element of a diagram, taken apart into single values with names that people know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.engine import xml
from app.engine.differences.change import Said, plain
from app.engine.lint.diagram import Diagram, Flow, Node
from app.engine.lint.tasks import is_expression, listed
from app.engine.xml import BPMN, ZEEBE, XmlElement, children, local_name, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.engine.lint.vocabulary import Form, Named, Operation, Process, Vocabulary


@dataclass(frozen=True)
class Facet:
    """One value: what it is called, and how it reads."""

    name: Said
    value: Said
    raw: str
    """As written, for comparing."""


_EXTENSIONS: Final = {
    ("assignmentDefinition", "candidateGroups"): Said("办理角色", "role"),
    ("assignmentDefinition", "candidateUsers"): Said("候选人", "candidate users"),
    ("assignmentDefinition", "assignee"): Said("办理人", "assignee"),
    ("formDefinition", "formId"): Said("表单", "form"),
    ("taskSchedule", "dueDate"): Said("到期时间", "due date"),
    ("taskSchedule", "followUpDate"): Said("提醒时间", "follow-up date"),
    ("priorityDefinition", "priority"): Said("优先级", "priority"),
    ("taskDefinition", "type"): Said("操作", "operation"),
    ("calledElement", "processId"): Said("调用的流程", "called process"),
    ("calledElement", "bindingType"): Said("调用的版本", "version called"),
    ("calledElement", "versionTag"): Said("调用的版本标签", "version tag called"),
    ("calledDecision", "decisionId"): Said("决策", "decision"),
    ("calledDecision", "resultVariable"): Said("结果变量", "result variable"),
    ("script", "expression"): Said("脚本", "script"),
    ("script", "resultVariable"): Said("结果变量", "result variable"),
    ("loopCharacteristics", "inputCollection"): Said("多实例的清单", "input collection"),
    ("loopCharacteristics", "inputElement"): Said("多实例的元素", "input element"),
    ("loopCharacteristics", "outputCollection"): Said("多实例的结果清单", "output collection"),
    ("loopCharacteristics", "outputElement"): Said("多实例的结果元素", "output element"),
    ("versionTag", "value"): Said("版本标签", "version tag"),
}
_ATTRIBUTES: Final = {
    "name": Said("名称", "name"),
    "attachedToRef": Said("附着的步骤", "attached to"),
    "cancelActivity": Said("触发时中断该步骤", "interrupts its step"),
    "isInterrupting": Said("中断", "interrupting"),
    "isExecutable": Said("可执行", "executable"),
    "triggeredByEvent": Said("由事件触发", "triggered by an event"),
}
_TIMERS: Final = {
    "timeDate": Said("定时（日期）", "timer (date)"),
    "timeDuration": Said("定时（时长）", "timer (duration)"),
    "timeCycle": Said("定时（周期）", "timer (cycle)"),
}
_PROPERTIES: Final = {
    "days": Said("办理期限（工作日）", "working days"),
    "signs": Said("所签表单", "signs"),
    "shows": Said("一并显示的表单", "shows"),
    "records": Said("记录的含义", "records"),
    "idle": Said("闲置提醒", "idle reminder"),
    "together": Said("可以一起签批", "may be signed together"),
    "starters": Said("可发起的角色", "who may start it"),
    "en.name": Said("英文名称", "English name"),
    "en.documentation": Said("英文说明", "English documentation"),
}
_YES: Final = {"true": Said("是", "yes"), "false": Said("否", "no")}


def facets_of(diagram: Diagram, element: XmlElement, lanes: Mapping[str, Said]) -> dict[str, Facet]:
    """Return all that is written on an element, by a key that says where."""
    found = dict(_own(diagram, element))
    own = element.get("id", "")
    if own in lanes:
        found["lane"] = Facet(Said("泳道", "lane"), lanes[own], lanes[own].zh)
    return found


def lanes_of(diagram: Diagram) -> dict[str, Said]:
    """Return in which lane each element lies."""
    found = {}
    for lane in xml.descendants(diagram.root, BPMN, "lane"):
        if xml.child(lane, BPMN, "childLaneSet") is not None:
            continue
        name = plain(lane.get("name", "") or lane.get("id", ""))
        for reference in children(lane, BPMN, "flowNodeRef"):
            found[text_of(reference)] = name
    return found


def _own(diagram: Diagram, element: XmlElement) -> Iterator[tuple[str, Facet]]:
    for name, called in _ATTRIBUTES.items():
        value = element.get(name, "")
        if name == "cancelActivity" and local_name(element) == "boundaryEvent":
            value = value or "true"
        if value:
            yield name, Facet(called, _value(diagram, name, value), value)
    documentation = text_of(xml.child(element, BPMN, "documentation"))
    if documentation:
        yield "documentation", Facet(Said("说明", "documentation"), plain(documentation), documentation)
    annotation = text_of(xml.child(element, BPMN, "text")) if local_name(element) == "textAnnotation" else ""
    if annotation:
        yield "text", Facet(Said("批注", "annotation"), plain(annotation), annotation)
    yield from _conditions(element)
    yield from _events(diagram, element)
    yield from _extended(diagram, element)
    loop = xml.child(element, BPMN, "multiInstanceLoopCharacteristics")
    if loop is not None:
        manner = (
            Said("依次", "one after the other") if loop.get("isSequential") == "true" else Said("同时", "in parallel")
        )
        yield "loop", Facet(Said("多人办理", "multi-instance"), manner, manner.zh)
        yield from ((f"loop.{key}", facet) for key, facet in _extended(diagram, loop))
        until = text_of(xml.child(loop, BPMN, "completionCondition"))
        if until:
            yield "loop.until", Facet(Said("完成条件", "completion condition"), plain(until), until)


def _conditions(element: XmlElement) -> Iterator[tuple[str, Facet]]:
    condition = text_of(xml.child(element, BPMN, "conditionExpression"))
    if condition:
        yield "condition", Facet(Said("条件", "condition"), plain(condition), condition)


def _events(diagram: Diagram, element: XmlElement) -> Iterator[tuple[str, Facet]]:
    for definition in children(element, BPMN):
        kind = local_name(definition)
        if not kind.endswith("EventDefinition") and kind != "receiveTask":
            continue
        event = kind.removesuffix("EventDefinition")
        yield f"event.{event}", Facet(Said("事件种类", "event"), _EVENTS.get(event, plain(event)), event)
        for name, called in _TIMERS.items():
            text = text_of(xml.child(definition, BPMN, name))
            if text:
                yield name, Facet(called, plain(text), text)
        yield from _referenced(diagram, definition)
    yield from _referenced(diagram, element)


def _referenced(diagram: Diagram, element: XmlElement) -> Iterator[tuple[str, Facet]]:
    for what, called in (("message", "消息"), ("signal", "信号"), ("error", "错误"), ("escalation", "升级")):
        found = diagram.referenced(element.get(f"{what}Ref"), what)
        if found is None:
            continue
        name = found.get("name", "") or found.get("errorCode", "") or found.get("id", "")
        yield what, Facet(Said(called, what), plain(name), name)
        subscription = xml.extension(found, "subscription")
        key = "" if subscription is None else subscription.get("correlationKey", "")
        if key:
            yield "correlation", Facet(Said("关联键", "correlation key"), plain(key), key)


def _extended(diagram: Diagram, element: XmlElement) -> Iterator[tuple[str, Facet]]:
    for holder in children(element, BPMN, "extensionElements"):
        for item in children(holder, ZEEBE):
            yield from _extension(diagram, item)


def _extension(diagram: Diagram, item: XmlElement) -> Iterator[tuple[str, Facet]]:
    kind = local_name(item)
    if kind == "ioMapping":
        for entry in children(item, ZEEBE, "input", "output"):
            target, source = entry.get("target", ""), entry.get("source", "")
            way = Said(f"输入 {target}", f"input {target}")
            if local_name(entry) == "output":
                way = Said(f"输出 {target}", f"output {target}")
            yield f"{local_name(entry)}.{target}", Facet(way, plain(source), source)
        return
    if kind == "taskHeaders":
        for entry in children(item, ZEEBE, "header"):
            key, value = entry.get("key", ""), entry.get("value", "")
            yield f"header.{key}", Facet(Said(f"参数 {key}", f"header {key}"), plain(value), value)
        return
    if kind == "properties":
        for entry in children(item, ZEEBE, "property"):
            key, value = entry.get("name", ""), entry.get("value", "")
            called = _PROPERTIES.get(key, Said(f"属性 {key}", f"property {key}"))
            yield f"property.{key}", Facet(called, plain(value), value)
        return
    for name, value in item.items():
        called = _EXTENSIONS.get((kind, str(name)), Said(f"{kind} {name}", f"{kind} {name}"))
        if (kind, name) == ("calledElement", "propagateAllChildVariables"):
            called = Said("带回全部变量", "takes back all variables")
        yield f"{kind}.{name}", Facet(called, _value(diagram, f"{kind}.{name}", str(value)), str(value))


def _value(diagram: Diagram, where: str, text: str) -> Said:
    """Return a value in words: codes of roles, forms, operations and processes by their names."""
    if text in _YES:
        return _YES[text]
    if where == "assignmentDefinition.candidateGroups" and not is_expression(text):
        return roles(text, diagram.vocabulary)
    if where == "attachedToRef" and text in diagram.node_by_id:
        return plain(f"「{diagram.node_by_id[text].label}」")
    return _named(_known(diagram.vocabulary, where, text), text)


def _known(vocabulary: Vocabulary, where: str, text: str) -> Named | None:
    """Return what the vocabulary calls a form, operation, process or decision."""
    if where == "calledDecision.decisionId":
        return (vocabulary.decisions or {}).get(text)
    holders: Mapping[str, Mapping[str, Form | Operation | Process]] = {
        "formDefinition.formId": vocabulary.forms or {},
        "taskDefinition.type": vocabulary.operations or {},
        "calledElement.processId": vocabulary.processes or {},
    }
    found = holders.get(where, {}).get(text)
    return None if found is None else found.name


def roles(text: str, vocabulary: Vocabulary) -> Said:
    """Return candidate groups by the names of their roles."""
    known = vocabulary.roles or {}
    named = [(known[code].zh, known[code].en) if code in known else (code, code) for code in listed(text)]
    return Said("、".join(zh for zh, _ in named), ", ".join(en for _, en in named))


def _named(name: Named | None, code: str) -> Said:
    if name is None or not name.zh:
        return plain(code)
    return Said(f"{name.zh}（{code}）", f"{name.en or name.zh} ({code})")


def called(node: Node | Flow) -> str:
    """Return what a sentence calls a node or flow: its name on one line, else its id."""
    return " ".join(node.label.split())


_EVENTS: Final = {
    "timer": Said("定时", "timer"),
    "message": Said("消息", "message"),
    "signal": Said("信号", "signal"),
    "error": Said("错误", "error"),
    "escalation": Said("升级", "escalation"),
    "terminate": Said("全部终止", "terminate"),
    "conditional": Said("条件", "conditional"),
    "compensate": Said("补偿", "compensation"),
    "link": Said("链接", "link"),
}
