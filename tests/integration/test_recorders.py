"""Forms recorded in their order, and every attempt to skip one refused with its article (S1, S2, S3, S5, S6)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event, func, select

from app.domain import holds
from app.domain.vocabulary import FACTS, OPERATIONS, RECORDS
from app.models.business import (
    AcceptanceAttempt,
    BudgetLine,
    DeadlineRow,
    FundHold,
    LibraryEntry,
    Opinion,
    Payment,
    PlanItem,
    Project,
)
from app.services.fact_values import PROJECT, fact_values
from app.services.facts import project_facts
from app.services.recorders import PURPOSES, RECORDERS, SIGNATURES
from tests.integration.county import APPLICATION, AWARD, CONTRACT, DECISION, FILING, ITEM, PACKAGES, POINTS, WAN, County
from tests.integration.desk import county, gates_of, session, to_the_contract, to_the_library

__all__ = ["county", "session"]


def test_s1_the_whole_path_with_every_skip_refused(county: County) -> None:
    county.plan()
    assert (county.project.state, county.project.no) == ("PLAN_APPROVED", "XWXX-2026-T-001")
    county.today = date(2026, 1, 5)
    assert gates_of(county.refused("unit_clerk", "f07", {"approval_type": "可研", "requested_total": 1})) == ["G-13"]
    county.review()
    assert county.project.state == "IN_LIBRARY"
    assert county.scalar(select(LibraryEntry.status).scalar_subquery()) == "在库"
    early = county.refused("drc_clerk", "f08", DECISION | {"decided_on": county.today})
    assert [(refusal.gate, refusal.citation) for refusal in early] == [("G-11", "第十一条")]
    county.approve()
    assert county.project.state == "APPROVED"
    assert gates_of(county.refused("unit_lead", "f12", PACKAGES)) == ["G-14", "G-15"]
    county.fund()
    assert county.project.state == "BUDGETED"
    county.endorse()
    assert county.project.state == "PRE_PROC"
    county.contract()
    assert county.project.state == "CONTRACTED"
    unsupervised = county.refused("unit_lead", "f15k", {"start_on": county.today, "plan_end": county.today})
    assert [(refusal.gate, refusal.citation) for refusal in unsupervised] == [("G-17", "第十七条")]
    county.build()
    assert county.project.state == "BUILDING"
    numbers = county.session.scalars(select(Opinion.doc_no).where(Opinion.doc_no != "").order_by(Opinion.id)).all()
    assert list(numbers) == ["修数审〔2026〕1号", "修数函〔2026〕1号", "修数核〔2026〕1号", "修数核〔2026〕1号"]


def test_s5_nobody_approves_without_the_bureau(county: County) -> None:
    county.plan()
    refusals = county.refused("drc_clerk", "f08", DECISION | {"decided_on": county.today})
    assert [refusal.citation for refusal in refusals] == ["第十三条", "第十一条"]
    line = {"fy": 2026, "fund_type": "建设", "kind": "年度", "arranged": WAN}
    assert gates_of(county.refused("fin_budget", "f09", line)) == ["G-12", "G-12", "G-13"]
    assert county.session.scalar(select(func.count(BudgetLine.id))) == 0


def test_a_lane_cannot_give_the_decision_away(county: County) -> None:
    to_the_library(county)
    county.fill("unit_clerk", "f07", {"approval_type": "可研", "requested_total": WAN})
    assert gates_of(county.refused("unit_clerk", "f08", DECISION | {"decided_on": county.today})) == ["ROLE"]
    assert gates_of(county.refused_signing("unit_head", "f06")) == ["ROLE"]


def test_one_person_never_prepares_and_signs(county: County) -> None:
    both = county.actors["bur_head"]
    county.actors["bur_clerk"] = type(both)(
        both.id,
        both.username,
        both.name,
        both.organisation_id,
        both.organisation_kind,
        frozenset({"bur_clerk", "bur_head"}),
    )
    county.actors["bur_head"] = county.actors["bur_clerk"]
    county.plan()
    with pytest.raises(Exception, match="依《办法》不能办理") as refused:
        county.review()
    assert gates_of(refused.value.refusals) == ["COI-09"]  # type: ignore[attr-defined]
    assert county.project.state == "REVIEW"


def test_a_late_item_needs_the_bureau_head(county: County) -> None:
    county.today = date(2025, 12, 2)
    county.fill("unit_clerk", "f02", ITEM)
    county.sign("unit_head", "f02")
    suggestion = {"rank": 1, "bureau_suggestion": "纳入"}
    assert gates_of(county.refused("bur_section", "f02s", suggestion)) == ["G-06"]
    county.fill("bur_section", "f02s", suggestion | {"reason": "省里新下达任务"})
    consent = {"result": "同意", "doc_no": "修政〔2025〕9号", "decided_on": county.today}
    assert gates_of(county.refused("gov_office", "f02g", consent)) == ["G-06"]
    county.sign("bur_head", "f02s")
    county.fill("gov_office", "f02g", consent)
    assert county.project.state == "PLAN_APPROVED"


def test_a_secret_item_leaves_no_content(county: County) -> None:
    answers = {"secret": True, "other_rule": False, "clause": "《办法》第三十四条"}
    assert gates_of(county.refused("unit_clerk", "f01", answers | {"name": "某系统"})) == ["G-38"]
    county.fill("unit_clerk", "f01", answers)
    project = county.project
    assert (project.no, project.state, project.name, project.exempt_clause) == (
        "XWXX-2026-X-001", "EXEMPT", "", "《办法》第三十四条",
    )  # fmt: skip
    assert gates_of(county.refused("unit_clerk", "f02", ITEM))[0] == "G-38"


def test_s6_a_returned_plan_keeps_the_tender_shut(county: County) -> None:
    to_the_library(county)
    county.approve()
    county.fund()
    county.fill("unit_clerk", "f10", {"exchange_plan": ["a"], "infra_plan": ["b"], "management_rules": ["c"]})
    county.fill("bur_share", "f11", POINTS | {"interface_result": "不符合", "conclusion": "退回"})
    refusal = county.refused("unit_lead", "f12", PACKAGES)[0]
    assert (refusal.gate, len(refusal.missing)) == ("G-14", 2)
    assert gates_of(county.refused("bur_share", "f11", POINTS | {"cloud_result": "不符合"})) == ["STATE"]
    county.endorse()
    county.fill("unit_lead", "f12", PACKAGES)
    assert county.project.state == "PROCUREMENT"


def test_prices_and_contracts_stay_within_what_was_approved(county: County) -> None:
    to_the_library(county)
    county.approve()
    county.fund()
    county.endorse()
    dear = {"packages": [PACKAGES["packages"][0] | {"budget": 234 * WAN}]}  # type: ignore[index]
    assert gates_of(county.refused("unit_lead", "f12", dear)) == ["G-16"]
    county.fill("unit_lead", "f12", PACKAGES)
    assert gates_of(county.refused("unit_clerk", "f12r", AWARD | {"price": 231 * WAN})) == ["G-16"]
    assert gates_of(county.refused("unit_clerk", "f13", CONTRACT | {"signed_on": county.today})) == ["G-16"]
    county.fill("unit_clerk", "f12r", AWARD | {"notice_on": county.today})
    assert gates_of(
        county.refused("unit_clerk", "f13", CONTRACT | {"signed_on": county.today, "amount": 227 * WAN})
    ) == [
        "G-16",
        "G-16",
    ]


def pays(county: County, node: str, amount: int) -> None:
    county.fill(
        "unit_clerk",
        "f18",
        {"contract": "HT-1", "node": node, "amount": amount, "invoice_no": "1", "payee_account": "2"},
    )
    county.sign("unit_head", "f18")
    county.sign("fin_pay", "f18")
    county.sign("fin_head", "f18")
    county.fill("fin_pay", "f18p", {"paid_on": county.today, "voucher_no": "P-1", "amount": amount})


def asks(node: str, amount: int) -> dict[str, object]:
    return {"contract": "HT-1", "node": node, "amount": amount, "invoice_no": "1", "payee_account": "2"}


def test_s2_a_failed_acceptance_is_rectified_and_then_paid(county: County) -> None:
    to_the_contract(county)
    county.build()
    county.wait(60)
    completed = county.today
    county.complete(completed)
    assert (county.project.state, county.project.completed_on) == ("COMPLETED", completed)
    assert gates_of(county.refused("unit_clerk", "f16a", APPLICATION)) == ["G-33"]
    county.fill(
        "bur_share", "f23", {"name": "产业园台账", "platform_no": "PT-1", "update_cycle": "月"}, records="platform_no"
    )
    county.accept("不合格")
    assert county.project.state == "ACCEPT_RECTIFY"
    refusal = county.refused("unit_clerk", "f16a", APPLICATION)[0]
    assert (refusal.gate, refusal.missing) == ("G-27", ("问题1", "问题2", "问题3"))
    done = [{"no": str(n), "problem": f"问题{n}", "measure": "已改", "done_on": county.today} for n in (1, 2, 3)]
    county.fill("unit_lead", "f17", {"items": done})
    two = [{"no": str(n), "problem": f"问题{n}", "result": "通过"} for n in (1, 2)]
    assert gates_of(county.refused("bur_section", "f17c", {"items": two})) == ["STATE"]
    three = [*two, {"no": "3", "problem": "问题3", "result": "通过"}]
    county.fill("sup_eng", "f17c", {"items": three})
    assert gates_of(county.refused("unit_clerk", "f16a", APPLICATION)) == ["G-27"]
    county.fill("bur_section", "f17c", {"items": three})
    assert gates_of(county.refused("unit_clerk", "f18", asks("验收款", WAN))) == ["G-26", "G-26"]
    county.accept()
    assert county.project.accepted_on == county.today
    assert gates_of(county.refused("unit_clerk", "f18", asks("验收款", WAN))) == ["G-26"]
    materials = {key: ["x"] for key in ("acceptance_report", "summary", "catalogue", "sharing_report")}
    county.fill("unit_clerk", "f16f", materials)
    assert gates_of(county.refused("unit_clerk", "f18", asks("验收款", WAN))) == ["G-26"]
    county.confirm("bur_clerk", "filing_confirmation")
    assert county.project.state == "ACCEPTED"
    pays(county, "验收款", 158_410_000)
    assert county.session.scalars(select(Payment.status)).all() == ["paid"]
    assert gates_of(county.refused("unit_clerk", "f18", asks("验收款", 1))) == ["M-01"]


def test_a_meeting_without_the_designated_expert_is_void(county: County) -> None:
    to_the_contract(county)
    county.build()
    county.complete(county.today)
    county.fill(
        "bur_share", "f23", {"name": "产业园台账", "platform_no": "PT-1", "update_cycle": "月"}, records="platform_no"
    )
    county.fill("unit_clerk", "f16a", APPLICATION)
    assert gates_of(county.refused("bur_section", "f16h", {"conclusion": "核准", "basis": "-"})) == ["G-04"]
    county.fill("bur_share", "f16s", {"access": "已接入", "items_ok": True})
    meeting = {
        "held_on": county.today,
        "place": "大厅",
        "participants": [{"name": "expert4", "role": "指派专家", "signed": True}],
    }
    assert gates_of(county.refused("unit_lead", "f16m", meeting)) == ["G-24"]
    county.fill("bur_section", "f05z", {"experts": [{"expert": "expert4"}], "reason": "指派"})
    absent = {**meeting, "participants": [{"name": "expert4", "role": "指派专家", "signed": False}]}
    assert gates_of(county.refused("unit_lead", "f16m", absent)) == ["G-24"]
    county.meet(signed=True)
    assert gates_of(county.refused("expert4", "f16g", {"conclusion": "通过", "text": "-"})) == ["G-25"]
    assert county.session.scalar(select(AcceptanceAttempt.conclusion)) is None


def test_s3_extension_lapse_hold_and_lifting(county: County) -> None:
    to_the_contract(county)
    county.build()
    county.wait(30)
    county.complete(county.today)
    first = county.session.scalar(select(DeadlineRow.due).where(DeadlineRow.kind == "acceptance"))
    assert first is not None
    county.today = date(first.year, first.month, 1)
    new_date = date(first.year, 12, 15)
    county.fill("unit_lead", "f19", {"reason_class": "测评", "reason": "等保测评排期" * 6, "new_date": new_date})
    county.sign("unit_head", "f19")
    county.confirm("bur_section", "extension")
    assert county.session.scalar(select(DeadlineRow.due).where(DeadlineRow.kind == "acceptance")) == new_date
    county.today = new_date
    county.fill("unit_clerk", "f18", asks("首付款", WAN))
    county.sign("unit_head", "f18")
    county.sign("fin_pay", "f18")
    county.wait(1)
    assert [hold.code for hold in holds.in_force(county.facts)] == ["H-ACC"]
    assert [(r.gate, r.citation) for r in county.refused_signing("fin_head", "f18")] == [("G-28", "第二十一条")]
    assert gates_of(county.refused("unit_clerk", "f20a", {"fy": 2027, "amount": WAN, "basis": "-"})) == [
        "G-21", "G-28", "G-29",
    ]  # fmt: skip
    assert county.run("hold.set", {"hold_code": "H-ACC", "cause": "逾期"}) == {"hold_in_force": True}
    county.run("hold.set", {"hold_code": "H-ACC", "cause": "逾期"})
    assert county.session.scalar(select(func.count(FundHold.id))) == 1
    late = {"reason_class": "其他", "reason": "补报延期" * 10, "new_date": date(first.year + 1, 3, 1)}
    county.fill("unit_lead", "f19", late)
    county.sign("unit_head", "f19")
    county.confirm("bur_section", "extension")
    assert [hold.code for hold in holds.in_force(county.facts)] == ["H-ACC"]
    county.fill(
        "bur_share", "f23", {"name": "产业园台账", "platform_no": "PT-1", "update_cycle": "月"}, records="platform_no"
    )
    county.accept()
    assert holds.in_force(county.facts) == ()
    assert county.session.scalar(select(FundHold.lifted_on)) == county.today
    county.sign("fin_head", "f18")
    assert county.session.scalars(select(Payment.status)).all() == ["signed"]


def test_the_facts_cost_the_same_whatever_the_history(county: County) -> None:
    county.plan()
    statements: list[str] = []

    def count() -> int:
        county.session.flush()
        project_id = county.project.id
        del statements[:]
        assert project_facts(county.session, project_id, now=county.now).no == "XWXX-2026-T-001"
        return len(statements)

    event.listen(
        county.session.connection().engine, "before_cursor_execute", lambda *call: statements.append(str(call[2]))
    )
    few = count()
    county.wait(40)
    county.review()
    county.approve()
    county.fund()
    county.endorse()
    county.contract()
    assert count() == few == 2


def test_expressions_get_typed_facts(county: County) -> None:
    to_the_contract(county)
    county.build()
    county.complete(county.today)
    names = {
        "project.state",
        "project.arranged_fen",
        "deadline.acceptance.fires_at",
        "deadline.plan.due",
        "hold.acc.active",
    }
    found = fact_values(county.session, county.project.id, names, now=county.now)
    assert found["project"] == {"state": "COMPLETED", "arranged_fen": 233 * WAN}
    acceptance = found["deadline"]["acceptance"]
    assert isinstance(acceptance, dict)
    assert acceptance["fires_at"].date() == acceptance["due"] + (date(2026, 1, 2) - date(2026, 1, 1))
    assert acceptance["overdue"] is False
    assert found["hold"]["acc"] == {"active": False, "since": None}
    assert fact_values(county.session, None, {"hold.acc.active"}, now=county.now)["hold"]["acc"] == {
        "active": False,
        "since": None,
    }
    assert fact_values(county.session, county.project.id, {"today"}, now=county.now) == {}
    everything = fact_values(county.session, county.project.id, {"project"}, now=county.now)["project"]
    assert set(everything) == set(PROJECT)


def test_the_vocabulary_is_implemented() -> None:
    asked = {name.split(".")[1] for name in FACTS if name.startswith("project.")}
    assert asked <= set(PROJECT)
    assert set(RECORDS) <= set(PURPOSES)
    assert len(OPERATIONS) == 27
    assert {"f06", "f08", "f09", "f11", "f16h", "f18"} <= set(SIGNATURES)
    for recorder in RECORDERS.values():
        assert set(recorder.must_follow) <= set(RECORDERS)


def test_a_process_owners_own_form_records_nothing(county: County) -> None:
    county.fill("unit_clerk", "x_meeting_minutes", {"text": "会议纪要"})
    assert county.session.scalar(select(func.count(Project.id))) == 0


def test_filing_again_with_another_total_makes_a_new_version(county: County) -> None:
    to_the_library(county)
    lines = [{**FILING["budget_lines"][0], "amount": 210 * WAN}]  # type: ignore[index]
    county.fill("unit_clerk", "f03", FILING | {"budget_lines": lines})
    assert (county.project.scope_version, county.project.state) == (2, "MATERIALS")
    assert gates_of(county.refused("unit_clerk", "f07", {"approval_type": "可研", "requested_total": WAN})) == ["G-13"]


def test_merged_items_end_with_a_link(county: County) -> None:
    county.fill("unit_clerk", "f02", ITEM)
    county.sign("unit_head", "f02")
    first = county.project
    county.instance.project_id = None
    county.fill("unit_clerk", "f02", ITEM | {"name": "智慧农业产业园二期"})
    county.sign("unit_head", "f02")
    second = county.project
    merge = {"rank": 2, "bureau_suggestion": "合并", "reason": "同一平台的两期，合并申报。"}
    for wrong in (second.no, "XWXX-2030-T-001", ""):
        assert gates_of(county.refused("bur_section", "f02s", merge | {"merge_into": wrong})) == ["STATE"]
    county.fill("bur_section", "f02s", merge | {"merge_into": first.no})
    county.instance.project_id = first.id
    assert gates_of(county.refused("bur_section", "f02s", merge | {"merge_into": second.no})) == ["STATE"]
    county.instance.project_id = second.id
    county.sign("bur_head", "f02s")
    county.fill("gov_office", "f02g", {"result": "同意", "doc_no": "修政〔2025〕8号", "decided_on": county.today})
    item = county.session.scalars(select(PlanItem).where(PlanItem.project_id == second.id)).one()
    assert (second.state, item.content["merged_into"]) == ("WITHDRAWN", first.no)
    assert first.state == "PLAN_SUBMITTED"


def test_the_county_decides_on_nothing_that_was_not_sent_to_it(county: County) -> None:
    """Whatever is drawn: a plan that asks the county first is refused at the write (第九条)."""
    consent = {"result": "同意", "doc_no": "修政〔2025〕8号", "decided_on": county.today}
    county.fill("unit_clerk", "f02", ITEM)
    assert "计划项尚未报送。" in [one.message for one in county.refused("gov_office", "f02g", consent)]
    assert county.session.scalars(select(PlanItem.result)).all() == [""]
