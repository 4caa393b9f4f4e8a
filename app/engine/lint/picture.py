"""Rules on the drawing itself: files and elements that would not be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.engine import xml
from app.engine.lint.rules import WARNING, Hits, at, rule
from app.engine.xml import BPMNDI, DC, DI

if TYPE_CHECKING:
    from app.engine.lint.diagram import Diagram


@rule(
    "no-drawing",
    WARNING,
    zh="文件里没有图形信息，打开时看不到图。",
    en="This file has no drawing; opened in a modeler it would be blank.",
    hint="请在流程设计器里打开并整理后保存。",
    hint_en="Open it in a modeler, lay it out and save it.",
)
def no_drawing(diagram: Diagram) -> Hits:
    """Yield the file if it holds a process and nothing that draws it."""
    if diagram.processes and not diagram.remember(_drawn):
        yield at(diagram.place(diagram.processes[0]))


@rule(
    "not-drawn",
    WARNING,
    zh="有 %(count)s 个元素没有画在图上，“%(name)s”是第一个。",
    en="%(count)s elements are not in the drawing; “%(name)s” is the first.",
    hint="请在流程设计器里打开并保存；仍看不到的，删去后重画。",
    hint_en="Open and save the file in a modeler; remove and draw again what is still not visible.",
)
def not_drawn(diagram: Diagram) -> Hits:
    """Yield the first element without a shape or edge, with their number."""
    drawn = diagram.remember(_drawn)
    nodes = [(node.id, node.label) for node in diagram.nodes if node.id not in drawn]
    missing = nodes + [(flow.id, flow.label) for flow in diagram.flows if flow.id not in drawn]
    if drawn and missing:
        first, label = missing[0]
        yield at(first, name=label, count=len(missing))


@rule(
    "wrong-coordinates",
    WARNING,
    zh="有 %(count)s 个图形的坐标不是数字，或远在图外，“%(name)s”是第一个。",
    en="The coordinates of %(count)s shapes are no numbers or lie far outside; “%(name)s” is the first.",
    hint="请让它们重画，再挪到合适的地方。",
    hint_en="Have them drawn again and move them to where they belong.",
)
def wrong_coordinates(diagram: Diagram) -> Hits:
    """Yield the first element whose shape or edge cannot be placed, with their number."""
    found = diagram.remember(misplaced)
    if found:
        first = found[0]
        node = diagram.node_by_id.get(first)
        yield at(first, name=first if node is None else node.label, count=len(found))


def misplaced(diagram: Diagram) -> list[str]:
    """Return the elements whose shape or edge has a coordinate that no drawing has."""
    found: dict[str, None] = {}
    for drawn in xml.descendants(diagram.root, BPMNDI, "BPMNShape", "BPMNEdge"):
        points = (*xml.descendants(drawn, DC, "Bounds"), *xml.descendants(drawn, DI, "waypoint"))
        if any(xml.pixels(point, name) is None for point in points for name in ("x", "y", "width", "height")):
            found.setdefault(drawn.get("bpmnElement", "").rpartition(":")[2])
    return [own for own in found if own]


def _drawn(diagram: Diagram) -> frozenset[str]:
    shapes = xml.descendants(diagram.root, BPMNDI, "BPMNShape", "BPMNEdge")
    return frozenset(shape.get("bpmnElement", "").rpartition(":")[2] for shape in shapes)
