"""Recorders of operation and maintenance: F-20, F-20a, F-29 (第十九条, 第二十二条, 第九条)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.acts import Act
from app.domain.gates import EVERYWHERE, check
from app.domain.gates.funds import OM_PLAN_KINDS
from app.domain.numbers import Path
from app.domain.terms import FundType, Result
from app.models.business import OmApplication, OmPlan, PlanItem
from app.services.recorders.budget import line_of
from app.services.recorders.registry import purpose, records, signs

if TYPE_CHECKING:
    from app.services.recorders.work import Work


@records("f20", "unit_clerk", "unit_lead", requires=tuple(f"{kind}_plan" for kind in OM_PLAN_KINDS))
def plans(work: Work) -> None:
    """F-20: the four plans of 第二十二条; they count once the bureau has accepted them."""
    work.demand(check(EVERYWHERE, work.facts, Act("f20")))
    for kind in OM_PLAN_KINDS:
        if work.given(f"{kind}_plan"):
            work.session.add(
                OmPlan(project_id=work.project.id, kind=kind, filed_on=work.today, valid_to=work.day("valid_to"))
            )
    work.session.flush()


@purpose("om_plans", "f00c", "bur_section", "bur_clerk", after=("f20",))
def accept_plans(work: Work) -> None:
    """F-00c: the bureau accepts the four plans, or asks for 补正 (第二十二条)."""
    for row in work.session.query(OmPlan).filter_by(project_id=work.project.id, accepted_on=None).all():
        if work.text("result") == "属实":
            row.accepted_on = work.today
        else:
            work.session.delete(row)
    work.session.flush()


@records("f20a", "unit_clerk", "unit_lead", requires=("fy", "amount", "basis"), after=("f20",))
def application(work: Work) -> None:
    """F-20a: a year's application for O&M funds.

    Catalogue, acceptance, plans, evaluation and access are asked (第十九条).
    """
    act = Act("f20a", by=work.by.username, fund_type=FundType.OM, fy=work.number("fy"), amount_fen=work.fen("amount"))
    if work.facts.path is not Path.MAINTENANCE:
        # An item that is nothing but O&M is taken in and returned in writing, with every article (OM_RETURNED); money
        # is asked for again at each later act, so that nothing hangs on the diagram's check.
        work.ask(act)
    work.advance_if_possible("om.applied")
    work.add(
        OmApplication(
            project_id=work.project.id,
            fy=work.number("fy"),
            amount_fen=work.fen("amount"),
            filed_on=work.today,
            reasons=[],
        )
    )
    row = line_of(work, work.number("fy"), FundType.OM)
    row.requested_fen = work.fen("amount")


@purpose("om_reply", "f00c", "unit_clerk")
def reply(work: Work) -> None:
    """F-00c: whether the unit applies again after a return; the submission is the record."""
    work.demand(check(EVERYWHERE, work.facts, Act("f00c")))


@records("f29", "unit_clerk", "unit_lead", requires=("reason", "report", "data_plan"))
def decommission(work: Work) -> None:
    """F-29: the request to scrap a system, with its assessment report and the plan for its data (第九条, G-08)."""
    _assessed(work)
    work.ask(Act("f29", by=work.by.username), work.reload())
    work.advance("decommission.requested")


def _assessed(work: Work) -> None:
    """Let the report that F-29 brings stand for the item: the plan's own may be years old by now (第九条, G-08)."""
    row = work.newest(PlanItem)
    day = work.day("assessed_on")
    if row is None or day is None:
        return
    row.content = {
        **row.content, "assessor": work.text("assessor"), "assessed_on": day.isoformat(),
        "assess_report": work.given("report"),
    }  # fmt: skip
    work.session.flush()


@signs("f29", "bur_section", "bur_share", "sec_officer", "bur_head", after=("f29",))
def sign_decommission(work: Work) -> None:
    """F-00s on F-29: the bureau head agrees that the system is scrapped; refused, a running project goes on running.

    An item of the plan that was about nothing but the scrapping ends with the refusal.
    """
    work.other_than(work.author("f29"))
    if "bur_head" in work.by.roles and work.text("result") == Result.REFUSED:
        only = work.project.path == Path.DECOMMISSION.value
        work.advance("decommission.rejected" if only else "decommission.refused")
