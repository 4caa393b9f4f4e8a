"""Which repairs are offered: those that have been carried out on a copy, so that no button refuses afterwards."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.engine.repairs.mending import mend
from app.engine.repairs.registry import repair_of
from app.errors import DiagramNotExecutable, NotFound, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.engine.lint.vocabulary import Vocabulary
    from app.errors import Finding

SECONDS: Final = 0.8
"""Processor time for trying the repairs of one file; a file with more to mend offers the first ones first."""
NAMING: Final = frozenset({"no-id", "duplicate-id", "bad-id"})
"""While an id is missing, wrong or given twice, nothing else can say which element it means: these come first."""
MENDABLE: Final = "mendable"
"""The value of a finding whose repair has been tried."""


def tried(
    text: str, findings: Iterable[Finding], vocabulary: Vocabulary, *, kind: str = "bpmn", former: str = ""
) -> Iterator[Finding]:
    """Yield the findings of a file; those whose repair can be carried out on this very file carry `mendable`."""
    ends = time.process_time() + SECONDS
    known: dict[tuple[str, str], bool] = {}
    listed = list(findings)
    first = NAMING & {one.code for one in listed}
    for one in listed:
        case = (one.code, one.element_id)
        wanted = not first or one.code in first
        if wanted and case not in known and repair_of(one.code, kind) is not None and time.process_time() < ends:
            known[case] = _mends(text, case, vocabulary, kind=kind, former=former)
        yield replace(one, values={**one.values, MENDABLE: True}) if known.get(case) else one


def _mends(text: str, case: tuple[str, str], vocabulary: Vocabulary, *, kind: str, former: str) -> bool:
    try:
        return mend(text, *case, vocabulary, kind=kind, former=former).text != text
    except (Refused, NotFound, DiagramNotExecutable):
        return False
