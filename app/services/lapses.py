"""What follows when a deadline lapses: the hold on record, the notices, and the message to the diagrams."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.domain.deadline_kinds import KINDS, Consequence
from app.domain.numbers import problem_number
from app.engine.step import Thrown
from app.models.business import DeadlineRow, PlanItem, ProblemItem, Project, ResourceItem
from app.services import fund_holds, hold_notices, ledger, notices, parameters, serials
from app.services.facts import project_facts
from app.services.process_instances import Run

TOLD = {
    "H-ACC": ("bur_head", "bur_insp", "fin_budget", "fin_pay", "unit_head", "unit_lead"),
    "H-AUDIT": ("aud_head", "fin_pay", "unit_head"),
    "H-NOSTART": ("bur_section", "fin_budget", "unit_head"),
}
"""Code of a hold → the roles that are told when it takes effect."""


HOLDING = frozenset({Consequence.HOLD_NOT_ACCEPTED, Consequence.HOLD_AUDIT, Consequence.HOLD_NOT_STARTED})
"""Consequences that stop money; the holds themselves are computed from facts."""
RECORDED = frozenset({Consequence.PROBLEM, Consequence.REFUSAL_RECORDED})
"""Consequences that are an item of the 问题台账 (第三十条, G-35)."""
RANKED_LAST = 9999


def draw_consequence(session: Session, deadline_id: int, *, now: datetime) -> None:
    """Draw what follows from a lapsed deadline and tell who must know; once, however often it is called."""
    row = session.scalar(select(DeadlineRow).where(DeadlineRow.id == deadline_id).with_for_update())
    if row is None or row.lapsed_at is not None or row.status != "open" or row.project_id is None:
        return
    row.lapsed_at = now
    project = session.get_one(Project, row.project_id)
    consequence = KINDS[row.kind].consequence
    if consequence in RECORDED:
        _record_problem(session, project, row, now=now)
    elif consequence is Consequence.FLAGGED:
        _rank_last(session, project, row, now=now)
    else:
        _hold(session, project, row, now=now)


def _hold(session: Session, project: Project, row: DeadlineRow, *, now: datetime) -> None:
    facts = project_facts(session, project.id, now=now)
    run = Run(session, now)
    for hold in fund_holds.record_in_force(session, project.id, facts, now=now):
        tell(session, project, hold.code, now=now, due=row)
        run.throw(
            None,
            Thrown("message", "hold.set", project.no, {"hold_code": hold.code, "cause": hold.cause}, element_id=""),
        )
    run.settle()


def _record_problem(session: Session, project: Project, row: DeadlineRow, *, now: datetime) -> None:
    """Put the missed deadline on the list of problems; a resource only after as many misses as the parameter says."""
    if row.kind == "update" and not _missed_often(session, project, row, now=now):
        return
    today = now.astimezone(SHANGHAI).date()
    session.add(
        ProblemItem(
            number=problem_number(today.year, serials.take(session, "problem", today.year)), project_id=project.id,
            deadline_id=row.id, kind=row.kind, consequence=KINDS[row.kind].consequence.value, due=row.due,
            opened_on=today,
        )
    )  # fmt: skip
    session.flush()
    kind = KINDS[row.kind]
    notices.notify(
        session,
        notices.holders(session, ("unit_head", "unit_lead", "bur_insp"), unit_id=project.unit_id),
        message="“%(project)s”的%(deadline)s已于 %(due)s 届满而未办理，列入问题台账。",
        values={"project": project.name, "deadline": kind.zh, "deadline_en": kind.en, "due": row.due.isoformat()},
        dedupe_key=f"problem:{row.id}:{row.due.isoformat()}",
        now=now,
        project_id=project.id,
        link=f"/projects/{project.no}?tab=deadlines",
        level="overdue",
    )


def _missed_often(session: Session, project: Project, row: DeadlineRow, *, now: datetime) -> bool:
    """Count a missed cycle of a resource and let the next one run; say whether that makes it a problem (T-21)."""
    item = session.get(ResourceItem, int(row.subject)) if row.subject.isdecimal() else None
    if item is None:
        return True
    missed = int(item.content.get("missed_updates", 0)) + 1
    item.content = {**item.content, "missed_updates": missed}
    most = parameters.current(session, now.astimezone(SHANGHAI).date()).missed_updates_to_problem
    if missed >= most:
        return True
    ledger.enter(
        session, "update", row.due, project_id=project.id, now=now, subject=row.subject,
        length=ledger.update_cycle(item.update_cycle),
    )  # fmt: skip
    return False


def _rank_last(session: Session, project: Project, row: DeadlineRow, *, now: datetime) -> None:
    """Flag an item whose materials are late and let it drop in rank (T-03)."""
    item = session.scalar(
        select(PlanItem).where(PlanItem.project_id == project.id).order_by(PlanItem.fy.desc()).limit(1)
    )
    if item is None:
        return
    late = ["申报材料应于 %(due)s 前报送，至今未报，排序后移。", {"due": row.due.isoformat()}]
    item.findings = [*item.findings, late]
    item.rank = RANKED_LAST
    notices.notify(
        session,
        notices.holders(session, ("unit_clerk", "unit_lead", "bur_section"), unit_id=project.unit_id),
        message="“%(project)s”的申报材料应于 %(due)s 前报送，至今未报，排序后移。",
        values={"project": project.name, "due": row.due.isoformat()},
        dedupe_key=f"materials_late:{row.id}:{row.due.isoformat()}",
        now=now,
        project_id=project.id,
        link=f"/projects/{project.no}",
        level="overdue",
    )


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
