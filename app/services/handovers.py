"""交接班: what a leaving colleague has in hand goes to one successor, in one transaction and on one sealed list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.domain import handover
from app.domain.states import FINAL
from app.errors import AlreadyDone, NotFound, NotPermitted, Refused
from app.models.accounts import Person
from app.models.business import DeadlineRow, Project
from app.models.documents import AuditEvent, Draft
from app.models.process import TaskAudience, UserTask
from app.services import audiences, audit, notices
from app.services.accounts import actor_of
from app.services.context import Actor

ACT, RECEIVED = "hand_over", "receive_handover"


@dataclass(frozen=True)
class InHand:
    """What a person has in hand, by ids: what goes to the successor, what goes back to the role, what stays."""

    tasks: tuple[int, ...] = ()
    released: tuple[int, ...] = ()
    """Claimed tasks of a role that the successor lacks: their role finds them again."""
    personal: tuple[int, ...] = ()
    """Tasks that a diagram gave to the person by name (an expert's seat): nobody else can do them."""
    drafts: tuple[int, ...] = ()
    projects: tuple[int, ...] = ()
    deadlines: tuple[int, ...] = ()


def in_hand(session: Session, leaving: Person, to: Actor) -> InHand:
    """Return what would pass from `leaving` to `to`."""
    tasks, released, personal = [], [], []
    for task in _assigned(session, leaving.id):
        if task.claimed_at is None:
            personal.append(task.id)
        elif _roles_of(session, task) & audiences.of_person(to):
            tasks.append(task.id)
        else:
            released.append(task.id)
    drafted = session.scalars(
        select(UserTask)
        .join(Draft, Draft.task_id == UserTask.id)
        .where(Draft.person_id == leaving.id, UserTask.status == "open", UserTask.form_id != "f01")
        .order_by(UserTask.id)
    ).all()
    mine = audiences.of_person(to)
    kept = set(session.scalars(select(Draft.task_id).where(Draft.person_id == to.id)))
    projects = tuple(
        session.scalars(
            select(Project.id)
            .where(Project.lead_id == leaving.id, Project.state.not_in([state.value for state in FINAL]))
            .order_by(Project.id)
        )
    )
    deadlines = session.scalars(
        select(DeadlineRow.id)
        .where(DeadlineRow.project_id.in_(projects), DeadlineRow.status == "open")
        .order_by(DeadlineRow.due, DeadlineRow.id)
    )
    return InHand(
        tuple(tasks),
        tuple(released),
        tuple(personal),
        tuple(task.id for task in drafted if task.id not in kept and _roles_of(session, task) & mine),
        projects,
        tuple(deadlines),
    )


def preview(session: Session, leaving_id: int, to_id: int) -> tuple[int, InHand] | None:
    """Return the organisation of two colleagues and what would pass between them; None where they are none."""
    leaving, successor = session.get(Person, leaving_id), session.get(Person, to_id)
    if leaving is None or successor is None or leaving.organisation_id != successor.organisation_id:
        return None
    return leaving.organisation_id, in_hand(session, leaving, actor_of(session, successor))


def hand_over(session: Session, leaving_id: int, to_id: int, *, by: Actor, now: datetime) -> int:
    """Pass claimed tasks, drafts and led projects to a colleague; return the number of the sealed list.

    A head of their organisation may, or the system administrator. Raises NotFound for persons who are not colleagues,
    NotPermitted for other roles, Refused where the successor may not lead projects or there is nothing to pass on.
    """
    leaving = session.get(Person, leaving_id, with_for_update=True)
    successor = session.get(Person, to_id)
    if leaving is None or successor is None or leaving.id == successor.id:
        raise NotFound
    if successor.organisation_id != leaving.organisation_id or not successor.active:
        raise NotFound
    if not handover.may_start(by.roles, same_organisation=by.organisation_id == leaving.organisation_id):
        raise NotPermitted("交接由本单位负责人或者系统管理员发起。")
    to = actor_of(session, successor)
    found = in_hand(session, leaving, to)
    if not (found.tasks or found.released or found.drafts or found.projects):
        raise Refused("%(who)s手里没有需要移交的任务、草稿和项目。", who=leaving.name)
    if found.projects and not handover.may_lead(to.roles):
        raise Refused(
            "%(who)s负责 %(count)s 个项目，接收人%(to)s没有“项目负责人”角色，请先由系统管理员给角色。",
            who=leaving.name, count=len(found.projects), to=successor.name,
        )  # fmt: skip
    _pass_tasks(session, found, to, now)
    _pass_drafts(session, found, leaving.id, to.id)
    for project in session.scalars(select(Project).where(Project.id.in_(found.projects))):
        project.lead_id = to.id
    detail = {"to": to.id, **{name: list(ids) for name, ids in vars(found).items()}}
    audit.record(session, ACT, subject_kind="person", subject_id=leaving.id, actor_id=by.id, now=now, detail=detail)
    session.flush()
    number = session.scalars(
        select(AuditEvent.id)
        .where(AuditEvent.act == ACT, AuditEvent.subject_id == str(leaving.id))
        .order_by(AuditEvent.id.desc())
        .limit(1)
    ).one()
    notices.notify(
        session,
        {to.id, leaving.id} - {by.id},
        message="%(who)s的工作移交给%(to)s：任务 %(tasks)s 件，草稿 %(drafts)s 份，负责的项目 %(projects)s 个。",
        values={"who": leaving.name, "to": successor.name, "tasks": len(found.tasks), "drafts": len(found.drafts),
                "projects": len(found.projects)},
        dedupe_key=f"handover:{number}",
        now=now,
        link=f"/handovers/{number}",
    )  # fmt: skip
    return number


def receive(session: Session, number: int, *, by: Actor, now: datetime) -> None:
    """Let the successor sign for the list; raise NotFound for others, AlreadyDone the second time."""
    event = session.get(AuditEvent, number)
    if event is None or event.act != ACT or event.detail.get("to") != by.id:
        raise NotFound
    signed = select(AuditEvent.id).where(AuditEvent.act == RECEIVED, AuditEvent.subject_id == str(number))
    if session.scalar(signed.limit(1)) is not None:
        raise AlreadyDone("这份交接清单你已经签收。")
    audit.record(session, RECEIVED, subject_kind="handover", subject_id=number, actor_id=by.id, now=now)


def _assigned(session: Session, person_id: int) -> list[UserTask]:
    named = select(TaskAudience.task_id).where(TaskAudience.audience == f"p:{person_id}")
    return list(
        session.scalars(select(UserTask).where(UserTask.id.in_(named), UserTask.status == "open").order_by(UserTask.id))
    )


def _roles_of(session: Session, task: UserTask) -> frozenset[str]:
    return audiences.of_roles(session, task.roles.split(), unit_id=task.unit_id, project_id=task.project_id)


def _pass_tasks(session: Session, found: InHand, to: Actor, now: datetime) -> None:
    for task in session.scalars(select(UserTask).where(UserTask.id.in_([*found.tasks, *found.released]))):
        passes = task.id in found.tasks
        task.assignee_id, task.claimed_at = (to.id, now) if passes else (None, None)
        place = {"unit_id": task.unit_id, "project_id": task.project_id}
        rows = audiences.of_claimed(session, to.id, task.roles.split(), **place) if passes else _roles_of(session, task)
        session.execute(delete(TaskAudience).where(TaskAudience.task_id == task.id))
        session.execute(
            insert(TaskAudience),
            [{"task_id": task.id, "audience": name, "due_at": task.due_at or audiences.END_OF_TIME}
             for name in sorted(rows)],
        )  # fmt: skip


def _pass_drafts(session: Session, found: InHand, leaving_id: int, to_id: int) -> None:
    for task_id in found.drafts:
        old = session.get_one(Draft, (task_id, leaving_id))
        session.add(
            Draft(task_id=task_id, person_id=to_id, form_definition_id=old.form_definition_id, values=dict(old.values),
                  revision=1, saved_at=old.saved_at)
        )  # fmt: skip
        session.delete(old)
    session.flush()
