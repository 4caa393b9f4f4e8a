"""What has become due is carried out: timers, outbox items and sweeps, each in a transaction of its own.

Used by the scheduler, by a page right after its commit, and by the demonstration's clock.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta

from app import clock
from app.errors import failure
from app.services import (
    attachments,
    deadline_reminders,
    endings,
    instance_migrations,
    mail,
    messages,
    outbox,
    releases,
    sessions,
    sweeps,
    timer_starts,
    timers,
)
from app.services.attachments import LocalBlobs
from app.services.process_instances import Run
from app.unit_of_work import unit_of_work

log = logging.getLogger(__name__)
OWNER = f"{os.getpid()}-{secrets.token_hex(4)}"
MOST_ROUNDS = 10_000
ORPHANS_KEPT = timedelta(hours=24)


def fire_timers(*, limit: int = timers.BATCH) -> int:
    """Fire up to `limit` due timers; return how many were taken. One that fails never stops the others."""
    with unit_of_work() as session:
        leases = timers.claim(session, owner=OWNER, now=clock.now(), wall_now=clock.wall_now(), limit=limit)
    for lease in leases:
        try:
            with unit_of_work() as session:
                timers.fire(session, lease, now=clock.now())
        except Exception as error:  # a broken instance must not stop the sweep, whatever it raises
            log.exception("timer %s failed", lease.timer_id)
            with unit_of_work() as session:
                timers.give_back(session, lease, error=failure(error), now=clock.now())
    return len(leases)


def start_by_calendar() -> int:
    """Start the processes whose timer start event is due (the yearly plan, the library year); return how many."""
    with unit_of_work() as session:
        starts = timer_starts.due(session, now=clock.now())
    for start in starts:
        try:
            with unit_of_work() as session:
                timer_starts.fire(session, start, now=clock.now())
        except Exception:  # it stays due and is tried again at the next tick
            log.exception("the start of %s failed", start.element_id)
    return len(starts)


def put_releases_in_force() -> int:
    """Put the approved versions into force whose moment has come; return how many are."""
    with unit_of_work() as session:
        due = releases.due(session, now=clock.now())
    done = 0
    for request_id in due:
        try:
            with unit_of_work() as session:
                done += releases.take_effect(session, request_id, now=clock.now())
        except Exception:  # it stays due and is tried again at the next tick
            log.exception("the release %s failed", request_id)
    return done


def migrate_instances(*, limit: int = 20) -> int:
    """Move up to `limit` instances that wait for their migration, each on its own; return how many were looked at."""
    with unit_of_work() as session:
        items = instance_migrations.waiting(session, limit=limit)
    for job_id, instance_id in items:
        try:
            with unit_of_work() as session:
                instance_migrations.carry_out(session, job_id, instance_id, now=clock.now())
        except Exception as error:  # it stays as it was, and the others go on
            log.exception("the migration of instance %s failed", instance_id)
            with unit_of_work() as session:
                instance_migrations.give_up(session, job_id, instance_id, error=failure(error), now=clock.now())
    return len(items)


def deliver_outbox(*, limit: int = 20) -> int:
    """Carry out up to `limit` outbox items; return how many were taken."""
    with unit_of_work() as session:
        items = outbox.claim(session, owner=OWNER, now=clock.now(), wall_now=clock.wall_now(), limit=limit)
    for leased in items:
        try:
            _handle(leased)
        except Exception as error:  # the same: the others go on
            log.exception("outbox item %s (%s) failed", leased.id, leased.kind)
            with unit_of_work() as session:
                outbox.give_back(session, leased, error=failure(error), now=clock.now())
    return len(items)


def _handle(leased: outbox.Leased) -> None:
    if leased.kind == "mail":
        mail.send(leased.payload)  # outside any transaction: at least once, with a key to tell doubles
        with unit_of_work() as session:
            outbox.take(session, leased)
        return
    with unit_of_work() as session:
        item = outbox.take(session, leased)
        if item is None:
            return
        if leased.kind == "refresh":
            messages.refresh(session, item, now=clock.now())
        elif leased.kind == outbox.LAST:
            endings.end(Run(session, clock.now()), leased.payload["project_id"])
        elif leased.kind == deadline_reminders.KIND:
            day = date.fromisoformat(leased.payload["day"])
            deadline_reminders.send(session, day, now=clock.now())
        else:
            messages.deliver(session, item, now=clock.now())


def settle_outbox() -> None:
    """Carry out all that the last commits left to do, and what follows from it."""
    for _ in range(MOST_ROUNDS):
        if not deliver_outbox():
            return


def sweep() -> None:
    """Do what the law says to the ledger, the library and the holds for the day that the clock shows."""
    sweeps.run(unit_of_work, now=clock.now())


def housekeep(blobs: LocalBlobs) -> None:
    """Delete sessions that are over, and files that no row has named for a day (by the real clock)."""
    wall = clock.wall_now()
    with unit_of_work() as session:
        sessions.drop_expired(session, wall=wall)
        attachments.sweep_orphans(session, blobs, before=(wall - ORPHANS_KEPT).timestamp())


def catch_up(*, until: datetime, move: Callable[[datetime], None], told: Callable[[datetime, int], None]) -> int:
    """Lead a movable clock to `until`, stopping wherever a timer or sweep is due; return how many timers fired.

    `move` sets the clock; `told` hears of each stop and the number of timers fired so far. Everything of the skipped
    days has run when this returns (specification §0, 9: handlers use the legal date).
    """
    fired = 0
    while True:
        stop = min(until, _next_stop(after=clock.now()))
        move(stop)
        sweep()
        put_releases_in_force()
        start_by_calendar()
        while count := fire_timers():
            fired += count
            settle_outbox()
        settle_outbox()
        told(stop, fired)
        if stop >= until:
            return fired


def _next_stop(*, after: datetime) -> datetime:
    with unit_of_work() as session:
        moments = [
            moment
            for moment in (
                timers.next_due(session),
                timer_starts.next_due(session),
                sweeps.next_moment(session, after=after),
                releases.next_due(session),
            )
            if moment
        ]
    later = [moment for moment in moments if moment > after]
    return min(later) if later else datetime.max.replace(tzinfo=clock.SHANGHAI)
