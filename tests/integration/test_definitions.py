"""Definitions: numbered for ever, released by a second person, and never displaced by what is shipped."""

from __future__ import annotations

import pytest

from app.errors import DiagramNotExecutable, NotPermitted
from app.services import definitions
from app.unit_of_work import Database
from tests.integration.office import NOW, Office, furnish, task
from tests.unit.engine import drawing
from tests.unit.engine.drawing import end, flows, start

ONE = drawing.definitions(start() + task("a") + end() + flows("s > a > e"), process_id="p_own")
TWO = drawing.definitions(start() + task("b") + end() + flows("s > b > e"), process_id="p_own")


@pytest.fixture
def office(database: Database) -> Office:
    return furnish(database)


def publish(
    office: Office, source: bytes, *, by: str | None = None, release_by: str | None = None, shipped: bool = False
) -> tuple[int, bool, bool]:
    with office.database.unit_of_work() as session:
        done = definitions.publish(
            session,
            source,
            kind="bpmn",
            now=NOW,
            by=office.people[by].id if by else None,
            release_by=office.people[release_by].id if release_by else None,
            shipped=shipped,
        )
        return done.definition.version, done.new, done.definition.in_force


def in_force(office: Office) -> int:
    with office.look() as session:
        return definitions.process_in_force(session, "p_own").version


def test_the_same_text_is_not_stored_twice(office: Office) -> None:
    assert publish(office, ONE, shipped=True) == (1, True, True)
    assert publish(office, ONE, shipped=True) == (1, False, True)


def test_a_version_waits_for_a_second_person(office: Office) -> None:
    publish(office, ONE, shipped=True)
    assert publish(office, TWO, by="clerk") == (2, True, False)
    assert in_force(office) == 1
    with pytest.raises(NotPermitted):
        publish(office, TWO, by="clerk", release_by="clerk")
    assert in_force(office) == 1
    assert publish(office, TWO, by="clerk", release_by="bureau") == (3, True, True)
    assert in_force(office) == 3


def test_what_is_shipped_never_displaces_what_people_have_published(office: Office) -> None:
    publish(office, ONE, shipped=True)
    publish(office, TWO, by="clerk", release_by="bureau")
    assert publish(office, ONE, shipped=True) == (2, False, True)
    assert in_force(office) == 2


def test_a_broken_diagram_is_refused_whole(office: Office) -> None:
    with pytest.raises(DiagramNotExecutable) as refused:
        publish(office, ONE.replace(b'isExecutable="true"', b'isExecutable="false"'), shipped=True)
    assert refused.value.findings
    with office.look() as session:
        assert definitions.in_force(session, "bpmn", "p_own") is None
