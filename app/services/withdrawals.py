"""Withdrawal: the unit takes its project back before funds have been arranged (specification §3.1, WITHDRAWN)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain import withdrawal
from app.domain.states import State, advance
from app.engine import runtime
from app.engine.step import Thrown
from app.errors import InvalidAnswers, NotFound, NotPermitted, RegulationViolation
from app.models.accounts import Organisation
from app.models.business import BudgetLine, Project
from app.models.process import ProcessInstance, UserTask
from app.services import audit, definitions, ledger, notices, reminders
from app.services.context import Actor
from app.services.families import lock, matching
from app.services.host import StepHost
from app.services.process_instances import Run

MESSAGE = "project.withdrawn"
ACT = "withdraw_project"
GOES_ON = frozenset({"p15_inspection", "p16_audit", "p20_hold"})
"""Processes that a withdrawal does not end: supervision, audit and the record of holds look at what has happened."""
LONGEST_REASON = 500


def withdraw(session: Session, project_id: int, *, reason: str, by: Actor, now: datetime) -> None:
    """Take a project back: its state, its running processes, its tasks, deadlines and unapproved budget lines end.

    The diagrams hear `project.withdrawn`; what of the project still runs afterwards is ended all the same, so that no
    redrawn diagram keeps a withdrawn project's tasks open. Only the head of the project's unit may. Raises NotFound for
    others' projects, NotPermitted for another person of the unit, InvalidAnswers without a reason, RegulationViolation
    once funds have been arranged.
    """
    for root_id in _families(session, project_id):
        lock(session, root_id)
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
    project.state, project.state_since = advance(State(project.state), MESSAGE), now
    _end_processes(session, project, by=by, now=now)
    ledger.void_open(session, project.id)
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


def _families(session: Session, project_id: int) -> list[int]:
    """Return the roots of all families that work on the project, in the order in which everybody locks them."""
    of_tasks = select(UserTask.instance_id).where(UserTask.project_id == project_id, UserTask.status == "open")
    query = select(ProcessInstance.id, ProcessInstance.root_id).where(
        or_(ProcessInstance.project_id == project_id, ProcessInstance.id.in_(of_tasks)),
        ProcessInstance.status.in_(("active", "suspended")),
    )
    return sorted({root_id or instance_id for instance_id, root_id in session.execute(query)})


def _end_processes(session: Session, project: Project, *, by: Actor, now: datetime) -> None:
    run = Run(session, now, by)
    run.throw(None, Thrown("message", MESSAGE, project.no, {}, element_id=""))
    for subscription in matching(session, "message", MESSAGE, project.no):
        run.deliver(subscription, {})
    run.settle()
    for instance in _running(session, project.id):
        run.dismiss(instance)
        run.settle()
    for task_id in _items(session, project.id):
        _drop_item(run, task_id)
        run.settle()


def _running(session: Session, project_id: int) -> list[ProcessInstance]:
    """Return the topmost instances of the project that still run; those below them end with them."""
    caller = aliased(ProcessInstance)
    query = (
        select(ProcessInstance)
        .outerjoin(caller, caller.id == ProcessInstance.parent_id)
        .where(
            ProcessInstance.project_id == project_id,
            ProcessInstance.status.in_(("active", "suspended")),
            ProcessInstance.process_key.not_in(GOES_ON),
            or_(caller.id.is_(None), caller.project_id.is_distinct_from(project_id)),
        )
        .order_by(ProcessInstance.id)
    )
    return list(session.scalars(query))


def _items(session: Session, project_id: int) -> list[int]:
    """Return the open tasks about the project in processes that work on many, the yearly plan's (P-01)."""
    query = (
        select(UserTask.id)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .where(
            UserTask.project_id == project_id,
            UserTask.status == "open",
            ProcessInstance.project_id.is_distinct_from(project_id),
            ProcessInstance.process_key.not_in(GOES_ON),
        )
        .order_by(UserTask.id)
    )
    return list(session.scalars(query))


def _drop_item(run: Run, task_id: int) -> None:
    """Let a process that works on many projects go on without this one's task; nobody has answered it."""
    task = run.session.get_one(UserTask, task_id)
    instance = lock(run.session, task.instance_id)
    if instance is None or instance.status != "active":
        return
    context = run.context(instance)
    model = definitions.process_model(run.session, instance.definition_id)
    form = definitions.form_model(run.session, task.form_definition_id) if task.form_definition_id else None
    unanswered = dict.fromkeys((field.key for field in form.answers()), None) if form else {}
    run.apply(
        context,
        runtime.complete_user_task(model, instance.state, task.key, StepHost(context), answers=unanswered, routing={}),
    )


def _people(session: Session, project: Project, by: Actor) -> set[int]:
    """Return who has to know: whoever has a task of the project open, its unit, and the bureau that plans with it."""
    tasks = session.scalars(select(UserTask).where(UserTask.project_id == project.id, UserTask.status == "open")).all()
    found = {person for task in tasks for person in reminders.who_can(session, task, but=by.id)}
    found.update(notices.holders(session, ("unit_clerk", "unit_lead", "bur_section"), unit_id=project.unit_id))
    return found - {by.id}


def _short(session: Session, unit_id: int) -> str:
    return session.scalar(select(Organisation.short).where(Organisation.id == unit_id)) or ""
