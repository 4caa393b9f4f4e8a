"""Accounts: what the system administrator does with organisations, persons, roles and passwords."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from app.domain.roles import ADMINISTRATIVE_ROLES, ROLES, OrganisationKind, conflicting, may_hold
from app.errors import AlreadyDone, NotFound, NotPermitted, Refused
from app.models.accounts import Organisation, Person, PersonRole
from app.services import audit, passwords, sessions, throttling
from app.services.context import Actor

LONGEST_USERNAME = 40
LANGUAGES = ("zh", "en")

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


def actor_of(session: Session, person: Person) -> Actor:
    """Return the person as one who acts, with her organisation and roles (one statement)."""
    rows = session.execute(
        select(Organisation.kind, PersonRole.role)
        .outerjoin(PersonRole, PersonRole.person_id == person.id)
        .where(Organisation.id == person.organisation_id)
    ).all()
    return Actor(
        id=person.id,
        username=person.username,
        name=person.name,
        organisation_id=person.organisation_id,
        organisation_kind=rows[0].kind,
        roles=frozenset(row.role for row in rows if row.role),
        language=person.language or LANGUAGES[0],
    )


def reset_password(
    session: Session, person_id: int, new: str, *, by: Actor | None, now: datetime, wall: datetime
) -> None:
    """Give a person a password that she has to change at once; ends her sessions and unlocks her name.

    `by` is None on the command line of the machine. Raises NotPermitted for all but sys_admin, NotFound, Refused.
    """
    _only_administrator(by)
    person = person_with_roles(session, person_id)
    store_password(session, person, new, wall=wall)
    person.must_change_password = True
    sessions.end_all(session, person.id)
    throttling.forget(session, person.username)
    _record(session, "reset_password", person, by=by, now=now)


def set_language(session: Session, language: str, *, by: Actor) -> None:
    """Keep the language in which a person reads; raise Refused for one that we do not have."""
    if language not in LANGUAGES:
        raise Refused("没有这种语言。")
    person_with_roles(session, by.id).language = language


def anybody(session: Session) -> bool:
    """Say whether any account exists."""
    return bool(session.scalar(select(func.count()).select_from(Person)))


def create_first_administrator(session: Session, *, username: str, name: str, password: str, now: datetime) -> Person:
    """Make the first account of a new installation: a sys_admin of the bureau, which is made where it is missing.

    Raises AlreadyDone when there is a sys_admin, and Refused as `create_person` does.
    """
    if session.scalar(select(PersonRole.person_id).where(PersonRole.role == "sys_admin").limit(1)):
        raise AlreadyDone("已经有系统管理员。")
    bureau = session.scalar(select(Organisation).where(Organisation.kind == OrganisationKind.BUREAU.value))
    if bureau is None:
        bureau = create_organisation(
            session,
            "dsj",
            "县政务服务和大数据管理局",
            short="县大数据局",
            kind="bureau",
            eligible=True,
            by=None,
            now=now,
        )
    return create_person(
        session, username, name, organisation_id=bureau.id, roles=("sys_admin",), password=password,
        must_change=False, by=None, now=now,
    )  # fmt: skip


def create_organisation(
    session: Session,
    code: str,
    name: str,
    *,
    short: str,
    kind: str,
    by: Actor | None,
    now: datetime,
    eligible: bool = False,
    trade: str = "",
    credit_code: str = "",
    legal_representative: str = "",
    parent_id: int | None = None,
    parent_percent: int | None = None,
) -> Organisation:
    """Enter an organisation; raise AlreadyDone for a code that exists, NotPermitted for all but sys_admin."""
    _only_administrator(by)
    if session.scalar(select(Organisation.id).where(Organisation.code == code)):
        raise AlreadyDone("机构代码 %(code)s 已经有了。", code=code)
    organisation = Organisation(
        code=code, name=name, short=short, kind=OrganisationKind(kind).value, eligible=eligible, trade=trade,
        credit_code=credit_code, legal_representative=legal_representative, parent_id=parent_id,
        parent_percent=parent_percent,
    )  # fmt: skip
    session.add(organisation)
    session.flush()
    actor_id = by.id if by else None
    subject = organisation.id
    audit.record(
        session, "create_organisation", subject_kind="organisation", subject_id=subject, actor_id=actor_id, now=now
    )
    return organisation


def create_person(
    session: Session,
    username: str,
    name: str,
    *,
    organisation_id: int,
    roles: Collection[str],
    by: Actor | None,
    now: datetime,
    password: str | None = None,
    password_hash: str = "",
    must_change: bool = True,
    email: str = "",
    phone: str = "",
    field_of_expertise: str = "",
) -> Person:
    """Enter a person with her roles and a first password, to be changed at once.

    Without a password she is known and cannot log in (an expert). `password_hash` (made by `passwords.hashed`) is for
    accounts of a demonstration that share one password. Raises Refused for a bad user name, password or combination
    of roles, AlreadyDone for a user name that exists, NotPermitted for all but sys_admin.
    """
    _only_administrator(by)
    login = normal_username(username)
    if not _USERNAME.fullmatch(login):
        raise Refused("用户名由2到40位小写字母、数字、点、短横线组成，以字母或数字开头。")
    if not name.strip():
        raise Refused("请填写姓名。")
    if session.scalar(select(Person.id).where(Person.username == login)):
        raise AlreadyDone("用户名 %(username)s 已经有人用了。", username=login)
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound("没有这个机构。")
    _check_roles(roles, organisation)
    person = Person(
        organisation_id=organisation.id, username=login, name=name.strip(), password_hash=password_hash,
        must_change_password=must_change, email=email, phone=phone, field=field_of_expertise, created_at=now,
        roles=[PersonRole(role=role, granted_at=now, granted_by=by.id if by else None) for role in sorted(set(roles))],
    )  # fmt: skip
    if password is not None:
        store_password(session, person, password, wall=now)
    session.add(person)
    session.flush()
    _record(session, "create_person", person, by=by, now=now, detail={"roles": sorted(set(roles))})
    return person


def set_roles(session: Session, person_id: int, roles: Collection[str], *, by: Actor | None, now: datetime) -> None:
    """Give a person exactly these roles; her sessions end, so that none goes on with what she no longer holds.

    Raises Refused for a combination that nobody may hold, or when the last sys_admin would go; NotPermitted for all
    but sys_admin and for one's own roles.
    """
    _only_administrator(by)
    _not_oneself(person_id, by)
    person = person_with_roles(session, person_id)
    organisation = session.get(Organisation, person.organisation_id)
    assert organisation is not None  # noqa: S101 -- the foreign key says so
    wanted = set(roles)
    _check_roles(wanted, organisation)
    held = {role.role for role in person.roles}
    if "sys_admin" in held - wanted:
        _keep_an_administrator(session, person)
    person.roles = [role for role in person.roles if role.role in wanted] + [
        PersonRole(role=role, granted_at=now, granted_by=by.id if by else None) for role in sorted(wanted - held)
    ]
    sessions.end_all(session, person.id)
    session.flush()
    detail: dict[str, object] = {"granted": sorted(wanted - held), "revoked": sorted(held - wanted)}
    _record(session, "set_roles", person, by=by, now=now, detail=detail)


def set_active(session: Session, person_id: int, *, active: bool, by: Actor | None, now: datetime) -> None:
    """Let a person log in again, or end her sessions and let her no longer.

    Raises NotPermitted for all but sys_admin and for oneself, Refused for the last sys_admin.
    """
    _only_administrator(by)
    _not_oneself(person_id, by)
    person = person_with_roles(session, person_id)
    if not active and any(role.role == "sys_admin" for role in person.roles):
        _keep_an_administrator(session, person)
    person.active = active
    if not active:
        sessions.end_all(session, person.id)
    _record(session, "activate_person" if active else "deactivate_person", person, by=by, now=now)


def normal_username(text: str) -> str:
    """Return a user name as it is stored and counted: trimmed, half-width, lower case, at most 40 characters."""
    return unicodedata.normalize("NFKC", text).strip().lower()[:LONGEST_USERNAME]


def person_with_roles(session: Session, person_id: int) -> Person:
    """Return a person with her roles loaded; raise NotFound."""
    person = session.get(Person, person_id, options=[selectinload(Person.roles)])
    if person is None:
        raise NotFound("没有这个人。")
    return person


def store_password(session: Session, person: Person, password: str, *, wall: datetime) -> None:
    """Set a password that meets the policy; raise Refused otherwise."""
    with session.no_autoflush:
        administrator = any(role.role in ADMINISTRATIVE_ROLES for role in person.roles)
    passwords.check(password, username=person.username, name=person.name, administrator=administrator)
    person.password_hash = passwords.hashed(password)
    person.password_set_at = wall


def _check_roles(roles: Collection[str], organisation: Organisation) -> None:
    unknown = sorted(set(roles) - set(ROLES) | set(roles) & {"system"})
    if unknown:
        raise Refused("没有名为 %(roles)s 的角色。", roles="、".join(unknown))
    kind = OrganisationKind(organisation.kind)
    foreign = [ROLES[role].zh for role in roles if not may_hold(ROLES[role], kind)]
    if foreign:
        raise Refused("%(unit)s的人不能担任%(roles)s。", unit=organisation.short, roles="、".join(foreign))
    pairs = conflicting(roles)
    if pairs:
        one, other = (ROLES[code].zh for code in pairs[0])
        raise Refused("%(one)s和%(other)s不能由同一人担任。", one=one, other=other)


def _only_administrator(by: Actor | None) -> None:
    if by is not None and "sys_admin" not in by.roles:
        raise NotPermitted("只有系统管理员能管理账号。")


def _not_oneself(person_id: int, by: Actor | None) -> None:
    if by is not None and by.id == person_id:
        raise NotPermitted("不能改动自己的角色和状态，请由另一位系统管理员办理。")


def _keep_an_administrator(session: Session, person: Person) -> None:
    others = (
        select(PersonRole.person_id)
        .join(Person, Person.id == PersonRole.person_id)
        .where(PersonRole.role == "sys_admin", Person.active, Person.id != person.id)
    )
    if session.scalar(others.limit(1)) is None:
        raise Refused("这是最后一位系统管理员，请先设立另一位。")


def _record(
    session: Session,
    act: str,
    person: Person,
    *,
    by: Actor | None,
    now: datetime,
    detail: dict[str, object] | None = None,
) -> None:
    actor_id = by.id if by else None
    audit.record(session, act, subject_kind="person", subject_id=person.id, actor_id=actor_id, now=now, detail=detail)
