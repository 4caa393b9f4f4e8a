"""A working copy rehearsed on what really happened in a year (沙盘): where each case would have waited, and on whom.

Persons stand as roles, projects as their numbers; no title, amount or text is in any result (specification §2.3).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.clock import SHANGHAI
from app.domain.gates import GATES_OF_FORM
from app.engine import rehearsal
from app.engine.rehearsal import Drawing, Passed, Recorded
from app.form_schema import FormModel, from_storage, parse_form
from app.models.business import Project
from app.models.documents import Submission
from app.models.process import Definition, HistoryEvent, ProcessInstance, UserTask
from app.queries.following import calendar_year, rank, seconds_between

BATCH = 200
ENDED = ("completed", "terminated")


@dataclass(frozen=True)
class Wait:
    """One step as it would have gone."""

    kind: str
    """kept, new, omitted, or moved: kept, but with another role."""
    element_id: str
    name: str
    symbol: str
    roles: tuple[str, ...]
    seconds: int
    estimated: bool
    """Whether the time is the median of the role (or of the called process), not what really passed."""


@dataclass(frozen=True)
class Case:
    """One instance rehearsed."""

    instance_id: int
    project_no: str
    started_at: datetime
    recorded: int
    """Seconds that it really took."""
    expected: int
    """About how many it would have taken: without omitted steps, with new ones, with the new holders' usual times."""
    waits: tuple[Wait, ...]
    missed: tuple[str, ...]
    """Gates that the record asked and the drawing would not have asked."""
    left_at: str = ""
    left_name: str = ""
    wanted: str = ""
    undecided: bool = False

    @property
    def new(self) -> tuple[Wait, ...]:
        """The steps that it would have had besides."""
        return tuple(wait for wait in self.waits if wait.kind == "new")

    @property
    def omitted(self) -> tuple[Wait, ...]:
        """The steps that it would have been spared."""
        return tuple(wait for wait in self.waits if wait.kind == "omitted")

    @property
    def moved(self) -> tuple[Wait, ...]:
        """The steps that somebody else would have done."""
        return tuple(wait for wait in self.waits if wait.kind == "moved")


@dataclass(frozen=True)
class Played:
    """One instance played on every drawing that was asked for."""

    done: int
    of: int
    cases: tuple[Case, ...]


@dataclass(frozen=True)
class Warmth:
    """One drawn step over all cases: how many would have waited there, and usually how long."""

    element_id: str
    name: str
    roles: tuple[str, ...]
    cases: int
    median: int
    estimated: bool


@dataclass(frozen=True)
class Rehearsal:
    """All cases of a year on one drawing."""

    process_id: str
    year: int
    cases: tuple[Case, ...]
    steps: tuple[Warmth, ...]

    @property
    def left(self) -> tuple[Case, ...]:
        """The cases that leave the recorded path."""
        return tuple(case for case in self.cases if case.wanted and not case.undecided)

    @property
    def recorded(self) -> int | None:
        """The median of what really passed, in seconds."""
        return rank(sorted(case.recorded for case in self.cases), 50)

    @property
    def expected(self) -> int | None:
        """The median of what would have passed, over the cases that stay on the path."""
        return rank(sorted(case.expected for case in self.cases if not case.wanted), 50)


@dataclass(frozen=True)
class Usual:
    """How long people usually take: seconds by role and by called process, medians over the year."""

    roles: Mapping[str, int] = field(default_factory=dict)
    processes: Mapping[str, int] = field(default_factory=dict)

    def of(self, step: Passed) -> int:
        """Return the usual seconds of a step: the slowest of its roles, or of its process; 0 where nobody ever did."""
        if step.symbol.startswith("call "):
            return self.processes.get(step.symbol.removeprefix("call "), 0)
        return max((self.roles.get(role, 0) for role in step.roles), default=0)


def years(session: Session, process_id: str) -> tuple[int, ...]:
    """Return the years in which an instance of the process ended, the latest first."""
    query = select(ProcessInstance.ended_at).where(
        ProcessInstance.process_key == process_id, ProcessInstance.status.in_(ENDED)
    )
    found = {moment.astimezone(SHANGHAI).year for moment in session.scalars(query) if moment}
    return tuple(sorted(found, reverse=True))


def rehearse(
    session: Session, sources: Sequence[bytes], process_id: str, *, year: int, now: datetime
) -> tuple[Rehearsal, ...]:
    """Play every instance that ended in `year` on each drawing. Raises DiagramNotExecutable where one is no XML."""
    return gathered(process_id, year, [one.cases for one in played(session, sources, process_id, year=year, now=now)],
                    drawings=len(sources))  # fmt: skip


