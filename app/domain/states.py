"""The 30 states of a project, what moves it from one to the next, and the eight phases of its track."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from app.domain.articles import Article, implements


class State(StrEnum):
    """Where a project stands (specification §3.1)."""

    DRAFT = "DRAFT"
    PLAN_SUBMITTED = "PLAN_SUBMITTED"
    PLAN_APPROVED = "PLAN_APPROVED"
    MATERIALS = "MATERIALS"
    REVIEW = "REVIEW"
    REJECTED = "REJECTED"
    IN_LIBRARY = "IN_LIBRARY"
    APPROVAL = "APPROVAL"
    APPROVED = "APPROVED"
    BUDGETED = "BUDGETED"
    ALTERNATE = "ALTERNATE"
    REMOVED = "REMOVED"
    PRE_PROC = "PRE_PROC"
    PROCUREMENT = "PROCUREMENT"
    CONTRACTED = "CONTRACTED"
    BUILDING = "BUILDING"
    SUSPENDED = "SUSPENDED"
    COMPLETED = "COMPLETED"
    ACCEPTANCE = "ACCEPTANCE"
    ACCEPT_RECTIFY = "ACCEPT_RECTIFY"
    ACCEPTED = "ACCEPTED"
    OPERATING = "OPERATING"
    EVALUATING = "EVALUATING"
    EVAL_RECTIFY = "EVAL_RECTIFY"
    DECOMMISSIONING = "DECOMMISSIONING"
    SCRAPPED = "SCRAPPED"
    TERMINATED = "TERMINATED"
    EXEMPT = "EXEMPT"
    OM_RETURNED = "OM_RETURNED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True)
class Label:
    """A state's names and its place on the track; phase 0 stands outside it."""

    zh: str
    en: str
    phase: int


LABELS: Mapping[State, Label] = MappingProxyType(
    {
        State.DRAFT: Label("草稿", "Draft", 1),
        State.PLAN_SUBMITTED: Label("已报计划", "Plan submitted", 1),
        State.PLAN_APPROVED: Label("县政府同意", "Plan approved", 1),
        State.MATERIALS: Label("编制材料", "Preparing materials", 2),
        State.REVIEW: Label("评审中", "Under review", 2),
        State.REJECTED: Label("不予通过", "Rejected", 0),
        State.IN_LIBRARY: Label("入库", "In the library", 3),
        State.APPROVAL: Label("立项/审查中", "Awaiting approval", 3),
        State.APPROVED: Label("已批复", "Approved", 4),
        State.BUDGETED: Label("已安排资金", "Funded", 5),
        State.ALTERNATE: Label("备选", "Alternate", 4),
        State.REMOVED: Label("剔除出库", "Removed", 0),
        State.PRE_PROC: Label("采购前核准", "Pre-procurement approval", 5),
        State.PROCUREMENT: Label("采购中", "In procurement", 5),
        State.CONTRACTED: Label("已签合同", "Contracted", 6),
        State.BUILDING: Label("建设中", "Under construction", 6),
        State.SUSPENDED: Label("暂停", "Suspended", 6),
        State.COMPLETED: Label("已竣工", "Completed", 7),
        State.ACCEPTANCE: Label("验收中", "In acceptance", 7),
        State.ACCEPT_RECTIFY: Label("验收整改", "Rectifying after acceptance", 7),
        State.ACCEPTED: Label("已验收", "Accepted", 8),
        State.OPERATING: Label("运行中", "In operation", 8),
        State.EVALUATING: Label("评价中", "Under evaluation", 8),
        State.EVAL_RECTIFY: Label("评价整改", "Rectifying after evaluation", 8),
        State.DECOMMISSIONING: Label("报废中", "Being decommissioned", 8),
        State.SCRAPPED: Label("已报废", "Scrapped", 0),
        State.TERMINATED: Label("已终止", "Terminated", 0),
        State.EXEMPT: Label("另行规定", "Otherwise regulated", 0),
        State.OM_RETURNED: Label("运维退回", "O&M returned", 8),
        State.WITHDRAWN: Label("撤回", "Withdrawn", 0),
    }
)

