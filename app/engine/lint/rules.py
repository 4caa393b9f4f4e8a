"""How a lint rule is written: a small function that names the elements it dislikes, with its sentences beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from app.engine.lint.diagram import Diagram
from app.engine.lint.vocabulary import Named
from app.errors import Finding

Severity = Literal["error", "warning", "info"]

ERROR: Final = "error"
WARNING: Final = "warning"
INFO: Final = "info"

LONGEST_VALUE: Final = 60
"""Characters of a name or expression that a sentence repeats; the rest becomes …"""

LONGEST_HINT: Final = 400
"""Characters of a part of a sentence that is itself in two languages."""

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]+")


@dataclass(frozen=True)
class Hit:
    """One place that a rule dislikes, and what its sentences fill in."""

    element_id: str
    values: Mapping[str, object]
    code: str = ""
    """Where a rule passes on what another reader found: that reader's code instead of the rule's own."""
    severity: str = ""


Hits = Iterator[Hit]
Check = Callable[[Diagram], Hits]


@dataclass(frozen=True)
class Rule:
    """A rule: its stable code, its severity, its sentences in both languages and its check."""

    code: str
    severity: Severity
    zh: str
    en: str
    hint: str
    hint_en: str
    check: Check

    def findings(self, diagram: Diagram) -> Iterator[Finding]:
        """Yield one finding for each hit."""
        for hit in self.check(diagram):
            yield finding(self, hit)


RULES: Final[dict[str, Rule]] = {}
"""All rules by code, in the order in which their modules are read."""


def rule(
    code: str, severity: Severity, *, zh: str, en: str, hint: str = "", hint_en: str = ""
) -> Callable[[Check], Check]:
    """Register a check under `code`; `%(…)s` in the sentences are filled from the values of each hit."""

    def register(check: Check) -> Check:
        if code in RULES:
            raise ValueError(code)
        RULES[code] = Rule(code, severity, zh, en, hint, hint_en, check)
        return check

    return register


def at(element_id: str, **values: object) -> Hit:
    """Say that a rule dislikes the element of this id; `values` fill the sentences."""
    return Hit(element_id, values)


def finding(rule_: Rule, hit: Hit) -> Finding:
    """Return the finding of a hit, sentences filled in."""
    zh = {name: _spoken(value, "zh") for name, value in hit.values.items()}
    en = {name: _spoken(value, "en") for name, value in hit.values.items()}
    plain = {name: value.zh if isinstance(value, Named) else value for name, value in hit.values.items()}
    return Finding(
        code=hit.code or rule_.code,
        element_id=shown(hit.element_id, longest=200),
        severity=hit.severity or rule_.severity,
        message=rule_.zh % zh,
        message_en=rule_.en % en,
        hint=rule_.hint % zh,
        hint_en=rule_.hint_en % en,
        values={name: shown(value) if isinstance(value, str) else value for name, value in plain.items()},
    )


def shown(text: str, *, longest: int = LONGEST_VALUE) -> str:
    """Return `text` as a sentence may repeat it: on one line, without invisible characters, not too long."""
    clean = _UNSEEN.sub(" ", text[: longest * 4]).strip()
    return clean if len(clean) <= longest else clean[: longest - 1] + "…"


def _spoken(value: object, language: str) -> object:
    if isinstance(value, Named):
        return shown(value.en or value.zh if language == "en" else value.zh, longest=LONGEST_HINT)
    return shown(value) if isinstance(value, str) else value
