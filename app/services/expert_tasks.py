"""Open tasks of single experts: whom the bureau may replace and why, and the task passed on to who was drawn (T-04)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, cast, delete, insert, select
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.domain.calendar import midnight_after
from app.domain.facts import ProjectFacts
from app.domain.parameters import TASK_DAYS
from app.domain.refusals import Refusal
from app.errors import InvalidAnswers, NotFound, Refused
from app.models.accounts import Person
from app.models.business import PanelMember, Project
from app.models.process import ProcessInstance, TaskAudience, UserTask
from app.services import audiences, calendars, expert_replacements, expert_ties, notices, parameters
from app.services.context import Actor
from app.services.expert_replacements import CONFLICT, DECLARED, OVERDUE, Cause
from app.services.facts import project_facts
from app.services.families import lock_family

PURPOSES = {"f05d": ("review", "evaluation"), "f05e": ("review",), "f25e": ("evaluation",)}
"""Form of a single expert → the panels on which she fills it in. At an acceptance those judge who were at the meeting:
there the bureau designates anew (F-05z)."""
READERS = expert_ties.KEEPERS | {"bur_head", "gov_office"}
LATE = "逾期未提交，依 T-04 更换"
DECLARE_FIRST = "declare_first"
"""The input by which a task that was passed on asks for the declaration of interests as well (COI-07)."""
LONGEST_REASON = 300


@dataclass(frozen=True)
class ExpertTask:
    """One expert's open task, and what the bureau may do about it."""

    task: UserTask
    seat: PanelMember
    project: Project
    expert: Person
    conflicts: tuple[Refusal, ...]
    late: bool
    own: bool
    """The bureau's own project: the county government office replaces (COI-08)."""

    def may_be_replaced_by(self, by: Actor) -> bool:
        """Say whether this person may replace the expert, were there a cause."""
        return bool(by.roles & (frozenset({"gov_office"}) if self.own else expert_ties.KEEPERS))

    @property
    def cause(self) -> Cause | None:
        """Why the expert may be replaced now; None while she is in time and free."""
        if self.conflicts:
            return Cause(CONFLICT, self.conflicts[0].message % dict(self.conflicts[0].values))
        return Cause(OVERDUE, LATE) if self.late else None


def waiting(session: Session, *, by: Actor, now: datetime) -> tuple[ExpertTask, ...]:
    """Return the experts' open tasks, those with a cause first; the county government office sees the bureau's own."""
    if not by.roles & READERS:
        raise NotFound
    bureau = bool(by.roles & (READERS - {"gov_office"}))
    found = [one for one in _open(session, now=now) if bureau or one.own]
    return tuple(sorted(found, key=lambda one: (one.cause is None, one.task.due_at or audiences.END_OF_TIME)))


def replace(session: Session, task_id: int, *, reason: str, by: Actor, now: datetime) -> Person | None:
    """Replace the expert of a task by one drawn at random, who finds the same task; return her.

    The expert herself may give up her seat for an interest that she states; the bureau may replace her for a conflict
    that has come to light or once she is late, in the bureau's own projects the county government office. There an
    expert's own word is only noted, and None returned. Raises NotFound for others, InvalidAnswers without a reason,
    Refused without a cause or without a free expert. Nobody's draft is lost.
    """
    lock_family(session, task_id)
    found = next(_open(session, now=now, task_id=task_id), None)
    herself = found is not None and found.expert.id == by.id
    if found is None or not (herself or found.may_be_replaced_by(by)):
        raise NotFound
    cause = _stated(reason) if herself else found.cause
    if cause is None:
        raise Refused("这位专家尚未逾期，也没有应当回避的情形，不能更换。")
    if herself:
        found.seat.interest_declared = True
        if found.own:
            _tell_county(session, found, now=now)
            return None
    facts = project_facts(session, found.project.id, now=now)
    drawn = expert_replacements.give_up(session, facts, found.seat, cause, by=by, now=now)
    if drawn is None:
        raise Refused("没有可以更换的专家：其余专家都已在组内或者应当回避，请先增补专家。")
    _pass_on(session, found, drawn, now=now)
    return drawn


