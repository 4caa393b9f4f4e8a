"""How many SQL statements and commits a step and a page take, whatever the database holds."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from app import clock, create_app, dispatch, unit_of_work
from app.domain.calendar import midnight_after
from app.models.accounts import Person
from app.models.process import UserTask
from app.services import calendars, passwords
from app.settings import ROOT, Settings
from app.unit_of_work import Database
from tests.integration.office import Office, furnish, task
from tests.unit.engine.drawing import boundary, end, flows, start, timer

PASSWORD = "Zhu-lin 7 feng qing"
THREE = start() + task("a") + task("b") + task("c") + end() + flows("s > a > b > c > e")
MOST_STATEMENTS = 12
MOST_OF_INBOX = 14
"""Of the inbox: tasks, choices, counts of the tabs, kept filters, and the preview of the first row."""


@dataclass
class Traffic:
    """SELECT, INSERT, UPDATE and DELETE; what only begins or ends a transaction is not counted."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0


@contextmanager
def traffic(engine: Engine) -> Iterator[Traffic]:
    seen = Traffic()

    def executed(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.statements.append(statement)

    def committed(_connection: object) -> None:
        seen.commits += 1

    event.listen(engine, "before_cursor_execute", executed)
    event.listen(engine, "commit", committed)
    yield seen
    event.remove(engine, "before_cursor_execute", executed)
    event.remove(engine, "commit", committed)


@dataclass
class Desk:
    """A clerk with a browser, beside the office in which she works."""

    office: Office
    client: FlaskClient
    token: str = ""

    def complete(self, element_id: str) -> Traffic:
        """Complete the oldest task of an element over HTTP."""
        address = f"/tasks/{self.office.task(element_id)}/complete"
        with traffic(unit_of_work.engine()) as seen:
            answer = self.client.post(address, json={"values": {"note": "好"}}, headers={"X-CSRFToken": self.token})
        assert answer.status_code == 200, answer.text
        return seen

    def look_at(self, path: str) -> int:
        """Open a page and return how many statements it took."""
        with traffic(unit_of_work.engine()) as seen:
            answer = self.client.get(path)
        assert (answer.status_code, seen.commits) == (200, 0), answer.text
        return len(seen.statements)


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.fixture
def application(database: Database, tmp_path: Path) -> Flask:
    url = database.engine.url.render_as_string(hide_password=False)
    return create_app(
        Settings(instance=tmp_path, database_url=url, secret_key="of a test", demonstration=False, testing=True)
    )


@pytest.fixture
def desk(application: Flask) -> Desk:
    office = furnish(unit_of_work.database())
    office.now = clock.now()
    with unit_of_work.unit_of_work() as session:
        clerk = session.get_one(Person, office.people["clerk"].id)
        clerk.password_hash, clerk.password_set_at = passwords.hashed(PASSWORD), clock.wall_now()
    office.publish(THREE)
    client = application.test_client()
    login = {"username": "clerk", "password": PASSWORD, "csrf_token": token_of(client.get("/login").text)}
    assert client.post("/login", data=login).status_code == 302
    office.start()
    return Desk(office, client, token_of(client.get(f"/tasks/{office.task('a')}").text))


FIRST = """
import json, sys
from pathlib import Path
from app import create_app, unit_of_work
from app.settings import ROOT, Settings
from tests.integration.test_statement_counts import traffic

folder, url, cookies, token, address = sys.argv[1:]
app = create_app(
    Settings(instance=Path(folder), database_url=url, secret_key="of a test", demonstration=False, testing=True)
)
client = app.test_client()
for name, value in json.loads(cookies).items():
    client.set_cookie(name, value)
with traffic(unit_of_work.engine()) as seen:
    answer = client.post(address, json={"values": {"note": "好"}}, headers={"X-CSRFToken": token})
print(json.dumps([answer.status_code, seen.commits, seen.statements]))
"""


def test_a_process_that_has_served_nothing_yet_takes_no_more(desk: Desk, database: Database, tmp_path: Path) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    cookies = {cookie.key: cookie.value for cookie in desk.client._cookies.values()}
    address = f"/tasks/{desk.office.task('a')}/complete"
    done = subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, "-c", FIRST, str(tmp_path), url, json.dumps(cookies), desk.token, address],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    status, commits, statements = json.loads(done.stdout.splitlines()[-1])
    assert (status, commits) == (200, 1)
    assert len(statements) <= MOST_STATEMENTS, "\n".join(statements)
    assert sum("definition.source" in one for one in statements) == 1, "diagram and form are read together"
    desk.complete("b")


