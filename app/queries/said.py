"""What a page says in the reader's language: message ids with their values, and names with the English beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Sentence
from app.models.process import Definition
from app.queries import diagram_graph
from app.queries.diagram_graph import Drawn, one_line

PROCESS = ""
"""Under which the English names of a diagram hold the process's own."""

_english: dict[str, Mapping[str, str]] = {}
"""SHA-256 of a version → its English names; a version never changes, so this never goes stale."""


@dataclass(frozen=True)
class Said:
    """A message id with its values; a value may be said itself."""

    message: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.message)


def english_names(session: Session, hashes: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
    """Return the English names of these versions by hash, then element id; each is read once in this process."""
    wanted = set(hashes)
    unknown = wanted - _english.keys()
    if unknown:
        query = select(Definition.sha256, Definition.source).where(
            Definition.kind == "bpmn", Definition.sha256.in_(unknown)
        )
        for sha256, source in session.execute(query):
            graph = diagram_graph.read(source)
            names = {PROCESS: graph.en} | {node.id: node.name.en for node in graph.nodes.values()}
            _english[sha256] = {key: name for key, name in names.items() if name}
    return {sha256: _english.get(sha256, {}) for sha256 in wanted}


def stored(text: str, *, element_en: str = "") -> Said:
    """Return a sentence that a row has kept; for readers of English with its element's English name."""
    return _said(Sentence.read(text), element_en)


def _said(sentence: Sentence, element_en: str) -> Said:
    values = {
        name: _said(value, element_en) if isinstance(value, Sentence) else value
        for name, value in sentence.values.items()
    }
    return Said(sentence.message, values | ({"element_en": element_en} if element_en and "element" in values else {}))


def task_documentation(text: str, properties: Mapping[str, object] | None) -> Drawn:
    """Return what a task's diagram says about it, with the English that stands beside it."""
    return Drawn(text, str((properties or {}).get(diagram_graph.ENGLISH_DOCUMENTATION) or ""))


def task_name(name: str, properties: Mapping[str, object] | None) -> Drawn:
    """Return the name of a task on one line, with the English that its diagram gave it."""
    return Drawn(one_line(name), str((properties or {}).get(diagram_graph.ENGLISH) or ""))
