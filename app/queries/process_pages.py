"""Process definitions and instances as their pages show them: lists, diagrams with tokens, the same as step tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, cast

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.domain.roles import GOVERNMENT
from app.models.accounts import Person
from app.models.business import Project
from app.models.process import Definition, HistoryEvent, Incident, ProcessInstance, UserTask
from app.queries import diagram_graph, panels
from app.queries.diagram_graph import Drawn
from app.queries.processes import (
    DefinitionPage,
    DefinitionRow,
    IncidentRow,
    InstancePage,
    StepRow,
    VersionRow,
)
from app.queries.projects import InstanceRow, InstanceStatus
from app.queries.said import PROCESS, english_names, stored
from app.queries.scope import Reader, kinds_of, visible_projects

RUNNING = ("active", "suspended")
MOST_EVENTS = 5000
PASSED = frozenset({"completed", "fired"})
SHOWN_LANES = 5


def definitions(session: Session) -> tuple[DefinitionRow, ...]:
    """Return every process with its version in force and how many instances run on it and on older ones."""
    running = Counter[int](
        dict(
            session.execute(
                select(ProcessInstance.definition_id, func.count())
                .where(ProcessInstance.status.in_(RUNNING))
                .group_by(ProcessInstance.definition_id)
            ).all()
        )
    )
    every = session.execute(select(Definition.id, Definition.key).where(Definition.kind == "bpmn")).all()
    by_key: dict[str, list[int]] = {}
    for definition_id, key in every:
        by_key.setdefault(key, []).append(definition_id)
    query = (
        select(Definition, Person.name)
        .outerjoin(Person, Person.id == Definition.released_by)
        .where(Definition.kind == "bpmn", Definition.in_force)
        .order_by(Definition.key)
    )
    return tuple(
        _definition(row, who or "", running[row.id], sum(running[one] for one in by_key[row.key] if one != row.id))
        for row, who in session.execute(query)
    )


def _definition(row: Definition, released_by: str, running: int, running_old: int) -> DefinitionRow:
    graph = diagram_graph.read(row.source)
    return DefinitionRow(
        process_id=row.key,
        name=Drawn(row.name, graph.en),
        lanes=_lanes(graph),
        version=row.version,
        version_tag=row.version_tag,
        running=running,
        running_old=running_old,
        released_at=row.released_at,
        released_by=released_by,
    )


def _lanes(graph: diagram_graph.Graph) -> tuple[Drawn, ...]:
    """Return the lanes in which people act, in the order of the file."""
    people = [node for node in graph.nodes.values() if node.kind == "userTask"]
    return tuple(dict.fromkeys(node.lane for node in people if node.lane))[:SHOWN_LANES]


def definition(session: Session, process_id: str, number: int | None) -> DefinitionPage | None:
    """Return one process in the version asked for (default: in force) with its steps and versions."""
    rows = session.scalars(
        select(Definition)
        .where(Definition.kind == "bpmn", Definition.key == process_id)
        .order_by(Definition.version.desc())
    ).all()
    in_force = next((row for row in rows if row.in_force), rows[0] if rows else None)
    shown = next((row for row in rows if row.version == number), None) if number else in_force
    if in_force is None or shown is None:
        return None
    counts = dict(
        session.execute(
            select(ProcessInstance.definition_id, func.count())
            .where(ProcessInstance.status.in_(RUNNING), ProcessInstance.process_key == process_id)
            .group_by(ProcessInstance.definition_id)
        ).all()
    )
    standing = dict(
        session.execute(
            select(UserTask.element_id, func.count())
            .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
            .where(ProcessInstance.definition_id == shown.id, UserTask.status == "open")
            .group_by(UserTask.element_id)
        ).all()
    )
    people = {row.released_by for row in rows if row.released_by}
    names = dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(people))).all())
    return DefinitionPage(
        row=_definition(in_force, names.get(in_force.released_by or 0, ""), counts.get(in_force.id, 0), 0),
        source=shown.source,
        steps=tuple(_step(node, times=standing.get(node.id, 0)) for node in _told(shown.source)),
        versions=tuple(
            VersionRow(
                r.version, r.in_force, r.released_at, names.get(r.released_by or 0, ""), counts.get(r.id, 0), r.sha256
            )
            for r in rows
        ),
        shown_version=shown.version,
    )


def _told(source: str) -> Sequence[diagram_graph.Node]:
    """Return the elements that a step table names: all but unnamed gateways and events."""
    return [
        node
        for node in diagram_graph.read(source).nodes.values()
        if node.name or node.kind in {"userTask", "callActivity", "serviceTask"}
    ]


def _step(node: diagram_graph.Node, *, times: int = 0) -> StepRow:
    return StepRow(
        node.id,
        node.kind,
        node.name,
        node.lane,
        node.roles,
        node.form_id,
        node.documentation,
        times=times,
        calls=node.calls,
    )


def instance(session: Session, reader: Reader, instance_id: int, audiences: frozenset[str]) -> InstancePage | None:
    """Return one instance with its tokens; None where the reader sees neither its project nor one of its tasks."""
    found = session.execute(
        select(ProcessInstance, Definition, Project.no, Project.name)
        .join(Definition, Definition.id == ProcessInstance.definition_id)
        .outerjoin(Project, Project.id == ProcessInstance.project_id)
        .where(ProcessInstance.id == instance_id)
    ).one_or_none()
    if found is None or not _may_see(session, reader, found[0], audiences):
        return None
    row, definition_row, no, name = found
    veil = panels.veil(session, reader, row.project_id)
    events = _events(session, instance_id, veil)
    open_tasks = {
        element: "" if veil.hides(key) else who or ""
        for element, key, who in session.execute(
            select(UserTask.element_id, UserTask.assignee_id, Person.name)
            .outerjoin(Person, Person.id == UserTask.assignee_id)
            .where(UserTask.instance_id == instance_id, UserTask.status == "open")
        )
    }
    incidents = session.scalars(
        select(Incident)
        .where(Incident.instance_id == instance_id, Incident.resolved_at.is_(None))
        .order_by(Incident.id)
    ).all()
    children = _relatives(session, ProcessInstance.parent_id == instance_id)
    parent = _relatives(session, ProcessInstance.id == row.parent_id)[:1] if row.parent_id else ()
    graph = diagram_graph.read(definition_row.source)
    failed = {one.element_id for one in incidents}
    steps = _steps(definition_row.source, events, open_tasks, failed, children)
    return InstancePage(
        instance=_instance(row, Drawn(definition_row.name, graph.en), definition_row.version),
        source=definition_row.source,
        steps=steps,
        done_flows=_done_flows(graph, events),
        project_no=no or "",
        project_name=name or "",
        parent=parent[0] if parent else None,
        children=children,
        incidents=tuple(
            IncidentRow(
                i.id,
                i.element_id,
                Drawn(i.name, graph.name(i.element_id).en),
                stored(i.error, element_en=graph.name(i.element_id).en),
                i.created_at,
            )
            for i in incidents
        ),
    )


def _may_see(session: Session, reader: Reader, row: ProcessInstance, audiences: frozenset[str]) -> bool:
    from app.models.process import TaskAudience  # noqa: PLC0415 -- only for instances without a project

    if row.project_id is not None:
        seen = session.scalar(select(Project.id).where(Project.id == row.project_id, visible_projects(reader)))
        if seen is not None:
            return True
    if row.project_id is None and row.unit_id in {None, reader.organisation_id} and kinds_of(reader) & GOVERNMENT:
        return True
    family = [row.id, row.root_id]
    query = (
        select(TaskAudience.task_id)
        .join(UserTask, UserTask.id == TaskAudience.task_id)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .where(
            TaskAudience.audience.in_(sorted(audiences)),
            or_(ProcessInstance.id.in_(family), ProcessInstance.root_id.in_(family)),
        )
        .limit(1)
    )
    return session.scalar(query) is not None


@dataclass(frozen=True)
class _Event:
    element_id: str
    event: str
    at: datetime
    who: str
    """Empty where the reader may not know who it was."""


def _events(session: Session, instance_id: int, veil: panels.Veil) -> list[_Event]:
    query = (
        select(HistoryEvent.element_id, HistoryEvent.event, HistoryEvent.at, HistoryEvent.actor_id, Person.name)
        .outerjoin(Person, Person.id == HistoryEvent.actor_id)
        .where(HistoryEvent.instance_id == instance_id)
        .order_by(HistoryEvent.id)
        .limit(MOST_EVENTS)
    )
    return [
        _Event(element_id, event, at, "" if veil.hides(actor_id, at) else who or "")
        for element_id, event, at, actor_id, who in session.execute(query)
    ]


def _steps(
    source: str,
    events: Sequence[_Event],
    open_tasks: Mapping[str, str],
    failed: set[str],
    children: Sequence[InstanceRow],
) -> tuple[StepRow, ...]:
    done: dict[str, tuple[int, datetime | None, str]] = {}
    for one in events:
        if one.event in PASSED:
            times = done.get(one.element_id, (0, one.at, ""))[0] + 1
            done[one.element_id] = (times, one.at, one.who)
    by_process: dict[str, int] = {}
    for child in children:
        by_process[child.process_id] = child.id
    active = {child.process_id for child in children if child.status in RUNNING}
    rows = []
    for node in _told(source):
        step = _step(node)
        times, last, who = done.get(node.id, (0, None, ""))
        status = _status(node, times, failed, open_tasks=open_tasks, active=active)
        rows.append(
            replace(
                step,
                status=status,
                times=times,
                last_at=last,
                who=open_tasks.get(node.id) or who,
                child_id=by_process.get(node.calls) if node.calls else None,
            )
        )
    return tuple(rows)


def _status(
    node: diagram_graph.Node, times: int, failed: set[str], *, open_tasks: Mapping[str, str], active: set[str]
) -> Literal["", "done", "now", "failed"]:
    if node.id in failed:
        return "failed"
    if node.id in open_tasks or node.calls in active:
        return "now"
    return "done" if times else ""


def _done_flows(graph: diagram_graph.Graph, events: Sequence[_Event]) -> tuple[str, ...]:
    """Return the flows between elements that have both been reached; for a loop both ways may light up."""
    entered = {one.element_id for one in events}
    left = {one.element_id for one in events if one.event in PASSED}
    return tuple(flow for flow, (source, target) in graph.flows.items() if source in left and target in entered)


def _relatives(session: Session, condition: ColumnElement[bool]) -> tuple[InstanceRow, ...]:
    query = (
        select(ProcessInstance, Definition.name, Definition.version, Definition.sha256)
        .join(Definition, Definition.id == ProcessInstance.definition_id)
        .where(condition)
        .order_by(ProcessInstance.id)
    )
    found = session.execute(query).all()
    english = english_names(session, {row.sha256 for row in found})
    return tuple(
        _instance(row, Drawn(name, english[sha256].get(PROCESS, "")), version) for row, name, version, sha256 in found
    )


def _instance(row: ProcessInstance, name: Drawn, version: int) -> InstanceRow:
    status = cast("InstanceStatus", row.status)
    return InstanceRow(row.id, row.process_key, name, version, status, row.started_at, row.ended_at, row.parent_id)
