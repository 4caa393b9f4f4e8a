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

    What has no name of its own is left out; a rule of a table is named by its number. A file that cannot be read has
    no elements.
    """
    if kind == "bpmn":
        return {node.id: node.name for node in diagram_graph.read(source).nodes.values() if node.name}
    try:
        return dict(_fields(json.loads(source).get("components", [])) if kind == "form" else _parts(source))
    except (ValueError, AttributeError, ET.ParseError):
        return {}


def _fields(components: Sequence[Mapping[str, object]]) -> Iterator[tuple[str, Drawn]]:
    for one in components:
        key, label = one.get("key") or one.get("path"), one.get("label") or one.get("dateLabel")
        if isinstance(key, str) and isinstance(label, str):
            yield key, Drawn(label)
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
