"""The record of a process as an event log for process mining: XES (IEEE 1849-2016) and CSV, without persons.

Persons stand as their roles and projects as their numbers; no title, amount, text or name of a person leaves.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from xml.sax.saxutils import quoteattr

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.models.accounts import Organisation
from app.models.business import Project
from app.models.process import ActedFor, Definition, HistoryEvent, ProcessInstance, UserTask
from app.queries import diagram_graph
from app.queries.following import Asked, within

TRANSITIONS = {
    "entered": "start",
    "completed": "complete",
    "fired": "complete",
    "cancelled": "ate_abort",
    "failed": "pi_abort",
}
"""What the engine records → the lifecycle transitions of the standard's `lifecycle` extension; a migration is none."""
COLUMNS = (
    "case", "project", "unit", "version", "activity", "element", "type", "lane", "role", "lifecycle", "time",
    "substitute",
)  # fmt: skip
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/><string key="lifecycle:transition" value="complete"/>\
<string key="element" value=""/><date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/></global>
<classifier name="Activity" keys="concept:name lifecycle:transition"/>
<classifier name="Element" keys="element"/>
"""
BATCH = 1000


@dataclass(frozen=True)
class Logged:
    """One event of the log."""

    instance_id: int
    project_no: str
    unit: str
    """The short name of the project unit."""
    version: int
    activity: str
    element_id: str
    element_type: str
    lane: str
    roles: str
    """Candidate groups as drawn, blank-separated."""
    transition: str
    at: datetime
    """Asia/Shanghai."""
    by_substitute: bool = False
    """Whether a substitute did it (代理); the log names nobody."""


def events(session: Session, process_id: str, asked: Asked) -> Iterator[Logged]:
    """Return every recorded event of a process in the order of instances and time, read in batches.

    `asked.version` restricts to instances of that version, year and unit as everywhere.
    """
    query = (
        select(HistoryEvent, Project.no, Organisation.short, Definition.version, Definition.source, ActedFor.by_id)
        .join(ProcessInstance, ProcessInstance.id == HistoryEvent.instance_id)
        .join(Definition, Definition.id == ProcessInstance.definition_id)
        .outerjoin(
            UserTask,
            (UserTask.instance_id == HistoryEvent.instance_id)
            & (UserTask.key == HistoryEvent.key)
            & (HistoryEvent.event == "completed"),
        )
        .outerjoin(ActedFor, ActedFor.task_id == UserTask.id)
        .outerjoin(Project, Project.id == ProcessInstance.project_id)
        .outerjoin(Organisation, Organisation.id == ProcessInstance.unit_id)
        .where(ProcessInstance.process_key == process_id, HistoryEvent.event.in_(TRANSITIONS), *within(asked))
        .order_by(HistoryEvent.instance_id, HistoryEvent.id)
        .execution_options(yield_per=BATCH)
    )
    if asked.version:
        query = query.where(Definition.version == asked.version)
    for row, no, unit, version, source, substitute in session.execute(query):
        node = diagram_graph.read(source).nodes.get(row.element_id)
        yield Logged(
            instance_id=row.instance_id,
            project_no=no or "",
            unit=unit or "",
            version=version,
            activity=diagram_graph.one_line(row.name) or row.element_id,
            element_id=row.element_id,
            element_type=row.element_type,
            lane=str(node.lane) if node else "",
            roles=" ".join(node.roles) if node else "",
            transition=TRANSITIONS[row.event],
            at=row.at.astimezone(SHANGHAI),
            by_substitute=substitute is not None,
        )


def xes(name: str, logged: Iterator[Logged]) -> Iterator[str]:
    """Return an event log as pieces of an XES document (IEEE 1849-2016), one trace an instance."""
    yield HEAD
    yield f'<string key="concept:name" value={_attribute(name)}/><string key="lifecycle:model" value="standard"/>\n'
    for trace in groupby(logged, key=lambda one: (one.instance_id, one.project_no, one.version, one.unit)):
        (instance_id, project_no, version, unit), traced = trace
        yield "<trace>" + "".join(
            (
                _string("concept:name", project_no or f"#{instance_id}"),
                f'<int key="instance" value="{instance_id}"/>',
                f'<int key="version" value="{version}"/>',
                _string("unit", unit),
            )
        )
        yield from map(_event, traced)
        yield "</trace>\n"
    yield "</log>\n"


def _event(one: Logged) -> str:
    fields = (
        ("concept:name", one.activity),
        ("lifecycle:transition", one.transition),
        ("org:role", one.roles),
        ("org:group", one.lane),
        ("element", one.element_id),
        ("type", one.element_type),
    )
    strings = "".join(_string(key, value) for key, value in fields if value)
    if one.by_substitute:
        strings += '<boolean key="bySubstitute" value="true"/>'
    return f'<event>{strings}<date key="time:timestamp" value="{one.at.isoformat(timespec="milliseconds")}"/></event>\n'


def _string(key: str, value: str) -> str:
    return f'<string key="{key}" value={_attribute(value)}/>'


def _attribute(text: str) -> str:
    """Return a quoted attribute; what XML 1.0 cannot hold becomes a blank."""
    return quoteattr("".join(sign if sign >= " " or sign in "\t\n" else " " for sign in text))


def table(logged: Iterator[Logged]) -> Iterator[str]:
    """Return an event log as lines of a CSV file that spreadsheets open as UTF-8 and never take for formulas."""
    yield "\ufeff" + _line(COLUMNS)
    for one in logged:
        yield _line(
            (
                str(one.instance_id),
                one.project_no,
                one.unit,
                str(one.version),
                one.activity,
                one.element_id,
                one.element_type,
                one.lane,
                one.roles,
                one.transition,
                one.at.isoformat(timespec="seconds"),
                "true" if one.by_substitute else "",
            )
        )


def _line(cells: tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t"} else cell for cell in cells)
    return line.getvalue()
