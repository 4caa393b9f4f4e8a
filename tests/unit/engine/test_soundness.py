"""Soundness: what the check finds in small diagrams, and that it agrees with trying every order of steps."""

from __future__ import annotations

import random

import pytest

from app.engine.soundness import SoundnessReport, check_soundness
from app.engine.xml import parse_xml
from tests.unit.engine.random_graphs import BPMN, block_graph, sound_by_full_interleaving

KINDS = {
    "s": "startEvent",
    "e": "endEvent",
    "t": "userTask",
    "x": "exclusiveGateway",
    "a": "parallelGateway",
    "o": "inclusiveGateway",
}


def check(flows: str, extra: str = "", *, markings: int = 100_000, seconds: float = 2.0) -> SoundnessReport:
    """`"s1 t1, t1 e1"` draws flows between nodes whose first letter tells their kind; `extra` is XML beside them."""
    pairs = [pair.split() for pair in flows.split(",")]
    names = dict.fromkeys(name for pair in pairs for name in pair)
    nodes = "".join(f'<{KINDS[n[0]]} id="{n}" name="名{n}"/>' for n in names if n[0] in KINDS)
    drawn = "".join(f'<sequenceFlow id="f{i}" sourceRef="{a}" targetRef="{b}"/>' for i, (a, b) in enumerate(pairs))
    source = f'<definitions xmlns="{BPMN}"><process id="p">{nodes}{drawn}{extra}</process></definitions>'
    (process,) = parse_xml(source.encode())
    return check_soundness(process, markings=markings, seconds=seconds)


def found(report: SoundnessReport) -> list[tuple[str, str, str]]:
    return [(each.code.removeprefix("soundness-"), each.element_id, each.severity) for each in report.findings]


def boundary(name: str, host: str, *, interrupting: bool = True) -> str:
    cancels = str(interrupting).lower()
    attributes = f'id="{name}" attachedToRef="{host}" cancelActivity="{cancels}"'
    return f"<boundaryEvent {attributes}><timerEventDefinition/></boundaryEvent>"


@pytest.mark.parametrize(
    "flows",
    [
        "s t1, t1 e",
        "s x1, x1 t1, x1 t2, t1 x2, t2 x2, x2 e",
        "s a1, a1 t1, a1 t2, t1 a2, t2 a2, a2 e",
        "s a1, a1 t1, a1 t2, t1 e, t2 e",
        "s o1, o1 t1, o1 t2, t1 o2, t2 o2, o2 e",
        "s x1, x1 t1, t1 x2, x2 x1, x2 e",
        "s a1, a1 o1, o1 t1, o1 t2, t1 o2, t2 o2, o2 a2, a1 t3, t3 a2, a2 e",
    ],
)
def test_sound_diagrams(flows: str) -> None:
    report = check(flows)
    assert report.findings == ()
    assert report.complete


def test_a_choice_joined_in_parallel_gets_stuck() -> None:
    report = check("s x1, x1 t1, x1 t2, t1 a1, t2 a1, a1 e")
    assert found(report) == [("deadlock", "a1", "error")]
    (one,) = report.findings
    assert one.message == "流程会停在“名a1”：它等待的另一条路线不会再有人走到。经过：名s → 名x1 → 名t1。".replace(
        "名s → ", ""
    )
    assert one.values["trace"] == ("x1", "t1")


def test_parallel_branches_that_merge_run_twice() -> None:
    report = check("s a1, a1 t1, a1 t2, t1 x1, t2 x1, x1 t3, t3 e")
    assert found(report) == [("unsynchronised", "x1", "error")]


def test_two_flows_into_a_task_are_a_merge_too() -> None:
    assert found(check("s a1, a1 t1, a1 t2, t1 t3, t2 t3, t3 e")) == [("unsynchronised", "t3", "error")]


def test_a_circle_without_a_way_out() -> None:
    report = check("s x1, x1 t1, t1 x2, x2 t2, t2 x1, x1 t3, t3 x3, x3 t4, t4 x3, x2 e")
    assert found(report) == [("no-end", "t3", "error")]


def test_a_loop_that_can_be_left_only_into_a_deadlock_names_the_deadlock() -> None:
    report = check("s x1, x1 t1, t1 x2, x2 x1, x2 a1, x2 a1, a1 e")
    assert [code for code, _, _ in found(report)] == ["deadlock"]


def test_an_element_that_nothing_leads_to() -> None:
    assert found(check("s t1, t1 e, t2 e")) == [("dead", "t2", "warning")]


def test_a_branch_that_a_loop_opens_again_and_again() -> None:
    report = check("s x1, x1 a1, a1 t1, t1 e1, a1 t2, t2 x2, x2 x1, x2 e2")
    assert found(report) == [("repeated", "e1", "warning")]


