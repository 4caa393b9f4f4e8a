"""Gates of approval: G-11 and G-13 (第十一条, 第十三条)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain import standing
from app.domain.articles import Article, implements
from app.domain.holds import fund_of
from app.domain.numbers import Path
from app.domain.reasons import Refusals, refuse
from app.domain.terms import Action, DrcDecision, FundType, IndustryOpinion, OpinionKind

if TYPE_CHECKING:
    from app.domain.acts import Act
    from app.domain.facts import ProjectFacts

INDUSTRY = Article(11, "在项目评估论证阶段,应当征求县政务服务和大数据管理局对项目的行业审查意见")
UNREVIEWED = Article(13, "未经县政务服务和大数据管理局审核的政务信息化项目")
ESTIMATE = Article(10, "政府投资建设的政务信息化项目，按照政府投资项目履行相应审批程序")
REFUSED = Article(5, "对不符合共建共享要求的政务信息化项目,不予审批")


@implements(INDUSTRY, REFUSED, ids=("G-11",))
def g11(facts: ProjectFacts, act: Act) -> Refusals:
    """G-11: the DRC decides only after a 行业审查意见 on the same version.

    Against 不同意 it may return, not approve.
    """
    opinion = standing.industry_opinion(facts)
    if opinion is None:
        earlier = standing.latest_opinion(facts, OpinionKind.INDUSTRY)
        message = "尚未收到行业审查意见。" if earlier is None else "行业审查意见针对的是上一版可研，需要重新征求。"
        yield refuse(
            "G-11", INDUSTRY, message, "向县大数据局征求行业审查意见，收到后再办理批复。",
            holder="bur_section", link=("form", "f08i"), missing=("行业审查意见",),
        )  # fmt: skip
    elif opinion.conclusion == IndustryOpinion.REFUSED and act.outcome in {None, DrcDecision.APPROVED}:
        yield refuse(
            "G-11", (INDUSTRY, REFUSED), "行业审查意见为不同意，不能批准。", "退回项目单位修改后重新征求意见。",
            holder="drc_clerk", link=("form", "f08"),
        )  # fmt: skip


@implements(UNREVIEWED, ids=("G-13",))
def g13(facts: ProjectFacts, act: Act) -> Refusals:
    """G-13: without a passed 审核意见 the DRC may only return, and no construction funds are arranged."""
    if act.outcome == DrcDecision.RETURNED or standing.passed_review(facts) is not None:
        return
    if act.action is Action.ARRANGE:
        funds = fund_of(facts, act) is FundType.CONSTRUCTION or facts.path in {Path.INVESTMENT, Path.JOINT}
        if act.amount_fen == 0 or not funds or fund_of(facts, act) is FundType.OM:
            return
    message = "项目未经县大数据局审核，不予审批立项，不予安排建设资金。"
    earlier = standing.latest_opinion(facts, OpinionKind.REVIEW)
    if earlier is not None:
        message = "审核意见不是“通过”，或者不是针对现行内容，不予审批立项，不予安排建设资金。"
    yield refuse(
        "G-13", UNREVIEWED, message, "先由县大数据局审核并出具“通过”的审核意见。",
        holder="bur_head", link=("form", "f06"), missing=("审核意见",),
    )  # fmt: skip


@implements(ESTIMATE, ids=("M-02",))
def m02(facts: ProjectFacts, act: Act) -> Refusals:
    """M-02: an estimate that exceeds the reviewed amount by more than the parameter goes back for a new study [C].

    The DRC may return it, not approve it (政府投资条例).
    """
    review = standing.passed_review(facts)
    reviewed = review.reviewed_total_fen if review is not None else None
    if act.outcome != DrcDecision.APPROVED or reviewed is None or act.amount_fen is None:
        return
    percent = facts.parameters.estimate_excess_percent
    if act.amount_fen * 100 > reviewed * (100 + percent):
        yield refuse(
            "M-02", ESTIMATE, "批复概算超过审核数的%(percent)s%%，应当重新报送可行性研究报告。",
            "退回项目单位，修改可行性研究报告后重新审核。", holder="drc_clerk", link=("form", "f08"),
            percent=percent, approved_fen=act.amount_fen, reviewed_fen=reviewed,
        )  # fmt: skip
