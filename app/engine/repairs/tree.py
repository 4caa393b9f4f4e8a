"""Changing a tree without disturbing it: elements put where the standard wants them, indented like their neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lxml import etree

from app.engine import xml
from app.engine.xml import BPMN, ZEEBE

if TYPE_CHECKING:
    from app.engine.xml import XmlElement

BEFORE_FLOWS: Final = ("documentation", "extensionElements")
"""What a BPMN element holds first, in this order (BPMN 2.0 XSD)."""


def bpmn(name: str) -> str:
    """Return the qualified name of an element of BPMN."""
    return f"{{{BPMN}}}{name}"


def append(parent: XmlElement, name: str, **attributes: str) -> XmlElement:
    """Add a BPMN element at the end of another, on a line of its own."""
    element = etree.Element(bpmn(name))
    for key, value in attributes.items():
        element.set(key, value)
    _add(parent, element, len(parent))
    return element


def extension(element: XmlElement, name: str) -> XmlElement:
    """Return the `zeebe:` extension element of a BPMN element, made where there is none."""
    found = xml.extension(element, name)
    if found is not None:
        return found
    holder = xml.child(element, BPMN, "extensionElements")
    if holder is None:
        holder = etree.Element(bpmn("extensionElements"))
        documented = xml.child(element, BPMN, "documentation")
        _add(element, holder, 0 if documented is None else element.index(documented) + 1)
    made = etree.Element(f"{{{ZEEBE}}}{name}", nsmap={"zeebe": ZEEBE})
    _add(holder, made, len(holder))
    return made


def put_reference(node: XmlElement, name: str, text: str) -> None:
    """Write an `incoming` or `outgoing` of a flow node after its documentation, extensions and like references."""
    first = ("documentation", "extensionElements", "incoming") + (("outgoing",) if name == "outgoing" else ())
    place = max((node.index(each) + 1 for each in xml.children(node, BPMN, *first)), default=0)
    reference = etree.Element(bpmn(name))
    reference.text = text
    _add(node, reference, place)


def remove(element: XmlElement) -> None:
    """Take an element away; the text behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    tail = element.tail or ""
    if tail.strip():
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    parent.remove(element)


def _add(parent: XmlElement, element: XmlElement, place: int) -> None:
    """Insert an element; it stands on its own line where its neighbours do."""
    within = parent.text if len(parent) else None
    parent.insert(place, element)
    if within is not None and not within.strip():
        before = element.getprevious()
        last = place == len(parent) - 1
        if before is None:
            element.tail = within
        else:
            element.tail = before.tail if last else within
            before.tail = within
