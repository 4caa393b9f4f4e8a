"""Rules on branching: gateways, their conditions and defaults, and what branches without one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.engine.lint.diagram import ACTIVITIES, GATEWAYS, Diagram, Flow, Node
from app.engine.lint.graph import after, circles
from app.engine.lint.rules import ERROR, INFO, WARNING, Hits, at, rule
from app.engine.xml import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHOOSING: Final = frozenset({"exclusiveGateway", "inclusiveGateway"})
_SEVERAL: Final = 2


def has_condition(flow: Flow) -> bool:
    """Say whether a flow has a condition with something in it."""
    return flow.condition is not None and bool(text_of(flow.condition).lstrip("= "))


def choosing(diagram: Diagram) -> Iterator[Node]:
    """Yield the exclusive and inclusive gateways that choose among flows, or whose one flow has a condition."""
    for node in diagram.nodes:
        if node.type in _CHOOSING and (len(node.outgoing) >= _SEVERAL or any(map(has_condition, node.outgoing))):
            yield node


@rule(
    "complex-gateway",
    ERROR,
    zh="复杂网关“%(name)s”不能执行。",
    en="The complex gateway “%(name)s” cannot be executed.",
    hint="请改用排他、包容或并行网关；“几人通过即可”用多实例的完成条件。",
    hint_en="Use an exclusive, inclusive or parallel gateway; for “n of m” use the completion condition of a "
    "multi-instance.",
)
def complex_gateway(diagram: Diagram) -> Hits:
    """Yield each complex gateway."""
    for node in diagram.nodes_of("complexGateway"):
        yield at(node.id, name=node.label)


@rule(
    "flow-without-condition",
    ERROR,
    zh="%(type)s“%(gateway)s”的出线“%(name)s”既没有条件，也不是默认连线。",
    en="The flow “%(name)s” of the %(type)s “%(gateway)s” has no condition and is not the default.",
    hint="请写上条件（以 = 开头的 FEEL 表达式），或把它设为默认连线。",
    hint_en="Write a condition (a FEEL expression that begins with =), or make it the default flow.",
)
def flow_without_condition(diagram: Diagram) -> Hits:
    """Yield each flow out of a choosing gateway that says nothing about when it is taken."""
    for node in choosing(diagram):
        for flow in node.outgoing:
            if not flow.is_default and not has_condition(flow):
                yield at(flow.id, type=node.type_name, gateway=node.label, name=flow.label)


@rule(
    "no-default-flow",
    WARNING,
    zh="%(type)s“%(name)s”没有默认连线；条件都不成立时流程会出错停住。",
    en="The %(type)s “%(name)s” has no default flow; if no condition holds, the instance stops with an error.",
    hint="请设一条默认连线，最好通向有人办理的步骤。",
    hint_en="Set a default flow, best to a step that a person works on.",
)
def no_default_flow(diagram: Diagram) -> Hits:
    """Yield each choosing gateway without a default flow whose flows all have a condition."""
    for node in choosing(diagram):
        if all(has_condition(flow) and not flow.is_default for flow in node.outgoing):
            yield at(node.id, type=node.type_name, name=node.label)


@rule(
    "default-to-end",
    INFO,
    zh="排他网关“%(name)s”的默认连线直接通向结束；没有想到的情况会悄悄办结。",
    en="The default flow of the exclusive gateway “%(name)s” leads straight to an end; what nobody thought of would "
    "silently finish.",
    hint="请让默认连线通向有人办理的步骤。",
    hint_en="Lead the default flow to a step that a person works on.",
)
def default_to_end(diagram: Diagram) -> Hits:
    """Yield each choosing gateway whose default flow leads straight to an end event."""
    for node in choosing(diagram):
        for flow in node.outgoing:
            if flow.is_default and flow.target is not None and flow.target.type == "endEvent":
                yield at(node.id, name=node.label)


@rule(
    "default-with-condition",
    WARNING,
    zh="默认连线“%(name)s”上写了条件，引擎不会看它。",
    en="The default flow “%(name)s” has a condition, which the engine does not read.",
    hint="请删去条件，或另设默认连线。",
    hint_en="Remove the condition, or make another flow the default.",
)
def default_with_condition(diagram: Diagram) -> Hits:
    """Yield each default flow that has a condition."""
    for flow in diagram.flows:
        if flow.is_default and has_condition(flow):
            yield at(flow.id, name=flow.label)


@rule(
    "default-unknown",
    ERROR,
    zh="“%(name)s”的默认连线“%(reference)s”不是它的出线。",
    en="The default flow “%(reference)s” of “%(name)s” does not leave it.",
    hint="请重新选择默认连线。",
    hint_en="Choose the default flow again.",
)
def default_unknown(diagram: Diagram) -> Hits:
    """Yield each node whose default names a flow that does not leave it."""
    for node in diagram.nodes:
        wanted = node.element.get("default", "").strip()
        if wanted and wanted not in {flow.id for flow in node.outgoing}:
            yield at(node.id, name=node.label, reference=wanted)


@rule(
    "condition-not-read",
    ERROR,
    zh="连线“%(name)s”上有条件，但它从%(type)s“%(source)s”出来，那里不看条件。",
    en="The flow “%(name)s” has a condition, but the %(type)s “%(source)s” that it leaves reads none.",
    hint="请在这里放一个排他网关或包容网关。",
    hint_en="Put an exclusive or inclusive gateway there.",
)
def condition_not_read(diagram: Diagram) -> Hits:
    """Yield each flow with a condition that does not leave an exclusive or inclusive gateway."""
    for flow in diagram.flows:
        source = flow.source
        if source is not None and source.type not in _CHOOSING | {"complexGateway"} and has_condition(flow):
            yield at(flow.id, name=flow.label, type=source.type_name, source=source.label)


@rule(
    "several-outgoing",
    ERROR,
    zh="%(type)s“%(name)s”有 %(count)s 条出线，引擎只允许一条。",
    en="%(count)s flows leave the %(type)s “%(name)s”; the engine allows one.",
    hint="同时进行的用并行网关分开，择一进行的用排他网关。",
    hint_en="Split with a parallel gateway for all of them, or with an exclusive gateway for one of them.",
)
def several_outgoing(diagram: Diagram) -> Hits:
    """Yield each activity or event with more than one outgoing flow."""
    for node in diagram.nodes:
        if node.type not in GATEWAYS | {"startEvent", "endEvent"} and len(node.outgoing) >= _SEVERAL:
            yield at(node.id, type=node.type_name, name=node.label, count=len(node.outgoing))


@rule(
    "start-with-several-outgoing",
    WARNING,
    zh="开始事件“%(name)s”有 %(count)s 条出线，会同时走，图上看不出来。",
    en="%(count)s flows leave the start event “%(name)s”; all of them are taken, which the drawing does not show.",
    hint="请画出并行网关。",
    hint_en="Draw a parallel gateway.",
)
def start_with_several_outgoing(diagram: Diagram) -> Hits:
    """Yield each start event with more than one outgoing flow."""
    for node in diagram.nodes_of("startEvent"):
        if len(node.outgoing) >= _SEVERAL:
            yield at(node.id, name=node.label, count=len(node.outgoing))


@rule(
    "default-outside-gateway",
    ERROR,
    zh="%(type)s“%(name)s”设了默认连线，引擎不看。",
    en="The %(type)s “%(name)s” names a default flow, which the engine does not read.",
    hint="请在它之后放一个排他网关，在网关上设默认连线。",
    hint_en="Put an exclusive gateway after it and set the default there.",
)
def default_outside_gateway(diagram: Diagram) -> Hits:
    """Yield each activity that names a default flow."""
    for node in diagram.nodes:
        if node.type in ACTIVITIES and node.element.get("default", "").strip():
            yield at(node.id, type=node.type_name, name=node.label)


@rule(
    "inclusive-join-in-circle",
    ERROR,
    zh="包容网关“%(name)s”在循环里汇合，引擎分不清哪些分支还会到来。",
    en="The inclusive gateway “%(name)s” joins inside a circle; the engine cannot tell which branches are yet to come.",
    hint="请把汇合移到循环之外，或改用排他、并行网关。",
    hint_en="Join outside the circle, or use exclusive or parallel gateways.",
)
def inclusive_join_in_circle(diagram: Diagram) -> Hits:
    """Yield each joining inclusive gateway that stands in a circle."""
    for circle in circles(diagram.nodes, after):
        for node in circle:
            if node.type == "inclusiveGateway" and len(node.incoming) >= _SEVERAL:
                yield at(node.id, name=node.label)


@rule(
    "event-gateway-target",
    ERROR,
    zh="事件网关“%(gateway)s”后面是%(type)s“%(name)s”；那里只能接定时、消息、信号捕获事件或接收任务。",
    en="After the event-based gateway “%(gateway)s” comes the %(type)s “%(name)s”; only timer, message or signal catch "
    "events and receive tasks may follow.",
    hint="请在网关与这一步之间加一个捕获事件，或改用排他网关。",
    hint_en="Put a catch event between them, or use an exclusive gateway.",
)
def event_gateway_target(diagram: Diagram) -> Hits:
    """Yield what follows an event-based gateway and is no event."""
    for gateway in diagram.nodes_of("eventBasedGateway"):
        for flow in gateway.outgoing:
            node = flow.target
            if node is None or node.type == "receiveTask":
                continue
            if node.type != "intermediateCatchEvent" or not node.kinds & {"timer", "message", "signal"}:
                yield at(node.id, gateway=gateway.label, type=node.type_name, name=node.label)


@rule(
    "event-gateway-shared-target",
    ERROR,
    zh="“%(name)s”接在事件网关之后，却还有别的连线进来。",
    en="“%(name)s” follows an event-based gateway and another flow leads into it as well.",
    hint="请给另一条路单独画一个捕获事件。",
    hint_en="Draw a catch event of its own for the other path.",
)
def event_gateway_shared_target(diagram: Diagram) -> Hits:
    """Yield each event after an event-based gateway that has another way in."""
    for gateway in diagram.nodes_of("eventBasedGateway"):
        for flow in gateway.outgoing:
            if flow.target is not None and len(flow.target.incoming) >= _SEVERAL:
                yield at(flow.target.id, name=flow.target.label)


@rule(
    "event-gateway-alone",
    WARNING,
    zh="事件网关“%(name)s”后面不足两个事件，没有可选的。",
    en="Fewer than two events follow the event-based gateway “%(name)s”; there is nothing to choose.",
    hint="请删去网关，或补上另一个事件。",
    hint_en="Remove the gateway, or add another event.",
)
def event_gateway_alone(diagram: Diagram) -> Hits:
    """Yield each event-based gateway with fewer than two flows."""
    for node in diagram.nodes_of("eventBasedGateway"):
        if len(node.outgoing) == 1:
            yield at(node.id, name=node.label)


@rule(
    "event-gateway-starts",
    ERROR,
    zh="事件网关“%(name)s”用来启动流程，引擎不支持。",
    en="The event-based gateway “%(name)s” starts the process, which the engine cannot do.",
    hint="请改用几个消息或定时开始事件。",
    hint_en="Use several message or timer start events.",
)
def event_gateway_starts(diagram: Diagram) -> Hits:
    """Yield each instantiating event-based gateway."""
    for node in diagram.nodes_of("eventBasedGateway"):
        if node.element.get("instantiate") == "true" or node.element.get("eventGatewayType") == "Parallel":
            yield at(node.id, name=node.label)


@rule(
    "gateway-joins-and-splits",
    INFO,
    zh="%(type)s“%(name)s”既汇合又分支，看图的人容易误解。",
    en="The %(type)s “%(name)s” joins and splits at once, which readers easily misunderstand.",
    hint="请分成两个网关，先汇合后分支。",
    hint_en="Draw two gateways, one that joins and one that splits.",
)
def gateway_joins_and_splits(diagram: Diagram) -> Hits:
    """Yield each parallel or inclusive gateway with several flows in and several out."""
    for node in diagram.nodes_of("parallelGateway", "inclusiveGateway"):
        if len(node.incoming) >= _SEVERAL and len(node.outgoing) >= _SEVERAL:
            yield at(node.id, type=node.type_name, name=node.label)


@rule(
    "superfluous-gateway",
    INFO,
    zh="%(type)s“%(name)s”一进一出，没有作用。",
    en="The %(type)s “%(name)s” has one flow in and one out and does nothing.",
    hint="请删去它。",
    hint_en="Remove it.",
)
def superfluous_gateway(diagram: Diagram) -> Hits:
    """Yield each gateway with one flow in and one out."""
    for node in diagram.nodes_of("exclusiveGateway", "inclusiveGateway", "parallelGateway"):
        if len(node.incoming) == 1 == len(node.outgoing) and not has_condition(node.outgoing[0]):
            yield at(node.id, type=node.type_name, name=node.label)
