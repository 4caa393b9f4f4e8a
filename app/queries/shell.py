"""What every page shows around its own content: who reads, the counts of the navigation, the demonstration clock."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from app.models.business import DeadlineRow, FundHold, Project
from app.models.documents import Notice
from app.models.process import TaskAudience
from app.queries.scope import Reader, visible_projects

COUNT_CAP = 99
"""Counts in the navigation and the tabs stop here, so that their cost does not grow with the number of tasks."""


@dataclass(frozen=True)
class DemoClock:
    """The demonstration's own clock and the deadline that it can be driven to."""

    moment: datetime
    next_deadline_on: date | None = None
    next_deadline_name: str = ""


@dataclass(frozen=True)
class Shell:
    """The frame of a page."""

    today: date
    is_working_day: bool
    reader_name: str = ""
    reader_organisation: str = ""
    reader_roles: frozenset[str] = frozenset()
    open_tasks: int = 0
    holds: int = 0
    unread_notices: int = 0
    demo: DemoClock | None = None


def load(
    session: Session,
    reader: Reader,
    audiences: Collection[str],
    *,
    today: date,
    is_working_day: bool,
    name: str,
    organisation: str,
    demo: DemoClock | None = None,
) -> Shell:
    """Return the frame for a reader; three counts, each capped, in one statement."""
    tasks = (
        select(TaskAudience.task_id).where(TaskAudience.audience.in_(sorted(audiences))).limit(COUNT_CAP + 1).subquery()
    )
    held = (
        select(FundHold.id)
        .join(Project, Project.id == FundHold.project_id)
        .where(FundHold.lifted_at.is_(None), visible_projects(reader))
        .limit(COUNT_CAP + 1)
        .subquery()
    )
    unread = (
        select(Notice.id).where(Notice.person_id == reader.id, Notice.read_at.is_(None)).limit(COUNT_CAP + 1).subquery()
    )
    counts = session.execute(
        select(
            select(func.count(distinct(tasks.c.task_id))).scalar_subquery(),
            select(func.count()).select_from(held).scalar_subquery(),
            select(func.count()).select_from(unread).scalar_subquery(),
        )
    ).one()
    return Shell(
        today=today,
        is_working_day=is_working_day,
        reader_name=name,
        reader_organisation=organisation,
        reader_roles=reader.roles,
        open_tasks=counts[0],
        holds=counts[1],
        unread_notices=counts[2],
        demo=demo,
    )


def next_deadline(session: Session, *, now: datetime) -> tuple[date, str] | None:
    """Return the last day and the kind of the deadline that lapses next, for the demonstration's clock."""
    found = session.execute(
        select(DeadlineRow.due, DeadlineRow.kind)
        .where(DeadlineRow.status == "open", DeadlineRow.fires_at > now)
        .order_by(DeadlineRow.fires_at)
        .limit(1)
    ).one_or_none()
    return None if found is None else (found[0], found[1])
