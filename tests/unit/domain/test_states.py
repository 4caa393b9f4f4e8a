"""The thirty states and what moves a project between them."""

from __future__ import annotations

import pytest

from app.domain.states import (
    BEFORE_ACCEPTED,
    BEFORE_FUNDS,
    FINAL,
    LABELS,
    PHASES,
    TRANSITIONS,
    IllegalTransition,
    State,
    advance,
    allows,
    phase_of,
)


def test_thirty_states_each_with_two_names_and_a_phase() -> None:
    assert len(State) == len(LABELS) == 30
    assert len({label.zh for label in LABELS.values()}) == len({label.en for label in LABELS.values()}) == 30
    assert len(PHASES) == 8
    assert {phase_of(state) for state in State} == set(range(9))
    assert phase_of(State.BUILDING) == 6
    assert {state for state in State if phase_of(state) == 0} == FINAL


def test_the_main_path() -> None:
    events = [
        "plan.submitted",
        "plan.approved",
        "filing.saved",
        "filing.signed",
        "review.passed",
        "approval.requested",
        "approval.granted",
        "budget.arranged",
        "pre_procurement.filed",
        "procurement.planned",
        "contract.signed",
        "work.started",
        "work.completed",
        "acceptance.applied",
        "acceptance.failed",
        "acceptance.applied",
        "acceptance.filed",
        "operation.started",
        "evaluation.opened",
        "evaluation.failed",
        "evaluation.rectified",
        "decommission.requested",
        "decommission.done",
    ]
    seen, state = [], State.DRAFT
    for event in events:
        state = advance(state, event)
        seen.append(state.value)
    assert seen == [
        "PLAN_SUBMITTED",
        "PLAN_APPROVED",
        "MATERIALS",
        "REVIEW",
        "IN_LIBRARY",
        "APPROVAL",
        "APPROVED",
        "BUDGETED",
        "PRE_PROC",
        "PROCUREMENT",
        "CONTRACTED",
        "BUILDING",
        "COMPLETED",
        "ACCEPTANCE",
        "ACCEPT_RECTIFY",
        "ACCEPTANCE",
        "ACCEPTED",
        "OPERATING",
        "EVALUATING",
        "EVAL_RECTIFY",
        "OPERATING",
        "DECOMMISSIONING",
        "SCRAPPED",
    ]


def test_every_state_is_reached_and_only_final_ones_are_left_by_nothing() -> None:
    left = {source for targets in TRANSITIONS.values() for source in targets}
    reached = {target for targets in TRANSITIONS.values() for target in targets.values()}
    assert set(State) - reached == set()
    assert set(State) - left == FINAL
    assert FINAL & left == set()


@pytest.mark.parametrize(
    ("state", "event"),
    [
        (State.DRAFT, "budget.arranged"),
        (State.REVIEW, "budget.arranged"),
        (State.BUDGETED, "project.withdrawn"),
        (State.ACCEPTED, "project.terminated"),
        (State.PLAN_SUBMITTED, "exempt.registered"),
        (State.COMPLETED, "operation.started"),
        (State.REMOVED, "filing.saved"),
    ],
)
def test_what_cannot_happen_is_refused(state: State, event: str) -> None:
    assert not allows(state, event)
    with pytest.raises(IllegalTransition, match=event) as refused:
        advance(state, event)
    assert (refused.value.state, refused.value.event) == (state, event)


def test_an_unknown_event_is_an_error() -> None:
    with pytest.raises(KeyError):
        advance(State.DRAFT, "project.sold")


def test_withdrawal_before_funds_and_termination_before_acceptance() -> None:
    assert {state for state in State if allows(state, "project.withdrawn")} == BEFORE_FUNDS
    assert {state for state in State if allows(state, "project.terminated")} == BEFORE_ACCEPTED
    assert State.BUDGETED not in BEFORE_FUNDS
    assert State.ACCEPT_RECTIFY in BEFORE_ACCEPTED
