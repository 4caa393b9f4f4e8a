"""One task of one project as the answer book sees it: the county, the day, and what was answered before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.demo.county import Body, County, Plan
from app.domain.calendar import Calendar
from app.queries.open_tasks import OpenTask

Answers = dict[str, Any]
Answer = Callable[["Case"], Answers]

BY_FORM: dict[str, Answer] = {}
"""Form id → what is answered."""
BY_TASK: dict[str, Answer] = {}
"""`process.element` → what is answered there instead."""
CENT = Decimal("0.01")


def form(*form_ids: str) -> Callable[[Answer], Answer]:
    """Enter the decorated function as the answers to these forms."""

    def register(function: Answer) -> Answer:
        BY_FORM.update(dict.fromkeys(form_ids, function))
        return function

    return register


def task(*keys: str) -> Callable[[Answer], Answer]:
    """Enter the decorated function as the answers in these tasks (`process.element`)."""

    def register(function: Answer) -> Answer:
        BY_TASK.update(dict.fromkeys(keys, function))
        return function

    return register


@dataclass
class Case:
    """What a form is answered from."""

    county: County
    plan: Plan
    today: date
    task: OpenTask
    calendar: Calendar
    visit: int = 0
    """How often this task has been done for this project before."""
    notes: dict[str, Any] = field(default_factory=dict)
    """What earlier answers of the project left: contract number, panel, resources …"""
    shown: Mapping[str, Any] = field(default_factory=dict)
    """The data with which the form opened, as its page shows it: choices, earlier answers."""

    @property
    def unit(self) -> Body:
        """The project unit."""
        return self.county.body(self.plan.unit)

    @property
    def system(self) -> str:
        """The system's name without quotes and additions."""
        return self.plan.name.replace("“", "").replace("”", "").split("（")[0].split("(")[0]

    def company(self, trade: str) -> Body:
        """Return the company of this trade that works on the project: as the file says, else in turn by serial."""
        named = self.plan.row.get(trade)
        if named:
            return self.county.body(str(named))
        firms = self.county.of_trade(trade)
        if trade == "supervisor":  # nobody with the builder's legal representative (COI-04)
            chief = self.company("builder").legal_representative
            firms = [firm for firm in firms if firm.legal_representative != chief]
        return firms[self.plan.serial % len(firms)]

    def workday(self, days: int) -> date:
        """Return the working day `days` working days after today."""
        return self.calendar.after_working_days(self.today, days) if days else self.today

    def before(self, days: int) -> date:
        """Return the last working day at least `days` days before today."""
        return self.calendar.previous_working_day(self.today - timedelta(days=days - 1)) if days else self.today


def amount(value: Decimal) -> int | float:
    """Return 万元 as the number that a person types."""
    cents = value.quantize(CENT)
    return int(cents) if cents == cents.to_integral_value() else float(cents)


def answers(case: Case) -> Answers:
    """Return the answers to a task; raise LookupError where the book has none."""
    found = BY_TASK.get(f"{case.task.process}.{case.task.element}") or BY_FORM.get(case.task.form_id)
    if found is None:
        raise LookupError(f"no answers to {case.task.form_id} ({case.task.process}.{case.task.element})")
    return found(case)
