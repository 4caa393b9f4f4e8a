"""Rules on how things are connected: flows, what can be reached, where it stops, and what runs in circles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.engine.lint.graph import after, circles, reachable
from app.engine.lint.rules import ERROR, WARNING, Hits, at, rule
from app.engine.lint.vocabulary import Named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.engine.lint.diagram import Diagram, Node


_DECIDING: Final = frozenset({"exclusiveGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"})


_WAITING: Final = frozenset(
    {"userTask", "manualTask", "task", "receiveTask", "callActivity", "intermediateCatchEvent", "eventBasedGateway"}
)


def is_special(node: Node) -> bool:
    """Say whether a node stands outside the flow by its nature (findings of their own): handlers and links."""
    return (
        node.element.get("isForCompensation") == "true"
        or node.element.get("triggeredByEvent") == "true"
        or bool(node.kinds & {"compensate", "link"})
        or node.scope.type == "adHocSubProcess"
    )


@rule(
    "start-with-incoming",
    ERROR,
    zh="有连线指向开始事件“%(name)s”，引擎会陷入循环。",
    en="A flow leads into the start event “%(name)s”; the engine would run in circles.",
    hint="请把连线改接到开始事件之后的一步（或一个排他网关）。",
    hint_en="Lead the flow to the step after it (or to an exclusive gateway).",
)
def start_with_incoming(diagram: Diagram) -> Hits:
    """Yield each start event that a flow leads to."""
    for node in diagram.nodes_of("startEvent"):
        if node.incoming:
            yield at(node.id, name=node.label)


@rule(
    "end-with-outgoing",
    ERROR,
    zh="结束事件“%(name)s”后面还有连线。",
    en="A flow leaves the end event “%(name)s”.",
    hint="请删去这条连线，或把结束事件换成中间事件。",
    hint_en="Remove the flow, or turn the end event into an intermediate event.",
)
def end_with_outgoing(diagram: Diagram) -> Hits:
    """Yield each end event that a flow leaves."""
    for node in diagram.nodes_of("endEvent"):
        if node.outgoing:
            yield at(node.id, name=node.label)


@rule(
    "dangling-flow",
    ERROR,
    zh="连线“%(name)s”的%(end)s没有接到任何元素。",
    en="The %(end)s of the flow “%(name)s” is not connected to anything.",
    hint="请把它接到一个步骤、事件或网关，或删去。",
    hint_en="Connect it to a step, event or gateway, or remove it.",
)
def dangling_flow(diagram: Diagram) -> Hits:
    """Yield each flow whose source or target does not exist."""
    for flow in diagram.flows:
        if flow.source is None:
            yield at(flow.id, name=flow.label, end=_END_OF_FLOW[0])
        if flow.target is None:
            yield at(flow.id, name=flow.label, end=_END_OF_FLOW[1])


@rule(
    "flow-across-border",
    ERROR,
    zh="连线“%(name)s”穿过了子流程或泳池的边界。",
    en="The flow “%(name)s” crosses the border of a sub-process or pool.",
    hint="请接到子流程本身，或在泳池之间用消息。",
    hint_en="Connect it to the sub-process itself, or use messages between pools.",
)
def flow_across_border(diagram: Diagram) -> Hits:
    """Yield each flow that joins nodes of different scopes, or that is kept in another scope than they."""
    for flow in diagram.flows:
        ends = (flow.source, flow.target)
        if any(end is not None and end.scope is not flow.scope for end in ends):
            yield at(flow.id, name=flow.label)


@rule(
    "boundary-with-incoming",
    ERROR,
    zh="有连线指向边界事件“%(name)s”；它只能由所附的步骤触发。",
    en="A flow leads into the boundary event “%(name)s”; only its host can trigger it.",
    hint="请把连线改接到步骤本身。",
    hint_en="Lead the flow to the step itself.",
)
def boundary_with_incoming(diagram: Diagram) -> Hits:
    """Yield each boundary event that a flow leads to."""
    for node in diagram.nodes_of("boundaryEvent"):
        if node.incoming:
            yield at(node.id, name=node.label)


@rule(
    "unreachable",
    ERROR,
    zh="%(type)s“%(name)s”从开始事件走不到，引擎会悄悄略去它。",
    en="The %(type)s “%(name)s” cannot be reached from a start event; the engine would silently drop it.",
    hint="请用连线把它接入流程，或删去。",
    hint_en="Connect it, or remove it.",
)
def unreachable(diagram: Diagram) -> Hits:
    """Yield each node that no start event leads to."""
    for scope in diagram.scopes:
        reached = reachable((node for node in scope.nodes if node.type == "startEvent"), after)
        for node in scope.nodes:
            if node not in reached and not is_special(node) and not _is_loose_boundary(node):
                yield at(node.id, type=node.type_name, name=node.label)


@rule(
    "user-task-without-outgoing",
    ERROR,
    zh="用户任务“%(name)s”没有出线，办完后流程永远结束不了。",
    en="No flow leaves the user task “%(name)s”; the instance would never complete.",
    hint="请连到下一步或一个结束事件。",
    hint_en="Connect it to the next step or to an end event.",
)
def user_task_without_outgoing(diagram: Diagram) -> Hits:
    """Yield each user task that no flow leaves."""
    for node in diagram.nodes_of("userTask"):
        if not node.outgoing and not is_special(node):
            yield at(node.id, name=node.label)


@rule(
    "implicit-end",
    ERROR,
    zh="%(type)s“%(name)s”没有出线，流程走到这里就停住，不会结束。",
    en="No flow leaves the %(type)s “%(name)s”; the instance would stop here and never complete.",
    hint="请连到下一步或一个结束事件。",
    hint_en="Connect it to the next step or to an end event.",
)
def implicit_end(diagram: Diagram) -> Hits:
    """Yield every other node, end events apart, that no flow leaves."""
    for node in diagram.nodes:
        if node.type not in ("endEvent", "userTask") and not node.outgoing and not is_special(node):
            yield at(node.id, type=node.type_name, name=node.label)


@rule(
    "circle-without-gateway",
    ERROR,
    zh="“%(name)s”所在的 %(count)s 个元素首尾相连，中间没有排他、包容或事件网关，引擎会陷入循环。",
    en="“%(name)s” stands in a circle of %(count)s elements without an exclusive, inclusive or event-based gateway; "
    "the engine would run in circles.",
    hint="请在循环里放一个排他网关，决定继续还是离开。",
    hint_en="Put an exclusive gateway into the circle that decides whether to go on or to leave.",
)
def circle_without_gateway(diagram: Diagram) -> Hits:
    """Yield one element of each circle that no gateway decides on; parallel gateways decide nothing."""
    nodes = [node for node in diagram.nodes if node.type not in _DECIDING]
    for circle in circles(nodes, _by_flow):
        first = _first(diagram, circle)
        yield at(first.id, name=first.label, count=len(circle), trace=tuple(_round(first, set(circle))))


@rule(
    "circle-without-wait",
    WARNING,
    zh="“%(name)s”所在的循环里没有人办理，也不等待任何事件，可能一步之内转个不停。",
    en="The circle of “%(name)s” holds no person's task and waits for nothing; it may spin within one step.",
    hint="请在循环里放一个用户任务、定时或消息事件，或改用多实例。",
    hint_en="Put a user task, a timer or a message into it, or use a multi-instance.",
)
def circle_without_wait(diagram: Diagram) -> Hits:
    """Yield one element of each circle, through gateways, in which nothing ever waits."""
    nodes = [node for node in diagram.nodes if node.type not in _WAITING and node.inner is None]
    for circle in circles(nodes, _by_flow):
        if any(node.type in _DECIDING for node in circle):
            first = _first(diagram, circle)
            yield at(first.id, name=first.label, trace=tuple(_round(first, set(circle))))


def _is_loose_boundary(node: Node) -> bool:
    return node.type == "boundaryEvent" and node.host is None


def _by_flow(node: Node) -> Iterator[Node]:
    return (flow.target for flow in node.outgoing if flow.target is not None)


def _round(first: Node, circle: set[Node]) -> list[str]:
    """Return a shortest way round a circle, from its first element back to it."""
    came: dict[Node, Node] = {}
    pending = [first]
    for node in pending:  # grows while it is gone through
        for step in _by_flow(node):
            if step is first:
                way = [node]
                while way[-1] is not first:
                    way.append(came[way[-1]])
                return [*(each.id for each in reversed(way)), first.id]
            if step in circle and step not in came:
                came[step] = node
                pending.append(step)
    return [first.id]


def _first(diagram: Diagram, circle: list[Node]) -> Node:
    return min(circle, key=lambda node: diagram.order.get(node.id, 0))


_END_OF_FLOW: Final = (Named("起点", "source"), Named("终点", "target"))
