"""Gates of procurement, construction and change: G-14 … G-18, and COI-04."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.facts import Affiliation, Change, Contract, PayNode, ProjectFacts, ScopeVersion, Supervision
from app.domain.gates import check
from app.domain.gates.procurement import needs_supervisor
from app.domain.numbers import Path
from app.domain.terms import PayNodeKind
from tests.unit.domain.a_project import CONTRACT, ENDORSED, INDUSTRY, PACKAGE, REVIEWED, WAN, a_filing, a_project, act


def said(gate: str, facts: ProjectFacts, form: str, **changes: object) -> list[str]:
    return [refusal.text for refusal in check([gate], facts, act(form, **changes))]


def test_g14_wants_both_plans_endorsed_s6() -> None:
    assert said("G-14", a_project(), "f12") == []
    one = a_project(opinions=(REVIEWED, INDUSTRY, ENDORSED[1]))
    refusal = check(["G-14"], one, act("f12"))[0]
    assert refusal.text == "采购前两方案有1项未经核准，不能进入政府采购程序。"
    assert refusal.missing == ("数据共享交换平台对接方案",)
    assert refusal.citation == "第十四条"
    returned = a_project(opinions=(REVIEWED, *ENDORSED, replace(ENDORSED[0], conclusion="退回")))
    refusal = check(["G-14"], returned, act("f12"))[0]
    assert refusal.text == "采购前两方案有1项被退回或者因变更失效，不能进入政府采购程序。"
    assert refusal.missing == ("数据共享交换平台对接方案",)


@pytest.mark.parametrize(
    ("version", "missing"),
    [
        (ScopeVersion(2, "b", 2, by_change=True), ()),
        (ScopeVersion(2, "b", 2, by_change=True, interface_changed=True), ("数据共享交换平台对接方案",)),
        (ScopeVersion(2, "b", 2, by_change=True, infrastructure_changed=True), ("政务云与政务外网共建共享方案",)),
        (ScopeVersion(2, "b", 2), ("数据共享交换平台对接方案", "政务云与政务外网共建共享方案")),
    ],
)
def test_g14_a_change_voids_the_part_it_touches_s6(version: ScopeVersion, missing: tuple[str, ...]) -> None:
    facts = a_project(scope=(ScopeVersion(1, "a", 1), version), scope_version=2)
    assert tuple(name for refusal in check(["G-14"], facts, act("f12")) for name in refusal.missing) == missing


def test_g15_wants_a_lead_of_the_unit_and_the_rules() -> None:
    assert said("G-15", a_project(), "f12") == []
    assert said("G-15", a_project(lead="", management_rules=False), "f12") == [
        "尚未确定项目负责人。",
        "尚未上传项目责任制和管理制度。",
    ]
    assert said("G-15", a_project(lead_of_unit=False), "f12") == ["项目负责人许保国不是项目单位的人员。"]


def test_g16_packages_stay_within_the_approval() -> None:
    first = a_project(packages=())
    assert said("G-16", first, "f12", packages=(replace(PACKAGE, budget_fen=233 * WAN),)) == []
    assert said("G-16", first, "f12", packages=(replace(PACKAGE, budget_fen=233 * WAN + 1),)) == [
        "采购包预算合计超过批复数。"
    ]
    beyond = replace(PACKAGE, content=frozenset({"平台软件", "大屏"}))
    refusal = check(["G-16"], first, act("f12", packages=(beyond,)))[0]
    assert (refusal.text, refusal.missing) == ("采购包“平台”含批复之外的内容。", ("大屏",))
    assert said("G-16", replace(first, filing=None), "f12", packages=(beyond,)) == []
    assert said("G-16", a_project(filing=a_filing(budget_items=()), approvals=()), "f12", packages=(beyond,)) == []
    dear = replace(PACKAGE, award_fen=231 * WAN)
    assert said("G-16", a_project(), "f12r", packages=(dear,)) == ["采购包“平台”的成交价超过预算。"]
    assert said("G-16", a_project(), "f12") == []


def test_g16_what_has_been_awarded_stays_when_packages_are_planned_anew() -> None:
    awarded = a_project()
    assert awarded.packages == (PACKAGE,)
    rest = replace(PACKAGE, name="补充", budget_fen=3 * WAN, award_fen=None)
    assert said("G-16", awarded, "f12", packages=(rest,)) == []
    assert said("G-16", awarded, "f12", packages=(replace(rest, budget_fen=3 * WAN + 1),)) == [
        "采购包预算合计超过批复数。"
    ]
    planned = replace(awarded, packages=(replace(PACKAGE, award_fen=None),))
    assert said("G-16", planned, "f12", packages=(PACKAGE,)) == []


def test_g16_the_contract_follows_the_award() -> None:
    assert said("G-16", a_project(), "f13", contract=CONTRACT) == []
    wrong = replace(CONTRACT, amount_fen=226_300_001, supplier="宁邑软件")
    assert said("G-16", a_project(), "f13", contract=wrong) == [
        "合同金额超过成交价。",
        "合同供应商宁邑软件不是成交供应商。",
        "付款节点合计与合同金额不一致。",
    ]
    assert said("G-16", a_project(packages=()), "f13", contract=CONTRACT) == ["尚无成交结果，不能签订合同。"]
    other = replace(CONTRACT, package="另一包")
    assert said("G-16", a_project(), "f13", contract=other) == ["尚无成交结果，不能签订合同。"]
    assert said("G-16", a_project(packages=()), "f13", contract=replace(CONTRACT, supplement_to="HT-0")) == []


def test_g17_no_start_without_an_independent_supervisor() -> None:
    assert said("G-17", a_project(), "f15k") == []
    unsigned = Supervision("河朔信息监理", None)
    assert said("G-17", a_project(supervision=unsigned), "f15k") == ["尚未签订监理合同，不能下达开工令。"]
    assert said("G-17", a_project(supervision=None), "f15k") == ["尚未签订监理合同，不能下达开工令。"]
    bare = Supervision("河朔信息监理", date(2026, 5, 12), evidence=False)
    assert said("G-17", a_project(), "f13s", supervision=bare) == ["缺少监理单位的能力证明。"]
    builder = Supervision("云台数科", date(2026, 5, 12))
    assert said("G-17", a_project(supervision=builder), "f15k") == ["监理单位云台数科就是承建单位。"]
    tied = Supervision("中州咨询监理", date(2026, 5, 12), affiliates=(Affiliation("云台数科"),))
    assert said("G-17", a_project(supervision=tied), "f15k") == [
        "监理单位中州咨询监理与承建单位有隶属或者其他利害关系。"
    ]
    declared = Supervision("中州咨询监理", date(2026, 5, 12), unaffiliated_declared=False)
    assert said("G-17", a_project(supervision=declared), "f15k") == [
        "监理单位中州咨询监理与承建单位有隶属或者其他利害关系。"
    ]
    designer = a_project(designers=frozenset({"河朔信息监理"}))
    assert said("G-17", designer, "f15k") == ["监理单位河朔信息监理是本项目的设计单位。"]


@pytest.mark.parametrize(
    ("path", "needs"), [(Path.INVESTMENT, True), (Path.JOINT, True), (Path.SERVICE, False), (Path.MAINTENANCE, False)]
)
def test_pure_services_have_no_supervisor(path: Path, needs: bool) -> None:
    facts = a_project(path=path, supervision=None)
    assert needs_supervisor(facts) is needs
    assert (said("G-17", facts, "f15k") == []) is not needs


RAISE = Change(1, 18_500_000, status="agreed", followed_up=True)
SUPPLEMENT = Contract("HT-1-补", "云台数科", 18_500_000, date(2026, 11, 23), supplement_to="HT-1", change=1)


def test_g18_s7_the_supplement_waits_for_consent_and_follow_up() -> None:
    facts = a_project(changes=(replace(RAISE, status="submitted"),))
    assert said("G-18", facts, "f13", contract=SUPPLEMENT) == ["变更尚未经县大数据局审查同意。"]
    agreed = a_project(changes=(replace(RAISE, followed_up=False),))
    refusal = check(["G-18"], agreed, act("f13", contract=SUPPLEMENT))[0]
    assert (refusal.text, refusal.missing) == ("变更增加投资，尚未登记概算批复或者资金来源。", ("概算批复", "资金来源"))
    service = check(["G-18"], replace(agreed, path=Path.SERVICE), act("f13", contract=SUPPLEMENT))[0]
    assert (service.missing, service.holder_role) == (("资金来源",), "fin_head")
    assert said("G-18", a_project(changes=(RAISE,)), "f13", contract=SUPPLEMENT) == []


def test_g18_s7_a_supplement_stops_at_ten_percent() -> None:
    original = replace(CONTRACT, amount_fen=183_700_000)
    facts = a_project(contracts=(original,), changes=(RAISE,))
    assert said("G-18", facts, "f13", contract=SUPPLEMENT) == ["补充合同累计为原合同的10.07%，超过10%。"]
    exact = replace(SUPPLEMENT, amount_fen=18_370_000)
    assert said("G-18", facts, "f13", contract=exact) == []
    earlier = replace(SUPPLEMENT, no="HT-1-补一", amount_fen=1)
    assert said("G-18", replace(facts, contracts=(original, earlier)), "f13", contract=exact) == [
        "补充合同累计为原合同的10.00%，超过10%。"
    ]
    assert said("G-18", replace(facts, contracts=()), "f13", contract=exact) == []


def test_g18_a_supplement_and_a_node_name_their_change() -> None:
    assert said("G-18", a_project(), "f13", contract=replace(SUPPLEMENT, change=None)) == ["补充合同没有对应的变更。"]
    assert said("G-18", a_project(), "f13", contract=CONTRACT) == []
    node = PayNode(9, "变更款", PayNodeKind.PROGRESS, WAN, relies_on_change=1)
    assert said("G-18", a_project(), "f18", node=node) == ["变更尚未经县大数据局审查同意。"]
    filed = a_project(changes=(Change(1, 0, status="filed"),))
    assert said("G-18", filed, "f18", node=node) == []
    refused = a_project(changes=(Change(1, 0, status="refused"),))
    assert said("G-18", refused, "f18", node=node) == ["变更尚未经县大数据局审查同意。"]
    assert said("G-18", a_project(), "f18", node=replace(node, relies_on_change=None)) == []


@pytest.mark.parametrize(
    ("change", "major"),
    [
        (Change(1, 1), True),
        (Change(1, 0), False),
        (Change(1, -5), False),
        (Change(1, 0, objective_changed=True), True),
        (Change(1, 0, main_module_changed=True), True),
    ],
)
def test_what_is_a_larger_change(change: Change, major: bool) -> None:
    assert change.major is major
