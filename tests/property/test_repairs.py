"""Every repair that is offered can be carried out: its finding goes, and the file has no more errors than before."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.engine.repairs import MENDABLE, mend, tried
from app.engine.repairs.offers import NAMING
from app.sandbox import findings_of
from tests.unit.engine.lint.cases import ADVICE, WRONG
from tests.unit.engine.lint.corpus import CONSTRUCTS, broken_files
from tests.unit.engine.lint.files import END, START, VOCABULARY, file, flow, line, user
from tests.unit.engine.lint.test_fuzz import LONG, flows, nodes
from tests.unit.engine.test_workshop_corpus import FORMS, TABLES, seeded

DRAWN = settings(
    max_examples=1500 if LONG else 60, deadline=None, derandomize=not LONG, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
CONDITIONS = ("", "=agreed", "=not(agreed)", "${agreed}", "=unknown_name", "=")


def is_true_of(source: bytes, kind: str = "bpmn") -> int:
    """Carry out every repair that is offered on a file; return how many there are."""
    findings = findings_of(source, kind, VOCABULARY)
    text = source.decode("utf-8", "replace")
    if findings_of(text.encode("utf-8", "surrogatepass"), kind, VOCABULARY) != findings:
        return 0  # bytes that are not the text of a file, which no editor sends
    errors = [one for one in findings if one.severity == "error"]
    offered = 0
    for one in tried(text, findings, VOCABULARY, kind=kind):
        if MENDABLE not in one.values:
            continue
        offered += 1
        done = mend(text, one.code, one.element_id, VOCABULARY, kind=kind)
        after = findings_of(done.text.encode("utf-8", "surrogatepass"), kind, VOCABULARY)
        same = [each for each in after if (each.code, each.element_id, each.message) ==
                (one.code, one.element_id, one.message)]  # fmt: skip
        worse = [each for each in after if each.severity == "error"]
        where = f"{one.code} at {one.element_id}\n{text}\n→\n{done.text}"
        assert not same, where
        if one.code not in NAMING:  # two elements under one name had their errors told once
            assert len(worse) <= len(errors), f"{where}\n{[each.message for each in worse]}"
    return offered


@pytest.mark.parametrize("case", WRONG + ADVICE, ids=lambda case: f"{case.code}@{case.element}")
def test_the_wrong_file_of_each_rule(case: object) -> None:
    is_true_of(case.source)  # type: ignore[attr-defined]


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_the_broken_files(construct: str) -> None:
    for _seed, source in list(broken_files(construct))[:2]:
        if len(source) < 20_000:
            is_true_of(source)


@pytest.mark.parametrize("construct", FORMS)
def test_the_broken_forms(construct: str) -> None:
    source = FORMS[construct](seeded(f"{construct} 0"))
    if len(source) < 20_000:
        is_true_of(source, "form")


@pytest.mark.parametrize("construct", TABLES)
def test_the_broken_tables(construct: str) -> None:
    source = TABLES[construct](seeded(f"{construct} 0"))
    if len(source) < 20_000:
        is_true_of(source, "dmn")


@DRAWN
@given(st.lists(nodes(), max_size=6), st.lists(flows(), max_size=9))
def test_any_drawing(drawn: list[str], joined: list[str]) -> None:
    is_true_of(file("".join(drawn + joined)))


@DRAWN
@given(
    st.lists(st.sampled_from(CONDITIONS), min_size=1, max_size=4),
    st.integers(-1, 4),
    st.sampled_from(["exclusiveGateway", "inclusiveGateway"]),
    st.booleans(),
)
def test_any_choice(conditions: list[str], default: int, gateway: str, ends: bool) -> None:
    named = f'default="w{default}"' if default >= 0 else ""
    ways = "".join(
        flow("g", "end" if ends and number == 1 else "b", text, f"w{number}") for number, text in enumerate(conditions)
    )
    body = START + user("a") + user("b") + f'<{gateway} id="g" name="同意？" {named}/>' + END
    is_true_of(file(body + line("start", "a", "g") + line("b", "end") + ways))


def test_a_flow_beside_the_default_offers_no_condition() -> None:
    """Nobody can say when it is to be taken: a button that refuses would be worse than none."""
    body = START + user("a") + user("b") + '<exclusiveGateway id="g" name="同意？" default="g_b"/>' + END
    source = file(body + line("start", "a", "g", "b", "end") + flow("g", "end"))
    found = {one.code: one for one in tried(source.decode(), findings_of(source, "bpmn", VOCABULARY), VOCABULARY)}
    assert MENDABLE not in found["flow-without-condition"].values
    other = file(body + line("start", "a", "g", "b", "end") + flow("g", "a", "=agreed") + flow("g", "end"))
    found = {one.code: one for one in tried(other.decode(), findings_of(other, "bpmn", VOCABULARY), VOCABULARY)}
    assert found["flow-without-condition"].values[MENDABLE] is True
