"""Messages, signals, event gateways: thrown to the host, caught by key."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.engine.failures import ExpressionFailed
from tests.unit.engine.drawing import (
    NOON,
    StandIn,
    boundary,
    draw,
    end,
    flows,
    loop,
    mapping,
    message,
    node,
    start,
    timer,
    user,
)
from tests.unit.engine.driving import Drive, thrown

OPINION = message("opinion", "=project_no")
RECEIVE = '<bpmn:messageEventDefinition messageRef="opinion"/>'
SIGNAL = '<bpmn:signal id="sig" name="freeze"/>'
HEAR = '<bpmn:signalEventDefinition signalRef="sig"/>'


def test_a_message_waits_under_its_key_and_brings_its_payload() -> None:
    model = draw(
        start() + node("intermediateCatchEvent", "m", RECEIVE) + user("a") + end() + flows("s > m > a > e"),
        outside=OPINION,
    )
    run = Drive(model, project_no="P7")
    (wait,) = run.waits.subscriptions.values()
    assert (wait.kind, wait.name, wait.correlation_key) == ("message", "opinion", "P7")
    run.deliver("m", agreed=True)
    assert (run.open, run.variables) == (["a"], {"project_no": "P7", "agreed": True})


def test_the_key_is_evaluated_once_on_entering_and_must_exist() -> None:
    model = draw(start() + node("receiveTask", "m", messageRef="opinion") + end() + flows("s > m > e"), outside=OPINION)
    with pytest.raises(ExpressionFailed) as caught:
        Drive(model, project_no=None)
    assert caught.value.element_id == "m"
    run = Drive(model, project_no=12)
    assert [wait.correlation_key for wait in run.waits.subscriptions.values()] == ["12"]
    assert run.deliver("m").ended == "completed e"


def test_an_output_mapping_takes_only_what_it_names_from_the_payload() -> None:
    said = mapping(outputs={"opinion_ok": "=agreed"})
    model = draw(
        start() + node("intermediateCatchEvent", "m", RECEIVE, said) + user("a") + end() + flows("s > m > a > e"),
        outside=OPINION,
    )
    run = Drive(model, project_no="P7").deliver("m", agreed=True, noise=1)
    assert run.variables == {"project_no": "P7", "opinion_ok": True}


def test_throwing_names_key_and_payload() -> None:
    said = mapping(inputs={"title": "=name"})
    model = draw(
        start()
        + node("sendTask", "send", extensions=said, messageRef="opinion")
        + node("intermediateThrowEvent", "cry", HEAR)
        + end("e", RECEIVE)
        + flows("s > send > cry > e"),
        outside=OPINION + SIGNAL,
    )
    run = Drive(model, project_no="P7", name="平台", secret=1)
    assert run.ended == "completed e"
    assert thrown(run.step) == [
        ("message", "opinion", "P7", {"title": "平台"}),
        ("signal", "freeze", "", {}),
        ("message", "opinion", "P7", {}),
    ]


def test_a_signal_end_event_is_thrown() -> None:
    run = Drive(draw(start() + end("e", HEAR) + flows("s > e"), outside=SIGNAL))
    assert (run.ended, thrown(run.step)) == ("completed e", [("signal", "freeze", "", {})])


def test_an_interrupting_message_takes_the_task_back() -> None:
    model = draw(
        start() + user("a") + user("b") + boundary("back", "b", RECEIVE) + end() + flows("s > a > b > e", "back > a"),
        outside=OPINION,
    )
    run = Drive(model, project_no="P7").complete("a")
    run.deliver("back")
    assert (run.open, run.waits.subscriptions) == (["a"], {})
    assert run.complete("a").complete("b").ended == "completed e"


def test_a_non_interrupting_message_is_caught_again_and_again_under_one_key() -> None:
    model = draw(
        start()
        + user("a")
        + boundary("more", "a", RECEIVE, interrupting=False)
        + user("extra")
        + end()
        + end("f")
        + flows("s > a > e", "more > extra > f"),
        outside=OPINION,
    )
    run = Drive(model, project_no="P7")
    key = next(iter(run.waits.subscriptions))
    for count in range(1, 4):
        run.deliver("more", n=count)
        assert (run.open, list(run.waits.subscriptions)) == (["a", *["extra"] * count], [key])
    run.complete("a")
    assert (run.open, run.waits.subscriptions) == (["extra"] * 3, {})
    run.complete("extra").complete("extra")
    assert run.open == ["extra"]
    assert run.complete("extra").ended == "completed f"


@pytest.mark.parametrize("fired", ["short", "long", "m", "sig1"])
def test_an_event_gateway_takes_the_first_of_its_events(fired: str) -> None:
    model = draw(
        start()
        + node("eventBasedGateway", "g")
        + node("intermediateCatchEvent", "short", timer("timeDuration", "P1D"))
        + node("intermediateCatchEvent", "long", timer("timeDuration", "P9D"))
        + node("intermediateCatchEvent", "m", RECEIVE)
        + node("intermediateCatchEvent", "sig1", HEAR)
        + "".join(end(f"e_{name}") for name in ("short", "long", "m", "sig1"))
        + flows("s > g > short > e_short", "g > long > e_long", "g > m > e_m", "g > sig1 > e_sig1"),
        outside=OPINION + SIGNAL,
    )
    run = Drive(model, project_no="P7")
    assert (run.due("short"), run.due("long")) == (NOON + timedelta(days=1), NOON + timedelta(days=9))
    if fired in ("short", "long"):
        run.fire(fired)
    else:
        run.deliver(fired, got=1)
        assert run.variables["got"] == 1
    assert run.ended == f"completed e_{fired}"


def test_message_and_signal_starts() -> None:
    model = draw(
        start()
        + start("ms", RECEIVE)
        + start("ss", HEAR)
        + start("ts", timer("timeCycle", "R/P1Y"))
        + user("a")
        + end()
        + flows("s > a > e", "ms > e", "ss > e", "ts > e"),
        outside=OPINION + SIGNAL,
    )
    assert (model.message_starts, model.signal_starts) == ({"opinion": "ms"}, {"freeze": "ss"})
    assert model.timer_starts == {"ts": "R/P1Y"}
    assert Drive(model).open == ["a"]
    assert Drive(model, at="ms").path == ["ms", "e"]
    with pytest.raises(KeyError):
        Drive(model, at="nowhere")


def test_the_only_start_is_taken_when_none_is_named() -> None:
    model = draw(start("ms", RECEIVE) + user("a") + end() + flows("ms > a > e"), outside=OPINION)
    assert Drive(model).open == ["a"]


def test_an_escalation_can_leave_the_sub_process_running() -> None:
    escalation = '<bpmn:escalation id="esc" name="督办" escalationCode="ESC"/>'
    raised = '<bpmn:escalationEventDefinition escalationRef="esc"/>'
    inner = (
        start("is")
        + node("intermediateThrowEvent", "raise", raised)
        + user("ia")
        + end("ie")
        + flows("is > raise > ia > ie")
    )
    body = (
        start()
        + node("subProcess", "sub", inner)
        + boundary("up", "sub", raised, interrupting=False)
        + user("chase")
        + end()
        + end("f")
        + flows("s > sub > e", "up > chase > f")
    )
    run = Drive(draw(body, outside=escalation))
    assert run.open == ["chase", "ia"]
    assert run.complete("ia").complete("chase").ended == "completed f"
    interrupting = body.replace('cancelActivity="false"', 'cancelActivity="true"')
    assert Drive(draw(interrupting, outside=escalation)).open == ["chase"]


def test_a_message_for_each_of_a_list() -> None:
    inside = loop("=items", "project_no")
    said = mapping(inputs={"project_no": "=project_no"})
    model = draw(
        start() + node("sendTask", "send", inside, said, messageRef="opinion") + end() + flows("s > send > e"),
        outside=OPINION,
    )
    run = Drive(model, items=["P1", "P2"])
    assert thrown(run.step) == [("message", "opinion", no, {"project_no": no}) for no in ("P1", "P2")]
    assert run.variables == {"items": ["P1", "P2"]}


def test_a_send_task_without_a_message_runs_its_operation() -> None:
    said = '<zeebe:taskDefinition type="notice"/>'
    host = StandIn(operations={"notice": lambda *_: {"sent": True}})
    run = Drive(draw(start() + node("sendTask", "n", extensions=said) + end() + flows("s > n > e")), host)
    assert (run.ended, run.variables) == ("completed e", {"sent": True})
