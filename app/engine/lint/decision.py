"""Lint of one DMN file: its limits, then what the engine's own reader of decisions says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.engine.decisions import decision_findings
from app.engine.lint.limits import oversized
from app.engine.lint.rules import ERROR
from app.engine.xml import parse_xml
from app.errors import DiagramNotExecutable, Finding
from app.feel import FeelError

if TYPE_CHECKING:
    from app.engine.lint.vocabulary import Vocabulary


def lint_decision(source: bytes, vocabulary: Vocabulary) -> tuple[Finding, ...]:  # noqa: ARG001 -- as lint_process
    """Return all findings on a DMN file. Never raises."""
    try:
        root = parse_xml(source)
    except DiagramNotExecutable as refusal:
        return refusal.findings
    too_large = oversized(root)
    if too_large is not None:
        return (too_large,)
    try:
        return decision_findings(source)
    except FeelError as error:
        return (_tangled(error),)


def _tangled(error: FeelError) -> Finding:
    return Finding(
        "feel-unreadable",
        "",
        ERROR,
        f"决策表里有太复杂、读不出来的表达式：{error}",
        f"The decisions hold an expression that is too tangled to be read: {error}",
        "请拆成几条规则或几张表。",
        "Split it into several rules or tables.",
    )
