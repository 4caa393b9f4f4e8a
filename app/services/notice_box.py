"""A person's own list of notices: marking them read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.models.documents import Notice
from app.services.context import Actor


def mark_read(session: Session, *, by: Actor, now: datetime) -> None:
    """Mark every unread notice of `by` as read at `now`."""
    session.execute(update(Notice).where(Notice.person_id == by.id, Notice.read_at.is_(None)).values(read_at=now))
