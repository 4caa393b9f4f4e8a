"""A repair carried out on the text of a file: read, mended, written back as it was written."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lxml import etree

from app.engine import drawn_file, xml
from app.engine.lint.diagram import Diagram
from app.engine.repairs import boxes, camunda_7, elements, flows, forms, identities, names, tables, timers
from app.engine.repairs.registry import FormSite, Site, TableSite, form_repairs, repairs, table_repairs
from app.errors import NotFound, Refused

if TYPE_CHECKING:
    from app.engine.lint.vocabulary import Vocabulary
    from app.engine.repairs.registry import Done, Repair, Repairs, S

_CLOSED: Final = re.compile(r"(?<=\S)/>")
CONCERNS: Final = (boxes, camunda_7, elements, flows, forms, identities, names, tables, timers)
"""The modules whose repairs are known; importing them registers the repairs."""


@dataclass(frozen=True)
class Mended:
    """A file with a repair carried out."""

    text: str
    changed: tuple[str, ...]
    zh: str
    en: str


def mend(
    text: str, code: str, element_id: str, vocabulary: Vocabulary, *, kind: str = "bpmn", former: str = ""
) -> Mended:
    """Return a diagram, decision file or form with one finding mended; `former` is a form's version in force.

    Raises NotFound where no such repair exists, Refused where this very case needs a person, DiagramNotExecutable
    where the text is no such file.
    """
    if kind == "form":
        return _form_mended(text, code, element_id, vocabulary, former)
    if kind == "dmn":
        return _table_mended(text, code, element_id)
    repair = _known(repairs, code)
    root = drawn_file.root_of(text, "bpmn")
    diagram = Diagram(root, vocabulary)
    found = [element for element in diagram.all_elements if diagram.place(element) == element_id]
    done = _carried_out(repair.mend(Site(root, element_id, found, diagram=diagram)))
    return Mended(_written(root, text), done.changed, done.zh, done.en)


def _table_mended(text: str, code: str, element_id: str) -> Mended:
    repair = _known(table_repairs, code)
    root = drawn_file.root_of(text, "dmn")
    found = [element for element in xml.descendants(root) if element.get("id", "").strip() == element_id]
    found = found or [element for element in xml.descendants(root) if xml.place_of(element) == element_id]
    done = _carried_out(repair.mend(TableSite(root, element_id, found)))
    return Mended(_written(root, text), done.changed, done.zh, done.en)


def _form_mended(text: str, code: str, element_id: str, vocabulary: Vocabulary, former: str) -> Mended:
    repair = _known(form_repairs, code)
    schema = _schema(text)
    if not schema:
        raise Refused("这一处不能代劳，请按提示修改。")
    try:
        done = _carried_out(repair.mend(FormSite(schema, element_id, vocabulary, _schema(former))))
        written = json.dumps(schema, ensure_ascii=False, indent=2)
    except RecursionError:
        raise Refused("这一处不能代劳，请按提示修改。") from None
    return Mended(written + ("\n" if text.endswith("\n") else ""), done.changed, done.zh, done.en)


def _schema(text: str) -> dict[str, object]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _known(table: Repairs[S], code: str) -> Repair[S]:
    if code not in table:
        raise NotFound("这一项没有可以代劳的修改。")
    return table[code]


def _carried_out(done: Done | None) -> Done:
    if done is None:
        raise Refused("这一处不能代劳，请按提示修改。")
    return done


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
