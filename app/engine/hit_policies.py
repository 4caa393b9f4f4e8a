"""The hit policies of DMN 1.3 §8.2.10: what becomes of the rules that hit."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from app.feel import FeelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.engine.decision_model import Decision, DecisionTable
    from app.feel import TableHit


class DecisionError(FeelError):
    """A decision that gives no result: its table is violated, or one of its expressions cannot be evaluated."""


def result_of(
    decision: Decision,
    table: DecisionTable,
    hits: Sequence[TableHit],
    *,
    priorities: Sequence[Sequence[object]],
    defaults: Sequence[object],
) -> object:
    """Return the table's result from the rules that hit; raises DecisionError where the hit policy is violated.

    `priorities` holds for each output its allowed values, highest first; `defaults` its default, where there is one.
    """
    policy = table.hit_policy
    if policy in {"UNIQUE", "ANY", "FIRST", "PRIORITY"}:
        if not hits:
            return _row(table, defaults) if any(value is not None for value in defaults) else None
        return _single(decision, table, hits, priorities)
    ordered = _by_priority(decision, table, hits, priorities) if policy == "OUTPUT ORDER" else list(hits)
    rows = [_row(table, hit.outputs) for hit in ordered]
    if not rows and any(value is not None for value in defaults):
        rows = [_row(table, defaults)]
    return _aggregated(decision, table.aggregation, rows) if policy == "COLLECT" else rows


def _single(
    decision: Decision, table: DecisionTable, hits: Sequence[TableHit], priorities: Sequence[Sequence[object]]
) -> object:
    if table.hit_policy == "UNIQUE" and len(hits) > 1:
        raise DecisionError(
            "决策表“%(decision)s”只许一条规则命中（UNIQUE），实际命中第 %(rules)s 条。",
            decision=decision.name,
            rules=_numbers(hits),
        )
    if table.hit_policy == "ANY" and any(one.outputs != other.outputs for one, other in combinations(hits, 2)):
        raise DecisionError(
            "决策表“%(decision)s”命中的各条规则应得出相同的结果（ANY），第 %(rules)s 条不同。",
            decision=decision.name,
            rules=_numbers(hits),
        )
    chosen = _by_priority(decision, table, hits, priorities)[0] if table.hit_policy == "PRIORITY" else hits[0]
    return _row(table, chosen.outputs)


def _by_priority(
    decision: Decision, table: DecisionTable, hits: Sequence[TableHit], priorities: Sequence[Sequence[object]]
) -> list[TableHit]:
    def rank(hit: TableHit) -> list[int]:
        ranks = []
        for value, allowed, output in zip(hit.outputs, priorities, table.outputs, strict=True):
            if allowed and value not in allowed:
                raise DecisionError(
                    "决策表“%(decision)s”第 %(rule)s 条的结果不在“%(output)s”列的取值清单中，无法排优先级。",
                    decision=decision.name,
                    rule=hit.rule + 1,
                    output=output.name,
                )
            ranks.append(allowed.index(value) if allowed else 0)
        return ranks

    return sorted(hits, key=rank)


def _row(table: DecisionTable, values: Sequence[object]) -> object:
    if len(table.outputs) == 1:
        return values[0]
    return {output.name: value for output, value in zip(table.outputs, values, strict=True)}


def _aggregated(decision: Decision, aggregation: str, rows: list[object]) -> object:
    if aggregation == "COUNT":
        return len(rows)
    if not aggregation:
        return rows
    numbers = [row for row in rows if isinstance(row, (int, float)) and not isinstance(row, bool)]
    if len(numbers) != len(rows):
        raise DecisionError(
            "决策表“%(decision)s”的结果要汇总（%(aggregation)s），但其中有不是数字的值。",
            decision=decision.name,
            aggregation=aggregation,
        )
    if not numbers:
        return None
    if aggregation == "SUM":
        return sum(numbers)
    return min(numbers) if aggregation == "MIN" else max(numbers)


def _numbers(hits: Sequence[TableHit]) -> str:
    return "、".join(str(hit.rule + 1) for hit in hits)
