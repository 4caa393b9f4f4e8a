"""Repairs on what a process is and where it begins and ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from app.engine.lint.diagram import Scope
from app.engine.repairs import tree
from app.engine.repairs.boxes import Picture, fresh, picture_of, size_of
from app.engine.repairs.registry import Done, Site, repairs
from app.engine.xml import MODELER

if TYPE_CHECKING:
    from app.engine.lint.diagram import Node

PLATFORM = {"executionPlatform": "Camunda Cloud", "executionPlatformVersion": "8.8.0"}


@repairs("not-executable", zh="标为可执行", en="Mark as executable")
def mark_executable(site: Site) -> Done | None:
    """Set isExecutable on the process that is meant."""
    if site.element is None:
        return None
    site.element.set("isExecutable", "true")
    return Done((site.element_id,), "流程已标为可执行。", "The process is marked as executable.")


@repairs("platform-not-camunda-8", zh="注明平台", en="Name the platform")
def name_platform(site: Site) -> Done | None:
    """Say on the file for which platform it is drawn, so that desktop modelers show the right properties."""
    # lxml cannot add a prefix to an element that exists: the attribute brings its own where none is declared
    for name, value in PLATFORM.items():
        site.root.set(f"{{{MODELER}}}{name}", value)
    etree.cleanup_namespaces(site.root, top_nsmap={"modeler": MODELER}, keep_ns_prefixes=[*_prefixes(site.root)])
    return Done((), "已注明是 Camunda 8 的流程图。", "The file now says that it is a Camunda 8 diagram.")


def _prefixes(root: etree._Element) -> list[str]:
    return [prefix for prefix in root.nsmap if prefix]


@repairs("implicit-end", "user-task-without-outgoing", zh="接一个结束事件", en="Add an end event")
def add_end(site: Site) -> Done | None:
    """Lead an element that nothing follows to an end event of its own."""
    node = site.diagram.node_by_id.get(site.element_id)
    if node is None or not _may_end(node):
        return None
    end, flow = _ended(site, picture_of(site), node)
    return Done((end, flow), f"「{node.label}」之后接了一个结束事件。", f"“{node.label}” now leads to an end event.")


@repairs("no-end", zh="补上结束事件", en="Add the missing end event")
def add_ends(site: Site) -> Done | None:
    """Give a process an end event after each element that nothing follows."""
    scope = next((scope for scope in site.diagram.scopes if scope.id == site.element_id), None)
    if scope is None:
        return None
    last = [node for node in scope.nodes if not node.outgoing and node.type != "endEvent" and _may_end(node)]
    if not last:
        return None
    picture = picture_of(site)
    changed = [name for node in last for name in _ended(site, picture, node)]
    names = "、".join(f"「{node.label}」" for node in last[:3])
    return Done(tuple(changed), f"{names}之后补了结束事件。", f"Added end events after {len(last)} elements.")


@repairs("no-start", zh="补上开始事件", en="Add the missing start event")
def add_start(site: Site) -> Done | None:
    """Give a process a start event before the first element that nothing leads to."""
    scope = next((scope for scope in site.diagram.scopes if scope.id == site.element_id), None)
    first = _first(scope) if scope else None
    if scope is None or first is None:
        return None
    picture = picture_of(site)
    start_id = fresh(site.diagram, "start")
    start = tree.append(scope.element, "startEvent", id=start_id)
    flow_id = _flow(site, scope, (start_id, start), (first.id, first.element))
    box = picture.boxes.get(first.id)
    if box is not None:
        width, height = size_of("startEvent")
        middle = box.y + box.height / 2
        picture.put(start_id, type(box)(box.x - 60 - width, middle - height / 2, width, height))
        picture.connect(flow_id, start_id, first.id)
    return Done(
        (start_id, flow_id), f"「{first.label}」之前补了开始事件。", f"Added a start event before “{first.label}”."
    )


def _may_end(node: Node) -> bool:
    """Say whether an end event may follow: an event gateway leads to events that are waited for, never to an end."""
    return bool(node.element.get("id")) and node.type != "eventBasedGateway"


def _first(scope: Scope) -> Node | None:
    loose = [node for node in scope.nodes if not node.incoming and node.host is None and node.element.get("id")]
    return loose[0] if len(loose) == 1 else None


def _ended(site: Site, picture: Picture, node: Node) -> tuple[str, str]:
    end_id = fresh(site.diagram, f"end_{node.id}")
    end = tree.append(node.scope.element, "endEvent", id=end_id)
    flow_id = _flow(site, node.scope, (node.id, node.element), (end_id, end))
    if node.id in picture.boxes:
        picture.put(end_id, picture.beside(node.id, size_of("endEvent")))
        picture.connect(flow_id, node.id, end_id)
    _same_lane(site, node.id, end_id)
    return end_id, flow_id


def _flow(site: Site, scope: Scope, source: tuple[str, etree._Element], target: tuple[str, etree._Element]) -> str:
    flow_id = fresh(site.diagram, f"flow_{source[0]}_{target[0]}")
    tree.append(scope.element, "sequenceFlow", id=flow_id, sourceRef=source[0], targetRef=target[0])
    tree.put_reference(source[1], "outgoing", flow_id)
    tree.put_reference(target[1], "incoming", flow_id)
    return flow_id


def _same_lane(site: Site, like: str, new: str) -> None:
    """List a new element in the lane that lists its neighbour."""
    for reference in list(site.root.iter(tree.bpmn("flowNodeRef"))):
        if (reference.text or "").strip() == like and (lane := reference.getparent()) is not None:
            tree.append(lane, "flowNodeRef").text = new
