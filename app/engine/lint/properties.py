"""Rules on `zeebe:property`: which names there are, where each is read, and what it may say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.domain.signing_together import DECLARED, SIGNING_FORM
from app.engine import xml
from app.engine.lint.nearest import nearest_hint
from app.engine.lint.profile import extensions, label
from app.engine.lint.rules import ERROR, WARNING, Hits, at, rule
from app.engine.lint.tasks import listed
from app.engine.lint.vocabulary import Named
from app.engine.xml import ZEEBE, XmlElement, children, local_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.engine.lint.diagram import Diagram

_USER_TASKS: Final = Named("用户任务", "user tasks")
_SIGNATURES: Final = Named(f"填 {SIGNING_FORM}（签批）的用户任务", f"user tasks with the form {SIGNING_FORM} (sign)")
_READ_ON: Final = {
    **dict.fromkeys(("signs", "shows", "records", "days", "idle", DECLARED), ("userTask", _USER_TASKS)),
    "starters": ("startEvent", Named("开始事件", "start events")),
}
"""Property → the element on which it is read; any other of the vocabulary may stand anywhere."""
_WORDS: Final[dict[str, Sequence[str]]] = {"idle": ("off",), DECLARED: ("true", "false")}
"""Property → the words of which it may be one."""


@rule(
    "property-unknown",
    WARNING,
    zh="“%(name)s”的属性“%(property)s”没有人读。",
    en="Nothing reads the property “%(property)s” of “%(name)s”.",
    hint="%(nearest)s",
    hint_en="%(nearest)s",
)
def property_unknown(diagram: Diagram) -> Hits:
    """Yield each `zeebe:property` that the vocabulary does not know."""
    known = diagram.vocabulary.properties
    if known is None:
        return
    for owner, name, _ in properties(diagram):
        if name not in known:
            hint = nearest_hint(diagram, name, known)
            yield at(diagram.owner(owner), name=label(owner), property=name, nearest=hint)


@rule(
    "property-misplaced",
    WARNING,
    zh="“%(name)s”的属性“%(property)s”在这里不起作用，只在%(where)s上才有人读。",
    en="The property “%(property)s” has no effect on “%(name)s”; it is read on %(where)s only.",
    hint="请删去它，或者写到该写的地方。",
    hint_en="Remove it, or say it where it is read.",
)
def property_misplaced(diagram: Diagram) -> Hits:
    """Yield each known property on an element where nothing reads it."""
    for owner, name, _ in properties(diagram):
        kind, where = _READ_ON.get(name, ("", _USER_TASKS))
        if not kind:
            continue
        form = xml.extension(owner, "formDefinition")
        if local_name(owner) == kind and name == DECLARED and (form is None or form.get("formId") != SIGNING_FORM):
            kind, where = "", _SIGNATURES
        if local_name(owner) != kind:
            yield at(diagram.owner(owner), name=label(owner), property=name, where=where)


@rule(
    "property-invalid",
    ERROR,
    zh="“%(name)s”的属性“%(property)s”不能是“%(value)s”。",
    en="The property “%(property)s” of “%(name)s” cannot be “%(value)s”.",
    hint="%(nearest)s",
    hint_en="%(nearest)s",
)
def property_invalid(diagram: Diagram) -> Hits:
    """Yield each property whose value names something that does not exist."""
    vocabulary = diagram.vocabulary
    known: dict[str, Sequence[str] | None] = {
        "signs": None if vocabulary.forms is None else list(vocabulary.forms),
        "shows": None if vocabulary.forms is None else list(vocabulary.forms),
        "records": None if vocabulary.records is None else list(vocabulary.records),
        "starters": None if vocabulary.roles is None else list(vocabulary.roles),
        **_WORDS,
    }
    for owner, name, value in properties(diagram):
        place, allowed = diagram.owner(owner), known.get(name)
        if vocabulary.properties is not None and name == "days" and not _counts(diagram, value):
            way = Named(
                "请写工作日的天数，例如 5，或者一个以工作日计的参数。",
                "Give a number of working days, such as 5, or a parameter counted in working days.",
            )
            yield at(place, name=label(owner), property=name, value=value, nearest=way)
        for part in listed(value) if allowed is not None else ():
            if part not in (allowed or ()):
                hint = nearest_hint(diagram, part, allowed or ())
                yield at(place, name=label(owner), property=name, value=part, nearest=hint)


def _counts(diagram: Diagram, value: str) -> bool:
    known = diagram.vocabulary.facts or ()
    return (value.isascii() and value.isdigit()) or (value.endswith("working_days") and f"parameter.{value}" in known)


def properties(diagram: Diagram) -> Iterator[tuple[XmlElement, str, str]]:
    """Yield each `zeebe:property` with the element that it hangs on: its name and its value."""
    for owner, holder in extensions(diagram):
        if local_name(holder) == "properties":
            for item in children(holder, ZEEBE, "property"):
                yield owner, item.get("name", "").strip(), item.get("value", "").strip()
