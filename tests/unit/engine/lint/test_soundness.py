"""Soundness among the findings: said with its trace, once, and only where tokens can be followed."""

from __future__ import annotations

from app.engine.lint import lint_process
from tests.unit.engine.lint.files import END, START, VOCABULARY, file, flow, line, user

SPLIT = '<exclusiveGateway id="g" default="g_b"/>' + user("a") + user("b") + flow("g", "a", "=agreed") + flow("g", "b")
BODY = START + user("t") + SPLIT + '<parallelGateway id="j"/>' + END
JOINED = BODY + line("start", "t", "g") + line("a", "j", "end") + line("b", "j")


def test_a_choice_joined_as_if_parallel_gets_stuck() -> None:
    (found,) = lint_process(file(JOINED), VOCABULARY)
    assert (found.code, found.element_id, found.severity) == ("soundness-deadlock", "j", "error")
    assert found.values["trace"] in {("t", "g", "a"), ("t", "g", "b")}


def test_parallel_branches_that_run_together_run_the_rest_twice() -> None:
    body = (
        JOINED.replace("exclusiveGateway", "parallelGateway")
        .replace(' default="g_b"', "")
        .replace("<conditionExpression>=agreed</conditionExpression>", "")
    )
    doubled = body.replace('<parallelGateway id="j"/>', '<exclusiveGateway id="j"/>')
    assert lint_process(file(body), VOCABULARY) == ()
    assert [item.code for item in lint_process(file(doubled), VOCABULARY)] == ["soundness-unsynchronised"]


def test_what_another_rule_says_is_not_said_twice() -> None:
    lonely = file(START + user("t") + user("u") + END + line("start", "t", "end") + flow("u", "end"))
    assert [item.code for item in lint_process(lonely, VOCABULARY)] == ["unreachable"]


def test_where_flows_cannot_be_relied_on_soundness_waits() -> None:
    broken = file(JOINED + flow("nowhere", "end", own="lost"))
    assert [item.code for item in lint_process(broken, VOCABULARY)] == ["dangling-flow"]


def test_names_on_the_way_stay_on_one_line() -> None:
    (found,) = lint_process(file(JOINED.replace("填报", "填&#10;报\u202e")), VOCABULARY)
    assert "\n" not in found.message
    assert "\u202e" not in found.message
