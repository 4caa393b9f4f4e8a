"""What an element of Camunda 7 holds inside: mappings, calls, scripts, loops and times, said here one by one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lxml import etree

from app.engine import xml
from app.engine.repairs import tree
from app.engine.repairs.juel import COUNTS, feel_of, is_juel
from app.engine.xml import BPMN, XSI, local_name, namespace, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from app.engine.xml import XmlElement

EXPRESSIONS: Final = frozenset(
    {"conditionExpression", "condition", "completionCondition", "timeDate", "timeDuration", "timeCycle"}
)
"""The elements of BPMN whose text is an expression."""

_PLAIN: Final = re.compile(r"[^\W\d]\w*")
_FEEL: Final = re.compile(r"feel(?:-scala)?|https?://www\.omg\.org/spec/DMN/\S*FEEL\S*", re.IGNORECASE)


def formal(element: XmlElement) -> str:
    """Return what `xsi:type` calls a formal expression below an element."""
    prefix = next((prefix for prefix, space in element.nsmap.items() if space == BPMN and prefix), "")
    return f"{prefix}:tFormalExpression" if prefix else "tFormalExpression"


def value_of(text: str) -> str | None:
    """Return a setting that is fixed or one whole expression; None where FEEL cannot say it."""
    return feel_of(text) if is_juel(text) else text


def expressions(element: XmlElement) -> Iterator[tuple[str, str]]:
    """Rewrite the expressions that an element of BPMN holds; yield the name of each and what it says now."""
    for holder in _holders(element):
        for item in [each for each in xml.children(holder, BPMN) if local_name(each) in EXPRESSIONS]:
            found = feel_of(text_of(item), COUNTS)
            if found is not None:
                item.text = found
                item.attrib.pop("language", None)
                if local_name(item) != "completionCondition":
                    item.set(f"{{{XSI}}}type", formal(item))
                yield local_name(item), found


def _holders(element: XmlElement) -> list[XmlElement]:
    inside = [one for one in xml.children(element, BPMN) if local_name(one).endswith("EventDefinition")]
    return [element, *inside]


def called(element: XmlElement) -> bool:
    """Let a call activity name its process as it is named here."""
    value = value_of(element.get("calledElement", "").strip())
    if not value or xml.extension(element, "calledElement") is not None:
        return False
    tree.extension(element, "calledElement").set("processId", value)
    del element.attrib["calledElement"]
    return True


def script(element: XmlElement) -> bool:
    """Let a script task whose script is an expression say it here; other languages stay as they are."""
    drawn = xml.child(element, BPMN, "script")
    if drawn is None or xml.extension(element, "script") is not None:
        return False
    said = text_of(drawn)
    value = f"={said.lstrip('= ')}" if _FEEL.fullmatch(element.get("scriptFormat", "")) and said else feel_of(said)
    if value is None:
        return False
    tree.extension(element, "script").set("expression", value)
    tree.remove(drawn)
    element.attrib.pop("scriptFormat", None)
    return True


def loop_times(element: XmlElement) -> bool:
    """Let a multi-instance that runs a number of times run over that many numbers."""
    times = xml.child(element, BPMN, "loopCardinality")
    said = "" if times is None else text_of(times)
    number = said if said.isascii() and said.isdigit() else (feel_of(said) or "")[1:]
    if times is None or not number or xml.extension(element, "loopCharacteristics") is not None:
        return False
    end = number if _PLAIN.fullmatch(number) or number.isdigit() else f"({number})"
    tree.extension(element, "loopCharacteristics").set("inputCollection", f"=for i in 1..{end} return i")
    tree.remove(times)
    return True


def message_name(element: XmlElement) -> bool:
    """Let the computed name of a message be computed by FEEL."""
    found = feel_of(element.get("name", ""))
    if found is None:
        return False
    element.set("name", found)
    return True


WHOLE: Final[Mapping[str, tuple[str, Callable[[XmlElement], bool]]]] = {
    "callActivity": ("calledElement", called),
    "scriptTask": ("script", script),
    "multiInstanceLoopCharacteristics": ("loopCardinality", loop_times),
    "message": ("name", message_name),
}
"""Element of BPMN → what of its own it says otherwise there, and how it is rewritten."""


def _properties(element: XmlElement, item: XmlElement) -> bool:
    holder = tree.extension(element, "properties")
    for entry in xml.children(item, namespace(item), "property"):
        row(holder, "property", name=entry.get("name", ""), value=entry.get("value", ""))
    return True


def _mapping(element: XmlElement, item: XmlElement) -> bool:
    entries = [*xml.children(item, namespace(item), "inputParameter", "outputParameter")]
    if any(len(entry) for entry in entries):
        return False  # scripts, lists and maps need a person
    sources = [_source(text_of(entry)) for entry in entries]
    if any(source is None for source in sources):
        return False
    holder = tree.extension(element, "ioMapping")
    for entry, source in zip(entries, sources, strict=True):
        side = "input" if local_name(entry) == "inputParameter" else "output"
        row(holder, side, source=source or "", target=entry.get("name", ""))
    return True


def _source(text: str) -> str | None:
    if is_juel(text):
        return feel_of(text)
    return f'="{text}"' if text and '"' not in text else None


def _handed(side: str, all_of: str) -> Callable[[XmlElement, XmlElement], bool]:
    """Return how a variable that a call hands over, or takes back, is written here."""

    def convert(element: XmlElement, item: XmlElement) -> bool:
        if local_name(element) != "callActivity" or item.get("local") == "true" or item.get("businessKey"):
            return False
        call = tree.extension(element, "calledElement")
        if item.get("variables") == "all":
            if side == "output" or call.get(all_of) is not None:  # a call hands everything over where it maps nothing
                call.set(all_of, "true")
            return True
        plain, computed = item.get("source", "").strip(), item.get("sourceExpression", "").strip()
        source = f"={plain}" if _PLAIN.fullmatch(plain) else feel_of(computed or plain)
        target = item.get("target", "").strip()
        if source is None or not target:
            return False
        row(tree.extension(element, "ioMapping"), side, source=source, target=target)
        if call.get(all_of) is None:
            call.set(all_of, "false")
        return True

    return convert


def _dropped(_element: XmlElement, _item: XmlElement) -> bool:
    return True


def row(holder: XmlElement, row_name: str, /, **attributes: str) -> None:
    """Add a row of the modelling profile to one of its extension elements."""
    made = etree.SubElement(holder, f"{{{xml.ZEEBE}}}{row_name}")
    for key, value in attributes.items():
        made.set(key, value)


INSIDE: Final[Mapping[str, Callable[[XmlElement, XmlElement], bool]]] = {
    "properties": _properties,
    "inputOutput": _mapping,
    "in": _handed("input", "propagateAllParentVariables"),
    "out": _handed("output", "propagateAllChildVariables"),
    "failedJobRetryTimeCycle": _dropped,
}
"""Extension element → how it is rewritten; it goes where that succeeds."""