def gathered(process_id: str, year: int, cases: Sequence[Sequence[Case]], *, drawings: int) -> tuple[Rehearsal, ...]:
    """Return the rehearsal of each drawing from the cases, each of which was played on every drawing."""
    columns = [tuple(one[place] for one in cases) for place in range(drawings)]
    return tuple(Rehearsal(process_id, year, column, warmths(column)) for column in columns)


def played(
    session: Session, sources: Sequence[bytes], process_id: str, *, year: int, now: datetime
) -> Iterator[Played]:
    """Yield the cases of a year one by one, so that a page can tell how far it is; the record is read once for all."""
    drawings = [rehearsal.read(source) for source in sources]
    usual = _usual(session, year)
    instances = chosen(session, process_id, year)
    for start in range(0, len(instances), BATCH):
        batch = instances[start : start + BATCH]
        records = _records(session, [one.id for one, _, _ in batch])
        for place, (instance, no, facts) in enumerate(batch, start=start + 1):
            record = records.get(instance.id, ())
            cases = tuple(
                _case(drawing, instance, no=no, facts=facts, record=record, usual=usual, now=now)
                for drawing in drawings
            )
            yield Played(place, len(instances), cases)


def chosen(session: Session, process_id: str, year: int) -> list[tuple[ProcessInstance, str, Mapping[str, object]]]:
    """Return the instances that ended in a year, Asia/Shanghai, with project number and what never changes of it."""
    first, after = calendar_year(year)
    query = (
        select(ProcessInstance, Project)
        .outerjoin(Project, Project.id == ProcessInstance.project_id)
        .where(
            ProcessInstance.process_key == process_id,
            ProcessInstance.status.in_(ENDED),
            ProcessInstance.ended_at >= first,
            ProcessInstance.ended_at < after,
        )
        .order_by(ProcessInstance.ended_at, ProcessInstance.id)
    )
    return [(instance, project.no if project else "", _facts(project)) for instance, project in session.execute(query)]


def _facts(project: Project | None) -> Mapping[str, object]:
    if project is None:
        return {}
    fixed = ("no", "path", "nature", "category", "funding_form", "is_major", "fy_entered")
    return {"project": {name: getattr(project, name) for name in fixed}}


def _case(
    drawing: Drawing,
    instance: ProcessInstance,
    *,
    no: str,
    facts: Mapping[str, object],
    record: Sequence[Recorded],
    usual: Usual,
    now: datetime,
) -> Case:
    completed = instance.status == "completed"
    way = rehearsal.play(drawing, record, facts=facts, now=instance.ended_at or now, to_end=completed)
    waits = tuple(_wait(step, usual) for step in way.steps)
    recorded = int(((instance.ended_at or now) - instance.started_at).total_seconds())
    change = sum(
        wait.seconds if wait.kind == "new" else -wait.seconds if wait.kind == "omitted" else 0 for wait in waits
    )
    change += sum(usual.of(step) - (step.waited or 0) for step, wait in zip(way.steps, waits, strict=True)
                  if wait.kind == "moved")  # fmt: skip
    node = drawing.nodes.get(way.left_at)
    return Case(
        instance_id=instance.id,
        project_no=no,
        started_at=instance.started_at,
        recorded=recorded,
        expected=max(0, recorded + change),
        waits=waits,
        missed=_missed(way.steps),
        left_at=way.left_at,
        left_name=node.name if node else "",
        wanted=way.wanted,
        undecided=way.undecided,
    )


def _wait(step: Passed, usual: Usual) -> Wait:
    moved = step.kind == "kept" and bool(step.roles) and set(step.roles) != set(step.recorded_roles)
    estimated = step.kind == "new" or moved
    return Wait(
        kind="moved" if moved else step.kind,
        element_id=step.element_id,
        name=step.name,
        symbol=step.symbol,
        roles=step.roles,
        seconds=usual.of(step) if estimated else step.waited or 0,
        estimated=estimated,
    )


def _missed(steps: Sequence[Passed]) -> tuple[str, ...]:
    """Return the gates that only omitted forms asked: they would be asked later, at another write, or never."""
    asked = {gate for step in steps if step.kind != "omitted" for gate in GATES_OF_FORM.get(step.symbol, ())}
    before = [gate for step in steps if step.kind == "omitted" for gate in GATES_OF_FORM.get(step.symbol, ())]
    return tuple(dict.fromkeys(gate for gate in before if gate not in asked))


