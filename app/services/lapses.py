"""What follows when a deadline lapses: the hold on record, the notices, and the message to the diagrams."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.engine.step import Thrown
from app.models.business import DeadlineRow, Project
from app.services import fund_holds, hold_notices, notices
from app.services.facts import project_facts
from app.services.process_instances import Run

TOLD = {
    "H-ACC": ("bur_head", "bur_insp", "fin_budget", "fin_pay", "unit_head", "unit_lead"),
    "H-AUDIT": ("aud_head", "fin_pay", "unit_head"),
    "H-NOSTART": ("bur_section", "fin_budget", "unit_head"),
}
"""Code of a hold → the roles that are told when it takes effect."""


def draw_consequence(session: Session, deadline_id: int, *, now: datetime) -> None:
    """Record the holds that a lapsed deadline brings and tell who must know; once, however often it is called."""
    row = session.scalar(select(DeadlineRow).where(DeadlineRow.id == deadline_id).with_for_update())
    if row is None or row.lapsed_at is not None or row.status != "open" or row.project_id is None:
        return
    row.lapsed_at = now
    project = session.get_one(Project, row.project_id)
    facts = project_facts(session, project.id, now=now)
    run = Run(session, now)
    for hold in fund_holds.record_in_force(session, project.id, facts, now=now):
        tell(session, project, hold.code, now=now, due=row)
        run.throw(
            None,
            Thrown("message", "hold.set", project.no, {"hold_code": hold.code, "cause": hold.cause}, element_id=""),
        )
    run.settle()


def tell(session: Session, project: Project, code: str, *, now: datetime, due: DeadlineRow | None) -> None:
    """Tell the unit and the supervising departments that a hold has taken effect."""
    said = hold_notices.taken_effect(session, project, code, today=now.astimezone(SHANGHAI).date(), due=due)
    notices.notify(
        session,
        notices.holders(session, TOLD.get(code, ("bur_section", "fin_pay", "unit_head")), unit_id=project.unit_id),
        message=said.message,
        values=said.values,
        dedupe_key=said.key,
        now=now,
        project_id=project.id,
        link=f"/projects/{project.no}?tab=holds",
        level="hold",
    )
