"""One change between two states of a file, and how a change of one value is said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from app.engine.lint.rules import shown

Kind = Literal["added", "removed", "changed", "moved"]

LONGEST: Final = 120
"""Characters of a value that a sentence repeats."""

_PARTS: Final = re.compile(r'"[^"]*"|\d+(?:\.\d+)?|\w+|[^\w\s]')
_LITERAL: Final = re.compile(r'"[^"]*"|\d+(?:\.\d+)?')


@dataclass(frozen=True)
class Change:
    """What happened to one element, said in Chinese and in English."""

    element_id: str
    kind: Kind
    zh: str
    en: str
    attribute: str = ""
    """What of the element changed, as a plain name; empty where the element itself came or went."""


@dataclass(frozen=True)
class Said:
    """A value as people read it, in both languages."""

    zh: str
    en: str

    def __bool__(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.zh)


def plain(text: str) -> Said:
    """Return a value that reads the same in both languages, on one line and not too long."""
    said = shown(text, longest=LONGEST)
    return Said(said, said)


def became(before: Said, after: Said) -> Said:
    """Return how a value went from one state to another, as 由 3 改为 5, 设为 5 or 去掉（原为 3）."""
    if before and after:
        return Said(f"由 {before.zh} 改为 {after.zh}", f"changed from {before.en} to {after.en}")
    if after:
        return Said(f"设为 {after.zh}", f"set to {after.en}")
    return Said(f"去掉（原为 {before.zh}）", f"removed (it was {before.en})")


def literal_change(before: str, after: str) -> tuple[str, str] | None:
    """Return the one number or text by which two expressions differ, before and after; None where more differs."""
    one, other = _PARTS.findall(before), _PARTS.findall(after)
    if len(one) != len(other):
        return None
    differing = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    if len(differing) != 1 or not all(_LITERAL.fullmatch(part) for part in differing[0]):
        return None
    return differing[0][0].strip('"'), differing[0][1].strip('"')
