"""Notices: written in the transaction of their cause, once; mail leaves later through the outbox."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.domain.roles import ROLES, OrganisationKind
from app.models.accounts import Person, PersonRole
from app.models.documents import Notice
from app.models.process import OutboxItem


def notify(
    session: Session,
    person_ids: Iterable[int],
    *,
    message: str,
    values: Mapping[str, object],
    dedupe_key: str,
    now: datetime,
    project_id: int | None = None,
    link: str = "",
    level: str = "info",
) -> None:
    """Write a notice to each person, once for each `dedupe_key`; `message` is a Chinese message id for `values`."""
    rows = [
        {
            "person_id": person_id,
            "project_id": project_id,
            "level": level,
            "message": message,
            "values": dict(values),
            "link": link,
            "dedupe_key": dedupe_key,
            "created_at": now,
        }
        for person_id in sorted(set(person_ids))
    ]
    if not rows:
        return
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(Notice).on_conflict_do_nothing(index_elements=["person_id", "dedupe_key"])
    told = session.scalars(statement.returning(Notice.person_id), rows).all()
    _mail(session, told, {"message": message, "values": dict(values), "key": dedupe_key}, now=now)


def _mail(session: Session, person_ids: Collection[int], letter: Mapping[str, object], *, now: datetime) -> None:
    """Leave one letter for each language in the outbox: to those who were told now and have an address."""
    if not person_ids:
        return
    found = session.execute(
        select(Person.email, Person.language)
        .where(Person.id.in_(person_ids), Person.email != "", Person.active)
        .order_by(Person.id)
    ).all()
    for language in dict.fromkeys(row.language or "zh" for row in found):
        to = [row.email for row in found if (row.language or "zh") == language]
        session.add(
            OutboxItem(kind="mail", payload={**letter, "to": to, "language": language}, due_at=now, created_at=now)
        )
        session.info["outbox"] = True


def holders(session: Session, roles: Iterable[str], *, unit_id: int | None) -> list[int]:
    """Return the active persons who hold one of the roles; unit roles only in the unit itself, company roles not."""
    found: set[int] = set()
    for role in roles:
        if role not in ROLES or ROLES[role].organisation is OrganisationKind.COMPANY:
            continue
        query = (
            select(Person.id)
            .join(PersonRole, PersonRole.person_id == Person.id)
            .where(PersonRole.role == role, Person.active)
        )
        if ROLES[role].organisation is OrganisationKind.UNIT:
            query = query.where(Person.organisation_id == unit_id)
        found.update(session.scalars(query))
    return sorted(found)
