"""The library's streaks, fingerprints, parameters, refusals, and where a project stands."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.domain import standing
from app.domain.facts import Approval, Payment, ScopeVersion
from app.domain.fingerprint import fingerprint
from app.domain.library import Standing, close_year, streak_after, warns_of_removal
from app.domain.numbers import Path
from app.domain.parameters import Parameters
from app.domain.reasons import refuse
from app.domain.refusals import Link, Refusal, distinct
from app.domain.terms import ApprovalKind, FundType
from tests.unit.domain.a_project import APPROVED, CONTRACT, REVIEWED, WAN, a_project

OPEN = Parameters()


def test_s4_three_years_without_funds_remove() -> None:
    standing_ = streak_after(2024, 2026, {}, OPEN)
    assert standing_ == Standing(3, "剔除")
    assert standing_.removed
    assert streak_after(2024, 2025, {}, OPEN) == Standing(2, "备选")
    assert streak_after(2026, 2025, {}, OPEN) == Standing(0, "在库")
    assert streak_after(2020, 2030, {}, OPEN) == Standing(3, "剔除")


def test_the_entry_year_counts_only_where_the_parameter_says_so() -> None:
    later = replace(OPEN, entry_year_counts=False)
    assert streak_after(2024, 2024, {}, OPEN) == Standing(1, "备选")
    assert streak_after(2024, 2024, {}, later) == Standing(0, "备选")
    assert streak_after(2024, 2026, {}, later) == Standing(2, "备选")
    assert streak_after(2024, 2027, {}, later) == Standing(3, "剔除")
    assert close_year(2, 0, counted=False) == Standing(2, "备选")
    assert not warns_of_removal(2, 0, counted=False)


def test_one_fen_resets_the_streak() -> None:
    assert close_year(2, 1) == Standing(0, "在库")
    assert close_year(2, 0) == Standing(3, "剔除")
    assert streak_after(2024, 2026, {2025: 1}, OPEN) == Standing(1, "备选")
    assert warns_of_removal(2, 0)
    assert not warns_of_removal(1, 0)
    assert not warns_of_removal(2, 1)


@given(st.dictionaries(st.integers(2020, 2030), st.integers(0, 2), max_size=11))
def test_nobody_leaves_before_three_years_in_a_row(arranged: dict[int, int]) -> None:
    found = streak_after(2020, 2030, arranged, OPEN)
    years = [arranged.get(fy, 0) == 0 for fy in range(2020, 2031)]
    gone = any(all(years[start : start + 3]) for start in range(len(years) - 2))
    assert found.removed is gone
    assert 0 <= found.streak <= 3


def test_the_fingerprint_ignores_blanks_and_nothing_else() -> None:
    assert fingerprint("目标 一", "内容\n二", 5) == fingerprint("目标一", "内容二", 5)
    assert fingerprint("目标一", "内容二", 5) != fingerprint("目标一", "内容二", 6)
    assert fingerprint("目标", "一内容", 5) != fingerprint("目标一", "内容", 5)
    assert len(fingerprint("", "", 0)) == 64


def test_a_refusal_reads_as_a_sentence_with_its_articles() -> None:
    plain = Refusal("G-13", (13,), "不予审批。")
    assert (plain.text, plain.citation, plain.link) == ("不予审批。", "第十三条", Link())
    filled = refuse("G-01", standing_article(), "%(unit)s不行。", holder="fin_head", unit="甲局")
    assert (filled.text, filled.holder_kind) == ("甲局不行。", "finance")


def standing_article():  # noqa: ANN201 -- the article's class is of no interest here
    from app.domain.articles import Article  # noqa: PLC0415

    return Article(2)


def test_one_hold_is_said_once_with_all_its_articles() -> None:
    first = Refusal("G-22", (19,), "冻结。", hold="H-SHARE")
    second = Refusal("G-34", (28, 19), "冻结了。", hold="H-SHARE")
    other = Refusal("G-12", (12,), "没有批复。", values={"fy": 1})
    found = distinct([first, other, second, other, replace(other, values={"fy": 2})])
    assert found == (replace(first, articles=(19, 28)), other, replace(other, values={"fy": 2}))


def test_an_opinion_binds_its_version_and_what_the_bureau_agreed_to_since() -> None:
    changed = (ScopeVersion(1, "a", 1), ScopeVersion(2, "b", 2, by_change=True))
    refiled = (ScopeVersion(1, "a", 1), ScopeVersion(2, "b", 2))
    assert standing.passed_review(a_project(scope=changed, scope_version=2)) == REVIEWED
    assert standing.passed_review(a_project(scope=refiled, scope_version=2)) is None
    assert standing.passed_review(a_project(scope=refiled, scope_version=1)) == REVIEWED
    future = replace(REVIEWED, scope_version=3)
    assert standing.passed_review(a_project(opinions=(future,))) is None


def test_the_amount_that_was_approved() -> None:
    assert standing.approved_fen(a_project()) == 233 * WAN
    assert standing.approved_fen(a_project(approvals=())) is None
    granted = Approval(ApprovalKind.SERVICE_FUNDS, "核定", 1, 60 * WAN)
    assert standing.approved_fen(a_project(path=Path.SERVICE, approvals=(APPROVED, granted))) == 60 * WAN
    assert standing.approved_fen(a_project(path=Path.JOINT, approvals=())) is None
    share = Approval(ApprovalKind.JOINT, "核准", 1, 60 * WAN)
    assert standing.approved_fen(a_project(path=Path.JOINT, approvals=(share,))) is None
    assert standing.approved_fen(a_project(path=Path.JOINT, approvals=(replace(share, amount_fen=0),))) == 0
    assert standing.approved_fen(a_project(path=Path.JOINT, approvals=(share, granted))) == 60 * WAN
    assert standing.approved_fen(a_project(path=Path.JOINT, approvals=(), opinions=())) is None


def test_sums_of_payments_and_contracts() -> None:
    paid = Payment("HT-1", 1, 5, 2026, FundType.CONSTRUCTION)
    facts = a_project(payments=(paid, replace(paid, status="refused"), replace(paid, contract_no="HT-2", fy=2025)))
    assert standing.paid_fen(facts) == 10
    assert standing.paid_fen(facts, contract_no="HT-1") == 5
    assert standing.paid_fen(facts, fy=2025) == 5
    assert standing.contract_of(facts, "HT-1") == CONTRACT
    assert standing.contract_of(facts, "HT-9") is None
    assert standing.arranged_fen(facts) == 233 * WAN
    assert standing.arranged_fen(facts, 2025) == 0
