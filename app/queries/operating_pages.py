"""What an operator looks after: steps, timers and messages that failed, what is waiting; no project's content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.process import Definition, Incident, OutboxItem, ProcessInstance, TimerJob
from app.queries.diagram_graph import Drawn, one_line
from app.queries.said import PROCESS, Said, english_names, stored

SHOWN = 100
LATE = timedelta(minutes=5)
"""A timer that waits this long after its moment says that no scheduler is running."""


@dataclass(frozen=True)
class Stuck:
    """Something that failed: which instance and element, why, how often it was tried, since when."""

    id: int
    instance_id: int | None
    process: Drawn
    element: Drawn
    error: Said
    attempts: int
    at: datetime


@dataclass(frozen=True)
class Operating:
    """All that the page shows."""

    incidents: tuple[Stuck, ...]
    timers: tuple[Stuck, ...]
    messages: tuple[Stuck, ...]
    running: int
    suspended: int
    waiting_timers: int
    next_timer: datetime | None
    late_timers: int
    """Timers that should have fired a while ago."""
    waiting_messages: int


def load(session: Session, *, now: datetime) -> Operating:
    """Return the page."""
    status = dict(
        session.execute(
            select(ProcessInstance.status, func.count())
            .where(ProcessInstance.status.in_(("active", "suspended")))
            .group_by(ProcessInstance.status)
        ).all()
    )
    waiting = TimerJob.status != "incident"
    timers, following = session.execute(
        select(func.count(), func.min(TimerJob.due_at))
        .select_from(TimerJob)
        .join(ProcessInstance, ProcessInstance.id == TimerJob.instance_id)
        .where(waiting, ProcessInstance.status == "active")
    ).one()
    late = session.scalar(
        select(func.count())
        .select_from(TimerJob)
        .join(ProcessInstance, ProcessInstance.id == TimerJob.instance_id)
        .where(waiting, ProcessInstance.status == "active", TimerJob.due_at < now - LATE)
    )
    letters = session.scalar(select(func.count()).select_from(OutboxItem).where(OutboxItem.status != "incident"))
    return Operating(
        _incidents(session), _timers(session), _messages(session), status.get("active", 0), status.get("suspended", 0),
        int(timers), following, int(late or 0), int(letters or 0),
    )  # fmt: skip


def _incidents(session: Session) -> tuple[Stuck, ...]:
    query = (
        select(Incident, Definition.name, Definition.sha256)
        .join(ProcessInstance, ProcessInstance.id == Incident.instance_id)
        .join(Definition, Definition.id == ProcessInstance.definition_id)
        .where(Incident.resolved_at.is_(None))
        .order_by(Incident.id.desc())
        .limit(SHOWN)
    )
    found = session.execute(query).all()
    english = english_names(session, {row.sha256 for row in found})
    return tuple(
        Stuck(
            one.id, one.instance_id, Drawn(name, english[sha256].get(PROCESS, "")),
            Drawn(one_line(one.name) or one.element_id, english[sha256].get(one.element_id, "")),
            stored(one.error, element_en=english[sha256].get(one.element_id, "")), one.attempts, one.created_at,
        )
        for one, name, sha256 in found
    )  # fmt: skip


def _timers(session: Session) -> tuple[Stuck, ...]:
    query = (
        select(TimerJob, Definition.name, Definition.sha256)
        .join(ProcessInstance, ProcessInstance.id == TimerJob.instance_id)
        .join(Definition, Definition.id == ProcessInstance.definition_id)
        .where(TimerJob.status == "incident")
        .order_by(TimerJob.id.desc())
        .limit(SHOWN)
    )
    found = session.execute(query).all()
    english = english_names(session, {row.sha256 for row in found})
    return tuple(
        Stuck(
            one.id, one.instance_id, Drawn(name, english[sha256].get(PROCESS, "")),
            Drawn(one.element_id, english[sha256].get(one.element_id, "")),
            stored(one.last_error), one.attempt, one.due_at,
        )
        for one, name, sha256 in found
    )  # fmt: skip


def _messages(session: Session) -> tuple[Stuck, ...]:
    query = select(OutboxItem).where(OutboxItem.status == "incident").order_by(OutboxItem.id.desc()).limit(SHOWN)
    return tuple(
        Stuck(
            one.id, None, Drawn(one.kind, one.kind),
            Drawn(str(one.payload.get("name") or one.payload.get("key") or "")),
            stored(one.last_error), one.attempt, one.created_at,
        )
        for one in session.scalars(query)
    )  # fmt: skip
