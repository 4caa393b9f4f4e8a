"""DMN 1.3 decisions in FEEL: tables with every hit policy, literal expressions, and the decisions they require."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from app import feel
from app.engine import xml
from app.engine.decision_findings import findings_of
from app.engine.decision_model import Decision, DecisionModel, DecisionTable, in_order, model_of, read_decisions
from app.engine.hit_policies import DecisionError, result_of
from app.errors import DiagramNotExecutable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from app.errors import Finding

__all__ = ["DecisionError", "DecisionModel", "decision_findings", "evaluate_decision", "parse_decisions"]


@lru_cache(maxsize=64)
def parse_decisions(source: bytes) -> DecisionModel:
    """Return the decisions of a DMN file; raises DiagramNotExecutable with every finding of severity error.

    Cached by content, so that a definition is parsed once in a process.
    """
    root = xml.parse_xml(source)
    errors = [finding for finding in findings_of(root) if finding.severity == "error"]
    if errors:
        raise DiagramNotExecutable(errors)
    return model_of(read_decisions(root))


def decision_findings(source: bytes) -> tuple[Finding, ...]:
    """Return all that is wrong or suspicious in a DMN file, with element ids; never raises, whatever the bytes are."""
    try:
        root = xml.parse_xml(source)
    except DiagramNotExecutable as unreadable:
        return unreadable.findings
    return findings_of(root)


def evaluate_decision(
    source: bytes | str, decision_id: str, variables: Mapping[str, object], *, now: datetime
) -> object:
    """Return the result of a decision for `variables`; the decisions that it requires are evaluated first.

    A table with one output gives a value, with several a map by output name; RULE ORDER, OUTPUT ORDER and COLLECT give
    lists of these. Where no rule hits, the default outputs, else null (an empty list; 0 for COUNT). The result of a
    required decision is known by the name of its variable and by its id.
    Raises DiagramNotExecutable for a file that cannot be executed, KeyError for an unknown `decision_id`, and
    DecisionError when the table is violated (UNIQUE with two hits …) or a cell cannot be evaluated.
    """
    model = parse_decisions(source.encode() if isinstance(source, str) else source)
    if decision_id not in model.decisions:
        raise KeyError(decision_id)
    known = dict(variables)
    result: object = None
    for decision in in_order(model, decision_id):
        result = _result(decision, known, now=now)
        known[decision.decision_id] = result
        if decision.result_name:
            known[decision.result_name] = result
    return result


def _result(decision: Decision, known: Mapping[str, object], *, now: datetime) -> object:
    try:
        if decision.table is not None:
            return _table_result(decision, decision.table, known, now=now)
        text = decision.literal.text if decision.literal is not None else "null"
        return feel.evaluate(text, known, now=now)
    except DecisionError:
        raise
    except feel.FeelError as error:
        raise DecisionError(
            "决策“%(decision)s”无法得出结果：%(reason)s",
            expression=error.expression,
            position=error.position,
            unknown=error.unknown,
            decision=decision.name,
            reason=str(error),
        ) from error


def _table_result(decision: Decision, table: DecisionTable, known: Mapping[str, object], *, now: datetime) -> object:
    outcome = feel.evaluate_table(table.cells, known, now=now)
    lists = [f"[{output.values}]" for output in table.outputs]
    defaults = [output.default or "null" for output in table.outputs]
    fixed = feel.evaluate_all([*lists, *defaults], known, now=now) if _needs_columns(table, outcome) else []
    for value in fixed:
        if isinstance(value, feel.FeelError):
            raise value
    priorities = [value if isinstance(value, list) else [] for value in fixed[: len(lists)]]
    return result_of(decision, table, outcome.hits, priorities=priorities, defaults=fixed[len(lists) :])


def _needs_columns(table: DecisionTable, outcome: feel.TableOutcome) -> bool:
    has_defaults = any(output.default for output in table.outputs)
    has_values = any(output.values for output in table.outputs)
    return has_values or (has_defaults and not outcome.hits)
