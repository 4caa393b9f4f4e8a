"""Whose session it is: the person with her organisation and roles, in one statement per page."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.models.accounts import Organisation, Person, PersonRole, UserSession
from app.models.base import at_once, table_of


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


_PERSON, _ORGANISATION, _SESSION, _ROLE = map(table_of, (Person, Organisation, UserSession, PersonRole))
_ROLES = select(func.aggregate_strings(_ROLE.c.role, " ")).where(_ROLE.c.person_id == _PERSON.c.id).scalar_subquery()
_BY_SESSION = (
    select(
        _PERSON.c.id,
        _PERSON.c.username,
        _PERSON.c.name,
        _PERSON.c.language,
        _PERSON.c.organisation_id,
        _ORGANISATION.c.kind.label("organisation_kind"),
        _ORGANISATION.c.short.label("organisation"),
        _ROLES.label("roles"),
        _SESSION.c.created_at,
        _SESSION.c.seen_at,
        _PERSON.c.password_set_at,
        _PERSON.c.must_change_password,
    )
    .join(_SESSION, _SESSION.c.person_id == _PERSON.c.id)
    .join(_ORGANISATION, _ORGANISATION.c.id == _PERSON.c.organisation_id)
    .where(_SESSION.c.sid_hash == bindparam("digest"), _PERSON.c.active)
)
"""Every request executes it, so it is built once."""


def by_session(session: Session, sid: str) -> SessionReader | None:
    """Return the active person with this session, however old it is; the caller judges its age by the real clock."""
    digest = hashlib.sha256(sid.encode()).hexdigest()
    found = at_once(session, _BY_SESSION, {"digest": digest}).mappings().one_or_none()
    return None if found is None else SessionReader(**{**found, "roles": frozenset((found["roles"] or "").split())})
