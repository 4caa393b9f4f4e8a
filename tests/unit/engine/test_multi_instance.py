"""Multi-instance: 会签 in parallel and in sequence, completion conditions, collections."""

from __future__ import annotations

import pytest

from app.engine.failures import ExpressionFailed, TooManyInstances
from tests.unit.engine.drawing import boundary, draw, end, flow, flows, loop, mapping, message, node, start, timer, user
from tests.unit.engine.driving import Drive


def countersign(*, sequential: bool, until: str) -> str:
    inside = loop("=members", "member", sequential=sequential, into=("votes", "={by: member, ok: agreed}"), until=until)
    said = '<zeebe:assignmentDefinition assignee="=member"/>'
    return (
        start()
        + user("vote", said, inside)
        + node("exclusiveGateway", "again", default="again-vote")
        + end()
        + flows("s > vote > again")
        + flow("again", "e", "=count(votes[ok = true]) &gt;= 3")
        + flow("again", "vote")
    )


THREE = "=numberOfCompletedInstances &gt;= 3"


def test_three_of_five_in_parallel_in_two_rounds() -> None:
    run = Drive(draw(countersign(sequential=False, until=THREE)), members=list("abcde"))
    for verdicts, left in (([True, False, True], 0), ([True, True, True], 0)):
        assert len(run.open) == 5
        for at, (agreed, rows) in enumerate(zip(verdicts, (4, 3, 5), strict=True)):
            run.complete("vote", nth=1, agreed=agreed)
            assert len(run.open) == (rows if at < 2 or run.step.status == "active" else left)
    assert run.ended == "completed e"
    assert run.variables["votes"] == [{"by": name, "ok": True} for name in "bcd"]


def test_three_of_five_in_sequence_in_two_rounds() -> None:
    run = Drive(draw(countersign(sequential=True, until=THREE)), members=list("abcde"))
    for round_ in range(2):
        for name in "abc":
            (wait,) = run.waits.user_tasks.values()
            assert (wait.assignee, wait.inputs["member"]) == (name, name)
            run.complete("vote", agreed=round_ == 1)
    assert run.ended == "completed e"


def test_all_of_them_without_a_condition() -> None:
    body = countersign(sequential=False, until="")
    run = Drive(draw(body), members=list("abc"))
    run.complete("vote", nth=2, agreed=True).complete("vote", agreed=True)
    assert run.step.status == "active"
    assert run.complete("vote", agreed=True).variables["votes"] == [{"by": name, "ok": True} for name in "abc"]


def test_one_veto_ends_it_and_the_condition_sees_the_vote() -> None:
    run = Drive(
        draw(countersign(sequential=False, until="=agreed = false").replace("count(votes[ok = true]) &gt;= 3", "true")),
        members=list("abcde"),
    )
    run.complete("vote", agreed=True)
    assert len(run.open) == 4
    run.complete("vote", agreed=False)
    assert run.ended == "completed e"


def test_the_four_numbers() -> None:
    counters = (
        "=numberOfInstances = 5 and numberOfActiveInstances = 3 and "
        "numberOfCompletedInstances = 2 and numberOfTerminatedInstances = 0"
    )
    run = Drive(
        draw(countersign(sequential=False, until=counters).replace("count(votes[ok = true]) &gt;= 3", "true")),
        members=list("abcde"),
    )
    run.complete("vote", agreed=True)
    assert len(run.open) == 4
    assert run.complete("vote", agreed=True).ended == "completed e"


@pytest.mark.parametrize("sequential", [True, False])
def test_nobody_to_ask(sequential: bool) -> None:
    body = countersign(sequential=sequential, until=THREE).replace("count(votes[ok = true]) &gt;= 3", "votes = []")
    run = Drive(draw(body), members=[])
    assert (run.ended, run.variables["votes"]) == ("completed e", [])


def test_too_many_are_refused_in_words() -> None:
    with pytest.raises(TooManyInstances) as caught:
        Drive(draw(countersign(sequential=False, until="")), members=list(range(501)))
    assert "501" in caught.value.reason
    assert len(Drive(draw(countersign(sequential=False, until="")), members=list(range(500))).open) == 500


def test_without_a_collection_the_answers_go_into_the_process() -> None:
    model = draw(start() + user("a", inside=loop("=members", "member")) + end() + flows("s > a > e"))
    run = Drive(model, members=[1, 2])
    run.complete("a", last="x").complete("a", last="y")
    assert (run.ended, run.variables) == ("completed e", {"members": [1, 2], "last": "y"})


def test_results_that_are_null_or_maps_survive_a_second_round() -> None:
    inside = loop("=members", "member", into=("out", "=got"))
    model = draw(
        start()
        + user("a", inside=inside)
        + node("exclusiveGateway", "g", default="g-a")
        + end()
        + flows("s > a > g")
        + flow("g", "e", "=out[1] = 1")
        + flow("g", "a")
    )
    run = Drive(model, members=[1, 2])
    run.complete("a", got=None).complete("a", got={"k": [1]})
    assert run.variables["out"] == [None, {"k": [1]}]
    run.complete("a", got=1).complete("a", got=None)
    assert (run.ended, run.variables["out"]) == ("completed e", [1, None])


def test_sub_processes_each_with_a_scope_of_its_own() -> None:
    inner = (
        start("is")
        + user("ia")
        + user("ib", mapping(outputs={"total": "=first + second"}))
        + end("ie")
        + flows("is > ia > ib > ie")
    )
    sub = node("subProcess", "sub", inner + loop("=units", "unit", into=("sums", "=total + unit")))
    run = Drive(draw(start() + sub + end() + flows("s > sub > e")), units=[100, 200])
    run.complete("ia", first=1).complete("ia", first=2)
    run.complete("ib", second=10).complete("ib", second=20)
    assert (run.ended, run.variables) == ("completed e", {"units": [100, 200], "sums": [111, 222]})


def test_an_interrupting_timer_takes_every_instance_away() -> None:
    body = (
        countersign(sequential=False, until="")
        + boundary("late", "vote", timer("timeDuration", "P1D"))
        + end("f")
        + flows("late > f")
    )
    run = Drive(draw(body), members=list("abc")).complete("vote", agreed=True).fire("late")
    assert run.ended == "completed f"
    assert [entry.event for entry in run.step.history if entry.element_id == "vote"] == ["cancelled"] * 2


def test_a_failing_output_element_leaves_the_vote_open() -> None:
    run = Drive(draw(countersign(sequential=False, until="")), members=list("abc"))
    with pytest.raises(ExpressionFailed):
        run.complete("vote")
    assert len(run.open) == 3


def test_receive_tasks_for_each() -> None:
    model = draw(
        start() + node("receiveTask", "r", loop("=units", "unit"), messageRef="m") + end() + flows("s > r > e"),
        outside=message("m", "=unit"),
    )
    run = Drive(model, units=["a", "b"])
    assert [wait.correlation_key for wait in run.waits.subscriptions.values()] == ["a", "b"]
    assert run.deliver("r").deliver("r").ended == "completed e"
