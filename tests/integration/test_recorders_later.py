"""What follows acceptance, and what the diagrams' operations do: S4, S7, S8, audit, O&M, the plan, notices."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, select

from app.domain import holds
from app.models.accounts import Organisation
from app.models.business import (
    AuditCase,
    BudgetLine,
    Contract,
    DeadlineRow,
    Evaluation,
    FundHold,
    LibraryEntry,
    MeasureTaken,
    NotStartedVerdict,
    OmApplication,
    Package,
    PlanItem,
    RefusedAttempt,
    Supervision,
    SystemEntry,
)
from app.models.documents import Notice
from app.models.papers import Paper
from tests.integration.county import AWARD, CONTRACT, HEARD, ITEM, PACKAGES, WAN, County
from tests.integration.desk import county, gates_of, session, to_the_contract, to_the_library

__all__ = ["county", "session"]


def in_force(county: County) -> list[str]:
    return [hold.code for hold in holds.in_force(county.facts)]


def test_a_system_operates_with_its_date_and_its_catalogue_entry(county: County) -> None:
    to_the_contract(county)
    county.operate()
    assert county.project.state == "OPERATING"
    entry = county.session.scalars(select(SystemEntry)).one()
    assert (entry.code, entry.status, entry.builder) == ("XWXT-0001", "active", "云台数科")
    assert in_force(county) == []


def test_s8_a_failed_evaluation_stops_om_until_both_confirm(county: County) -> None:
    to_the_contract(county)
    county.operate()
    early = county.refused("bur_section", "f25s", {"evaluation_mode": "专家", "evaluator": "太行绩效评价"})
    assert gates_of(early) == ["STATE"]
    county.wait(366)
    county.evaluate(54, 54)
    row = county.session.scalars(select(Evaluation)).one()
    assert (row.total_centi, row.share_centi, row.passed) == (5400, 1620, False)
    assert (county.project.state, in_force(county)) == ("EVAL_RECTIFY", ["H-EVAL"])
    plans = {f"{kind}_plan": ["x"] for kind in ("quality", "operation", "security", "emergency")}
    county.fill("unit_clerk", "f20", plans)
    asks = {"fy": county.today.year + 1, "amount": 10 * WAN, "basis": "合同"}
    assert gates_of(county.refused("unit_clerk", "f20a", asks)) == ["G-29", "G-30"]
    county.confirm("bur_section", "om_plans")
    assert gates_of(county.refused("unit_clerk", "f20a", asks)) == ["G-30"]
    done = {"items": [{"no": "1", "problem": "评价未达标", "measure": "已改", "done_on": county.today}]}
    county.fill("unit_lead", "f17", done)
    closed = {"items": [{"no": "1", "problem": "评价未达标", "result": "通过"}]}
    county.fill("bur_section", "f17c", closed)
    assert in_force(county) == ["H-EVAL"]
    county.fill("fin_perf", "f17c", closed)
    assert (county.project.state, in_force(county)) == ("OPERATING", [])
    assert county.session.scalar(select(FundHold.lifted_on).where(FundHold.code == "H-EVAL")) == county.today
    county.fill("unit_clerk", "f20a", asks)
    line = county.session.scalars(select(BudgetLine).where(BudgetLine.fund_type == "运维")).one()
    assert (line.fy, line.requested_fen) == (county.today.year + 1, 10 * WAN)
    assert county.run("evaluation.score") == {"total": 54.0, "share_percent": 54.0, "band": "差"}


def test_coi06_what_comes_to_light_about_the_evaluator_stops_its_scores(county: County) -> None:
    to_the_contract(county)
    county.operate()
    county.wait(366)
    weights = {"weight_operation": 30, "weight_sharing": 30, "weight_performance": 40}
    chosen = {"evaluation_mode": "第三方", "evaluator": "太行绩效评价"} | weights
    assert gates_of(county.refused("bur_section", "f25s", chosen | {"evaluator": "河朔信息监理"})) == ["COI-06"]
    county.fill("bur_section", "f25s", chosen)
    county.fill("unit_clerk", "f25u", {"availability": 99, "text": "运行平稳"})
    county.session.scalars(select(Supervision)).one().supervisor = "太行绩效评价"
    county.session.flush()
    scores = {"operation_score": 90, "sharing_score": 90, "performance_score": 90}
    assert gates_of(county.refused("eval_user", "f25e", scores)) == ["COI-06"]
    assert county.session.scalars(select(Evaluation.total_centi)).all() == [None]


def test_sharing_below_its_part_fails_a_good_total(county: County) -> None:
    to_the_contract(county)
    county.operate()
    county.wait(366)
    county.evaluate(90, 59)
    row = county.session.scalars(select(Evaluation)).one()
    assert (row.total_centi, row.share_centi, row.passed) == (8070, 1770, False)


def test_s8_the_ladder_of_measures(county: County) -> None:
    to_the_contract(county)
    county.build()
    items = [{"fact": "擅自改设主体内容", "requirement": "恢复"}]
    limit = county.today + timedelta(days=21)
    county.fill("bur_head", "f31", {"items": items, "basis": "第三十一条", "limit": limit})
    withhold = {"kind": "暂缓拨付", "facts": "拒不整改", "skipped": True, "skip_reason": "情节严重"}
    assert gates_of(county.refused("bur_insp", "f26", withhold)) == ["G-36"]
    county.wait(40)
    assert gates_of(county.refused("bur_insp", "f26", withhold | {"skip_reason": ""})) == ["G-36"]
    county.fill("bur_insp", "f26", withhold)
    unheard = county.refused_signing("bur_head", "f26")
    due = county.session.scalars(select(MeasureTaken.statement_due)).one()
    assert [one.text for one in unheard] == [f"项目单位尚未陈述申辩，陈述申辩期到{due}届满，现在不能采取措施。"]
    assert county.session.scalars(select(MeasureTaken.cosigned_by)).one() == []
    county.fill("unit_lead", "f26s", HEARD)
    county.sign("bur_head", "f26")
    assert in_force(county) == []
    county.sign("fin_head", "f26")
    assert in_force(county) == ["H-INSP"]
    advance = {"contract": "HT-1", "node": "首付款", "amount": WAN, "invoice_no": "1", "payee_account": "2"}
    assert [refusal.hold for refusal in county.refused("unit_clerk", "f18", advance)] == ["H-INSP"]
    county.fill("bur_insp", "f26", {"kind": "暂停建设", "facts": "仍不改正"})
    county.fill("unit_lead", "f26s", HEARD)
    county.sign("bur_head", "f26", "退回")
    assert county.run("measure.apply") == {"measure": "暂缓拨付", "measure_taken": False}, "it is proposed anew"
    assert (county.project.state, in_force(county)) == ("BUILDING", ["H-INSP"])
    county.fill("bur_insp", "f26", {"kind": "暂停建设", "facts": "仍不改正"})
    county.fill("unit_lead", "f26s", HEARD)
    for head in ("bur_head", "fin_head", "drc_head"):
        county.sign(head, "f26")
    assert (county.project.state, in_force(county)) == ("SUSPENDED", ["H-INSP", "H-SUSP"])
    assert county.run("measure.apply") == {"measure": "暂停建设", "measure_taken": True}
    closed = {"items": [{"no": "1", "problem": items[0]["fact"], "result": "通过"}]}
    county.fill("bur_insp", "f17c", closed)
    assert (county.project.state, in_force(county)) == ("BUILDING", [])
    numbered = select(MeasureTaken.doc_no).where(MeasureTaken.decided_on.is_not(None)).order_by(MeasureTaken.id)
    assert county.session.scalars(numbered).all() == ["修数措〔2026〕1号", "修数措〔2026〕2号"]
    county.fill("unit_clerk", "f18", advance)


def test_a_terminated_project_only_settles(county: County) -> None:
    to_the_contract(county)
    county.build()
    county.fill(
        "bur_head", "f31", {"items": [{"fact": "违规"}], "basis": "-", "limit": county.today + timedelta(days=20)}
    )
    county.wait(30)
    stop = {"kind": "终止", "facts": "拒不整改", "skipped": True, "skip_reason": "情节严重"}
    county.fill("bur_insp", "f26", stop)
    due = county.session.scalars(select(MeasureTaken.statement_due)).one()
    assert due is not None
    county.today = due  # the last day is the unit's until midnight
    assert gates_of(county.refused_signing("bur_head", "f26")) == ["G-36"]
    county.wait(1)  # silent, the unit has had its period
    for head in ("bur_head", "fin_head", "drc_head"):
        county.sign(head, "f26")
    assert (county.project.state, in_force(county)) == ("TERMINATED", ["H-TERM"])
    assert gates_of(county.refused("builder_pm", "f15b", {"progress": 50, "text": "-"})) == ["G-36"]
    advance = {"contract": "HT-1", "node": "首付款", "amount": WAN, "invoice_no": "1", "payee_account": "2"}
    county.fill("unit_clerk", "f18", advance)


def test_the_audit_confirms_its_own_findings(county: County) -> None:
    to_the_contract(county)
    county.operate()
    finding = {"findings": [{"fact": "超预算"}], "result": "不达标", "limit": county.today + timedelta(days=30)}
    county.fill("aud_clerk", "f30", finding)
    county.sign("aud_head", "f30")
    assert in_force(county) == []
    county.wait(45)
    assert in_force(county) == ["H-AUDIT"]
    county.fill("aud_clerk", "f17c", {"items": [{"no": "1", "problem": "超预算", "result": "通过"}]})
    assert in_force(county) == []
    assert county.session.scalar(select(AuditCase.confirmed_on)) == county.today


def test_a_result_signed_after_its_limit_is_refused_in_words(county: County) -> None:
    to_the_contract(county)
    county.operate()
    finding = {"findings": [{"fact": "超预算"}], "result": "不达标", "limit": county.today + timedelta(days=1)}
    county.fill("aud_clerk", "f30", finding)
    written = county.today + timedelta(days=1)
    county.wait(4)
    (refusal,) = county.refused_signing("aud_head", "f30")
    assert refusal.text == f"期限 {written} 要晚于起算日 {county.today}。"
    assert (refusal.gate, refusal.citation, refusal.link.target) == ("STATE", "第三十二条", "audit")
    row = county.session.scalars(select(AuditCase)).one()
    county.session.refresh(row)
    assert (row.passed, row.rectify_due) == (None, written)
    assert county.session.scalar(select(func.count(DeadlineRow.id)).where(DeadlineRow.kind == "audit")) == 0
    county.fill("aud_clerk", "f30", finding | {"limit": county.today + timedelta(days=30)})
    county.sign("aud_head", "f30")
    assert row.passed is False


def test_s7_a_raise_waits_for_consent_and_follow_up(county: County) -> None:
    to_the_contract(county)
    county.build()
    raised = {"type": ["投资"], "before": "-", "after": "增加接口", "delta": 18_500_000, "reason": "新增需求"}
    county.fill("unit_lead", "f14", raised | {"objective_changed": False, "main_module_changed": False})
    supplement = CONTRACT | {
        "no": "HT-1-补", "amount": 18_500_000, "supplement_to": "HT-1", "change": 1, "signed_on": county.today,
        "pay_nodes": [{"name": "变更款", "kind": "进度", "percent": 100, "amount": 18_500_000}],
    }  # fmt: skip
    assert gates_of(county.refused("unit_clerk", "f13", supplement)) == ["G-18"]
    county.sign("sup_eng", "f14", records="supervisor_opinion")
    county.sign("bur_section", "f14")
    county.sign("bur_head", "f14")
    assert gates_of(county.refused("unit_clerk", "f13", supplement)) == ["G-18"]
    county.sign("drc_clerk", "f14", records="approved_estimate")
    county.sign("fin_budget", "f14", records="source_of_funds")
    assert county.run("scope.new_version") == {"scope_version": 2, "reopen_preprocurement": False}
    assert county.run("scope.new_version") == {"scope_version": 2, "reopen_preprocurement": False}
    assert (county.project.scope_version, county.project.total_fen) == (2, 251_500_000)
    county.fill("unit_clerk", "f13", supplement)
    assert county.session.scalar(select(func.count(Contract.id))) == 2


def test_s4_three_closed_years_remove_once(county: County) -> None:
    to_the_library(county)
    county.approve()
    for year, streak, state in ((2027, 1, "ALTERNATE"), (2028, 2, "ALTERNATE"), (2029, 3, "REMOVED")):
        county.today = date(year, 1, 1)
        assert county.run("library.roll")["rolled_items"] == [county.project.no]
        assert county.run("library.roll") == {"rolled_items": [], "removed_count": 0}
        entry = county.session.scalars(select(LibraryEntry)).one()
        assert (entry.streak_closed, county.project.state) == (streak, state)
    assert entry.closed_fys == [2026, 2027, 2028]
    assert gates_of(county.refused("unit_clerk", "f07", {"approval_type": "可研", "requested_total": WAN})) == ["G-20"]


def test_an_unchanged_alternate_joins_the_next_plan(county: County) -> None:
    to_the_library(county)
    county.approve()
    county.today = date(2027, 1, 1)
    county.run("library.roll")
    county.today = date(2027, 10, 8)
    assert county.run("plan.consolidate", {"fy": 2028}) == {"items": [county.project.no], "item_count": 1}
    assert county.run("plan.consolidate", {"fy": 2028})["item_count"] == 1
    assert county.session.scalars(select(PlanItem.fy).order_by(PlanItem.fy)).all() == [2026, 2028]
    county.today = date(2028, 1, 10)
    county.fund()
    assert county.project.state == "BUDGETED"


def test_the_plan_lists_units_checks_items_and_starts_what_was_agreed(county: County) -> None:
    opened = county.run("plan.open", {"fy": 2026})
    assert opened["units"] == ["czj", "dsj", "fgw", "nyj", "sjj", "xzf"]
    county.fill("unit_clerk", "f02", ITEM)
    county.sign("unit_head", "f02")
    first = county.project.no
    county.instance.project_id = None
    county.fill("unit_clerk", "f02", ITEM | {"name": "智慧农业产业园数据平台二期", "has_room": False})
    county.sign("unit_head", "f02")
    second = county.project.no
    assert (first, second) == ("XWXX-2026-T-001", "XWXX-2026-T-002")
    assert county.run("plan.check", {"fy": 2026}) == {"findings": 2}
    items = county.run("plan.consolidate", {"fy": 2026})["items"]
    assert items == [first, second]
    county.fill("bur_section", "f02s", {"rank": 2, "bureau_suggestion": "暂缓", "reason": "先建一期"})
    county.fill("gov_office", "f02g", {"result": "暂缓", "doc_no": "修政〔2025〕8号", "decided_on": county.today})
    assert county.run("plan.decide", {"items": items}) == {"approved_items": []}
    assert (county.project.state, county.project.fy) == ("PLAN_SUBMITTED", 2027)


def test_a_funded_project_that_does_not_start_lapses(county: County) -> None:
    county.plan()
    county.today = date(2026, 1, 12)
    county.review()
    county.approve()
    county.fund()
    county.endorse()
    county.fill("unit_lead", "f12", PACKAGES)
    county.fill("unit_clerk", "f12r", AWARD | {"notice_on": county.today})
    county.today = date(2026, 12, 31)
    assert county.run("start.check") == {"not_started": [county.project.no]}
    county.fill("unit_lead", "f28", {"reason": "招标流标", "plan_date": date(2027, 3, 1)})
    county.sign("bur_section", "f28")
    county.sign("fin_budget", "f28", "不同意")
    county.run("budget.lapse")
    assert county.project.state == "ALTERNATE"
    assert county.session.scalars(select(Package.failed)).all() == [True]
    county.today = date(2027, 1, 4)
    assert in_force(county) == ["H-NOSTART"]
    line = {"fy": 2027, "fund_type": "建设", "kind": "年度", "requested": WAN, "arranged": WAN}
    assert "G-23" in gates_of(county.refused("fin_budget", "f09", line))
    county.run("library.roll")
    assert county.session.scalar(select(LibraryEntry.streak_closed)) == 1


def test_a_statement_of_january_is_about_the_year_that_was_checked(county: County) -> None:
    county.plan()
    county.today = date(2026, 1, 12)
    county.review()
    county.approve()
    county.fund()
    county.today = date(2026, 12, 31)
    assert county.run("start.check") == {"not_started": [county.project.no]}
    county.today = date(2027, 1, 6)
    assert in_force(county) == ["H-NOSTART"]
    county.fill("unit_lead", "f28", {"reason": "招标流标", "plan_date": date(2027, 3, 1)})
    county.sign("bur_section", "f28")
    county.sign("fin_budget", "f28")
    assert county.session.scalars(select(NotStartedVerdict.fy)).all() == [2026]
    assert in_force(county) == [], "both offices have accepted the reason for 2026"
    assert county.run("budget.lapse") == {"lapsed": False}
    assert county.project.state == "BUDGETED"
    county.today = date(2028, 1, 3)
    assert in_force(county) == [], "nothing was arranged for 2027"


def test_coi08_a_change_of_the_bureaus_own_waits_for_the_countersignature(county: County) -> None:
    to_the_contract(county)
    county.build()
    county.session.get_one(Organisation, county.project.unit_id).kind = "bureau"
    change = {"type": ["目标"], "delta": 0, "reason": "政策调整", "before": "一", "after": "二"}
    county.fill("unit_lead", "f14", change)
    county.sign("bur_section", "f14")
    county.sign("bur_head", "f14")
    assert [row.status for row in county.facts.changes] == ["submitted"]
    assert county.run("scope.new_version") == {"scope_version": 1, "reopen_preprocurement": False}
    assert county.session.scalars(select(Paper.kind).where(Paper.kind == "D-09")).all() == []
    county.fill("gov_office", "f00s", {"result": "同意", "opinion": "同意"}, signs="f14", records="countersign")
    assert [row.status for row in county.facts.changes] == ["agreed"]
    assert county.run("scope.new_version")["scope_version"] == 2
    assert county.session.scalars(select(Paper.kind).where(Paper.kind == "D-09")).all() == ["D-09"]


def test_coi08_what_the_county_does_not_countersign_is_refused(county: County) -> None:
    to_the_contract(county)
    county.build()
    county.session.get_one(Organisation, county.project.unit_id).kind = "bureau"
    county.fill("unit_lead", "f14", {"type": ["目标"], "delta": 0, "reason": "调整", "before": "一", "after": "二"})
    county.sign("bur_section", "f14")
    county.sign("bur_head", "f14")
    county.fill("gov_office", "f00s", {"result": "不同意", "opinion": "不必"}, signs="f14", records="countersign")
    assert [row.status for row in county.facts.changes] == ["refused"]
    assert county.run("scope.new_version") == {"scope_version": 1, "reopen_preprocurement": False}


def test_an_om_application_is_returned_with_its_reasons(county: County) -> None:
    to_the_contract(county)
    county.operate()
    plans = {f"{kind}_plan": ["x"] for kind in ("quality", "operation", "security", "emergency")}
    county.fill("unit_clerk", "f20", plans)
    county.confirm("bur_section", "om_plans")
    county.fill("unit_clerk", "f20a", {"fy": 2027, "amount": WAN, "basis": "-"})
    county.run("catalogue.cancel")  # drawn where nobody has agreed to scrap it, it cancels nothing
    entry = county.session.scalars(select(SystemEntry)).one()
    assert entry.status == "active"
    entry.status = "cancelled"
    county.session.flush()
    found = county.run("gate.check", gates="G-21,G-28,G-29,G-30,G-34", action="申报", fund_type="运维")
    assert found == {"gate_ok": False, "refusals": 1}
    assert county.session.scalar(select(RefusedAttempt.form_id)) == "f20a"
    county.run("om.return")
    row = county.session.scalars(select(OmApplication)).one()
    assert (row.status, [reason["gate"] for reason in row.reasons]) == ("returned", ["G-21"])
    assert county.project.state == "OPERATING"


def test_a_gateway_asks_before_the_tender(county: County) -> None:
    to_the_library(county)
    assert county.run("gate.check", gates="G-14,G-15", action="建设") == {"gate_ok": False, "refusals": 3}
    county.approve()
    county.fund()
    county.endorse()
    assert county.run("gate.check", gates="G-14,G-15", action="建设") == {"gate_ok": True, "refusals": 0}
    county.fill("unit_lead", "f12", PACKAGES)


def test_the_panel_is_seated_by_username(county: County) -> None:
    to_the_library(county)
    assert county.run("panel.seat", form="f05") == {
        "panel": ["expert0", "expert1", "expert2"],
        "undeclared": [],
        "leader": "expert0",
    }


def test_deadlines_of_a_diagram_do_not_disturb_what_a_form_has_entered(county: County) -> None:
    to_the_contract(county)
    county.build()
    county.complete(county.today)
    due = county.run("deadline.start", {"start": county.today}, kind="acceptance")["due"]
    new_date = due + timedelta(days=60)  # type: ignore[operator]
    county.fill("unit_lead", "f19", {"reason_class": "测评", "reason": "排期" * 20, "new_date": new_date})
    county.sign("unit_head", "f19")
    county.confirm("bur_section", "extension")
    moved = county.run("deadline.extend", {"new_date": new_date}, kind="acceptance")["due"]
    assert moved >= new_date  # type: ignore[operator]
    assert county.run("deadline.start", {"start": county.today}, kind="acceptance") == {"due": moved}
    assert county.run("deadline.start", kind="mlps_filing")["due"] > county.today  # type: ignore[operator]
    county.run("deadline.close", kind="mlps_filing")
    county.run("contract.file")


def test_a_notice_reaches_each_holder_once_a_day(county: County) -> None:
    to_the_contract(county)
    county.build()
    county.complete(county.today)
    for _ in range(2):
        county.run(
            "notice.send", template="acceptance_reminder", roles="unit_clerk,unit_lead,sup_eng", deadline="acceptance"
        )
    rows = county.session.scalars(select(Notice).order_by(Notice.id)).all()
    assert len(rows) == 3
    assert rows[0].message == "%(unit)s“%(project)s”应于 %(due)s 前组织验收（第二十条）。"
    assert rows[0].values["project"] == "智慧农业产业园数据平台"
    county.instance.project_id = None
    county.run("notice.send", template="plan_reminder", roles="unit_clerk")
    assert county.session.scalar(select(func.count(Notice.id))) == 4


def test_two_hands_lift_a_hold_and_one_does_not(county: County) -> None:
    to_the_contract(county)
    county.build()
    county.complete(county.today)
    county.wait(250)
    county.run("hold.set", {"hold_code": "H-ACC"})
    county.fill("bur_section", "f00s", {"result": "同意", "opinion": "-"}, records="manual_lift")
    assert county.run("hold.lift", {"hold_code": "H-ACC", "evidence": "x"}, by_hand="true") == {"hold_lifted": False}
    county.fill("fin_head", "f00s", {"result": "同意", "opinion": "-"}, records="manual_lift")
    assert county.run("hold.lift", {"hold_code": "H-ACC", "evidence": "市局函"}, by_hand="true") == {
        "hold_lifted": True
    }
    assert in_force(county) == []
    assert county.session.scalars(select(FundHold.lifted_by)).all() == [["bur_section", "fin_head"]]
