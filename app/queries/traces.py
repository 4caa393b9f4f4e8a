"""What has happened to a project: in short as people tell it, and in full as the engine recorded it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.models.accounts import Person
from app.models.documents import Notice, Remark
from app.models.process import ActedFor, Definition, HistoryEvent, ProcessInstance, UserTask
from app.queries import diagram_graph, panels, remark_rows
from app.queries.diagram_graph import Drawn
from app.queries.said import PROCESS, Said, english_names, task_name
from app.queries.scope import Reader
from app.queries.task import HistoryRow

SHOWN = 6
LONG = 300
DONE = 20
MOST_RECORDS = 1000
ENDED = ("completed", "cancelled")
BY_PERSONS = ("userTask", "completed")
"""The records that name a person; elsewhere the actor is only whose act set the step off."""
BY_A_PERSON = "remind:"
"""How the keys of notices begin that somebody sent by hand (催办)."""
SENT = "系统提醒：%(notice)s发给 %(count)s 人"
SENT_BY_A_PERSON = "%(notice)s发给 %(count)s 人"
WITHDRAWN = "已撤销：%(task)s"
REMARK = "留言：%(words)s"
TOLD = "留言：%(words)s（知会：%(names)s）"

_ABSENT = aliased(Person)

_telling: dict[str, tuple[str, ...]] = {}
"""SHA-256 of a version → its telling events; a version never changes, so this never goes stale."""


class Scope(NamedTuple):
    """Whose trace: a project's, or that of an instance that has none."""

    project_id: int | None
    instance_id: int | None = None


@dataclass(frozen=True)
class Record:
    """One event of one element, as the engine recorded it."""

    at: datetime
    who: str
    element: Drawn
    kind: str
    """The BPMN local name."""
    event: str
    process: Drawn


@dataclass(frozen=True)
class _Line:
    row: HistoryRow
    order: tuple[datetime, int, int]
    notice: str = ""


def story(
    session: Session, reader: Reader, of: Scope, *, limit: int = SHOWN, brief: bool = False
) -> tuple[tuple[HistoryRow, ...], int]:
    """Return what persons did, what was sent and which times ran out, newest first, and how much of it there is.

    `brief` tells a notice that was sent again and again, with nothing between, once.
    """
    wanted = limit * 4 if brief else limit
    events, veil = _of_events(session, of), panels.veil(session, reader, of.project_id)
    lines = [
        *_tasks(session, veil, of, wanted),
        *_notices(session, of, wanted),
        *_events(session, events, wanted),
        *_remarks(session, veil, of, wanted),
    ]
    lines.sort(key=lambda one: one.order, reverse=True)
    if brief:
        lines = [one for at, one in enumerate(lines) if not at or not one.notice or one.notice != lines[at - 1].notice]
    return tuple(one.row for one in lines[:limit]), _count(session, of, events)


def done(session: Session, reader: Reader, of: Scope, *, limit: int = DONE) -> tuple[HistoryRow, ...]:
    """Return the tasks that persons have done last, newest first, each with whom it was done for (代)."""
    lines = _tasks(session, panels.veil(session, reader, of.project_id), of, limit, statuses=("completed",))
    return tuple(one.row for one in lines)


def count(session: Session, of: Scope) -> int:
    """Return how much a story has to tell."""
    return _count(session, of, _of_events(session, of))


def records(session: Session, reader: Reader, of: Scope) -> tuple[tuple[Record, ...], int]:
    """Return every event that the engine recorded, newest first (the newest thousand), and how many there are."""
    scope = _scope(of)
    query = (
        select(HistoryEvent, Person.name, Definition.name, Definition.sha256)
        .join(ProcessInstance, ProcessInstance.id == HistoryEvent.instance_id)
        .join(Definition, Definition.id == ProcessInstance.definition_id)
        .outerjoin(Person, Person.id == HistoryEvent.actor_id)
        .where(scope)
        .order_by(HistoryEvent.id.desc())
        .limit(MOST_RECORDS)
    )
    found = session.execute(query).all()
    veil = panels.veil(session, reader, of.project_id)
    english = english_names(session, {row.sha256 for row in found})
    total = session.scalar(select(func.count()).select_from(HistoryEvent).where(scope))
    return tuple(
        Record(
            event.at,
            veil.name(event.actor_id, who, event.at) if (event.element_type, event.event) == BY_PERSONS else "",
            Drawn(diagram_graph.one_line(event.name) or event.element_id, english[sha256].get(event.element_id, "")),
            event.element_type,
            event.event,
            Drawn(process, english[sha256].get(PROCESS, "")),
        )
        for event, who, process, sha256 in found
    ), int(total or 0)


def _scope(of: Scope) -> ColumnElement[bool]:
    if of.project_id is not None:
        return HistoryEvent.project_id == of.project_id
    return HistoryEvent.instance_id == of.instance_id


def _of_tasks(of: Scope, statuses: Sequence[str] = ENDED) -> ColumnElement[bool]:
    mine = UserTask.project_id == of.project_id if of.project_id is not None else UserTask.instance_id == of.instance_id
    return and_(mine, UserTask.status.in_(statuses), UserTask.ended_at.is_not(None))


