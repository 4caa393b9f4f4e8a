"""The evaluations after the first one: the next full year entered into the ledger, and the diagrams told when it ends.

Part of the daily sweep; nothing happens while the parameter `yearly_evaluation` is off (第二十三条 [C]).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.evaluation_years import next_year_from, opens_again
from app.domain.states import State
from app.engine.step import Thrown
from app.models.business import DeadlineRow, Evaluation, Project
from app.services import ledger, parameters
from app.services.facts import project_facts
from app.services.process_instances import Run


def renew(session: Session, *, now: datetime) -> int:
    """Enter the next full year of every evaluated system, and begin what is due; return how many begin. Safe to repeat.

    Entered and not begun is what stays open in the ledger; the first form of the evaluation (F-25s) moves the state.
    """
    if not parameters.current(session, now.date()).yearly_evaluation:
        return 0
    run, begun = Run(session, now), 0
    for project in session.scalars(_evaluated()):
        facts = project_facts(session, project.id, now=now)
        start = next_year_from(facts)
        if start is not None:
            for kind in ("evaluation_opens", "evaluation_ends"):
                ledger.enter(session, kind, start, project_id=project.id, now=now)
            facts = project_facts(session, project.id, now=now)
        row = ledger.find(session, "evaluation_opens", project_id=project.id)
        if row is not None and row.lapsed_at is None and opens_again(facts):
            row.lapsed_at = now  # told once, however often the sweep runs
            run.throw(None, Thrown("message", "evaluation.again", project.no, {}, element_id=""))
            begun += 1
    run.settle()
    return begun


def _evaluated() -> Select[Project]:
    signed = select(Evaluation.project_id).where(Evaluation.signed_on.is_not(None))
    met = select(DeadlineRow.project_id).where(DeadlineRow.kind == "evaluation_opens")
    return (
        select(Project)
        .where(Project.state == State.OPERATING, Project.id.in_(signed), Project.id.in_(met))
        .order_by(Project.id)
    )
