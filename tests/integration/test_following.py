"""How a process runs, over HTTP: figures, heat map, event log, and who left the drawn path."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import select, update

from app.models.process import Definition, HistoryEvent, Incident, ProcessInstance, UserTask
from app.queries import conformance, event_log, following
from app.queries.following import Asked
from tests.integration.web_clients import FOREIGN, NOW, OWN, County
from tests.integration.web_county import _postgres_county, _sqlite_county, county

__all__ = ["_postgres_county", "_sqlite_county", "county"]

PLAN = "p01u_unit_plan"
XES = "{http://www.xes-standard.org/}"


def figures(county: County, asked: Asked = Asked()) -> dict[str, following.StepFigures]:  # noqa: B008 -- it is frozen
    """Return the steps of the unit's plan by element."""
    with county.look() as session:
        found = following.following(session, PLAN, asked, now=NOW)
        assert found is not None
        return {step.element_id: step for step in found.steps}


def filing(county: County) -> str:
    """Return the element of the plan item's form."""
    return county.task(county["own.filed"]).element_id


def test_each_step_counts_what_is_open_late_stuck_and_how_long_it_took(county: County) -> None:
    element = filing(county)
    with county.change() as session:
        done = session.scalars(
            select(UserTask).where(UserTask.element_id == element, UserTask.status == "completed").order_by(UserTask.id)
        ).all()
        assert len(done) == 2
        for task, days in zip(done, (2, 5), strict=True):
            task.ended_at = task.created_at + timedelta(days=days)
        waiting = session.scalars(
            select(UserTask).where(UserTask.element_id == element, UserTask.status == "open").order_by(UserTask.id)
        ).all()
        assert len(waiting) == 2
        waiting[0].due_at, waiting[1].due_at = NOW - timedelta(minutes=1), NOW + timedelta(minutes=1)
        session.add(
            Incident(
                instance_id=county["own.instance"],
                key="k",
                element_id=element,
                error="坏了",
                created_at=NOW,
                attempts=1,
            )
        )
    step = figures(county)[element]
    assert (step.open, step.late, step.stuck, step.passed, step.returns) == (2, 1, 1, 2, 0)
    assert (step.median_days, step.ninetieth_days, step.warmth) == (2.0, 5.0, 4)
    own = figures(county, Asked(unit="jyj"))[element]
    assert (own.open, own.passed, own.median_days, own.ninetieth_days) == (1, 1, 2.0, 2.0)
    assert figures(county, Asked(year=2025))[element].passed == 0


def test_a_return_is_counted_once_however_many_seats_the_step_has(county: County) -> None:
    element = filing(county)
    with county.change() as session:
        first = session.get_one(UserTask, county["own.filed"])
        later = NOW + timedelta(days=1)
        for number in range(3):
            session.add(
                UserTask(
                    instance_id=first.instance_id, key=f"again-{number}", element_id=element, name="再报",
                    status="open", created_at=later,
                )
            )  # fmt: skip
        first.ended_at = NOW
    assert figures(county)[element].returns == 1


@pytest.mark.parametrize(("percent", "value"), [(50, 3), (90, 5), (1, 1), (100, 5)])
def test_ranks_are_nearest_ranks(percent: int, value: int) -> None:
    assert following.rank([1, 2, 3, 4, 5], percent) == value
    assert following.rank([], percent) is None


def test_the_page_shows_the_same_in_a_table_and_to_the_bureau_and_the_owner_only(county: County) -> None:
    for who, status in (("dsj.tu", 200), ("dsj.chen", 200), ("jyj.wang", 404), ("daxue.ouyang", 404)):
        for path in ("following", "conformance", "log.xes", "log.csv"):
            assert county.as_(who).get(f"/processes/{PLAN}/{path}").status_code == status, (who, path)
    text = county.as_("dsj.tu").get(f"/processes/{PLAN}/following?unit=jyj").get_data(as_text=True)
    assert f'id="step-{filing(county)}"' in text
    assert OWN not in text
    assert "王芳" not in text
    empty = county.as_("dsj.tu").get(f"/processes/{PLAN}/following?year=1999").get_data(as_text=True)
    assert "没有这样的件" in empty
    for path in ("p99_nothing/following", f"{PLAN}/following?version=77", f"{PLAN}/log.pdf", "p99_nothing/log.xes"):
        assert county.as_("dsj.tu").get(f"/processes/{path}").status_code == 404, path


ATTRIBUTES = {
    "string": re.compile(r".*", re.DOTALL),
    "date": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)"),
    "int": re.compile(r"-?\d{1,18}"),
    "boolean": re.compile(r"true|false"),
}
"""Kind of attribute → what its value looks like."""
OTHERS = {
    "extension": {"name", "prefix", "uri"},
    "global": {"scope"},
    "classifier": {"name", "keys"},
    "trace": set(),
    "event": set(),
}
"""The other elements and the attributes of XML that they have."""
ORDER = {
    "log": ("extension", "global", "classifier", "attribute", "trace", "event"),
    "global": ("attribute",),
    "trace": ("attribute", "event"),
    "event": ("attribute",),
}
"""What an element holds, in this order."""


