"""Conversion from the notation of Camunda 7: what has a counterpart is rewritten, what has none is named."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from lxml import etree

from app.engine import xml
from app.engine.repairs import tree
from app.engine.repairs.registry import Done, Site, repairs
from app.engine.xml import BPMN, CAMUNDA_7, XSI, local_name, namespace, text_of

if TYPE_CHECKING:
    from app.engine.xml import XmlElement

SETTINGS: Final[Mapping[str, tuple[str, str]]] = {
    "candidateGroups": ("assignmentDefinition", "candidateGroups"),
    "candidateUsers": ("assignmentDefinition", "candidateUsers"),
    "assignee": ("assignmentDefinition", "assignee"),
    "formKey": ("formDefinition", "formId"),
    "formRef": ("formDefinition", "formId"),
    "dueDate": ("taskSchedule", "dueDate"),
    "followUpDate": ("taskSchedule", "followUpDate"),
    "priority": ("priorityDefinition", "priority"),
    "topic": ("taskDefinition", "type"),
    "decisionRef": ("calledDecision", "decisionId"),
}
"""Attribute of Camunda 7 → the extension element and attribute that say the same here."""

DROPPED: Final = frozenset(
    {"historyTimeToLive", "isStartableInTasklist", "exclusive", "jobPriority", "formRefBinding", "formRefVersion",
     "asyncBefore", "asyncAfter", "decisionRefBinding", "mapDecisionResult"}
)  # fmt: skip
"""What has no use here and is taken away."""

_JUEL: Final = re.compile(r"\s*[$#]\{(.*)\}\s*", re.DOTALL)
_METHOD: Final = re.compile(r"\w\s*\(|\?|\[|%|\bempty\b|\binstanceof\b")
_WORDS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"&&|\band\b"), " and "),
    (re.compile(r"\|\||\bor\b"), " or "),
    (re.compile(r"==|\beq\b"), " = "),
    (re.compile(r"\bne\b"), " != "),
    (re.compile(r"\bgt\b"), " > "),
    (re.compile(r"\blt\b"), " < "),
    (re.compile(r"\bge\b"), " >= "),
    (re.compile(r"\ble\b"), " <= "),
)
_NEGATED: Final = re.compile(r"!(?!=)\s*([A-Za-z_][\w.]*|\([^()]*\))")
_QUOTED: Final = re.compile(r"'([^'\\]*)'|\"([^\"\\]*)\"")


def feel_of(text: str) -> str | None:
    """Return a simple `${…}` expression in FEEL, with its leading “=”; None where it calls, indexes or chooses."""
    found = _JUEL.fullmatch(text)
    if found is None or "${" in found[1]:
        return None
    pieces: list[str] = []
    last = 0
    for quoted in _QUOTED.finditer(found[1]):
        pieces += [_words(found[1][last : quoted.start()]), '"' + (quoted[1] or quoted[2] or "") + '"']
        last = quoted.end()
    pieces.append(_words(found[1][last:]))
    if any(_METHOD.search(piece) for piece in pieces[::2]):
        return None
    negated = _NEGATED.sub(lambda one: f"not({one[1].strip('()')})", "".join(pieces))
    if "!" in negated.replace("!=", ""):
        return None
    return "=" + " ".join(negated.split())


def _words(text: str) -> str:
    for pattern, word in _WORDS:
        text = pattern.sub(word, text)
    return text


@repairs("camunda-7", "camunda-7-harmless", zh="改写为 Camunda 8", en="Rewrite for Camunda 8")
def rewrite(site: Site) -> Done | None:
    """Rewrite what one element says for Camunda 7, as far as that can be said here."""
    changed = [name for element in site.found for name in convert_element(element)]
    if not changed:
        return None
    told = "、".join(dict.fromkeys(changed))
    return Done((site.element_id,), f"已改写：{told}。", f"Rewritten: {', '.join(dict.fromkeys(changed))}.")


@repairs("other-language", "not-feel", zh="改写为 FEEL", en="Rewrite in FEEL")
def rewrite_condition(site: Site) -> Done | None:
    """Rewrite the condition of a flow that is written as `${…}`."""
    changed = [text for element in site.found if (text := convert_condition(element))]
    if not changed:
        return None
    return Done((site.element_id,), f"条件改写为 {changed[0]}。", f"The condition is now {changed[0]}.")


def convert_condition(flow: XmlElement) -> str:
    """Rewrite the condition of a sequence flow in FEEL; return it, or nothing where it is FEEL or too much for that."""
    condition = xml.child(flow, BPMN, "conditionExpression")
    found = None if condition is None else feel_of(text_of(condition))
    if condition is None or found is None:
        return ""
    condition.text = found
    condition.attrib.pop("language", None)
    prefix = next((prefix for prefix, space in flow.nsmap.items() if space == BPMN and prefix), "")
    condition.set(f"{{{XSI}}}type", f"{prefix}:tFormalExpression" if prefix else "tFormalExpression")
    return found


def convert_element(element: XmlElement) -> list[str]:
    """Rewrite the attributes and extension elements of Camunda 7 on one BPMN element; return their names."""
    done = []
    for key, value in list(element.items()):
        name = str(key).rpartition("}")[2]
        if not str(key).startswith(f"{{{CAMUNDA_7}}}"):
            continue
        if name in DROPPED or _set(element, name, str(value)):
            del element.attrib[key]
            done.append(name)
    for holder in list(xml.children(element, BPMN, "extensionElements")):
        for item in list(xml.children(holder, CAMUNDA_7)):
            converter = _CONVERTERS.get(local_name(item))
            if converter is not None and converter(element, item):
                tree.remove(item)
                done.append(local_name(item))
    return done


def _set(element: XmlElement, name: str, value: str) -> bool:
    target = SETTINGS.get(name)
    if target is None:
        return False
    text = value
    if "${" in value or "#{" in value:
        feel = feel_of(value)
        if feel is None:
            return False
        text = feel
    if name == "formKey":
        text = text.removeprefix("camunda-forms:").rpartition(":")[2].rpartition("/")[2].removesuffix(".form")
    tree.extension(element, target[0]).set(target[1], text)
    return True


def _properties(element: XmlElement, item: XmlElement) -> bool:
    holder = tree.extension(element, "properties")
    for entry in xml.children(item, CAMUNDA_7, "property"):
        made = etree.SubElement(holder, f"{{{xml.ZEEBE}}}property")
        made.set("name", entry.get("name", ""))
        made.set("value", entry.get("value", ""))
    return True


def _mapping(element: XmlElement, item: XmlElement) -> bool:
    entries = [*xml.children(item, CAMUNDA_7, "inputParameter", "outputParameter")]
    if any(len(entry) for entry in entries):
        return False  # scripts, lists and maps need a person
    sources = [_source(text_of(entry)) for entry in entries]
    if any(source is None for source in sources):
        return False
    holder = tree.extension(element, "ioMapping")
    for entry, source in zip(entries, sources, strict=True):
        side = "input" if local_name(entry) == "inputParameter" else "output"
        made = etree.SubElement(holder, f"{{{xml.ZEEBE}}}{side}")
        made.set("source", source or "")
        made.set("target", entry.get("name", ""))
    return True


def _source(text: str) -> str | None:
    if "${" in text or "#{" in text:
        return feel_of(text)
    return f'="{text}"' if text and '"' not in text else None


_CONVERTERS: Final[Mapping[str, Callable[[XmlElement, XmlElement], bool]]] = {
    "properties": _properties,
    "inputOutput": _mapping,
}


def convert(root: XmlElement) -> list[tuple[str, str]]:
    """Rewrite a whole diagram; return for each change the element's id and what was rewritten."""
    done = []
    for element in [each for each in root.iter() if isinstance(each.tag, str) and namespace(each) == BPMN]:
        own = element.get("id", "")
        if local_name(element) == "sequenceFlow" and convert_condition(element):
            done.append((own, "conditionExpression"))
        done += [(own, name) for name in convert_element(element)]
    return done
