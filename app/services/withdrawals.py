"""Withdrawal: the unit takes its project back before funds have been arranged (specification §3.1, WITHDRAWN)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain import withdrawal
from app.domain.states import State
from app.engine.step import Thrown
from app.errors import InvalidAnswers, NotFound, NotPermitted, RegulationViolation
from app.models.accounts import Organisation
from app.models.business import BudgetLine, Project
from app.models.process import UserTask
from app.services import audit, endings, notices, project_states, reminders
from app.services.context import Actor
from app.services.families import matching
from app.services.process_instances import Run

MESSAGE = "project.withdrawn"
ACT = "withdraw_project"
LONGEST_REASON = 500


def withdraw(session: Session, project_id: int, *, reason: str, by: Actor, now: datetime) -> None:
    """Take a project back: its state, its running processes, its tasks, deadlines and unapproved budget lines end.

    The diagrams hear `project.withdrawn`; what of the project still runs afterwards is ended all the same, so that no
    redrawn diagram keeps a withdrawn project's tasks open. Only the head of the project's unit may. Raises NotFound for
    others' projects, NotPermitted for another person of the unit, InvalidAnswers without a reason, RegulationViolation
    once funds have been arranged.
    """
    endings.lock_families(session, project_id)
    project = session.get(Project, project_id, populate_existing=True)
    if project is None or project.unit_id != by.organisation_id:
        raise NotFound
    if "unit_head" not in by.roles:
        raise NotPermitted("撤回项目由单位负责人办理。")
    refused = withdrawal.refusals(State(project.state))
    if refused:
        raise RegulationViolation(refused)
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        raise InvalidAnswers({"reason": ["请写明撤回的理由。"]})
    told = _people(session, project, by)
    project_states.move(session, project, MESSAGE, now=now)
    _end_processes(session, project, by=by, now=now)
    session.execute(delete(BudgetLine).where(BudgetLine.project_id == project.id, BudgetLine.approved_on.is_(None)))
    audit.record(
        session, ACT, subject_kind="project", subject_id=project.id, actor_id=by.id, now=now, detail={"reason": reason}
    )
    notices.notify(
        session,
        told,
        message="%(unit)s已撤回“%(project)s”，相关任务不再办理。撤回理由：%(reason)s",
        values={"unit": _short(session, project.unit_id), "project": project.name, "reason": reason},
        dedupe_key=f"withdrawn:{project.id}",
        now=now,
        project_id=project.id,
        link=f"/projects/{project.no}",
    )
    session.flush()


def _end_processes(session: Session, project: Project, *, by: Actor, now: datetime) -> None:
    run = Run(session, now, by)
    run.throw(None, Thrown("message", MESSAGE, project.no, {}, element_id=""))
    for subscription in matching(session, "message", MESSAGE, project.no):
        run.deliver(subscription, {})
    run.settle()
    endings.end(run, project.id)


def _people(session: Session, project: Project, by: Actor) -> set[int]:
    """Return who has to know: whoever has a task of the project open, its unit, and the bureau that plans with it."""
    tasks = session.scalars(select(UserTask).where(UserTask.project_id == project.id, UserTask.status == "open")).all()
    found = {person for task in tasks for person in reminders.who_can(session, task, but=by.id)}
    found.update(notices.holders(session, ("unit_clerk", "unit_lead", "bur_section"), unit_id=project.unit_id))
    return found - {by.id}


def _short(session: Session, unit_id: int) -> str:
    return session.scalar(select(Organisation.short).where(Organisation.id == unit_id)) or ""
