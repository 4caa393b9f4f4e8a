"""What the task page reads besides the form: who holds the task, its draft, its papers, the way so far."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.form_schema.storage import file_ids
from app.models.accounts import Person
from app.models.base import in_one_text
from app.models.business import DeadlineRow, Project
from app.models.documents import Attachment, Draft
from app.models.process import Definition, HistoryEvent, ProcessInstance, TaskAudience, UserTask
from app.queries import diagram_graph, task_holders
from app.queries import task as rows
from app.queries.diagram_graph import Drawn
from app.queries.inbox import Choice
from app.queries.ledger_rows import workings_of
from app.queries.project_files import facts_of
from app.queries.said import task_documentation, task_name
from app.queries.scope import Reader

SHOWN_NEXT = 2
PEOPLE_AND_EVENTS = ("userTask",)


@dataclass(frozen=True)
class TaskFrame:
    """A task with everything of its page but the form's data and the refusals, which services compute."""

    id: int
    key: str
    name: Drawn
    revision: int
    instance_id: int
    process_id: str
    process_name: Drawn
    process_version: int
    source: str
    element_id: str
    form_id: str
    form_definition_id: int | None
    project_id: int | None
    unit_id: int | None
    documentation: Drawn
    roles: tuple[str, ...]
    status: str
    due_at: datetime | None
    assignee_id: int | None
    assignee: str
    claimed: bool
    properties: Mapping[str, object] = field(default_factory=dict)
    inputs: Mapping[str, object] = field(default_factory=dict)
    audiences: frozenset[str] = frozenset()
    ended_by: int | None = None
    ended_at: datetime | None = None


def frame(session: Session, task_id: int) -> TaskFrame | None:
    """Return a task whatever its state, without asking who reads; the view compares audiences."""
    names = select(in_one_text(TaskAudience.audience)).where(TaskAudience.task_id == UserTask.id).scalar_subquery()
    found = session.execute(
        select(UserTask, ProcessInstance.revision, Definition, Person.name, names)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .join(Definition, Definition.id == ProcessInstance.definition_id)
        .outerjoin(Person, Person.id == UserTask.assignee_id)
        .where(UserTask.id == task_id)
    ).one_or_none()
    if found is None:
        return None
    task, revision, definition, assignee, audience = found
    return TaskFrame(
        id=task.id,
        key=task.key,
        name=task_name(task.name, task.properties),
        revision=revision,
        instance_id=task.instance_id,
        process_id=definition.key,
        process_name=Drawn(definition.name, diagram_graph.read(definition.source).en),
        process_version=definition.version,
        source=definition.source,
        element_id=task.element_id,
        form_id=task.form_id,
        form_definition_id=task.form_definition_id,
        project_id=task.project_id,
        unit_id=task.unit_id,
        documentation=task_documentation(task.documentation, task.properties),
        roles=tuple(task.roles.split()),
        status=task.status,
        due_at=task.due_at,
        assignee_id=task.assignee_id,
        assignee=assignee or "",
        claimed=task.claimed_at is not None,
        properties=task.properties or {},
        inputs=task.inputs or {},
        audiences=frozenset((audience or "").split()),
        ended_by=task.ended_by,
        ended_at=task.ended_at,
    )


def draft(session: Session, task_id: int, person_id: int) -> rows.Draft | None:
    """Return what this person has typed into the task and not handed in."""
    found = session.get(Draft, (task_id, person_id))
    return None if found is None else rows.Draft(found.saved_at, "", found.revision, found.values)


def attachments(session: Session, task: TaskFrame, data: Mapping[str, object]) -> tuple[rows.AttachmentRow, ...]:
    """Return the files that the form's data name and that belong to the task or its project."""
    wanted = sorted(file_ids(data))
    if not wanted:
        return ()
    belongs = Attachment.task_id == task.id
    if task.project_id is not None:
        belongs |= Attachment.project_id == task.project_id
    query = (
        select(Attachment, Person.name)
        .join(Person, Person.id == Attachment.uploaded_by)
        .where(Attachment.id.in_(wanted), belongs)
    )
    return tuple(
        rows.AttachmentRow(a.id, a.field, a.name, a.size, a.uploaded_at, name, a.sha256)
        for a, name in session.execute(query)
    )


def path(session: Session, task: TaskFrame) -> tuple[rows.PathStep, ...]:
    """Return what was done last in this instance, the task itself, and what the diagram draws next."""
    done = session.scalars(
        select(HistoryEvent.element_id)
        .where(
            HistoryEvent.instance_id == task.instance_id,
            HistoryEvent.element_type.in_(PEOPLE_AND_EVENTS),
            HistoryEvent.event == "completed",
        )
        .order_by(HistoryEvent.id.desc())
        .limit(SHOWN_NEXT * 2)
    ).all()
    graph = diagram_graph.read(task.source)
    before = [one for one in dict.fromkeys(done) if one != task.element_id][:SHOWN_NEXT]
    after = [one for one in graph.next_tasks(task.element_id)[:SHOWN_NEXT] if one not in before]
    return (
        *(rows.PathStep(one, graph.name(one), "done") for one in reversed(before)),
        rows.PathStep(task.element_id, task.name, "now"),
        *(rows.PathStep(one, graph.name(one), "next") for one in after),
    )


def workings(session: Session, task: TaskFrame, kinds: Collection[str]) -> tuple[rows.Workings, ...]:
    """Return the day-count of the deadline by which the task is due, else those of the project of these kinds."""
    node = diagram_graph.read(task.source).nodes.get(task.element_id)
    wanted = [node.due_kind] if node and node.due_kind else sorted(kinds)
    if not wanted:
        return ()
    query = select(DeadlineRow).where(DeadlineRow.status == "open", DeadlineRow.kind.in_(wanted))
    if task.project_id is not None:
        query = query.where(DeadlineRow.project_id == task.project_id)
    elif task.due_at is not None:
        query = query.where(DeadlineRow.project_id.is_(None), DeadlineRow.fires_at == task.due_at)
    else:
        return ()
    query = query.order_by(DeadlineRow.fires_at).limit(2)
    return tuple(workings_of(row) for row in session.scalars(query))


def project_facts(session: Session, reader: Reader, project_id: int) -> rows.ProjectFacts | None:
    """Return the project in a few lines, without money where the reader may not see it."""
    return facts_of(session, reader, project_id)


def colleagues_of(session: Session, reader: Reader, task: TaskFrame) -> tuple[Choice, ...]:
    """Return to whom the reader may hand this task over; nobody where it was given to her by name."""
    if not task.claimed and all(name.startswith("p:") for name in task.audiences):
        return ()
    row = session.get(UserTask, task.id)
    return () if row is None else task_holders.colleagues(session, reader, row)


def file_names(session: Session, ids: Collection[str]) -> Mapping[str, str]:
    """Return the names of these files by id, for papers that the reader may see anyhow."""
    if not ids:
        return {}
    return dict(session.execute(select(Attachment.id, Attachment.name).where(Attachment.id.in_(sorted(ids)))).all())


def project_no(session: Session, task_id: int) -> str:
    """Return the number of the project on which a task works; empty for one that has none yet."""
    query = select(Project.no).join(UserTask, UserTask.project_id == Project.id).where(UserTask.id == task_id)
    return session.scalar(query) or ""


def unit_of(session: Session, task_id: int) -> int | None:
    """Return the unit of the project on which a task works."""
    return session.scalar(
        select(Project.unit_id).join(UserTask, UserTask.project_id == Project.id).where(UserTask.id == task_id)
    )
