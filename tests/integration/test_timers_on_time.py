"""Every timer of every shipped diagram, before its moment and at it: nothing, then one firing, then nothing more.

A random walk by the engine alone leads to where a timer waits (tests/property/armed.py). The instance is stored in the
county as it stands, the ledger says its dates, the clock is moved from one moment to the next, and only the dispatcher
acts. A new diagram is covered by lying in bpmn/.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app import clock, dispatch
from app.clock import SHANGHAI
from app.domain import deadlines
from app.domain.calendar import midnight_after
from app.domain.parameters import Parameters
from app.domain.periods import DayCount
from app.engine import runtime
from app.engine.step import Step, Waits
from app.engine.timers import Period, after
from app.models.business import DeadlineRow, Project
from app.models.process import DefinitionStart, HistoryEvent, Incident, ProcessInstance, TimerJob, UserTask
from app.services import calendars, definitions, ledger
from app.services.host import StepHost
from app.services.process_instances import Run
from tests.property.armed import Armed, DrawnTimer, armed, timers_of
from tests.property.drawing import BPMN
from tests.property.walker import COUNTY_WIDE

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.integration.web_clients import County

SECOND = timedelta(seconds=1)
MOST_STOPS = 300
"""Moments at which the clock stops before every timer must have fired."""
DRAWN = {path.stem: timers_of(path.stem) for path in sorted(BPMN.glob("*.bpmn"))}
WAITING = [process_id for process_id, timers in DRAWN.items() if any(not timer.starts for timer in timers)]
STARTING = [(process_id, timer) for process_id, timers in DRAWN.items() for timer in timers if timer.starts]
WALKED = "XWXX-2026-T-001"
"""The project of every walk."""
_LEDGER = re.compile(r"=deadline\.(\w+)\.(fires_at|reminders)")
_WORKING_DAYS = re.compile(r'="P" \+ string\((?:max\(1, )?parameter\.(\w+)(?: - (\d+)\))?\) \+ "WD"')
_CYCLE = re.compile(r"R/P(?:(\d+)M)?(?:(\d+)D)?")
_YEARLY = re.compile(r"R/\d{4}-(\S+)/P1Y")


@dataclass
class Stored:
    """One instance of the county, in which the timer to be watched waits."""

    armed: Armed
    instance_id: int
    expected: datetime
    """When the timer fires for the first time, told without the engine."""

    @property
    def timer(self) -> DrawnTimer:
        return self.armed.timer

    @property
    def key(self) -> tuple[int, str]:
        """Instance and element, as the tables tell a firing."""
        return self.instance_id, self.timer.element_id


# -- the instance and its moment ---------------------------------------------------------------------------------------


def store(session: Session, process_id: str, found: Armed, number: int) -> Stored:
    """Put an instance into the county as the walk left it, with a project and dates in the ledger of its own."""
    project = _project(session, number, now=found.since)
    project_id = None if process_id in COUNTY_WIDE else project.id
    row = _deadline(session, found, project_id)
    definition = definitions.process_in_force(session, process_id)
    instance = ProcessInstance(
        definition_id=definition.id, process_key=process_id, project_id=project_id, started_at=found.since
    )
    session.add(instance)
    session.flush()
    run = Run(session, found.since)
    context = run.context(instance)
    state = found.step.state.replace(WALKED, project.no)
    model = definitions.process_model(session, definition.id)
    waits = replace(runtime.waits(model, state, StepHost(context)), calls={})  # what it calls is not of interest here
    run.apply(context, Step(state=state, status="active", before=Waits(), after=waits))
    run.refresh_timers(project_id, inside=instance.id)
    return Stored(found, instance.id, _moment(session, found, row))


def _project(session: Session, number: int, *, now: datetime) -> Project:
    project = Project(
        no=f"XWXX-2026-T-{101 + number}", name=f"第{number}个", fy=2026, fy_entered=2026, path="T", state="BUILDING",
        unit_id=session.scalars(select(Project.unit_id).limit(1)).one(), state_since=now, created_at=now,
    )  # fmt: skip
    session.add(project)
    session.flush()
    return project


def _deadline(session: Session, found: Armed, project_id: int | None) -> DeadlineRow | None:
    named = _LEDGER.fullmatch(found.timer.says)
    if named is None:
        return None
    kind = named[1]
    whose = None if kind == "plan" else project_id
    return ledger.enter(session, kind, found.since.astimezone(SHANGHAI).date(), project_id=whose, now=found.since)


def _moment(session: Session, found: Armed, row: DeadlineRow | None) -> datetime:
    """Return when a timer fires first, read off its text, the ledger's row and the calendar."""
    calendar, began = calendars.current(session), found.since.astimezone(SHANGHAI)
    if row is not None and found.timer.says.endswith("fires_at"):
        return row.fires_at
    if row is not None:
        counted = DayCount(row.start, row.raw, row.due, row.fires_at)
        return next(at for at in deadlines.reminders(row.kind, counted, calendar) if at > found.since)
    counted_days = _WORKING_DAYS.fullmatch(found.timer.says)
    if counted_days is not None:
        days = max(1, getattr(Parameters(), counted_days[1]) - int(counted_days[2] or 0))
        return midnight_after(calendar.after_working_days(began.date(), days))
    cycle = _CYCLE.fullmatch(found.timer.says)
    assert cycle is not None, f"this test knows no timer that says {found.timer.says}"
    return after(
        began, Period(months=int(cycle[1] or 0), exact=timedelta(days=int(cycle[2] or 0))), 1, lambda day, _: day
    )


