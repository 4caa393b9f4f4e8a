"""Recorders before procurement: F-10, F-11 and its signature (第十四条, 第十五条)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain import standing
from app.domain.acts import Act
from app.domain.states import State
from app.domain.terms import Conformity, Endorsement, OpinionKind
from app.models.accounts import Person, PersonRole
from app.services.recorders import drafts
from app.services.recorders.registry import records, signs
from app.services.recorders.work import missing_step

if TYPE_CHECKING:
    from app.services.recorders.work import Work

AFTER_PROCUREMENT = frozenset({State.PROCUREMENT, State.CONTRACTED, State.BUILDING})
POINTS = {
    "exchange": ("interface", "platform"),
    "infrastructure": ("cloud", "network", "security"),
}
"""Part of 第十四条 → the points of F-11 that judge it."""


@records("f10", "unit_clerk", "unit_lead", requires=("exchange_plan", "infra_plan", "management_rules"), after=("f09",))
def two_plans(work: Work) -> None:
    """F-10: the two plans of 第十四条, as often as it takes; with them the management rules (第十五条)."""
    work.ask(Act("f10", by=work.by.username))
    responsibility(work)
    if not _void_by_change(work):
        work.advance(
            "pre_procurement.unfunded" if standing.without_public_money(work.facts) else "pre_procurement.filed"
        )


def _void_by_change(work: Work) -> bool:
    """Whether a change voided what had been endorsed: the part is filed again and the project stays where it is.

    The work goes on with all that the change did not touch (第十四条, 第十七条; P-08).
    """
    return work.state in AFTER_PROCUREMENT and any(
        not standing.plan_endorsed(work.facts, part) for part in standing.PLAN_PARTS
    )


def responsibility(work: Work) -> None:
    """Note the project lead and the management rules that a form brings (第十五条, G-15)."""
    if work.given("management_rules"):
        work.project.management_rules = True
    if work.given("project_lead"):
        work.project.lead_id = work.person(work.recorded.answers["project_lead"]).id
    elif work.project.lead_id is None:
        work.project.lead_id = work.by.id if "unit_lead" in work.by.roles else _lead_of_unit(work)


def _lead_of_unit(work: Work) -> int | None:
    """Return the unit's project lead where it has named one for all its projects (the role unit_lead)."""
    return work.session.scalar(
        select(Person.id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(Person.organisation_id == work.project.unit_id, PersonRole.role == "unit_lead", Person.active)
        .order_by(Person.id)
        .limit(1)
    )


@records("f11", "bur_share", requires=("conclusion",), after=("f10",))
def check(work: Work) -> None:
    """F-11: the check of both plans, point by point; 核准 only where every point conforms (第十四条)."""
    conclusion = work.text("conclusion")
    work.ask(Act("f11", by=work.by.username, outcome=conclusion))
    results = {
        part: all(work.text(f"{point}_result") == Conformity.YES for point in points) for part, points in POINTS.items()
    }
    if conclusion == Endorsement.ENDORSED and not all(results.values()):
        work.demand([missing_step("有不符合的要点，结论不能为核准。", form="f11", article=14, holder="bur_share")])
    for part, conforms in results.items():
        endorsed = conclusion == Endorsement.ENDORSED and conforms
        drafts.draft(
            work,
            OpinionKind.PRE_PROCUREMENT,
            Endorsement.ENDORSED if endorsed else Endorsement.RETURNED,
            part=part,
            text=work.text("opinion"),
        )
    if conclusion != Endorsement.ENDORSED:
        _return(work)


def _return(work: Work) -> None:
    """A return takes effect at once; only 核准 needs the head's signature."""
    for opinion in drafts.unsigned(work, OpinionKind.PRE_PROCUREMENT):
        opinion.void = True
    work.session.flush()


@signs("f11", "bur_head", after=("f11",))
def sign(work: Work) -> None:
    """F-00s on F-11: the bureau head signs the 采购前核准 for the present scope version (D-06)."""
    drafts.sign(work, OpinionKind.PRE_PROCUREMENT, document="preprocurement")
