"""Gates of money: G-10, G-12, G-21 … G-23, G-28 … G-31, G-37 and the sums that must hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain import holds, standing
from app.domain.articles import Article, implements
from app.domain.calendar import last_day
from app.domain.numbers import Path
from app.domain.reasons import Refusals, refuse
from app.domain.terms import ApprovalKind, FundType

if TYPE_CHECKING:
    from app.domain.acts import Act
    from app.domain.facts import ProjectFacts

SERVICE = Article(10, "县财政局(国资委)对项目资金的合理性进行审核,项目单位依据核定内容组织采购所需的服务")
BUDGET = Article(12, "根据县政务服务和大数据管理局的审核意见和县发展改革委的立项、批复")
NO_NEW_LINES = Article(19, "不符合政务信息资源整合共享要求的,不安排新建、改建、扩建政务信息化项目")
FOUR_PLANS = Article(22, "要有明确的质量保障方案、运行维护方案、安全保障方案、应急保障措施等")
BASIS = Article(24, "作为县财政局(国资委)安排下一年度项目运维预算和项目单位同类项目建设及运维预算的重要依据")
PER_CONTRACT = Article(20, "按照合同约定向县财政局(国资委)申请支付建设资金")

OM_PLAN_KINDS = {
    "quality": "质量保障方案",
    "operation": "运行维护方案",
    "security": "安全保障方案",
    "emergency": "应急保障措施",
}
"""Kind → name of the four plans of 第二十二条."""


@implements(SERVICE, ids=("G-10",))
def g10(facts: ProjectFacts, act: Act) -> Refusals:
    """G-10: on path G procurement needs a passed opinion and finance's approved amount, and stays within it."""
    if facts.path is not Path.SERVICE:
        return
    if standing.passed_review(facts) is None:
        yield refuse(
            "G-10", SERVICE, "购买服务项目未经县大数据局审查通过。", "先取得“通过”的审核意见。",
            holder="bur_head", link=("form", "f06"), missing=("审核意见",),
        )  # fmt: skip
    approval = standing.approval_in_force(facts, ApprovalKind.SERVICE_FUNDS)
    if approval is None:
        yield refuse(
            "G-10", SERVICE, "县财政局尚未核定购买服务资金。", "请财政局审核资金的合理性。",
            holder="fin_perf", link=("form", "f09r"), missing=("购买服务资金审核意见",),
        )  # fmt: skip
        return
    planned = sum(package.budget_fen for package in act.packages or ())
    if planned > approval.amount_fen:
        yield refuse(
            "G-10", SERVICE, "采购金额超过财政核定数。", "调减采购金额。",
            holder="unit_lead", link=("form", "f12"), planned_fen=planned, approved_fen=approval.amount_fen,
        )  # fmt: skip


@implements(BUDGET, ids=("G-12",))
def g12(facts: ProjectFacts, act: Act) -> Refusals:
    """G-12: a fund line needs a passed opinion, on path T the DRC's approval, and stays within the approved amount.

    A figure once approved is added to or carried over, never registered anew.
    """
    yield from _approved_before(facts, act)
    if act.amount_fen == 0:
        return
    if act.carried:
        yield from _carry_over(facts, act)
    if holds.fund_of(facts, act) is FundType.OM:
        return
    if standing.passed_review(facts) is None:
        yield refuse(
            "G-12", BUDGET, "没有县大数据局“通过”的审核意见，不能安排资金。", "先取得审核意见。",
            holder="bur_head", link=("form", "f06"), missing=("审核意见",),
        )  # fmt: skip
    approved = standing.approved_fen(facts)
    if approved is None:
        yield from _no_approval(facts)
    elif not act.carried:
        yield from _within_approval(facts, act, approved)


def _approved_before(facts: ProjectFacts, act: Act) -> Refusals:
    """Refuse to write over a year's figure that the people's congress has approved."""
    if act.line is None or act.carried or act.supplement:
        return
    if any((line.fy, line.fund_type) == _key(act) and line.approved_on and line.arranged_fen for line in facts.budget):
        yield refuse(
            "G-12", BUDGET, "%(fy)s年度的安排数已经批准，不能重复登记。",
            "增加安排的选“追加”，使用以前年度结余的选“结转”，登记有误的办理更正。",
            holder="fin_budget", link=("form", "f09"), fy=act.line.fy,
        )  # fmt: skip


def _within_approval(facts: ProjectFacts, act: Act, approved: int) -> Refusals:
    """Refuse to arrange more in all years than was approved; a supplement comes on top of its own line too."""
    others = sum(
        line.arranged_fen or 0
        for line in facts.budget
        if line.fund_type is not FundType.OM
        and (act.supplement or act.line is None or (line.fy, line.fund_type) != _key(act))
    )
    total = others + (act.amount_fen or 0)
    if total > approved:
        yield refuse(
            "G-12", BUDGET, "安排数累计超过批复数。", "调减安排数，或者先办理变更。",
            holder="fin_budget", link=("form", "f09"), arranged_fen=total, approved_fen=approved,
        )  # fmt: skip