def test_an_interrupting_boundary_is_a_choice() -> None:
    flows = "s t1, t1 x1, b1 t2, t2 x1, x1 e"
    assert found(check(flows, boundary("b1", "t1"))) == []
    parallel = "s t1, t1 a1, b1 t2, t2 a1, a1 e"
    assert found(check(parallel, boundary("b1", "t1"))) == [("deadlock", "a1", "error")]


def test_a_side_branch_with_an_end_of_its_own_is_sound() -> None:
    assert found(check("s t1, t1 e, b1 t2, t2 e2", boundary("b1", "t1", interrupting=False))) == []


def test_a_side_branch_may_not_run_into_the_main_flow() -> None:
    report = check("s t1, t1 x1, b1 t2, t2 x1, x1 t3, t3 e", boundary("b1", "t1", interrupting=False))
    assert found(report) == [("side-branch", "x1", "error")]


def test_a_side_branch_is_examined_itself() -> None:
    report = check("s t1, t1 e, b1 x1, x1 t2, x1 t3, t2 a1, t3 a1, a1 e2", boundary("b1", "t1", interrupting=False))
    assert ("deadlock", "a1", "error") in found(report)


def test_a_terminate_end_takes_the_other_tokens_along() -> None:
    end = '<endEvent id="T"><terminateEventDefinition/></endEvent>'
    assert found(check("s a1, a1 t1, a1 t2, t1 T, t2 a2, a1 a2, a2 e", end)) == []
    # It clears what waits, but only if it comes: the deadlock of the other order is still told.
    assert found(check("s x1, x1 a2, x1 T, a3 a2, a2 e", end))[0] == ("deadlock", "a2", "error")


def test_sub_processes_are_checked_by_themselves() -> None:
    nodes = '<startEvent id="i1"/><exclusiveGateway id="i2"/><parallelGateway id="i3"/><endEvent id="i4"/>'
    pairs = (("i1", "i2"), ("i2", "i3"), ("i2", "i3"), ("i3", "i4"))
    flows = "".join(f'<sequenceFlow id="g{n}" sourceRef="{a}" targetRef="{b}"/>' for n, (a, b) in enumerate(pairs))
    report = check("s phase, phase e", f'<subProcess id="phase">{nodes}{flows}</subProcess>')
    assert found(report) == [("deadlock", "i3", "error")]


def test_every_start_is_tried() -> None:
    assert found(check("s1 t1, s2 t2, t1 a1, t2 a1, a1 e")) == [("deadlock", "a1", "error")]
    assert found(check("s1 t1, s2 t2, t1 x1, t2 x1, x1 e")) == []


def test_a_bound_that_is_reached_says_unknown() -> None:
    flows = "s a1, a2 e" + "".join(f", a1 x{i}, x{i} t{i}, t{i} x{i}1, x{i}1 x{i}, x{i}1 a2" for i in range(1, 9))
    report = check(flows, markings=500)
    assert not report.complete
    assert report.markings == 500
    assert found(report) == [("unknown", "p", "info")]
    assert not check(flows, seconds=0.0).complete


def test_a_split_that_is_too_wide_says_unknown() -> None:
    report = check("s o1, o2 e" + "".join(f", o1 t{i}, t{i} o2" for i in range(12)))
    assert (report.complete, report.markings) == (False, 0)


def test_independent_branches_do_not_multiply() -> None:
    flows = "s a1, a2 e" + "".join(f", a1 t{i}0, t{i}0 t{i}1, t{i}1 t{i}2, t{i}2 a2" for i in range(30))
    report = check(flows)
    assert report.findings == ()
    assert report.markings < 130


def test_a_diagram_without_start_or_without_anything() -> None:
    assert found(check("t1 e")) == []
    (process,) = parse_xml(f'<definitions xmlns="{BPMN}"><process id="p"/></definitions>'.encode())
    assert check_soundness(process).findings == ()


def test_sentences_are_finished() -> None:
    report = check("s x1, x1 t1, x1 t2, t1 a1, t2 a1, a1 e, t9 e")
    assert {each.code for each in report.findings} == {"soundness-deadlock", "soundness-dead"}
    for each in report.findings:
        assert "%(" not in each.message + each.message_en + each.hint + each.hint_en


@pytest.mark.parametrize(("seed", "kinds"), [(1, ("xor", "and", "loop")), (2, ("xor", "and", "or", "loop"))])
def test_it_agrees_with_full_interleaving(seed: int, kinds: tuple[str, ...]) -> None:
    chance = random.Random(seed)  # noqa: S311 -- a fixed seed is wanted
    verdicts = {True: 0, False: 0}
    for _ in range(150):
        graph = block_graph(chance, kinds=kinds)
        expected = sound_by_full_interleaving(graph, markings=1500)
        (process,) = parse_xml(graph.xml())
        report = check_soundness(process, markings=5000)
        if expected is None or not report.complete:
            continue
        faults = [each for each in report.findings if each.code not in {"soundness-dead", "soundness-unknown"}]
        assert (not faults) == expected, (graph, faults)
        verdicts[expected] += 1
    assert verdicts[True] > 60
    assert verdicts[False] > 20
