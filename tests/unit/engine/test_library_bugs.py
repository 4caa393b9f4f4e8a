"""Bugs B1 to B23 of SpiffWorkflow 3.2.0: ours does the right thing, and a twin shows that the library still does not.

When a twin fails after an upgrade, the library has mended the bug, and our work-around may go.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from SpiffWorkflow.bpmn.exceptions import WorkflowDataException
from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import TaskDataEnvironment
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.clock import wall_now
from app.engine import runtime, state
from app.engine.failures import ExpressionFailed, NoMatchingFlow, StateUnreadable
from app.engine.step import BpmnError
from app.engine.workflow import NoScripts
from app.errors import DiagramNotExecutable, Sentence
from tests.unit.engine import bare
from tests.unit.engine.bare import MENDED
from tests.unit.engine.drawing import (
    NOON,
    StandIn,
    boundary,
    draw,
    end,
    flow,
    flows,
    loop,
    message,
    node,
    start,
    timer,
    user,
)
from tests.unit.engine.driving import Drive, thrown

MESSAGE = message("m", "=1")
RECEIVE = '<bpmn:messageEventDefinition messageRef="m"/>'
SIGNAL = '<bpmn:signal id="sig" name="freeze"/>'
HEAR = '<bpmn:signalEventDefinition signalRef="sig"/>'
ERROR = '<bpmn:error id="E1" name="E1" errorCode="E1"/>'
RAISE = '<bpmn:errorEventDefinition errorRef="E1"/>'


def b1(again: str) -> str:
    return (
        start()
        + user("first")
        + node("parallelGateway", "split")
        + user("a")
        + user("b")
        + node("parallelGateway", "join")
        + user("check")
        + node("exclusiveGateway", "ok", default="ok-e")
        + end()
        + flows("s > first > split > a > join", "split > b > join > check > ok")
        + flow("ok", "first", again)
        + flow("ok", "e")
    )


def test_b1_a_join_in_a_loop_waits_for_both_in_every_round() -> None:
    run = Drive(draw(b1("=again")))
    for again, one, other in ((True, "a", "b"), (True, "b", "a"), (False, "a", "b")):
        run.complete("first").complete(one)
        assert run.open == [other]
        run.complete(other)
        assert run.open == ["check"]
        run.complete("check", again=again)
    assert run.ended == "completed e"


def test_b1_bare() -> None:
    workflow = bare.begin(b1("again"))
    for element in ("first", "a", "b"):
        bare.complete(workflow, element)
    bare.complete(workflow, "check", again=True)
    bare.complete(workflow, "first")
    bare.complete(workflow, "b")
    assert bare.ready(workflow) == ["a", "check"], MENDED


def b2(due: str) -> str:
    return (
        start()
        + user("a")
        + user("b")
        + boundary("late", "b", timer("timeDuration", due))
        + boundary("back", "b", RECEIVE)
        + end()
        + end("f")
        + flows("s > a > b > e", "late > f", "back > a")
    )


def test_b2_going_back_takes_the_old_timers_along() -> None:
    run = Drive(draw(b2("P1D"), outside=MESSAGE)).complete("a")
    (old,) = run.waits.timers
    run.deliver("back")
    assert run.waits.timers == {}
    run.complete("a")
    assert (len(run.waits.timers), old in run.waits.timers) == (1, False)


def test_b2_bare() -> None:
    workflow = bare.complete(bare.begin(b2('"P1D"'), MESSAGE), "a")
    first = next(task for task in workflow.get_tasks() if task.task_spec.bpmn_id == "a")
    workflow.reset_from_task_id(first.id)
    with pytest.raises(AttributeError):
        bare.settle(workflow)


def b3(*, ours: bool) -> str:
    inside = (
        loop("=members", "member", sequential=True)
        if ours
        else '<bpmn:multiInstanceLoopCharacteristics isSequential="true">'
        "<bpmn:loopDataInputRef>members</bpmn:loopDataInputRef>"
        '<bpmn:inputDataItem id="member"/></bpmn:multiInstanceLoopCharacteristics>'
    )
    return start() + user("a", inside=inside) + end() + flows("s > a > e")


def test_b3_the_second_of_a_sequence() -> None:
    run = Drive(draw(b3(ours=True)), members=[1, 2])
    assert run.complete("a").complete("a").ended == "completed e"


def test_b3_bare() -> None:
    workflow = bare.begin(b3(ours=False), members=[1, 2])
    with pytest.raises(WorkflowDataException, match="already exists"):
        bare.complete(workflow, "a")


def b4(short: str, long: str) -> str:
    return (
        start()
        + node("eventBasedGateway", "g")
        + node("intermediateCatchEvent", "short", timer("timeDuration", short))
        + node("intermediateCatchEvent", "long", timer("timeDuration", long))
        + user("a")
        + user("b")
        + end()
        + flows("s > g > long > b > e", "g > short > a > e")
    )


def test_b4_two_timers_behind_one_event_gateway() -> None:
    run = Drive(draw(b4("P1D", "P9D")))
    assert run.due("short") != run.due("long")
    assert run.fire("short").open == ["a"]


def test_b4_bare() -> None:
    workflow = bare.begin(b4('"PT0.01S"', '"P9D"'))
    time.sleep(0.02)
    bare.settle(workflow)
    assert bare.ready(workflow) == [], MENDED


B5 = (
    start()
    + user("a")
    + boundary("more", "a", RECEIVE, interrupting=False)
    + user("extra")
    + end()
    + end("f")
    + flows("s > a > e", "more > extra > f")
)


def test_b5_a_non_interrupting_message_is_caught_every_time() -> None:
    run = Drive(draw(B5, outside=MESSAGE)).deliver("more").deliver("more")
    assert run.open == ["a", "extra", "extra"]


def test_b5_bare() -> None:
    workflow = bare.send(bare.send(bare.begin(B5, MESSAGE), "more"), "more")
    assert bare.ready(workflow) == ["a", "extra"], MENDED


B6 = start() + end("e", HEAR) + flows("s > e")


def test_b6_a_signal_end_event_is_thrown() -> None:
    assert thrown(Drive(draw(B6, outside=SIGNAL)).step) == [("signal", "freeze", "", {})]


def test_b6_bare() -> None:
    workflow = bare.begin(B6, SIGNAL)
    assert (workflow.completed, workflow.get_events()) == (True, []), MENDED


def b7() -> str:
    inner = node("startEvent", "is", RECEIVE, isInterrupting="true") + user("ia") + end("ie") + flows("is > ia > ie")
    return start() + user("a") + end() + flows("s > a > e") + node("subProcess", "es", inner, triggeredByEvent="true")


def test_b7_an_event_sub_process_is_refused() -> None:
    assert Drive(draw(start() + user("a") + end() + flows("s > a > e"))).open == ["a"]
    drawn = b7() + flows("a > es")
    with pytest.raises(DiagramNotExecutable):
        draw(drawn, outside=MESSAGE)


def test_b7_an_event_sub_process_without_flows_is_refused_too() -> None:
    with pytest.raises(DiagramNotExecutable) as caught:
        draw(b7(), outside=MESSAGE)
    assert [finding.element_id for finding in caught.value.findings] == ["es"]


def test_b7_bare() -> None:
    workflow = bare.send(bare.begin(b7(), MESSAGE), "is")
    assert bare.ready(workflow) == ["a", "ia"], MENDED


def test_b8_an_instance_goes_on_after_more_than_a_thousand_steps() -> None:
    again = (
        start()
        + user("a")
        + node("exclusiveGateway", "g", default="g-a")
        + end()
        + flows("s > a > g")
        + flow("g", "e", "=done")
        + flow("g", "a")
    )
    run = Drive(draw(again))
    for _ in range(600):
        run.complete("a", done=False)
    assert run.complete("a", done=True).ended == "completed e"


def test_b8_bare_iterators_stop_at_depth_1000() -> None:
    workflow = bare.begin(start() + user("a") + end() + flows("s > a > e"))
    task = workflow.task_tree
    for _ in range(1100):
        task = Task(workflow, workflow.spec.start, task, state=TaskState.COMPLETED)
    assert len(workflow.get_tasks()) < 1100, MENDED


B9 = (
    start()
    + user("a")
    + node("parallelGateway", "split")
    + user("b")
    + user("c")
    + end()
    + flows("s > a > split > b", "split > c > e")
)


def test_b9_a_branch_that_simply_ends_does_not_keep_the_instance_open() -> None:
    run = Drive(draw(B9)).complete("a").complete("b")
    assert run.open == ["c"]
    assert run.complete("c").step.status == "completed"


def test_b9_bare() -> None:
    workflow = bare.begin(start() + user("a") + flows("s > a"))
    bare.complete(workflow, "a")
    assert not workflow.completed, MENDED


def test_b9_bare_link_and_compensation() -> None:
    linked = start() + node("intermediateThrowEvent", "x", '<bpmn:linkEventDefinition name="L"/>') + flows("s > x")
    arrives = node("intermediateCatchEvent", "y", '<bpmn:linkEventDefinition name="L"/>') + user("a") + end()
    workflow = bare.begin(linked + arrives + flows("y > a > e"))
    assert bare.ready(workflow) == [], MENDED
    compensates = node("intermediateThrowEvent", "x", "<bpmn:compensateEventDefinition/>")
    workflow = bare.begin(start() + compensates + end() + flows("s > x > e"))
    assert (workflow.completed, workflow.get_events()) == (True, []), MENDED


@pytest.mark.parametrize("kind", ["link", "compensate", "conditional"])
def test_b9_events_that_would_be_lost_are_refused(kind: str) -> None:
    event = node("intermediateThrowEvent", "x", f'<bpmn:{kind}EventDefinition name="L"/>')
    with pytest.raises(DiagramNotExecutable) as caught:
        draw(start() + event + end() + flows("s > x > e"))
    assert [finding.element_id for finding in caught.value.findings] == ["x"]


def test_b10_months_are_clamped_by_the_calendar() -> None:
    waiting = node("intermediateCatchEvent", "t", timer("timeDuration", "P6M"))
    host = StandIn(now=datetime(2025, 8, 31, 1, tzinfo=NOON.tzinfo))
    run = Drive(draw(start() + waiting + end() + flows("s > t > e")), host)
    assert run.due("t") == datetime(2026, 2, 28, 1, tzinfo=NOON.tzinfo)


def test_b10_bare() -> None:
    begin = datetime(2025, 8, 31, tzinfo=UTC)
    end_ = begin + TimerEventDefinition.get_timedelta_from_start({"months": 6}, begin)
    assert end_ == datetime(2026, 3, 3, tzinfo=UTC), MENDED


def b11(cycle: str) -> str:
    return (
        start()
        + user("a")
        + boundary("remind", "a", timer("timeCycle", cycle), interrupting=False)
        + user("extra")
        + end()
        + end("f")
        + flows("s > a > e", "remind > extra > f")
    )


def test_b11_what_was_missed_fires_once() -> None:
    run = Drive(draw(b11("R5/2026-02-01T00:00:00+08:00/P1D")))
    run.fire("remind", at=datetime(2026, 3, 1, tzinfo=NOON.tzinfo))
    assert (run.open, run.waits.timers) == (["a", "extra"], {})


def test_b11_bare() -> None:
    workflow = bare.begin(b11('"R5/2020-01-01T00:00:00+00:00/P1D"'))
    bare.settle(workflow)
    assert bare.ready(workflow).count("extra") == 5, MENDED


@pytest.mark.parametrize("cycle", ["R/PT0S", "R/P0D"])
def test_b11_a_period_of_nothing_is_refused(cycle: str) -> None:
    with pytest.raises(ExpressionFailed, match="无法继续"):
        Drive(draw(b11(cycle)))


ONE_TASK = start() + user("a") + user("b") + end() + flows("s > a > b > e")


def test_b12_the_order_of_keys_in_the_text_does_not_matter() -> None:
    run = Drive(draw(ONE_TASK), z=1, a={"y": 1, "b": 2}).complete("a", m=3)
    mixed = json.dumps(json.loads(run.step.state), sort_keys=True)
    assert runtime.waits(run.model, mixed, run.host) == run.waits
    loaded = state.load(run.model, mixed)
    assert loaded.data == {"z": 1, "a": {"y": 1, "b": 2}, "m": 3}


def test_b12_bare() -> None:
    serializer = BpmnWorkflowSerializer()
    workflow = bare.complete(bare.begin(ONE_TASK, x=1), "a", y=2)
    found = set()
    for _ in range(40):
        mixed = json.dumps(json.loads(serializer.serialize_json(workflow)), sort_keys=True)
        loaded = serializer.deserialize_json(mixed)
        found.add(len(next(iter(loaded.get_tasks(state=TaskState.READY, manual=True))).data))
        workflow = bare.complete(bare.begin(ONE_TASK, x=1), "a", y=2)
    assert found != {2}, MENDED


def test_b13_typename_is_a_name_like_any_other() -> None:
    run = Drive(draw(ONE_TASK), typename="x", form={"typename": 1, "$d": "2026-01-01"}, only={"$t": 5})
    run.complete("a")
    assert run.variables == {"typename": "x", "form": {"typename": 1, "$d": "2026-01-01"}, "only": {"$t": 5}}
    assert state.load(run.model, run.step.state).data == run.variables


def test_b13_bare() -> None:
    serializer = BpmnWorkflowSerializer()
    workflow = bare.begin(ONE_TASK, form={"typename": "x"})
    with pytest.raises((KeyError, AttributeError, TypeError)):
        serializer.deserialize_json(serializer.serialize_json(workflow))


def test_b14_nothing_in_a_diagram_is_python() -> None:
    evil = "=__import__('os').getpid() = 1"
    model = draw(
        start()
        + user("a")
        + node("exclusiveGateway", "g", default="g-e")
        + end()
        + end("f")
        + flows("s > a > g")
        + flow("g", "f", evil)
        + flow("g", "e")
    )
    run = Drive(model)
    with pytest.raises(ExpressionFailed):
        run.complete("a")
    engine = state.load(model, run.step.state).script_engine
    assert isinstance(engine, NoScripts)
    with pytest.raises(RuntimeError):
        engine.evaluate(None, "1")
    with pytest.raises(RuntimeError):
        engine.execute(None, "1")


def test_b14_bare() -> None:
    serializer = BpmnWorkflowSerializer()
    loaded = serializer.deserialize_json(serializer.serialize_json(bare.begin(ONE_TASK)))
    assert type(loaded.script_engine) is PythonScriptEngine, MENDED


def b15(*, ours: bool) -> str:
    inside = (
        loop("=members")
        if ours
        else "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    return start() + user("a", inside=inside) + user("b") + end() + flows("s > a > b > e")


def test_b15_a_multi_instance_in_flight_completes_after_a_restart() -> None:
    run = Drive(draw(b15(ours=True)), members=[1, 2]).complete("a")
    run.model = draw(b15(ours=True))
    assert run.complete("a").open == ["b"]


def test_b15_bare() -> None:
    body = b15(ours=False)
    workflow = bare.restored(bare.complete(bare.begin(body), "a"), body)
    bare.complete(workflow, "a")
    assert bare.ready(workflow) == [], MENDED


def test_b16_an_output_that_exists_already_is_replaced() -> None:
    inside = loop("=members", "member", into=("out", "=got"))
    run = Drive(draw(start() + user("a", inside=inside) + end() + flows("s > a > e")), members=[1], out=["old"])
    assert run.complete("a", got="new").variables["out"] == ["new"]


def test_b16_bare() -> None:
    inside = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>1</bpmn:loopCardinality>"
        '<bpmn:loopDataOutputRef>out</bpmn:loopDataOutputRef><bpmn:outputDataItem id="got"/>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    with pytest.raises(NameError, match="data_ouput"):
        bare.begin(start() + user("a", inside=inside) + end() + flows("s > a > e"), out=["old"])


B17 = (
    start()
    + node("adHocSubProcess", "x", user("ia") + "<bpmn:completionCondition>done</bpmn:completionCondition>")
    + end()
    + flows("s > x > e")
)


def test_b17_an_ad_hoc_sub_process_is_refused() -> None:
    with pytest.raises(DiagramNotExecutable) as caught:
        draw(B17)
    assert [finding.element_id for finding in caught.value.findings] == ["x"]


def test_b17_bare() -> None:
    with pytest.raises(KeyError):
        bare.complete(bare.begin(B17, done=False), "ia")


def test_b18_a_state_that_does_not_fit_the_definition_is_refused_in_words() -> None:
    run = Drive(draw(ONE_TASK))
    other = draw(start() + user("b") + end() + flows("s > b > e"))
    with pytest.raises(StateUnreadable) as caught:
        runtime.waits(other, run.step.state, run.host)
    assert caught.value.values == {"process": "p", "element": "a"}


def test_b18_bare() -> None:
    with pytest.raises((AttributeError, TypeError)):
        bare.restored(bare.begin(ONE_TASK), start() + user("b") + end() + flows("s > b > e"))


B19 = (
    start()
    + node("parallelGateway", "split")
    + user("a")
    + user("b")
    + user("c")
    + node("parallelGateway", "join")
    + user("d")
    + end()
    + flows("s > split > a > join", "split > b > join", "split > c > join > d > e")
)


def test_b19_a_join_loses_nothing() -> None:
    run = Drive(draw(B19), x=1, y=1, list=[1, None, {"k": 1}])
    run.complete("a", x=2).complete("b", y=3, list=[None, {"k": 2}]).complete("c")
    assert run.variables == {"x": 2, "y": 3, "list": [None, {"k": 2}]}


def test_b19_bare() -> None:
    workflow = bare.begin(B19, x=1, y=1)
    bare.complete(bare.complete(bare.complete(workflow, "a", x=2), "b", y=3), "c")
    (task,) = workflow.get_tasks(state=TaskState.READY, manual=True)
    assert (task.data["x"], task.data["y"]) != (2, 3), MENDED


def b20(condition: str) -> str:
    return start() + user("a") + node("exclusiveGateway", "g") + end() + flows("s > a > g") + flow("g", "e", condition)


def test_b20_a_gateway_without_a_way_out_is_named_and_the_task_stays_open() -> None:
    run = Drive(draw(b20("=x = 1")))
    with pytest.raises(NoMatchingFlow) as caught:
        run.complete("a", x=2)
    assert caught.value.element_id == "g"
    assert run.complete("a", x=1).ended == "completed e"


def test_b20_bare() -> None:
    workflow = bare.begin(b20("x == 1"))
    with pytest.raises(WorkflowException):
        bare.complete(workflow, "a", x=2)
    assert [task.task_spec.bpmn_id for task in workflow.get_tasks(state=TaskState.ERROR)] == ["g"], MENDED


def test_b21_the_cause_of_a_failing_service_is_told() -> None:
    def broken(*_: object) -> dict[str, object]:
        raise ValueError("真正的原因")

    said = '<zeebe:taskDefinition type="x"/>'
    run = Drive(
        draw(start() + node("serviceTask", "t", extensions=said) + end() + flows("s > t > e")),
        StandIn(operations={"x": broken}),
    )
    assert "ValueError: 真正的原因" in Sentence.read(next(iter(run.waits.incidents.values())).error)


def test_b21_bare() -> None:
    class Broken(TaskDataEnvironment):
        def call_service(self, context: object, **_: object) -> None:
            raise ValueError(context)

    workflow = bare.begin(ONE_TASK)
    with pytest.raises(NameError, match="script"):
        PythonScriptEngine(Broken()).call_service(workflow.task_tree)


def b22() -> str:
    def sub(name: str) -> str:
        inner = start(f"{name}s") + user(f"{name}a") + end(f"{name}e", RAISE) + flows(f"{name}s > {name}a > {name}e")
        return (
            node("subProcess", name, inner)
            + boundary(f"{name}b", name, RAISE)
            + user(f"{name}m")
            + flows(f"{name}b > {name}m > e")
        )

    return (
        start()
        + node("parallelGateway", "split")
        + sub("x")
        + sub("y")
        + end()
        + flows("s > split > x > e", "split > y > e")
    )


def test_b22_an_error_reaches_only_the_boundary_around_it() -> None:
    run = Drive(draw(b22(), outside=ERROR)).complete("xa")
    assert run.open == ["xm", "ya"]
    assert run.complete("ya").complete("xm").complete("ym").ended == "completed e"


def test_b22_bare() -> None:
    workflow = bare.complete(bare.begin(b22(), ERROR), "xa")
    assert bare.ready(workflow) == ["xm", "ym"], MENDED


def test_b23_side_branches_outlive_the_task() -> None:
    run = Drive(draw(b11("R/P1D")))
    run.fire("remind").fire("remind").complete("a")
    assert run.open == ["extra", "extra"]
    assert run.complete("extra").complete("extra").ended == "completed f"


def test_b23_bare() -> None:
    begin = (wall_now() - timedelta(days=1, hours=12)).isoformat()
    workflow = bare.begin(b11(f'"R/{begin}/P1D"'))
    assert bare.ready(workflow) == ["a", "extra", "extra"]
    bare.complete(workflow, "a")
    assert bare.ready(workflow) != ["extra", "extra"], MENDED


def test_every_bug_has_a_regression_test_and_a_twin() -> None:
    told = {name for name in globals() if name.startswith("test_b")}
    twins = {name for name in told if "_bare" in name}
    for number in range(1, 24):
        own = {name for name in told if name.startswith(f"test_b{number}_")}
        assert own & twins, f"B{number} has no twin"
        assert own - twins, f"B{number} has no regression test"


def test_an_error_code_of_ours_needs_no_library() -> None:
    assert BpmnError("E1").code == "E1"
