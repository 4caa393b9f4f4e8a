"""User tasks: found, claimed, filled in, completed by exactly one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.domain.substitution import StandIn
from app.engine import runtime
from app.errors import AlreadyDone, NotFound, NotPermitted
from app.form_schema import Answers, FormModel, routing_values, to_storage, validate
from app.models.accounts import Person
from app.models.base import at_once, in_one_text, table_of
from app.models.documents import Attachment, Draft, Submission
from app.models.process import ActedFor, ProcessInstance, TaskAudience, UserTask
from app.services import attachments, audiences, audit, calendars, definitions
from app.services.context import Actor, Recorded, StepContext
from app.services.families import lock_family
from app.services.form_context import form_context
from app.services.host import StepHost
from app.services.process_instances import Run
from app.services.recorders import record as record_facts

_OPENED = (
    select(
        UserTask,
        ProcessInstance,
        select(in_one_text(TaskAudience.audience)).where(TaskAudience.task_id == UserTask.id).scalar_subquery(),
        calendars.REVISION,
        select(Draft.person_id).where(Draft.task_id == UserTask.id, Draft.person_id == bindparam("person_id")).exists(),
    )
    .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
    .where(UserTask.id == bindparam("task_id"))
)
_TASKS, _AUDIENCES, _DRAFTS = table_of(UserTask), table_of(TaskAudience), table_of(Draft)
_CLOSED = _TASKS.update().where(_TASKS.c.id == bindparam("task_id"))
_KEPT = table_of(Submission).insert().returning(table_of(Submission).c.id)
_UNHEARD = _AUDIENCES.delete().where(_AUDIENCES.c.task_id == bindparam("of_task"))
_DRAFT_DONE = _DRAFTS.delete().where(
    _DRAFTS.c.task_id == bindparam("of_task"), _DRAFTS.c.person_id == bindparam("of_person")
)
_FOR = table_of(ActedFor).insert()
"""Statements that every completion executes, built once; the last one where a substitute completes."""


@dataclass(frozen=True)
class Opened:
    """An open task as its holder sees it, under the lock of its family."""

    task: UserTask
    instance: ProcessInstance
    audiences: frozenset[str]
    has_draft: bool
    """Whether she has answers kept that she has not handed in."""
    on_behalf_of: StandIn | None = None
    """For whom she stands in, where the task is not hers (代理)."""


def open_task(session: Session, task_id: int, *, by: Actor, to_act: bool) -> Opened:
    """Return a task that `by` may see, with the lock of its family when `to_act`.

    Raises NotFound for who is not in its audience (404: she may not know that it exists), AlreadyDone when it has been
    completed or withdrawn meanwhile, NotPermitted when somebody else has claimed it.
    """
    if to_act:
        lock_family(session, task_id)
    found = session.execute(_OPENED, {"task_id": task_id, "person_id": by.id}).one_or_none()
    if found is None:
        raise NotFound
    task, instance, text, revision, has_draft = found
    calendars.at_revision(session, revision)
    names = frozenset((text or "").split())
    mine = audiences.of_person(by)
    if task.status != "open":
        if not _was_hers(session, task, by):
            raise NotFound
        raise AlreadyDone(
            "这项任务已由%(who)s于%(when)s办结。" if task.status == "completed" else "这项任务已于%(when)s撤销。",
            who=_name(session, task.ended_by),
            when=task.ended_at,
            task_id=task.id,
        )
    if not names & mine:
        if task.claimed_at is None or not _was_hers(session, task, by):
            raise NotFound
        raise NotPermitted("%(who)s正在办理这项任务。", who=_name(session, task.assignee_id))
    return Opened(task, instance, names, has_draft, audiences.on_behalf_of(names, by))


def _was_hers(session: Session, task: UserTask, by: Actor) -> bool:
    """Say whether a task that is closed or claimed waited for her roles before; its audience rows are gone by then."""
    return task.ended_by == by.id or bool(
        audiences.of_roles(session, task.roles.split(), unit_id=task.unit_id, project_id=task.project_id)
        & audiences.of_person(by)
    )


def _name(session: Session, person_id: int | None) -> str:
    return (session.scalar(select(Person.name).where(Person.id == person_id)) if person_id else None) or "系统"


def complete(
    session: Session, task_id: int, posted: Mapping[str, object], *, by: Actor, now: datetime
) -> ProcessInstance:
    """Complete a task with the values of its form: judge, record, step on, all in the caller's transaction.

    Raises NotFound, NotPermitted, AlreadyDone, InvalidAnswers, RegulationViolation, or the engine's ExpressionFailed;
    whatever is raised, nothing has happened and the task is still open.
    """
    opened = open_task(session, task_id, by=by, to_act=True)
    task, instance = opened.task, opened.instance
    _must_be_running(instance)
    run = Run(session, now, by)
    context = run.context(instance)
    context.task, context.on_behalf_of = task, opened.on_behalf_of
    answers: Answers = {}
    blank: Answers = {}
    routing: Mapping[str, object] = {}
    if task.form_definition_id is not None:
        form, _process = definitions.form_and_process(session, task.form_definition_id, instance.definition_id)
        answers = judge(context, form, posted)
        routing = routing_values(form, answers)
        # a field that was hidden has no answer: an output mapping may name it all the same, and reads null
        blank = dict.fromkeys((field.key for field in form.answers()), None)
    submission_id = _keep(context, answers)
    if task.form_id:
        record_facts(context, Recorded(task.form_id, answers, submission_id, task.properties))
    attachments.hand_in(session, answers, task=task, submission_id=submission_id)
    model = definitions.process_model(session, instance.definition_id)
    step = runtime.complete_user_task(
        model, instance.state, task.key, StepHost(context), answers={**blank, **answers}, routing=routing
    )
    _close(session, opened, by=by, now=now)
    run.apply(context, step, completed_task=task.key)
    run.settle()
    return instance


def judge(context: StepContext, form: FormModel, posted: Mapping[str, object]) -> Answers:
    """Return the typed answers; raise InvalidAnswers naming every field that is wrong, missing, surplus or forged."""
    task = context.task
    assert task is not None  # noqa: S101 -- only called for a task

    def owns(attachment_id: str) -> bool:
        belongs = Attachment.task_id == task.id
        if task.project_id is not None:  # without a project, `== None` would let in every file of every such task
            belongs |= Attachment.project_id == task.project_id
        found = context.session.scalar(select(Attachment.id).where(Attachment.id == attachment_id, belongs))
        return found is not None

    return validate(
        form,
        posted,
        context=form_context(context, form, task.inputs),
        today=context.today,
        now=context.now,
        owns=owns,
    )


def _keep(context: StepContext, answers: Answers) -> int:
    task, by = context.task, context.by
    assert task is not None  # noqa: S101
    assert by is not None  # noqa: S101
    submission = {
        "task_id": task.id,
        "instance_id": task.instance_id,
        "project_id": task.project_id,
        "element_id": task.element_id,
        "form_id": task.form_id,
        "form_definition_id": task.form_definition_id,
        "answers": to_storage(answers),
        "by_id": by.id,
        "at": context.now,
    }
    submission_id: int = at_once(context.session, _KEPT, submission).scalar_one()
    return submission_id


def _close(session: Session, opened: Opened, *, by: Actor, now: datetime) -> None:
    task, on_behalf_of = opened.task, opened.on_behalf_of
    closed = {"status": "completed", "ended_at": now, "ended_by": by.id}
    at_once(session, _CLOSED, {"task_id": task.id, **closed})
    for name, value in closed.items():
        set_committed_value(task, name, value)
    at_once(session, _UNHEARD, {"of_task": task.id})
    if opened.has_draft:
        at_once(session, _DRAFT_DONE, {"of_task": task.id, "of_person": by.id})
    detail: dict[str, object] = {"form": task.form_id, "project": task.project_id}
    if on_behalf_of is not None:
        detail["on_behalf_of"] = on_behalf_of.person_id
        at_once(session, _FOR, {"task_id": task.id, "person_id": on_behalf_of.person_id, "by_id": by.id})
    audit.record(
        session,
        "complete_task",
        subject_kind="user_task",
        subject_id=task.id,
        actor_id=by.id,
        now=now,
        detail=detail,
    )


def _must_be_running(instance: ProcessInstance) -> None:
    if instance.status == "suspended":
        raise NotPermitted("项目已被暂停建设，恢复之前不能办理（第三十一条）。")
    if instance.status != "active":
        raise AlreadyDone("这个流程已经结束。")


def claim(session: Session, task_id: int, *, by: Actor, now: datetime) -> None:
    """Take a task for oneself: others of the role no longer find it in their inbox until it is released."""
    opened = open_task(session, task_id, by=by, to_act=True)
    if opened.task.assignee_id == by.id:
        return
    _only_hers(opened)
    _give(session, opened.task, by.id, now=now)
    audit.record(session, "claim_task", subject_kind="user_task", subject_id=task_id, actor_id=by.id, now=now)


def _only_hers(opened: Opened) -> None:
    """A substitute does the tasks of the one who is absent; to whom they belong stays as it is."""
    if opened.on_behalf_of is not None:
        who = opened.on_behalf_of.name
        raise NotPermitted("这项任务由%(who)s领取，你代理期间可以直接办理，不能改领或者转办。", who=who)


def _give(session: Session, task: UserTask, person_id: int, *, now: datetime) -> None:
    task.assignee_id, task.claimed_at = person_id, now
    names = audiences.of_claimed(
        session, person_id, task.roles.split(), unit_id=task.unit_id, project_id=task.project_id
    )
    _rewrite_audience(session, task, names)


def release(session: Session, task_id: int, *, by: Actor, now: datetime) -> None:
    """Give a claimed task back to its role; raise NotPermitted for a task that was given to her by name."""
    opened = open_task(session, task_id, by=by, to_act=True)
    if opened.task.assignee_id != by.id:
        return
    model = definitions.process_model(session, opened.instance.definition_id)
    context = StepContext(session, now, opened.instance, by)
    wait = runtime.waits(model, opened.instance.state, StepHost(context)).user_tasks[opened.task.key]
    if wait.assignee or wait.candidate_users:
        raise NotPermitted("这项任务指定由你办理，不能退回给他人。")
    opened.task.assignee_id = None
    opened.task.claimed_at = None
    names = audiences.of_task(
        session, wait, unit_id=opened.task.unit_id, project_id=opened.task.project_id, instance_id=opened.instance.id
    )
    _rewrite_audience(session, opened.task, names)
    audit.record(session, "release_task", subject_kind="user_task", subject_id=task_id, actor_id=by.id, now=now)


def _rewrite_audience(session: Session, task: UserTask, names: frozenset[str]) -> None:
    at_once(session, _UNHEARD, {"of_task": task.id})
    due = task.due_at or audiences.END_OF_TIME
    session.execute(
        insert(TaskAudience), [{"task_id": task.id, "audience": name, "due_at": due} for name in sorted(names)]
    )


def save_draft(
    session: Session,
    task_id: int,
    values: Mapping[str, object],
    *,
    by: Actor,
    now: datetime,
    revision: int | None = None,
) -> int:
    """Keep what has been typed, valid or not; return the draft's new revision.

    `revision` is the one that the page last saw; an older one than stored raises AlreadyDone, so that two windows do
    not overwrite each other. A task that is closed meanwhile keeps the draft for 30 days.
    """
    draft = session.get(Draft, (task_id, by.id))
    if draft is None:
        task = session.get(UserTask, task_id)
        if task is None or not _may_draft(session, task, by):
            raise NotFound
        draft = Draft(
            task_id=task_id,
            person_id=by.id,
            form_definition_id=task.form_definition_id,
            values={},
            revision=0,
            saved_at=now,
        )
        session.add(draft)
    elif revision is not None and revision < draft.revision:
        raise AlreadyDone("这份草稿已在另一个窗口改过（第 %(revision)s 稿），请先看一看再存。", revision=draft.revision)
    draft.values = dict(values)
    draft.revision += 1
    draft.saved_at = now
    session.flush()
    return draft.revision


def _may_draft(session: Session, task: UserTask, by: Actor) -> bool:
    if task.form_id == "f01":
        return False  # no draft is kept of the question about state secrets (Art. 34)
    names = set(session.scalars(select(TaskAudience.audience).where(TaskAudience.task_id == task.id)))
    if names & audiences.of_person(by):
        return True
    gone = task.status != "open" or task.claimed_at is not None
    return gone and _was_hers(session, task, by)


def drop_old_drafts(session: Session, *, before: datetime) -> int:
    """Delete drafts of tasks that ended before `before` (30 days ago); return how many."""
    gone = select(UserTask.id).where(UserTask.status != "open", UserTask.ended_at < before)
    result = session.execute(delete(Draft).where(Draft.task_id.in_(gone)))
    return int(getattr(result, "rowcount", 0))


def reassign(session: Session, task_id: int, *, to_person: int, by: Actor, now: datetime) -> None:
    """Hand a task over to somebody else who would find it in the inbox; raise NotPermitted for anybody else.

    A task that the diagram gives to one person (an expert's opinion) cannot be handed over.
    """
    opened = open_task(session, task_id, by=by, to_act=True)
    _only_hers(opened)
    person = session.get(Person, to_person)
    if person is None or not person.active:
        raise NotFound
    from app.services.accounts import actor_of  # noqa: PLC0415 -- accounts know persons, tasks do not need them otherwise

    other = actor_of(session, person)
    model = definitions.process_model(session, opened.instance.definition_id)
    context = StepContext(session, now, opened.instance, by)
    wait = runtime.waits(model, opened.instance.state, StepHost(context)).user_tasks[opened.task.key]
    if wait.assignee or wait.candidate_users:
        raise NotPermitted("这项任务指定由你办理，不能转办。")
    names = audiences.of_task(
        session, wait, unit_id=opened.task.unit_id, project_id=opened.task.project_id, instance_id=opened.instance.id
    )
    if not names & audiences.of_person(other):
        raise NotPermitted("%(who)s不承担这项任务的角色，不能转办。", who=person.name)
    _give(session, opened.task, other.id, now=now)
    audit.record(
        session,
        "reassign_task",
        subject_kind="user_task",
        subject_id=task_id,
        actor_id=by.id,
        now=now,
        detail={"to": other.id},
    )
