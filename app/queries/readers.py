"""Whose session it is: the person with her organisation and roles, in one statement per page."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import String, bindparam, cast, select
from sqlalchemy.orm import Session

from app.domain.substitution import PERSONAL, StandIn
from app.models.accounts import Organisation, Person, PersonRole, Substitution, UserSession
from app.models.base import at_once, in_one_text, table_of


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
    stands_in_for: tuple[StandIn, ...] = ()
    """For whom she acts today besides (代理)."""


_PERSON, _ORGANISATION, _SESSION, _ROLE = map(table_of, (Person, Organisation, UserSession, PersonRole))
_ROLES = select(in_one_text(_ROLE.c.role)).where(_ROLE.c.person_id == _PERSON.c.id).scalar_subquery()
_ABSENT = table_of(Person).alias("absent")
_STANDS, _HERS = table_of(Substitution), table_of(PersonRole).alias("of_absent")
_BETWEEN: Final = "\t"
_ENTRIES: Final = "\n"
_STANDS_IN = (
    select(in_one_text(cast(_ABSENT.c.id, String) + _BETWEEN + _HERS.c.role + _BETWEEN + _ABSENT.c.name, _ENTRIES))
    .select_from(_STANDS)
    .join(_ABSENT, _ABSENT.c.id == _STANDS.c.person_id)
    .join(_HERS, _HERS.c.person_id == _ABSENT.c.id)
    .join(_ROLE, (_ROLE.c.person_id == _STANDS.c.substitute_id) & (_ROLE.c.role == _HERS.c.role))
    .where(
        _STANDS.c.substitute_id == _PERSON.c.id,
        _STANDS.c.ends_on >= bindparam("today"),
        _STANDS.c.starts_on <= bindparam("today"),
        _STANDS.c.revoked_at.is_(None),
        _ABSENT.c.organisation_id == _PERSON.c.organisation_id,
        *(_HERS.c.role != role for role in sorted(PERSONAL)),
    )
    .correlate(_PERSON)
    .scalar_subquery()
)
"""Judged at every request: whoever loses the role or leaves the organisation stands in no longer."""
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
        _STANDS_IN.label("stands_in_for"),
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


def by_session(session: Session, sid: str, *, today: date) -> SessionReader | None:
    """Return the active person with this session, however old it is; the caller judges its age by the real clock.

    `today` is the day by the business clock: it decides for whom she stands in.
    """
    digest = hashlib.sha256(sid.encode()).hexdigest()
    found = at_once(session, _BY_SESSION, {"digest": digest, "today": today}).mappings().one_or_none()
    if found is None:
        return None
    roles = frozenset((found["roles"] or "").split())
    return SessionReader(**{**found, "roles": roles, "stands_in_for": _stands_in(found["stands_in_for"] or "")})


def _stands_in(text: str) -> tuple[StandIn, ...]:
    entries = sorted(line.split(_BETWEEN, 2) for line in text.split(_ENTRIES) if line)
    return tuple(StandIn(int(person_id), name, role) for person_id, role, name in entries)
