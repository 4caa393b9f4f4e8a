"""Conversion from the notation of Camunda 7 and its kin: what has a counterpart is rewritten, what has none stays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.engine import xml
from app.engine.lint.camunda_7 import HARMLESS
from app.engine.repairs import camunda_7_parts as parts
from app.engine.repairs import tree
from app.engine.repairs.juel import feel_of, is_juel
from app.engine.repairs.registry import Done, Site, repairs
from app.engine.xml import BPMN, JAVA_ENGINES, MODELER, local_name, namespace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from app.engine.xml import XmlElement

_DURATION: Final = re.compile(r"P[0-9YMWDTHS.]+")


@repairs("camunda-7", "camunda-7-harmless", "script-not-feel", zh="改写为 Camunda 8", en="Rewrite for Camunda 8")
def rewrite(site: Site) -> Done | None:
    """Rewrite what one element says for Camunda 7, as far as that can be said here."""
    owned = [one for one in site.diagram.all_elements if site.diagram.owner(one) == site.element_id]
    changed = list(dict.fromkeys(name for element in owned for name in convert_element(element)))
    if not changed:
        return None
    return Done((site.element_id,), f"已改写：{'、'.join(changed)}。", f"Rewritten: {', '.join(changed)}.")


@repairs("other-language", "not-feel", "timer-invalid", zh="改写为 FEEL", en="Rewrite in FEEL")
def rewrite_expression(site: Site) -> Done | None:
    """Rewrite the conditions and times of an element that are written as `${…}`."""
    owned = [one for one in site.diagram.all_elements if site.diagram.owner(one) == site.element_id]
    changed = [said for element in owned for _name, said in parts.expressions(element)]
    if not changed:
        return None
    return Done((site.element_id,), f"改写为 {changed[0]}。", f"It is now {changed[0]}.")


def convert(root: XmlElement) -> list[tuple[str, str]]:
    """Rewrite a whole diagram; return for each change the element's id and what was rewritten."""
    done = []
    for element in [each for each in root.iter() if isinstance(each.tag, str) and namespace(each) == BPMN]:
        own = element.get("id", "") or ("" if (above := element.getparent()) is None else above.get("id", ""))
        done += [(own, name) for name, _said in parts.expressions(element)]
        done += [(own, name) for name in convert_element(element)]
    if done and root.get(f"{{{MODELER}}}executionPlatform", "Camunda Platform") == "Camunda Platform":
        root.set(f"{{{MODELER}}}executionPlatform", "Camunda Cloud")
        root.set(f"{{{MODELER}}}executionPlatformVersion", "8.8.0")
    return done


def convert_element(element: XmlElement) -> list[str]:
    """Rewrite what one element of BPMN says for Camunda 7 of its own; return the names of what was rewritten."""
    if namespace(element) != BPMN:
        return []
    done = []
    called, convert_own = parts.WHOLE.get(local_name(element), ("", None))
    if convert_own is not None and convert_own(element):
        done.append(called)
    for key, name, value in list(_attributes(element)):
        if name in HARMLESS or _set(element, name, value):
            del element.attrib[key]
            done.append(name)
    for holder in list(xml.children(element, BPMN, "extensionElements")):
        theirs = [each for each in xml.children(holder) if namespace(each) in JAVA_ENGINES]
        for item in sorted(theirs, key=lambda one: one.get("variables") == "all"):  # "all" says what the others left
            convert_item = parts.INSIDE.get(local_name(item))
            if convert_item is not None and convert_item(element, item):
                tree.remove(item)
                done.append(local_name(item))
        if not len(holder) and done:
            tree.remove(holder)
    return done


def _attributes(element: XmlElement) -> Iterator[tuple[str, str, str]]:
    for key, value in element.items():
        space, _, name = str(key).rpartition("}")
        if space[1:] in JAVA_ENGINES:
            yield str(key), name, str(value)


def _set(element: XmlElement, name: str, value: str) -> bool:
    """Say one attribute of Camunda 7 as it is said here; False where there is no way."""
    own = _OWN.get(name)
    if own is not None:
        return own(element, value)
    target = SETTINGS.get((local_name(element), name)) or SETTINGS.get(("", name))
    text = None if target is None else parts.value_of(value)
    if target is None or text is None:
        return False
    tree.extension(element, target[0]).set(target[1], text)
    return True


