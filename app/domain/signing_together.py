"""Which signatures may be given for many at once: those over lines of a list, not over an opinion or a measure."""

from __future__ import annotations

from collections.abc import Mapping

SIGNING_FORM = "f00s"
LINES = frozenset({"f02", "f09", "f09b"})
"""A plan item, a budget line and a suggestion for one: lines of the yearly lists (specification §3.2, P-04 [C])."""
DECLARED = "together"
"""The property by which a process owner lets another signature of a diagram be given for many at once."""


def allowed(form_id: str, properties: Mapping[str, object]) -> bool:
    """Say whether a task's signature may be given together with others of the same step.

    An opinion, a payment or a measure is read and signed by itself; every signature is judged by itself in any case.
    """
    if form_id != SIGNING_FORM:
        return False
    return str(properties.get("signs", "")) in LINES or str(properties.get(DECLARED, "")).lower() == "true"
