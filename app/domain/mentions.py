"""Whom a remark names: @ and a name or user name, up to a blank or a mark that no name has."""

from __future__ import annotations

import re

MOST = 10
"""Persons that one remark may name; more are no 知会 but a circular."""
_NAMED = re.compile(r"(?<![A-Za-z0-9._-])@([\w.·-]{2,40})")


def written(words: str) -> tuple[str, ...]:
    """Return what stands behind each @, once, in order; a name runs on where no blank or mark ends it.

    The @ within an address of mail names nobody.
    """
    return tuple(dict.fromkeys(found.strip(".-·") for found in _NAMED.findall(words)))


def candidates(text: str) -> tuple[str, ...]:
    """Return every beginning of what stands behind an @ that may be the name, the longest first.

    Chinese writes no blank behind a name: @王芳请看 names 王芳.
    """
    return tuple(text[:length] for length in range(len(text), 1, -1))
