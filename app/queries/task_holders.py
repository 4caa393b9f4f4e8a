"""Who else could do an open task, and who may call it to mind."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.domain.roles import PROJECT_ROLES, ROLES, OrganisationKind
from app.models.accounts import Person, PersonRole
from app.models.base import in_one_text
from app.models.business import Project
from app.models.process import ProcessInstance, TaskAudience, UserTask
from app.queries import panels
from app.queries.diagram_graph import Drawn
from app.queries.inbox import Choice
from app.queries.said import task_name
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


@dataclass(frozen=True)
class Holding:
    """An open task by which somebody can bring what is missing."""

    task_id: int
    name: Drawn
    mine: bool
    """Whether the reader can do it herself; else she may call it to mind."""


Wanted = tuple[str, str, str]
"""The role that holds what is missing, and the form or the kind of deadline by which it would come."""

PROCESS_OF_DEADLINE = {
    "materials": "p02_review",
    "industry_opinion": "p03a_opinion",
    "acceptance": "p09_acceptance",
    "rectification": "p09_acceptance",
    "acceptance_filing": "p09_acceptance",
    "evaluation_ends": "p14_evaluation",
    "evaluation_rectification": "p14_evaluation",
    "order": "p15_inspection",
    "audit": "p16_audit",
}
"""Kind of deadline → the process whose next task brings what it waits for."""


def holding(
    session: Session, reader: Reader, audiences: Collection[str], project_no: str, wanted: Collection[Wanted]
) -> dict[Wanted, Holding]:
    """Return for each role the project's open task in which she fills in or signs the form, else any of hers.

    A deadline is met by the next open task of its process, whoever holds it. Only for a project that the reader may
    see, and never for a reader who is nothing but an expert.
    """
    if not wanted or not project_no or judges_only(reader):
        return {}
    names = select(in_one_text(TaskAudience.audience)).where(TaskAudience.task_id == UserTask.id)
    found = session.execute(
        select(UserTask, names.scalar_subquery(), ProcessInstance.process_key)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .join(Project, Project.id == UserTask.project_id)
        .where(Project.no == project_no, visible_projects(reader), UserTask.status == "open")
        .order_by(UserTask.id)
    ).all()
    held: dict[Wanted, Holding] = {}
    for role, form, deadline in wanted:
        of_role = [row for row in found if role in row[0].roles.split()]
        of_form = [
            row for row in of_role if form and form in {row[0].form_id, str((row[0].properties or {}).get("signs", ""))}
        ]
        of_deadline = [row for row in found if row[2] == PROCESS_OF_DEADLINE.get(deadline)]
        chosen = next(iter(of_deadline or of_form or of_role), None)
        if chosen is not None:
            task, text, _process = chosen
            mine = bool(set((text or "").split()) & set(audiences))
            held[role, form, deadline] = Holding(task.id, task_name(task.name, task.properties), mine)
    return held
