"""Failed logins, counted in the database so that every process sees the same: five lock a name for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.models.accounts import LoginAttempt

MOST_FAILURES = 5
WINDOW = timedelta(minutes=15)
"""Five failures within it lock the name; and so long does the lock last."""

KEPT = timedelta(days=1)


def locked_until(session: Session, username: str, *, wall: datetime) -> datetime | None:
    """Return until when nobody can log in as `username` (known or not); None when it is not locked at `wall`."""
    latest = _latest(session, username)
    if len(latest) < MOST_FAILURES or latest[0] - latest[-1] > WINDOW:
        return None
    end = latest[0] + WINDOW
    return end if wall < end else None


def tries_left(session: Session, username: str, *, wall: datetime) -> int:
    """Return how many more failures the name has before it is locked."""
    return MOST_FAILURES - sum(at > wall - WINDOW for at in _latest(session, username))


def record_failure(session: Session, username: str, *, address: str, wall: datetime) -> None:
    """Count one failed attempt, made while the name was not locked, and drop what is a day old."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.at < wall - KEPT))
    session.add(LoginAttempt(username=username, address=address[:45], at=wall))
    session.flush()


def forget(session: Session, username: str) -> None:
    """Drop the failures of a name: after a login, and when its password has been reset."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.username == username))


def _latest(session: Session, username: str) -> list[datetime]:
    attempts = select(LoginAttempt.at).where(LoginAttempt.username == username)
    return list(session.scalars(attempts.order_by(LoginAttempt.at.desc(), LoginAttempt.id.desc()).limit(MOST_FAILURES)))
