"""The text of an expression: without its leading "=", and where in it a character stands."""

from __future__ import annotations

from typing import NamedTuple

LONGEST = 5_000
"""Characters of one expression."""


class Inner(NamedTuple):
    """The expression proper and the offset at which it begins in the text as written."""

    text: str
    start: int


def inner(expression: str) -> Inner:
    """Return the expression without the "=" that Camunda writes in front, and without surrounding space."""
    body = expression.lstrip()
    if body.startswith("="):
        body = body[1:].lstrip()
    return Inner(body.rstrip(), len(expression) - len(body))


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Return line and column (from 1) of the character at `offset`."""
    before = text[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")
