"""A project's diary: when each task of its processes is done, and what is answered there otherwise than usual.

A task without an entry is done a usual number of working days after it opened. An entry names the day for each visit
(a task may come again after a return); the visit after the last entry of a closed diary is never made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.demo.story import Story

USUAL: Mapping[str, int] = {
    "p01_annual_plan.county_decision": 8,
    "p01u_unit_plan.sign_item": 1,
    "p02_review.file_materials": 8,
    "p02_review.check_formally": 2,
    "p02_review.check_sharing": 2,
    "p02_review.form_panel": 2,
    "p02_review.score": 3,
    "p02_review.conclude": 0,
    "p02_review.draft_opinion": 2,
    "p03a_investment.apply": 4,
    "p03a_investment.appraise": 4,
    "p03a_opinion.draft": 3,
    "p03b_service.file_plan": 4,
    "p03b_service.review_funds": 5,
    "p03c_joint.file": 6,
    "p04_budget.suggest": 2,
    "p04s_supplement.suggest": 2,
    "p04_budget.review_line": 3,
    "p04_budget.record_result": 5,
    "p05_preprocurement.file_plans": 5,
    "p05_preprocurement.check_plans": 3,
    "p06_procurement.plan_packages": 3,
    "p06_procurement.publish_notice": 3,
    "p06_procurement.record_result": 27,
    "p06_procurement.sign_contract": 8,
    "p07_construction.register_supervision": 3,
    "p07_construction.plan_supervision": 2,
    "p07_construction.order_start": 2,
    "p07_construction.report_progress": 2,
    "p09_acceptance.apply": 10,
    "p09_acceptance.verify_access": 2,
    "p09_acceptance.meet": 2,
    "p09_acceptance.judge": 0,
    "p09_acceptance.conclude": 0,
    "p11_payment.apply": 0,
    "p11_payment.sign": 0,
    "p11_payment.approve": 0,
    "p13_om.file_plans": 6,
    "p14_evaluation.report_self": 10,
    "p14_evaluation.score_third_party": 10,
    "p15_inspection.order": 2,
}
"""`process.element` → working days from its opening to its doing; one where it is not named."""


@dataclass(frozen=True)
class Entry:
    """One visit of a task: on which day it is done, with which answers instead of the book's, and what is noted."""

    on: date | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    notes: Mapping[str, Any] = field(default_factory=dict)
    never: bool = False
    """The story stops here: the task stays open."""


NEVER = Entry(never=True)
Event = Callable[["Story", date], None]


@dataclass
class Diary:
    """The entries of a project by task, and what happens besides: processes that somebody starts."""

    entries: dict[str, list[Entry]] = field(default_factory=dict)
    events: list[tuple[date, Event]] = field(default_factory=list)
    follow: dict[str, list[tuple[int, Event]]] = field(default_factory=dict)
    """Task → what happens so many working days after it was first done."""
    notes: dict[str, Any] = field(default_factory=dict)
    """What the answers know from the beginning."""
    stands_since: date | None = None
    """From this day on nothing is done in its construction: it has been suspended."""

    def after(self, key: str, days: int, event: Event) -> Diary:
        """Add something that happens `days` working days after a task was first done."""
        self.follow.setdefault(key, []).append((days, event))
        return self

    def on(self, key: str, day: date | None, *, notes: Mapping[str, Any] | None = None, **answers: Any) -> Diary:
        """Add a visit of a task."""
        self.entries.setdefault(key, []).append(Entry(on=day, answers=answers, notes=notes or {}))
        return self

    def never(self, *keys: str) -> Diary:
        """Leave these tasks open from their next visit on."""
        for key in keys:
            self.entries.setdefault(key, []).append(NEVER)
        return self

    def at(self, day: date, event: Event) -> Diary:
        """Add something that happens on a day."""
        self.events.append((day, event))
        return self

    def entry(self, key: str, visit: int) -> Entry:
        """Return the entry of a visit: the one written for it, NEVER after a closed list, else an empty one."""
        listed = self.entries.get(key, [])
        if visit < len(listed):
            return listed[visit]
        return NEVER if listed and listed[-1].never else Entry()