def _carry_over(facts: ProjectFacts, act: Act) -> Refusals:
    """Refuse to carry over before the year has begun, or more than earlier years have arranged and not paid."""
    fy = act.fy or facts.today.year
    if fy != facts.today.year:
        yield refuse(
            "G-12", BUDGET, "只能结转到本年度（%(fy)s年），上年度结束以后办理。", "新年度开始以后再办理结转。",
            holder="fin_budget", link=("form", "f09"), fy=facts.today.year,
        )  # fmt: skip
        return
    om = holds.fund_of(facts, act) is FundType.OM
    carried = sum(
        line.carried_fen
        for line in facts.budget
        if line.fy == fy and (line.fund_type is FundType.OM) is om and (line.fy, line.fund_type) != _key(act)
    )
    unspent = standing.unspent_fen(facts, fy, om=om) - carried
    if (act.amount_fen or 0) > unspent:
        yield refuse(
            "G-12", BUDGET, "结转数超过以前年度已安排而未支付的数额。", "按尚未支付的数额结转。",
            holder="fin_budget", link=("form", "f09"), unspent_fen=unspent,
        )  # fmt: skip


def _key(act: Act) -> tuple[int, FundType] | None:
    return (act.line.fy, act.line.fund_type) if act.line is not None else None


def _no_approval(facts: ProjectFacts) -> Refusals:
    if facts.path is Path.INVESTMENT:
        yield refuse(
            "G-12", BUDGET, "没有县发展改革委的立项批复，不能安排建设资金。", "先办理立项审批。",
            holder="drc_head", link=("form", "f08"), missing=("立项批复",),
        )  # fmt: skip
    elif facts.path is Path.SERVICE:
        yield refuse(
            "G-12", SERVICE, "县财政局尚未核定购买服务资金。", "请财政局审核资金的合理性。",
            holder="fin_perf", link=("form", "f09r"), missing=("购买服务资金审核意见",),
        )  # fmt: skip
    elif facts.path is Path.JOINT:
        yield refuse(
            "G-12", BUDGET, "联合建设的政府出资尚未批复或者核定，不能安排资金。",
            "报合作方案，形成政府资产的办理立项审批，付服务费的由财政局核定。",
            holder="unit_clerk", link=("form", "f07l"), missing=("立项批复或者资金审核意见",),
        )  # fmt: skip


@implements(holds.NOT_IN_CATALOGUE, ids=("G-21",))
def g21(facts: ProjectFacts, act: Act) -> Refusals:
    """G-21: O&M funds need an active entry in the catalogue of government systems; asked again when they are paid.

    The hold is set on what runs; a system that does not run yet gets no O&M funds either.
    """
    fund = holds.fund_of(facts, act)
    if act.form_id == "f18" and fund is FundType.OM:
        yield from (holds.refusal_of(hold) for hold in holds.catalogue_hold(facts))
    elif holds.catalogue_blocks(facts, act, fund):
        found = holds.not_in_catalogue(facts)
        yield from (holds.refusal_of(hold) for hold in found if (hold.code, hold.cause) not in facts.lifted_by_hand)


@implements(NO_NEW_LINES, ids=("G-22",))
def g22(facts: ProjectFacts, act: Act) -> Refusals:
    """G-22: not conforming to integration and sharing ⇒ no line for 新建, 改建 or 扩建 (H-SHARE)."""
    yield from holds.blocking_code(facts, act, "H-SHARE")


@implements(holds.NOT_STARTED, ids=("G-23",))
def g23(facts: ProjectFacts, act: Act) -> Refusals:
    """G-23: funded in FY n, not started by 31 December, no reason accepted by both ⇒ no line for FY n+1 (H-NOSTART)."""
    if act.amount_fen == 0:
        return
    for fy in holds.lapsed_years(facts):
        if act.fy in {None, fy + 1}:
            yield refuse(
                "G-23", holds.NOT_STARTED,
                "%(fy)s年度已安排资金而当年未开展建设，且无充分理由，%(next_fy)s年度不再安排资金。",
                "可以申报%(after_fy)s年度资金。", holder="bur_section", link=("form", "f28"),
                fy=fy, next_fy=fy + 1, after_fy=fy + 2,
            )  # fmt: skip


