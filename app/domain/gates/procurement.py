"""Gates of procurement: G-14, G-15 and G-16 (第十四条, 第十五条, 第十六条)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain import standing
from app.domain.articles import Article, implements
from app.domain.numbers import Path
from app.domain.reasons import Refusals, refuse
from app.domain.terms import OpinionKind

if TYPE_CHECKING:
    from app.domain.acts import Act
    from app.domain.facts import Contract, Package, ProjectFacts

TWO_PLANS = Article(14, "经县政务服务和大数据管理局核准后方可进入政府采购程序")
RESPONSIBILITY = Article(15, "应当建立健全项目责任制和管理制度,确定项目负责人")
AS_APPROVED = Article(16, "应当依据项目批复文件和政府采购核定内容")

PLAN_NAMES = {"exchange": "数据共享交换平台对接方案", "infrastructure": "政务云与政务外网共建共享方案"}


@implements(TWO_PLANS, ids=("G-14",))
def g14(facts: ProjectFacts, act: Act) -> Refusals:
    """G-14: procurement cannot start unless both plans are 核准 for the current scope version."""
    del act
    missing = tuple(PLAN_NAMES[part] for part in standing.PLAN_PARTS if not standing.plan_endorsed(facts, part))
    if not missing:
        return
    known = [standing.latest_opinion(facts, OpinionKind.PRE_PROCUREMENT, part) for part in standing.PLAN_PARTS]
    message = "采购前两方案有%(count)s项未经核准，不能进入政府采购程序。"
    if all(opinion is not None for opinion in known):
        message = "采购前两方案有%(count)s项被退回或者因变更失效，不能进入政府采购程序。"
    yield refuse(
        "G-14", TWO_PLANS, message, "报送所缺方案并取得县大数据局核准。",
        link=("form", "f10"), missing=missing, count=len(missing),
    )  # fmt: skip


@implements(RESPONSIBILITY, ids=("G-15",))
def g15(facts: ProjectFacts, act: Act) -> Refusals:
    """G-15: before procurement a named project lead, employed by the unit, and uploaded management rules."""
    del act
    if not facts.lead:
        yield refuse(
            "G-15", RESPONSIBILITY, "尚未确定项目负责人。", "确定项目负责人。", holder="unit_head", link=("form", "f10")
        )
    elif not facts.lead_of_unit:
        yield refuse(
            "G-15", RESPONSIBILITY, "项目负责人%(lead)s不是项目单位的人员。", "从本单位人员中确定项目负责人。",
            holder="unit_head", link=("form", "f10"), lead=facts.lead,
        )  # fmt: skip
    if not facts.management_rules:
        yield refuse(
            "G-15", RESPONSIBILITY, "尚未上传项目责任制和管理制度。", "上传管理制度文件。",
            link=("form", "f10"), missing=("项目管理制度",),
        )  # fmt: skip


@implements(AS_APPROVED, ids=("G-16",))
def g16(facts: ProjectFacts, act: Act) -> Refusals:
    """G-16: package content within the approved, Σ package budgets ≤ approved, award ≤ package, contract ≤ award."""
    if act.packages is not None:
        yield from _packages(facts, act.packages)
        yield from _within_approval(facts, act)
    if act.contract is not None and not act.contract.supplement_to:
        yield from _contract(facts, act.contract)


def _packages(facts: ProjectFacts, packages: tuple[Package, ...]) -> Refusals:
    approved_content = {item.name for item in facts.filing.budget_items} if facts.filing is not None else set()
    for package in packages:
        beyond = tuple(sorted(package.content - approved_content)) if approved_content else ()
        if beyond:
            yield refuse(
                "G-16", AS_APPROVED, "采购包“%(package)s”含批复之外的内容。", "删去批复之外的内容，或者先办理变更。",
                holder="unit_lead", link=("form", "f12"), missing=beyond, package=package.name,
            )  # fmt: skip
        if package.award_fen is not None and package.award_fen > package.budget_fen:
            yield refuse(
                "G-16", AS_APPROVED, "采购包“%(package)s”的成交价超过预算。", "按流标处理，或者重新采购。",
                link=("form", "f12r"), package=package.name, award_fen=package.award_fen, budget_fen=package.budget_fen,
            )  # fmt: skip


def _within_approval(facts: ProjectFacts, act: Act) -> Refusals:
    """Refuse more than was approved; what has been awarded stays when packages are planned anew."""
    awarded = [package for package in facts.packages if package.award_fen is not None and act.form_id == "f12"]
    total = sum(package.budget_fen for package in (*awarded, *(act.packages or ())))
    approved = standing.contractable_fen(facts)
    if approved is not None and total > approved:
        yield refuse(
            "G-16", AS_APPROVED, "采购包预算合计超过批复数。", "调减采购预算。",
            holder="unit_lead", link=("form", "f12"), total_fen=total, approved_fen=approved,
        )  # fmt: skip


def _contract(facts: ProjectFacts, contract: Contract) -> Refusals:
    awards = [p for p in facts.packages if p.award_fen is not None and contract.package in {"", p.name}]
    if not awards:
        yield refuse(
            "G-16", AS_APPROVED, "尚无成交结果，不能签订合同。", "先登记采购结果。",
            link=("form", "f12r"), missing=("成交通知书",),
        )  # fmt: skip
        return
    award = sum(p.award_fen or 0 for p in awards)
    if contract.amount_fen > award:
        yield refuse(
            "G-16", AS_APPROVED, "合同金额超过成交价。", "合同金额应当不高于成交价。",
            link=("form", "f13"), contract_fen=contract.amount_fen, award_fen=award,
        )  # fmt: skip
    if all(contract.supplier != p.winner for p in awards):
        yield refuse(
            "G-16", AS_APPROVED, "合同供应商%(supplier)s不是成交供应商。", "与成交供应商签订合同。",
            link=("form", "f13"), supplier=contract.supplier,
        )  # fmt: skip
    nodes = sum(node.amount_fen for node in contract.nodes)
    if nodes != contract.amount_fen:
        yield refuse(
            "G-16", AS_APPROVED, "付款节点合计与合同金额不一致。", "改正付款节点，使合计等于合同金额。",
            link=("form", "f13"), nodes_fen=nodes, contract_fen=contract.amount_fen,
        )  # fmt: skip


def needs_supervisor(facts: ProjectFacts) -> bool:
    """Whether 工程监理制 applies: to all but pure services and O&M [C] (第十七条)."""
    if facts.path is Path.SERVICE:
        return facts.parameters.services_supervised
    return facts.path is not Path.MAINTENANCE
