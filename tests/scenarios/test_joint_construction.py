"""政企联合建设 (P-03C): the partner's code, the public share, and three procedures that the money decides [C]."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.models import business
from tests.scenarios import road, shortcut
from tests.scenarios.tale import Tale

if TYPE_CHECKING:
    from tests.scenarios.site import Site

CLERK = "zjj.du"
FILE = "p03c_joint.file"


@pytest.fixture
def joint(site: Site) -> Tale:
    """电动自行车充电桩安全监管, consented to and reviewed, whose cooperation plan is to be filed."""
    tale = Tale(site, replace(site.county.plan("XWXX-2026-L-008"), state="IN_LIBRARY"))
    tale.go("2025-12-08")
    road.files(tale, CLERK, fy=2026)
    tale.does("zjj.cui", "p01u_unit_plan.sign_item")
    road.batch(tale, late_reason="县政府交办", reason="县政府交办，列入增补。")
    assert tale.project.path == "L"
    road.walks(tale, until=FILE)
    return tale


def test_the_commission_approves_what_becomes_a_public_asset(joint: Tale) -> None:
    assert joint.project.state == "IN_LIBRARY"
    _the_credit_code_is_checked(joint)
    joint.does(CLERK, FILE)
    assert joint.project.state == "APPROVAL"
    assert joint.open_keys() == ["p03c_joint.check_bureau", "p03c_joint.check_security"], "both at the same time"
    _neither_office_signs_for_the_other(joint)
    joint.does("dsj.qi", "p03c_joint.check_bureau")
    assert joint.open_keys() == ["p03c_joint.check_security"]
    joint.does("xwwx.ni" if "xwwx.ni" in joint.site.staff.actors else _officer(joint), "p03c_joint.check_security")
    assert joint.open_keys() == ["p03a_investment.apply"], "money decides the procedure"
    told = joint.is_refused("fgw.qin", shortcut.draw(joint, "f08", "drc_clerk"), "第十一条")
    assert "行业审查意见" in told
    road.walks(joint, until="p04_budget.suggest")
    assert joint.project.state == "APPROVED"
    kinds = [(row.kind, row.decision) for row in joint.rows(business.Approval) if row.signed_on]
    assert ("drc", "批准") in kinds


def _the_credit_code_is_checked(tale: Tale) -> None:
    task = tale.task(FILE)
    answers = tale.answers(task, CLERK)
    good = answers["partner"]
    wrong = good[:-1] + ("1" if good[-1] != "1" else "2")
    before = tale.snapshot()
    answer = tale.desk.post(task, CLERK, answers | {"partner": wrong})
    assert answer.status_code == 422
    assert "统一社会信用代码" in answer.get_data(as_text=True) or "partner" in str(answer.get_json())
    assert tale.snapshot() == before
    too_much = tale.desk.post(task, CLERK, answers | {"term": 11})
    assert too_much.status_code == 422
    assert tale.snapshot() == before


def _officer(tale: Tale) -> str:
    return road.holder(tale, tale.task("p03c_joint.check_security"))


def _neither_office_signs_for_the_other(tale: Tale) -> None:
    bureau, security = tale.task("p03c_joint.check_bureau"), tale.task("p03c_joint.check_security")
    signed = {"result": "同意", "opinion": "同意"}
    assert tale.site.as_(_officer(tale)).complete(bureau.id, signed).status_code == 404
    assert tale.site.as_("dsj.qi").complete(security.id, signed).status_code == 404
    assert tale.site.as_(CLERK).complete(bureau.id, signed).status_code == 404


def test_finance_settles_what_is_paid_as_a_service(joint: Tale) -> None:
    joint.does(CLERK, FILE, forms_public_asset=False)
    for key in ("p03c_joint.check_bureau", "p03c_joint.check_security"):
        joint.does(road.holder(joint, joint.task(key)), key)
    assert joint.open_keys() == ["p03b_service.file_plan"]
    road.walks(joint, until="p04_budget.suggest")
    assert joint.project.state == "APPROVED"


def test_without_public_money_both_offices_are_enough(joint: Tale) -> None:
    joint.does(CLERK, FILE, public_share=0)
    joint.does("dsj.qi", "p03c_joint.check_bureau")
    assert joint.project.state == "APPROVAL"
    joint.does(_officer(joint), "p03c_joint.check_security")
    assert joint.project.state == "APPROVED"
    assert not any(key.startswith("p04_budget") for key in joint.open_keys()), "there is nothing to arrange"
    assert joint.rows(business.BudgetLine) == []
    _the_work_goes_on_without_public_money(joint)


def _the_work_goes_on_without_public_money(tale: Tale) -> None:
    """The rest of 第十四条 to 第二十九条 applies to it as to all, and not one 分 of public money is paid."""
    assert tale.open_keys() == ["p05_preprocurement.file_plans"]
    tale.go("2026-01-12")
    road.walks(tale, until="p07_construction.register_supervision")
    assert tale.project.state == "CONTRACTED"
    (contract,) = tale.rows(business.Contract)
    assert contract.amount_fen > 0, "what the partner pays is contracted like any other work"
    road.walks(tale, until="p07_construction.certify")
    assert tale.project.state == "BUILDING"
    asked = tale.desk.start("p11_payment", CLERK, project_no=tale.no)
    tale.notes["payments"] = {asked.instance_id: ("进度款", 1)}
    before = tale.snapshot()
    answer = tale.desk.post(asked, CLERK, tale.answers(asked, CLERK))
    assert answer.status_code == 422, "nothing was arranged, so nothing is paid"
    assert "当年安排数" in str(answer.get_json())
    assert tale.snapshot() == before


def test_one_office_that_disagrees_sends_it_back(joint: Tale) -> None:
    joint.does(CLERK, FILE, public_share=0)
    joint.does("dsj.qi", "p03c_joint.check_bureau")
    joint.does(_officer(joint), "p03c_joint.check_security", result="退回", opinion="请补充数据安全安排。")
    assert (joint.project.state, joint.open_keys()) == ("APPROVAL", [FILE])
    joint.does(CLERK, FILE, public_share=0)
    assert joint.open_keys() == ["p03c_joint.check_bureau", "p03c_joint.check_security"], "both judge the new file"
