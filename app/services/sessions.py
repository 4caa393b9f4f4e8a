"""Logins as rows: the browser holds a random id, the table its hash, and deleting the row ends the session."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from app.models.accounts import Person, UserSession

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
"""How fine `seen_at` is kept: a page does not write a row each time it is read."""


@dataclass(frozen=True)
class Login:
    """A good session's person, and whether its last use has to be noted again."""

    person: Person
    touch_due: bool


@dataclass(frozen=True)
class OpenSession:
    """One session of a person, as she sees it in her list; `handle` names it without giving it away."""

    handle: str
    created_at: datetime
    seen_at: datetime
    address: str
    agent: str


def start(session: Session, person_id: int, *, address: str, agent: str, wall: datetime) -> str:
    """Open a session and return its id for the cookie: 256 random bits, never stored."""
    sid = secrets.token_urlsafe(32)
    session.add(
        UserSession(
            sid_hash=_hash(sid),
            person_id=person_id,
            created_at=wall,
            seen_at=wall,
            address=address[:45],
            agent=agent[:200],
        )
    )
    session.flush()
    return sid


def find(session: Session, sid: str, *, wall: datetime) -> Login | None:
    """Return whose session this is; None when unknown, ended, idle for 30 minutes, 12 h old, or the person inactive.

    Reads only, in one statement; `touch_due` says when to call `touch` in a transaction.
    """
    row = session.execute(
        select(Person, UserSession.seen_at)
        .join(UserSession, UserSession.person_id == Person.id)
        .where(
            UserSession.sid_hash == _hash(sid),
            UserSession.seen_at > wall - IDLE,
            UserSession.created_at > wall - ABSOLUTE,
            Person.active,
        )
    ).one_or_none()
    return None if row is None else Login(row.Person, touch_due=row.seen_at <= wall - SEEN_EVERY)


def touch(session: Session, sid: str, *, wall: datetime) -> bool:
    """Note that the session was used at `wall`, once a minute at most; return whether a row was written.

    An idle or ended session stays so.
    """
    result = session.execute(
        update(UserSession)
        .where(
            UserSession.sid_hash == _hash(sid),
            UserSession.seen_at <= wall - SEEN_EVERY,
            UserSession.seen_at > wall - IDLE,
        )
        .values(seen_at=wall)
    )
    return bool(getattr(result, "rowcount", 0))


def end(session: Session, sid: str) -> None:
    """End one session; a cookie kept from it is worth nothing."""
    session.execute(delete(UserSession).where(UserSession.sid_hash == _hash(sid)))


def end_handle(session: Session, person_id: int, handle: str) -> bool:
    """End the person's session with this handle; return whether there was one."""
    gone = delete(UserSession).where(UserSession.person_id == person_id, UserSession.sid_hash.startswith(handle))
    return bool(handle) and bool(getattr(session.execute(gone), "rowcount", 0))


def end_all(session: Session, person_id: int, *, but: str = "") -> int:
    """End every session of a person, except the one with the id `but`; return how many."""
    gone = delete(UserSession).where(UserSession.person_id == person_id)
    if but:
        gone = gone.where(UserSession.sid_hash != _hash(but))
    return int(getattr(session.execute(gone), "rowcount", 0))


def open_sessions(session: Session, person_id: int, *, wall: datetime) -> tuple[OpenSession, ...]:
    """Return the sessions of a person that are still good at `wall`, the latest first."""
    rows = session.scalars(
        select(UserSession)
        .where(
            UserSession.person_id == person_id,
            UserSession.seen_at > wall - IDLE,
            UserSession.created_at > wall - ABSOLUTE,
        )
        .order_by(UserSession.seen_at.desc())
    )
    return tuple(OpenSession(row.sid_hash[:16], row.created_at, row.seen_at, row.address, row.agent) for row in rows)


def drop_expired(session: Session, *, wall: datetime) -> int:
    """Delete the rows of sessions that are over; return how many."""
    over = or_(UserSession.seen_at <= wall - IDLE, UserSession.created_at <= wall - ABSOLUTE)
    return int(getattr(session.execute(delete(UserSession).where(over)), "rowcount", 0))


def handle_of(sid: str) -> str:
    """Return the handle under which `open_sessions` lists this session."""
    return _hash(sid)[:16]


def _hash(sid: str) -> str:
    return hashlib.sha256(sid.encode()).hexdigest()
