"""Gates of filing, review and approval: G-02, G-04, G-05, G-09, G-11, G-13, G-32, G-34."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.facts import (
    ExpertForm,
    Filing,
    Opinion,
    Panel,
    PanelMember,
    ProjectFacts,
    ScopeVersion,
    SharingCheck,
    Unit,
)
from app.domain.gates import check, check_form
from app.domain.numbers import Path
from app.domain.terms import CONFORMITY_ITEMS, FundType, OpinionKind
from tests.unit.domain.a_project import (
    ENDORSED,
    INDUSTRY,
    REVIEWED,
    WAN,
    a_filing,
    a_project,
    act,
    an_operating_project,
)

FAILS = (SharingCheck(conforms=False, checked_on=date(2026, 9, 1)),)
SHARE = "共建共享或者接入检查不符合要求，不予审批，不安排建设、运维和购买服务资金。"


def said(gate: str, facts: ProjectFacts, form: str, **changes: object) -> list[str]:
    return [refusal.text for refusal in check([gate], facts, act(form, **changes))]


def test_g02_wants_all_eight_items_answered() -> None:
    filing = a_filing(conformity=a_filing().conformity[2:])
    refusal = check(["G-02"], a_project(filing=filing), act("f03"))[0]
    assert refusal.text == "符合性自查还有2项未填写。"
    assert refusal.missing == ("全县信息化规划", "数字政府")
    assert said("G-02", a_project(filing=None), "f03") == []


def test_g02_forbids_passing_what_does_not_conform() -> None:
    answers = tuple((key, "不符合" if key == "conform_reuse" else "符合") for key in CONFORMITY_ITEMS)
    facts = a_project(filing=a_filing(conformity=answers))
    refused = ["符合性自查有1项不符合，审核意见不能为通过。"]
    assert said("G-02", facts, "f06", outcome="通过") == refused
    assert said("G-02", facts, "f06") == refused
    assert said("G-02", facts, "f06", outcome="不通过") == []
    assert said("G-02", facts, "f03") == []


def test_g04_wants_a_plan_at_filing_a_number_at_application_and_access_at_consent() -> None:
    facts = a_project(filing=a_filing(access_plan=False))
    assert said("G-04", facts, "f03") == ["申报材料缺少接入大数据平台的方案。"]
    assert said("G-04", a_project(), "f03") == []
    assert said("G-04", a_project(), "f16a") == ["尚未登记大数据平台接入编号。"]
    assert said("G-04", a_project(access_no="DSJ-7"), "f16a") == []
    assert said("G-04", a_project(), "f16h", outcome="核准") == ["系统尚未接入大数据平台，不能出具验收核准意见。"]
    assert said("G-04", a_project(), "f16h", outcome="不予核准") == []
    assert said("G-04", a_project(access_verified=True), "f16h") == []


def test_g05_and_g34_refuse_what_does_not_share() -> None:
    facts = a_project(sharing=FAILS)
    assert said("G-05", facts, "f08", outcome="批准") == [SHARE]
    assert said("G-05", facts, "f08", outcome="退回补充") == []
    assert said("G-34", facts, "f06", outcome="通过") == [SHARE]
    assert said("G-34", facts, "f06", outcome="不通过") == []
    assert said("G-34", an_operating_project(sharing=FAILS), "f20a") == [
        "系统不符合大数据平台接入要求，不安排运维经费。"
    ]
    assert said("G-34", an_operating_project(sharing=FAILS), "f18", fund_type=FundType.OM) == [
        "系统不符合大数据平台接入要求，不安排运维经费。"
    ]
    assert said("G-34", an_operating_project(sharing=FAILS), "f18", fund_type=FundType.CONSTRUCTION) == []
    assert said("G-34", an_operating_project(access_failed=True), "f20a") == [
        "系统不符合大数据平台接入要求，不安排运维经费。"
    ]
    assert said("G-34", an_operating_project(), "f20a") == []


def members(count: int) -> tuple[PanelMember, ...]:
    return tuple(PanelMember(f"e{number}", name=f"专家{number}", employer="省信息中心") for number in range(count))


FULL = tuple(ExpertForm(f"e{number}", (90,) * 6, ("理由充分，可以实施，建议通过。",) * 6) for number in range(3))


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (3, []),
        (5, []),
        (2, ["专家组现有2人，应不少于3人且为单数。"]),
        (4, ["专家组现有4人，应不少于3人且为单数。"]),
        (1, ["专家组现有1人，应不少于3人且为单数。"]),
    ],
)
def test_g09_wants_three_or_more_and_odd(size: int, expected: list[str]) -> None:
    assert said("G-09", a_project(), "f05", panel=Panel(members(size))) == expected


def test_g09_wants_every_form_complete() -> None:
    assert said("G-09", a_project(panel=None), "f05g") == ["尚未组成专家组。"]
    assert said("G-09", a_project(panel=Panel(members(3), FULL)), "f05g") == []
    waiting = check(["G-09"], a_project(panel=Panel(members(3), FULL[:1])), act("f05g"))[0]
    assert (waiting.text, waiting.missing) == ("还有2位专家未提交评审意见。", ("专家1", "专家2"))
    thin = replace(FULL[0], scores=(90, None, 90, 90, 90, 90), comments=("可以", *FULL[0].comments[1:]))
    refusal = check(["G-09"], a_project(), act("f05e", expert_form=thin))[0]
    assert refusal.text == "六项评审内容中有2项未评分或者理由不足10字。"
    assert refusal.missing == ("必要性", "需求合理性")
    assert said("G-09", a_project(), "f05e") == []
    assert said("G-09", a_project(panel=Panel(members(3), (thin, *FULL[1:]))), "f05g") == [refusal.text]


def test_g11_waits_for_the_opinion_on_this_version() -> None:
    no_opinion = a_project(opinions=(REVIEWED,))
    for outcome in ("批准", "不予批准", "退回补充", None):
        assert said("G-11", no_opinion, "f08", outcome=outcome) == ["尚未收到行业审查意见。"]
    assert said("G-11", a_project(), "f08", outcome="批准") == []
    later = a_project(scope=(ScopeVersion(1, "a", 1), ScopeVersion(2, "b", 2)), scope_version=2)
    assert said("G-11", later, "f08") == ["行业审查意见针对的是上一版可研，需要重新征求。"]


def test_g11_lets_the_commission_return_but_not_approve_against_the_bureau() -> None:
    against = a_project(opinions=(REVIEWED, replace(INDUSTRY, conclusion="不同意")))
    assert said("G-11", against, "f08", outcome="批准") == ["行业审查意见为不同意，不能批准。"]
    assert said("G-11", against, "f08", outcome="退回补充") == []
    assert check(["G-11"], against, act("f08"))[0].citation == "第十一条、第五条"


NEVER = "项目未经县大数据局审核，不予审批立项，不予安排建设资金。"
NO_LONGER = "审核意见不是“通过”，或者不是针对现行内容，不予审批立项，不予安排建设资金。"


@pytest.mark.parametrize(
    ("opinions", "form", "changes", "expected"),
    [
        ((), "f08", {"outcome": "批准"}, [NEVER]),
        ((), "f08", {"outcome": "不予批准"}, [NEVER]),
        ((), "f08", {"outcome": "退回补充"}, []),
        ((), "f07", {}, [NEVER]),
        ((replace(REVIEWED, signed_on=None),), "f08", {}, [NEVER]),
        ((replace(REVIEWED, conclusion="不通过"),), "f08", {}, [NO_LONGER]),
        ((replace(REVIEWED, conclusion="修改后通过"),), "f08", {}, []),
        ((), "f09", {"fund_type": FundType.CONSTRUCTION, "amount_fen": 1}, [NEVER]),
        ((), "f09", {"fund_type": FundType.CONSTRUCTION, "amount_fen": 0}, []),
        ((), "f09", {"fund_type": FundType.OM, "amount_fen": 1}, []),
        ((), "f09", {"fund_type": FundType.SERVICE, "amount_fen": 1}, [NEVER]),
        ((REVIEWED,), "f09", {"amount_fen": 1}, []),
    ],
)
def test_g13_is_the_thirteenth_article(
    opinions: tuple[Opinion, ...], form: str, changes: dict[str, object], expected: list[str]
) -> None:
    assert said("G-13", a_project(opinions=opinions), form, **changes) == expected


def test_g13_leaves_service_funds_of_path_g_to_g10() -> None:
    facts = a_project(path=Path.SERVICE, opinions=())
    assert said("G-13", facts, "f09", amount_fen=1) == []
    assert said("G-13", facts, "f09", amount_fen=1, fund_type=FundType.CONSTRUCTION) == [NEVER]


def test_an_opinion_on_the_bureaus_own_project_counts_with_the_countys_countersignature() -> None:
    own = a_project(unit=Unit("dsj", "修武县政务服务和大数据管理局", is_bureau=True))
    assert said("G-13", own, "f08") == [NEVER]
    signed = replace(own, opinions=(replace(REVIEWED, countersigned=True), INDUSTRY))
    assert said("G-13", signed, "f08") == []
    assert said("G-11", signed, "f08") == []


@pytest.mark.parametrize(
    ("filing", "missing"),
    [
        (a_filing(), ()),
        (a_filing(resource_items=0, share_items=0), ("信息资源目录", "数据共享清单")),
        (a_filing(exchange_mode=False), ("数据共享交换机制和模式",)),
        (a_filing(resource_items=0, share_items=0, no_data_agreed=True), ()),
    ],
)
def test_g32_wants_the_sharing_chapter(filing: Filing, missing: tuple[str, ...]) -> None:
    found = check(["G-32"], a_project(filing=filing), act("f03"))
    assert [refusal.missing for refusal in found] == ([missing] if missing else [])
    assert said("G-32", a_project(filing=None), "f03") == []


def test_a_form_shows_all_its_refusals_at_once_and_each_hold_once() -> None:
    facts = a_project(opinions=ENDORSED, approvals=(), sharing=FAILS)
    found = check_form(facts, act("f09", fund_type=FundType.CONSTRUCTION, amount_fen=WAN, fy=2027))
    assert [(refusal.gate, refusal.hold) for refusal in found] == [
        ("G-12", ""),
        ("G-12", ""),
        ("G-13", ""),
        ("G-22", "H-SHARE"),
    ]
    assert check_form(a_project(), act("f30")) == ()


def test_s5_the_commission_cannot_approve_without_the_bureau() -> None:
    facts = a_project(opinions=(), approvals=(), state="APPROVAL")
    found = check_form(facts, act("f08", outcome="批准"))
    assert [refusal.citation for refusal in found] == ["第十三条", "第十一条"]
    reviewed = replace(facts, opinions=(REVIEWED,))
    assert [refusal.citation for refusal in check_form(reviewed, act("f08", outcome="批准"))] == ["第十一条"]
    both = replace(facts, opinions=(REVIEWED, INDUSTRY))
    assert check_form(both, act("f08", outcome="批准")) == ()
    assert OpinionKind.REVIEW != OpinionKind.INDUSTRY
