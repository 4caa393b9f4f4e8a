"""What the reader has started and still runs, and what she has finished: pages that read a bounded part of an index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.models.accounts import Organisation, Person
from app.models.business import Project
from app.models.documents import DRAFTS_KEPT, Draft
from app.models.process import Definition, ProcessInstance, UserTask
from app.queries import panels
from app.queries.diagram_graph import Drawn
from app.queries.inbox import PAGE_ROWS, DoneRow, DraftRow, StartedRow, WaitingTask
from app.queries.said import PROCESS, english_names, task_name
from app.queries.scope import Reader
from app.queries.shell import COUNT_CAP

RUNNING = ("active", "suspended")
MOST_DRAFTS = 100


def started_count(session: Session, reader: Reader) -> int:
    """Return how many processes that the reader started still run (capped)."""
    found = select(ProcessInstance.id).where(*_running(reader)).limit(COUNT_CAP + 1).subquery()
    return int(session.scalar(select(func.count()).select_from(found)) or 0)


def started(session: Session, reader: Reader, cursor: str) -> tuple[tuple[StartedRow, ...], str]:
    """Return a page of what the reader started and still runs, newest first, with the tasks that it waits for."""
    query = (
        select(ProcessInstance, Definition.name, Definition.sha256, Project.no, Project.name, Organisation.short)
        .join(Definition, Definition.id == ProcessInstance.definition_id)
        .outerjoin(Project, Project.id == ProcessInstance.project_id)
        .outerjoin(Organisation, Organisation.id == ProcessInstance.unit_id)
        .where(*_running(reader))
        .order_by(ProcessInstance.id.desc())
        .limit(PAGE_ROWS + 1)
    )
    place = _place(cursor)
    if place is not None:
        query = query.where(ProcessInstance.id < place[1])
    found = session.execute(query).all()
    page = found[:PAGE_ROWS]
    waiting = _waiting(session, reader, [row[0].id for row in page])
    english = english_names(session, {row.sha256 for row in page})
    rows = tuple(
        StartedRow(
            instance_id=instance.id,
            process_name=Drawn(name, english[sha256].get(PROCESS, "")),
            project_no=no or "",
            project_name=project or "",
            unit=unit or "",
            started_at=instance.started_at,
            waits=waiting.get(instance.id, ()),
        )
        for instance, name, sha256, no, project, unit in page
    )
    last = rows[-1] if rows and len(found) > PAGE_ROWS else None
    return rows, f"{last.started_at.date().isoformat()}~{last.instance_id}" if last else ""


def _running(reader: Reader) -> tuple[ColumnElement[bool], ...]:
    return (
        ProcessInstance.started_by == reader.id,
        ProcessInstance.root_id.is_(None),
        ProcessInstance.status.in_(RUNNING),
    )


def _waiting(session: Session, reader: Reader, roots: Sequence[int]) -> dict[int, tuple[WaitingTask, ...]]:
    root = func.coalesce(ProcessInstance.root_id, ProcessInstance.id)
    query = (
        select(UserTask, root, Organisation.short, Person.name)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .outerjoin(Organisation, Organisation.id == UserTask.unit_id)
        .outerjoin(Person, Person.id == UserTask.assignee_id)
        .where(UserTask.status == "open", or_(ProcessInstance.root_id.in_(roots), ProcessInstance.id.in_(roots)))
        .order_by(UserTask.id)
    )
    found: dict[int, tuple[WaitingTask, ...]] = {}
    waiting = session.execute(query).all()
    veils = panels.veils(session, reader, {row[0].project_id for row in waiting})
    for task, root_id, unit, name in waiting:
        roles = task.roles.split()
        holder = "" if veils[task.project_id].hides(task.assignee_id) else name
        waits = WaitingTask(
            task.id, task_name(task.name, task.properties), roles[0] if roles else "", unit or "", holder or ""
        )
        found[root_id] = (*found.get(root_id, ()), waits)
    return found


def done(session: Session, reader: Reader, text: str, cursor: str) -> tuple[tuple[DoneRow, ...], str]:
    """Return a page of the tasks that the reader has done, the latest first."""
    query: Select[UserTask, str, str, str, str, str] = (
        select(UserTask, Definition.name, Definition.sha256, Project.no, Project.name, Organisation.short)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .join(Definition, Definition.id == ProcessInstance.definition_id)
        .outerjoin(Project, Project.id == UserTask.project_id)
        .outerjoin(Organisation, Organisation.id == UserTask.unit_id)
        .where(UserTask.status == "completed", UserTask.ended_by == reader.id)
        .order_by(UserTask.ended_at.desc(), UserTask.id.desc())
        .limit(PAGE_ROWS + 1)
    )
    if text:
        like = f"%{text.replace('%', '').replace('_', '')}%"
        query = query.where(or_(UserTask.name.like(like), Project.name.like(like), Project.no.like(like)))
    place = _place(cursor)
    if place is not None and isinstance(place[0], datetime):
        # The type is told: a bare moment would be compared in its own zone where the database keeps UTC as text.
        moment = literal(place[0], UserTask.ended_at.type)
        query = query.where(tuple_(UserTask.ended_at, UserTask.id) < tuple_(moment, literal(place[1])))
    found = session.execute(query).all()
    english = english_names(session, {row.sha256 for row in found})
    rows = tuple(
        DoneRow(
            task_id=task.id,
            name=task_name(task.name, task.properties),
            process_name=Drawn(name, english[sha256].get(PROCESS, "")),
            form_id=task.form_id,
            project_no=no or "",
            project_name=project or "",
            unit=unit or "",
            ended_at=task.ended_at or task.created_at,
        )
        for task, name, sha256, no, project, unit in found[:PAGE_ROWS]
    )
    last = rows[-1] if rows and len(found) > PAGE_ROWS else None
    return rows, f"{last.ended_at.isoformat()}~{last.task_id}" if last else ""


def drafts(session: Session, reader: Reader) -> tuple[DraftRow, ...]:
    """Return what the reader has typed and not handed in, the latest first; a draft without a word is none."""
    query = (
        select(Draft, UserTask, Definition.name, Definition.sha256, Project.no, Project.name, Organisation.short)
        .join(UserTask, UserTask.id == Draft.task_id)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .join(Definition, Definition.id == ProcessInstance.definition_id)
        .outerjoin(Project, Project.id == UserTask.project_id)
        .outerjoin(Organisation, Organisation.id == UserTask.unit_id)
        .where(Draft.person_id == reader.id, _kept(reader))
        .order_by(Draft.saved_at.desc(), Draft.task_id.desc())
        .limit(MOST_DRAFTS)
    )
    found = [row for row in session.execute(query) if says_something(row[0].values)]
    english = english_names(session, {row.sha256 for row in found})
    return tuple(
        DraftRow(
            task_id=task.id,
            name=task_name(task.name, task.properties),
            process_name=Drawn(name, english[sha256].get(PROCESS, "")),
            project_no=no or "",
            project_name=project or "",
            unit=unit or "",
            saved_at=draft.saved_at,
            kept_until=(task.ended_at + DRAFTS_KEPT).astimezone(SHANGHAI).date() if task.ended_at else None,
        )
        for draft, task, name, sha256, no, project, unit in found
    )


def drafts_count(session: Session, reader: Reader) -> int:
    """Return how many drafts the reader has (capped)."""
    query = select(Draft.values).where(Draft.person_id == reader.id, _kept(reader)).limit(COUNT_CAP + 1)
    return sum(says_something(values) for values in session.scalars(query))


def says_something(values: Mapping[str, object]) -> bool:
    """Say whether anything has been filled in; a box left empty or a list without items is no answer."""
    return any(value not in (None, "", [], {}) for value in values.values())


def _kept(reader: Reader) -> ColumnElement[bool]:
    """Return the condition on drafts of open tasks, and of tasks that went without her handing anything in.

    It asks of each draft, so that the few drafts of a person are read first, never the many tasks.
    """
    waits = or_(UserTask.status == "open", UserTask.ended_by.is_distinct_from(reader.id))
    return select(UserTask.id).where(UserTask.id == Draft.task_id, waits).correlate(Draft).exists()


def _place(cursor: str) -> tuple[date, int] | None:
    """Return the moment or day and the row after which a page begins; nothing for what no page of ours wrote."""
    stamp, _, key = cursor.rpartition("~")
    try:
        moment = datetime.fromisoformat(stamp)
        return (moment if moment.tzinfo else moment.date()), int(key)
    except ValueError:
        return None
