"""What callers hand over: the variables that the call activities of all diagrams map into each called process."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from app.engine import xml
from app.engine.xml import BPMN, ZEEBE, children, descendants, parse_xml
from app.errors import DiagramNotExecutable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def handed_over(sources: Iterable[bytes]) -> Mapping[str, frozenset[str]]:
    """Return for each called process the names that some caller's input mapping gives it; unreadable files give none.

    For `Process.inputs` of a vocabulary, so that a called process may read what its callers provide.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for source in sources:
        try:
            root = parse_xml(source)
        except DiagramNotExecutable:
            continue
        for call in descendants(root, BPMN, "callActivity"):
            called = xml.extension(call, "calledElement")
            if called is None:
                continue
            for mapping in xml.extensions(call, "ioMapping"):
                names = (item.get("target", "").strip().partition(".")[0] for item in children(mapping, ZEEBE, "input"))
                found[called.get("processId", "").strip()].update(name for name in names if name)
    return {process: frozenset(names) for process, names in found.items()}