PHASES: tuple[tuple[str, str], ...] = (
    ("计划申报", "Annual plan"),
    ("评审入库", "Expert review"),
    ("立项批复", "Approval"),
    ("资金安排", "Budget"),
    ("采购签约", "Procurement"),
    ("建设实施", "Construction"),
    ("竣工验收", "Acceptance"),
    ("运行评价", "Operation and evaluation"),
)
"""The eight phases of the track, in order; `Label.phase` counts from 1."""

BEFORE_FUNDS = frozenset(
    {
        State.DRAFT,
        State.PLAN_SUBMITTED,
        State.PLAN_APPROVED,
        State.MATERIALS,
        State.REVIEW,
        State.IN_LIBRARY,
        State.APPROVAL,
        State.APPROVED,
        State.ALTERNATE,
        State.OM_RETURNED,
    }
)
"""Where the unit may still withdraw."""

BEFORE_ACCEPTED = BEFORE_FUNDS | {
    State.BUDGETED,
    State.PRE_PROC,
    State.PROCUREMENT,
    State.CONTRACTED,
    State.BUILDING,
    State.SUSPENDED,
    State.COMPLETED,
    State.ACCEPTANCE,
    State.ACCEPT_RECTIFY,
}
"""Where a project may be terminated (第三十一条)."""

FINAL = frozenset({State.REJECTED, State.REMOVED, State.SCRAPPED, State.TERMINATED, State.EXEMPT, State.WITHDRAWN})
"""No task is open in these, but for the settlement and audit of a terminated project."""
OUT_OF_PLAN = frozenset({State.REJECTED, State.WITHDRAWN, State.REMOVED, State.TERMINATED})
"""Ends after which a project stands in no construction plan but of a year that arranged funds for it (Art. 10, 18)."""

_S = State

