"""Withdrawal: allowed before funds, refused afterwards with the way that is left."""

from __future__ import annotations

import pytest

from app.domain.states import BEFORE_FUNDS, State, allows
from app.domain.withdrawal import refusals


@pytest.mark.parametrize("state", list(State))
def test_it_is_refused_exactly_where_the_state_machine_forbids_it(state: State) -> None:
    assert (refusals(state) == ()) is allows(state, "project.withdrawn") is (state in BEFORE_FUNDS)


@pytest.mark.parametrize(
    ("state", "said", "form"),
    [
        (State.BUDGETED, "项目已经安排资金，现处于“已安排资金”，单位不能再撤回。", "f14"),
        (State.ACCEPT_RECTIFY, "项目已经安排资金，现处于“验收整改”，单位不能再撤回。", "f14"),
        (State.OPERATING, "项目已经验收，现处于“运行中”，单位不能再撤回。", "f29"),
        (State.REMOVED, "项目已经结束，现处于“剔除出库”，没有可以撤回的办理。", "f02"),
        (State.WITHDRAWN, "项目已经结束，现处于“撤回”，没有可以撤回的办理。", "f02"),
    ],
)
def test_a_refusal_names_the_state_and_the_form_that_is_left(state: State, said: str, form: str) -> None:
    (refusal,) = refusals(state)
    assert (refusal.text, refusal.citation, refusal.link.target) == (said, "第十五条", form)