def test_a_completion_takes_twelve_statements_and_one_commit_at_most(desk: Desk) -> None:
    desk.complete("a")
    for element_id in ("b", "c"):
        seen = desk.complete(element_id)
        assert len(seen.statements) <= MOST_STATEMENTS, "\n".join(seen.statements)
        assert seen.commits == 1
        assert not [text for text in seen.statements if text.startswith("DELETE FROM draft")], "she kept none"


def test_a_task_with_days_to_do_it_in_takes_twelve_statements_too(desk: Desk) -> None:
    days = '<zeebe:properties><zeebe:property name="days" value="3"/></zeebe:properties>'
    desk.office.publish(start() + task("a") + task("b", extensions=days) + end() + flows("s > a > b > e"))
    desk.office.start()
    desk.office.start()
    desk.complete("a")  # of the version without days, which came first
    for _time in range(2):
        seen = desk.complete("a")
        assert not any("calendar_day" in statement for statement in seen.statements)  # the page of the task has read it
        assert len(seen.statements) <= MOST_STATEMENTS, "\n".join(seen.statements)
    with unit_of_work.read_only() as rows:
        due = rows.scalars(select(UserTask.due_at).where(UserTask.due_at.is_not(None)).distinct()).one()
        due_on = calendars.current(rows).after_working_days(clock.today(), 3)
    assert due == midnight_after(due_on)


def test_a_refused_completion_commits_nothing(desk: Desk) -> None:
    address = f"/tasks/{desk.office.task('a')}/complete"
    with traffic(unit_of_work.engine()) as seen:
        answer = desk.client.post(address, json={"values": {}}, headers={"X-CSRFToken": desk.token})
    assert (answer.status_code, seen.commits) == (422, 0)


def test_the_pages_of_inbox_and_task_do_not_ask_more_when_there_is_more(desk: Desk) -> None:
    task_page = f"/tasks/{desk.office.task('a')}"
    desk.look_at("/inbox")
    few = desk.look_at("/inbox"), desk.look_at(task_page)
    for _ in range(12):
        desk.office.start()
    for element_id in ("b", "c"):
        desk.office.complete("a", note=element_id)
    assert desk.look_at("/inbox") == few[0]
    assert desk.look_at(f"/tasks/{desk.office.task('a')}") == few[1]
    assert few[0] <= MOST_OF_INBOX


def test_an_idle_tick_asks_twice_and_a_timer_takes_one_commit_for_itself(desk: Desk) -> None:
    late = boundary("late", "a", timer("timeDuration", "P1D")) + task("b") + end()
    desk.office.publish(start() + task("a") + late + flows("s > a > e", "late > b > e"), process_id="p_timed")
    desk.office.start("p_timed")
    with traffic(unit_of_work.engine()) as seen:
        assert (dispatch.fire_timers(), dispatch.deliver_outbox()) == (0, 0)
    assert len(seen.statements) == 2
    desk.office.later(days=1)
    with clock.frozen(desk.office.now), traffic(unit_of_work.engine()) as seen:
        assert dispatch.fire_timers() == 1
    assert seen.commits == 2
    assert len(seen.statements) <= MOST_STATEMENTS + 3, "\n".join(seen.statements)
