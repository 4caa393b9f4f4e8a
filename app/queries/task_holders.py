"""Who else could do an open task, and who may call it to mind."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.domain.roles import PROJECT_ROLES, ROLES, OrganisationKind
from app.models.accounts import Person, PersonRole
from app.models.business import Project
from app.models.process import ProcessInstance, TaskAudience, UserTask
from app.queries import panels
from app.queries.inbox import Choice
from app.queries.scope import Reader, judges_only, visible_projects


def colleagues(session: Session, reader: Reader, task: UserTask) -> tuple[Choice, ...]:
    """Return to whom the reader may hand the task over: holders of its roles, in the task's unit or her own company.

    An expert's seat is hers alone.
    """
    parts = []
    for role in sorted(set(task.roles.split()) & PROJECT_ROLES):
        kind = ROLES[role].organisation
        if kind is OrganisationKind.EMPLOYER:
            continue
        bound = PersonRole.role == role
        if kind is OrganisationKind.UNIT:
            bound = and_(bound, Person.organisation_id == task.unit_id)
        elif kind is OrganisationKind.COMPANY:
            bound = and_(bound, Person.organisation_id == reader.organisation_id)
        parts.append(bound)
    if not parts:
        return ()
    query = (
        select(Person.id, Person.name)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(Person.active, Person.id != reader.id, or_(*parts))
        .distinct()
        .order_by(Person.id)
    )
    return tuple(Choice(str(key), name) for key, name in session.execute(query))


def may_remind(session: Session, reader: Reader, audiences: Collection[str], task_id: int) -> bool:
    """Say whether the reader may call the task to mind: it waits for her too, or she started it or sees its project.

    An expert never: the reminder would carry her name to the unit that she judges.
    """
    if judges_only(reader):
        return False
    found = session.execute(
        select(UserTask.project_id, ProcessInstance.started_by, ProcessInstance.root_id)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .where(UserTask.id == task_id)
    ).one_or_none()
    if found is None:
        return False
    project_id, started_by, root_id = found
    if started_by == reader.id:
        return True
    waits = select(TaskAudience.task_id).where(
        TaskAudience.task_id == task_id, TaskAudience.audience.in_(sorted(audiences))
    )
    root = select(ProcessInstance.id).where(ProcessInstance.id == root_id, ProcessInstance.started_by == reader.id)
    seen = select(Project.id).where(Project.id == project_id, visible_projects(reader))
    return any(session.scalar(query.limit(1)) is not None for query in (waits, root, seen))


def waits_for_hidden(session: Session, reader: Reader, task_id: int) -> bool:
    """Say whether the task waits for somebody whom the reader may not know yet: an expert before the meeting."""
    found = session.execute(
        select(UserTask.project_id, UserTask.assignee_id, TaskAudience.audience)
        .outerjoin(TaskAudience, TaskAudience.task_id == UserTask.id)
        .where(UserTask.id == task_id)
    ).all()
    if not found:
        return False
    veil = panels.veil(session, reader, found[0][0])
    named = {int(audience[2:]) for *_rest, audience in found if audience and audience.startswith("p:")}
    if any((audience or "").partition("@")[0] == f"r:{panels.ROLE}" for *_rest, audience in found):
        return bool(veil.hidden)
    return any(veil.hides(person) for person in named | {found[0][1]})