# -- what the county shows ---------------------------------------------------------------------------------------------


def fired(session: Session) -> Counter[tuple[int, str]]:
    """Count the firings so far: instance and element. An intermediate event completes when it fires."""
    rows = session.execute(
        select(HistoryEvent.instance_id, HistoryEvent.element_id).where(
            (HistoryEvent.event == "fired")
            | (HistoryEvent.event == "completed") & (HistoryEvent.element_type == "intermediateCatchEvent")
        )
    )
    return Counter((row[0], row[1]) for row in rows)


def open_tasks(session: Session, instance_id: int) -> set[str]:
    """Return the keys of what waits for a person in an instance."""
    return set(
        session.scalars(select(UserTask.key).where(UserTask.instance_id == instance_id, UserTask.status == "open"))
    )


def due(session: Session) -> dict[datetime, Counter[tuple[int, str]]]:
    """Return all that waits for its moment, by the moment: instance and element."""
    found: dict[datetime, Counter[tuple[int, str]]] = {}
    for job in session.scalars(select(TimerJob)):
        found.setdefault(job.due_at, Counter())[job.instance_id, job.element_id] += 1
    return found


def fire_all() -> int:
    """Let the dispatcher do what is due, and say how many timers it took."""
    return sum(iter(dispatch.fire_timers, 0))


# -- the proofs --------------------------------------------------------------------------------------------------------


def test_every_timer_fires_at_its_moment_and_once(county: County) -> None:
    """All of them at once, each in an instance of its own that ends when it has fired: the clock moves on only."""
    drawn = [(process_id, one) for process_id in WAITING for one in armed(process_id).values()]
    with county.change() as session:
        watched = [store(session, process_id, one, n) for n, (process_id, one) in enumerate(drawn)]
    with county.look() as session:
        moments = {(job.instance_id, job.element_id): job.due_at for job in session.scalars(select(TimerJob))}
    assert [(one.timer.element_id, moments.get(one.key)) for one in watched] == [
        (one.timer.element_id, one.expected) for one in watched
    ]
    left = {one.key: one for one in watched}
    for _ in range(MOST_STOPS):
        if not left:
            break
        for key in one_stop(county, left) & left.keys():
            end(county, left.pop(key))
    assert not left, f"never fired: {[element_id for _, element_id in left]}"


