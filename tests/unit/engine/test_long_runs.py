"""A thousand rounds: size and time of a step stay what they were."""

from __future__ import annotations

from time import perf_counter

import pytest

from tests.unit.engine.drawing import boundary, draw, end, flow, flows, loop, node, start, timer, user
from tests.unit.engine.driving import Drive

RETURN = (
    user("fill")
    + boundary("remind", "fill", timer("timeCycle", "R/P1D"), interrupting=False)
    + end("noticed")
    + node("exclusiveGateway", "ok", default="ok-fill")
    + flows("remind > noticed")
    + flow("ok", "fill")
)
ALONE = start() + RETURN + end() + flows("s > fill > ok") + flow("ok", "e", "=passed")
BESIDE = (
    start()
    + node("parallelGateway", "split")
    + RETURN
    + user("wait")
    + node("parallelGateway", "join")
    + end()
    + flows("s > split > fill > ok", "split > wait > join > e")
    + flow("ok", "join", "=passed")
)
VOTES = (
    start()
    + user("fill", inside=loop("=[1, 2, 3]", "n", into=("votes", "=passed")))
    + node("exclusiveGateway", "ok", default="ok-fill")
    + end()
    + flows("s > fill > ok")
    + flow("ok", "e", "=all(votes)")
    + flow("ok", "fill")
)
INSIDE = (
    start()
    + node("subProcess", "sub", start("is") + user("fill") + end("ie") + flows("is > fill > ie"))
    + node("exclusiveGateway", "ok", default="ok-sub")
    + end()
    + flows("s > sub > ok")
    + flow("ok", "e", "=passed")
    + flow("ok", "sub")
)


@pytest.mark.parametrize(
    "body", [ALONE, BESIDE, VOTES, INSIDE], ids=["alone", "beside a waiting branch", "votes", "sub-process"]
)
def test_a_thousand_rounds(body: str) -> None:
    run = Drive(draw(body))
    sizes, seconds = [], []
    for _ in range(1000):
        begin = perf_counter()
        run.complete("fill", passed=False)
        seconds.append(perf_counter() - begin)
        sizes.append(len(run.step.state))
    assert max(sizes[-100:]) <= max(sizes[:100])
    assert max(sizes) < 1_500
    # The fastest tenth, since other work on the machine must not decide; growth with history would be tenfold.
    assert sorted(seconds[-300:])[30] < 3 * sorted(seconds[10:310])[30]
    for _ in range(6):
        if run.step.status == "active" and "fill" in run.open:
            run.complete("fill", passed=True)
    if run.open == ["wait"]:
        run.complete("wait")
    assert run.ended == "completed e"


def test_a_thousand_reminders_leave_no_trace_in_the_state() -> None:
    run = Drive(draw(ALONE))
    size = len(run.step.state)
    for _ in range(1000):
        run.fire("remind")
    assert len(run.step.state) < size + 20
    assert run.waits.timers[run.keys("timers", "remind")[0]].occurrence == 1000


def test_two_hundred_tasks_in_a_line() -> None:
    names = [f"t{number}" for number in range(200)]
    scripts = "".join(
        node("scriptTask", name, extensions='<zeebe:script expression="=n + 1" resultVariable="n"/>') for name in names
    )
    run = Drive(draw(start() + scripts + end() + flows(" > ".join(["s", *names, "e"]))), n=0)
    assert (run.ended, run.variables) == ("completed e", {"n": 200})


def test_two_user_tasks_in_a_circle_need_no_gateway() -> None:
    run = Drive(draw(start() + user("a") + user("b") + flows("s > a > b > a")))
    for _ in range(20):
        run.complete("a").complete("b")
    assert run.open == ["a"]
