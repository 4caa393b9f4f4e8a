"""Processes that start by the calendar: the yearly plan call, the library year, the sharing evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import feel
from app.clock import SHANGHAI
from app.engine import timers
from app.models.process import Definition, DefinitionStart
from app.services import calendars
from app.services.process_instances import Run


@dataclass(frozen=True)
class Start:
    """A timer start event whose moment has come."""

    definition_id: int
    element_id: str
    due_at: datetime


def next_firing(session: Session, expression: str, *, since: datetime, now: datetime) -> datetime | None:
    """Return when a timer start fires next, strictly after `now`; None when it never does again.

    `since` is when the version was released: a cycle without a date of its own counts from there.
    """
    value = feel.evaluate(expression, {}, now=now) if expression.startswith("=") else expression
    calendar = calendars.current(session)
    return timers.next_start(value, since=since, after=now, working_days=calendar.after_working_days)


def due(session: Session, *, now: datetime) -> list[Start]:
    """Return the timer starts of versions in force that are due by `now`; give a moment to those that have none yet."""
    starts = session.scalars(
        select(DefinitionStart)
        .join(Definition, Definition.id == DefinitionStart.definition_id)
        .where(
            DefinitionStart.kind == "timer",
            Definition.in_force,
            DefinitionStart.due_at.is_(None) | (DefinitionStart.due_at <= now),
        )
    ).all()
    found = []
    for start in starts:
        if start.due_at is None:
            start.due_at = next_firing(session, start.name, since=_released(session, start), now=now)
        else:
            found.append(Start(start.definition_id, start.element_id, start.due_at))
    return found


def next_due(session: Session) -> datetime | None:
    """Return when the next process starts by the calendar, or None."""
    moment: datetime | None = session.scalar(
        select(func.min(DefinitionStart.due_at))
        .join(Definition, Definition.id == DefinitionStart.definition_id)
        .where(DefinitionStart.kind == "timer", Definition.in_force)
    )
    return moment


def fire(session: Session, start: Start, *, now: datetime) -> None:
    """Start the process once for this moment, and set the next one."""
    row = session.get(DefinitionStart, (start.definition_id, start.element_id), with_for_update=True)
    if row is None or row.due_at != start.due_at:
        return  # another scheduler was first
    definition = session.get_one(Definition, start.definition_id)
    row.due_at = next_firing(session, row.name, since=definition.released_at or now, now=now)
    run = Run(session, now)
    year = start.due_at.astimezone(SHANGHAI).year
    run.create(definition, {"year": year, "fy": year + 1}, start_event_id=start.element_id)
    run.settle()


def _released(session: Session, start: DefinitionStart) -> datetime:
    released_at = session.get_one(Definition, start.definition_id).released_at
    assert released_at is not None  # noqa: S101 -- a version in force has been released
    return released_at
