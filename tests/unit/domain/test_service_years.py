"""Service years: how many a contract runs, whether another follows, and what a payment node of one waits for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain import holds, service_years, standing
from app.domain.acts import Act
from app.domain.facts import AcceptanceAttempt, Contract, PayNode, ProjectFacts
from app.domain.gates import check
from app.domain.numbers import Path
from app.domain.terms import AcceptanceConclusion, PayNodeKind
from tests.unit.domain.a_project import a_project

NODES = (
    PayNode(1, "首年验收款", PayNodeKind.ACCEPTANCE, 40, after_acceptance=True),
    PayNode(2, "次年验收款", PayNodeKind.ACCEPTANCE, 40, after_acceptance=True),
    PayNode(3, "质保金", PayNodeKind.WARRANTY, 20, after_acceptance=True),
)


def purchased(end: date, *conclusions: AcceptanceConclusion, path: Path = Path.SERVICE) -> ProjectFacts:
    contract = Contract("HT-1", "云台数科", 100, date(2026, 2, 20), nodes=NODES, start_on=date(2026, 3, 1), end_on=end)
    attempts = tuple(
        AcceptanceAttempt(n, conclusion=conclusion, concluded_on=date(2026 + n, 3, 10))
        for n, conclusion in enumerate(conclusions, start=1)
    )
    return a_project(path=path, contracts=(contract,), attempts=attempts, state="OPERATING")


PASSED, FAILED = AcceptanceConclusion.PASSED, AcceptanceConclusion.FAILED


@pytest.mark.parametrize(
    ("end", "count"),
    [
        (date(2026, 8, 31), 1),
        (date(2027, 2, 28), 1),
        (date(2027, 3, 1), 1),
        (date(2027, 3, 30), 1),
        (date(2027, 3, 31), 2),
        (date(2028, 2, 29), 2),
        (date(2029, 2, 28), 3),
    ],
)
def test_a_begun_year_counts_unless_it_is_a_few_days(end: date, count: int) -> None:
    assert service_years.years(purchased(end)) == count
    assert service_years.years(purchased(end, path=Path.INVESTMENT)) == 1


def test_another_year_follows_until_each_has_been_accepted() -> None:
    two = date(2028, 2, 29)
    assert not service_years.continues(purchased(two)), "the first year is the project's own track"
    assert not service_years.continues(purchased(two, FAILED))
    assert service_years.continues(purchased(two, PASSED))
    assert service_years.continues(purchased(two, PASSED, FAILED))
    assert not service_years.continues(purchased(two, PASSED, PASSED))
    assert not service_years.continues(purchased(date(2027, 2, 28), PASSED))


def test_only_a_later_year_leaves_the_state_alone() -> None:
    running = purchased(date(2028, 2, 29), PASSED)
    assert service_years.later_year(running)
    assert not service_years.later_year(replace(running, state="ACCEPTANCE")), "the first year's own filing"
    assert not service_years.later_year(purchased(date(2027, 2, 28), PASSED))
    assert not service_years.later_year(replace(running, path=Path.INVESTMENT))


@pytest.mark.parametrize(("accepted", "refused"), [(0, [1, 2, 3]), (1, [2, 3]), (2, [])])
def test_a_node_waits_for_the_acceptance_of_its_own_year(accepted: int, refused: list[int]) -> None:
    facts = purchased(date(2028, 2, 29), *[PASSED] * accepted)
    contract = facts.contracts[0]
    found = [
        node.id
        for node in NODES
        if any("尚未通过验收" in r.message for r in check(("G-26",), facts, Act("f18", contract=contract, node=node)))
    ]
    assert found == refused


def test_a_failure_of_the_second_year_is_its_first_and_holds_money_again() -> None:
    facts = purchased(date(2028, 2, 29), FAILED, FAILED, PASSED, FAILED)
    assert [attempt.number for attempt in standing.open_attempts(facts)] == [4]
    done = replace(facts, completed_on=date(2030, 2, 28), acceptance_due=date(2030, 8, 28), today=date(2030, 8, 29))
    assert [hold.code for hold in holds.acceptance_hold(done)] == ["H-ACC"], "last year's acceptance is not this year's"
    passed = replace(done, attempts=(*facts.attempts, AcceptanceAttempt(5, conclusion=PASSED, concluded_on=done.today)))
    assert list(holds.acceptance_hold(passed)) == []
