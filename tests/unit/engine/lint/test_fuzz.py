"""Fuzz: whatever the bytes or the drawing, lint answers with findings, and says the same twice."""

from __future__ import annotations

import os
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.engine.definition import parse_process
from app.engine.lint import lint_decision, lint_process
from tests.unit.engine.lint.files import RIGHT, VOCABULARY, extended, file, flow, user

LONG = os.environ.get("TEST_LONG") == "1"
"""`make test-long` lets the fuzzing take its time."""

FUZZ = settings(
    max_examples=20_000 if LONG else 150,
    deadline=timedelta(seconds=5),
    derandomize=not LONG,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

IDS = st.sampled_from(["a", "b", "c", "d", "start", "end", "p1", "", "a b", "f-1"])
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="<>&\"'\x00", exclude_categories=["Cc", "Cs"]), max_size=20
)
TAGS = st.sampled_from(
    [
        "userTask",
        "serviceTask",
        "scriptTask",
        "callActivity",
        "subProcess",
        "exclusiveGateway",
        "inclusiveGateway",
        "parallelGateway",
        "eventBasedGateway",
        "startEvent",
        "endEvent",
        "boundaryEvent",
        "intermediateCatchEvent",
        "receiveTask",
        "transaction",
    ]
)
EXTENSIONS = st.sampled_from(
    [
        "zeebe:assignmentDefinition candidateGroups",
        "zeebe:taskDefinition type",
        "zeebe:script expression",
        "zeebe:calledElement processId",
        "zeebe:taskSchedule dueDate",
        "zeebe:formDefinition formId",
    ]
)


@st.composite
def nodes(draw: st.DrawFn) -> str:
    tag, own, host = draw(TAGS), draw(IDS), draw(IDS)
    inside = f'<{draw(EXTENSIONS)}="{draw(st.sampled_from(["", "="]))}{draw(TEXTS)}"/>'
    loop = draw(st.sampled_from(["", "<multiInstanceLoopCharacteristics/>", "<timerEventDefinition/>"]))
    return f'<{tag} id="{own}" name="{draw(TEXTS)}" attachedToRef="{host}">{extended(inside)}{loop}</{tag}>'


@st.composite
def flows(draw: st.DrawFn) -> str:
    return flow(draw(IDS), draw(IDS), draw(st.sampled_from(["", "=", "="])) + draw(TEXTS), draw(IDS))


@FUZZ
@given(st.lists(nodes(), max_size=8), st.lists(flows(), max_size=12))
def test_any_drawing_gets_findings(drawn: list[str], joined: list[str]) -> None:
    findings = lint_process(file("".join(drawn + joined)), VOCABULARY)
    assert "check-failed" not in {item.code for item in findings}
    assert findings == lint_process(file("".join(drawn + joined)), VOCABULARY)
    if all(item.severity != "error" for item in findings):
        assert parse_process(file("".join(drawn + joined))).process_id == "p1"


@FUZZ
@given(st.binary(max_size=300))
def test_any_bytes_get_a_finding(source: bytes) -> None:
    assert [item.severity for item in lint_process(source, VOCABULARY)] == ["error"]
    assert "error" in {item.severity for item in lint_decision(source, VOCABULARY)}


@FUZZ
@given(st.integers(0, len(RIGHT) - 1), st.binary(min_size=1, max_size=4))
def test_a_right_file_with_other_bytes_in_it_never_breaks_lint(place: int, inserted: bytes) -> None:
    findings = lint_process(RIGHT[:place] + inserted + RIGHT[place:], VOCABULARY)
    assert "check-failed" not in {item.code for item in findings}


@FUZZ
@given(TEXTS)
def test_any_expression_is_read(text: str) -> None:
    body = '<startEvent id="s"/><exclusiveGateway id="g" default="d"/>' + user("t") + '<endEvent id="e"/>'
    joined = flow("s", "g") + flow("g", "t", "=" + text) + flow("g", "e", own="d") + flow("t", "e")
    findings = lint_process(file(body + joined), VOCABULARY)
    assert "check-failed" not in {item.code for item in findings}
