"""A recorded instance played on a redrawn diagram: what it keeps, gains, is spared, and where it leaves the path."""

from __future__ import annotations

from app.engine.rehearsal import Played, Recorded, play, read
from tests.unit.engine.drawing import NOON, definitions, end, flow, flows, node, start, user


def task(element_id: str, form_id: str, role: str = "bur_clerk", *, inside: str = "") -> str:
    """Return a user task with a form and a role."""
    return user(
        element_id,
        f'<zeebe:formDefinition formId="{form_id}"/><zeebe:assignmentDefinition candidateGroups="{role}"/>',
        inside,
    )


def done(element_id: str, form_id: str, role: str = "bur_clerk", **answers: object) -> Recorded:
    """Return a form handed in an hour after it appeared."""
    return Recorded(form_id, "", element_id, (role,), 3600, answers)


def rehearsed(body: str, *record: Recorded, to_end: bool = True) -> Played:
    """Play a record on a drawing."""
    return play(read(definitions(body)), record, facts={"project": {"path": "T"}}, now=NOON, to_end=to_end)


def told(played: Played) -> list[str]:
    """Return the steps as `kind element`, and the deviation."""
    return [f"{step.kind} {step.element_id}" for step in played.steps] + (
        [f"left {played.left_at} for {played.wanted}"] if played.wanted else []
    )


A, B, C = task("a", "f01"), task("b", "f02"), task("c", "f03")
LINE = start() + A + B + end() + flows("s > a > b > e")


def test_a_drawing_as_recorded_keeps_every_step() -> None:
    played = rehearsed(LINE, done("a", "f01"), done("b", "f02"))
    assert told(played) == ["kept a", "kept b"]
    assert [(step.roles, step.waited) for step in played.steps] == [(("bur_clerk",), 3600)] * 2


def test_an_added_step_is_new_before_the_one_that_follows_it() -> None:
    body = start() + A + C + B + end() + flows("s > a > c > b > e")
    assert told(rehearsed(body, done("a", "f01"), done("b", "f02"))) == ["kept a", "new c", "kept b"]


def test_an_added_last_step_is_new_only_where_the_record_came_to_its_end() -> None:
    body = start() + A + B + C + end() + flows("s > a > b > c > e")
    record = (done("a", "f01"), done("b", "f02"))
    assert told(rehearsed(body, *record)) == ["kept a", "kept b", "new c"]
    assert told(rehearsed(body, *record, to_end=False)) == ["kept a", "kept b"]


def test_a_form_that_is_no_longer_drawn_is_omitted() -> None:
    body = start() + A + end() + flows("s > a > e")
    assert told(rehearsed(body, done("a", "f01"), done("b", "f02"))) == ["kept a", "omitted b"]


def test_a_form_that_is_drawn_and_cannot_be_reached_any_more_is_the_deviation() -> None:
    body = start() + B + A + end() + flows("s > b > a > e")
    assert told(rehearsed(body, done("a", "f01"), done("b", "f02"))) == ["new b", "kept a", "left a for f02"]


def gateway(first: str, second: str = "") -> str:
    """Return a choice after `a`: to `b` where the first condition holds, else (or where the second holds) to `c`."""
    default = "" if second else ' default="x-c"'
    return (
        start() + A + f'<bpmn:exclusiveGateway id="x"{default}/>' + B + C + end()
        + flows("s > a > x", "b > e", "c > e") + flow("x", "b", first) + flow("x", "c", second)
    )  # fmt: skip


def test_a_condition_is_decided_by_the_answers_given_so_far() -> None:
    body = gateway("=total &gt; 50")
    assert told(rehearsed(body, done("a", "f01", total=60), done("b", "f02"))) == ["kept a", "kept b"]
    assert told(rehearsed(body, done("a", "f01", total=40), done("c", "f03"))) == ["kept a", "kept c"]
    assert told(rehearsed(body, done("a", "f01", total=60), done("c", "f03"))) == ["kept a", "left a for f03"]
    assert told(rehearsed(body, done("a", "f01", total=40), done("b", "f02"))) == ["kept a", "left a for f02"]


def test_facts_that_never_change_and_submissions_decide_conditions_too() -> None:
    assert told(rehearsed(gateway('=project.path = "T"'), done("a", "f01"), done("c", "f03")))[-1] == "left a for f03"
    body = gateway("=count(submission.f01.experts) &gt;= 3")
    three = done("a", "f01", experts=["x", "y", "z"])
    assert told(rehearsed(body, three, done("b", "f02"))) == ["kept a", "kept b"]
    assert told(rehearsed(body, three, done("c", "f03"))) == ["kept a", "left a for f03"]


def test_a_condition_that_nothing_recorded_decides_may_hold_or_not() -> None:
    body = gateway("=deadline.acceptance.overdue")
    assert told(rehearsed(body, done("a", "f01"), done("b", "f02"))) == ["kept a", "kept b"]
    assert told(rehearsed(body, done("a", "f01"), done("c", "f03"))) == ["kept a", "kept c"]


def test_what_a_new_step_would_have_answered_is_not_known() -> None:
    """The old answer to a question that is asked again after a new step decides nothing."""
    body = (
        start() + task("a", "f01") + task("n", "f09") + '<bpmn:exclusiveGateway id="x" default="x-c"/>' + B + C + end()
        + flows("s > a > n > x", "b > e", "c > e") + flow("x", "b", '=result = "同意"') + flow("x", "c")
    )  # fmt: skip
    assert told(rehearsed(body, done("a", "f01", result="退回"), done("b", "f02"))) == ["kept a", "new n", "kept b"]