@implements(holds.OVERDUE, ids=("G-28",))
def g28(facts: ProjectFacts, act: Act) -> Refusals:
    """G-28: overdue and not accepted ⇒ no later construction funds, no O&M funds, no payment [C] (H-ACC)."""
    if act.form_id == "f20a":
        yield from (holds.refusal_of(hold) for hold in holds.acceptance_hold(facts))
    else:
        yield from holds.blocking_code(facts, act, "H-ACC")


@implements(FOUR_PLANS, ids=("G-29",))
def g29(facts: ProjectFacts, act: Act) -> Refusals:
    """G-29: O&M funds need the four plans filed with the bureau, each not older than 12 months [C]."""
    if holds.fund_of(facts, act) is not FundType.OM or act.amount_fen == 0:
        return
    filed = dict(facts.om_plans.filed)
    months = facts.parameters.om_plan_age_months
    current = {kind for kind, day in filed.items() if last_day(day, months=months) >= facts.today}
    missing = tuple(name for kind, name in OM_PLAN_KINDS.items() if kind not in current)
    if missing:
        yield refuse(
            "G-29", FOUR_PLANS, "运维四项方案缺少或者过期%(count)s项。", "向大数据局报送现行的运维方案。",
            link=("form", "f20"), missing=missing, count=len(missing),
        )  # fmt: skip


@implements(holds.BELOW_STANDARD, ids=("G-30",))
def g30(facts: ProjectFacts, act: Act) -> Refusals:
    """G-30: evaluation below standard ⇒ no O&M funds of this system and no upgrade of it until rectified (H-EVAL)."""
    yield from holds.blocking_code(facts, act, "H-EVAL")


@implements(BASIS, ids=("G-31",))
def g31(facts: ProjectFacts, act: Act) -> Refusals:
    """G-31: after 中 or 差, arranging as much as last year or more needs a written reason [C]."""
    signed = [evaluation for evaluation in facts.evaluations if evaluation.signed_on]
    if (
        act.fy is None
        or act.amount_fen is None
        or not signed
        or not facts.parameters.raise_after_poor_result_needs_reason
    ):
        return
    band = standing.band(signed[-1].total_centi, facts.parameters)
    if band not in {"中", "差"}:
        return
    fund = holds.fund_of(facts, act)
    before = sum(b.arranged_fen or 0 for b in facts.budget if b.fy == act.fy - 1 and b.fund_type is fund)
    if before and act.amount_fen >= before and not act.reason.strip():
        yield refuse(
            "G-31", BASIS, "上次评价为%(band)s，安排数不低于上年，应当书面说明理由。", "填写理由，或者调减安排数。",
            holder="fin_budget", link=("form", "f09"), band=band, before_fen=before,
            arranged_fen=act.amount_fen,
        )  # fmt: skip


@implements(holds.AUDIT_FAILED, ids=("G-37",))
def g37(facts: ProjectFacts, act: Act) -> Refusals:
    """G-37: audit failed and not rectified in time ⇒ O&M funds are not disbursed (H-AUDIT)."""
    yield from holds.blocking_code(facts, act, "H-AUDIT")


@implements(PER_CONTRACT, ids=("M-01",))
def m01(facts: ProjectFacts, act: Act) -> Refusals:
    """M-01: payments stay within the node, the contract and the fiscal year's arranged funds (with carry-over)."""
    amount = act.amount_fen
    if amount is None or act.contract is None:
        return
    paid = standing.paid_fen(facts, contract_no=act.contract.no)
    if paid + amount > act.contract.amount_fen:
        yield refuse(
            "M-01", PER_CONTRACT, "累计支付将超过合同金额。", "调减本次支付金额。",
            link=("form", "f18"), total_fen=paid + amount, contract_fen=act.contract.amount_fen,
        )  # fmt: skip
    if act.node is not None:
        on_node = sum(p.amount_fen for p in facts.payments if p.node_id == act.node.id and p.status != "refused")
        if on_node + amount > act.node.amount_fen:
            yield refuse(
                "M-01", PER_CONTRACT, "本节点累计支付将超过节点金额。", "调减本次支付金额。",
                link=("form", "f18"), total_fen=on_node + amount, node_fen=act.node.amount_fen,
            )  # fmt: skip
    yield from _year(facts, act, amount)


def _year(facts: ProjectFacts, act: Act, amount: int) -> Refusals:
    fy = act.fy or facts.today.year
    arranged = standing.arranged_fen(facts, fy) + standing.arranged_fen(facts, fy, om=True)
    paid = standing.paid_fen(facts, fy=fy)
    if paid + amount > arranged:
        yield refuse(
            "M-01", BUDGET, "%(fy)s年度累计支付将超过当年安排数。", "先办理追加或者结转预算。",
            holder="fin_budget", link=("form", "f09"), fy=fy, total_fen=paid + amount, arranged_fen=arranged,
        )  # fmt: skip