def strange(element: ET.Element) -> list[str]:
    """Return where an element is not as the schema of IEEE 1849-2016 wants it."""
    name = element.tag.removeprefix(XES)
    found, keys = [], []
    places = []
    for inner in element:
        kind = inner.tag.removeprefix(XES)
        if kind in ATTRIBUTES:
            keys.append(inner.get("key", ""))
            if set(inner.attrib) != {"key", "value"} or not ATTRIBUTES[kind].fullmatch(inner.get("value", "")):
                found.append(f"{kind} {inner.attrib}")
        elif set(inner.attrib) != OTHERS.get(kind):
            found.append(f"{kind} {inner.attrib}")
        else:
            found += strange(inner)
        place = "attribute" if kind in ATTRIBUTES else kind
        places.append(ORDER[name].index(place) if place in ORDER.get(name, ()) else -1)
    if places != sorted(places) or -1 in places:
        found.append(f"{name} holds {places}")
    if len(set(keys)) != len(keys):
        found.append(f"{name} has twice one of {keys}")
    return found


def test_the_event_log_is_as_the_schema_of_the_standard_wants_it(county: County) -> None:
    root = ET.fromstring(county.as_("dsj.tu").get(f"/processes/{PLAN}/log.xes").get_data(as_text=True))  # noqa: S314
    assert root.tag == f"{XES}log"
    assert re.fullmatch(r"\d+\.\d+", root.get("xes.version", ""))  # a decimal number
    assert strange(root) == []
    declared = {one.get("prefix") for one in root.findall(f"{XES}extension")}
    globals_ = {one.get("key") for one in root.findall(f"{XES}global[@scope='event']/*")}
    for classifier in root.findall(f"{XES}classifier"):
        assert set(classifier.get("keys", "").split()) <= globals_
    for event in root.iter(f"{XES}event"):
        own = {one.get("key", "") for one in event}
        assert globals_ <= own
        assert {key.partition(":")[0] for key in own if ":" in key} <= declared


def test_the_event_log_is_xes_without_persons_titles_or_amounts(county: County) -> None:
    text = county.as_("dsj.tu").get(f"/processes/{PLAN}/log.xes").get_data(as_text=True)
    root = ET.fromstring(text)  # noqa: S314 -- our own answer
    assert root.get("xes.version") == "1849.2016"
    traces = root.findall(f"{XES}trace")
    with county.look() as session:
        instances = session.scalars(select(ProcessInstance).where(ProcessInstance.process_key == PLAN)).all()
        events = session.scalars(select(HistoryEvent)).all()
    assert len(traces) == len(instances) == 4
    assert sum(len(trace.findall(f"{XES}event")) for trace in traces) == len(events)
    names = {trace.find(f"{XES}string[@key='concept:name']").get("value") for trace in traces}  # type: ignore[union-attr]
    assert {county["own.project"], county["foreign.project"]} <= names
    for word in (OWN, FOREIGN, "王芳", "周", "1234.56", "1,234.56"):
        assert word not in text
    roles = {one.get("value") for one in root.iter(f"{XES}string") if one.get("key") == "org:role"}
    assert roles == {"unit_clerk", "unit_head"}


def test_the_event_log_is_csv_that_no_spreadsheet_takes_for_formulas(county: County) -> None:
    assert list(event_log.table(iter(()))) == ["\ufeff" + ",".join(event_log.COLUMNS) + "\r\n"]
    answer = county.as_("dsj.chen").get(f"/processes/{PLAN}/log.csv?unit=wjw")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert {row["unit"] for row in rows} == {"县卫健委"}
    assert {row["lifecycle"] for row in rows} <= set(event_log.TRANSITIONS.values())
    assert county["foreign.project"] in {row["project"] for row in rows}
    hostile = event_log.Logged(1, "=1+1", "", 1, "@cmd", "-e", "userTask", "", "", "start", NOW)
    (line,) = list(event_log.table(iter((hostile,))))[1:]
    assert line.startswith("1,'=1+1,,1,'@cmd,'-e,userTask")


def test_every_instance_keeps_to_its_drawing_until_it_is_taken_off_it(county: County) -> None:
    with county.look() as session:
        found = conformance.conformance(session, PLAN, Asked())
        assert found is not None
        assert (found.checked, found.wanderers) == (4, ())
    element = filing(county)
    with county.change() as session:
        instance = session.get_one(ProcessInstance, county["own.instance"])
        session.add(
            HistoryEvent(
                instance_id=instance.id, at=NOW, key="moved", element_id=element, element_type="userTask",
                name="", event="entered",
            )
        )  # fmt: skip
    with county.look() as session:
        found = conformance.conformance(session, PLAN, Asked(unit="jyj"))
        assert found is not None
        (only,) = found.wanderers
        assert (only.project_no, only.instance_id) == (county["own.project"], county["own.instance"])
        assert [(one.element_id, one.kind) for one in only.deviations] == [(element, "unexpected")]
        assert found.at_elements == {element: 1}
    text = county.as_("dsj.tu").get(f"/processes/{PLAN}/conformance").get_data(as_text=True)
    assert county["own.project"] in text
    assert county["foreign.project"] not in text


def test_instances_of_another_version_are_held_against_the_one_looked_at(county: County) -> None:
    element = filing(county)
    with county.change() as session:
        drawn = session.scalars(select(Definition).where(Definition.key == PLAN, Definition.in_force)).one()
        session.execute(update(Definition).where(Definition.id == drawn.id).values(in_force=False))
        session.add(
            Definition(
                kind="bpmn", key=PLAN, version=drawn.version + 1, name=drawn.name, sha256="0" * 64, published_at=NOW,
                source=drawn.source.replace(f'id="{element}"', 'id="renamed"'), released_at=NOW, in_force=True,
            )
        )  # fmt: skip
    with county.look() as session:
        found = conformance.conformance(session, PLAN, Asked())
        assert found is not None
        assert found.checked == 4
        kinds = {(one.element_id, one.kind) for wanderer in found.wanderers for one in wanderer.deviations}
        assert (element, "undrawn") in kinds
