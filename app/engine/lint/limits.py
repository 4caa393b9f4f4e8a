"""How large a diagram may be: beyond these limits a file gets one finding, or a line, a name or an id gets its own."""

from __future__ import annotations

from typing import Final

from lxml import etree

from app.engine.lint.diagram import FLOW_NODES, Diagram, Node
from app.engine.lint.graph import after, components
from app.engine.lint.rules import ERROR, WARNING, Hits, at, rule
from app.engine.xml import BPMN, TOO_TANGLED, XmlElement, children, local_name
from app.errors import Finding

MAX_FLOW_ELEMENTS: Final = 5_000
MAX_LEVELS: Final = 64
MAX_XML_ELEMENTS: Final = 100_000
MAX_LINE: Final = 300
"""Elements one after another; at about 900 the parser of the engine overflows."""
MAX_NAME: Final = 200
MAX_ID: Final = 120
MAX_DOCUMENTATION: Final = 20_000


def too_tangled(values: dict[str, object] | None = None) -> Finding:
    """Return the one finding for a file that is too large or too tangled to be looked at."""
    zh, en, hint, hint_en = TOO_TANGLED
    return Finding("too-tangled", "", "error", zh, en, hint, hint_en, values or {})


def oversized(root: XmlElement) -> Finding | None:
    """Return the one finding of a file beyond the limits; None when it may be looked at. Walks the tree once."""
    elements = flow_elements = level = deepest = 0
    flow_tags = {f"{{{BPMN}}}{name}" for name in (*FLOW_NODES, "sequenceFlow")}
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            level -= 1
            continue
        level += 1
        elements += 1
        deepest = max(deepest, level)
        flow_elements += element.tag in flow_tags
        if elements > MAX_XML_ELEMENTS or flow_elements > MAX_FLOW_ELEMENTS or deepest > MAX_LEVELS:
            return too_tangled({"elements": elements, "flow_elements": flow_elements, "levels": deepest})
    return None


@rule(
    "line-too-long",
    ERROR,
    zh="从这里起有 %(count)s 个元素连成一线，超过上限 300 个，流程引擎无法读入。",
    en="From here %(count)s elements follow one another, more than the 300 that the engine can read.",
    hint="请把其中一段改为调用活动。",
    hint_en="Turn a part of them into a call activity.",
)
def line_too_long(diagram: Diagram) -> Hits:
    """Yield the start of each line of more than 300 elements."""
    longest: dict[Node, int] = {}
    for component in components(diagram.nodes, after):
        inside = set(component)
        beyond = (longest[step] for node in component for step in node.successors if step not in inside)
        length = len(component) + max(beyond, default=0)
        longest.update(dict.fromkeys(component, length))
    for node in diagram.nodes_of("startEvent"):
        if longest[node] > MAX_LINE:
            yield at(node.id, count=longest[node])


@rule(
    "name-too-long",
    WARNING,
    zh="名称有 %(count)s 个字符，超过 200 个，列表里显示不全。",
    en="The name has %(count)s characters, more than the 200 that lists can show.",
    hint="请把说明移到“文档”里，名称只写事项。",
    hint_en="Move the explanation to the documentation and keep the name short.",
)
def name_too_long(diagram: Diagram) -> Hits:
    """Yield each element whose name is longer than 200 characters."""
    for element in diagram.all_elements:
        name = element.get("name", "")
        if len(name) > MAX_NAME:
            yield at(diagram.owner(element), count=len(name))


@rule(
    "id-too-long",
    ERROR,
    zh="编号有 %(count)s 个字符，超过 120 个。",
    en="The id has %(count)s characters, more than 120.",
    hint="请换一个短的编号。",
    hint_en="Choose a shorter id.",
)
def id_too_long(diagram: Diagram) -> Hits:
    """Yield each id longer than 120 characters."""
    for own in diagram.elements_by_id:
        if len(own) > MAX_ID:
            yield at(own, count=len(own))


@rule(
    "documentation-too-long",
    WARNING,
    zh="说明有 %(count)s 个字符，超过 20000 个，没有人会读完。",
    en="The documentation has %(count)s characters, more than 20,000; nobody reads that.",
    hint="请把长文放到附件，这里只写办理要点。",
    hint_en="Attach long texts elsewhere and keep the essentials here.",
)
def documentation_too_long(diagram: Diagram) -> Hits:
    """Yield each element whose documentation is longer than 20,000 characters."""
    for element in diagram.all_elements:
        if local_name(element) in FLOW_NODES or local_name(element) == "process":
            length = sum(len(text.text or "") for text in children(element, BPMN, "documentation"))
            if length > MAX_DOCUMENTATION:
                yield at(diagram.place(element), count=length)
