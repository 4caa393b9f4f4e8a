"""Names in FEEL: which may be a field's key, and which already mean something."""

from __future__ import annotations

import re
from typing import Final

NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
LONGEST: Final = 60

KEYWORDS: Final = frozenset(
    {
        "for", "return", "in", "if", "then", "else", "some", "every", "satisfies", "between", "and", "or", "not",
        "instance", "of", "function", "external", "null", "true", "false",
    }
)  # fmt: skip
SPECIAL: Final = frozenset({"project", "deadline", "hold", "submission", "instance", "parameter"})
"""The facts that expressions of diagrams and forms may name."""


def is_name(text: str) -> bool:
    """Return whether `text` is a plain name that FEEL reads as one name."""
    return len(text) <= LONGEST and NAME.fullmatch(text) is not None
