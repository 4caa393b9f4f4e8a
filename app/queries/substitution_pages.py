"""代理: who may be named, what runs and what has been, and what substitutes have done for whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from app.domain import handover
from app.domain.substitution import shared_roles
from app.models.accounts import Organisation, Person, PersonRole, Substitution
from app.models.business import Project
from app.models.process import ActedFor, UserTask
from app.queries.diagram_graph import Drawn
from app.queries.inbox import Choice
from app.queries.said import task_name
from app.queries.scope import Reader, visible_projects

SHOWN = 50


@dataclass(frozen=True)
class SubstitutionRow:
    """One substitution, past, present or to come."""

    id: int
    person: str
    substitute: str
    organisation: str
    roles: tuple[str, ...]
    """In which roles it holds today; none where they share none any more."""
    starts_on: date
    ends_on: date
    reason: str
    appointed_by: str
    revoked_at: datetime | None
    status: str
    """coming, running, over or revoked."""
    may_revoke: bool


@dataclass(frozen=True)
class ActedRow:
    """A task that a substitute has done."""

    task_id: int
    name: Drawn
    project_no: str
    project: str
    person: str
    by: str
    at: datetime


def may_name_for_others(reader: Reader) -> bool:
    """Say whether the reader may name a substitute for one who is absent."""
    return handover.may_start(reader.roles, same_organisation=True)


def people(session: Session, reader: Reader) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    """Return for whom the reader may name a substitute, and whom: colleagues; everybody for the administrator.

    Whom she may name for herself alone are those who share a role with her.
    """
    query = (
        select(Person, Organisation.short)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.active)
        .order_by(Organisation.id, Person.id)
    )
    everybody = "sys_admin" in reader.roles
    if not everybody:
        query = query.where(Person.organisation_id == reader.organisation_id)
    found = session.execute(query).all()
    named = {
        person.id: Choice(str(person.id), f"{unit} {person.name}" if everybody else person.name)
        for person, unit in found
    }
    if may_name_for_others(reader):
        return tuple(named.values()), tuple(named.values())
    held = _roles(session, named)
    shared = [key for key in named if key != reader.id and shared_roles(reader.roles, held.get(key, ()))]
    return (), tuple(named[key] for key in shared)


def _roles(session: Session, ids: Collection[int]) -> dict[int, set[str]]:
    held: dict[int, set[str]] = {}
    query = select(PersonRole.person_id, PersonRole.role).where(PersonRole.person_id.in_(sorted(ids)))
    for person_id, role in session.execute(query):
        held.setdefault(person_id, set()).add(role)
    return held


def listed(session: Session, reader: Reader, *, today: date) -> tuple[SubstitutionRow, ...]:
    """Return the substitutions that concern the reader, the latest first: her own; her colleagues' for a head."""
    absent, substitute, by = aliased(Person), aliased(Person), aliased(Person)
    query = (
        select(Substitution, absent.name, substitute.name, by.name, Organisation.short)
        .join(absent, absent.id == Substitution.person_id)
        .join(substitute, substitute.id == Substitution.substitute_id)
        .join(by, by.id == Substitution.appointed_by)
        .join(Organisation, Organisation.id == absent.organisation_id)
        .order_by(Substitution.ends_on.desc(), Substitution.id.desc())
        .limit(SHOWN)
    )
    heads = may_name_for_others(reader)
    if not heads:
        query = query.where(or_(Substitution.person_id == reader.id, Substitution.substitute_id == reader.id))
    elif "sys_admin" not in reader.roles:
        query = query.where(absent.organisation_id == reader.organisation_id)
    found = session.execute(query).all()
    held = _roles(session, {key for row, *_rest in found for key in (row.person_id, row.substitute_id)})
    return tuple(
        SubstitutionRow(
            id=row.id,
            person=who,
            substitute=to,
            organisation=unit,
            roles=tuple(sorted(shared_roles(held.get(row.person_id, ()), held.get(row.substitute_id, ())))),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            reason=row.reason,
            appointed_by=appointed_by,
            revoked_at=row.revoked_at,
            status=(status := _status(row, today)),
            may_revoke=status in {"running", "coming"},
        )
        for row, who, to, appointed_by, unit in found
    )


def _status(row: Substitution, today: date) -> str:
    if row.revoked_at is not None:
        return "revoked"
    if row.ends_on < today:
        return "over"
    return "running" if row.starts_on <= today else "coming"


def acted(session: Session, reader: Reader) -> tuple[ActedRow, ...]:
    """Return what was done for the reader while she was away, and what she did for others, the latest first."""
    absent, by = aliased(Person), aliased(Person)
    query = (
        select(UserTask, Project.no, Project.name, absent.name, by.name)
        .join(ActedFor, ActedFor.task_id == UserTask.id)
        .join(absent, absent.id == ActedFor.person_id)
        .join(by, by.id == ActedFor.by_id)
        .outerjoin(Project, Project.id == UserTask.project_id)
        .where(
            or_(ActedFor.person_id == reader.id, ActedFor.by_id == reader.id),
            or_(UserTask.project_id.is_(None), visible_projects(reader)),
        )
        .order_by(UserTask.ended_at.desc(), UserTask.id.desc())
        .limit(SHOWN)
    )
    return tuple(
        ActedRow(
            task.id, task_name(task.name, task.properties), no or "", project or "", who, hand,
            task.ended_at or task.created_at,
        )
        for task, no, project, who, hand in session.execute(query)
    )  # fmt: skip
