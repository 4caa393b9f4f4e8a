"""Organisations, persons and roles of the demonstration, entered through the services of the account pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy.orm import Session

from app.demo.county import PASSWORD, Body, County, Someone
from app.services import accounts, audiences, passwords
from app.services.context import Actor


class Staff:
    """Everybody who acts in the demonstration, found by user name or by the audience of a task."""

    def __init__(self, actors: Mapping[str, Actor], units: Mapping[str, int]) -> None:
        self.actors = MappingProxyType(dict(actors))
        self.units = MappingProxyType(dict(units))
        """Code of an organisation → its key."""
        self._by_audience: dict[str, list[Actor]] = {}
        for actor in actors.values():
            for audience in audiences.of_person(actor):
                self._by_audience.setdefault(audience, []).append(actor)

    def who(self, names: tuple[str, ...]) -> Actor:
        """Return the first person of a task's audiences; raise LookupError for a task that nobody holds."""
        found = [actor for name in names for actor in self._by_audience.get(name, ())]
        if not found:
            raise LookupError(f"nobody holds {' '.join(names) or 'a task without audience'}")
        return found[0]

    def holder(self, role: str, unit: str = "") -> Actor:
        """Return the holder of a role, of this unit where one is named; raise LookupError."""
        for actor in self.actors.values():
            if role in actor.roles and (not unit or actor.organisation_id == self.units[unit]):
                return actor
        raise LookupError(f"nobody is {role} of {unit or 'the county'}")


def enter(session: Session, county: County, *, now: datetime) -> Staff:
    """Enter every organisation and person; return who acts. All share one password, hashed once."""
    password_hash = passwords.hashed(PASSWORD)
    keys: dict[str, int] = {}
    actors: dict[str, Actor] = {}
    for body in county.bodies:
        keys[body.code] = _organisation(session, body, keys, now=now)
        for someone in body.people:
            actors[someone.username] = _person(session, someone, keys[body.code], password_hash, now=now)
    return Staff(actors, keys)


def _organisation(session: Session, body: Body, keys: Mapping[str, int], *, now: datetime) -> int:
    return accounts.create_organisation(
        session,
        body.code,
        body.name,
        short=body.short,
        kind=body.kind,
        eligible=body.eligible,
        trade=body.trade,
        credit_code=body.credit_code,
        legal_representative=body.legal_representative,
        parent_id=keys[body.parent] if body.parent else None,
        by=None,
        now=now,
    ).id


def _person(session: Session, someone: Someone, organisation_id: int, password_hash: str, *, now: datetime) -> Actor:
    person = accounts.create_person(
        session,
        someone.username,
        someone.name,
        organisation_id=organisation_id,
        roles=someone.roles,
        password_hash=password_hash,
        must_change=False,
        field_of_expertise=someone.field,
        by=None,
        now=now,
    )
    return accounts.actor_of(session, person)
