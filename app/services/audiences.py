"""Who may find a task: its roles and organisation binding turned into audiences, and a person's audiences."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.roles import ROLES, OrganisationKind
from app.engine.step import UserTaskWait
from app.models.accounts import Person
from app.models.process import ProcessInstance
from app.services.context import Actor

END_OF_TIME = datetime(9999, 12, 31, tzinfo=UTC)
"""Sorts tasks without a due moment last."""


def of_task(session: Session, wait: UserTaskWait, instance: ProcessInstance) -> frozenset[str]:
    """Return the audiences of an open task (specification §2.2).

    Unit lanes bind to the instance's unit, company lanes to the company assigned on the project, everybody else to
    the role alone; a named person replaces the roles.
    """
    named = [wait.assignee] if wait.assignee else list(wait.candidate_users)
    if named:
        people = session.scalars(select(Person.id).where(Person.username.in_(named)))
        return frozenset(f"p:{person}" for person in people)
    return of_roles(session, wait.candidate_groups, instance)


def of_roles(session: Session, roles: Iterable[str], instance: ProcessInstance) -> frozenset[str]:
    """Return the audiences of a task that waits for these roles in an instance."""
    return frozenset(audience for role in roles if role in ROLES for audience in _of_role(session, role, instance))


def _of_role(session: Session, role: str, instance: ProcessInstance) -> tuple[str, ...]:
    kind = ROLES[role].organisation
    if kind is OrganisationKind.UNIT:
        return (f"r:{role}@{instance.unit_id}",) if instance.unit_id is not None else ()
    if kind is OrganisationKind.COMPANY:
        if instance.project_id is None:
            return ()
        from app.services.companies import assigned_companies  # noqa: PLC0415 -- only company lanes need the tables

        return tuple(f"r:{role}@{company}" for company in assigned_companies(session, instance.project_id, role))
    return (f"r:{role}",)


def of_person(actor: Actor) -> frozenset[str]:
    """Return every audience that a person belongs to, by her roles, her organisation and herself."""
    bound = {OrganisationKind.UNIT, OrganisationKind.COMPANY}
    by_role = (
        f"r:{role}@{actor.organisation_id}" if ROLES[role].organisation in bound else f"r:{role}"
        for role in actor.roles
        if role in ROLES
    )
    return frozenset([f"p:{actor.id}", *by_role])
