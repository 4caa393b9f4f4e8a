"""Which texts a decision table can give: a closed list, where every rule gives a plain text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from app.engine import xml
from app.engine.decision_model import read_decisions
from app.errors import DiagramNotExecutable

if TYPE_CHECKING:
    from app.engine.decision_model import DecisionTable

SINGLE: Final = frozenset({"UNIQUE", "ANY", "FIRST", "PRIORITY"})
_TEXT: Final = re.compile(r'"([^"\\]*)"')


@lru_cache(maxsize=64)
def outcomes_of(source: bytes) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return decision id → output name (empty where it is the only one) → texts, as far as these are a closed list."""
    try:
        decisions = read_decisions(xml.parse_xml(source))
    except DiagramNotExecutable:
        return {}
    return {one.decision_id: _outputs(one.table) for one in decisions if one.table is not None}


def _outputs(table: DecisionTable) -> Mapping[str, tuple[str, ...]]:
    if table.hit_policy not in SINGLE or not table.rules:
        return {}
    found = {}
    for place, output in enumerate(table.outputs):
        cells = [rule.outputs[place].text if place < len(rule.outputs) else "" for rule in table.rules]
        texts = [_TEXT.fullmatch(cell.strip()) for cell in [*cells, *([output.default] if output.default else [])]]
        if all(texts):
            name = output.name if len(table.outputs) > 1 else ""
            found[name] = tuple(dict.fromkeys(text[1] for text in texts if text is not None))
    return found
