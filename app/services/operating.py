"""An operator's acts: a failed step, timer or message is tried again, and the audit trail says who had it tried."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.errors import AlreadyDone, NotFound, NotPermitted
from app.models.process import Incident, OutboxItem, TimerJob
from app.services import audit
from app.services.context import Actor
from app.services.families import lock
from app.services.process_instances import Run

ROLE = "sys_admin"
GONE = "它已经不在出错的清单里，可能刚刚由别人重试成功。"


def retry_incident(session: Session, incident_id: int, *, by: Actor, now: datetime) -> bool:
    """Try the failed step of an instance again; say whether it went through. The operator acts for nobody.

    Raises NotFound, NotPermitted, and AlreadyDone where it is resolved already.
    """
    _only(by)
    incident = session.get(Incident, incident_id)
    if incident is None:
        raise NotFound
    instance = lock(session, incident.instance_id)
    session.refresh(incident)
    if incident.resolved_at is not None or instance is None or instance.status != "active":
        raise AlreadyDone(GONE)
    run = Run(session, now)
    run.retry(instance, incident.key)
    run.settle()
    session.flush()
    _recorded(session, "retry_incident", incident_id, by, now)
    again = select(Incident.id).where(  # a step that fails anew is a new row
        Incident.instance_id == instance.id, Incident.element_id == incident.element_id, Incident.resolved_at.is_(None)
    )
    return session.scalar(again.limit(1)) is None


def retry_timer(session: Session, timer_id: int, *, by: Actor, now: datetime) -> None:
    """Let a timer that has given up wait again, due now; raises NotFound, NotPermitted, AlreadyDone."""
    _only(by)
    done = session.execute(
        update(TimerJob)
        .where(TimerJob.id == timer_id, TimerJob.status == "incident")
        .values(status="waiting", attempt=0, due_at=now, lease_owner="", lease_until=None)
        .returning(TimerJob.id)
    ).scalar_one_or_none()
    if done is None:
        raise AlreadyDone(GONE) if session.get(TimerJob, timer_id) is not None else NotFound
    _recorded(session, "retry_timer", timer_id, by, now)


def retry_message(session: Session, item_id: int, *, by: Actor, now: datetime) -> None:
    """Let a message or mail that has given up wait again, due now; raises NotFound, NotPermitted, AlreadyDone."""
    _only(by)
    done = session.execute(
        update(OutboxItem)
        .where(OutboxItem.id == item_id, OutboxItem.status == "incident")
        .values(status="waiting", attempt=0, due_at=now, lease_owner="", lease_until=None)
        .returning(OutboxItem.id)
    ).scalar_one_or_none()
    if done is None:
        raise AlreadyDone(GONE) if session.get(OutboxItem, item_id) is not None else NotFound
    session.info["outbox"] = True
    _recorded(session, "retry_message", item_id, by, now)


def _only(by: Actor) -> None:
    if ROLE not in by.roles:
        raise NotPermitted("你的角色不能做这件事。")


def _recorded(session: Session, act: str, subject_id: int, by: Actor, now: datetime) -> None:
    audit.record(session, act, subject_kind="operation", subject_id=subject_id, actor_id=by.id, now=now)
