"""F-35 更正: two people mend what was signed; ledger, holds and sums follow, and the old value stays readable."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.domain import holds
from app.models.business import Approval, Contract, ContractNode, Correction, DeadlineRow, FundHold, Project
from tests.integration.county import WAN, County
from tests.integration.desk import county, gates_of, session, to_the_contract

__all__ = ["county", "session"]


def ask(what: str, new: str) -> dict[str, object]:
    return {"what": what, "new": new, "reason": "登记时录入有误。", "proof": ["p"]}


def refusals(county: County, what: str, new: str) -> list[str]:
    return [one.message for one in county.refused("unit_lead", "f35", ask(what, new))]


def due(county: County) -> date:
    found = county.session.scalar(select(DeadlineRow.due).where(DeadlineRow.kind == "acceptance"))
    assert found is not None
    return found


@pytest.fixture
def completed(county: County) -> County:
    to_the_contract(county)
    county.build()
    county.wait(60)
    county.complete(county.today)
    return county


def test_a_corrected_completion_date_moves_the_deadline_and_the_hold(completed: County) -> None:
    county = completed
    wrong = county.today
    right = wrong - timedelta(days=40)
    before = due(county)
    county.fill("unit_lead", "f35", ask("completed_on", right.isoformat()))
    assert (county.project.completed_on, due(county)) == (wrong, before)  # nothing before the second signature
    county.sign("bur_head", "f35")
    assert county.project.completed_on == right
    assert due(county) < before
    row = county.session.scalars(select(Correction)).one()
    assert (row.old, row.new, row.status) == (wrong.isoformat(), right.isoformat(), "applied")
    assert (row.filed_by, row.signed_by, row.signed_on) == ("unit_lead", "bur_head", county.today)
    county.today = due(county) + timedelta(days=1)
    assert [hold.code for hold in holds.in_force(county.facts)] == ["H-ACC"]


def test_a_hold_that_rested_on_a_wrong_date_ends_with_its_correction(completed: County) -> None:
    county = completed
    wrong = county.today
    county.today = due(county) + timedelta(days=1)
    county.run("hold.set", {"hold_code": "H-ACC", "cause": "逾期"})
    county.fill("unit_lead", "f35", ask("completed_on", (wrong + timedelta(days=30)).isoformat()))
    county.sign("bur_head", "f35")
    assert holds.in_force(county.facts) == ()
    hold = county.session.scalars(select(FundHold)).one()
    assert (hold.lifted_on, hold.evidence) == (county.today, "更正：竣工日期")


def test_a_registered_delay_counts_on_after_the_correction(completed: County) -> None:
    county = completed
    new_date = due(county) + timedelta(days=60)
    told = {"reason_class": "测评", "reason": "等保测评排期" * 6, "new_date": new_date}
    county.fill("unit_lead", "f19", told)
    county.sign("unit_head", "f19")
    county.confirm("bur_section", "extension")
    extended = due(county)
    assert extended >= new_date
    assert county.project.completed_on is not None
    earlier = county.project.completed_on - timedelta(days=10)
    county.fill("unit_lead", "f35", ask("completed_on", earlier.isoformat()))
    county.sign("bur_head", "f35")
    assert due(county) == extended


def test_what_a_date_must_not_be(completed: County) -> None:
    county = completed
    bounds = "竣工日期应当在开工之后，且不晚于今天。"
    assert refusals(county, "completed_on", (county.today + timedelta(days=1)).isoformat()) == [bounds]
    assert refusals(county, "completed_on", "2020-01-01") == [bounds]
    assert refusals(county, "completed_on", county.today.isoformat()) == ["“更正为”与原值相同。"]
    malformed = "“更正为”写得不对：日期写作2026-11-23，金额以万元写数字。"
    assert refusals(county, "completed_on", "去年") == [malformed]
    assert refusals(county, "nothing", "x") == ["没有这项可以更正的内容。"]
    assert county.session.scalars(select(Correction)).all() == []


def test_two_people_correct(completed: County) -> None:
    county = completed
    lead, head = county.actors["unit_lead"], county.actors["bur_head"]
    county.actors["unit_lead"] = county.actors["bur_head"] = replace(lead, roles=lead.roles | head.roles)
    right = (county.today - timedelta(days=3)).isoformat()
    county.fill("unit_lead", "f35", ask("completed_on", right))
    assert gates_of(county.refused_signing("bur_head", "f35")) == ["COI-09"]
    assert county.project.completed_on == county.today


def test_a_refused_correction_changes_nothing_and_stands_as_refused(completed: County) -> None:
    county = completed
    county.fill("unit_lead", "f35", ask("completed_on", (county.today - timedelta(days=3)).isoformat()))
    county.sign("bur_head", "f35", "不同意")
    assert county.project.completed_on == county.today
    assert county.session.scalar(select(Correction.status)) == "refused"
    assert [one.message for one in county.refused_signing("bur_head", "f35")] == ["没有待签的更正。"]


def test_a_contract_is_corrected_within_its_award_and_its_payments(completed: County) -> None:
    county = completed
    contract = county.session.scalars(select(Contract)).one()
    what = f"contract_amount:{contract.id}"
    assert "合同金额超过成交价。" in refusals(county, what, "226.31")
    used = "更正后的合同金额少于已经支付或者约定的各期款项。"
    assert refusals(county, what, "60") == [used]
    assert refusals(county, what, "-1")[0].startswith("“更正为”写得不对")
    assert refusals(county, what, "226.2999999")[0].startswith("“更正为”写得不对")
    county.fill("unit_lead", "f35", ask(what, "226.00"))
    county.sign("bur_head", "f35")
    nodes = county.session.scalars(select(ContractNode.amount_fen).order_by(ContractNode.number)).all()
    assert (contract.amount_fen, sum(nodes), nodes[0]) == (226 * WAN, 226 * WAN, 67_890_000)


def test_numbers_and_persons(completed: County) -> None:
    county = completed
    approval = county.session.scalars(select(Approval)).one()
    county.fill("unit_lead", "f35", ask(f"approval_doc_no:{approval.id}", "修发改〔2026〕19号"))
    county.sign("bur_head", "f35")
    assert approval.doc_no == "修发改〔2026〕19号"
    assert county.session.scalar(select(Correction.old)) == "修发改〔2026〕9号"
    stranger = refusals(county, "lead", "expert1")
    assert stranger[0].startswith("“更正为”写得不对")
    county.fill("unit_lead", "f35", ask("lead", "unit_clerk"))
    county.sign("bur_head", "f35")
    assert county.session.get_one(Project, county.project.id).lead_id == county.actors["unit_clerk"].id


def test_others_projects_are_no_business_of_a_correction(completed: County) -> None:
    county = completed
    assert refusals(county, "contract_amount:999", "1") == ["没有这项可以更正的内容。"]
