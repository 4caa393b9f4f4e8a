"""Rules on events: kinds that cannot be executed, where each may stand, errors and escalations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.engine.lint.rules import ERROR, Hits, at, rule
from app.engine.lint.vocabulary import Named
from app.engine.xml import local_name

if TYPE_CHECKING:
    from app.engine.lint.diagram import Diagram, Node


KIND_NAMES: Final = {
    "": Named("空白", "blank"),
    "timer": Named("定时", "timer"),
    "message": Named("消息", "message"),
    "signal": Named("信号", "signal"),
    "error": Named("错误", "error"),
    "escalation": Named("升级", "escalation"),
    "terminate": Named("终止", "terminate"),
    "compensate": Named("补偿", "compensation"),
    "link": Named("链接", "link"),
    "conditional": Named("条件", "conditional"),
    "cancel": Named("取消", "cancel"),
}


_NOT_EXECUTABLE: Final = frozenset({"compensate", "link", "conditional", "cancel"})


_MAY_BE: Final = {
    "startEvent": frozenset({"", "timer", "message", "signal"}),
    "endEvent": frozenset({"", "terminate", "error", "escalation", "message", "signal"}),
    "intermediateCatchEvent": frozenset({"timer", "message", "signal"}),
    "intermediateThrowEvent": frozenset({"", "message", "signal", "escalation"}),
    "boundaryEvent": frozenset({"timer", "message", "signal", "error", "escalation"}),
}


def event_kind(node: Node) -> str:
    """Return the kind of an event: `timer`, `message` …, empty for a none event."""
    return local_name(node.definitions[0]).removesuffix("EventDefinition") if node.definitions else ""


@rule(
    "event-not-executable",
    ERROR,
    zh="%(kind)s事件“%(name)s”不能执行，令牌会丢失或被忽略。",
    en="The %(kind)s event “%(name)s” cannot be executed; its token would be lost or ignored.",
    hint="%(way)s",
    hint_en="%(way)s",
)
def event_not_executable(diagram: Diagram) -> Hits:
    """Yield each compensation, link, conditional and cancel event."""
    for node in diagram.nodes:
        for kind in sorted(node.kinds & _NOT_EXECUTABLE):
            yield at(node.id, kind=KIND_NAMES[kind], name=node.label, way=_INSTEAD[kind])


@rule(
    "compensation-handler",
    ERROR,
    zh="“%(name)s”标为补偿处理，不能执行。",
    en="“%(name)s” is marked as a compensation handler and cannot be executed.",
    hint="请把撤销工作画成普通步骤，由网关或错误边界事件引到它。",
    hint_en="Draw the undoing as an ordinary step that a gateway or an error boundary event leads to.",
)
def compensation_handler(diagram: Diagram) -> Hits:
    """Yield each activity marked for compensation."""
    for node in diagram.nodes:
        if node.element.get("isForCompensation") == "true":
            yield at(node.id, name=node.label)


@rule(
    "event-sub-process",
    ERROR,
    zh="事件子流程“%(name)s”不能执行：它不会打断主流程，还会使流程无法结束。",
    en="The event sub-process “%(name)s” cannot be executed: it would not interrupt, and could keep the process from "
    "ending.",
    hint="请把主要步骤放进一个普通子流程，在它的边框上放边界事件。",
    hint_en="Put the main steps into an ordinary sub-process and a boundary event on its border.",
)
def event_sub_process(diagram: Diagram) -> Hits:
    """Yield each sub-process that an event triggers."""
    for node in diagram.nodes:
        if node.element.get("triggeredByEvent") == "true":
            yield at(node.id, name=node.label)


@rule(
    "event-kind-misplaced",
    ERROR,
    zh="“%(name)s”是%(kind)s%(type)s，这里不能用这种事件。",
    en="“%(name)s” is a %(kind)s %(type)s; this kind of event cannot stand here.",
    hint="%(type)s可以是：%(allowed)s。",
    hint_en="A %(type)s may be: %(allowed)s.",
)
def event_kind_misplaced(diagram: Diagram) -> Hits:
    """Yield each event of a kind that its place does not allow."""
    for node in diagram.nodes:
        allowed = _MAY_BE.get(node.type)
        if allowed is None or len(node.definitions) > 1:
            continue
        if node.type == "startEvent" and node.scope.parent is not None:
            if node.scope.element.get("triggeredByEvent") == "true":
                continue
            allowed = frozenset({""})
        kind = event_kind(node)
        if kind not in allowed and kind not in _NOT_EXECUTABLE:
            name = KIND_NAMES.get(kind, Named(kind))
            yield at(node.id, name=node.label, kind=name, type=node.type_name, allowed=_listed(allowed))


@rule(
    "several-event-definitions",
    ERROR,
    zh="“%(name)s”一个事件里有 %(count)s 个触发条件，只有一个会起作用。",
    en="The event “%(name)s” has %(count)s triggers; only one would work.",
    hint="请拆成几个事件，用事件网关或几个边界事件。",
    hint_en="Split it into several events, with an event-based gateway or several boundary events.",
)
def several_event_definitions(diagram: Diagram) -> Hits:
    """Yield each multiple or parallel multiple event."""
    for node in diagram.nodes:
        if len(node.definitions) > 1:
            yield at(node.id, name=node.label, count=len(node.definitions))


@rule(
    "boundary-without-host",
    ERROR,
    zh="边界事件“%(name)s”没有附在任何步骤上。",
    en="The boundary event “%(name)s” is not attached to a step.",
    hint="请把它拖到一个步骤的边框上。",
    hint_en="Drag it onto the border of a step.",
)
def boundary_without_host(diagram: Diagram) -> Hits:
    """Yield each boundary event without an activity."""
    for node in diagram.nodes_of("boundaryEvent"):
        if node.host is None:
            yield at(node.id, name=node.label)


@rule(
    "error-must-interrupt",
    ERROR,
    zh="错误边界事件“%(name)s”设为不中断；错误总是中断所附的步骤。",
    en="The error boundary event “%(name)s” is non-interrupting; an error always interrupts its host.",
    hint="请改为中断，或改用升级事件。",
    hint_en="Make it interrupting, or use an escalation.",
)
def error_must_interrupt(diagram: Diagram) -> Hits:
    """Yield each non-interrupting error boundary event."""
    for node in diagram.nodes_of("boundaryEvent"):
        if "error" in node.kinds and node.element.get("cancelActivity") == "false":
            yield at(node.id, name=node.label)


@rule(
    "throw-without-code",
    ERROR,
    zh="“%(name)s”没有写明抛出哪个%(kind)s代码，谁也接不住。",
    en="“%(name)s” does not say which %(kind)s code it throws, so nothing can catch it.",
    hint="请在属性里选择%(kind)s，并给它一个代码。",
    hint_en="Choose the %(kind)s in its properties and give it a code.",
)
def throw_without_code(diagram: Diagram) -> Hits:
    """Yield each error or escalation that is thrown without a code."""
    for node in diagram.nodes_of("endEvent", "intermediateThrowEvent"):
        for kind in sorted(node.kinds & {"error", "escalation"}):
            target = diagram.referenced(node.definitions[0].get(f"{kind}Ref"), kind)
            if target is None or not target.get(f"{kind}Code", "").strip():
                yield at(node.id, name=node.label, kind=KIND_NAMES[kind])


def _listed(kinds: frozenset[str]) -> Named:
    names = [name for kind, name in KIND_NAMES.items() if kind in kinds]
    return Named("、".join(name.zh for name in names), ", ".join(name.en for name in names))


_INSTEAD: Final = {
    "compensate": Named(
        "请把撤销工作画成普通步骤，由网关或错误边界事件引到它。",
        "Draw the undoing as an ordinary step that a gateway or an error boundary event leads to.",
    ),
    "link": Named("请直接用连线连接。", "Connect the two places by a sequence flow."),
    "conditional": Named(
        "请改用消息或信号事件，或在步骤之后用排他网关判断。",
        "Use a message or signal event, or an exclusive gateway after the step.",
    ),
    "cancel": Named("请改用错误事件。", "Use an error event."),
}
