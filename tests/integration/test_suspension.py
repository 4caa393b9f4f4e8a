"""暂停建设 (第三十一条): building stands still, everything that mends goes on, and nothing is lost when it resumes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import dispatch
from app.clock import frozen
from app.engine.step import Thrown
from app.errors import NotPermitted
from app.services.process_instances import Run
from app.unit_of_work import Database
from tests.integration.office import Office, a_project, furnish, task
from tests.unit.engine.drawing import boundary, end, flows, start, timer

NO = "XWXX-2026-T-001"
ONE = start() + task("a") + end() + flows("s > a > e")
TIMED = (
    start() + task("a") + end() + boundary("t", "a", timer("timeDuration", "P2D"), interrupting=False)
    + task("late") + end("e2") + flows("s > a > e", "t > late > e2")
)  # fmt: skip


@pytest.fixture
def office(database: Database) -> Office:
    return furnish(database)


def say(office: Office, message: str) -> None:
    with office.database.unit_of_work() as session:
        Run(session, office.now).throw(None, Thrown("message", message, NO, {}, element_id=""))
    with frozen(office.now):
        dispatch.settle_outbox()


def test_building_stands_still_and_mending_goes_on(office: Office) -> None:
    project = a_project(office, NO)
    office.publish(ONE, process_id="p07_construction")
    office.publish(ONE.replace('"a"', '"b"'), process_id="p15_inspection")
    building = office.start("p07_construction", project_id=project)
    inspection = office.start("p15_inspection", project_id=project)
    say(office, "project.suspended")
    assert (office.instance(building).status, office.instance(inspection).status) == ("suspended", "active")
    with pytest.raises(NotPermitted):
        office.complete("a", note="x", amount=1)
    assert office.open(building) == ["a"]
    say(office, "project.resumed")
    assert office.instance(building).status == "active"
    office.complete("a", note="x", amount=1)
    assert office.instance(building).status == "completed"


def test_a_timer_that_falls_due_meanwhile_fires_once_when_building_resumes(office: Office) -> None:
    project = a_project(office, NO)
    office.publish(TIMED, process_id="p07_construction")
    building = office.start("p07_construction", project_id=project)
    say(office, "project.suspended")
    office.now += timedelta(days=10)
    assert fired(office) == 0
    say(office, "project.resumed")
    assert (fired(office), fired(office)) == (1, 0)
    assert sorted(office.open(building)) == ["a", "late"]


def fired(office: Office) -> int:
    with frozen(office.now):
        return dispatch.fire_timers()
