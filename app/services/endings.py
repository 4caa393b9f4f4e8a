"""A project that has ended keeps no open task: what still runs of it ends too, whatever the diagrams say (§4.5)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.endings import GOES_ON, kept_deadlines
from app.domain.states import FINAL, State
from app.engine import runtime
from app.models.business import Project
from app.models.process import ProcessInstance, UserTask
from app.services import definitions, ledger
from app.services.families import lock
from app.services.host import StepHost
from app.services.process_instances import Run
from app.services.project_states import announce_end

_RUNNING = ("active", "suspended")


def end(run: Run, project_id: int) -> None:
    """End every process and open task of an ended project that its state does not let go on, and void its deadlines.

    A process that works on many projects (P-01) goes on without this one. A project that has not ended is left alone.
    """
    session = run.session
    lock_families(session, project_id)
    project = session.get_one(Project, project_id, populate_existing=True)
    if project.state not in FINAL:
        return
    state = State(project.state)
    goes_on = GOES_ON[state]
    for instance in _topmost(session, project_id, goes_on):
        run.dismiss(instance)
        run.settle()
    for task_id in _items(session, project_id, goes_on):
        _drop_item(run, task_id)
        run.settle()
    ledger.void_open(session, project_id, but=kept_deadlines(state))


def announce_forgotten(session: Session, *, now: datetime) -> None:
    """Announce the end once more for every ended project that has an open task it may not have."""
    may_go_on = [
        and_(Project.state == state.value, ProcessInstance.process_key.in_(keys)) for state, keys in GOES_ON.items()
    ]
    forgotten = (
        select(UserTask.project_id)
        .join(Project, Project.id == UserTask.project_id)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .where(UserTask.status == "open", Project.state.in_([state.value for state in FINAL]), ~or_(*may_go_on))
    )
    for project_id in session.scalars(select(Project.id).where(Project.id.in_(forgotten)).order_by(Project.id)):
        announce_end(session, project_id, now=now)


def lock_families(session: Session, project_id: int) -> None:
    """Lock all families that work on the project, in the order in which everybody locks them."""
    of_tasks = select(UserTask.instance_id).where(UserTask.project_id == project_id, UserTask.status == "open")
    query = select(ProcessInstance.id, ProcessInstance.root_id).where(
        or_(ProcessInstance.project_id == project_id, ProcessInstance.id.in_(of_tasks)),
        ProcessInstance.status.in_(_RUNNING),
    )
    for root_id in sorted({root_id or instance_id for instance_id, root_id in session.execute(query)}):
        lock(session, root_id)


def _topmost(session: Session, project_id: int, goes_on: frozenset[str]) -> list[ProcessInstance]:
    """Return the topmost instances of the project that still run; those below them end with them."""
    caller = aliased(ProcessInstance)
    query = (
        select(ProcessInstance)
        .outerjoin(caller, caller.id == ProcessInstance.parent_id)
        .where(
            ProcessInstance.project_id == project_id,
            ProcessInstance.status.in_(_RUNNING),
            ProcessInstance.process_key.not_in(goes_on),
            or_(caller.id.is_(None), caller.project_id.is_distinct_from(project_id)),
        )
        .order_by(ProcessInstance.id)
    )
    return list(session.scalars(query))


def _items(session: Session, project_id: int, goes_on: frozenset[str]) -> list[int]:
    """Return the open tasks about the project in processes that work on many, the yearly plan's (P-01)."""
    query = (
        select(UserTask.id)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .where(
            UserTask.project_id == project_id,
            UserTask.status == "open",
            ProcessInstance.project_id.is_distinct_from(project_id),
            ProcessInstance.process_key.not_in(goes_on),
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
