"""Whose session it is: the person with her organisation and roles, in one statement per page."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.models.accounts import Organisation, Person, PersonRole, UserSession


@dataclass(frozen=True)
class SessionReader:
    """The person behind a session cookie."""

    id: int
    username: str
    name: str
    language: str
    organisation_id: int
    organisation_kind: str
    organisation: str
    roles: frozenset[str]
    created_at: datetime
    seen_at: datetime
    password_set_at: datetime | None
    must_change_password: bool


_ROLES = (
    select(func.aggregate_strings(PersonRole.role, " ")).where(PersonRole.person_id == Person.id).scalar_subquery()
)
_BY_SESSION = (
    select(Person, Organisation.kind, Organisation.short, _ROLES, UserSession.created_at, UserSession.seen_at)
    .join(UserSession, UserSession.person_id == Person.id)
    .join(Organisation, Organisation.id == Person.organisation_id)
    .where(UserSession.sid_hash == bindparam("digest"), Person.active)
)
"""Every request executes it, so it is built once."""


def by_session(session: Session, sid: str) -> SessionReader | None:
    """Return the active person with this session, however old it is; the caller judges its age by the real clock."""
    digest = hashlib.sha256(sid.encode()).hexdigest()
    found = session.execute(_BY_SESSION, {"digest": digest}).one_or_none()
    if found is None:
        return None
    person, kind, short, held, created_at, seen_at = found
    return SessionReader(
        id=person.id,
        username=person.username,
        name=person.name,
        language=person.language,
        organisation_id=person.organisation_id,
        organisation_kind=kind,
        organisation=short,
        roles=frozenset((held or "").split()),
        created_at=created_at,
        seen_at=seen_at,
        password_set_at=person.password_set_at,
        must_change_password=person.must_change_password,
    )
