"""Accounts for the system administrator, page by page."""

from __future__ import annotations

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.models.accounts import Organisation, Person, PersonRole, UserSession
from app.queries.inbox import Choice
from app.queries.people import UserList, UserRow

PAGE_ROWS = 50


def load(session: Session, *, text: str = "", organisation: str = "", role: str = "", cursor: str = "") -> UserList:
    """Return a page of accounts by user name."""
    conditions = []
    if text:
        like = f"%{text.replace('%', '').replace('_', '')}%"
        conditions.append(or_(Person.name.like(like), Person.username.like(like)))
    if organisation:
        conditions.append(Organisation.code == organisation)
    if role:
        conditions.append(Person.id.in_(select(PersonRole.person_id).where(PersonRole.role == role)))
    base = select(Person, Organisation).join(Organisation, Organisation.id == Person.organisation_id).where(*conditions)
    query = base.order_by(Person.username).limit(PAGE_ROWS + 1)
    if cursor:
        query = query.where(Person.username > cursor)
    found = session.execute(query).all()
    total = session.scalar(select(func.count()).select_from(base.subquery()))
    rows = _rows(session, [(person, unit) for person, unit in found[:PAGE_ROWS]])
    return UserList(
        rows=rows,
        total=int(total or 0),
        organisations=organisations(session),
        text=text,
        organisation=organisation,
        role=role,
        next_cursor=rows[-1].user_name if len(found) > PAGE_ROWS else "",
    )


def organisations(session: Session) -> tuple[Choice, ...]:
    """Return every organisation, in the order in which they were entered."""
    query = select(Organisation.code, Organisation.short).order_by(Organisation.id)
    return tuple(Choice(code, short) for code, short in session.execute(query))


def organisation_id(session: Session, code: str) -> int | None:
    """Return the id of the organisation with this code."""
    return session.scalar(select(Organisation.id).where(Organisation.code == code))


def one(session: Session, person_id: int) -> UserRow | None:
    """Return one account."""
    found = session.execute(
        select(Person, Organisation)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.id == person_id)
    ).one_or_none()
    return None if found is None else _rows(session, [(found[0], found[1])])[0]


def with_accounts(session: Session) -> tuple[UserRow, ...]:
    """Return everybody who can log in, for the demonstration's login page."""
    query = (
        select(Person, Organisation)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.active, Person.password_hash != "")
        .order_by(Organisation.id, Person.id)
    )
    return _rows(session, [(person, unit) for person, unit in session.execute(query)])


def _rows(session: Session, found: list[tuple[Person, Organisation]]) -> tuple[UserRow, ...]:
    ids = [person.id for person, _ in found]
    roles: dict[int, list[str]] = {}
    for person_id, role in session.execute(
        select(PersonRole.person_id, PersonRole.role).where(PersonRole.person_id.in_(ids))
    ):
        roles.setdefault(person_id, []).append(role)
    seen = dict(
        session.execute(
            select(UserSession.person_id, func.max(UserSession.seen_at))
            .where(UserSession.person_id.in_(ids))
            .group_by(UserSession.person_id)
        ).all()
    )
    return tuple(
        UserRow(
            person.id,
            person.username,
            person.name,
            unit.short,
            unit.code,
            tuple(sorted(roles.get(person.id, ()))),
            person.active,
            seen.get(person.id),
        )
        for person, unit in found
    )


def name_of(session: Session, person_id: int) -> str:
    """Return the name of a person."""
    return session.scalar(select(Person.name).where(Person.id == person_id)) or ""
