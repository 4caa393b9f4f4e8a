"""What somebody attempts: the form, the money and the answers as typed proposals that gates compare with the facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.domain.terms import Action, FundType

if TYPE_CHECKING:
    from app.domain.facts import (
        AcceptanceAttempt,
        AcceptanceFiling,
        BudgetLine,
        Contract,
        ExpertForm,
        Filing,
        Package,
        Panel,
        PayNode,
        PlanItem,
        Supervision,
    )


@dataclass(frozen=True)
class Act:
    """One attempt to record a form.

    A proposal that is None has not been answered yet (a panel asks before the form is filled in): gates then judge
    what the facts alone forbid, as if the favourable answer were given.
    """

    form_id: str
    by: str = ""
    fund_type: FundType | None = None
    fy: int | None = None
    amount_fen: int | None = None
    outcome: str | None = None
    """The single choice that decides: conclusion, decision, result."""
    reason: str = ""
    on: date | None = None
    secret: bool | None = None
    content_given: bool = False
    """F-01 carries any content beside the clause (G-38)."""
    item: PlanItem | None = None
    filing: Filing | None = None
    panel: Panel | None = None
    expert_form: ExpertForm | None = None
    line: BudgetLine | None = None
    carried: bool = False
    """F-09 takes unspent money of earlier years into this one (结转)."""
    supplement: bool = False
    """F-09 adds to what the year has been given already (追加)."""
    packages: tuple[Package, ...] | None = None
    contract: Contract | None = None
    supervision: Supervision | None = None
    node: PayNode | None = None
    attempt: AcceptanceAttempt | None = None
    acceptance_filing: AcceptanceFiling | None = None
    measure: str | None = None
    order: str = ""
    signing: bool = False
    """What was proposed with this form is signed (F-00s)."""
    cosigned_by: frozenset[str] = frozenset()
    """Roles of the heads who sign a measure with the bureau."""

    @property
    def action(self) -> Action:
        """The column of the matrix of holds into which this form falls."""
        return ACTION_OF_FORM.get(self.form_id, Action.OTHER)


ACTION_OF_FORM: dict[str, Action] = {
    "f02": Action.FILE,
    "f03": Action.FILE,
    "f20a": Action.FILE,
    "f06": Action.REVIEW,
    "f07": Action.REVIEW,
    "f08": Action.REVIEW,
    "f08i": Action.REVIEW,
    "f09r": Action.REVIEW,
    "f09": Action.ARRANGE,
    "f18": Action.DISBURSE,
    "f18p": Action.DISBURSE,
    "f10": Action.BUILD,
    "f11": Action.BUILD,
    "f12": Action.BUILD,
    "f12r": Action.BUILD,
    "f13": Action.BUILD,
    "f13s": Action.BUILD,
    "f14": Action.BUILD,
    "f15k": Action.BUILD,
    "f15b": Action.BUILD,
    "f15m": Action.BUILD,
    "f15c": Action.BUILD,
    "f16a": Action.BUILD,
    "f16h": Action.BUILD,
    "f16g": Action.BUILD,
}
"""Forms that a hold can stop.

Every other form (extension, rectification, evidence) stays open so that it can be lifted.
"""