def _tasks(
    session: Session, veil: panels.Veil, of: Scope, limit: int, *, statuses: Sequence[str] = ENDED
) -> Iterable[_Line]:
    query = (
        select(UserTask, Person.name, _ABSENT.name)
        .outerjoin(Person, Person.id == UserTask.ended_by)
        .outerjoin(ActedFor, ActedFor.task_id == UserTask.id)
        .outerjoin(_ABSENT, _ABSENT.id == ActedFor.person_id)
        .where(_of_tasks(of, statuses))
        .order_by(UserTask.ended_at.desc(), UserTask.id.desc())
        .limit(limit)
    )
    for task, who, absent in session.execute(query):
        ended_at = task.ended_at or task.created_at
        name = task_name(task.name, task.properties)
        if task.status == "completed":
            row = HistoryRow(ended_at, veil.name(task.ended_by, who, ended_at), name, on_behalf_of=absent or "")
        else:
            row = HistoryRow(ended_at, "", Said(WITHDRAWN, {"task": str(name), "task_en": name.en}), "system")
        yield _Line(row, (ended_at, 0, task.id))


def _notices(session: Session, of: Scope, limit: int) -> Iterable[_Line]:
    if of.project_id is None:
        return
    sent = (
        select(func.min(Notice.id).label("first"), func.count().label("persons"))
        .where(Notice.project_id == of.project_id)
        .group_by(Notice.dedupe_key)
        .order_by(func.min(Notice.id).desc())
        .limit(limit)
        .subquery()
    )
    query = select(Notice, sent.c.persons).join(sent, sent.c.first == Notice.id)
    for notice, persons in session.execute(query):
        words = SENT_BY_A_PERSON if notice.dedupe_key.startswith(BY_A_PERSON) else SENT
        said = Said(words, {"notice": Said(notice.message, notice.values or {}), "count": persons})
        row = HistoryRow(notice.created_at, "", said, "system")
        yield _Line(row, (notice.created_at, 2, notice.id), notice.message)


def _remarks(session: Session, veil: panels.Veil, of: Scope, limit: int) -> Iterable[_Line]:
    if of.project_id is None:
        return
    for row, who, told in remark_rows.newest(session, of.project_id, limit=limit):
        names = tuple(veil.name(person_id, name, row.at) for person_id, name in told)
        said = Said(TOLD if names else REMARK, {"words": row.words, "names": "、".join(map(str, names))})
        line = HistoryRow(row.at, veil.name(row.by_id, who, row.at), said, "said")
        yield _Line(line, (row.at, 3, row.id))


def _of_events(session: Session, of: Scope) -> ColumnElement[bool]:
    """Return the condition on events that tell people something, by what the diagrams in use draw."""
    instances = (
        ProcessInstance.project_id == of.project_id
        if of.project_id is not None
        else ProcessInstance.id == of.instance_id
    )
    query = (
        select(Definition.id, Definition.sha256)
        .join(ProcessInstance, ProcessInstance.definition_id == Definition.id)
        .where(instances)
        .distinct()
    )
    versions = session.execute(query).all()
    telling = _telling_events(session, [row.sha256 for row in versions])
    parts = [
        and_(
            HistoryEvent.instance_id.in_(
                select(ProcessInstance.id).where(instances, ProcessInstance.definition_id == definition_id)
            ),
            HistoryEvent.element_id.in_(telling[sha256]),
        )
        for definition_id, sha256 in versions
        if telling[sha256]
    ]
    if not parts:
        return false()
    return and_(_scope(of), HistoryEvent.event.in_(("completed", "fired")), or_(*parts))


def _events(session: Session, told: ColumnElement[bool], limit: int) -> Iterable[_Line]:
    query = (
        select(HistoryEvent, Definition.sha256)
        .join(ProcessInstance, ProcessInstance.id == HistoryEvent.instance_id)
        .join(Definition, Definition.id == ProcessInstance.definition_id)
        .where(told)
        .order_by(HistoryEvent.id.desc())
        .limit(limit)
    )
    found = session.execute(query).all()
    english = english_names(session, {row.sha256 for row in found})
    for event, sha256 in found:
        name = Drawn(diagram_graph.one_line(event.name), english[sha256].get(event.element_id, ""))
        yield _Line(HistoryRow(event.at, "", name, "system"), (event.at, 1, event.id))


def _count(session: Session, of: Scope, told: ColumnElement[bool]) -> int:
    tasks = select(func.count()).select_from(UserTask).where(_of_tasks(of)).scalar_subquery()
    events = select(func.count()).select_from(HistoryEvent).where(told).scalar_subquery()
    sent = select(func.count(Notice.dedupe_key.distinct())).where(Notice.project_id == of.project_id).scalar_subquery()
    remarks = select(func.count()).where(Remark.project_id == of.project_id).scalar_subquery()
    found = session.execute(select(tasks, events, sent, remarks)).one()
    return int(found[0]) + int(found[1]) + (int(found[2]) + int(found[3]) if of.project_id is not None else 0)


def _telling_events(session: Session, hashes: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    unknown = set(hashes) - _telling.keys()
    if unknown:
        query = select(Definition.sha256, Definition.source).where(
            Definition.kind == "bpmn", Definition.sha256.in_(unknown)
        )
        for sha256, source in session.execute(query):
            graph = diagram_graph.read(source)
            _telling[sha256] = tuple(node.id for node in graph.nodes.values() if _tells(graph, node))
    return {sha256: _telling.get(sha256, ()) for sha256 in hashes}


def _tells(graph: diagram_graph.Graph, node: diagram_graph.Node) -> bool:
    """Say whether an event tells people anything that no task and no notice does: a message, or a time that ran out.

    A time that only reminds is told by its notice, and one that only opens a task by who does it.
    """
    if not node.name:
        return False
    if node.kind in {"sendTask", "intermediateThrowEvent", "endEvent"}:
        return node.kind == "sendTask" or node.event == "message"
    if node.kind == "boundaryEvent":
        return node.event == "message" or (node.event == "timer" and (node.interrupts or graph.acts_after(node.id)))
    return node.kind == "intermediateCatchEvent" and node.event == "timer"
