"""Names that already mean something in FEEL (DMN 1.3 §10.3): keywords, and functions that a variable would hide."""

from __future__ import annotations

from typing import Final

FUNCTIONS: Final = frozenset(
    {
        "abs", "all", "any", "append", "ceiling", "concatenate", "contains", "context", "count", "date", "decimal",
        "duration", "even", "exp", "flatten", "floor", "log", "matches", "max", "mean", "median", "min", "mode",
        "modulo", "now", "number", "odd", "product", "random", "range", "replace", "reverse", "sort", "split", "sqrt",
        "stddev", "string", "sublist", "substring", "sum", "time", "today", "union",
    }
)  # fmt: skip
"""Functions of FEEL: a variable of the same name hides them, so that `date("2026-11-23")` would be null."""
