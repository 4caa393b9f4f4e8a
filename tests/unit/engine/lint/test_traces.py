"""What cannot go well is shown with its way: every such finding names the elements that the editor plays as tokens."""

from __future__ import annotations

import pytest

from app.engine.lint import lint_process
from tests.unit.engine.lint.files import END, START, VOCABULARY, extended, file, flow, held, line, user

F04 = '<zeebe:assignmentDefinition candidateGroups="unit_clerk"/><zeebe:formDefinition formId="f04"/>'
SCRIPT = extended('<zeebe:script expression="=1" resultVariable="amount"/>')
COUNT = f'<scriptTask id="count" name="计数">{SCRIPT}</scriptTask>'
CHOICE = '<exclusiveGateway id="g" name="够了吗？" default="g_end"/>'
CASES = {
    "soundness-deadlock": file(
        START + '<exclusiveGateway id="g" name="？" default="g_b"/>' + user("t") + user("a") + user("b")
        + '<parallelGateway id="j"/>' + END + line("start", "t", "g") + flow("g", "a", "=agreed") + flow("g", "b")
        + line("a", "j", "end") + flow("b", "j")
    ),
    "soundness-no-end": file(
        START + user("t") + user("u") + '<exclusiveGateway id="g" name="？" default="g_t"/>' + user("v") + END
        + line("start", "t", "g") + flow("g", "t") + flow("g", "u", "=agreed") + flow("u", "t") + flow("v", "end")
    ),
    "circle-without-wait": file(
        START + user("t") + COUNT + CHOICE + END + line("start", "t", "count", "g", "end")
        + flow("g", "count", "=amount = 1")
    ),
    "circle-without-gateway": file(
        START + user("t") + user("u") + END + line("start", "t", "u", "t") + flow("u", "end", own="out")
    ),
    "recorder-predecessor": file(
        START + user("t") + held("r", F04) + held("o", F04.replace("f04", "f02")) + END
        + '<exclusiveGateway id="g" name="？" default="g_o"/>'
        + line("start", "t", "g", "o", "r", "end") + flow("g", "r", "=agreed")
    ),
}  # fmt: skip
WAYS = {
    "soundness-deadlock": ("t", "g"),
    "soundness-no-end": ("t",),
    "circle-without-wait": ("count", "g", "count"),
    "circle-without-gateway": ("t", "u", "t"),
    "recorder-predecessor": ("t", "g"),
}


@pytest.mark.parametrize("code", CASES)
def test_the_way_is_told(code: str) -> None:
    found = [one for one in lint_process(CASES[code], VOCABULARY) if one.code == code]
    assert found, [one.code for one in lint_process(CASES[code], VOCABULARY)]
    trace = tuple(str(step) for step in found[0].values["trace"])  # type: ignore[attr-defined]
    places = [trace.index(step) for step in dict.fromkeys(WAYS[code])]
    assert places == sorted(places), trace
    if code.startswith("circle"):
        assert trace == WAYS[code]


def test_a_task_that_nobody_can_hold() -> None:
    held_by_nobody = file(START + user("t").replace("unit_clerk", "drc_head") + END + line("start", "t", "end"))
    (found,) = [one for one in lint_process(held_by_nobody, VOCABULARY) if one.severity == "warning"]
    assert (found.code, found.element_id) == ("role-without-person", "t")
