"""Rules on texts in conditions: what no form offers and no decision table gives can never be equal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from app.engine import xml
from app.engine.lint.expressions import readings
from app.engine.lint.rules import WARNING, Hits, at, rule
from app.engine.lint.tasks import mapping, setting
from app.engine.lint.variables import provided_by_itself
from app.engine.lint.vocabulary import Named

if TYPE_CHECKING:
    from app.engine.lint.diagram import Diagram, Node
    from app.engine.lint.sources import Expression

Texts = frozenset[str]
_STRING: Final = r'"(?:[^"\\]|\\.)*"'
_AFTER: Final = re.compile(rf"\s*!?=\s*({_STRING})")
_BEFORE: Final = re.compile(rf"({_STRING})\s*!?=\s*\Z")
_AMONG: Final = re.compile(rf"\s+in\s*[(\[]((?:\s*{_STRING}\s*,?)+)[)\]]")
_LIKE: Final = 0.45
_LISTED: Final = 6
_LITERAL: Final = re.compile(_STRING)
_PLAIN: Final = re.compile(r"=\s*([A-Za-z_]\w*)\s*")


@dataclass(frozen=True)
class Compared:
    """A text that a variable is compared with: where it stands, and what the variable may hold."""

    expression: Expression
    path: str
    text: str
    offset: int
    """Of its first quotation mark in the expression as written."""
    offered: Texts

    @property
    def meant(self) -> str:
        """The offered text that is most like it; empty where none is. Texts are short, so half of it is enough."""
        return next(iter(get_close_matches(self.text[:80], sorted(self.offered), n=1, cutoff=_LIKE)), "")


@rule(
    "unknown-option",
    WARNING,
    zh="“%(name)s”的%(purpose)s把“%(variable)s”同“%(value)s”比较，可是没有哪张表单或决策表会给出这个值。",
    en="The %(purpose)s of “%(name)s” compares “%(variable)s” with “%(value)s”, which no form offers and no decision "
    "table gives.",
    hint="%(nearest)s",
    hint_en="%(nearest)s",
)
def unknown_option(diagram: Diagram) -> Hits:
    """Yield each text in an expression that what it is compared with can never hold."""
    for one in diagram.remember(compared):
        if one.text not in one.offered:
            item = one.expression
            yield at(
                item.element_id,
                name=item.label,
                purpose=item.purpose,
                variable=one.path,
                value=one.text,
                offset=one.offset,
                length=len(one.text) + 2,
                expression=item.text,
                nearest=_hint(one),
            )


def _hint(one: Compared) -> Named:
    if one.meant:
        return Named(f"是不是“{one.meant}”？", f"Did you mean “{one.meant}”?")
    few = sorted(one.offered)[:_LISTED]
    more = len(one.offered) > len(few)
    return Named(
        f"可用的有：{'、'.join(few)}{'等' if more else ''}。", f"Known: {', '.join(few)}{' …' if more else '.'}"
    )


def compared(diagram: Diagram) -> list[Compared]:
    """Return every text that is compared with a variable or a form's answer whose values are a closed list."""
    known = diagram.remember(offered)
    found: list[Compared] = []
    for reading in diagram.remember(readings).read:
        item = reading.expression
        for name in reading.names:
            if not name.certain or name.path.partition(".")[0] in item.locals:
                continue
            values = _submitted(diagram, name.path) if name.path.startswith("submission.") else known.get(name.path)
            if values:
                end = name.offset + name.length
                found.extend(
                    Compared(item, name.path, literal[1:-1], place, values)
                    for place, literal in _literals(item.text, name.offset, end)
                    if "\\" not in literal
                )
    return found


def _literals(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Yield the texts that a name standing at these places is compared with, and where they stand."""
    if (after := _AFTER.match(text, end)) is not None:
        yield after.start(1), after[1]
    elif (among := _AMONG.match(text, end)) is not None:
        yield from ((among.start(1) + each.start(), each[0]) for each in _LITERAL.finditer(among[1]))
    if (before := _BEFORE.search(text, 0, start)) is not None:
        yield before.start(1), before[1]


def _submitted(diagram: Diagram, path: str) -> Texts | None:
    """Return what the answer `submission.<form>.<field>` may hold, where that is a closed list."""
    parts = path.split(".")
    form = (diagram.vocabulary.forms or {}).get(parts[1])
    values = None if form is None or len(parts) != len(("submission", "form", "field")) else form.options.get(parts[2])
    return None if values is None else frozenset(values)


def offered(diagram: Diagram) -> Mapping[str, Texts]:
    """Return the variables whose values are a closed list, whichever step writes them."""
    values: dict[str, Texts | None] = {}
    for name in _from_outside(diagram):
        values[name] = None
    for node in diagram.nodes:
        written = _written(diagram, node)
        if written is None:
            return {}  # a step writes names that nobody knows, these perhaps too
        for name, texts in written.items():
            before = values.get(name, frozenset())
            values[name] = None if before is None or texts is None else before | texts
    return {name: texts for name, texts in values.items() if texts is not None}


def _from_outside(diagram: Diagram) -> Iterator[str]:
    yield from diagram.vocabulary.given
    for element in diagram.processes:
        process = (diagram.vocabulary.processes or {}).get(element.get("id", "").strip())
        yield from () if process is None else process.inputs


def _written(diagram: Diagram, node: Node) -> Mapping[str, Texts | None] | None:
    """Return what a node writes and the texts that each may then hold (None: anything); None for unknown names."""
    own = _own(diagram, node)
    zeebe = None if node.loop is None else xml.extension(node.loop, "loopCharacteristics")
    if zeebe is not None and (collection := zeebe.get("outputCollection", "").strip()):
        return {collection: None}
    outputs = list(mapping(node, "output"))
    if outputs:
        return {target.partition(".")[0]: _mapped(item.get("source", ""), own) for target, item in outputs}
    names = provided_by_itself(diagram, node)
    if names is None:
        return None
    return {**dict.fromkeys(names), **{key: texts for key, texts in own.items() if key.partition(".")[0] in names}}


def _mapped(source: str, own: Mapping[str, Texts]) -> Texts | None:
    if (name := _PLAIN.fullmatch(source.strip())) is not None:
        return own.get(name[1])
    text = source.strip().removeprefix("=").strip()
    return frozenset({text[1:-1]}) if _LITERAL.fullmatch(text) and "\\" not in text else None


def _own(diagram: Diagram, node: Node) -> Mapping[str, Texts]:
    """Return the results of a node that are texts of a closed list."""
    form = (diagram.vocabulary.forms or {}).get(setting(node, "formDefinition", "formId"))
    if node.type in ("userTask", "startEvent") and form is not None:
        return {key: frozenset(texts) for key, texts in form.options.items()}
    if node.type == "businessRuleTask":
        result = setting(node, "calledDecision", "resultVariable")
        given = (diagram.vocabulary.outcomes or {}).get(setting(node, "calledDecision", "decisionId"), {})
        return {f"{result}.{name}" if name else result: frozenset(texts) for name, texts in given.items()}
    return {}