TRANSITIONS: Mapping[str, Mapping[State, State]] = MappingProxyType(
    {
        "plan.submitted": {_S.DRAFT: _S.PLAN_SUBMITTED},
        "plan.returned": {_S.PLAN_SUBMITTED: _S.DRAFT},
        "plan.approved": {_S.PLAN_SUBMITTED: _S.PLAN_APPROVED},
        "plan.merged": {_S.PLAN_SUBMITTED: _S.WITHDRAWN},
        "plan.refused": {_S.PLAN_SUBMITTED: _S.REJECTED},
        "exempt.registered": {_S.DRAFT: _S.EXEMPT},
        "filing.saved": {
            _S.PLAN_APPROVED: _S.MATERIALS,
            _S.MATERIALS: _S.MATERIALS,
            _S.ALTERNATE: _S.MATERIALS,
            _S.IN_LIBRARY: _S.MATERIALS,
            _S.REVIEW: _S.REVIEW,
        },
        "filing.signed": {_S.MATERIALS: _S.REVIEW, _S.REVIEW: _S.REVIEW},
        "filing.returned": {_S.REVIEW: _S.MATERIALS, _S.MATERIALS: _S.MATERIALS},
        "review.passed": {_S.REVIEW: _S.IN_LIBRARY},
        "review.failed": {_S.REVIEW: _S.REJECTED},
        "approval.requested": {
            _S.IN_LIBRARY: _S.APPROVAL,
            _S.ALTERNATE: _S.APPROVAL,
            _S.APPROVAL: _S.APPROVAL,
        },
        "approval.granted": {_S.APPROVAL: _S.APPROVED, _S.IN_LIBRARY: _S.APPROVED},
        "approval.refused": {_S.APPROVAL: _S.REJECTED, _S.IN_LIBRARY: _S.REJECTED},
        "budget.arranged": {
            _S.APPROVED: _S.BUDGETED,
            _S.ALTERNATE: _S.BUDGETED,
            _S.IN_LIBRARY: _S.BUDGETED,
            _S.PLAN_APPROVED: _S.BUDGETED,
        },
        "budget.withheld": {
            _S.APPROVED: _S.ALTERNATE,
            _S.ALTERNATE: _S.ALTERNATE,
            _S.IN_LIBRARY: _S.ALTERNATE,
            _S.PLAN_APPROVED: _S.ALTERNATE,
        },
        "budget.lapsed": {
            _S.BUDGETED: _S.ALTERNATE,
            _S.PRE_PROC: _S.ALTERNATE,
            _S.PROCUREMENT: _S.ALTERNATE,
        },
        "library.removed": {
            _S.MATERIALS: _S.REMOVED,
            _S.REVIEW: _S.REMOVED,
            _S.ALTERNATE: _S.REMOVED,
            _S.IN_LIBRARY: _S.REMOVED,
            _S.APPROVAL: _S.REMOVED,
            _S.APPROVED: _S.REMOVED,
        },
        "pre_procurement.filed": {_S.BUDGETED: _S.PRE_PROC, _S.PRE_PROC: _S.PRE_PROC},
        "pre_procurement.unfunded": {_S.APPROVED: _S.PRE_PROC, _S.PRE_PROC: _S.PRE_PROC},
        "procurement.planned": {_S.PRE_PROC: _S.PROCUREMENT, _S.PROCUREMENT: _S.PROCUREMENT},
        "contract.signed": {_S.PROCUREMENT: _S.CONTRACTED},
        "work.started": {_S.CONTRACTED: _S.BUILDING},
        "work.completed": {_S.BUILDING: _S.COMPLETED},
        "work.suspended": {_S.BUILDING: _S.SUSPENDED},
        "work.resumed": {_S.SUSPENDED: _S.BUILDING},
        "acceptance.applied": {
            _S.COMPLETED: _S.ACCEPTANCE,
            _S.ACCEPT_RECTIFY: _S.ACCEPTANCE,
            _S.ACCEPTANCE: _S.ACCEPTANCE,
        },
        "acceptance.failed": {_S.ACCEPTANCE: _S.ACCEPT_RECTIFY},
        "acceptance.filed": {_S.ACCEPTANCE: _S.ACCEPTED},
        "operation.started": {_S.ACCEPTED: _S.OPERATING, _S.CONTRACTED: _S.OPERATING},
        "evaluation.opened": {_S.OPERATING: _S.EVALUATING},
        "evaluation.passed": {_S.EVALUATING: _S.OPERATING},
        "evaluation.failed": {_S.EVALUATING: _S.EVAL_RECTIFY},
        "evaluation.rectified": {_S.EVAL_RECTIFY: _S.OPERATING},
        "om.returned": {_S.PLAN_APPROVED: _S.OM_RETURNED, _S.ALTERNATE: _S.OM_RETURNED, _S.OM_RETURNED: _S.OM_RETURNED},
        "om.applied": {_S.OM_RETURNED: _S.PLAN_APPROVED},
        "decommission.requested": {_S.OPERATING: _S.DECOMMISSIONING, _S.PLAN_APPROVED: _S.DECOMMISSIONING},
        "decommission.refused": {_S.DECOMMISSIONING: _S.OPERATING},
        "decommission.rejected": {_S.DECOMMISSIONING: _S.REJECTED},
        "decommission.done": {_S.DECOMMISSIONING: _S.SCRAPPED},
        "project.withdrawn": dict.fromkeys(BEFORE_FUNDS, _S.WITHDRAWN),
        "project.terminated": dict.fromkeys(BEFORE_ACCEPTED, _S.TERMINATED),
    }
)
"""Event → from → to. Events are named after what was recorded; a state never changes otherwise."""


class IllegalTransition(ValueError):
    """An event cannot happen in this state."""

    def __init__(self, state: State, event: str) -> None:
        super().__init__(f"{event} cannot happen in {state}")
        self.state = state
        self.event = event


@implements(Article(15, "加强对项目全过程的统筹协调"), ids=("§3.1",))
def advance(state: State, event: str) -> State:
    """Return the state after `event`. Raises KeyError for an unknown one, IllegalTransition otherwise."""
    targets = TRANSITIONS[event]
    if state not in targets:
        raise IllegalTransition(state, event)
    return targets[state]


def allows(state: State, event: str) -> bool:
    """Whether `event` can happen in `state`. Raises KeyError for an unknown event."""
    return state in TRANSITIONS[event]


def phase_of(state: State) -> int:
    """Return the phase of the track, 1 to 8; 0 for a project that has left it."""
    return LABELS[state].phase
