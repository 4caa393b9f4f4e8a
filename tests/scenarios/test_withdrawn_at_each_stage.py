"""撤回 at each stage of the demonstration county: before funds with nothing left open, afterwards refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.demo.county import county as the_county
from app.domain.endings import GOES_ON
from app.domain.states import BEFORE_FUNDS, FINAL, State
from app.models import business
from app.models.process import ProcessInstance
from tests.county import LOADING
from tests.scenarios.tale import Tale

if TYPE_CHECKING:
    from tests.scenarios.site import Site

pytestmark = pytest.mark.timeout(LOADING)
REASON = {"reason": "省级统一建设，本县不再单独建设。"}


def one_of_each() -> dict[State, str]:
    """Return a project of the county for every state in which it has one."""
    return {State(plan.state): plan.no for plan in the_county().plans}


def test_before_funds_its_head_takes_it_back_and_nothing_stays_open(county: Site) -> None:
    stages = {state: no for state, no in one_of_each().items() if state in BEFORE_FUNDS}
    assert set(stages) == BEFORE_FUNDS, "the county has a project at each of these stages"
    for state, number in stages.items():
        tale = Tale.of(county, number, built=False)
        assert tale.project.state == state
        head = next(
            person.username for person in county.staff.actors.values()
            if person.organisation_id == tale.project.unit_id and "unit_head" in person.roles
        )  # fmt: skip
        address = f"/projects/{number}/withdraw"
        assert county.as_("wlj.chang").post(address, REASON).status_code == 404
        assert county.as_(head).post(address, {"reason": ""}).status_code == 422
        assert tale.project.state == state
        assert county.as_(head).post(address, REASON).status_code == 302, state
        assert (tale.project.state, tale.open_keys()) == ("WITHDRAWN", []), state
        running = {one.process_key for one in tale.rows(ProcessInstance) if one.status in {"active", "suspended"}}
        assert running <= GOES_ON[State.WITHDRAWN], state
        assert [row.kind for row in tale.rows(business.DeadlineRow, status="open") if row.kind == "materials"] == []
        assert [row for row in tale.rows(business.BudgetLine) if row.approved_on is None] == []
        again = county.as_(head).post(address, REASON)
        assert again.status_code == 422
        assert "项目已经结束" in again.get_data(as_text=True)


def test_with_funds_or_at_an_end_it_is_refused_with_the_way_that_is_left(county: Site) -> None:
    for state, number in one_of_each().items():
        if state in BEFORE_FUNDS or state is State.EXEMPT:
            continue
        tale = Tale.of(county, number, built=False)
        head = next(
            person.username for person in county.staff.actors.values()
            if person.organisation_id == tale.project.unit_id and "unit_head" in person.roles
        )  # fmt: skip
        before = tale.snapshot()
        answer = county.as_(head).post(f"/projects/{number}/withdraw", REASON)
        assert answer.status_code == 422, state
        told = answer.get_data(as_text=True)
        assert ("项目已经结束" if state in FINAL else "单位不能再撤回") in told, state
        assert tale.snapshot() == before
