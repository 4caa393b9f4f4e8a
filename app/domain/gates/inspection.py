"""Gates of inspection: G-35 and G-36 (第三十条, 第三十一条)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.articles import Article, implements
from app.domain.numbers import Path
from app.domain.reasons import Refusals, refuse
from app.domain.terms import Measure

if TYPE_CHECKING:
    from app.domain.acts import Act
    from app.domain.facts import Order, ProjectFacts

TRUTHFUL = Article(30, "妥善保存项目建设有关资料并如实提供,不得拒绝、隐匿、瞒报")
LADDER = Article(
    31, "对拒不整改或者整改后仍不符合要求的,可对其进行通报批评、暂缓拨付建设资金、暂停项目建设、直至终止项目"
)

RUNGS = tuple(Measure)


@implements(TRUTHFUL, ids=("G-35", "T-23"))
def g35(facts: ProjectFacts, act: Act) -> Refusals:
    """G-35: a document request unanswered at its due date, or refused, is a problem item 拒绝、隐匿、瞒报."""
    del act
    for request in facts.document_requests:
        if request.refused or (request.answered_on is None and facts.today > request.due):
            yield refuse(
                "G-35", TRUTHFUL, "调阅资料%(number)s应于%(due)s前提供，至今未提供。", "立即如实提供资料。",
                link=("form", "f21"), number=request.number, due=request.due,
            )  # fmt: skip


@implements(LADDER, ids=("G-36",))
def g36(facts: ProjectFacts, act: Act) -> Refusals:
    """G-36: no measure without an expired or re-checked order, its co-signatures, and a reason for a skipped rung.

    And none is signed before the unit has been heard, or the period of its statement is over [C].
    """
    if act.signing:
        yield from _not_heard(facts)
    if act.measure is None or act.measure == Measure.NONE:
        return
    order = next((order for order in facts.orders if order.number == act.order), None)
    if order is None or not _may_follow(facts, order):
        yield refuse(
            "G-36", LADDER, "整改期限未届满，也没有不合格的复查，不能采取措施。", "待整改期满或者复查不合格后再提出。",
            holder="bur_insp", link=("register", "problems"),
        )  # fmt: skip
    missing = tuple(sorted(cosigners(facts, act.measure) - act.cosigned_by)) if act.form_id == "f00s" else ()
    if missing:
        yield refuse(
            "G-36", LADDER, "%(measure)s还缺%(count)s个部门会签。", "请有关部门负责人会签。",
            holder="bur_head", link=("form", "f00s"), missing=missing, measure=act.measure, count=len(missing),
        )  # fmt: skip
    taken = [RUNGS.index(Measure(m.kind)) for m in facts.measures if m.order == act.order or m.lifted_on is None]
    if RUNGS.index(Measure(act.measure)) > max(taken, default=0) + 1 and not act.reason.strip():
        yield refuse(
            "G-36", LADDER, "越级采取措施，应当说明理由。", "写明理由。", holder="bur_insp", link=("form", "f26")
        )


def _not_heard(facts: ProjectFacts) -> Refusals:
    proposed = facts.proposed
    if proposed is None or proposed.kind == Measure.NONE or proposed.stated_on is not None:
        return
    if proposed.statement_due is not None and facts.today <= proposed.statement_due:
        yield refuse(
            "G-36", LADDER, "项目单位尚未陈述申辩，陈述申辩期到%(due)s届满，现在不能采取措施。",
            "待项目单位陈述申辩，或者期限届满后再签发。", holder="unit_lead", link=("form", "f26s"),
            due=proposed.statement_due,
        )  # fmt: skip


def cosigners(facts: ProjectFacts, measure: str) -> frozenset[str]:
    """Return the roles whose heads sign a measure beside the bureau's: finance, and on path T the DRC [C]."""
    roles = {"bur_head"}
    if not facts.parameters.measures_cosigned:
        return frozenset(roles)
    if measure in {Measure.WITHHOLD, Measure.SUSPEND, Measure.TERMINATE}:
        roles.add("fin_head")
    if measure in {Measure.SUSPEND, Measure.TERMINATE} and facts.path is Path.INVESTMENT:
        roles.add("drc_head")
    return frozenset(roles)


def _may_follow(facts: ProjectFacts, order: Order) -> bool:
    return order.rechecked is False or (order.closed_on is None and facts.today > order.due)
