"""How a repair is written: a small function on the tree, with what its button says beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from app.engine.lint.diagram import Diagram
    from app.engine.xml import XmlElement


@dataclass(frozen=True)
class Done:
    """What a repair did: the ids of the elements that it changed, and a sentence about it in both languages."""

    changed: tuple[str, ...]
    zh: str
    en: str


@dataclass
class Site:
    """Where a repair works: the file's tree, the same as the lint reads it, and the finding's element."""

    root: XmlElement
    diagram: Diagram
    element_id: str
    found: list[XmlElement] = field(default_factory=list)
    """The elements of that id or place, in the order of the file."""

    @property
    def element(self) -> XmlElement | None:
        """The element of the finding."""
        return self.found[0] if self.found else None


Mend = Callable[[Site], "Done | None"]
"""Carries a repair out; None where this case needs a person."""


@dataclass(frozen=True)
class Repair:
    """A repair of one kind of finding."""

    code: str
    zh: str
    en: str
    mend: Mend


REPAIRS: Final[dict[str, Repair]] = {}
"""The finding's code → its repair."""


def repairs(*codes: str, zh: str, en: str) -> Callable[[Mend], Mend]:
    """Register a function as what mends findings of these codes; `zh` and `en` are what the button says."""

    def register(function: Mend) -> Mend:
        for code in codes:
            REPAIRS[code] = Repair(code, zh, en, function)
        return function

    return register


def repair_of(code: str) -> Repair | None:
    """Return the repair of a finding's code, if there is one."""
    return REPAIRS.get(code)
