"""What of a file can be talked about, by the name that people read on it: steps, fields, columns and rules."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence

from app.queries import diagram_graph
from app.queries.diagram_graph import Drawn

RULE = "第 %(number)s 行"


def elements(source: str, kind: str) -> Mapping[str, Drawn]:
    """Return element id → name of a released or drawn file of a kind (`bpmn`, `form` or `dmn`), in its order.

    What has no name of its own is left out; a rule of a table is named by its number. A file that cannot be read, or
    is empty, has no elements.
    """
    if kind == "bpmn":
        return {node.id: node.name for node in diagram_graph.read(source).nodes.values() if node.name}
    try:
        return dict(_fields(json.loads(source).get("components", [])) if kind == "form" else _parts(source))
    except (ValueError, AttributeError, ET.ParseError):
        return {}


def name(source: str, kind: str) -> str:
    """Return the name that a file gives itself; empty where it has none or cannot be read."""
    try:
        if kind == "form":
            return str(json.loads(source)["properties"]["name"])
        inside = "process" if kind == "bpmn" else "decision"
        found = next(one for one in ET.fromstring(source) if one.tag.endswith(f"}}{inside}"))  # noqa: S314 -- as below
    except (ValueError, KeyError, TypeError, StopIteration, ET.ParseError):
        return ""
    return found.get("name", "")


def _fields(components: Sequence[Mapping[str, object]]) -> Iterator[tuple[str, Drawn]]:
    for one in components:
        own, label = one.get("id"), one.get("label") or one.get("dateLabel")
        if isinstance(own, str) and isinstance(label, str):
            yield own, Drawn(label)
        below = one.get("components")
        if isinstance(below, list):
            yield from _fields(below)


def _parts(source: str) -> Iterator[tuple[str, Drawn]]:
    rules = 0
    for one in ET.fromstring(source).iter():  # noqa: S314 -- our own stored text; expat fetches nothing and expands no bombs
        tag, name = one.tag.rsplit("}", 1)[-1], one.get("label") or one.get("name") or ""
        if tag in {"input", "output"} and name:
            yield one.get("id", ""), Drawn(name)
        elif tag == "rule":
            rules += 1
            yield one.get("id", ""), Drawn(RULE % {"number": rules}, f"row {rules}")
