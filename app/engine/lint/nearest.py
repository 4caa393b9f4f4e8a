"""The known name that somebody probably meant."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from app.engine.lint.vocabulary import Named

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.engine.lint.diagram import Diagram

MOST_GUESSES: Final = 200
"""Unknown names of one file for which a known one is looked for; comparing is slow and the rest is the same mistake."""

_COMPARED: Final = 80
_LISTED: Final = 6


def nearest(diagram: Diagram, wanted: str, known: Iterable[str]) -> str:
    """Return the known name that is most like `wanted`; empty if none is."""
    if wanted not in diagram.guesses:
        if len(diagram.guesses) >= MOST_GUESSES:
            return ""
        by_lower = {name.lower(): name for name in sorted(known)}
        found = get_close_matches(wanted[:_COMPARED].lower(), by_lower, n=1, cutoff=0.6)
        diagram.guesses[wanted] = by_lower[found[0]] if found else ""
    return diagram.guesses[wanted]


def nearest_hint(diagram: Diagram, wanted: str, known: Iterable[str]) -> Named:
    """Return a hint at the nearest known name, or at the list of them."""
    names = sorted(known)
    best = nearest(diagram, wanted, names)
    if best in names:
        return Named(f"是不是“{best}”？", f"Did you mean “{best}”?")
    if not names:
        return Named("现在一个也没有登记。", "None is registered yet.")
    few = names[:_LISTED]
    more = len(names) > len(few)
    zh = "、".join(few) + ("等" if more else "")
    return Named(f"可用的有：{zh}。", f"Known: {', '.join(few)}{' …' if more else '.'}")