def test_the_way_with_the_fewest_new_steps_is_taken() -> None:
    body = (
        start() + '<bpmn:exclusiveGateway id="x"/>' + task("n", "f08") + task("m", "f09") + A + end()
        + flows("s > x", "n > m > a > e") + flow("x", "n", "=unknown") + flow("x", "a", "=unknown", "short")
    )  # fmt: skip
    assert told(rehearsed(body, done("a", "f01"))) == ["kept a"]


def test_the_same_form_at_the_recorded_step_is_preferred_to_one_nearer_by() -> None:
    body = (
        start() + '<bpmn:exclusiveGateway id="x"/>' + task("near", "f01", "gov_office") + task("a", "f01") + end()
        + '<bpmn:serviceTask id="far"/>' + flows("near > e", "s > x", "far > a > e") + flow("x", "near", "=unknown")
        + flow("x", "far", "=unknown")
    )  # fmt: skip
    assert told(rehearsed(body, done("a", "f01"))) == ["kept a"]
    moved = rehearsed(body.replace('id="a"', 'id="renamed"').replace("-a", "-renamed").replace('"a"', '"renamed"'),
                      done("a", "f01"))  # fmt: skip
    assert told(moved) == ["kept renamed"]


def test_parallel_branches_are_passed_in_the_order_of_the_record() -> None:
    body = (
        start() + '<bpmn:parallelGateway id="f"/>' + A + B + '<bpmn:parallelGateway id="j"/>' + C + end()
        + flows("s > f > a > j > c > e", "f > b > j")
    )  # fmt: skip
    for first, second in ((done("a", "f01"), done("b", "f02")), (done("b", "f02"), done("a", "f01"))):
        assert told(rehearsed(body, first, second, done("c", "f03")))[-1] == "kept c"
    assert told(rehearsed(body, done("a", "f01"), done("c", "f03"))) == ["kept a", "new b", "kept c"]


def test_a_panel_of_any_size_is_one_step_done_by_several() -> None:
    many = task("judge", "f05", "expert", inside="<bpmn:multiInstanceLoopCharacteristics/>")
    body = start() + many + B + end() + flows("s > judge > b > e")
    panel = [done("judge", "f05", "expert")] * 3
    assert told(rehearsed(body, *panel, done("b", "f02"))) == ["kept judge"] * 3 + ["kept b"]


def test_a_return_is_followed_round_the_loop() -> None:
    body = (
        start() + A + B + '<bpmn:exclusiveGateway id="x" default="x-e"/>' + end() + flows("s > a > b > x > e")
        + flow("x", "a", '=result = "退回"')
    )  # fmt: skip
    record = (done("a", "f01"), done("b", "f02", result="退回"), done("a", "f01"), done("b", "f02", result="同意"))
    assert told(rehearsed(body, *record)) == ["kept a", "kept b", "kept a", "kept b"]


def test_sub_processes_boundaries_and_calls_are_passed() -> None:
    inner = start("is") + A + end("ie") + flows("is > a > ie")
    body = (
        start() + node("subProcess", "sub", inner) + C + B + end()
        + node("boundaryEvent", "late", "<bpmn:timerEventDefinition/>", attachedToRef="sub", cancelActivity="false")
        + node("callActivity", "call", extensions='<zeebe:calledElement processId="p11_payment"/>')
        + flows("s > sub > call > b > e", "late > c")
    )  # fmt: skip
    pay = Recorded("", "p11_payment", "call", (), 86_400)
    assert told(rehearsed(body, done("a", "f01"), pay, done("b", "f02"))) == ["kept a", "kept call", "kept b"]
    escalated = rehearsed(body, done("c", "f03"), done("a", "f01"), pay, done("b", "f02"))
    assert told(escalated) == ["kept c", "kept a", "kept call", "kept b"]
    assert told(rehearsed(body, done("a", "f01"), done("b", "f02"))) == ["kept a", "new call", "kept b"]


def test_a_drawing_that_does_not_come_to_its_end_says_so() -> None:
    body = start() + A + '<bpmn:parallelGateway id="j"/>' + end() + B + flows("s > a > j > e", "b > j")
    assert told(rehearsed(body, done("a", "f01"))) == ["kept a", "left a for end"]


def test_a_drawing_without_a_process_or_without_flows_leads_nowhere() -> None:
    assert told(rehearsed(start() + A, done("a", "f01"))) == ["left  for f01"]
    empty = b'<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"/>'
    assert told(play(read(empty), [done("a", "f01")], facts={}, now=NOON)) == ["omitted a", "left  for end"]


def test_a_search_without_end_is_given_up_and_decides_nothing() -> None:
    """Twelve branches that may each be at any of their steps: more states than are looked at."""
    branches = "".join(node("serviceTask", f"t{i}_{k}") for i in range(12) for k in range(4))
    lines = flows(*(f"f > t{i}_0 > t{i}_1 > t{i}_2 > t{i}_3 > j" for i in range(12)))
    body = (
        start() + '<bpmn:parallelGateway id="f"/>' + branches + '<bpmn:parallelGateway id="j"/>' + A + end()
        + flows("s > f", "j > a > e") + lines
    )  # fmt: skip
    played = rehearsed(body, done("a", "f01"))
    assert (played.undecided, played.steps) == (True, ())
