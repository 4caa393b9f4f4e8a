"""Gates of construction and change: G-17 and G-18 (第十七条)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from app.domain import conflicts, standing
from app.domain.articles import Article, implements
from app.domain.gates.procurement import needs_supervisor
from app.domain.numbers import Path
from app.domain.reasons import Refusals, refuse

if TYPE_CHECKING:
    from app.domain.acts import Act
    from app.domain.facts import Contract, ProjectFacts
    from app.domain.refusals import Refusal

SUPERVISION = Article(17, "政务信息化项目实行工程监理制")
CHANGE = Article(17, "作较大变更或者增加投资的,应当报经县政务服务和大数据局审查同意后,按照政府投资相关规定执行")

HUNDRED = 100


@implements(SUPERVISION, ids=("G-17", "COI-04"))
def g17(facts: ProjectFacts, act: Act) -> Refusals:
    """G-17: the start order needs a signed supervision contract; the supervisor is neither builder nor affiliated."""
    if not needs_supervisor(facts):
        return
    supervision = act.supervision or facts.supervision
    if supervision is None or supervision.signed_on is None:
        yield refuse(
            "G-17", SUPERVISION, "尚未签订监理合同，不能下达开工令。", "委托监理单位并登记监理合同。",
            holder="unit_lead", link=("form", "f13s"), missing=("监理合同",),
        )  # fmt: skip
        return
    if not supervision.evidence:
        yield refuse(
            "G-17", SUPERVISION, "缺少监理单位的能力证明。", "上传监理单位的证书或者能力证明。",
            holder="unit_lead", link=("form", "f13s"), missing=("监理能力证明",),
        )  # fmt: skip
    yield from conflicts.supervisor_conflicts(facts, supervision)


@implements(CHANGE, ids=("G-18",))
def g18(facts: ProjectFacts, act: Act) -> Refusals:
    """G-18: what relies on a change waits for its consent and, if Δ > 0, for the DRC's or finance's follow-up."""
    contract = act.contract
    if act.form_id == "f13" and contract is not None and contract.supplement_to:
        yield from _supplement(facts, contract)
    relied = act.node.relies_on_change if act.node is not None else None
    if relied is not None:
        yield from _change(facts, relied)


def _change(facts: ProjectFacts, number: int) -> Refusals:
    change = next((change for change in facts.changes if change.number == number), None)
    if change is None or (change.major and change.status != "agreed") or change.status == "refused":
        yield refuse(
            "G-18", CHANGE, "变更尚未经县大数据局审查同意。", "先办理变更审查。",
            holder="bur_head", link=("form", "f14"), missing=("变更审查意见",),
        )  # fmt: skip
    elif change.delta_fen > 0 and not change.followed_up:
        yield _follow_up(facts)


def _follow_up(facts: ProjectFacts) -> Refusal:
    investment = facts.path is Path.INVESTMENT
    return refuse(
        "G-18", CHANGE, "变更增加投资，尚未登记概算批复或者资金来源。", "由发改委重新批复，财政局落实资金来源。",
        holder="drc_head" if investment else "fin_head", link=("form", "f14"),
        missing=("概算批复", "资金来源") if investment else ("资金来源",),
    )  # fmt: skip


def _supplement(facts: ProjectFacts, contract: Contract) -> Refusals:
    if contract.change is None:
        yield refuse(
            "G-18", CHANGE, "补充合同没有对应的变更。", "先办理变更并取得同意。",
            holder="unit_lead", link=("form", "f14"), missing=("变更审查意见",),
        )  # fmt: skip
    else:
        yield from _change(facts, contract.change)
    original = standing.contract_of(facts, contract.supplement_to)
    if original is None:
        return
    earlier = sum(c.amount_fen for c in facts.contracts if c.supplement_to == original.no and c.no != contract.no)
    added = earlier + contract.amount_fen
    limit = facts.parameters.supplement_limit_percent
    if added * HUNDRED > original.amount_fen * limit:
        percent = (Decimal(added) * HUNDRED / Decimal(original.amount_fen)).quantize(Decimal("0.01"))
        yield refuse(
            "G-18", CHANGE, "补充合同累计为原合同的%(percent)s%%，超过%(limit)s%%。", "超出部分另行采购。",
            holder="unit_lead", link=("form", "f12"), percent=percent, limit=limit, added_fen=added,
            contract_fen=original.amount_fen,
        )  # fmt: skip
