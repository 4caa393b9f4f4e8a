"""FEEL, the expression language of diagrams, decision tables and forms, run by feelin in a V8 sandbox."""

from __future__ import annotations

from app.feel.analysis import check, check_unary_tests, names, references, unary_references
from app.feel.errors import FeelError, FeelName, FeelProblem, FeelUnavailableError
from app.feel.interpreter import condition, conditions, evaluate, evaluate_all, unary_tests
from app.feel.isolate import exhausted, replacements
from app.feel.tables import FeelTable, TableHit, TableOutcome, evaluate_table
from app.feel.values import YearsMonths

__all__ = [
    "FeelError",
    "FeelName",
    "FeelProblem",
    "FeelTable",
    "FeelUnavailableError",
    "TableHit",
    "TableOutcome",
    "YearsMonths",
    "check",
    "check_unary_tests",
    "condition",
    "conditions",
    "evaluate",
    "evaluate_all",
    "evaluate_table",
    "exhausted",
    "names",
    "references",
    "replacements",
    "unary_references",
    "unary_tests",
]
