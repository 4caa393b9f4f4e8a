"""When the demonstration pays and arranges what: the nodes of each contract up to what the file says has been paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.demo.answers.procurement import NODES
from app.demo.case import CENT
from app.demo.county import Plan
from app.domain.calendar import Calendar

BUDGET_TIME = (2, 10)
"""From this day on the funds of a year have been recorded, so that they can be paid."""


@dataclass(frozen=True)
class Payment:
    """A node that is paid: 万元, and the day of the application (None: soon after the contract)."""

    node: str
    amount: Decimal
    on: date | None


def payments(plan: Plan, calendar: Calendar) -> list[Payment]:
    """Return the payments in order; their sum is what the file says has been paid."""
    total, paid = plan.money("contract"), plan.money("paid")
    found: list[Payment] = []
    left, rest = paid, total
    shape = NODES[str(plan.row.get("nodes") or "30-40-27-3")]
    for place, (name, kind, percent) in enumerate(shape, start=1):
        part = rest if place == len(shape) else (total * percent / 100).quantize(CENT)
        rest -= part
        if left <= 0:
            break
        found.append(Payment(name, part, _day(plan, kind, place, calendar)))
        left -= part
    if left != 0:
        raise ValueError(f"{plan.no}: {paid} is no sum of the contract's nodes")
    return found


def _day(plan: Plan, kind: str, place: int, calendar: Calendar) -> date | None:
    completed, accepted = plan.day("completed"), plan.day("accepted")
    if plan.path == "Y":
        quarters = plan.row["quarters"]
        return date.fromisoformat(quarters[place - 1]) if place <= len(quarters) else None
    if kind == "进度" and completed is not None:
        return _funded(calendar.after_working_days(completed, 7), calendar)
    if kind == "验收" and accepted is not None:
        return _funded(calendar.after_working_days(accepted, 5), calendar)
    if kind == "质保" and accepted is not None:
        return _funded(accepted.replace(year=accepted.year + 1) + timedelta(days=5), calendar)
    return None


def _funded(day: date, calendar: Calendar) -> date:
    """Return the day itself, or the first on which that year's funds are there."""
    return calendar.next_working_day(max(day, date(day.year, *BUDGET_TIME)))


def arrangements(plan: Plan, paid: list[Payment]) -> dict[int, Decimal]:
    """Return fiscal year → 万元 arranged: later years what they pay, the first year all the rest."""
    total = plan.money("public_share") or plan.total
    first = int(plan.row.get("first_fy") or plan.fy)
    later: dict[int, Decimal] = {}
    for payment in paid:
        if payment.on is not None and payment.on.year > first:
            later[payment.on.year] = later.get(payment.on.year, Decimal(0)) + payment.amount
    return {first: total - sum(later.values(), Decimal(0)), **later}
