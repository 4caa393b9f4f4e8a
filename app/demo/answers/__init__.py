"""The answer book: what the demonstration's people write into each form, one module a phase."""

from __future__ import annotations

from app.demo.answers import (
    acceptance,
    approval,
    building,
    evaluation,
    inspection,
    money,
    operation,
    planning,
    procurement,
    review,
    signing,
)

__all__ = [
    "acceptance",
    "approval",
    "building",
    "evaluation",
    "inspection",
    "money",
    "operation",
    "planning",
    "procurement",
    "review",
    "signing",
]
