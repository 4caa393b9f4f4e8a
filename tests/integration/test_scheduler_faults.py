"""What the scheduler stands: several at once, one killed, broken instances, an outage, people at the same moment."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from app import clock, dispatch
from app.clock import frozen
from app.errors import AlreadyDone
from app.models.process import HistoryEvent, ProcessInstance, TimerJob, UserTask
from app.services import timers
from app.unit_of_work import Database
from tests.integration.office import Office, furnish, task
from tests.unit.engine.drawing import boundary, end, flows, loop, start, timer

ROOT = Path(__file__).parents[2]
LATE = start() + task("a") + boundary("late", "a", timer("timeDuration", "P1D")) + task("b") + end()
LATE += flows("s > a > e", "late > b > e")


@pytest.fixture
def office(database: Database) -> Office:
    return furnish(database)


def due(office: Office, count: int) -> list[int]:
    office.publish(LATE)
    instances = [office.start() for _ in range(count)]
    office.later(days=1)
    return instances


def scheduler(office: Office) -> subprocess.Popen[bytes]:
    url = office.database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.integration.scheduler_process", url, office.now.isoformat()]
    return subprocess.Popen(command, cwd=ROOT)  # noqa: S603 -- our own module


def fired(office: Office) -> Counter[int]:
    """How often the timer of each instance has taken effect."""
    with office.look() as session:
        return Counter(
            session.scalars(
                select(HistoryEvent.instance_id).where(HistoryEvent.element_id == "late", HistoryEvent.event == "fired")
            )
        )


def test_four_schedulers_at_once_fire_each_timer_once(office: Office) -> None:
    instances = due(office, 40)
    processes = [scheduler(office) for _ in range(4)]
    assert [process.wait(120) for process in processes] == [0, 0, 0, 0]
    assert fired(office) == Counter(instances)
    assert (office.timers(), office.open()) == ([], ["b"] * 40)


def test_a_scheduler_killed_in_the_middle_of_a_batch_loses_and_doubles_nothing(office: Office) -> None:
    instances = due(office, 40)
    process = scheduler(office)
    deadline = time.monotonic() + 60
    while len(fired(office)) < 3 and time.monotonic() < deadline:
        time.sleep(0.005)
    process.kill()
    process.wait(30)
    wall = clock.wall_now()
    while office.timers():
        wall += 2 * timers.LEASE
        with office.database.unit_of_work() as session:
            leases = timers.claim(session, owner="next", now=office.now, wall_now=wall)
        for lease in leases:
            with office.database.unit_of_work() as session:
                timers.fire(session, lease, now=office.now)
    assert fired(office) == Counter(instances)
    assert office.open() == ["b"] * 40


def test_a_broken_instance_backs_off_ends_as_an_incident_and_stops_no_other(office: Office) -> None:
    instances = due(office, 4)
    with office.database.unit_of_work() as session:
        session.execute(update(ProcessInstance).where(ProcessInstance.id == instances[1]).values(state="{"))
    waits = []
    for _ in range(7):
        with frozen(office.now):
            dispatch.fire_timers()
        left = [job for job in office.timers() if job.instance_id == instances[1]]
        waits.append((left[0].due_at - office.now).total_seconds())
        office.now = max(office.now, left[0].due_at)
    assert waits[:5] == [20, 40, 80, 160, 320]
    assert (left[0].status, left[0].last_error.split(":")[0]) == ("incident", "JSONDecodeError")
    assert fired(office) == Counter(one for one in instances if one != instances[1])
    assert [job.id for job in office.timers()] == [left[0].id]


def test_after_a_long_outage_every_overdue_timer_fires_once(office: Office) -> None:
    ladder = boundary("late", "a", timer("timeCycle", "R/P1D"), interrupting=False) + end("f")
    office.publish(start() + task("a") + ladder + end() + flows("s > a > e", "late > f"))
    instances = [office.start() for _ in range(6)]
    office.later(days=400)
    with frozen(office.now):
        while dispatch.fire_timers():
            pass
    assert fired(office) == Counter(instances)
    assert {job.due_at for job in office.timers()} == {office.now + timedelta(days=1)}
    with office.look() as session:
        assert session.scalar(select(func.count()).select_from(TimerJob).where(TimerJob.status == "waiting")) == 6


def together(acts: list[Callable[[], None]]) -> list[BaseException]:
    """Do everything at the same moment in threads of their own; return what was raised."""
    raised: list[BaseException] = []
    gate = threading.Barrier(len(acts))

    def one(act: Callable[[], None]) -> None:
        gate.wait(30)
        try:
            act()
        except BaseException as error:  # noqa: BLE001 -- told to the test
            raised.append(error)

    threads = [threading.Thread(target=one, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


def test_of_two_people_who_complete_one_task_the_second_is_told(office: Office) -> None:
    office.publish(start() + task("a") + task("b") + end() + flows("s > a > b > e"))
    instance = office.start()
    task_id = office.task("a")

    def by(person: str) -> Callable[[], None]:
        return lambda: office.hand_in(task_id, person, {"note": person})

    (late,) = together([by("clerk"), by("colleague")])
    assert isinstance(late, AlreadyDone)
    assert (office.open(), office.instance(instance).revision) == (["b"], 2)
    assert late.values["who"] in {"王芳", "赵敏"}


def test_eight_who_complete_tasks_of_one_instance_lose_nothing(office: Office) -> None:
    inside = loop("=rows", "row", into=("sums", "=amount"))
    office.publish(start() + task("a", inside=inside) + task("b") + end() + flows("s > a > b > e"))
    instance = office.start(rows=list(range(8)))
    with office.look() as session:
        tasks = list(session.scalars(select(UserTask.id).order_by(UserTask.id)))
    assert together([_completing(office, task_id, amount) for amount, task_id in enumerate(tasks)]) == []
    assert (office.open(), office.instance(instance).revision) == (["b"], 9)
    assert '"sums":[0,1,2,3,4,5,6,7]' in office.instance(instance).state


def test_a_person_and_a_timer_at_the_same_moment_have_one_winner(office: Office) -> None:
    due(office, 6)
    with office.database.unit_of_work() as session:
        leases = timers.claim(session, owner="one", now=office.now, wall_now=office.now)
    with office.look() as session:
        tasks = {row.instance_id: row.id for row in session.scalars(select(UserTask))}
        instance_of = {row.id: row.instance_id for row in session.scalars(select(TimerJob))}
    assert len(leases) == 6
    for lease in leases:
        instance = instance_of[lease.timer_id]
        raised = together([_firing(office, lease), _completing(office, tasks[instance])])
        assert all(isinstance(error, AlreadyDone) for error in raised)
        completed = office.instance(instance).status == "completed"
        assert (fired(office)[instance], len(raised)) == ((0, 0) if completed else (1, 1))
    assert office.timers() == []


def _firing(office: Office, lease: timers.Lease) -> Callable[[], None]:
    def act() -> None:
        with office.database.unit_of_work() as session:
            timers.fire(session, lease, now=office.now)

    return act


def _completing(office: Office, task_id: int, amount: int = 0) -> Callable[[], None]:
    return lambda: office.hand_in(task_id, "clerk", {"note": "x", "amount": amount})
