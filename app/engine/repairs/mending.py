"""A repair carried out on the text of a file: read, mended, written back as it was written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lxml import etree

from app.engine import drawn_file
from app.engine.lint.diagram import Diagram
from app.engine.repairs import boxes, camunda_7, elements, flows, identities, names, timers
from app.engine.repairs.registry import REPAIRS, Site
from app.errors import NotFound, Refused

if TYPE_CHECKING:
    from app.engine.lint.vocabulary import Vocabulary

_CLOSED: Final = re.compile(r"(?<=\S)/>")
CONCERNS: Final = (boxes, camunda_7, elements, flows, identities, names, timers)
"""The modules whose repairs are known; importing them registers the repairs."""


@dataclass(frozen=True)
class Mended:
    """A file with a repair carried out."""

    text: str
    changed: tuple[str, ...]
    zh: str
    en: str


def mend(text: str, code: str, element_id: str, vocabulary: Vocabulary) -> Mended:
    """Return a diagram with one finding mended.

    Raises NotFound where no such repair exists, Refused where this very case needs a person, DiagramNotExecutable
    where the text is no diagram.
    """
    repair = REPAIRS.get(code)
    if repair is None:
        raise NotFound("这一项没有可以代劳的修改。")
    root = drawn_file.root_of(text, "bpmn")
    diagram = Diagram(root, vocabulary)
    found = [element for element in diagram.all_elements if diagram.place(element) == element_id]
    done = repair.mend(Site(root, diagram, element_id, found))
    if done is None:
        raise Refused("这一处不能代劳，请按提示修改。")
    return Mended(_written(root, text), done.changed, done.zh, done.en)


def converted(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return a diagram of Camunda 7 with all rewritten that can be, and for each change its element and what it was.

    Raises DiagramNotExecutable where the text is no diagram.
    """
    root = drawn_file.root_of(text, "bpmn")
    done = camunda_7.convert(root)
    return (_written(root, text) if done else text), tuple(done)


def _written(root: etree._Element, before: str) -> str:
    text = etree.tostring(root.getroottree(), encoding="unicode")
    if " />" in before:  # as bpmn.io writes it; in texts and attributes a > never stands bare
        text = _CLOSED.sub(" />", text)
    if before.lstrip("\ufeff").startswith("<?xml"):
        text = '<?xml version="1.0" encoding="UTF-8"?>\n' + text
    return text + ("\n" if before.endswith("\n") and not text.endswith("\n") else "")


def renamed(text: str, kind: str, key: str, name: str) -> str:
    """Return a copy of a diagram or decision file under another id and name, its references to itself included."""
    before, _ = drawn_file.identity_of(text, kind)
    root = drawn_file.root_of(text, kind)
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        for attribute in ("id", "processRef", "bpmnElement", "dmnElementRef"):
            if element.get(attribute, "").strip() == before:
                element.set(attribute, key)
        if element.get("href", "") == f"#{before}":
            element.set("href", f"#{key}")
        if element.get("id") == key and element.get("name") is not None:
            element.set("name", name)
    return _written(root, text)
