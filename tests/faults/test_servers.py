"""What a server stands: kill -9 amid completions, SIGTERM with a request under way, a locked or a lost database."""

from __future__ import annotations

import http.client
import json
import random
import signal
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select, text, update

from app.engine import runtime
from app.models.documents import AuditEvent, Submission
from app.models.process import HistoryEvent, ProcessInstance, TaskAudience, TimerJob, UserTask
from app.services import definitions, families
from app.services.context import StepContext
from app.services.host import StepHost
from app.unit_of_work import Database
from benchmarks.browser import Browser
from tests import postgres
from tests.faults.running import give_password, serving, until
from tests.integration.office import Office, furnish, task
from tests.unit.engine.drawing import boundary, end, flows, start, timer

THREE = start() + task("a") + task("b") + task("c") + end() + flows("s > a > b > c > e")
LATE = start() + task("a") + boundary("late", "a", timer("timeDuration", "P1D")) + task("b") + end()
LATE += flows("s > a > e", "late > b > e")
ROUNDS = 2
ANSWERS = {"values": {"note": "好"}}


@pytest.fixture
def office(database: Database) -> Office:
    opened = furnish(database)
    give_password(opened)
    opened.publish(THREE)
    return opened


INSTANCES = 300
"""More than a quick machine completes before the last kill."""


def oldest(office: Office) -> int:
    with office.look() as session:
        return session.scalars(select(func.min(UserTask.id)).where(UserTask.status == "open")).one()


def complete(browser: Browser, task_id: int) -> tuple[int, str]:
    headers = {"Content-Type": "application/json", "X-CSRFToken": browser.token}
    return browser._ask("POST", f"/tasks/{task_id}/complete", json.dumps(ANSWERS).encode(), headers)


def assert_nothing_is_half_done(office: Office) -> int:
    """Compare every row that a completion writes with every other; return how many tasks are completed."""
    with office.database.read_only() as session:
        tasks = session.scalars(select(UserTask)).all()
        completed = {one.id for one in tasks if one.status == "completed"}
        assert Counter(session.scalars(select(Submission.task_id))) == Counter(completed)
        acts = session.scalars(select(AuditEvent.subject_id).where(AuditEvent.act == "complete_task"))
        assert Counter(map(int, acts)) == Counter(completed)
        assert set(session.scalars(select(TaskAudience.task_id))) == {one.id for one in tasks} - completed
        for instance in session.scalars(select(ProcessInstance)):
            mine = [one for one in tasks if one.instance_id == instance.id]
            model = definitions.process_model(session, instance.definition_id)
            host = StepHost(StepContext(session, office.now, instance, None))
            waiting = runtime.waits(model, instance.state, host).user_tasks
            assert set(waiting) == {one.key for one in mine if one.status == "open"}
            assert instance.revision == 1 + len([one for one in mine if one.status == "completed"])
        if office.database.engine.dialect.name == "sqlite":
            assert session.scalars(text("PRAGMA integrity_check")).all() == ["ok"]
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    return len(completed)


def test_a_server_killed_in_the_middle_of_completions_leaves_nothing_half_done(office: Office, tmp_path: Path) -> None:
    for _ in range(INSTANCES):
        office.start()
    acknowledged, chance = 0, random.Random(7)  # noqa: S311 -- a moment, not a secret
    for _ in range(ROUNDS):
        with serving(office, tmp_path) as server:
            browser = server.clerk()
            killer = threading.Timer(chance.uniform(0.2, 0.5), server.process.kill)
            killer.start()
            try:
                while True:
                    assert complete(browser, oldest(office))[0] == 200
                    acknowledged += 1
            except (OSError, http.client.HTTPException):
                killer.join()
        done = assert_nothing_is_half_done(office)
        assert acknowledged <= done <= acknowledged + ROUNDS  # the last answer of each round may not have arrived
    assert acknowledged > ROUNDS


def test_a_request_under_way_is_finished_before_the_server_ends(office: Office, tmp_path: Path) -> None:
    instance_id = office.start()
    answers: list[tuple[int, str]] = []
    with serving(office, tmp_path) as server:
        browser, task_id = server.clerk(), oldest(office)
        request = threading.Thread(target=lambda: answers.append(complete(browser, task_id)))
        with office.database.unit_of_work() as session:
            families.lock(session, instance_id)  # the server has to wait for it
            request.start()
            time.sleep(0.5)
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            assert (answers, server.process.poll()) == ([], None)
        request.join(30)
        assert ([status for status, _ in answers], server.process.wait(30)) == ([200], 0)
    assert (office.open(), assert_nothing_is_half_done(office)) == (["b"], 1)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_locked_database_is_waited_for_and_then_said_to_be_busy(office: Office, tmp_path: Path) -> None:
    office.start()
    with serving(office, tmp_path) as server:
        browser, task_id = server.clerk(), oldest(office)
        with office.database.unit_of_work():  # nobody else may write meanwhile
            status, answer = complete(browser, task_id)
        assert (status, json.loads(answer)["title"]) == (503, "系统正在维护")
        assert "Traceback" not in answer
        assert (office.open(), assert_nothing_is_half_done(office)) == (["a"], 0)
        assert complete(browser, task_id)[0] == 200
    assert (office.open(), assert_nothing_is_half_done(office)) == (["b"], 1)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_lost_database_is_told_and_comes_back_by_itself(office: Office, tmp_path: Path) -> None:
    office.start()
    name, task_id = office.database.engine.url.database, oldest(office)
    office.database.dispose()
    admin = create_engine(postgres.address(), isolation_level="AUTOCOMMIT")
    with serving(office, tmp_path) as server, admin.connect() as cluster:
        browser, anybody = server.clerk(), server.browser()
        cluster.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
        cluster.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": name}
        )
        assert [anybody._ask("GET", path, b"", {})[0] for path in ("/healthz", "/readyz")] == [200, 503]
        status, answer = complete(browser, task_id)
        assert (status, "Traceback" in answer) == (503, False)
        cluster.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'))
        assert anybody._ask("GET", "/readyz", b"", {})[0] == 200
        assert complete(browser, task_id)[0] == 200
    admin.dispose()
    assert (office.open(), assert_nothing_is_half_done(office)) == (["b"], 1)


def test_a_server_that_was_down_fires_what_it_has_missed_once(office: Office, tmp_path: Path) -> None:
    office.publish(LATE, process_id="p_late")
    instances = [office.start("p_late") for _ in range(5)]
    with office.database.unit_of_work() as session:  # the day has passed while nobody ran
        session.execute(update(TimerJob).values(due_at=office.now))
    fired = select(HistoryEvent.instance_id).where(HistoryEvent.event == "fired")

    def seen() -> list[int]:
        with office.look() as session:
            return sorted(session.scalars(fired))

    with serving(office, tmp_path, "--ticking") as server:
        until(lambda: len(seen()) >= len(instances))
        browser = server.browser()
        until(lambda: browser._ask("GET", "/readyz", b"", {})[0] == 200)
    assert (seen(), office.timers()) == (sorted(instances), [])
