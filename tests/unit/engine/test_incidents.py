"""Incidents: what fails where nobody is there to read it, and how it is tried again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.engine import runtime
from app.engine.failures import ExpressionFailed, OperationFailed
from app.errors import Refused, Sentence
from tests.unit.engine.drawing import (
    NOON,
    StandIn,
    boundary,
    draw,
    end,
    flow,
    flows,
    mapping,
    message,
    node,
    start,
    timer,
    user,
)
from tests.unit.engine.driving import Drive

AFTER_A_DAY = start() + node("intermediateCatchEvent", "t", timer("timeDuration", "P1D"))


def test_a_timer_leaves_an_incident_on_the_gateway_and_a_retry_goes_on() -> None:
    model = draw(
        AFTER_A_DAY
        + node("exclusiveGateway", "g", default="g-f", name="金额分档")
        + end()
        + end("f")
        + flows("s > t > g")
        + flow("g", "e", "=project.amount &gt; 5")
        + flow("g", "f")
    )
    host = StandIn(known={"project": {"amount": None}})
    run = Drive(model, host).fire("t")
    (incident,) = run.waits.incidents.values()
    assert (incident.element_id, incident.name) == ("g", "金额分档")
    assert "金额分档" in incident.error
    assert [entry.event for entry in run.step.history if entry.element_id == "g"] == ["failed"]
    run.retry("g")
    assert len(run.waits.incidents) == 1
    host.known = {"project": {"amount": 7}}
    assert run.retry("g").ended == "completed e"


def test_what_follows_a_message_a_call_and_an_arming_leaves_incidents_too() -> None:
    script = node("scriptTask", "x", extensions='<zeebe:script expression="=missing" resultVariable="y"/>')
    receive = node("receiveTask", "m", messageRef="m")
    run = Drive(draw(start() + receive + script + end() + flows("s > m > x > e"), outside=message("m", "=1")))
    assert [wait.element_id for wait in run.deliver("m").waits.incidents.values()] == ["x"]
    call = node("callActivity", "c", extensions='<zeebe:calledElement processId="q"/>')
    task = user("a") + boundary("late", "a", timer("timeDate", "=missing"))
    run = Drive(draw(start() + call + task + end() + end("f") + flows("s > c > a > e", "late > f"))).returned("c")
    assert [wait.element_id for wait in run.waits.incidents.values()] == ["late"]
    assert run.open == ["a"]
    assert run.complete("a").ended == "completed e"


def test_a_user_task_that_cannot_be_entered_is_an_incident_and_no_open_task() -> None:
    said = '<zeebe:assignmentDefinition assignee="=missing"/>'
    run = Drive(draw(AFTER_A_DAY + user("a", said) + end() + flows("s > t > a > e"))).fire("t")
    assert ([wait.element_id for wait in run.waits.incidents.values()], run.open) == (["a"], [])
    key = next(iter(run.waits.incidents))
    with pytest.raises(KeyError):
        runtime.complete_user_task(run.model, run.step.state, key, run.host, answers={}, routing={})


def service(outputs: dict[str, str] | None = None) -> str:
    said = '<zeebe:taskDefinition type="send"/>' + (mapping(outputs=outputs) if outputs else "")
    return start() + user("a") + node("serviceTask", "t", extensions=said) + end() + flows("s > a > t > e")


def test_a_broken_operation_is_an_incident_even_while_a_person_waits() -> None:
    calls: list[int] = []

    def flaky(*_: object) -> dict[str, object]:
        calls.append(1)
        if len(calls) == 1:
            raise OSError("线路中断")
        return {}

    run = Drive(draw(service()), StandIn(operations={"send": flaky})).complete("a")
    (incident,) = run.waits.incidents.values()
    assert incident.element_id == "t"
    assert "OSError: 线路中断" in Sentence.read(incident.error)
    assert run.retry("t").ended == "completed e"
    assert len(calls) == 2


def test_an_operation_that_is_refused_is_told_to_the_person() -> None:
    def refuse(*_: object) -> dict[str, object]:
        raise Refused("项目已冻结。")

    run = Drive(draw(service()), StandIn(operations={"send": refuse}))
    with pytest.raises(Refused) as caught:
        run.complete("a")
    assert caught.value.message == "项目已冻结。"
    assert run.open == ["a"]


def test_an_operation_is_not_repeated_when_only_its_mapping_failed() -> None:
    calls: list[int] = []
    host = StandIn(operations={"send": lambda *_: calls.append(1) or {"no": 7}}, known={"project": {}})
    model = draw(
        AFTER_A_DAY
        + node(
            "serviceTask",
            "x",
            extensions='<zeebe:taskDefinition type="send"/>' + mapping(outputs={"y": "=no + project.base"}),
        )
        + end()
        + flows("s > t > x > e")
    )
    run = Drive(model, host).fire("t")
    assert len(run.waits.incidents) == 1
    host.known = {"project": {"base": 1}}
    run.retry("x")
    assert (run.ended, run.variables["y"], calls) == ("completed e", 8, [1])


def test_a_start_that_nobody_asked_for_leaves_an_incident() -> None:
    model = draw(start() + user("a", '<zeebe:assignmentDefinition assignee="=missing"/>') + end() + flows("s > a > e"))
    with pytest.raises(ExpressionFailed):
        runtime.start(model, {}, StandIn())
    step = runtime.start(model, {}, StandIn(), raising=False)
    assert [wait.element_id for wait in step.after.incidents.values()] == ["a"]


def test_an_incident_on_a_task_does_not_stop_its_boundary() -> None:
    model = draw(
        AFTER_A_DAY
        + node("serviceTask", "x", extensions='<zeebe:taskDefinition type="send"/>')
        + boundary("late", "x", timer("timeDuration", "P2D"))
        + end()
        + end("f")
        + flows("s > t > x > e", "late > f")
    )

    def broken(*_: object) -> dict[str, object]:
        raise OSError

    run = Drive(model, StandIn(operations={"send": broken})).fire("t")
    assert len(run.waits.incidents) == 1
    assert run.fire("late").ended == "completed f"


def test_a_decision_and_what_can_be_wrong_with_it() -> None:
    said = '<zeebe:calledDecision decisionId="level" resultVariable="level"/>'
    model = draw(start() + node("businessRuleTask", "d", extensions=said) + user("a") + end() + flows("s > d > a > e"))
    assert model.decisions == {"level"}
    table = Path(__file__).parent / "level.dmn"
    host = StandIn(decisions={"level": table.read_text(encoding="utf-8")}, known={"project": {"amount": 3_000_000}})
    assert Drive(model, host).variables == {"level": "joint"}
    with pytest.raises(ExpressionFailed) as caught:
        Drive(model, StandIn())
    assert "没有决策表“level”" in caught.value.reason
    with pytest.raises(ExpressionFailed):
        Drive(model, StandIn(decisions={"level": "<nothing/>"}))
    with pytest.raises(ExpressionFailed):
        Drive(model, StandIn(decisions=host.decisions, known={"project": {}}))


def test_an_operation_failed_says_so() -> None:
    assert OperationFailed.leaves_incident
    assert not ExpressionFailed.leaves_incident


def test_a_boundary_whose_mapping_fails_is_retried_after_it_has_interrupted() -> None:
    said = mapping(outputs={"y": "=project.base + 1"})
    model = draw(
        start()
        + user("a")
        + boundary("late", "a", timer("timeDuration", "P1D"), extensions=said)
        + boundary("remind", "a", timer("timeCycle", "R/PT1H"), interrupting=False)
        + user("b")
        + end()
        + end("f")
        + flows("s > a > e", "late > b > f", "remind > f")
    )
    host = StandIn(known={"project": {}})
    run = Drive(model, host).fire("late")
    assert ([wait.element_id for wait in run.waits.incidents.values()], run.open) == (["late"], [])
    assert run.waits.timers == {}
    host.known = {"project": {"base": 1}}
    assert run.retry("late").open == ["b"]
    assert (run.complete("b").ended, run.variables) == ("completed f", {"y": 2})


def test_a_ledger_that_cannot_be_read_leaves_the_person_her_task() -> None:
    due = '<zeebe:taskSchedule dueDate="=deadline.plan.due"/>'
    late = boundary("late", "a", timer("timeDate", "=deadline.plan.fires_at"))
    host = StandIn(known={"deadline": {"plan": {"due": NOON, "fires_at": NOON}}})
    run = Drive(draw(start() + user("a", due) + late + end() + end("f") + flows("s > a > e", "late > f")), host)
    host.known = {"deadline": {"plan": {"due": 5, "fires_at": 5}}}
    run.refresh()
    assert sorted(wait.element_id for wait in run.waits.incidents.values()) == ["a", "late"]
    assert (run.open, run.waits.timers) == (["a"], {})
    (wait,) = run.waits.user_tasks.values()
    assert wait.due_at == NOON
    run.retry("a")
    assert len(run.waits.incidents) == 2
    host.known = {"deadline": {"plan": {"due": NOON + timedelta(days=1), "fires_at": NOON + timedelta(days=2)}}}
    run.retry("a").retry("late")
    (wait,) = run.waits.user_tasks.values()
    assert (wait.due_at, run.due("late")) == (NOON + timedelta(days=1), NOON + timedelta(days=2))
    assert run.waits.incidents == {}
    assert run.complete("a").ended == "completed e"


def test_a_refusal_is_an_incident_where_nobody_waits() -> None:
    def refuse(*_: object) -> dict[str, object]:
        raise Refused("项目“%(no)s”已冻结。", no="P7")

    said = '<zeebe:taskDefinition type="send"/>'
    model = draw(AFTER_A_DAY + node("serviceTask", "x", extensions=said) + end() + flows("s > t > x > e"))
    run = Drive(model, StandIn(operations={"send": refuse})).fire("t")
    (incident,) = run.waits.incidents.values()
    assert Sentence.read(incident.error) == "环节“x”无法继续：项目“P7”已冻结。"
    with pytest.raises(KeyError):
        runtime.retry(run.model, run.step.state, "0" * 32, run.host)


def test_an_instance_with_an_incident_can_be_ended() -> None:
    run = Drive(draw(service()), StandIn(operations={})).complete("a")
    assert len(run.waits.incidents) == 1
    step = runtime.terminate(run.model, run.step.state, run.host)
    assert (step.status, step.after.incidents) == ("terminated", {})
