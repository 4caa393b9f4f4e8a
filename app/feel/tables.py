"""The rules of a decision table, all cells evaluated in one call of the interpreter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.feel import isolate
from app.feel.errors import FeelError
from app.feel.interpreter import moment, outcome
from app.feel.text import LONGEST, inner
from app.feel.values import decode, encode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


@dataclass(frozen=True)
class FeelTable:
    """Input expressions, and for each rule its input cells (unary tests) and its output cells (expressions)."""

    inputs: tuple[str, ...]
    rules: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]


@dataclass(frozen=True)
class TableHit:
    """A rule whose input cells all pass: its place from 0, and the values of its output cells."""

    rule: int
    outputs: tuple[object, ...]


@dataclass(frozen=True)
class TableOutcome:
    """The values of the input expressions and all rules that hit, in the order of the table."""

    inputs: tuple[object, ...]
    hits: tuple[TableHit, ...]


def evaluate_table(table: FeelTable, context: Mapping[str, object], *, now: datetime) -> TableOutcome:
    """Return every rule of `table` that hits, evaluated in one call of V8; `now` (aware) is the clock of FEEL.

    Raises FeelError with the text of the cell when it does not parse, reads an unknown name or goes wrong, and when a
    limit is reached. A cell that is empty or "-" always passes; one that FEEL cannot decide (null) does not.
    """
    cells = [*table.inputs, *(cell for rule in table.rules for part in rule for cell in part)]
    longest = max(cells, key=len, default="")
    if len(longest) > LONGEST:
        raise FeelError("表达式超过 %(limit)s 个字符。", expression=longest, limit=LONGEST)
    answer = isolate.call(
        "table",
        {
            "now": moment(now),
            "context": encode(context),
            "inputs": [inner(text).text for text in table.inputs],
            "rules": [
                [[cell.strip() or "-" for cell in tests], [inner(cell).text or "null" for cell in outputs]]
                for tests, outputs in table.rules
            ],
        },
    )
    if not isinstance(answer, dict):
        raise TypeError("the FEEL bundle answers with a map")
    if "x" in answer:
        raise _cell_error(table, answer)
    hits = tuple(TableHit(rule, _decoded(values, table.rules[rule][1])) for rule, values in answer["hits"])
    return TableOutcome(_decoded(answer["inputs"], table.inputs), hits)


def _decoded(values: Sequence[object], sources: Sequence[str]) -> tuple[object, ...]:
    decoded = []
    for value, source in zip(values, sources, strict=True):
        try:
            decoded.append(decode(value))
        except FeelError as error:
            raise error.about(source) from None
    return tuple(decoded)


def _cell_error(table: FeelTable, answer: Mapping[str, object]) -> Exception:
    place, failed = answer["c"], answer["x"]
    if not isinstance(place, list) or not isinstance(failed, dict):
        raise TypeError("the FEEL bundle names the cell that failed")
    rule, column = place
    text = table.inputs[column] if rule < 0 else [cell for part in table.rules[rule] for cell in part][column]
    error = outcome(failed, text, strict=True)
    return error if isinstance(error, FeelError) else TypeError("the FEEL bundle reports a cell that did not fail")