def warmths(cases: Sequence[Case]) -> tuple[Warmth, ...]:
    """Return each drawn step over all cases, in the order of first use."""
    found: dict[str, list[Wait]] = defaultdict(list)
    for case in cases:
        for wait in case.waits:
            if wait.kind != "omitted":
                found[wait.element_id].append(wait)
    return tuple(
        Warmth(
            element_id=element_id,
            name=waits[0].name,
            roles=waits[0].roles,
            cases=len(waits),
            median=rank(sorted(wait.seconds for wait in waits), 50) or 0,
            estimated=any(wait.estimated for wait in waits),
        )
        for element_id, waits in found.items()
    )


def _usual(session: Session, year: int) -> Usual:
    first, after = calendar_year(year)
    tasks = select(UserTask.roles, seconds_between(UserTask.created_at, UserTask.ended_at)).where(
        UserTask.status == "completed", UserTask.ended_at >= first, UserTask.ended_at < after
    )
    roles: dict[str, list[int]] = defaultdict(list)
    for names, seconds in session.execute(tasks):
        for role in names.split():
            roles[role].append(int(seconds))
    calls = select(
        ProcessInstance.process_key, seconds_between(ProcessInstance.started_at, ProcessInstance.ended_at)
    ).where(ProcessInstance.status.in_(ENDED), ProcessInstance.ended_at >= first, ProcessInstance.ended_at < after)
    processes: dict[str, list[int]] = defaultdict(list)
    for key, seconds in session.execute(calls):
        processes[key].append(int(seconds))
    return Usual(_medians(roles), _medians(processes))


def _medians(found: Mapping[str, list[int]]) -> Mapping[str, int]:
    return {key: rank(sorted(seconds), 50) or 0 for key, seconds in found.items()}


def _records(session: Session, instances: Sequence[int]) -> Mapping[int, list[Recorded]]:
    """Return what people did in these instances, and what was called, in the order in which it was done."""
    found: dict[int, list[tuple[datetime, int, Recorded]]] = defaultdict(list)
    for instance_id, at, number, one in (*_tasks(session, instances), *_calls(session, instances)):
        found[instance_id].append((at, number, one))
    return {
        instance_id: [one for _, _, one in sorted(rows, key=lambda row: row[:2])] for instance_id, rows in found.items()
    }


def _tasks(session: Session, instances: Sequence[int]) -> Iterator[tuple[int, datetime, int, Recorded]]:
    query = (
        select(UserTask, Submission.answers, Definition.sha256, Definition.source)
        .outerjoin(Submission, Submission.task_id == UserTask.id)
        .outerjoin(Definition, Definition.id == Submission.form_definition_id)
        .where(UserTask.instance_id.in_(instances), UserTask.status == "completed")
    )
    for task, answers, sha256, source in session.execute(query):
        ended = task.ended_at or task.created_at
        yield (
            task.instance_id,
            ended,
            task.id,
            Recorded(
                form_id=task.form_id or f"task {task.element_id}",
                calls="",
                element_id=task.element_id,
                roles=tuple(task.roles.split()),
                waited=int((ended - task.created_at).total_seconds()),
                answers=_typed(sha256, source, answers),
            ),
        )


def _typed(sha256: str | None, source: str | None, answers: Mapping[str, Any] | None) -> Mapping[str, object]:
    if not answers or not sha256 or not source:
        return answers or {}
    return from_storage(_form(source), answers)


@lru_cache(maxsize=256)
def _form(source: str) -> FormModel:
    return parse_form(source)


def _calls(session: Session, instances: Sequence[int]) -> Iterator[tuple[int, datetime, int, Recorded]]:
    child = aliased(ProcessInstance)
    query = (
        select(HistoryEvent.instance_id, HistoryEvent.element_id, HistoryEvent.id, child)
        .join(child, (child.parent_id == HistoryEvent.instance_id) & (child.parent_call_key == HistoryEvent.key))
        .where(HistoryEvent.instance_id.in_(instances), HistoryEvent.event == "completed", child.ended_at.is_not(None))
    )
    for instance_id, element_id, number, called in session.execute(query):
        ended = called.ended_at or called.started_at
        yield (
            instance_id,
            ended,
            number,
            Recorded(
                form_id="",
                calls=called.process_key,
                element_id=element_id,
                roles=(),
                waited=int((ended - called.started_at).total_seconds()),
            ),
        )
