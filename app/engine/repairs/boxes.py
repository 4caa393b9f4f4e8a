"""The drawing beside the model: shapes and lines put in for what has none, so that an editor can show it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from lxml import etree

from app.engine import xml
from app.engine.lint.diagram import ACTIVITIES, EVENTS, SUB_PROCESSES
from app.engine.lint.picture import misplaced
from app.engine.repairs.registry import Done, Site, repairs
from app.engine.xml import BPMN, BPMNDI, DC, DI

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from app.engine.lint.diagram import Diagram, Node
    from app.engine.xml import XmlElement

GAP: Final = 60
ROW: Final = 120


@dataclass(frozen=True)
class Box:
    """Where a shape stands, in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> tuple[float, float]:
        """The middle of the right edge."""
        return self.x + self.width, self.y + self.height / 2

    @property
    def left(self) -> tuple[float, float]:
        """The middle of the left edge."""
        return self.x, self.y + self.height / 2

    def meets(self, other: Box) -> bool:
        """Say whether two shapes lie on each other."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


class Picture:
    """The plane of a diagram: its shapes by element, and how to add to it."""

    def __init__(self, root: XmlElement, diagram: Diagram) -> None:
        self.root = root
        self.diagram = diagram
        self.boxes: dict[str, Box] = {}
        self.lines: set[str] = set()
        self._lowest: dict[tuple[float, float], float] = {}
        """Where a free place beside a point was found last: above it there is none."""
        self.taken = {element.get("id") for element in root.iter() if isinstance(element.tag, str)}
        for shape in xml.descendants(root, BPMNDI, "BPMNShape"):
            bounds = xml.child(shape, DC, "Bounds")
            if bounds is not None:
                self.boxes[shape.get("bpmnElement", "")] = _box(bounds)
        self.lines.update(edge.get("bpmnElement", "") for edge in xml.descendants(root, BPMNDI, "BPMNEdge"))

    def fresh(self, wanted: str) -> str:
        """Return an id for something drawn, with a number where the file has it already; it is taken from then on."""
        found = first_free(wanted, self.taken)
        self.taken.add(found)
        return found

    @cached_property
    def plane(self) -> XmlElement:
        """The plane on which everything lies; made where there is none."""
        found = next(xml.descendants(self.root, BPMNDI, "BPMNPlane"), None)
        if found is not None:
            return found
        drawing = etree.SubElement(self.root, f"{{{BPMNDI}}}BPMNDiagram", nsmap={"bpmndi": BPMNDI, "dc": DC, "di": DI})
        drawing.set("id", self.fresh("BPMNDiagram_1"))
        plane = etree.SubElement(drawing, f"{{{BPMNDI}}}BPMNPlane")
        plane.set("id", self.fresh("BPMNPlane_1"))
        shown = xml.child(self.root, BPMN, "collaboration")
        process = self.diagram.processes[0] if self.diagram.processes else None
        of = shown if shown is not None else process
        if of is not None:
            plane.set("bpmnElement", of.get("id", ""))
        return plane

    def put(self, element_id: str, box: Box, *, expanded: bool = False) -> None:
        """Add a shape for an element."""
        shape = etree.SubElement(self.plane, f"{{{BPMNDI}}}BPMNShape")
        shape.set("id", self.fresh(f"{element_id}_di"))
        shape.set("bpmnElement", element_id)
        if expanded:
            shape.set("isExpanded", "true")
        bounds = etree.SubElement(shape, f"{{{DC}}}Bounds")
        for name in ("x", "y", "width", "height"):
            bounds.set(name, f"{getattr(box, name):g}")
        self.boxes[element_id] = box

    def connect(self, flow_id: str, source_id: str, target_id: str) -> None:
        """Add a line between two elements that are drawn."""
        source, target = self.boxes.get(source_id), self.boxes.get(target_id)
        if source is None or target is None:
            return
        edge = etree.SubElement(self.plane, f"{{{BPMNDI}}}BPMNEdge")
        edge.set("id", self.fresh(f"{flow_id}_di"))
        edge.set("bpmnElement", flow_id)
        for x, y in _corners(source.right, target.left):
            point = etree.SubElement(edge, f"{{{DI}}}waypoint")
            point.set("x", f"{x:g}")
            point.set("y", f"{y:g}")
        self.lines.add(flow_id)

    def beside(self, element_id: str, size: tuple[float, float]) -> Box:
        """Return a free place of this size to the right of an element."""
        width, height = size
        near = self.boxes.get(element_id, Box(160, 100, 0, 80))
        x, middle = near.x + near.width + GAP, near.y + near.height / 2
        box = Box(x, self._lowest.get((x, middle), middle - height / 2), width, height)
        beside = [
            one for key, one in self.boxes.items() if self._is_node(key) and one.x < x + width and x < one.right[0]
        ]
        while any(box.meets(other) for other in beside):
            box = Box(box.x, box.y + ROW, width, height)
        self._lowest[x, middle] = box.y
        return box

    def forget(self, element_ids: Iterable[str]) -> None:
        """Take the shapes and lines of elements away."""
        gone = set(element_ids)
        for drawn in list(xml.descendants(self.root, BPMNDI, "BPMNShape", "BPMNEdge")):
            parent = drawn.getparent()
            if drawn.get("bpmnElement", "") in gone and parent is not None:
                parent.remove(drawn)
        for element_id in gone:
            self.boxes.pop(element_id, None)
        self.lines -= gone

    def _is_node(self, element_id: str) -> bool:
        node = self.diagram.node_by_id.get(element_id)
        return node is not None and node.type not in SUB_PROCESSES


def picture_of(site: Site) -> Picture:
    """Return the drawing of a file."""
    return Picture(site.root, site.diagram)


def size_of(node_type: str) -> tuple[float, float]:
    """Return how large an element of this BPMN local name is drawn."""
    if node_type in SUB_PROCESSES:
        return 350, 200
    if node_type in ACTIVITIES:
        return 100, 80
    return (36, 36) if node_type in EVENTS else (50, 50)


def fresh(diagram: Diagram, wanted: str) -> str:
    """Return `wanted`, or `wanted` with a number, whichever no element of the file has as its id."""
    return first_free(wanted, {element.get("id") for element in diagram.root.iter() if isinstance(element.tag, str)})


def first_free(wanted: str, taken: AbstractSet[str | None]) -> str:
    """Return `wanted`, or `wanted` with the first number that makes it another than those taken."""
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}_{number}"
    return name


@repairs("no-drawing", "not-drawn", zh="补画图形", en="Draw what is missing")
def draw_missing(site: Site) -> Done | None:
    """Draw every element and flow that has an id and no shape, level by level from the start."""
    picture = picture_of(site)
    drawn = draw_all(picture)
    if not drawn:
        return None
    return Done(tuple(drawn), f"补画了 {len(drawn)} 个图形，可以在图上挪动。", f"Drew {len(drawn)} missing shapes.")


@repairs("wrong-coordinates", zh="重画", en="Draw them again")
def draw_again(site: Site) -> Done | None:
    """Draw what stands nowhere again, with the lines at it."""
    picture = picture_of(site)
    nowhere = set(site.diagram.remember(misplaced))
    flows = [
        flow.id for flow in site.diagram.flows if any(end and end.id in nowhere for end in (flow.source, flow.target))
    ]
    picture.forget([*nowhere, *flows])
    drawn = draw_all(picture)
    return Done(tuple(drawn), f"重画了 {len(drawn)} 个图形。", f"Drew {len(drawn)} shapes again.") if nowhere else None


def draw_all(picture: Picture) -> list[str]:
    """Draw every node and flow that has an id and no shape; return their ids."""
    diagram, drawn = picture.diagram, []
    for scope in diagram.scopes:
        for node in _by_level(scope.nodes):
            if node.element.get("id") and node.id not in picture.boxes:
                picture.put(node.id, _place(picture, node), expanded=node.inner is not None)
                drawn.append(node.id)
    for flow in diagram.flows:
        if flow.element.get("id") and flow.id not in picture.lines and flow.source and flow.target:
            picture.connect(flow.id, flow.source.id, flow.target.id)
            drawn.append(flow.id)
    return drawn


def _by_level(nodes: Iterable[Node]) -> list[Node]:
    """Return the nodes of a scope in the order in which tokens reach them."""
    listed = list(nodes)
    among = set(listed)
    level: dict[Node, int] = {node: 0 for node in listed if not node.incoming and node.host is None}
    pending = deque(level)
    while pending:
        node = pending.popleft()
        for after in node.successors:
            if after not in level and after in among:
                level[after] = level[node] + 1
                pending.append(after)
    return sorted(listed, key=lambda node: level.get(node, len(listed)))


def _place(picture: Picture, node: Node) -> Box:
    width, height = size_of(node.type)
    if node.host is not None and node.host.id in picture.boxes:
        host = picture.boxes[node.host.id]
        taken = sum(1 for other in node.host.boundaries if other.id in picture.boxes)
        return Box(host.x + 10 + 40 * taken, host.y + host.height - height / 2, width, height)
    near = next((before.id for before in node.predecessors if before.id in picture.boxes), "")
    if not near and node.scope.parent is not None and node.scope.id in picture.boxes:
        owner = picture.boxes[node.scope.id]
        return Box(owner.x + 30, owner.y + owner.height / 2 - height / 2, width, height)
    return picture.beside(near, (width, height))


def _corners(start: tuple[float, float], end: tuple[float, float]) -> list[tuple[float, float]]:
    if start[1] == end[1]:
        return [start, end]
    middle = (start[0] + end[0]) / 2
    return [start, (middle, start[1]), (middle, end[1]), end]


def _box(bounds: XmlElement) -> Box:
    def number(name: str) -> float:
        return xml.pixels(bounds, name) or 0.0

    return Box(number("x"), number("y"), number("width"), number("height"))
