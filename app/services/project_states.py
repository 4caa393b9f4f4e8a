"""A project's state moved by an operation or a sweep, with the moment of the change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.states import State, advance

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.models.business import Project


def move(session: Session, project: Project, event: str, *, now: datetime) -> None:
    """Move the project by `event` (app/domain/states.py); raises IllegalTransition where it cannot happen."""
    after = advance(State(project.state), event)
    if after != project.state:
        project.state, project.state_since = after, now
    session.flush()
