"""Withdrawal: until when a unit may take its project back, and which way is left afterwards (specification §3.1)."""

from __future__ import annotations

from app.domain.articles import Article, implements
from app.domain.refusals import Link, Refusal
from app.domain.states import BEFORE_ACCEPTED, BEFORE_FUNDS, FINAL, LABELS, State

COORDINATION = Article(15, "加强对项目全过程的统筹协调")

FUNDED = "项目已经安排资金，现处于“%(state)s”，单位不能再撤回。"
ENDED = "项目已经结束，现处于“%(state)s”，没有可以撤回的办理。"
INTO_OPERATION = "项目已经验收，现处于“%(state)s”，单位不能再撤回。"


@implements(COORDINATION, ids=("§3.1",))
def refusals(state: State) -> tuple[Refusal, ...]:
    """Return why a project in this state cannot be withdrawn; nothing before funds have been arranged."""
    if state in BEFORE_FUNDS:
        return ()
    if state in FINAL:
        return (_refusal(ENDED, "需要再办的，请作为新项目申报。", state, form="f02", holder="unit_clerk"),)
    if state in BEFORE_ACCEPTED:
        remedy = "内容或者投资要变的，申请变更；确实建不下去的，请县大数据局依第三十一条办理终止。"
        return (_refusal(FUNDED, remedy, state, form="f14", holder="unit_lead"),)
    return (_refusal(INTO_OPERATION, "不再使用的，申请报废停用。", state, form="f29", holder="unit_clerk"),)


def _refusal(message: str, remedy: str, state: State, *, form: str, holder: str) -> Refusal:
    return Refusal(
        gate="STATE",
        articles=(COORDINATION.number,),
        message=message,
        remedy=remedy,
        holder_role=holder,
        link=Link("form", form),
        values={"state": LABELS[state].zh},
    )
