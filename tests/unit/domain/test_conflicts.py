"""Conflicts of interest COI-01 … COI-10."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.conflicts import (
    NOMINATIONS,
    assessor_conflicts,
    designation_conflicts,
    evaluator_conflicts,
    four_eyes,
    member_conflicts,
    panel_conflicts,
)
from app.domain.facts import CatalogueEntry, Panel, PanelMember, SystemStanding, Tie, Unit
from tests.unit.domain.a_project import PACKAGE, PASSED, a_project
from tests.unit.domain.test_gates_review import FULL, members

STRANGER = PanelMember("e1", name="郑云霞", employer="河南某高校")


@pytest.mark.parametrize(
    ("member", "rule"),
    [
        (STRANGER, []),
        (replace(STRANGER, employer="修武县农业农村局"), ["COI-01"]),
        (replace(STRANGER, ties=(Tie("修武县农业农村局", "employment", date(2024, 1, 1)),)), ["COI-01"]),
        (replace(STRANGER, employer="云台数科"), ["COI-02"]),
        (replace(STRANGER, ties=(Tie("河朔信息监理", "pay", date(2025, 6, 1)),)), ["COI-02"]),
        (replace(STRANGER, employer="宁邑软件"), ["COI-02"]),
        (replace(STRANGER, employer="某设计院"), ["COI-02"]),
        (replace(STRANGER, interest_declared=True), ["COI-07"]),
        (replace(STRANGER, interest_declared=False), []),
        (replace(STRANGER, nominated_by="山阳招标代理"), ["COI-10"]),
        (replace(STRANGER, nominated_by="gov_office"), []),
    ],
)
def test_who_may_not_be_an_expert_here(member: PanelMember, rule: list[str]) -> None:
    lot = replace(PACKAGE, bidders=("宁邑软件",), agency="山阳招标代理")
    facts = a_project(packages=(lot,), designers=frozenset({"某设计院"}))
    assert [refusal.gate for refusal in member_conflicts(facts, member)] == rule


def test_a_project_without_supervisor_has_fewer_conflicts() -> None:
    member = replace(STRANGER, ties=(Tie("河朔信息监理", "pay", date(2025, 6, 1)),))
    assert list(member_conflicts(a_project(supervision=None), member)) == []


def test_coi03_who_reviewed_may_not_be_the_only_one_at_acceptance() -> None:
    reviewed = a_project(panel=Panel(members(3)))
    old, new = members(3)[0], STRANGER
    assert [r.gate for r in designation_conflicts(reviewed, (old,))] == ["COI-03"]
    assert [r.gate for r in designation_conflicts(reviewed, (old, replace(new, person="x")))] == []
    assert [r.gate for r in designation_conflicts(a_project(), (old,))] == []
    assert [r.gate for r in designation_conflicts(reviewed, ())] == []


def test_coi08_the_bureau_does_not_pick_who_accepts_its_own_project() -> None:
    own = a_project(unit=Unit("dsj", "修武县政务服务和大数据管理局", is_bureau=True))
    picked = replace(STRANGER, person="x")
    assert [r.gate for r in designation_conflicts(own, (picked,))] == ["COI-08"]
    for nomination in NOMINATIONS:
        nominated = replace(picked, nominated_by=nomination)
        assert [r.gate for r in designation_conflicts(own, (nominated,))] == []
        assert [r.gate for r in designation_conflicts(own, (nominated, picked))] == ["COI-08"]
    assert [r.gate for r in designation_conflicts(a_project(), (picked,))] == []


def test_coi05_assessor_and_coi06_evaluator_are_strangers() -> None:
    facts = a_project(
        catalogue=CatalogueEntry("XWXT-1", "active", operator="宁邑软件"),
        parent=SystemStanding("XWXT-2", builder="豫北智联"),
        attempts=(PASSED,),
    )
    for name in ("云台数科", "宁邑软件", "豫北智联"):
        assert [refusal.gate for refusal in assessor_conflicts(facts, name)] == ["COI-05"]
    assert list(assessor_conflicts(facts, "怀川测评")) == list(assessor_conflicts(facts, "")) == []
    for name in ("云台数科", "河朔信息监理", "e1"):
        assert [refusal.gate for refusal in evaluator_conflicts(facts, name)] == ["COI-06"]
    assert list(evaluator_conflicts(facts, "太行绩效评价")) == []
    assert list(evaluator_conflicts(replace(facts, supervision=None), "河朔信息监理")) == []


def test_coi08_the_bureaus_own_panel_is_seen_by_the_county() -> None:
    own = a_project(unit=Unit("dsj", "修武县政务服务和大数据管理局", is_bureau=True))
    assert [r.gate for r in panel_conflicts(own, Panel(members(3), FULL))] == ["COI-08"]
    assert list(panel_conflicts(own, Panel(members(3)))) == []
    assert list(panel_conflicts(own, Panel(members(3), FULL, countersigned_by_county=True))) == []
    assert list(panel_conflicts(a_project(), Panel(members(3), FULL))) == []


def test_coi09_two_persons() -> None:
    assert [refusal.gate for refusal in four_eyes("a", "a")] == ["COI-09"]
    assert list(four_eyes("a", "b")) == []
