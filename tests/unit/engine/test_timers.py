"""Timers: arithmetic in Asia/Shanghai, ladders, cycles, outages, a ledger that moves."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from app.clock import SHANGHAI
from app.engine import runtime, timers
from app.engine.failures import ExpressionFailed
from app.errors import Sentence
from app.feel import YearsMonths
from tests.unit.engine.drawing import (
    NOON,
    StandIn,
    boundary,
    draw,
    end,
    flows,
    node,
    start,
    timer,
    user,
)
from tests.unit.engine.driving import Drive


def at(month: int, day: int, hour: int = 9, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SHANGHAI)


def no_working_days(start: date, days: int) -> date:
    raise AssertionError((start, days))


@pytest.mark.parametrize(
    ("start", "period", "times", "expected"),
    [
        (at(1, 31), "P1M", 1, at(2, 28)),
        (at(1, 31), "P1M", 2, at(3, 31)),
        (at(1, 31), "P1M", 3, at(4, 30)),
        (at(8, 31, year=2025), "P6M", 1, at(2, 28)),
        (at(2, 29, year=2028), "P1Y", 1, at(2, 28, year=2029)),
        (at(12, 31), "P2M", 1, at(2, 28, year=2027)),
        (at(1, 1), "P1W", 2, at(1, 15)),
        (at(1, 1), "P1DT12H30M", 1, datetime(2026, 1, 2, 21, 30, tzinfo=SHANGHAI)),
    ],
)
def test_periods_follow_the_calendar(start: datetime, period: str, times: int, expected: datetime) -> None:
    assert timers.after(start, timers.parse_period(period), times, no_working_days) == expected


def test_early_mornings_in_beijing_are_counted_from_the_day_in_beijing() -> None:
    early = datetime(2026, 2, 28, 17, 0, tzinfo=timers.SHANGHAI).astimezone(tz=None)
    assert timers.after(early, timers.parse_period("P1M"), 1, no_working_days) == at(3, 28, 17)


def test_working_days_end_at_midnight_after_their_last_day() -> None:
    friday = at(1, 30)
    found = timers.after(friday, timers.parse_period("P10WD"), 1, StandIn().after_working_days)
    assert found == at(2, 14, 0)


@pytest.mark.parametrize("text", ["", "P", "PT", "P1DT", "-P1D", "1D", "P1.5M", "P1D1M", "十天"])
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(timers.TimerError):
        timers.parse_period(text)


@pytest.mark.parametrize("text", ["R/PT0S", "R3/P0D", "R/P0WD", "R-1/P1D", "R", "P1D", "R/P1D/P1D/P1D", ""])
def test_what_is_no_cycle(text: str) -> None:
    with pytest.raises(timers.TimerError):
        timers.schedule("cycle", text, NOON, no_working_days)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("date", "2026-03-01", at(3, 1, 0)),
        ("date", "2026-03-01T09:00:00", at(3, 1)),
        ("date", "2026-03-01T01:00:00Z", at(3, 1)),
        ("date", date(2026, 3, 1), at(3, 1, 0)),
        ("duration", "P1M", at(2, 28, 12)),
        ("duration", timedelta(days=1), at(2, 1, 12)),
        ("duration", YearsMonths(1), at(2, 28, 12)),
        ("date", None, None),
        ("duration", None, None),
        ("cycle", [], None),
        ("cycle", [at(2, 3), None, date(2026, 2, 2)], at(2, 2, 0)),
    ],
)
def test_first_due(kind: timers.Kind, value: object, expected: datetime | None) -> None:
    found = timers.schedule(kind, value, NOON, no_working_days)
    assert timers.begin(kind, found, NOON, repeats=True).due == expected


def test_a_value_that_is_no_moment() -> None:
    with pytest.raises(timers.TimerError):
        timers.schedule("date", 5, NOON, no_working_days)
    with pytest.raises(timers.TimerError):
        timers.schedule("date", "P1D", NOON, no_working_days)


def test_a_cycle_counts_from_its_anchor_even_far_away() -> None:
    found = timers.schedule("cycle", "R/2000-01-31T00:00:00+08:00/PT1S", NOON, no_working_days)
    assert found.moment(found.passed(NOON)) == NOON + timedelta(seconds=1)
    limited = timers.schedule("cycle", "R3/2026-01-01T00:00:00+08:00/P1D", NOON, no_working_days)
    assert [limited.moment(at) for at in range(4)] == [at(1, 1, 0), at(1, 2, 0), at(1, 3, 0), None]
    assert limited.passed(NOON) == 3


def test_a_catch_event_waits_for_its_moment_and_not_one_second_less() -> None:
    model = draw(
        start()
        + node("intermediateCatchEvent", "t", timer("timeDuration", "P1M"))
        + user("a")
        + end()
        + flows("s > t > a > e")
    )
    run = Drive(model)
    assert run.due("t") == at(2, 28, 12)
    (key,) = run.waits.timers
    run.host.now = at(2, 28, 12) - timedelta(seconds=1)
    with pytest.raises(KeyError):
        runtime.fire_timer(run.model, run.step.state, key, run.host)
    run.fire("t")
    assert run.open == ["a"]
    with pytest.raises(KeyError):
        runtime.fire_timer(run.model, run.step.state, key, run.host)


def test_an_interrupting_timer_takes_the_task_away() -> None:
    model = draw(
        start()
        + user("a")
        + boundary("late", "a", timer("timeDate", "=due"))
        + user("b")
        + end()
        + end("f")
        + flows("s > a > e", "late > b > f")
    )
    run = Drive(model, due=at(3, 1))
    assert (run.open, run.due("late")) == (["a"], at(3, 1))
    run.fire("late")
    assert (run.open, run.waits.timers) == (["b"], {})
    assert run.path[-1:] == ["late"]
    assert [entry.event for entry in run.step.history if entry.element_id == "a"] == ["cancelled"]
    assert run.complete("b").ended == "completed f"


def test_completing_the_task_takes_its_timers_away() -> None:
    model = draw(
        start()
        + user("a")
        + boundary("late", "a", timer("timeDate", "=due"))
        + boundary("remind", "a", timer("timeCycle", "R/P1D"), interrupting=False)
        + end()
        + end("f")
        + end("g")
        + flows("s > a > e", "late > f", "remind > g")
    )
    run = Drive(model, due=at(3, 1))
    assert sorted(wait.element_id for wait in run.waits.timers.values()) == ["late", "remind"]
    assert run.complete("a").ended == "completed e"


LADDER = (
    start()
    + user("a")
    + boundary("remind", "a", timer("timeCycle", "=deadline.acceptance.reminders"), interrupting=False)
    + node("serviceTask", "notice", extensions='<zeebe:taskDefinition type="notice"/>')
    + end()
    + end("f")
    + flows("s > a > e", "remind > notice > f")
)


def ladder(*moments: datetime) -> tuple[Drive, list[int]]:
    sent: list[int] = []
    host = StandIn(
        known={"deadline": {"acceptance": {"reminders": list(moments)}}},
        operations={"notice": lambda *_: sent.append(1) or {}},
    )
    return Drive(draw(LADDER), host), sent


def test_a_ladder_fires_each_step_once_and_then_sleeps() -> None:
    run, sent = ladder(at(2, 1), at(2, 10), at(2, 20))
    (key,) = run.waits.timers
    for expected in (at(2, 1), at(2, 10), at(2, 20)):
        assert run.due("remind") == expected
        assert list(run.waits.timers) == [key]
        run.fire("remind")
    assert (len(sent), run.waits.timers, run.open) == (3, {}, ["a"])
    assert run.complete("a").ended == "completed e"


def test_reminders_that_are_past_when_the_task_is_entered_are_not_sent() -> None:
    run, _ = ladder(at(1, 1), at(1, 20), at(2, 20))
    assert run.due("remind") == at(2, 20)
    assert ladder(at(1, 1))[0].waits.timers == {}


def test_after_an_outage_one_firing_says_how_many_it_stands_for() -> None:
    run, sent = ladder(at(2, 1), at(2, 2), at(2, 3), at(3, 3))
    run.fire("remind", at=at(2, 20))
    assert (len(sent), run.due("remind")) == (1, at(3, 3))
    (note,) = [entry.note for entry in run.step.history if entry.event == "fired"]
    assert Sentence.read(note) == "另有 2 次在此前已到期，合并为这一次。"


def test_a_weekly_cycle_after_forty_days_fires_once() -> None:
    body = LADDER.replace("=deadline.acceptance.reminders", "R/P7D")
    sent: list[int] = []
    run = Drive(draw(body), StandIn(operations={"notice": lambda *_: sent.append(1) or {}}))
    run.fire("remind", later=timedelta(days=40))
    assert (len(sent), run.due("remind")) == (1, NOON + timedelta(days=42))
    assert [Sentence.read(entry.note) for entry in run.step.history if entry.event == "fired"] == [
        "另有 4 次在此前已到期，合并为这一次。"
    ]


def test_a_monthly_cycle_from_the_thirty_first_does_not_drift() -> None:
    body = LADDER.replace("=deadline.acceptance.reminders", "R3/P1M")
    run = Drive(draw(body), StandIn(operations={"notice": lambda *_: {}}))
    seen = []
    while run.waits.timers:
        seen.append(run.due("remind"))
        run.fire("remind")
    assert seen == [at(2, 28, 12), at(3, 31, 12), at(4, 30, 12)]


def test_moving_the_ledger_moves_what_has_not_fired() -> None:
    run, sent = ladder(at(2, 1), at(2, 10))
    run.fire("remind")
    facts = run.host.known["deadline"]
    facts["acceptance"]["reminders"] = [at(2, 1), at(3, 5)]  # type: ignore[index]
    run.refresh()
    assert run.due("remind") == at(3, 5)
    run.fire("remind")
    assert (len(sent), run.waits.timers) == (2, {})
    facts["acceptance"]["reminders"] = [at(3, 1), at(3, 4)]  # type: ignore[index]
    assert run.refresh().waits.timers == {}
    facts["acceptance"]["reminders"] = [at(3, 1), at(4, 4)]  # type: ignore[index]
    assert run.refresh().due("remind") == at(4, 4)
    assert len(sent) == 2


def test_a_deadline_that_does_not_exist_yet_sleeps_until_the_ledger_knows_it() -> None:
    body = (
        start()
        + user("a", '<zeebe:taskSchedule dueDate="=deadline.plan.due"/>')
        + boundary("late", "a", timer("timeDate", "=deadline.plan.fires_at"))
        + end()
        + end("f")
        + flows("s > a > e", "late > f")
    )
    host = StandIn(known={"deadline": {"plan": {"due": None, "fires_at": None}}})
    run = Drive(draw(body), host)
    assert run.waits.timers == {}
    host.known = {"deadline": {"plan": {"due": date(2026, 2, 5), "fires_at": at(2, 6, 0)}}}
    run.refresh()
    assert run.due("late") == at(2, 6, 0)
    (wait,) = run.waits.user_tasks.values()
    assert wait.due_at == datetime(2026, 2, 5, 23, 59, 59, tzinfo=SHANGHAI)
    host.known = {"deadline": {"plan": {"due": date(2026, 1, 5), "fires_at": at(1, 6, 0)}}}
    run.refresh()
    assert run.due("late") == at(1, 6, 0)
    assert run.fire("late", at=NOON).ended == "completed f"


def test_a_deadline_already_past_when_the_task_is_entered_fires_once() -> None:
    body = (
        start()
        + user("a")
        + boundary("late", "a", timer("timeDate", "=due"), interrupting=False)
        + user("b")
        + end()
        + end("f")
        + flows("s > a > e", "late > b > f")
    )
    run = Drive(draw(body), due=at(1, 1))
    assert run.due("late") == at(1, 1)
    run.fire("late", at=NOON)
    assert (run.open, run.waits.timers) == (["a", "b"], {})


def test_a_timer_that_cannot_be_evaluated_names_its_element() -> None:
    body = (
        start()
        + user("a")
        + boundary("late", "a", timer("timeDate", "=5"))
        + end()
        + end("f")
        + flows("s > a > e", "late > f")
    )
    with pytest.raises(ExpressionFailed) as caught:
        Drive(draw(body))
    assert caught.value.element_id == "late"
    assert "不是日期或时刻" in caught.value.reason
