"""Timers: claimed under a lease in one short transaction, fired each in its own, exactly once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.models.process import ProcessInstance, TimerJob
from app.services.families import lock
from app.services.process_instances import Run

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 5
BATCH = 20


@dataclass(frozen=True)
class Lease:
    """A timer that this process may fire now."""

    timer_id: int
    owner: str
    attempt: int


def claim(session: Session, *, owner: str, now: datetime, wall_now: datetime, limit: int = BATCH) -> list[Lease]:
    """Lease due timers (business clock `now`) for a minute of the real clock; count the attempt before it is made.

    A timer whose lease has run out is taken alone, because its handler may have killed the process before: it must
    not drag innocent ones along. After five attempts a timer becomes an incident.
    """
    due = (
        select(TimerJob)
        .join(ProcessInstance, ProcessInstance.id == TimerJob.instance_id)
        .where(
            TimerJob.due_at <= now,
            TimerJob.status != "incident",
            (TimerJob.status == "waiting") | (TimerJob.lease_until < wall_now),
            ProcessInstance.status == "active",
        )
        .order_by(TimerJob.due_at, TimerJob.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=TimerJob)
    )
    jobs = list(session.scalars(due))
    expired = [job for job in jobs if job.status == "leased"]
    if expired:
        jobs = expired[:1]
    leases = []
    for job in jobs:
        if job.attempt >= MOST_ATTEMPTS:
            job.status = "incident"
            job.last_error = job.last_error or "处理这个定时器的进程多次中断。"
            continue
        job.status = "leased"
        job.attempt += 1
        job.lease_owner = owner
        job.lease_until = wall_now + LEASE
        leases.append(Lease(job.id, owner, job.attempt))
    return leases


def fire(session: Session, lease: Lease, *, now: datetime) -> bool:
    """Fire a leased timer; return False when somebody else has taken it over or it no longer waits."""
    job = session.get(TimerJob, lease.timer_id)
    if job is None:
        return False
    instance = lock(session, job.instance_id)
    fenced = session.execute(
        update(TimerJob)
        .where(
            TimerJob.id == lease.timer_id,
            TimerJob.status == "leased",
            TimerJob.lease_owner == lease.owner,
            TimerJob.attempt == lease.attempt,
        )
        .values(status="waiting", attempt=0, lease_owner="", lease_until=None)
        .returning(TimerJob.key)
    ).scalar_one_or_none()
    if fenced is None or instance is None or instance.status != "active":
        return False
    run = Run(session, now)
    try:
        run.fire(instance, fenced)
    except KeyError:  # the ledger has moved it, or it waits no longer: its row is stale
        run.settle_timers(instance)
        return False
    run.settle()
    return True


def give_back(session: Session, lease: Lease, *, error: str, now: datetime) -> None:
    """Let a timer whose firing failed wait again, longer each time; the fifth failure makes it an incident."""
    incident = lease.attempt >= MOST_ATTEMPTS
    session.execute(
        update(TimerJob)
        .where(TimerJob.id == lease.timer_id, TimerJob.lease_owner == lease.owner, TimerJob.attempt == lease.attempt)
        .values(
            status="incident" if incident else "waiting",
            due_at=now + timedelta(seconds=10 * 2**lease.attempt),
            lease_owner="",
            lease_until=None,
            last_error=error,
        )
    )


def next_due(session: Session) -> datetime | None:
    """Return when the next waiting timer is due, or None."""
    moment: datetime | None = session.scalar(select(func.min(TimerJob.due_at)).where(TimerJob.status != "incident"))
    return moment
