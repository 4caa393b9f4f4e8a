"""Tasks, gateways, sub-processes and variables: where a token goes and what it sees."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from app.clock import SHANGHAI
from app.engine import runtime
from app.engine.failures import ExpressionFailed, NoMatchingFlow, RunawayProcess
from app.engine.step import BpmnError
from tests.unit.engine.drawing import (
    NOON,
    StandIn,
    boundary,
    draw,
    end,
    flow,
    flows,
    loop,
    mapping,
    node,
    start,
    user,
)
from tests.unit.engine.driving import Drive


def script(element_id: str, expression: str, variable: str) -> str:
    said = f'<zeebe:script expression="{expression}" resultVariable="{variable}"/>'
    return node("scriptTask", element_id, extensions=said)


REVIEW = (
    start()
    + user("fill")
    + node("exclusiveGateway", "ok", default="ok-fill")
    + user("sign")
    + end()
    + flows("s > fill > ok", "sign > e")
    + flow("ok", "sign", "=passed")
    + flow("ok", "fill")
)


def test_a_return_and_then_the_end() -> None:
    run = Drive(draw(REVIEW), project_no="410821")
    assert run.open == ["fill"]
    run.complete("fill", passed=False)
    assert run.open == ["fill"]
    run.complete("fill", passed=True).complete("sign")
    assert run.ended == "completed e"
    assert run.variables == {"project_no": "410821", "passed": True}
    assert run.path == ["s", "fill", "ok", "fill", "ok", "sign", "e"]
    assert run.step.state == ""


def test_a_task_that_does_not_wait_any_more_is_refused() -> None:
    run = Drive(draw(REVIEW))
    (key,) = run.waits.user_tasks
    run.complete("fill", passed=True)
    with pytest.raises(KeyError):
        runtime.complete_user_task(run.model, run.step.state, key, run.host, answers={}, routing={})
    with pytest.raises(KeyError):
        runtime.complete_user_task(run.model, "", key, run.host, answers={}, routing={})


@pytest.mark.parametrize("passed", [None, 1, "true"])
def test_a_gateway_takes_only_true_or_false(passed: object) -> None:
    run = Drive(draw(REVIEW))
    before = run.step
    with pytest.raises(ExpressionFailed) as caught:
        run.complete("fill", passed=passed)
    assert caught.value.element_id == "ok"
    assert "应得出是或否" in caught.value.reason
    assert run.step is before


def test_an_unknown_name_is_an_error_and_never_the_default_flow() -> None:
    run = Drive(draw(REVIEW))
    with pytest.raises(ExpressionFailed, match="无法继续") as caught:
        run.complete("fill")
    assert caught.value.element_id == "ok"
    assert "passed" in caught.value.reason


def test_no_flow_and_no_default_names_the_gateway() -> None:
    model = draw(
        start()
        + user("a")
        + node("exclusiveGateway", "g", name="金额分档")
        + end()
        + end("f")
        + flows("s > a > g")
        + flow("g", "e", "=amount &gt; 10")
        + flow("g", "f", "=amount &lt; 5")
    )
    run = Drive(model)
    with pytest.raises(NoMatchingFlow) as caught:
        run.complete("a", amount=7)
    assert (caught.value.element_id, caught.value.element_name) == ("g", "金额分档")
    run.complete("a", amount=3)
    assert run.ended == "completed f"


def test_the_first_true_condition_wins_and_later_ones_need_not_be_decided() -> None:
    model = draw(
        start()
        + user("a")
        + node("exclusiveGateway", "g")
        + end()
        + end("f")
        + flows("s > a > g")
        + flow("g", "e", "=amount = null")
        + flow("g", "f", "=amount &gt; 5")
    )
    assert Drive(model).complete("a", amount=None).ended == "completed e"
    assert Drive(model).complete("a", amount=6).ended == "completed f"


def test_parallel_branches_share_the_variables_and_join_once() -> None:
    model = draw(
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
    run = Drive(model, x=1, y=1)
    run.complete("b", x=2).complete("a", y=3)
    assert run.open == ["c"]
    run.complete("c")
    assert run.open == ["d"]
    assert run.variables == {"x": 2, "y": 3}
    assert run.complete("d").ended == "completed e"


def inclusive() -> str:
    return (
        start()
        + node("inclusiveGateway", "split", default="split-c")
        + user("a")
        + user("b")
        + user("c")
        + node("inclusiveGateway", "join")
        + user("d")
        + end()
        + flow("split", "a", "=big")
        + flow("split", "b", "=secret")
        + flow("split", "c")
        + flows("s > split", "a > join", "b > join", "c > join > d > e")
    )


@pytest.mark.parametrize(
    ("big", "secret", "expected"),
    [(True, True, ["a", "b"]), (True, False, ["a"]), (False, True, ["b"]), (False, False, ["c"])],
)
def test_an_inclusive_join_waits_for_what_was_taken(big: bool, secret: bool, expected: list[str]) -> None:
    run = Drive(draw(inclusive()), big=big, secret=secret)
    assert run.open == expected
    while run.open != ["d"]:
        run.complete(run.open[0])
    assert run.complete("d").ended == "completed e"
    assert run.path.count("d") == 1


def test_every_name_of_an_output_mapping_and_nothing_else_goes_into_the_process() -> None:
    said = mapping(inputs={"limit": "=total * 2"}, outputs={"plan.amount": "=amount + limit", "plan.by": "=person"})
    model = draw(start() + user("a", said) + user("b") + end() + flows("s > a > b > e"))
    run = Drive(model, total=5, person="王")
    (wait,) = run.waits.user_tasks.values()
    assert wait.inputs == {"limit": 10}
    run.complete("a", amount=7, remark="不进流程")
    assert run.variables == {"total": 5, "person": "王", "plan": {"amount": 17, "by": "王"}}


def test_all_that_a_user_task_says() -> None:
    said = (
        '<zeebe:userTask/><zeebe:formDefinition formId="f03"/>'
        '<zeebe:assignmentDefinition assignee="=clerk" '
        'candidateGroups="unit_clerk, bureau_clerk" candidateUsers="=users"/>'
        '<zeebe:taskSchedule dueDate="=due" followUpDate="2026-02-01T09:00:00+08:00"/>'
        '<zeebe:priorityDefinition priority="80"/>'
        '<zeebe:properties><zeebe:property name="hint" value="附可研报告"/></zeebe:properties>'
    )
    lane = (
        '<bpmn:laneSet id="ls"><bpmn:lane id="l" name="项目单位">'
        "<bpmn:flowNodeRef>a</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
    )
    model = draw(
        lane
        + start()
        + user("a", said, "<bpmn:documentation>请填写。</bpmn:documentation>")
        + end()
        + flows("s > a > e")
    )
    drawn = model.user_tasks["a"]
    assert (drawn.form_id, drawn.candidate_groups, drawn.lane) == ("f03", ("unit_clerk", "bureau_clerk"), "项目单位")
    run = Drive(model, clerk="u7", users=["u1", "u2"], due=date(2026, 2, 28))
    (wait,) = run.waits.user_tasks.values()
    assert (wait.form_id, wait.lane, wait.documentation, wait.priority) == ("f03", "项目单位", "请填写。", 80)
    assert (wait.assignee, wait.candidate_groups, wait.candidate_users) == (
        "u7",
        ("unit_clerk", "bureau_clerk"),
        ("u1", "u2"),
    )
    assert wait.due_at == datetime(2026, 2, 28, 23, 59, 59, tzinfo=SHANGHAI)
    assert wait.follow_up_at == datetime(2026, 2, 1, 9, 0, tzinfo=SHANGHAI)
    assert wait.properties == {"hint": "附可研报告"}


def test_typed_values_stay_typed_in_the_state() -> None:
    model = draw(
        start()
        + script("t", "=day + duration(&#34;P6M&#34;)", "until")
        + user("a")
        + script("u", "=until + duration(&#34;P1D&#34;)", "after")
        + end()
        + flows("s > t > a > u > e")
    )
    run = Drive(model, day=date(2025, 8, 31), amount=123_456_789_01)
    assert run.variables["until"] == date(2026, 2, 28)
    run.complete("a", at=NOON)
    assert run.variables == {
        "day": date(2025, 8, 31),
        "amount": 123_456_789_01,
        "until": date(2026, 2, 28),
        "at": NOON,
        "after": date(2026, 3, 1),
    }


def test_facts_are_asked_of_the_host_and_only_those_that_are_named() -> None:
    model = draw(
        start()
        + user("a")
        + node("exclusiveGateway", "g", default="g-f")
        + end()
        + end("f")
        + flows("s > a > g")
        + flow("g", "e", "=project.amount &gt;= 2000000 and not(deadline.acceptance.overdue)")
        + flow("g", "f")
    )
    host = StandIn(known={"project": {"amount": 2_000_000}, "deadline": {"acceptance": {"overdue": False}}})
    run = Drive(model, host)
    assert host.asked == []
    assert run.complete("a").ended == "completed e"
    assert host.asked == [frozenset({"project.amount", "deadline.acceptance.overdue"})]


def test_today_is_the_clock_of_the_host() -> None:
    said = '<zeebe:script expression="=today()" resultVariable="day"/>'
    model = draw(start() + node("scriptTask", "t", extensions=said) + user("a") + end() + flows("s > t > a > e"))
    host = StandIn(now=datetime(2026, 3, 1, 0, 30, tzinfo=SHANGHAI))
    assert Drive(model, host).variables["day"] == date(2026, 3, 1)


def test_a_sub_process_has_a_scope_of_its_own() -> None:
    inner = (
        start("is")
        + user("ia", mapping(outputs={"note": "=text", "verdict": "=good"}))
        + end("ie")
        + flows("is > ia > ie")
    )
    sub = node("subProcess", "sub", inner, mapping(inputs={"note": "=title"}, outputs={"kept": "=note"}))
    model = draw(start() + sub + user("b") + end() + flows("s > sub > b > e"))
    run = Drive(model, title="题")
    assert run.open == ["ia"]
    run.complete("ia", text="新", good=True)
    assert run.open == ["b"]
    assert run.variables == {"title": "题", "verdict": True, "kept": "新"}
    assert run.complete("b").ended == "completed e"


def test_terminate_ends_everything_around_it() -> None:
    model = draw(
        start()
        + node("parallelGateway", "split")
        + user("a")
        + user("b")
        + end("stop", "<bpmn:terminateEventDefinition/>")
        + end()
        + flows("s > split > a > stop", "split > b > e")
    )
    run = Drive(model).complete("a")
    assert run.ended == "completed stop"
    assert [(entry.element_id, entry.event) for entry in run.step.history if entry.event == "cancelled"] == [
        ("b", "cancelled")
    ]


def test_terminate_inside_a_sub_process_ends_only_that() -> None:
    inner = (
        start("is")
        + node("parallelGateway", "split")
        + user("ia")
        + user("ib")
        + end("stop", "<bpmn:terminateEventDefinition/>")
        + end("ie")
        + flows("is > split > ia > stop", "split > ib > ie")
    )
    model = draw(start() + node("subProcess", "sub", inner) + user("b") + end() + flows("s > sub > b > e"))
    run = Drive(model).complete("ia")
    assert run.open == ["b"]
    assert run.complete("b").ended == "completed e"


def test_the_operator_ends_an_instance() -> None:
    run = Drive(draw(REVIEW))
    run.took(runtime.terminate(run.model, run.step.state, run.host))
    assert (run.ended, run.step.state, run.waits.user_tasks) == ("terminated", "", {})
    assert [(entry.element_id, entry.event) for entry in run.step.history] == [("fill", "cancelled")]


def failing_sub(code: str, *boundaries: str) -> str:
    inner = (
        start("is")
        + user("ia")
        + node("exclusiveGateway", "ig", default="ig-ie")
        + end("ie")
        + end("bad", f'<bpmn:errorEventDefinition errorRef="{code}"/>')
        + flows("is > ia > ig")
        + flow("ig", "bad", "=broken")
        + flow("ig", "ie")
    )
    return (
        start()
        + node("subProcess", "sub", inner)
        + "".join(boundaries)
        + user("mend")
        + end()
        + end("f")
        + flows("s > sub > e", "mend > f")
    )


ERRORS = '<bpmn:error id="E1" name="失败" errorCode="E1"/><bpmn:error id="E2" name="其他" errorCode="E2"/>'


def test_an_error_end_is_caught_on_the_sub_process() -> None:
    body = failing_sub("E1", boundary("caught", "sub", '<bpmn:errorEventDefinition errorRef="E1"/>')) + flows(
        "caught > mend"
    )
    run = Drive(draw(body, outside=ERRORS)).complete("ia", broken=True)
    assert run.open == ["mend"]
    assert run.complete("mend").ended == "completed f"
    assert Drive(draw(body, outside=ERRORS)).complete("ia", broken=False).ended == "completed e"


def test_an_error_that_nothing_catches_fails_the_instance_with_its_code() -> None:
    body = failing_sub("E1", boundary("caught", "sub", '<bpmn:errorEventDefinition errorRef="E2"/>')) + flows(
        "caught > mend"
    )
    run = Drive(draw(body, outside=ERRORS)).complete("ia", broken=True)
    assert (run.ended, run.step.error_code, run.step.state) == ("failed E1", "E1", "")


def test_an_operation_may_end_in_an_error_of_the_diagram() -> None:
    def refuse(_inputs: object, _headers: object) -> dict[str, object]:
        raise BpmnError("E1", "台账已冻结")

    model = draw(
        start()
        + node("serviceTask", "t", extensions='<zeebe:taskDefinition type="funds.freeze"/>')
        + boundary("caught", "t", '<bpmn:errorEventDefinition errorRef="E1"/>')
        + end()
        + end("f")
        + flows("s > t > e", "caught > f"),
        outside=ERRORS,
    )
    assert Drive(model, StandIn(operations={"funds.freeze": refuse})).ended == "completed f"
    assert Drive(model, StandIn(operations={"funds.freeze": lambda *_: {"frozen": 1}})).variables == {"frozen": 1}


def test_an_operation_gets_its_inputs_and_headers() -> None:
    seen = []

    def note(inputs: object, headers: object) -> dict[str, object]:
        seen.append((inputs, headers))
        return {"no": "2026-01", "other": 1}

    said = (
        '<zeebe:taskDefinition type="number"/>'
        '<zeebe:taskHeaders><zeebe:header key="kind" value="plan"/></zeebe:taskHeaders>'
        + mapping(inputs={"unit": "=unit_id"}, outputs={"plan_no": "=no"})
    )
    model = draw(start() + node("serviceTask", "t", extensions=said) + end() + flows("s > t > e"))
    run = Drive(model, StandIn(operations={"number": note}), unit_id=7, secret=1)
    assert seen == [({"unit": 7}, {"kind": "plan"})]
    assert run.variables == {"unit_id": 7, "secret": 1, "plan_no": "2026-01"}


def test_a_loop_that_never_waits_is_stopped_and_named() -> None:
    model = draw(
        start()
        + node("exclusiveGateway", "g", default="g-t")
        + node("scriptTask", "t", extensions='<zeebe:script expression="=n + 1" resultVariable="n"/>')
        + end()
        + flow("g", "e", "=n &lt; 0")
        + flows("s > g > t > g")
    )
    with pytest.raises(RunawayProcess) as caught:
        Drive(model, n=0)
    assert caught.value.process_id == "p"


def test_a_multi_instance_needs_a_list() -> None:
    model = draw(start() + user("a", inside=loop("=members", "member")) + end() + flows("s > a > e"))
    with pytest.raises(ExpressionFailed, match="无法继续"):
        Drive(model, members=5)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("P10WD", datetime(2026, 2, 13, 23, 59, 59, tzinfo=SHANGHAI)),
        ("P1M", datetime(2026, 2, 28, 12, tzinfo=SHANGHAI)),
        ("=period", datetime(2026, 2, 3, 12, tzinfo=SHANGHAI)),
        ("2026-03-01", datetime(2026, 3, 1, 23, 59, 59, tzinfo=SHANGHAI)),
        ("2026-03-01T09:00:00", datetime(2026, 3, 1, 9, tzinfo=SHANGHAI)),
        ("=null", None),
    ],
)
def test_a_due_date_stays_what_it_was_when_the_task_was_entered(text: str, due: datetime | None) -> None:
    said = f'<zeebe:taskSchedule dueDate="{text}"/>'
    model = draw(
        start()
        + node("parallelGateway", "g")
        + user("a", said)
        + user("b")
        + end()
        + flows("s > g > a > e", "g > b > e")
    )
    run = Drive(model, period="P3D")
    run.host.now = datetime(2026, 2, 2, 8, tzinfo=SHANGHAI)
    run.complete("b").refresh()
    assert [wait.due_at for wait in run.waits.user_tasks.values()] == [due]


@pytest.mark.parametrize("text", ["=5", "PX", "soon"])
def test_a_due_date_that_is_none_names_the_task(text: str) -> None:
    model = draw(start() + user("a", f'<zeebe:taskSchedule dueDate="{text}"/>') + end() + flows("s > a > e"))
    with pytest.raises(ExpressionFailed) as caught:
        Drive(model)
    assert caught.value.element_id == "a"


def test_names_are_told_in_one_line() -> None:
    model = draw(start() + user("a").replace('name="a"', 'name="等待行业&#10;审查意见"') + end() + flows("s > a > e"))
    assert model.user_tasks["a"].name == "等待行业审查意见"
    assert [wait.name for wait in Drive(model).waits.user_tasks.values()] == ["等待行业审查意见"]


def test_a_script_or_decision_without_a_variable_goes_through_its_mapping() -> None:
    said = '<zeebe:script expression="={n: x + 1}" resultVariable="r"/>' + mapping(outputs={"n": "=r.n"})
    model = draw(start() + node("scriptTask", "t", extensions=said) + end() + flows("s > t > e"))
    assert Drive(model, x=1).variables == {"x": 1, "n": 2}
