"""Who is told that a version has come into force: those whose steps it draws, and units with projects on the way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.roles import ROLES, OrganisationKind
from app.models.accounts import Person, PersonRole
from app.models.business import Project
from app.models.process import Definition, ProcessInstance
from app.models.workshop import ReleaseRequest
from app.services import definitions, notices

RUNNING = ("active", "suspended")
IN_FORCE = "「%(name)s」第 %(version)s 版自 %(when)s 起施行：%(reason)s。已在办的仍按原版本办理。"


def tell_touched(session: Session, request: ReleaseRequest, definition: Definition, *, now: datetime) -> int:
    """Tell everybody whom a version in force touches, once; return how many persons that are."""
    keys = processes_using(session, definition)
    roles = {role for key in keys for role in _roles(session, key)}
    if request.former_id is not None and definition.kind == "bpmn":
        roles |= _roles_of(session, request.former_id)
    people = people_touched(session, keys, roles)
    notices.notify(
        session, people, now=now, dedupe_key=f"release-{request.id}-told", link=_link(definition),
        message=IN_FORCE,
        values={
            "name": definition.name, "version": definition.version, "when": f"{now:%Y-%m-%d %H:%M}",
            "reason": request.reason[:200],
        },
    )  # fmt: skip
    return len(people)


def processes_using(session: Session, definition: Definition) -> frozenset[str]:
    """Return the processes in force that a file belongs to: itself, or those whose tasks show it or ask it."""
    if definition.kind == "bpmn":
        return frozenset({definition.key})
    found = set()
    rows = session.execute(select(Definition.id, Definition.key).where(Definition.kind == "bpmn", Definition.in_force))
    for row_id, key in rows.all():
        model = definitions.process_model(session, row_id)
        forms = {task.form_id for task in model.user_tasks.values()}
        if definition.key in (forms if definition.kind == "form" else model.decisions):
            found.add(key)
    return frozenset(found)


def people_touched(session: Session, keys: Iterable[str], roles: Iterable[str]) -> frozenset[int]:
    """Return who holds one of the roles; in project units only where a project of the unit is on its way there."""
    known = [role for role in roles if role in ROLES and ROLES[role].organisation is not OrganisationKind.COMPANY]
    of_units = [role for role in known if ROLES[role].organisation is OrganisationKind.UNIT]
    others = [role for role in known if role not in of_units]
    found = set(notices.holders(session, others, unit_id=None))
    if of_units:
        units = (
            select(Project.unit_id)
            .join(ProcessInstance, ProcessInstance.project_id == Project.id)
            .where(ProcessInstance.process_key.in_(list(keys)), ProcessInstance.status.in_(RUNNING))
        )
        started = select(ProcessInstance.unit_id).where(
            ProcessInstance.process_key.in_(list(keys)), ProcessInstance.status.in_(RUNNING)
        )
        found.update(
            session.scalars(
                select(Person.id)
                .join(PersonRole, PersonRole.person_id == Person.id)
                .where(
                    PersonRole.role.in_(of_units),
                    Person.active,
                    or_(Person.organisation_id.in_(units), Person.organisation_id.in_(started)),
                )
            )
        )
    return frozenset(found)


def _roles(session: Session, key: str) -> set[str]:
    current = definitions.in_force(session, "bpmn", key)
    return _roles_of(session, current.id) if current is not None else set()


def _roles_of(session: Session, definition_id: int) -> set[str]:
    model = definitions.process_model(session, definition_id)
    return {role for task in model.user_tasks.values() for role in task.candidate_groups}


def _link(definition: Definition) -> str:
    return f"/processes/{definition.key}" if definition.kind == "bpmn" else "/processes"
