"""Recorders of the budget: F-09b, F-09 and their signatures (第十二条, 第十三条, 第十九条, 第二十四条)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain import holds
from app.domain.acts import Act
from app.domain.facts import BudgetLine as Line
from app.domain.terms import FundType, OpinionKind, Result
from app.models.business import BudgetLine, Opinion
from app.services.recorders.registry import purpose, records, signs
from app.services.recorders.work import missing_step

if TYPE_CHECKING:
    from app.services.recorders.work import Work

CARRIED = "结转"
"""Kind of a line that takes unspent money of earlier years over."""
ADDED = "追加"
"""Kind of a line that adds to what its year has been given already."""


def line_of(work: Work, fy: int, fund_type: str) -> BudgetLine:
    """Return the project's line of a fiscal year and fund type, made where it is missing."""
    row = work.newest(BudgetLine, fy=fy, fund_type=fund_type)
    return row or work.add(BudgetLine(project_id=work.project.id, fy=fy, fund_type=fund_type))


def open_line(work: Work) -> BudgetLine | None:
    """Return the newest line that the people's congress has not approved yet."""
    return work.newest(BudgetLine, approved_on=None)


@records("f09b", "bur_section", requires=("suggestion", "rank"))
def suggestion(work: Work) -> None:
    """F-09b: the bureau's suggestion for the budget, with its rank (第五条)."""
    fund = FundType(work.text("fund_type") or holds.fund_of(work.facts, Act("f09")))
    opened = open_line(work)
    row = opened if opened is not None and opened.fund_type == fund else line_of(work, _next_fy(work), fund)
    row.suggested_fen, row.suggested_rank = work.fen("suggestion"), work.number("rank")


def _next_fy(work: Work) -> int:
    """Return the year whose budget is being made: this year's until 30 September (supplement), else the next."""
    return work.today.year + (1 if work.today.month >= 10 else 0)  # noqa: PLR2004 -- October, when the plan is called for


@signs("f09b", "bur_head", after=("f09b",))
def sign_suggestion(work: Work) -> None:
    """F-00s on F-09b: the bureau head signs the suggestion."""
    row = work.newest(BudgetLine)
    if row is None or row.suggested_fen is None:
        work.demand([missing_step("没有待签的预算建议。", form="f09b", article=12, holder="bur_section")])
    work.other_than(work.author("f09b"))


@records("f09", "fin_budget", requires=("fy", "fund_type", "arranged"), after=("f06",))
def proposal(work: Work) -> None:
    """F-09: finance's proposal for a line; every gate and hold of arranging money is asked (第十二条, 第十三条)."""
    row, _act = _asked(work)
    row.requested_fen = work.fen("requested") if work.given("requested") else row.requested_fen
    row.suggested_fen = work.fen("suggested") if work.given("suggested") else row.suggested_fen
    row.function_code, row.economic_code = work.text("function_code"), work.text("economic_code")
    row.reason = work.text("reason")
    row.drafted_by, row.signed_by, row.signed_on = work.by.username, "", None


def _asked(work: Work) -> tuple[BudgetLine, Act]:
    fy, fund = work.number("fy"), FundType(work.text("fund_type"))
    amount = work.fen("arranged")
    act = Act(
        "f09", by=work.by.username, fund_type=fund, fy=fy, amount_fen=amount, reason=work.text("reason"),
        line=Line(fy, fund), carried=work.text("kind") == CARRIED, supplement=work.text("kind") == ADDED,
    )  # fmt: skip
    work.ask(act)
    return line_of(work, fy, fund), act


@signs("f09", "fin_head", after=("f09",))
def sign_line(work: Work) -> None:
    """F-00s on F-09: the head of finance signs the line; fin_budget and fin_head are two persons (§2.5)."""
    row = _drafted(work)
    if row is None:
        work.demand([missing_step("没有待签的预算行。", form="f09", article=12, holder="fin_budget")])
        return
    work.other_than(row.drafted_by)
    if work.text("result") == Result.AGREED:
        row.signed_on, row.signed_by = work.today, work.by.username
    else:
        row.drafted_by = ""


def _drafted(work: Work) -> BudgetLine | None:
    """Return the line whose proposal waits for the signature; one approved before may be added to or carried over."""
    query = work.session.query(BudgetLine).filter_by(project_id=work.project.id, signed_on=None)
    return query.filter(BudgetLine.drafted_by != "").order_by(BudgetLine.id.desc()).first()


def _review(work: Work) -> int | None:
    """Return the key of the 审核意见 in force, on which the money rests (第十三条)."""
    opinion = work.newest(Opinion, kind=OpinionKind.REVIEW, void=False)
    return opinion.id if opinion is not None and opinion.signed_on is not None else None


@purpose("budget_result", "f09", "fin_budget", requires=("fy", "fund_type", "arranged"), after=("f09",))
def result(work: Work) -> None:
    """F-09 as result: the figure that the people's congress approved.

    From now the project has funds, or is an alternate.
    """
    row, act = _asked(work)
    if row.signed_on is None:
        work.demand([missing_step("预算行尚未由财政局领导签批。", form="f00s", article=12, holder="fin_head")])
    amount = act.amount_fen or 0
    if amount > 0 and row.fund_type != FundType.OM:
        row.review_opinion_id = _review(work)
    if work.text("kind") == CARRIED:
        row.carried_fen = amount
    else:
        added = row.arranged_fen if work.text("kind") == ADDED and row.approved_on is not None else 0
        row.arranged_fen = (added or 0) + amount
    row.approved_on = work.day("approved_on") or work.today
    row.approval_doc_no = work.text("doc_no")
    work.project.fy = max(work.project.fy, row.fy)
    work.session.flush()
    if amount > 0:
        work.advance_if_possible("budget.arranged")
        if row.fund_type != FundType.OM and holds.started_on(work.facts) is None:
            work.deadline("start_of_work", work.today.replace(year=row.fy, month=1, day=1), subject=str(row.fy))
    else:
        work.advance_if_possible("budget.withheld")