SETTINGS: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("", "assignee"): ("assignmentDefinition", "assignee"),
    ("", "priority"): ("priorityDefinition", "priority"),
    ("", "topic"): ("taskDefinition", "type"),
    ("", "decisionRef"): ("calledDecision", "decisionId"),
    ("", "formRef"): ("formDefinition", "formId"),
    ("process", "versionTag"): ("versionTag", "value"),
    ("scriptTask", "resultVariable"): ("script", "resultVariable"),
    ("businessRuleTask", "resultVariable"): ("calledDecision", "resultVariable"),
    ("callActivity", "calledElementVersionTag"): ("calledElement", "versionTag"),
    ("multiInstanceLoopCharacteristics", "elementVariable"): ("loopCharacteristics", "inputElement"),
}
"""Element (or any) and attribute of Camunda 7 → the extension element and attribute that say the same here."""


def _groups(attribute: str) -> Callable[[XmlElement, str], bool]:
    def convert_list(element: XmlElement, value: str) -> bool:
        listed = [one.strip() for one in value.split(",")] if is_juel(value) and "," in value else []
        said = [feel_of(one) if is_juel(one) else f'="{one}"' for one in listed]
        whole = parts.value_of(value) or (f"=[{', '.join(str(one)[1:] for one in said)}]" if all(said) and said else "")
        if not whole:
            return False
        tree.extension(element, "assignmentDefinition").set(attribute, whole)
        return True

    return convert_list


def _form(element: XmlElement, value: str) -> bool:
    """Take the form that a key names; a page of another application is no form here."""
    if value.startswith(("embedded:", "app:", "http:", "https:")) or value.endswith((".html", ".htm")):
        return False
    text = parts.value_of(value.removeprefix("camunda-forms:").rpartition(":")[2].rpartition("/")[2] if not
                          is_juel(value) else value)  # fmt: skip
    if not text:
        return False
    tree.extension(element, "formDefinition").set("formId", text.removesuffix(".form"))
    return True


def _date(attribute: str) -> Callable[[XmlElement, str], bool]:
    def convert_date(element: XmlElement, value: str) -> bool:
        lasting = _DURATION.fullmatch(value.strip())
        text = f'=now() + duration("{lasting[0]}")' if lasting else parts.value_of(value)
        if not text:
            return False
        tree.extension(element, "taskSchedule").set(attribute, text)
        return True

    return convert_date


def _collection(element: XmlElement, value: str) -> bool:
    text = parts.value_of(value.strip())
    if local_name(element) != "multiInstanceLoopCharacteristics" or not text:
        return False
    named = text if text.startswith("=") else f"={text}"
    tree.extension(element, "loopCharacteristics").set("inputCollection", named)
    return True


def _binding(element: XmlElement, value: str) -> bool:
    if value not in {"latest", "deployment", "versionTag"}:
        return False
    if value != "latest":
        tree.extension(element, "calledElement").set("bindingType", value)
    return True


def _starters(element: XmlElement, value: str) -> bool:
    """Let the roles that may start a process stand on its start event."""
    starts = [one for one in xml.children(element, BPMN, "startEvent") if not any(True for _ in _definitions(one))]
    if is_juel(value) or len(starts) != 1:
        return False
    holder = tree.extension(starts[0], "properties")
    parts.row(holder, "property", name="starters", value=",".join(one.strip() for one in value.split(",")))
    return True


def _definitions(element: XmlElement) -> Iterator[XmlElement]:
    return (one for one in xml.children(element, BPMN) if local_name(one).endswith("EventDefinition"))


def _external(_element: XmlElement, value: str) -> bool:
    return value in {"external", "external-worker"}


def _inherited(element: XmlElement, value: str) -> bool:
    if local_name(element) != "callActivity":
        return False
    tree.extension(element, "calledElement").set("propagateAllParentVariables", value)
    return value in {"true", "false"}


_OWN: Final[Mapping[str, Callable[[XmlElement, str], bool]]] = {
    "candidateGroups": _groups("candidateGroups"),
    "candidateUsers": _groups("candidateUsers"),
    "formKey": _form,
    "dueDate": _date("dueDate"),
    "followUpDate": _date("followUpDate"),
    "collection": _collection,
    "calledElementBinding": _binding,
    "candidateStarterGroups": _starters,
    "type": _external,
    "inheritVariables": _inherited,
}
"""Attributes that need more than another name."""