def one_stop(county: County, left: dict[tuple[int, str], Stored]) -> set[tuple[int, str]]:
    """Lead the clock through the next moment at which something is due; return which timers fired."""
    with county.look() as session:
        moment, expected = min(due(session).items())
        before = fired(session)
        tasks = {instance_id: open_tasks(session, instance_id) for instance_id, _ in expected}
    with clock.frozen(moment - SECOND):
        assert fire_all() == 0, f"something fires a second before {moment}"
    with clock.frozen(moment):
        assert fire_all() == expected.total()
        with county.look() as session:
            assert fired(session) - before == expected
            for key in expected:
                if key in left:
                    arrived(session, left[key], tasks[key[0]])
        assert fire_all() == 0, f"something fires twice at {moment}"
    with county.look() as session:
        assert fired(session) - before == expected
        assert [(row.element_id, row.error) for row in session.scalars(select(Incident))] == []
    return set(expected)


def end(county: County, one: Stored) -> None:
    """End an instance that has shown what it was stored for, and all that it called."""
    with county.change() as session:
        instance = session.get_one(ProcessInstance, one.instance_id)
        if instance.status == "active":
            run = Run(session, one.expected)
            run.terminate(instance)
            run.settle()


def arrived(session: Session, one: Stored, before: set[str]) -> None:
    """The flow of the timer was taken; it ended what it stands on, or left it as it was."""
    timer, instance = one.timer, session.get_one(ProcessInstance, one.instance_id)
    events = select(HistoryEvent.element_id).where(HistoryEvent.instance_id == one.instance_id)
    assert timer.target in set(session.scalars(events)), f"{timer.element_id} has not led to {timer.target}"
    still = open_tasks(session, one.instance_id)
    if timer.host and not timer.interrupting:
        assert instance.status == "active"
        assert before <= still, f"{timer.element_id} has closed what it should only remind of"
    elif timer.host:
        assert before, f"nobody was at work on {timer.host}"
        assert not before & still, f"{timer.host} is open although {timer.element_id} has ended it"


def test_the_yearly_starts_start_at_their_moment_and_once(county: County) -> None:
    """The whole year 2027, start by start, in the order of the calendar."""
    beginning = datetime(2027, 1, 1, tzinfo=SHANGHAI)
    expected = sorted((_in_2027(timer), process_id, timer.element_id) for process_id, timer in STARTING)
    with clock.frozen(beginning - SECOND):
        assert dispatch.start_by_calendar() == 0
    with county.look() as session:
        rows = session.execute(select(DefinitionStart.due_at, DefinitionStart.element_id)).all()
        known = _started(session)
    assert sorted((row[0], row[1]) for row in rows if row[0] is not None) == sorted(
        (moment, element_id) for moment, _, element_id in expected
    )
    for moment, rows_of in groupby(expected, key=lambda row: row[0]):
        now_due = Counter((process_id, element_id) for _, process_id, element_id in rows_of)
        with clock.frozen(moment - SECOND):
            assert dispatch.start_by_calendar() == 0
        with clock.frozen(moment):
            assert dispatch.start_by_calendar() == now_due.total()
            assert dispatch.start_by_calendar() == 0
        with county.look() as session:
            assert _started(session) - known == now_due
            known = _started(session)
    with county.look() as session:
        again = session.scalars(select(DefinitionStart.due_at).where(DefinitionStart.due_at.is_not(None))).all()
        assert sorted(again) == [moment.replace(year=2028) for moment, _, _ in expected]
        assert session.scalar(select(func.count()).select_from(Incident)) == 0


def _in_2027(timer: DrawnTimer) -> datetime:
    yearly = _YEARLY.fullmatch(timer.says)
    assert yearly is not None, f"this test knows no start that says {timer.says}"
    return datetime.fromisoformat(f"2027-{yearly[1]}")


def _started(session: Session) -> Counter[tuple[str, str]]:
    """Count the instances that were started by themselves: process and start event."""
    rows = session.execute(
        select(ProcessInstance.process_key, HistoryEvent.element_id)
        .join(HistoryEvent, HistoryEvent.instance_id == ProcessInstance.id)
        .where(HistoryEvent.element_type == "startEvent", ProcessInstance.parent_id.is_(None))
    )
    return Counter((row[0], row[1]) for row in rows)
