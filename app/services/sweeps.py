"""The daily sweep: what the law says happens by itself, whatever the diagrams say. Safe to run any number of times."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.domain.deadline_kinds import KINDS, Consequence
from app.models.business import DeadlineRow
from app.models.documents import DRAFTS_KEPT
from app.services import deadline_reminders, endings, evaluation_years, idle_tasks, lapses, library_year, user_tasks

log = logging.getLogger(__name__)

UnitOfWork = Callable[[], AbstractContextManager[Session]]

TIME_OF_DAY = time(0, 10)
"""The library year turns at 00:10 on 1 January (T-16); everything else waits ten minutes with it. Gates refuse from
00:00 on all the same, since holds are computed from facts."""
BATCH = 200
ACTING = lapses.HOLDING | lapses.RECORDED | {Consequence.FLAGGED}


def run(unit_of_work: UnitOfWork, *, now: datetime) -> None:
    """Draw the consequence of every deadline that has lapsed by `now`, and do the day's housekeeping.

    Each project is a transaction of its own; one that fails is logged and does not stop the others.
    """
    for deadline_id in _lapsed(unit_of_work, now):
        try:
            with unit_of_work() as session:
                lapses.draw_consequence(session, deadline_id, now=now)
        except Exception:  # one broken project must not keep the law from the others
            log.exception("the lapse of deadline %s failed", deadline_id)
    library_year.close_if_missed(unit_of_work, now=now)
    parts = (
        evaluation_years.renew,
        deadline_reminders.queue,
        idle_tasks.remind,
        _drop_old_drafts,
        endings.announce_forgotten,
    )
    for part in parts:
        try:
            with unit_of_work() as session:
                part(session, now=now)
        except Exception:  # the others are due today as well
            log.exception("the sweep's %s failed", part.__name__)


def _drop_old_drafts(session: Session, *, now: datetime) -> None:
    user_tasks.drop_old_drafts(session, before=now - DRAFTS_KEPT)


def _lapsed(unit_of_work: UnitOfWork, now: datetime) -> list[int]:
    acting = [kind.name for kind in KINDS.values() if kind.consequence in ACTING]
    with unit_of_work() as session:
        return list(
            session.scalars(
                select(DeadlineRow.id)
                .where(
                    DeadlineRow.status == "open",
                    DeadlineRow.fires_at <= now,
                    DeadlineRow.lapsed_at.is_(None),
                    DeadlineRow.kind.in_(acting),
                )
                .order_by(DeadlineRow.fires_at, DeadlineRow.id)
            )
        )


def next_moment(session: Session, *, after: datetime) -> datetime:
    """Return the next moment at which a sweep has something to do after `after`: the next sweep of a day."""
    del session
    local = after.astimezone(SHANGHAI)
    today = datetime.combine(local.date(), TIME_OF_DAY, tzinfo=SHANGHAI)
    return today if today > local else today + timedelta(days=1)


def next_deadline(session: Session, *, after: datetime) -> datetime | None:
    """Return when the next open deadline of the ledger lapses after `after`, or None."""
    moment: datetime | None = session.scalar(
        select(func.min(DeadlineRow.fires_at)).where(DeadlineRow.status == "open", DeadlineRow.fires_at > after)
    )
    return moment
