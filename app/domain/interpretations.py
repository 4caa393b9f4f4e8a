"""What the bureau may interpret (第三十五条): each parameter, each gate and each reading, under one kind of key."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.articles import Article, implements, registered_rules
from app.domain.gates import GATES
from app.domain.parameters import notes
from app.domain.readings import READINGS

INTERPRETS = Article(35, "由县政务服务和大数据管理局负责解释")


@dataclass(frozen=True)
class Subject:
    """Something that the bureau may interpret, and change where it has a value."""

    key: str
    label: str
    """A message id, or the gate's id."""
    article: int
    reason: str = ""
    has_value: bool = False


@implements(INTERPRETS, ids=("INTERPRETATION",))
def subject(key: str) -> Subject | None:
    """Return what `key` stands for: a parameter, a gate (G-06) or a reading; None for anything else."""
    note = notes().get(key)
    if note is not None:
        return Subject(key, note.label, note.article.number, note.reason, has_value=True)
    reading = READINGS.get(key)
    if reading is not None:
        return Subject(key, reading.label, reading.article, reading.reason)
    return Subject(key, key, article_of(key)) if key in GATES else None


def article_of(gate: str) -> int:
    """Return the number of the article on which a gate rests; 12 for the sum rule of payments, which has none."""
    return next((rule.articles[0].number for rule in registered_rules() if gate in rule.ids), 12)
