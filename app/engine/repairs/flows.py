"""Repairs on sequence flows: loose ones, missing conditions, default flows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.engine import xml
from app.engine.lint.gateways import has_condition
from app.engine.repairs import tree
from app.engine.repairs.boxes import picture_of
from app.engine.repairs.registry import Done, Site, repairs
from app.engine.xml import BPMN, XSI, text_of

if TYPE_CHECKING:
    from app.engine.lint.diagram import Flow, Node

PEOPLE = frozenset({"userTask", "manualTask", "callActivity", "receiveTask"})


@repairs("dangling-flow", zh="删去这条连线", en="Remove the flow")
def remove_dangling(site: Site) -> Done | None:
    """Remove a flow that leads from or to nothing, with its line and whatever names it."""
    flow = _flow(site)
    if flow is None:
        return None
    _forget(site, flow)
    return Done((flow.id,), f"没有接好的连线「{flow.label}」已删去。", f"The loose flow “{flow.label}” is removed.")


@repairs("default-with-condition", zh="删去条件", en="Remove the condition")
def remove_condition(site: Site) -> Done | None:
    """Remove the condition of a default flow, which nobody reads."""
    flow = _flow(site)
    if flow is None or flow.condition is None:
        return None
    tree.remove(flow.condition)
    return Done((flow.id,), "默认连线上的条件已删去。", "The condition of the default flow is removed.")


@repairs("default-unknown", zh="去掉默认连线", en="Remove the default")
def remove_default(site: Site) -> Done | None:
    """Remove the name of a default flow that does not leave the gateway."""
    if site.element is None:
        return None
    site.element.attrib.pop("default", None)
    return Done((site.element_id,), "不存在的默认连线已去掉。", "The default that does not exist is removed.")


@repairs("no-default-flow", zh="设默认连线", en="Set a default flow")
def set_default(site: Site) -> Done | None:
    """Make the flow to a step that a person works on the default; its condition is not needed any more."""
    node = site.diagram.node_by_id.get(site.element_id)
    if node is None or not node.outgoing:
        return None
    chosen = _for_default(node)
    if chosen is None:
        return None
    return _default(node, chosen)


@repairs("flow-without-condition", zh="补上条件", en="Add the missing condition")
def add_condition(site: Site) -> Done | None:
    """Give a flow the condition that none of the others holds; where none of them has one, make it the default."""
    flow = _flow(site)
    if flow is None or flow.source is None:
        return None
    others = [other for other in flow.source.outgoing if other is not flow]
    said = [text_of(other.condition).lstrip("=").strip() for other in others if has_condition(other)]
    if not said or not all(has_condition(other) or other.is_default for other in others):
        if any(other.is_default for other in flow.source.outgoing):
            return None
        return _default(flow.source, flow)
    left = " or ".join(f"({text})" for text in said) if len(said) > 1 else said[0]
    condition = f"=not({left})"
    element = flow.condition if flow.condition is not None else tree.append(flow.element, "conditionExpression")
    element.set(f"{{{XSI}}}type", _formal(flow))
    element.text = condition
    return Done(
        (flow.id,), f"「{flow.label}」的条件补为 {condition}。", f"The condition of “{flow.label}” is now {condition}."
    )


def _formal(flow: Flow) -> str:
    prefix = next((prefix for prefix, space in flow.element.nsmap.items() if space == BPMN and prefix), "")
    return f"{prefix}:tFormalExpression" if prefix else "tFormalExpression"


def _default(node: Node, flow: Flow) -> Done | None:
    own = flow.element.get("id")
    if not own:
        return None
    node.element.set("default", own)
    if flow.condition is not None:
        tree.remove(flow.condition)
    return Done(
        (node.id, own),
        f"「{node.label}」的默认连线设为通向「{_target(flow)}」的一条。",
        f"The default flow of “{node.label}” is now the one to “{_target(flow)}”.",
    )


def _for_default(node: Node) -> Flow | None:
    """Return the flow that leads to a person, else the last one that leads to no end (Specification: never an end)."""
    onward = [flow for flow in node.outgoing if flow.target is not None and flow.element.get("id")]
    people = [flow for flow in onward if flow.target is not None and flow.target.type in PEOPLE]
    others = [flow for flow in onward if flow.target is not None and flow.target.type != "endEvent"]
    found = people or others or onward
    return found[-1] if found else None


def _target(flow: Flow) -> str:
    return flow.target.label if flow.target is not None else ""


def _flow(site: Site) -> Flow | None:
    return next((flow for flow in site.diagram.flows if flow.id == site.element_id), None)


def _forget(site: Site, flow: Flow) -> None:
    own = flow.element.get("id", "")
    for reference in list(xml.descendants(site.root, BPMN, "incoming", "outgoing")):
        if own and text_of(reference) == own:
            tree.remove(reference)
    if flow.source is not None and flow.source.element.get("default") == own:
        flow.source.element.attrib.pop("default", None)
    tree.remove(flow.element)
    picture_of(site).forget([own])
