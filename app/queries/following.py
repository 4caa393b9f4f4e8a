"""How a process runs: at each step what is open, late and stuck, how long it takes, how often it comes back.

The figures are anonymous (specification §2.3: a process owner sees statistics, never persons, titles or amounts).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, case, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement

from app.clock import SHANGHAI
from app.models.accounts import Organisation
from app.models.process import Definition, HistoryEvent, Incident, ProcessInstance, UserTask
from app.queries import diagram_graph
from app.queries.diagram_graph import Drawn, Node

DAY = 86_400
WARMTHS = (1 / 16, 1 / 4, 9 / 16)
"""Shares of the slowest step's median at which the colour of the heat map changes: even steps of its square root."""


class seconds_between(FunctionElement[float]):  # noqa: N801 -- reads as the function of SQL that it is
    """The seconds from the first moment to the second, on either database."""

    type = Float()
    inherit_cache = True


@compiles(seconds_between, "sqlite")
def _sqlite_seconds(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    start, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(strftime('%s', {end}) - strftime('%s', {start}))"


@compiles(seconds_between, "postgresql")
def _postgresql_seconds(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    start, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"CAST(EXTRACT(EPOCH FROM {end} - {start}) AS DOUBLE PRECISION)"


@dataclass(frozen=True)
class Asked:
    """What the reader wants to look at; an empty value does not restrict."""

    version: int | None = None
    year: int | None = None
    """The calendar year in which the instance began, Asia/Shanghai."""
    unit: str = ""
    """The code of the project unit."""


@dataclass(frozen=True)
class StepFigures:
    """One step over all instances asked for. Durations in seconds of wall time, nearest rank."""

    element_id: str
    name: Drawn
    kind: str
    lane: Drawn
    roles: tuple[str, ...]
    open: int = 0
    late: int = 0
    stuck: int = 0
    passed: int = 0
    median: int | None = None
    ninetieth: int | None = None
    returns: int = 0
    """How often an instance came back to the step."""
    warmth: int = 0
    """0 (nothing to tell) to 4 (slowest), relative to the slowest step of the drawing."""

    @property
    def median_days(self) -> float | None:
        """The median in days."""
        return None if self.median is None else self.median / DAY

    @property
    def ninetieth_days(self) -> float | None:
        """The 90th percentile in days."""
        return None if self.ninetieth is None else self.ninetieth / DAY


@dataclass(frozen=True)
class Following:
    """A version of a process with its figures."""

    process_id: str
    name: Drawn
    version: int
    in_force: bool
    source: str
    asked: Asked
    versions: tuple[int, ...]
    years: tuple[int, ...]
    units: tuple[tuple[str, str], ...]
    """Code and short name of every unit that had an instance."""
    instances: int
    running: int
    ended: int
    duration: int | None
    """Median seconds from start to end of the instances that have ended."""
    steps: tuple[StepFigures, ...]


def following(session: Session, process_id: str, asked: Asked, *, now: datetime) -> Following | None:
    """Return how a process runs in one version (default: in force); None where there is no such process or version."""
    definition = chosen(session, process_id, asked.version)
    if definition is None:
        return None
    graph = diagram_graph.read(definition.source)
    among = [ProcessInstance.definition_id == definition.id, *within(asked)]
    ends = [(status, seconds) for status, seconds in session.execute(_lives().where(*among))]
    lasted = sorted(int(seconds) for status, seconds in ends if status == "completed" and seconds is not None)
    return Following(
        process_id=process_id,
        name=Drawn(definition.name, graph.en),
        version=definition.version,
        in_force=definition.in_force,
        source=definition.source,
        asked=asked,
        versions=_versions(session, process_id),
        years=_years(session, definition.id),
        units=_units(session, definition.id),
        instances=len(ends),
        running=sum(status in {"active", "suspended"} for status, _ in ends),
        ended=sum(status not in {"active", "suspended"} for status, _ in ends),
        duration=rank(lasted, 50),
        steps=_steps(session, graph.nodes.values(), among, now),
    )


def rank(ordered: Sequence[int], percent: int) -> int | None:
    """Return the value at nearest rank of an ascending sequence, the median at 50; None for an empty one."""
    return ordered[-(-len(ordered) * percent // 100) - 1] if ordered else None


def chosen(session: Session, process_id: str, version: int | None) -> Definition | None:
    """Return the released version asked for, or the one in force; None where there is none."""
    which = Definition.version == version if version else Definition.in_force
    return session.scalar(
        select(Definition).where(
            Definition.kind == "bpmn", Definition.key == process_id, Definition.released_at.is_not(None), which
        )
    )


def warmth(seconds: int | None, slowest: int) -> int:
    """Return the shade of a heat map: 0 where there is nothing to tell, else 1 to 4 beside the slowest step."""
    if seconds is None:
        return 0
    return 1 + bisect_right(WARMTHS, seconds / slowest) if slowest else 1


def calendar_year(year: int) -> tuple[datetime, datetime]:
    """Return the first moment of a calendar year and that of the next one, Asia/Shanghai."""
    return datetime(year, 1, 1, tzinfo=SHANGHAI), datetime(year + 1, 1, 1, tzinfo=SHANGHAI)


def within(asked: Asked) -> list[ColumnElement[bool]]:
    """Return the conditions on `ProcessInstance` for the year and unit asked for."""
    conditions: list[ColumnElement[bool]] = []
    if asked.year:
        first, after = calendar_year(asked.year)
        conditions += [ProcessInstance.started_at >= first, ProcessInstance.started_at < after]
    if asked.unit:
        unit = select(Organisation.id).where(Organisation.code == asked.unit).scalar_subquery()
        conditions.append(ProcessInstance.unit_id == unit)
    return conditions


def _versions(session: Session, process_id: str) -> tuple[int, ...]:
    query = (
        select(Definition.version)
        .where(Definition.kind == "bpmn", Definition.key == process_id, Definition.released_at.is_not(None))
        .order_by(Definition.version.desc())
    )
    return tuple(session.scalars(query))


def _lives() -> Select[str, float]:
    return select(ProcessInstance.status, seconds_between(ProcessInstance.started_at, ProcessInstance.ended_at))


def _years(session: Session, definition_id: int) -> tuple[int, ...]:
    first, last = session.execute(
        select(func.min(ProcessInstance.started_at), func.max(ProcessInstance.started_at)).where(
            ProcessInstance.definition_id == definition_id
        )
    ).one()
    if first is None:
        return ()
    return tuple(range(last.astimezone(SHANGHAI).year, first.astimezone(SHANGHAI).year - 1, -1))


def _units(session: Session, definition_id: int) -> tuple[tuple[str, str], ...]:
    seen = select(ProcessInstance.unit_id).where(ProcessInstance.definition_id == definition_id)
    query = select(Organisation.code, Organisation.short).where(Organisation.id.in_(seen)).order_by(Organisation.code)
    return tuple((code, short) for code, short in session.execute(query))


def _steps(
    session: Session, nodes: Iterable[Node], among: Sequence[ColumnElement[bool]], now: datetime
) -> tuple[StepFigures, ...]:
    lasted = _lasted(session, among)
    waiting = _waiting(session, among, now)
    stuck = _stuck(session, among)
    returns = _returns(session, among)
    slowest = max((rank(one, 50) or 0 for one in lasted.values()), default=0)
    found = []
    for node in nodes:
        if node.kind not in {"userTask", "callActivity"} and node.id not in stuck:
            continue
        ordered = lasted.get(node.id, [])
        median = rank(ordered, 50)
        open_now, late = waiting.get(node.id, (0, 0))
        found.append(
            StepFigures(
                element_id=node.id,
                name=node.name or Drawn(node.id),
                kind=node.kind,
                lane=node.lane,
                roles=node.roles,
                open=open_now,
                late=late,
                stuck=stuck.get(node.id, 0),
                passed=len(ordered),
                median=median,
                ninetieth=rank(ordered, 90),
                returns=returns.get(node.id, 0),
                warmth=warmth(median, slowest),
            )
        )
    return tuple(found)


def _lasted(session: Session, among: Sequence[ColumnElement[bool]]) -> Mapping[str, list[int]]:
    """Return the ascending seconds of every completed task and every ended call, by element."""
    found: dict[str, list[int]] = defaultdict(list)
    tasks = (
        select(UserTask.element_id, seconds_between(UserTask.created_at, UserTask.ended_at))
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .where(UserTask.status == "completed", *among)
    )
    child = aliased(ProcessInstance)
    calls = (
        select(HistoryEvent.element_id, seconds_between(child.started_at, child.ended_at))
        .join(ProcessInstance, ProcessInstance.id == HistoryEvent.instance_id)
        .join(child, (child.parent_id == ProcessInstance.id) & (child.parent_call_key == HistoryEvent.key))
        .where(HistoryEvent.event == "entered", child.ended_at.is_not(None), *among)
    )
    for query in (tasks, calls):
        for element_id, seconds in session.execute(query):
            found[element_id].append(int(seconds))
    for one in found.values():
        one.sort()
    return found


def _waiting(session: Session, among: Sequence[ColumnElement[bool]], now: datetime) -> Mapping[str, tuple[int, int]]:
    late = func.sum(case((UserTask.due_at < now, 1), else_=0))
    tasks = (
        select(UserTask.element_id, func.count(), late)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .where(UserTask.status == "open", *among)
        .group_by(UserTask.element_id)
    )
    child = aliased(ProcessInstance)
    calls = (
        select(HistoryEvent.element_id, func.count())
        .join(ProcessInstance, ProcessInstance.id == HistoryEvent.instance_id)
        .join(child, (child.parent_id == ProcessInstance.id) & (child.parent_call_key == HistoryEvent.key))
        .where(HistoryEvent.event == "entered", child.ended_at.is_(None), *among)
        .group_by(HistoryEvent.element_id)
    )
    found = {element_id: (count, int(overdue or 0)) for element_id, count, overdue in session.execute(tasks)}
    return found | {element_id: (count, 0) for element_id, count in session.execute(calls)}


def _stuck(session: Session, among: Sequence[ColumnElement[bool]]) -> Mapping[str, int]:
    query = (
        select(Incident.element_id, func.count())
        .join(ProcessInstance, ProcessInstance.id == Incident.instance_id)
        .where(Incident.resolved_at.is_(None), *among)
        .group_by(Incident.element_id)
    )
    return dict(session.execute(query).all())


def _returns(session: Session, among: Sequence[ColumnElement[bool]]) -> Mapping[str, int]:
    """Return how often an instance came to a task again; a panel that sits again comes back once, not once a seat."""
    earlier, neighbour = aliased(UserTask), aliased(UserTask)
    again = (
        select(earlier.id)
        .where(
            earlier.instance_id == UserTask.instance_id,
            earlier.element_id == UserTask.element_id,
            earlier.ended_at <= UserTask.created_at,
            earlier.id < UserTask.id,
        )
        .exists()
    )
    beside = (
        select(neighbour.id)
        .where(
            neighbour.instance_id == UserTask.instance_id,
            neighbour.element_id == UserTask.element_id,
            neighbour.created_at == UserTask.created_at,
            neighbour.id < UserTask.id,
        )
        .exists()
    )
    query = (
        select(UserTask.element_id, func.count())
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .where(again, ~beside, *among)
        .group_by(UserTask.element_id)
    )
    return dict(session.execute(query).all())
