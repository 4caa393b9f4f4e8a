"""Gates of money: G-10, G-12, G-19 … G-23, G-28 … G-31, G-37 and the sums of M-01."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain import standing
from app.domain.facts import (
    Approval,
    AuditCase,
    BudgetLine,
    CatalogueEntry,
    Evaluation,
    LibraryEntry,
    NotStartedVerdict,
    OmPlans,
    Payment,
    ProjectFacts,
    ScopeVersion,
)
from app.domain.gates import check, check_form
from app.domain.numbers import Path
from app.domain.parameters import Parameters
from app.domain.terms import ApprovalKind, FundType
from tests.unit.domain.a_project import (
    APPROVED,
    CONTRACT,
    INDUSTRY,
    NODES,
    PACKAGE,
    REVIEWED,
    WAN,
    a_project,
    act,
    an_operating_project,
)

GRANTED = Approval(ApprovalKind.SERVICE_FUNDS, "核定", 1, 60 * WAN)


def said(gate: str, facts: ProjectFacts, form: str, **changes: object) -> list[str]:
    return [refusal.text for refusal in check([gate], facts, act(form, **changes))]


def test_g10_wants_review_and_finances_amount_on_path_g() -> None:
    facts = a_project(path=Path.SERVICE, approvals=(GRANTED,))
    lot = replace(PACKAGE, budget_fen=60 * WAN)
    assert said("G-10", a_project(opinions=()), "f12") == []
    assert said("G-10", facts, "f12", packages=(lot,)) == []
    assert said("G-10", facts, "f12", packages=(lot, lot)) == ["采购金额超过财政核定数。"]
    assert said("G-10", replace(facts, opinions=(), approvals=()), "f12") == [
        "购买服务项目未经县大数据局审查通过。",
        "县财政局尚未核定购买服务资金。",
    ]


def test_g12_wants_review_approval_and_stays_within_it() -> None:
    facts = a_project(budget=())
    line = BudgetLine(2026, FundType.CONSTRUCTION)
    assert said("G-12", facts, "f09", line=line, amount_fen=233 * WAN) == []
    assert said("G-12", facts, "f09", line=line, amount_fen=233 * WAN + 1) == ["安排数累计超过批复数。"]
    assert said("G-12", facts, "f09", line=line) == []
    assert said("G-12", replace(facts, opinions=(INDUSTRY,), approvals=()), "f09", amount_fen=1) == [
        "没有县大数据局“通过”的审核意见，不能安排资金。",
        "没有县发展改革委的立项批复，不能安排建设资金。",
    ]
    assert said("G-12", replace(facts, opinions=()), "f09", amount_fen=0) == []
    assert said("G-12", replace(facts, opinions=()), "f09", amount_fen=1, fund_type=FundType.OM) == []


def test_g12_adds_up_the_years_and_replaces_the_same_line() -> None:
    facts = a_project(budget=(BudgetLine(2025, FundType.CONSTRUCTION, arranged_fen=200 * WAN),))
    again = BudgetLine(2025, FundType.CONSTRUCTION)
    following = BudgetLine(2026, FundType.CONSTRUCTION)
    assert said("G-12", facts, "f09", line=again, amount_fen=233 * WAN) == []
    assert said("G-12", facts, "f09", line=following, amount_fen=34 * WAN) == ["安排数累计超过批复数。"]
    assert said("G-12", facts, "f09", amount_fen=33 * WAN) == []


def test_g12_on_the_other_paths() -> None:
    service = a_project(path=Path.SERVICE, approvals=(), budget=())
    assert said("G-12", service, "f09", amount_fen=1) == ["县财政局尚未核定购买服务资金。"]
    joint = a_project(path=Path.JOINT, approvals=(), budget=())
    unapproved = "联合建设的政府出资尚未批复或者核定，不能安排资金。"
    assert said("G-12", joint, "f09", amount_fen=1) == [unapproved]
    assert said("G-12", replace(joint, opinions=()), "f09", amount_fen=1) == [
        "没有县大数据局“通过”的审核意见，不能安排资金。", unapproved,
    ]  # fmt: skip
    endorsed = Approval(ApprovalKind.JOINT, "核准", 1, 60 * WAN)
    assert said("G-12", replace(joint, approvals=(endorsed,)), "f09", amount_fen=1) == [unapproved]
    for kind, decision in ((ApprovalKind.DRC, "批准"), (ApprovalKind.SERVICE_FUNDS, "核定")):
        approved = replace(joint, approvals=(endorsed, Approval(kind, decision, 1, 60 * WAN)))
        assert said("G-12", approved, "f09", amount_fen=60 * WAN) == []
        assert said("G-12", approved, "f09", amount_fen=61 * WAN) == ["安排数累计超过批复数。"]
    private = replace(joint, approvals=(replace(endorsed, amount_fen=0),))
    assert said("G-12", private, "f09", amount_fen=1) == ["安排数累计超过批复数。"], "no public money was planned"


def test_g12_does_not_count_a_refused_or_returned_approval() -> None:
    facts = a_project(approvals=(replace(APPROVED, decision="不予批准"),), budget=())
    assert said("G-12", facts, "f09", amount_fen=1) == ["没有县发展改革委的立项批复，不能安排建设资金。"]


CHANGED = (ScopeVersion(1, "f2", 240 * WAN),)
AGAIN = "备选项目的目标、主要内容或者总投资已经变化，需要重新审核。"


def test_g19_an_unchanged_alternate_is_not_reviewed_again_a_changed_one_is() -> None:
    entry = LibraryEntry(2026, 1, "备选", "f1")
    assert said("G-19", a_project(library=entry), "f09") == []
    assert said("G-19", a_project(library=entry, scope=CHANGED), "f09") == [AGAIN]
    assert said("G-19", a_project(library=entry, scope=CHANGED), "f09", amount_fen=0) == []
    assert said("G-19", a_project(library=None, scope=CHANGED), "f09") == []
    assert said("G-19", a_project(library=replace(entry, reviewed_fingerprint=""), scope=CHANGED), "f09") == []
    assert said("G-19", a_project(library=entry, scope=()), "f09") == []


def test_g19_takes_a_change_that_the_bureau_agreed_to() -> None:
    entry = LibraryEntry(2026, 0, "在库", "f1")
    scope = (ScopeVersion(1, "f1", 233 * WAN), ScopeVersion(2, "f2", 240 * WAN, by_change=True))
    assert said("G-19", a_project(library=entry, scope=scope, scope_version=2), "f09") == []
    unreviewed = a_project(library=entry, scope=scope, scope_version=2, opinions=())
    assert said("G-19", unreviewed, "f09") == [AGAIN]


def test_g20_a_removed_project_takes_no_further_act() -> None:
    refusal = check(["G-20"], a_project(state="REMOVED"), act("f03"))[0]
    assert (refusal.text, refusal.remedy) == (
        "项目连续三年未安排资金，已剔除出库。",
        "重新申报，并在新项目中关联原编号。",
    )
    assert said("G-20", a_project(state="ALTERNATE"), "f03") == []


NOT_LISTED = "系统未纳入县政务信息系统目录，不安排运维经费。"


def test_g21_wants_an_active_catalogue_entry() -> None:
    facts = an_operating_project(catalogue=CatalogueEntry("XWXT-0001", "draft"))
    assert said("G-21", an_operating_project(), "f20a") == []
    assert said("G-21", facts, "f20a") == [NOT_LISTED]
    assert said("G-21", facts, "f09", fund_type=FundType.OM, amount_fen=1) == [NOT_LISTED]
    assert said("G-21", facts, "f09", fund_type=FundType.OM, amount_fen=0) == []
    assert said("G-21", facts, "f09", fund_type=FundType.CONSTRUCTION, amount_fen=1) == []
    assert said("G-21", facts, "f18", fund_type=FundType.OM) == [NOT_LISTED]
    assert said("G-21", facts, "f18", fund_type=FundType.CONSTRUCTION) == []
    legacy = a_project(path=Path.MAINTENANCE, catalogue=None)
    assert said("G-21", legacy, "f20a") == [NOT_LISTED]
    lifted = replace(facts, lifted_by_hand=frozenset({("H-CAT", "catalogue")}))
    assert said("G-21", lifted, "f20a") == []


def test_g21_a_system_that_does_not_run_yet_gets_no_operation_funds_either() -> None:
    planned = a_project(state="PLAN_SUBMITTED", path=Path.SERVICE, catalogue=None)
    assert said("G-21", planned, "f20a") == [NOT_LISTED]
    assert said("G-21", planned, "f09", fund_type=FundType.OM, amount_fen=1) == [NOT_LISTED]
    assert said("G-21", planned, "f09", fund_type=FundType.SERVICE, amount_fen=1) == []


def test_g23_no_funds_in_the_year_after_one_without_a_start() -> None:
    budget = (BudgetLine(2025, FundType.CONSTRUCTION, arranged_fen=WAN, approved_on=date(2025, 3, 1)),)
    facts = a_project(budget=budget, contracts=(), start_order_on=None)
    refused = ["2025年度已安排资金而当年未开展建设，且无充分理由，2026年度不再安排资金。"]
    assert said("G-23", facts, "f09", fy=2026, amount_fen=1) == refused
    assert said("G-23", facts, "f09") == refused
    assert said("G-23", facts, "f09", fy=2026, amount_fen=0) == []
    assert said("G-23", facts, "f09", fy=2027, amount_fen=1) == []
    half = replace(facts, not_started=(NotStartedVerdict(2025, bureau_accepts=True),))
    assert said("G-23", half, "f09", fy=2026, amount_fen=1) == refused
    both = replace(facts, not_started=(NotStartedVerdict(2025, bureau_accepts=True, finance_accepts=True),))
    assert said("G-23", both, "f09", fy=2026, amount_fen=1) == []


def test_g23_and_its_hold_are_said_once() -> None:
    budget = (BudgetLine(2025, FundType.CONSTRUCTION, arranged_fen=WAN),)
    facts = a_project(budget=budget, contracts=(), start_order_on=None)
    found = check_form(facts, act("f09", fund_type=FundType.CONSTRUCTION, fy=2026, amount_fen=WAN))
    assert [(refusal.gate, refusal.hold) for refusal in found] == [("G-23", "")]


OVERDUE = "项目于2025-11-14竣工，应于2026-05-14前验收，现逾期193天未验收，不安排后续建设资金和运维经费。"


def test_g28_the_overdue_project_gets_no_more_money() -> None:
    facts = a_project(completed_on=date(2025, 11, 14), acceptance_due=date(2026, 5, 14))
    assert said("G-28", facts, "f20a") == [OVERDUE]
    assert said("G-28", facts, "f18", node=NODES[0]) == [OVERDUE]
    assert said("G-28", facts, "f09", fund_type=FundType.OM, amount_fen=1) == [OVERDUE]
    assert said("G-28", facts, "f09", fund_type=FundType.OM, amount_fen=0) == []
    assert check(["G-28"], facts, act("f20a"))[0].citation == "第二十一条"
    assert said("G-28", an_operating_project(), "f20a") == []


def test_g28_the_stop_of_payments_is_a_parameter() -> None:
    facts = a_project(completed_on=date(2025, 11, 14), acceptance_due=date(2026, 5, 14))
    free = replace(facts, parameters=replace(facts.parameters, acceptance_hold_blocks_payment=False))
    assert said("G-28", free, "f18", node=NODES[0]) == []
    assert said("G-28", free, "f09", amount_fen=1) == [OVERDUE]


def test_g29_wants_the_four_plans_not_older_than_a_year() -> None:
    plans = an_operating_project().om_plans
    old = OmPlans((*plans.filed[:3], ("emergency", date(2025, 11, 22))))
    exact = OmPlans((*plans.filed[:3], ("emergency", date(2025, 11, 23))))
    assert said("G-29", an_operating_project(), "f20a") == []
    assert said("G-29", an_operating_project(om_plans=exact), "f20a") == []
    refusal = check(["G-29"], an_operating_project(om_plans=old), act("f20a"))[0]
    assert (refusal.text, refusal.missing) == ("运维四项方案缺少或者过期1项。", ("应急保障措施",))
    assert said("G-29", an_operating_project(om_plans=OmPlans()), "f20a", amount_fen=0) == []
    assert said("G-29", an_operating_project(om_plans=OmPlans()), "f09", fund_type=FundType.CONSTRUCTION) == []


POOR = Evaluation(date(2026, 6, 12), 5400, 1500, passed=False)


def test_g30_below_standard_stops_om_until_rectified() -> None:
    facts = an_operating_project(evaluations=(POOR,))
    refused = ["系统XWXX-2026-T-002的评价结果未达标，整改完成之前不得申报运维或者升级改造资金。"]
    assert said("G-30", facts, "f20a") == refused
    assert said("G-30", facts, "f09", fund_type=FundType.OM, amount_fen=1) == refused
    assert said("G-30", facts, "f18", fund_type=FundType.OM) == []
    done = replace(POOR, rectified_on=date(2026, 11, 27))
    assert said("G-30", an_operating_project(evaluations=(done,)), "f20a") == []
    assert said("G-30", an_operating_project(evaluations=(replace(POOR, signed_on=None),)), "f20a") == []


def test_g31_after_a_poor_evaluation_as_much_money_needs_a_reason() -> None:
    budget = (BudgetLine(2026, FundType.OM, arranged_fen=10 * WAN),)
    facts = an_operating_project(evaluations=(replace(POOR, rectified_on=date(2026, 9, 1)),), budget=budget)
    line = {"fund_type": FundType.OM, "fy": 2027}
    assert said("G-31", facts, "f09", amount_fen=10 * WAN, **line) == [
        "上次评价为差，安排数不低于上年，应当书面说明理由。"
    ]
    assert said("G-31", facts, "f09", amount_fen=10 * WAN, reason="系统扩容", **line) == []
    assert said("G-31", facts, "f09", amount_fen=10 * WAN - 1, **line) == []
    assert said("G-31", facts, "f09", amount_fen=10 * WAN, fund_type=FundType.OM, fy=2028) == []
    assert said("G-31", facts, "f09", **line) == []
    assert said("G-31", facts, "f09", amount_fen=10 * WAN, fund_type=FundType.OM) == []
    assert said("G-31", replace(facts, evaluations=()), "f09", amount_fen=10 * WAN, **line) == []
    good = replace(facts, evaluations=(Evaluation(date(2026, 6, 12), 8300, 2500),))
    assert said("G-31", good, "f09", amount_fen=10 * WAN, **line) == []


def test_g12_carries_over_what_was_arranged_and_not_paid() -> None:
    year = BudgetLine(2025, FundType.CONSTRUCTION, arranged_fen=233 * WAN)
    paid = Payment("HT-1", 1, 60 * WAN, 2025, FundType.CONSTRUCTION, "paid")
    facts = a_project(budget=(year,), payments=(paid, replace(paid, status="refused")))
    assert said("G-12", facts, "f09", fy=2026, carried=True, amount_fen=173 * WAN) == []
    assert said("G-12", facts, "f09", fy=2026, carried=True, amount_fen=173 * WAN + 1) == [
        "结转数超过以前年度已安排而未支付的数额。"
    ]
    assert said("G-12", facts, "f09", carried=True) == []
    assert said("G-12", facts, "f09", fy=2026, amount_fen=1) == ["安排数累计超过批复数。"]


def test_g12_carries_over_within_the_year_that_has_begun() -> None:
    facts = a_project(budget=(BudgetLine(2025, FundType.CONSTRUCTION, arranged_fen=100 * WAN),))
    for fy in (2025, 2027):
        assert said("G-12", facts, "f09", fy=fy, carried=True, amount_fen=1) == [
            "只能结转到本年度（2026年），上年度结束以后办理。"
        ]


def test_g12_carries_the_same_money_over_once() -> None:
    line = BudgetLine(2026, FundType.SERVICE, carried_fen=60 * WAN)
    facts = a_project(budget=(BudgetLine(2025, FundType.CONSTRUCTION, arranged_fen=100 * WAN), line))
    other = BudgetLine(2026, FundType.CONSTRUCTION)
    asked = {"fy": 2026, "carried": True}
    assert said("G-12", facts, "f09", line=other, amount_fen=40 * WAN, **asked) == []
    assert said("G-12", facts, "f09", line=other, amount_fen=40 * WAN + 1, **asked) == [
        "结转数超过以前年度已安排而未支付的数额。"
    ]
    assert said("G-12", facts, "f09", line=line, amount_fen=100 * WAN, **asked) == []  # its own figure is replaced


def test_g12_keeps_the_money_of_operation_apart() -> None:
    lines = (
        BudgetLine(2025, FundType.CONSTRUCTION, arranged_fen=100 * WAN),
        BudgetLine(2025, FundType.OM, arranged_fen=10 * WAN),
    )
    paid = Payment("HT-1", 1, 4 * WAN, 2025, FundType.OM, "paid")
    facts = a_project(budget=lines, payments=(paid,))
    asked = {"fund_type": FundType.OM, "fy": 2026, "carried": True}
    assert said("G-12", facts, "f09", amount_fen=6 * WAN, **asked) == []
    assert said("G-12", facts, "f09", amount_fen=6 * WAN + 1, **asked) == ["结转数超过以前年度已安排而未支付的数额。"]


def test_g12_a_supplement_comes_on_top_of_its_own_line() -> None:
    line = BudgetLine(2026, FundType.CONSTRUCTION, arranged_fen=200 * WAN, approved_on=date(2026, 2, 1))
    facts = a_project(budget=(line,))
    assert said("G-12", facts, "f09", line=line, supplement=True, amount_fen=33 * WAN) == []
    assert said("G-12", facts, "f09", line=line, supplement=True, amount_fen=33 * WAN + 1) == ["安排数累计超过批复数。"]


def test_g12_an_approved_figure_is_not_written_over() -> None:
    line = BudgetLine(2026, FundType.CONSTRUCTION, arranged_fen=200 * WAN, approved_on=date(2026, 2, 1))
    refused = ["2026年度的安排数已经批准，不能重复登记。"]
    assert said("G-12", a_project(budget=(line,)), "f09", line=line, amount_fen=10 * WAN) == refused
    assert said("G-12", a_project(budget=(line,)), "f09", line=line, amount_fen=0) == refused
    next_year = replace(line, fy=2027)
    assert said("G-12", a_project(budget=(line,)), "f09", line=next_year, amount_fen=33 * WAN) == []
    unfunded = replace(line, arranged_fen=0)
    assert said("G-12", a_project(budget=(unfunded,)), "f09", line=unfunded, amount_fen=10 * WAN) == []


@pytest.mark.parametrize(
    ("points", "band"), [(9000, "优"), (8999, "良"), (8000, "良"), (7999, "中"), (6000, "中"), (5999, "差"), (0, "差")]
)
def test_the_bands_of_an_evaluation(points: int, band: str) -> None:
    assert standing.band(points, Parameters()) == band


def test_the_limits_of_the_bands_are_parameters() -> None:
    assert standing.band(8500, replace(Parameters(), band_excellent=85)) == "优"


def test_g37_the_audit_stops_payments_of_om_not_the_application() -> None:
    case = AuditCase("SJ-1", passed=False, rectify_due=date(2026, 11, 22))
    facts = an_operating_project(audits=(case,))
    refused = ["审计不达标且未在2026-11-22前按要求整改，不拨付运维经费。"]
    assert said("G-37", facts, "f18", fund_type=FundType.OM) == refused
    assert said("G-37", facts, "f18", fund_type=FundType.CONSTRUCTION) == []
    assert said("G-37", facts, "f20a") == []
    assert said("G-37", facts, "f09", fund_type=FundType.OM, amount_fen=1) == []


def test_m01_payments_stay_within_node_contract_and_year() -> None:
    facts = a_project(budget=(BudgetLine(2026, FundType.CONSTRUCTION, arranged_fen=100 * WAN, carried_fen=10 * WAN),))
    asks = {"contract": CONTRACT, "node": NODES[0], "fy": 2026}
    assert said("M-01", facts, "f18", amount_fen=NODES[0].amount_fen, **asks) == []
    assert said("M-01", facts, "f18", **asks) == []
    assert said("M-01", facts, "f18", amount_fen=1) == []
    assert said("M-01", facts, "f18", amount_fen=NODES[0].amount_fen + 1, **asks) == ["本节点累计支付将超过节点金额。"]
    over = ["本节点累计支付将超过节点金额。", "2026年度累计支付将超过当年安排数。"]
    assert said("M-01", facts, "f18", amount_fen=110 * WAN + 1, **asks) == over
    assert said("M-01", facts, "f18", amount_fen=CONTRACT.amount_fen + 1, **asks) == ["累计支付将超过合同金额。", *over]
    assert said("M-01", facts, "f18", amount_fen=110 * WAN, contract=CONTRACT) == []
    assert said("M-01", facts, "f18", amount_fen=110 * WAN + 1, contract=CONTRACT) == over[1:]


def test_m01_counts_what_is_asked_for_but_not_what_was_refused() -> None:
    before = Payment("HT-1", 1, 60 * WAN, 2026, FundType.CONSTRUCTION, "requested")
    asks = {"contract": CONTRACT, "node": NODES[0], "fy": 2026}
    assert said("M-01", a_project(payments=(before,)), "f18", amount_fen=8 * WAN, **asks) == [
        "本节点累计支付将超过节点金额。"
    ]
    refused = replace(before, status="refused")
    assert said("M-01", a_project(payments=(refused,)), "f18", amount_fen=8 * WAN, **asks) == []
    assert said("M-01", a_project(opinions=(REVIEWED,)), "f18", amount_fen=8 * WAN, **asks) == []