def _stated(reason: str) -> Cause:
    text = reason.strip()[:LONGEST_REASON]
    if not text:
        raise InvalidAnswers({"reason": ["请写明回避的理由。"]})
    return Cause(DECLARED, text)


def _open(session: Session, *, now: datetime, task_id: int | None = None) -> Iterator[ExpertTask]:
    query = (
        select(UserTask, PanelMember, Project, Person)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .join(Project, Project.id == UserTask.project_id)
        .join(TaskAudience, TaskAudience.task_id == UserTask.id)
        .join(PanelMember, PanelMember.project_id == UserTask.project_id)
        .join(Person, Person.id == PanelMember.person_id)
        .where(
            UserTask.status == "open", UserTask.form_id.in_(PURPOSES), ProcessInstance.status == "active",
            PanelMember.replaced.is_(False), TaskAudience.audience == "p:" + cast(Person.id, Text),
        )
        .order_by(UserTask.id, PanelMember.id.desc())
    )  # fmt: skip
    if task_id is not None:
        query = query.where(UserTask.id == task_id)
    seen: set[int] = set()
    known: dict[int, ProjectFacts] = {}
    for task, seat, project, expert in session.execute(query).all():
        if task.id in seen or seat.purpose not in PURPOSES[task.form_id]:
            continue
        seen.add(task.id)
        if project.id not in known:
            known[project.id] = project_facts(session, project.id, now=now)
        facts = known[project.id]
        yield ExpertTask(
            task=task, seat=seat, project=project, expert=expert,
            conflicts=expert_replacements.conflicts_of(session, facts, seat),
            late=task.due_at is not None and task.due_at <= now, own=facts.unit.is_bureau,
        )  # fmt: skip


def _pass_on(session: Session, found: ExpertTask, drawn: Person, *, now: datetime) -> None:
    """Give the open task to the expert who was drawn, with days of her own, and tell both."""
    task = found.task
    days = _days(session, task, now)
    if days is not None:
        day = calendars.current(session).after_working_days(now.astimezone(SHANGHAI).date(), days)
        task.due_at = midnight_after(day)
    task.assignee_id, task.claimed_at = None, None
    task.inputs = {**(task.inputs or {}), **({DECLARE_FIRST: True} if task.form_id == "f05e" else {})}
    session.execute(delete(TaskAudience).where(TaskAudience.task_id == task.id))
    due = task.due_at or audiences.END_OF_TIME
    session.execute(insert(TaskAudience), [{"task_id": task.id, "audience": f"p:{drawn.id}", "due_at": due}])
    session.flush()
    said = {"project": found.project.name}
    notices.notify(
        session, [drawn.id], message="你被随机抽取为“%(project)s”的评审专家，请先声明利害关系。", values=said,
        dedupe_key=f"expert_drawn:{task.id}:{drawn.id}", now=now, project_id=found.project.id,
        link=f"/tasks/{task.id}",
    )  # fmt: skip
    notices.notify(
        session, [found.expert.id], message="“%(project)s”的评审已更换专家，你的这项任务不再办理。", values=said,
        dedupe_key=f"expert_replaced:{task.id}:{found.expert.id}", now=now, project_id=found.project.id, link="/inbox",
    )  # fmt: skip


def _days(session: Session, task: UserTask, now: datetime) -> int | None:
    days = str((task.properties or {}).get("days", ""))
    if days in TASK_DAYS:
        return int(getattr(parameters.current(session, now.astimezone(SHANGHAI).date()), days))
    return int(days) if days.isdigit() and int(days) else None


def _tell_county(session: Session, found: ExpertTask, *, now: datetime) -> None:
    session.flush()
    notices.notify(
        session, notices.holders(session, ("gov_office",), unit_id=None),
        message="“%(project)s”的专家声明有利害关系，请更换（大数据局自建项目，由县政府办办理）。",
        values={"project": found.project.name}, dedupe_key=f"expert_declared:{found.task.id}:{found.expert.id}",
        now=now, project_id=found.project.id, link="/expert-tasks", level="due",
    )  # fmt: skip
