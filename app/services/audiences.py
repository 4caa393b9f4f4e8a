"""Who may find a task: its roles and organisation binding turned into audiences, and a person's audiences."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.roles import ROLES, OrganisationKind
from app.domain.states import FINAL
from app.domain.substitution import PERSONAL, StandIn
from app.engine.step import UserTaskWait
from app.models.accounts import Person, PersonRole
from app.models.business import Project
from app.models.process import ProcessInstance
from app.services import authors, expert_replacements
from app.services.context import Actor

SIGNING_FORM = "f00s"
EXPERT, DESIGNATED = "expert", frozenset({"f16e", "f16g"})
"""At an acceptance the experts judge whom the bureau has designated for it (F-05z); nobody is drawn for them."""
END_OF_TIME = datetime(9999, 12, 31, tzinfo=UTC)
"""Sorts tasks without a due moment last."""


def of_task(
    session: Session,
    wait: UserTaskWait,
    *,
    unit_id: int | None,
    project_id: int | None,
    instance_id: int | None = None,
) -> frozenset[str]:
    """Return the audiences of an open task (specification §2.2).

    Unit lanes bind to the unit of `place_of`, company lanes to the company assigned on the project, everybody else to
    the role alone; a named person replaces the roles, and an expert who gave up her seat is replaced by who was drawn
    for her (COI-07). Who prepared what the task signs does not find it (COI-09).
    """
    named = [wait.assignee] if wait.assignee else list(wait.candidate_users)
    if named and EXPERT in wait.candidate_groups and wait.form_id not in DESIGNATED and project_id is not None:
        drawn = expert_replacements.successors(session, project_id, named, ("review", "evaluation"))
        return frozenset(f"p:{person}" for person in drawn)
    if named:
        people = session.scalars(select(Person.id).where(Person.username.in_(named)))
        return frozenset(f"p:{person}" for person in people)
    names = of_roles(session, wait.candidate_groups, unit_id=unit_id, project_id=project_id)
    signed = wait.properties.get("signs", "")
    if not signed or wait.form_id != SIGNING_FORM:
        return names
    author = authors.newest(session, signed, project_id=project_id, instance_id=instance_id)
    return _without(session, names, author) if author is not None else names


def _without(session: Session, names: frozenset[str], author: int) -> frozenset[str]:
    """Name everybody else who holds the roles, where the author holds one of them too; nobody else: the roles stay.

    Then the task is not lost, and the author is refused when she signs.
    """
    holders = {person for name in names for person, _ in of_name(session, name)}
    others = frozenset(f"p:{person}" for person in holders - {author})
    return others if author in holders and others else names


@dataclass(frozen=True)
class Place:
    """The unit and the project for which a task is done."""

    unit_id: int | None
    project_id: int | None
    ended: bool = False
    """Whether a process over many projects asks about one that has ended meanwhile."""


def place_of(session: Session, wait: UserTaskWait, instance: ProcessInstance) -> Place:
    """Return the unit and the project for which a task is done.

    In a process over many projects (P-01, P-18) they are those of the project that the task's input names.
    """
    number = wait.inputs.get("project_no")
    if not isinstance(number, str) or not number or instance.project_id is not None:
        return Place(instance.unit_id, instance.project_id)
    named = select(Project.unit_id, Project.id, Project.state).where(Project.no == number)
    found = session.execute(named).one_or_none()
    return Place(found[0], found[1], found[2] in FINAL) if found is not None else Place(instance.unit_id, None)


def of_roles(session: Session, roles: Iterable[str], *, unit_id: int | None, project_id: int | None) -> frozenset[str]:
    """Return the audiences of a task that waits for these roles in a unit, on a project."""
    return frozenset(
        audience
        for role in roles
        if role in ROLES
        for audience in _of_role(session, role, unit_id=unit_id, project_id=project_id)
    )


def _of_role(session: Session, role: str, *, unit_id: int | None, project_id: int | None) -> tuple[str, ...]:
    kind = ROLES[role].organisation
    if kind is OrganisationKind.UNIT:
        return (f"r:{role}@{unit_id}",) if unit_id is not None else ()
    if kind is OrganisationKind.COMPANY:
        if project_id is None:
            return ()
        from app.services.companies import assigned_companies  # noqa: PLC0415 -- only company lanes need the tables

        return tuple(f"r:{role}@{company}" for company in assigned_companies(session, project_id, role))
    return (f"r:{role}",)


def of_person(actor: Actor) -> frozenset[str]:
    """Return every audience that a person belongs to: her own, and those of whom she stands in for today."""
    return own(actor) | {_substitute(one.person_id, _bound(one.role, actor)) for one in actor.stands_in_for}


def own(actor: Actor) -> frozenset[str]:
    """Return the audiences that a person belongs to by her roles, her organisation and herself."""
    return frozenset([f"p:{actor.id}", *(_bound(role, actor) for role in actor.roles if role in ROLES)])


def on_behalf_of(names: Collection[str], actor: Actor) -> StandIn | None:
    """Return for whom the actor may do a task with these audiences; None where it is hers, or not for her at all."""
    if own(actor) & set(names):
        return None
    return next(
        (one for one in actor.stands_in_for if _substitute(one.person_id, _bound(one.role, actor)) in names), None
    )


def of_claimed(
    session: Session, person_id: int, roles: Iterable[str], *, unit_id: int | None, project_id: int | None
) -> frozenset[str]:
    """Return the audiences of a task that a person has taken: she, and in its roles whoever stands in for her."""
    may = [role for role in roles if role not in PERSONAL]
    return frozenset(
        [
            f"p:{person_id}",
            *(_substitute(person_id, name) for name in of_roles(session, may, unit_id=unit_id, project_id=project_id)),
        ]
    )


def _substitute(person_id: int, of_role: str) -> str:
    return f"s:{person_id}:{of_role}"


def _bound(role: str, actor: Actor) -> str:
    bound = {OrganisationKind.UNIT, OrganisationKind.COMPANY}
    return f"r:{role}@{actor.organisation_id}" if ROLES[role].organisation in bound else f"r:{role}"


def of_name(session: Session, audience: str) -> list[tuple[int, str]]:
    """Return the active persons of one audience, by id with their names."""
    kind, _, rest = audience.partition(":")
    if kind == "s":
        return []  # who stands in changes from day to day: services/substitutions.py
    query = select(Person.id, Person.name).where(Person.active)
    if kind == "p":
        query = query.where(Person.id == int(rest))
    else:
        role, _, organisation = rest.partition("@")
        query = query.join(PersonRole, PersonRole.person_id == Person.id).where(PersonRole.role == role)
        if organisation:
            query = query.where(Person.organisation_id == int(organisation))
    return [(key, name) for key, name in session.execute(query.order_by(Person.id))]
