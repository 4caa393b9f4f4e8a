"""A project's state and the only place that changes it: by an event, with its moment, and with what an end brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.states import FINAL, State, advance
from app.models.process import OutboxItem
from app.services.outbox import LAST

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.models.business import Project


def move(session: Session, project: Project, event: str, *, now: datetime) -> None:
    """Move the project by `event` (app/domain/states.py); raises IllegalTransition where it cannot happen.

    Of a project that has ended, what still runs is ended after the commit: it keeps no open task (§4.5).
    """
    after = advance(State(project.state), event)
    if after != project.state:
        project.state, project.state_since = after, now
        if after in FINAL:
            announce_end(session, project.id, now=now)
    session.flush()


def announce_end(session: Session, project_id: int, *, now: datetime) -> None:
    """Have what still runs of an ended project end in a step of its own, once the messages of this one were heard."""
    session.add(OutboxItem(kind=LAST, payload={"project_id": project_id}, due_at=now, created_at=now))
    session.info["outbox"] = True
