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
SHADOWING: Final = frozenset(
    {
        "abs", "all", "any", "append", "ceiling", "concatenate", "contains", "context", "count", "date", "decimal",
        "duration", "even", "exp", "flatten", "floor", "log", "matches", "max", "mean", "median", "min", "mode",
        "modulo", "now", "number", "odd", "product", "random", "range", "replace", "reverse", "sort", "split", "sqrt",
        "stddev", "string", "sublist", "substring", "sum", "time", "today", "union",
    }
)  # fmt: skip
"""Functions of FEEL: a variable of the same name hides them, so that `date("2026-11-23")` would be null."""
SPECIAL: Final = frozenset({"project", "deadline", "hold", "submission", "instance", "parameter"})
"""The facts that expressions of diagrams and forms may name."""


def is_name(text: str) -> bool:
    """Return whether `text` is a plain name that FEEL reads as one name."""
    return len(text) <= LONGEST and NAME.fullmatch(text) is not None
