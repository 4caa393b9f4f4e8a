"""Holds computed from facts: what is in force, what it blocks, and from which midnight."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.facts import (
    AuditCase,
    BudgetLine,
    CatalogueEntry,
    Evaluation,
    Extension,
    MeasureTaken,
    ProjectFacts,
    SharingCheck,
    SystemStanding,
)
from app.domain.holds import blocking, effective_acceptance_due, fund_of, in_force, started_on
from app.domain.numbers import Path
from app.domain.terms import FundType
from tests.unit.domain.a_project import (
    CONTRACT,
    NODES,
    PASSED,
    TODAY,
    WAN,
    a_project,
    act,
    an_item,
    an_operating_project,
    on,
)

CONSTRUCTION, OM, SERVICE, SETTLEMENT = FundType.CONSTRUCTION, FundType.OM, FundType.SERVICE, FundType.SETTLEMENT


def codes(facts: ProjectFacts) -> list[str]:
    return [hold.code for hold in in_force(facts)]


def stops(facts: ProjectFacts, form: str, fund: FundType | None = None, **changes: object) -> list[str]:
    return [refusal.hold for refusal in blocking(facts, act(form, **changes), fund)]


def test_a_project_in_order_has_no_hold() -> None:
    assert codes(a_project()) == codes(an_operating_project()) == []


def at(facts: ProjectFacts, day: date) -> ProjectFacts:
    return replace(facts, today=day, now=on(day, 0))


def test_s3_h_acc_from_the_midnight_after_the_moved_deadline() -> None:
    moved = Extension(date(2026, 8, 5), date(2026, 12, 15), date(2026, 12, 15))
    facts = a_project(
        state="COMPLETED", completed_on=date(2026, 2, 13), acceptance_due=date(2026, 8, 13), extensions=(moved,)
    )
    assert effective_acceptance_due(facts) == date(2026, 12, 15)
    for day in (date(2026, 8, 13), date(2026, 8, 14), date(2026, 12, 15)):
        assert codes(at(facts, day)) == []
    late = at(facts, date(2026, 12, 16))
    (hold,) = in_force(late)
    assert (hold.code, hold.since, hold.articles, hold.cause) == ("H-ACC", date(2026, 12, 16), (21,), "2026-12-15")
    assert stops(late, "f18", node=NODES[0]) == ["H-ACC"]
    assert stops(late, "f09", OM, amount_fen=WAN, fy=2027) == ["H-ACC"]
    accepted = replace(late, attempts=(replace(PASSED, concluded_on=date(2027, 1, 20)),))
    assert codes(accepted) == []
    assert stops(accepted, "f18", node=NODES[0]) == []


def test_s3_a_report_after_the_lapse_does_not_lift_it() -> None:
    late = Extension(TODAY, date(2027, 3, 1), date(2027, 3, 1))
    facts = a_project(completed_on=date(2025, 11, 14), acceptance_due=date(2026, 5, 14), extensions=(late,))
    (hold,) = in_force(facts)
    assert (hold.since, hold.values["days"]) == (date(2026, 5, 15), 193)


def test_only_a_registered_report_moves_the_deadline_and_never_backwards() -> None:
    filed = date(2026, 5, 1)
    unregistered = Extension(filed, date(2026, 12, 1), date(2026, 12, 1), registered=False)
    earlier = Extension(filed, date(2026, 5, 5), date(2026, 5, 5))
    facts = a_project(acceptance_due=date(2026, 5, 14), extensions=(unregistered, earlier))
    assert effective_acceptance_due(facts) == date(2026, 5, 14)
    assert effective_acceptance_due(a_project()) is None


OVERDUE = a_project(completed_on=date(2025, 11, 14), acceptance_due=date(2026, 5, 14))
UNSHARED = a_project(sharing=(SharingCheck(conforms=False, checked_on=date(2026, 9, 1)),))
UNLISTED = an_operating_project(catalogue=None)
POOR = an_operating_project(evaluations=(Evaluation(date(2026, 6, 12), 5400, 1500, passed=False),))
AUDITED = an_operating_project(audits=(AuditCase("SJ-1", passed=False, rectify_due=date(2026, 11, 1)),))
WITHHELD = a_project(measures=(MeasureTaken("暂缓拨付", date(2026, 10, 12)),))
SUSPENDED = a_project(measures=(MeasureTaken("暂停建设", date(2026, 11, 6)),))
TERMINATED = a_project(measures=(MeasureTaken("终止", date(2026, 7, 30)),))


@pytest.mark.parametrize(
    ("facts", "code", "blocked"),
    [
        (UNSHARED, "H-SHARE", {"f06", "f09 建设", "f09 运维", "f09 购买服务"}),
        (UNLISTED, "H-CAT", {"f20a", "f09 运维"}),
        (OVERDUE, "H-ACC", {"f09 建设", "f09 运维", "f18 建设", "f18 运维"}),
        (POOR, "H-EVAL", {"f20a", "f09 运维"}),
        (AUDITED, "H-AUDIT", {"f18 运维"}),
        (WITHHELD, "H-INSP", {"f18 建设"}),
        (SUSPENDED, "H-SUSP", {"f03", "f06", "f12", "f09 建设", "f18 建设", "f18 运维", "f18 购买服务"}),
        (TERMINATED, "H-TERM", {"f03", "f06", "f12", "f09 建设", "f18 建设", "f18 运维", "f18 购买服务"}),
    ],
)
def test_the_matrix_of_the_specification(facts: ProjectFacts, code: str, blocked: set[str]) -> None:
    """Every cell of §4.4: 申报, 审核, 建设, 安排 and 拨付 by kind of money; a cell not named is free."""
    asked = {
        "f03": (CONSTRUCTION,),
        "f06": (CONSTRUCTION,),
        "f12": (CONSTRUCTION,),
        "f20a": (OM,),
        "f19": (CONSTRUCTION,),
    }
    asked |= dict.fromkeys(("f09", "f18"), (CONSTRUCTION, OM, SERVICE, SETTLEMENT))
    found = {
        f"{form} {fund}" if form in {"f09", "f18"} else form
        for form, funds in asked.items()
        for fund in funds
        if code in stops(facts, form, fund)
    }
    assert found == blocked


def test_arranging_nothing_is_always_free() -> None:
    for facts in (UNSHARED, UNLISTED, OVERDUE, POOR, SUSPENDED, TERMINATED):
        for fund in FundType:
            assert stops(facts, "f09", fund, amount_fen=0) == []


def test_h_share_lets_the_bureau_say_no_and_ends_with_a_recheck() -> None:
    assert stops(UNSHARED, "f06", outcome="不通过") == []
    again = SharingCheck(conforms=True, checked_on=date(2026, 10, 1))
    assert codes(replace(UNSHARED, sharing=(*UNSHARED.sharing, again))) == []
    (hold,) = in_force(UNSHARED)
    assert hold.since == date(2026, 9, 1)
    (access,) = in_force(a_project(access_failed=True))
    assert (access.code, access.since) == ("H-SHARE", TODAY)


def test_h_cat_concerns_what_runs() -> None:
    draft = CatalogueEntry("XWXT-1", "draft")
    assert codes(a_project(catalogue=None)) == []
    assert codes(a_project(path=Path.MAINTENANCE, catalogue=draft)) == ["H-CAT"]
    (hold,) = in_force(UNLISTED)
    assert hold.since == date(2026, 10, 21)
    free = replace(UNLISTED.parameters, catalogue_hold_blocks_application=False)
    assert stops(replace(UNLISTED, parameters=free), "f20a") == []
    assert stops(replace(UNLISTED, parameters=free), "f09", OM) == ["H-CAT"]


def test_h_nostart_lasts_one_year() -> None:
    budget = (BudgetLine(2025, CONSTRUCTION, arranged_fen=WAN), BudgetLine(2026, OM, arranged_fen=WAN))
    facts = a_project(budget=budget, contracts=(), start_order_on=None)
    (hold,) = in_force(facts)
    assert (hold.code, hold.cause, hold.since) == ("H-NOSTART", "2025", date(2026, 1, 1))
    assert codes(at(facts, date(2025, 12, 31))) == codes(at(facts, date(2027, 1, 1))) == []
    assert stops(facts, "f09", fy=2026) == stops(facts, "f09") == ["H-NOSTART"]
    assert stops(facts, "f09", fy=2027) == []
    late_start = replace(facts, contracts=(replace(CONTRACT, signed_on=date(2026, 1, 5)),))
    assert codes(late_start) == ["H-NOSTART"]
    in_time = replace(facts, contracts=(replace(CONTRACT, signed_on=date(2025, 12, 31)),))
    assert codes(in_time) == []


def test_the_first_evidence_of_a_start_counts() -> None:
    assert started_on(a_project()) == date(2026, 5, 8)
    assert started_on(a_project(contracts=(), service_start_on=date(2026, 3, 1))) == date(2026, 3, 1)
    assert started_on(a_project(contracts=(replace(CONTRACT, signed_on=None),), start_order_on=None)) is None


def test_s8_h_eval_stops_the_upgrade_of_this_system_not_of_another() -> None:
    blocked = SystemStanding("XWXT-0002", evaluation_blocks=True, evaluated_on=date(2026, 6, 12))
    extension = a_project(item=an_item(nature="扩建"), parent=blocked)
    (hold,) = in_force(extension)
    assert (hold.cause, hold.since) == ("XWXT-0002", date(2026, 6, 12))
    assert stops(extension, "f02") == stops(extension, "f03") == stops(extension, "f09") == ["H-EVAL"]
    assert stops(extension, "f18", CONSTRUCTION) == []
    fresh = a_project(item=an_item(nature="新建"), parent=blocked)
    assert stops(fresh, "f02") == []
    other = a_project(item=an_item(nature="扩建"), parent=replace(blocked, evaluation_blocks=False))
    assert codes(other) == []
    nothing = a_project(item=None, parent=blocked)
    assert stops(nothing, "f09", OM) == ["H-EVAL"]
    assert stops(nothing, "f02", item=an_item(nature="改建")) == ["H-EVAL"]


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (AuditCase("a", passed=False, rectify_due=date(2026, 11, 22)), ["H-AUDIT"]),
        (AuditCase("a", passed=False, rectify_due=TODAY), []),
        (AuditCase("a", passed=False), []),
        (AuditCase("a", passed=True, rectify_due=date(2026, 11, 22)), []),
        (AuditCase("a", passed=False, rectify_due=date(2026, 11, 22), confirmed_on=TODAY), []),
    ],
)
def test_h_audit_after_the_date_without_confirmation(case: AuditCase, expected: list[str]) -> None:
    assert codes(an_operating_project(audits=(case,))) == expected


def test_a_measure_ends_when_it_is_lifted_but_termination_never() -> None:
    lifted = {"lifted_on": TODAY}
    assert codes(replace(WITHHELD, measures=(replace(WITHHELD.measures[0], **lifted),))) == []
    assert codes(replace(TERMINATED, measures=(replace(TERMINATED.measures[0], **lifted),))) == ["H-TERM"]
    assert codes(a_project(measures=(MeasureTaken("通报批评", TODAY),))) == []
    assert stops(TERMINATED, "f18", SETTLEMENT) == stops(SUSPENDED, "f20a", OM) == []


def test_two_signatures_lift_one_cause_only() -> None:
    assert codes(replace(OVERDUE, lifted_by_hand=frozenset({("H-ACC", "2026-05-14")}))) == []
    assert codes(replace(OVERDUE, lifted_by_hand=frozenset({("H-ACC", "2025-05-14")}))) == ["H-ACC"]


def test_which_money_an_act_is_about() -> None:
    facts = a_project()
    assert fund_of(facts, act("f09", fund_type=SERVICE)) is SERVICE
    assert fund_of(facts, act("f09", line=BudgetLine(2026, OM))) is OM
    assert fund_of(facts, act("f18", node=replace(NODES[0], fund_type=SERVICE))) is SERVICE
    assert fund_of(facts, act("f20a")) is OM
    assert fund_of(facts, act("f09")) is CONSTRUCTION
    assert fund_of(a_project(path=Path.MAINTENANCE), act("f09")) is OM
    assert fund_of(a_project(path=Path.SERVICE), act("f09")) is SERVICE


@pytest.mark.parametrize("days", [1, 6, 30, 400])
def test_the_days_overdue_are_counted_from_the_due_day(days: int) -> None:
    facts = at(OVERDUE, date(2026, 5, 14) + timedelta(days=days))
    assert in_force(facts)[0].values["days"] == days
