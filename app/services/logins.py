"""Logging in and out, and one's own password."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Refused
from app.models.accounts import Person
from app.services import audit, passwords, sessions, throttling
from app.services.accounts import normal_username, person_with_roles, store_password
from app.services.context import Actor

MINUTE = 60


@dataclass(frozen=True)
class Checked:
    """What a name and a password turned out to be; `settle` writes it down and gives no hint of which was wrong."""

    username: str
    person_id: int | None
    fits: bool
    new_hash: str = field(default="", repr=False)


@dataclass(frozen=True)
class LoggedIn:
    """A session has been opened; `sid` goes into the cookie."""

    person_id: int
    sid: str = field(repr=False)
    must_change_password: bool = False


@dataclass(frozen=True)
class Denied:
    """No session: the message id with its values, and the HTTP status (401, or 429 while the name is locked)."""

    message: str
    values: dict[str, object]
    status: int


def check_password(session: Session, username: str, password: str) -> Checked:
    """Compare name and password, reading only: the 20 ms of argon2 hold no transaction open for writing.

    An unknown or inactive name takes as long as a wrong password.
    """
    name = normal_username(username)
    person = session.scalar(select(Person).where(Person.username == name, Person.active))
    fits = passwords.fits(password, person.password_hash if person else "")
    if person is None or not fits:
        return Checked(name, person.id if person else None, fits=False)
    new_hash = passwords.hashed(password) if passwords.outdated(person.password_hash) else ""
    return Checked(name, person.id, fits=True, new_hash=new_hash)


def settle(
    session: Session, checked: Checked, *, address: str, agent: str, now: datetime, wall: datetime
) -> LoggedIn | Denied:
    """Open a session or count the failure, and commit either (so nothing is raised).

    Five failures within 15 minutes lock the name for 15 minutes, for the right password too; both are audited.
    """
    until = throttling.locked_until(session, checked.username, wall=wall)
    person = session.get(Person, checked.person_id) if checked.fits and checked.person_id and not until else None
    if person is not None and person.active:
        return _opened(session, person, checked, address=address, agent=agent, now=now, wall=wall)
    if not until:
        throttling.record_failure(session, checked.username, address=address, wall=wall)
        until = throttling.locked_until(session, checked.username, wall=wall)
        audit.record(
            session,
            "lock_login" if until else "fail_login",
            subject_kind="person",
            subject_id=checked.person_id or "-",
            actor_id=None,
            now=now,
            detail={"address": address[:45]},
        )
    if until:
        minutes = -(-int((until - wall).total_seconds()) // MINUTE) or 1
        return Denied("尝试次数过多，请在 %(minutes)s 分钟后再试。", {"minutes": minutes}, 429)
    left = throttling.tries_left(session, checked.username, wall=wall)
    return Denied("用户名或密码不对，还可以再试 %(left)s 次。", {"left": left}, 401)


def log_out(session: Session, sid: str, *, by: Actor, now: datetime) -> None:
    """End this session."""
    sessions.end(session, sid)
    audit.record(session, "log_out", subject_kind="person", subject_id=by.id, actor_id=by.id, now=now)


def must_change_password(person: Person, *, wall: datetime) -> bool:
    """Say whether she has to choose a new password before anything else: it was given to her, or is too old."""
    return person.must_change_password or passwords.expired(person.password_set_at, wall=wall)


def change_password(
    session: Session, old: str, new: str, *, by: Actor, sid: str, now: datetime, wall: datetime
) -> None:
    """Change one's own password and end all other sessions.

    Raises Refused when the old one is wrong, the new one is the old one, or it does not meet the policy.
    """
    person = person_with_roles(session, by.id)
    if not passwords.fits(old, person.password_hash):
        raise Refused("原密码不对。")
    if passwords.fits(new, person.password_hash):
        raise Refused("新密码不能与原密码相同。")
    store_password(session, person, new, wall=wall)
    person.must_change_password = False
    sessions.end_all(session, person.id, but=sid)
    audit.record(session, "change_password", subject_kind="person", subject_id=person.id, actor_id=by.id, now=now)


def _opened(
    session: Session, person: Person, checked: Checked, *, address: str, agent: str, now: datetime, wall: datetime
) -> LoggedIn:
    if checked.new_hash:
        person.password_hash = checked.new_hash
    throttling.forget(session, person.username)
    sessions.drop_expired(session, wall=wall)
    sid = sessions.start(session, person.id, address=address, agent=agent, wall=wall)
    audit.record(session, "log_in", subject_kind="person", subject_id=person.id, actor_id=person.id, now=now)
    return LoggedIn(person.id, sid, must_change_password=must_change_password(person, wall=wall))
