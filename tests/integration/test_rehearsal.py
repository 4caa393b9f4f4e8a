"""The workshop's rehearsal on the demonstration county: the drawings in force explain every recorded instance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from lxml import etree
from sqlalchemy import select

from app import clock, unit_of_work
from app.models.business import Project
from app.models.process import Definition, HistoryEvent, UserTask
from app.queries import conformance, rehearsal
from app.queries.following import Asked
from app.services import definitions
from tests.county import LOADING, county_database

pytestmark = pytest.mark.timeout(LOADING)
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=clock.SHANGHAI)
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
REVIEW = "p02_review"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[unit_of_work.Database]:
    definitions.forget_parsed()
    database = unit_of_work.configure(f"sqlite:///{county_database(tmp_path_factory.mktemp('county'))}")
    yield database
    database.dispose()
    definitions.forget_parsed()


def source(database: unit_of_work.Database, key: str) -> bytes:
    """Return the drawing in force."""
    with database.read_only() as session:
        drawn = session.scalars(
            select(Definition).where(Definition.kind == "bpmn", Definition.key == key, Definition.in_force)
        ).one()
        return str(drawn.source).encode()


def without(drawing: bytes, element_id: str) -> bytes:
    """Return the drawing with one task taken out: its incoming flow leads where its outgoing one did."""
    root = etree.fromstring(drawing)
    (task,) = root.xpath(f"//*[@id='{element_id}' and local-name() != 'BPMNShape']")
    (out,) = root.findall(f".//{BPMN}sequenceFlow[@sourceRef='{element_id}']")
    for flow in root.findall(f".//{BPMN}sequenceFlow[@targetRef='{element_id}']"):
        flow.set("targetRef", out.get("targetRef"))
    out.getparent().remove(out)
    task.getparent().remove(task)
    return bytes(etree.tostring(root))


def test_every_instance_of_the_county_keeps_to_the_drawing_it_was_made_by(loaded: unit_of_work.Database) -> None:
    found: dict[str, int] = {}
    with loaded.read_only() as session:
        for drawn in session.scalars(select(Definition).where(Definition.kind == "bpmn")).all():
            for year in rehearsal.years(session, drawn.key):
                (played,) = rehearsal.rehearse(session, [drawn.source.encode()], drawn.key, year=year, now=NOW)
                strange = [
                    (case.instance_id, case.left_at, case.wanted, [wait.element_id for wait in case.new])
                    for case in played.cases
                    if case.wanted or case.undecided or case.new or case.omitted or case.moved or case.missed
                ]
                assert strange == [], (drawn.key, year)
                assert played.recorded == played.expected
                found[drawn.key] = found.get(drawn.key, 0) + len(played.cases)
            checked = conformance.conformance(session, drawn.key, Asked())
            assert checked is not None
            assert checked.wanderers == (), drawn.key
    assert found["p02_review"] > 30
    assert found["p09_acceptance"] == 8
    assert sum(found.values()) > 400


def test_a_dropped_step_names_the_time_spared_and_the_gates_no_longer_asked(loaded: unit_of_work.Database) -> None:
    drawing = without(source(loaded, REVIEW), "score")
    with loaded.read_only() as session:
        played, before = rehearsal.rehearse(session, [drawing, source(loaded, REVIEW)], REVIEW, year=2025, now=NOW)
    panels = [case for case in before.cases if any(wait.element_id == "score" for wait in case.waits)]
    spared = [case for case in played.cases if case.omitted]
    assert len(spared) == len(panels) > 5
    assert {wait.symbol for case in spared for wait in case.omitted} == {"f05e"}
    assert all(case.expected < case.recorded for case in spared)


def test_a_step_given_to_another_role_waits_as_that_role_usually_does(loaded: unit_of_work.Database) -> None:
    root = etree.fromstring(source(loaded, REVIEW))
    (task,) = root.xpath("//*[@id='check_sharing' and local-name() = 'userTask']")
    task.find(f".//{ZEEBE}assignmentDefinition").set("candidateGroups", "bur_head")
    with loaded.read_only() as session:
        drawings = [bytes(etree.tostring(root)), source(loaded, REVIEW)]
        played, before = rehearsal.rehearse(session, drawings, REVIEW, year=2025, now=NOW)
        usual = rehearsal._usual(session, 2025).roles["bur_head"]
    moved = [wait for case in played.cases for wait in case.moved]
    checked = [wait for case in before.cases for wait in case.waits if wait.element_id == "check_sharing"]
    assert len(moved) == len(checked) > 10
    assert {(wait.element_id, wait.roles, wait.seconds, wait.estimated) for wait in moved} == {
        ("check_sharing", ("bur_head",), usual, True)
    }
    assert all(case.wanted == "" for case in played.cases)


def test_nothing_is_written_and_no_title_amount_or_person_is_told(loaded: unit_of_work.Database) -> None:
    drawing = source(loaded, REVIEW)
    with loaded.read_only() as session:
        before = (session.scalar(select(HistoryEvent.id).order_by(HistoryEvent.id.desc()).limit(1)),
                  session.scalar(select(UserTask.id).order_by(UserTask.id.desc()).limit(1)))  # fmt: skip
        text = repr(rehearsal.rehearse(session, [drawing], REVIEW, year=2025, now=NOW))
        names = session.scalars(select(Project.name)).all()
        after = (session.scalar(select(HistoryEvent.id).order_by(HistoryEvent.id.desc()).limit(1)),
                 session.scalar(select(UserTask.id).order_by(UserTask.id.desc()).limit(1)))  # fmt: skip
        assert not session.new
        assert not session.dirty
    assert before == after
    assert [name for name in names if name and name in text] == []
    assert "郑云霞" not in text
