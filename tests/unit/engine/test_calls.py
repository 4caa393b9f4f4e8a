"""Call activities: the called process is an instance of its own that someone else starts."""

from __future__ import annotations

import pytest

from app.engine import runtime
from app.engine.failures import ExpressionFailed
from app.errors import Sentence
from tests.unit.engine.drawing import boundary, draw, end, flows, loop, mapping, node, start, timer, user
from tests.unit.engine.driving import Drive


def call(said: str, extensions: str = "", inside: str = "") -> str:
    return node("callActivity", "c", inside, f"<zeebe:calledElement {said}/>{extensions}")


def test_a_call_hands_over_and_takes_back_what_its_mapping_names() -> None:
    said = mapping(inputs={"no": "=project_no"}, outputs={"passed": "=result = &#34;ok&#34;"})
    model = draw(
        start()
        + call('processId="p02_review" bindingType="versionTag" versionTag="2"', said)
        + end()
        + flows("s > c > e")
    )
    assert model.called == {"p02_review"}
    run = Drive(model, project_no="P7", secret=1)
    (wait,) = run.waits.calls.values()
    assert (wait.process_id, wait.binding, wait.version_tag, wait.inputs) == (
        "p02_review",
        "versionTag",
        "2",
        {"no": "P7"},
    )
    run.returned("c", result="ok", noise=2)
    assert (run.ended, run.variables) == ("completed e", {"project_no": "P7", "secret": 1, "passed": True})


def test_without_a_mapping_everything_goes_over_and_comes_back() -> None:
    run = Drive(draw(start() + call('processId="=next"') + end() + flows("s > c > e")), next="p04_budget", x=1)
    (wait,) = run.waits.calls.values()
    assert (wait.process_id, wait.binding, wait.inputs) == ("p04_budget", "latest", {"next": "p04_budget", "x": 1})
    assert run.returned("c", x=2).variables == {"next": "p04_budget", "x": 2}


def test_child_variables_can_be_kept_out() -> None:
    model = draw(start() + call('processId="q" propagateAllChildVariables="false"') + end() + flows("s > c > e"))
    assert Drive(model, x=1).returned("c", x=2).variables == {"x": 1}


def test_a_call_must_name_a_process() -> None:
    with pytest.raises(ExpressionFailed, match="无法继续"):
        Drive(draw(start() + call('processId="=next"') + end() + flows("s > c > e")), next=None)


def test_one_call_for_each_of_a_list() -> None:
    inside = loop("=units", "unit", into=("results", "=verdict"))
    model = draw(
        start() + call('processId="q"', mapping(inputs={"unit_id": "=unit.id"}), inside) + end() + flows("s > c > e")
    )
    run = Drive(model, units=[{"id": 1}, {"id": 2}, {"id": 3}])
    assert [wait.inputs["unit_id"] for wait in run.waits.calls.values()] == [1, 2, 3]
    run.returned("c", nth=1, verdict="b").returned("c", nth=1, verdict="c")
    assert "results" not in run.variables
    run.returned("c", verdict="a")
    assert (run.ended, run.variables["results"]) == ("completed e", ["a", "b", "c"])


def test_a_call_that_is_interrupted_is_waited_for_no_longer() -> None:
    model = draw(
        start()
        + call('processId="q"')
        + boundary("late", "c", timer("timeDuration", "P1D"))
        + user("a")
        + end()
        + flows("s > c > e", "late > a > e")
    )
    run = Drive(model)
    (key,) = run.waits.calls
    run.fire("late")
    assert (run.open, run.waits.calls) == (["a"], {})
    with pytest.raises(KeyError):
        runtime.call_finished(run.model, run.step.state, key, run.host, outputs={})


ERROR = '<bpmn:error id="E1" name="失败" errorCode="E1"/>'


def test_an_error_of_the_called_process_is_caught_on_the_call() -> None:
    caught = boundary("caught", "c", '<bpmn:errorEventDefinition errorRef="E1"/>')
    model = draw(
        start() + call('processId="q"') + caught + end() + end("f") + flows("s > c > e", "caught > f"), outside=ERROR
    )
    assert Drive(model).failed("c", "E1").ended == "completed f"


def test_an_error_that_nothing_catches_is_an_incident_and_a_retry_calls_again() -> None:
    run = Drive(draw(start() + call('processId="q"') + end() + flows("s > c > e")))
    keys = list(run.waits.calls)
    run.failed("c", "E9")
    (incident,) = run.waits.incidents.values()
    assert (run.waits.calls, incident.element_id) == ({}, "c")
    assert "“E9”" in Sentence.read(incident.error)
    run.retry("c")
    assert (list(run.waits.calls), run.waits.incidents) == (keys, {})
    assert run.returned("c").ended == "completed e"


def test_outputs_are_kept_while_their_mapping_fails() -> None:
    said = mapping(outputs={"amount": "=total + extra"})
    run = Drive(draw(start() + call('processId="q"', said) + end() + flows("s > c > e")))
    run.returned("c", total=5)
    (incident,) = run.waits.incidents.values()
    assert "extra" in Sentence.read(incident.error)
    assert run.waits.calls == {}
