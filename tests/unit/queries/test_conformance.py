"""Token replay of recorded events on a drawing: what is on the path, what left it, and where."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from app.queries import diagram_graph
from app.queries.conformance import Event, deviations

HEAD = '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL">'
BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def drawing(elements: str, *flows: tuple[str, str]) -> diagram_graph.Graph:
    """Return a drawing of these elements, written as XML, and flows between them."""
    arrows = "".join(
        f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}"/>'
        for source, target in flows
    )
    process = f'<bpmn:process id="p" isExecutable="true">{elements}{arrows}</bpmn:process>'
    return diagram_graph.read(f"{HEAD}{process}</bpmn:definitions>")


def happened(*steps: str) -> Iterable[Event]:
    """Return events from `element` (passed at once), `+element` (entered) and `-element` (completed), keys by element.

    `element#2` is another token in the same element.
    """
    for number, step in enumerate(steps):
        sign, key = (step[0], step[1:]) if step[0] in "+-!" else ("", step)
        event = {"+": "entered", "!": "fired"}.get(sign, "completed")
        yield Event(key, key.partition("#")[0], "", event, BEGAN + timedelta(hours=number))


def left(graph: diagram_graph.Graph, *steps: str) -> list[tuple[str, str]]:
    """Return where the steps left the drawing."""
    return [(one.element_id, one.kind) for one in deviations(graph, happened(*steps))]


LINE = drawing(
    '<bpmn:startEvent id="s"/><bpmn:userTask id="a" name="填报"/><bpmn:exclusiveGateway id="x"/>'
    '<bpmn:userTask id="b" name="审核"/><bpmn:endEvent id="e"/>',
    ("s", "a"), ("a", "x"), ("x", "b"), ("x", "a"), ("b", "e"),
)  # fmt: skip


def test_a_record_on_the_path_has_no_deviation() -> None:
    assert left(LINE, "s", "+a", "-a", "x", "+b", "-b", "e") == []


def test_a_return_along_a_drawn_flow_is_on_the_path() -> None:
    assert left(LINE, "s", "+a", "-a", "x", "+a#2", "-a#2", "x#2", "+b", "-b", "e") == []


def test_a_skipped_step_is_found_where_the_record_comes_back() -> None:
    assert left(LINE, "s", "+b", "-b", "e") == [("b", "unexpected")]


def test_an_exclusive_gateway_leads_one_way_only() -> None:
    assert left(LINE, "s", "+a", "-a", "x", "+b", "+a#2") == [("a", "unexpected")]


def test_a_step_that_the_drawing_does_not_have_is_named_with_its_moment() -> None:
    (only,) = deviations(LINE, [*happened("s", "+a", "-a"), Event("k", "visit", "现场踏勘", "entered", BEGAN)])
    assert (only.element_id, str(only.name), only.kind, only.at) == ("visit", "现场踏勘", "undrawn", BEGAN)


PARALLEL = drawing(
    '<bpmn:startEvent id="s"/><bpmn:parallelGateway id="f"/><bpmn:userTask id="a"/><bpmn:userTask id="b"/>'
    '<bpmn:parallelGateway id="j"/><bpmn:endEvent id="e"/>',
    ("s", "f"), ("f", "a"), ("f", "b"), ("a", "j"), ("b", "j"), ("j", "e"),
)  # fmt: skip


def test_a_join_waits_for_every_branch() -> None:
    assert left(PARALLEL, "s", "f", "+a", "+b", "-b", "-a", "j", "e") == []
    assert left(PARALLEL, "s", "f", "+a", "+b", "-a", "j", "e") == [("j", "unexpected")]


MANY = drawing(
    '<bpmn:startEvent id="s"/><bpmn:userTask id="judge"><bpmn:multiInstanceLoopCharacteristics/></bpmn:userTask>'
    '<bpmn:boundaryEvent id="late" attachedToRef="judge" cancelActivity="false"/><bpmn:userTask id="urge"/>'
    '<bpmn:endEvent id="e"/>',
    ("s", "judge"), ("judge", "e"), ("late", "urge"),
)  # fmt: skip


def test_a_panel_sits_at_once() -> None:
    assert left(MANY, "s", "+judge", "+judge#2", "+judge#3", "-judge", "-judge#2", "-judge#3", "e") == []


def test_a_panel_without_members_leaves_no_trace() -> None:
    assert left(MANY, "s", "e") == []


def test_a_boundary_event_needs_the_activity_it_stands_on() -> None:
    assert left(MANY, "s", "+judge", "!late", "+urge", "!late", "+urge#2", "-judge", "e") == []
    assert left(MANY, "s", "!late", "+urge") == [("late", "unexpected")]
