"""Soundness among the findings: asked of a diagram whose flows can be relied on, within the time that is left."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.engine.lint.rules import shown
from app.engine.soundness import check_soundness

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.engine.lint.diagram import Diagram
    from app.errors import Finding

LONGEST_SENTENCE: Final = 900
"""Characters; a sentence names up to a dozen elements of the way."""

SECONDS: Final = 2.0
LEAST_SECONDS: Final = 0.2
SECONDS_FOR_ALL: Final = 3.5
"""Of the five seconds for a file, the start of the child process taken off."""

_UNRELIABLE: Final = frozenset(
    {
        "several-executable",
        "no-id",
        "duplicate-id",
        "no-start",
        "several-starts",
        "start-with-incoming",
        "end-with-outgoing",
        "dangling-flow",
        "flow-across-border",
        "boundary-with-incoming",
        "boundary-without-host",
        "complex-gateway",
        "event-gateway-target",
        "several-outgoing",
        "event-sub-process",
        "ad-hoc",
    }
)
"""Where one of these is found, tokens cannot be followed: mend it first, then soundness is asked."""

_SAID_BEFORE: Final = frozenset(
    {"unreachable", "circle-without-gateway", "implicit-end", "user-task-without-outgoing", "choreography"}
)
"""Rules that say the same of an element in plainer words."""


def soundness_findings(diagram: Diagram, found: Sequence[Finding], *, began: float) -> Iterator[Finding]:
    """Yield what the exploration finds beyond what was `found` by the rules; `began` is the monotonic start of lint."""
    codes = {item.code for item in found}
    if codes & _UNRELIABLE:
        return
    said = {item.element_id for item in found if item.code in _SAID_BEFORE}
    for process in diagram.processes:
        left = SECONDS_FOR_ALL - (time.monotonic() - began)
        report = check_soundness(process, seconds=max(LEAST_SECONDS, min(SECONDS, left)))
        for item in report.findings:
            if item.element_id not in said:
                yield replace(item, message=_on_a_line(item.message), message_en=_on_a_line(item.message_en))


def _on_a_line(message: str) -> str:
    return shown(message, longest=LONGEST_SENTENCE)
