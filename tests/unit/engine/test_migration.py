"""A running instance moved to a redrawn version: what moves, what is refused, and that it runs on as if drawn so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.engine import migration
from app.engine.definition import ProcessModel
from app.engine.migration import migrate
from tests.unit.engine.drawing import boundary, draw, end, flow, flows, loop, message, node, start, timer, user
from tests.unit.engine.driving import Drive

REMIND = boundary("t", "a", timer("timeDuration", "P5D"), interrupting=False)
BASE = start() + user("a") + user("b") + end() + flows("s > a > b > e")
TIMED = start() + user("a") + REMIND + user("r") + end() + end("e2") + flows("s > a > e", "t > r > e2")
PARALLEL = (
    start() + node("parallelGateway", "split") + user("a") + user("b") + node("parallelGateway", "join") + end()
    + flows("s > split > a > join > e", "split > b > join")
)  # fmt: skip
INNER = (
    start() + node("subProcess", "sub", start("is") + user("a") + end("ie") + flows("is > a > ie")) + end()
    + flows("s > sub > e")
)  # fmt: skip
MANY = start() + user("a", inside=loop("=people", "who")) + end() + flows("s > a > e")
WAITS = start() + node("receiveTask", "a", messageRef="m") + end() + flows("s > a > e")
GATE = (
    start() + node("eventBasedGateway", "g") + node("intermediateCatchEvent", "c1", timer("timeDuration", "P5D"))
    + node("intermediateCatchEvent", "c2", timer("timeDuration", "P9D")) + end()
    + flows("s > g > c1 > e", "g > c2 > e")
)  # fmt: skip


def tried(
    before: str, after: str, *, drive: Drive | None = None, outside: str = ""
) -> tuple[Drive, migration.Migration]:
    """Start on one version (or take a drive), and try to move to the other."""
    running = drive or Drive(draw(before, outside=outside), people=["x", "y", "z"])
    return running, migrate(running.model, draw(after, outside=outside), running.step.state, running.host)


def moved(running: Drive, found: migration.Migration, model: ProcessModel) -> Drive:
    """Go on driving on the new version."""
    assert found.obstacles == ()
    assert found.step is not None
    running.model, running.step = model, found.step
    return running


def go_on(before: str, after: str, *elements: str, outside: str = "") -> str:
    running, found = tried(before, after, outside=outside)
    running = moved(running, found, draw(after, outside=outside))
    for element in elements:
        running.complete(element)
    return running.ended


@pytest.mark.parametrize(("what", "after", "steps"), [
    ("a step added after", start() + user("a") + user("n") + user("b") + end() + flows("s > a > n > b > e"), "a n b"),
    ("a step added before", start() + user("n") + user("a") + user("b") + end() + flows("s > n > a > b > e"), "a b"),
    ("the next step gone", start() + user("a") + end() + flows("s > a > e"), "a"),
    ("the waiting step renamed", BASE.replace('name="a"', 'name="填报"'), "a b"),
    ("another role", start() + user("a", '<zeebe:assignmentDefinition candidateGroups="x"/>') + user("b") + end()
     + flows("s > a > b > e"), "a b"),
    ("a way back", start() + node("exclusiveGateway", "g") + user("a") + user("b") + end()
     + flows("s > g > a > b > e"), "a b"),
    ("a boundary on a later step", start() + user("a") + user("b") + boundary("t", "b", timer("timeDuration", "P5D"))
     + end() + end("e2") + flows("s > a > b > e", "t > e2"), "a b"),
])  # fmt: skip
def test_what_lies_before_or_after_the_token_may_be_redrawn(what: str, after: str, steps: str) -> None:
    assert go_on(BASE, after, *steps.split()) == "completed e", what


@pytest.mark.parametrize(("what", "before", "after", "why"), [
    ("the waiting step gone", BASE, start() + user("b") + end() + flows("s > b > e"), migration.ELEMENT_GONE),
    ("the waiting step of another kind", BASE, BASE.replace("userTask", "manualTask"), migration.ELEMENT_CHANGED),
    ("a boundary more on it", start() + user("a") + end() + flows("s > a > e"), TIMED, migration.BOUNDARY_CHANGED),
    ("a boundary less on it", TIMED, start() + user("a") + end() + flows("s > a > e"), migration.BOUNDARY_CHANGED),
    ("another boundary on it", TIMED, TIMED.replace('"t"', '"u"').replace("t-r", "u-r"), migration.BOUNDARY_CHANGED),
    ("one becomes many", BASE, MANY, migration.ELEMENT_CHANGED),
    ("the collection of a running loop", MANY, MANY.replace("=people", "=persons"), migration.LOOP_CHANGED),
    ("many become one", MANY, start() + user("a") + end() + flows("s > a > e"), migration.ELEMENT_CHANGED),
    ("the sub-process gone", INNER, start() + user("a") + end() + flows("s > a > e"), migration.ELEMENT_GONE),
    ("another event behind the gateway", GATE, GATE.replace("c2", "c3"), migration.EVENTS_CHANGED),
])  # fmt: skip
def test_what_would_strand_a_token_is_refused_with_the_reason(what: str, before: str, after: str, why: str) -> None:
    running, found = tried(before, after)
    state = running.step.state
    assert found.step is None, what
    assert why in {one.message for one in found.obstacles}
    assert all(one.element_id for one in found.obstacles)
    assert running.step.state == state
    assert running.open == Drive(draw(before), people=["x", "y", "z"]).open


def test_a_join_with_a_token_keeps_its_flows() -> None:
    running = Drive(draw(PARALLEL)).complete("a")
    third = PARALLEL + user("c") + flow("split", "c") + flow("c", "join")
    _, found = tried(PARALLEL, third, drive=running)
    assert [one.message for one in found.obstacles] == [migration.JOIN_CHANGED]
    later = PARALLEL.replace(end(), user("n") + end()).replace('sourceRef="join" targetRef="e"', "").replace(
        '<bpmn:sequenceFlow id="join-e" ></bpmn:sequenceFlow>', flows("join > n > e")
    )  # fmt: skip
    _, found = tried(PARALLEL, later, drive=running)
    assert moved(running, found, draw(later)).complete("b").complete("n").ended == "completed e"


def test_a_token_in_a_sub_process_moves_with_its_step() -> None:
    after = INNER.replace(end("ie"), user("n") + end("ie")).replace(flows("a > ie"), flows("a > n > ie"))
    assert go_on(INNER, after, "a", "n") == "completed e"


def test_a_loop_in_flight_goes_on_where_it_was() -> None:
    running = Drive(draw(MANY), people=["x", "y", "z"]).complete("a")
    after = MANY.replace(end(), user("n") + end()).replace(flows("a > e"), flows("a > n > e"))
    _, found = tried(MANY, after, drive=running)
    running = moved(running, found, draw(after))
    assert running.open == ["a", "a"]
    assert running.complete("a").complete("a").complete("n").ended == "completed e"


def test_a_timer_counts_from_when_it_began() -> None:
    running = Drive(draw(TIMED))
    began = running.host.now
    running.host.now = began + timedelta(days=2)
    longer = TIMED.replace("P5D", "P8D")
    _, found = tried(TIMED, longer, drive=running)
    (effect,) = [one for one in found.effects if one.kind == "timer"]
    assert effect.changes == (("due", began + timedelta(days=5), began + timedelta(days=8)),)
    running = moved(running, found, draw(longer))
    assert running.due("t") == began + timedelta(days=8)
    assert running.fire("t").open == ["a", "r"]


def test_a_timer_that_did_not_change_keeps_its_moment() -> None:
    running = Drive(draw(TIMED))
    due = running.due("t")
    running.host.now += timedelta(days=2)
    renamed = TIMED.replace('name="a"', 'name="填报"')
    _, found = tried(TIMED, renamed, drive=running)
    assert moved(running, found, draw(renamed)).due("t") == due


def test_a_reminder_that_fired_does_not_fire_again() -> None:
    running = Drive(draw(TIMED)).fire("t")
    renamed = TIMED.replace('name="a"', 'name="填报"')
    _, found = tried(TIMED, renamed, drive=running)
    running = moved(running, found, draw(renamed))
    assert running.due("t") is None
    assert running.open == ["a", "r"]


def test_another_message_is_waited_for_afterwards() -> None:
    one, other = (message(name).replace(f'id="{name}"', 'id="m"') for name in ("a.b", "a.c"))
    running = Drive(draw(WAITS, outside=one))
    found = migrate(running.model, draw(WAITS, outside=other), running.step.state, running.host)
    (effect,) = found.effects
    assert (effect.kind, effect.changes) == ("message", (("message", "a.b", "a.c"),))
    running = moved(running, found, draw(WAITS, outside=other))
    assert [wait.name for wait in running.waits.subscriptions.values()] == ["a.c"]
    assert running.deliver("a").ended == "completed e"


def test_a_call_under_way_comes_back_into_the_new_version() -> None:
    said = '<zeebe:calledElement processId="p2"/>'
    before = start() + node("callActivity", "a", "", said) + end() + flows("s > a > e")
    after = start() + node("callActivity", "a", "", said) + user("n") + end() + flows("s > a > n > e")
    running = Drive(draw(before))
    _, found = tried(before, after, drive=running)
    running = moved(running, found, draw(after))
    assert running.returned("a").open == ["n"]


def test_the_effects_say_what_changes_on_each_task() -> None:
    said = '<zeebe:assignmentDefinition candidateGroups="{}"/><zeebe:formDefinition formId="{}"/>'
    before = start() + user("a", said.format("x", "f1")) + end() + flows("s > a > e")
    after = start() + user("a", said.format("x,y", "f2")) + end() + flows("s > a > e")
    _, found = tried(before, after)
    (effect,) = found.effects
    assert (effect.kind, effect.element_id) == ("task", "a")
    assert effect.changes == (("roles", ("x",), ("x", "y")), ("form", "f1", "f2"))


def test_nothing_runs_and_the_old_state_is_not_touched() -> None:
    after = start() + node("serviceTask", "op", "", '<zeebe:taskDefinition type="x.y"/>') + user("a") + end()
    after += flows("s > op > a > e")
    running, found = tried(BASE, after)
    assert found.step is not None
    assert [entry.event for entry in found.step.history] == ["migrated"]
    assert found.step.thrown == ()
    assert running.step.state != ""


def test_an_expression_that_fails_in_the_new_version_is_an_obstacle() -> None:
    said = '<zeebe:assignmentDefinition candidateGroups="=nobody.knows"/>'
    after = start() + user("a", said) + user("b") + end() + flows("s > a > b > e")
    _, found = tried(BASE, after)
    assert [(one.element_id, one.message) for one in found.obstacles] == [("a", migration.NOT_EVALUATED)]


def test_an_instance_that_has_ended_cannot_move() -> None:
    running = Drive(draw(BASE)).complete("a").complete("b")
    assert [one.message for one in tried(BASE, BASE, drive=running)[1].obstacles] == [migration.NOT_RUNNING]
