"""Calling an open task to the mind of those who can do it (催办): one notice a day, whoever asks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.errors import AlreadyDone, NotFound, NotPermitted
from app.models.accounts import Organisation, Person
from app.models.business import Project
from app.models.documents import AuditEvent
from app.models.process import TaskAudience, UserTask
from app.services import audiences as audiences_of
from app.services import audit, notices, substitutions
from app.services.context import Actor

ACT = "remind_task"


def remind(session: Session, task_id: int, *, by: Actor, now: datetime) -> tuple[str, ...]:
    """Write a notice to everybody else who may do the task; return their names.

    Whether `by` may know of the task is for the caller to ask. Raises NotFound for a task that does not exist,
    AlreadyDone when it is closed or was called to mind today already, NotPermitted when only `by` can do it.
    """
    task = session.get(UserTask, task_id)
    if task is None:
        raise NotFound
    if task.status != "open":
        raise AlreadyDone("这项任务已经办结，不用再催。")
    _once_a_day(session, task, now)
    people = who_can(session, task, but=by.id)
    today = now.astimezone(SHANGHAI).date()
    if task.claimed_at is not None:
        people |= substitutions.standing_in(session, list(people), task.roles.split(), today=today)
        people.pop(by.id, None)
    if not people:
        raise NotPermitted("这项任务只有你能办，没有别人可催。")
    project = session.get(Project, task.project_id) if task.project_id is not None else None
    unit = session.scalar(select(Organisation.short).where(Organisation.id == by.organisation_id)) or ""
    notices.notify(
        session,
        people,
        message=(
            "%(who)s（%(unit)s）催办“%(task)s”：%(project)s。" if project else "%(who)s（%(unit)s）催办“%(task)s”。"
        ),
        values={
            "who": by.name,
            "unit": unit,
            "task": " ".join(task.name.split()),
            **({"project": project.name} if project else {}),
        },
        dedupe_key=f"remind:{task.id}:{today.isoformat()}",
        now=now,
        project_id=task.project_id,
        link=f"/tasks/{task.id}",
        level="warning",
    )
    audit.record(
        session, ACT, subject_kind="user_task", subject_id=task.id, actor_id=by.id, now=now,
        detail={"told": sorted(people)},
    )  # fmt: skip
    return tuple(people.values())


def _once_a_day(session: Session, task: UserTask, now: datetime) -> None:
    last = session.execute(
        select(AuditEvent.at, Person.name)
        .outerjoin(Person, Person.id == AuditEvent.actor_id)
        .where(AuditEvent.subject_kind == "user_task", AuditEvent.subject_id == str(task.id), AuditEvent.act == ACT)
        .order_by(AuditEvent.id.desc())
        .limit(1)
    ).one_or_none()
    if last is not None and last[0].astimezone(SHANGHAI).date() == now.astimezone(SHANGHAI).date():
        raise AlreadyDone("%(who)s今天已经催过，同一项任务一天只催一次。", who=last[1] or "")


def who_can(session: Session, task: UserTask, *, but: int) -> dict[int, str]:
    """Return the active persons who find the task in their inbox, by id with their names, without one of them."""
    audiences = session.scalars(select(TaskAudience.audience).where(TaskAudience.task_id == task.id)).all()
    found: dict[int, str] = {}
    for audience in audiences:
        found.update(audiences_of.of_name(session, audience))
    found.pop(but, None)
    return found
