"""Lint of DMN files: every finding names its element, and no bytes make it raise."""

from __future__ import annotations

import random

import pytest

from app.engine.decisions import decision_findings
from tests.unit.engine.dmn_files import DMN, LEVELS, Row, decision, file, literal, requires, table


def found(source: str) -> list[tuple[str, str, str]]:
    return [(each.code, each.element_id, each.severity) for each in decision_findings(source.encode())]


def of(logic: str) -> list[tuple[str, str, str]]:
    return found(file(decision(logic)))


def test_a_sound_table_has_no_finding() -> None:
    assert of(table(LEVELS)) == []


@pytest.mark.parametrize(
    ("logic", "finding"),
    [
        (table(LEVELS, policy="SOMETIMES"), ("dmn-hit-policy", "table", "error")),
        (table(LEVELS, policy="COLLECT", aggregation="MEDIAN"), ("dmn-aggregation", "table", "error")),
        (table(LEVELS, aggregation="SUM"), ("dmn-aggregation-policy", "table", "error")),
        (
            table([(["1"], ["1", "2"])], policy="COLLECT", aggregation="SUM", outputs=(("a", "", ""), ("b", "", ""))),
            ("dmn-aggregation-outputs", "table", "error"),
        ),
        (table(LEVELS, policy="PRIORITY"), ("dmn-priority-values", "table", "error")),
        (table([([], ["1"])], inputs=()), ("dmn-no-input", "table", "error")),
        (table([(["1"], [])], outputs=()), ("dmn-no-output", "table", "error")),
        (table(LEVELS, inputs=("",)), ("dmn-input-empty", "in_0", "error")),
        (table(LEVELS, inputs=("today",)), ("feel-bare-function", "in_0", "error")),
        (table([(["1"], ["1", "2"])], outputs=(("a", "", ""), ("a", "", ""))), ("dmn-output-name", "out_0", "error")),
        (table([]), ("dmn-no-rules", "table", "warning")),
        (table([(["1"], ["1", "2"])]), ("dmn-rule-width", "rule_0", "error")),
        (table([(["1 +"], ["1"])]), ("feel-syntax", "inputEntry_0_0", "error")),
        (table([(["1"], ["+"])]), ("feel-syntax", "outputEntry_0_0", "error")),
        (table([(['"2026-01-01"'], ["1"])]), ("feel-iso-string-comparison", "inputEntry_0_0", "error")),
        (table([(["1"], ["1"]), (["1"], ["2"])]), ("dmn-rule-repeated", "rule_1", "error")),
        (table([(["1"], ["1"]), (["-"], ["2"])]), ("dmn-rule-overlaps", "rule_1", "warning")),
        (table([([""], ["1"]), (["3"], ["2"])], policy="FIRST"), ("dmn-rule-unreachable", "rule_1", "warning")),
        (
            table([(["1"], ['"c"'])], policy="PRIORITY", outputs=(("a", '"a", "b"', ""),)),
            ("dmn-unlisted-priority", "outputEntry_0_0", "error"),
        ),
        (table([(["1"], ['"c"'])], outputs=(("a", '"a", "b"', ""),)), ("dmn-unlisted", "outputEntry_0_0", "warning")),
        ("<context id='c'/>", ("dmn-unsupported", "d", "error")),
        ("", ("dmn-no-logic", "d", "error")),
        (literal("1", language="python"), ("dmn-language", "l", "error")),
        (literal("1 +"), ("feel-syntax", "l", "error")),
        (requires("d9") + table(LEVELS), ("dmn-requirement-unknown", "d", "error")),
        (requires("d") + table(LEVELS), ("dmn-requirement-cycle", "d", "error")),
    ],
)  # fmt: skip
def test_each_finding(logic: str, finding: tuple[str, str, str]) -> None:
    assert finding in of(logic)


def test_two_decisions_with_one_id() -> None:
    source = file(decision(table(LEVELS)), decision(literal("1")))
    assert ("dmn-duplicate-id", "d", "error") in found(source)


def test_a_decision_without_id() -> None:
    codes = [code for code, _, _ in found(file(decision(table(LEVELS), key="")))]
    assert codes == ["dmn-decision-without-id"]


def test_all_findings_of_a_file_come_at_once() -> None:
    logic = table([(["<"], ["+"]), (["1"], [])], policy="X", inputs=("today",))
    assert [code for code, _, _ in of(logic)] == [
        "dmn-hit-policy",
        "feel-bare-function",
        "feel-syntax",
        "feel-syntax",
        "dmn-rule-width",
    ]


def test_sentences_are_finished_in_both_languages() -> None:
    (one,) = decision_findings(file(decision(table([(["1 +"], ["1"])]))).encode())
    assert one.message == "“1 +”：表达式有语法错误：第 1 行第 4 字处。"
    assert one.message_en == "“1 +”: The expression has a syntax error at line 1, column 4."


def test_another_kind_of_xml() -> None:
    assert [code for code, _, _ in found("<a/>")] == ["dmn-not-dmn"]
    assert [code for code, _, _ in found(f'<definitions xmlns="{DMN}"/>')] == ["dmn-no-decision"]


def test_no_bytes_make_it_raise() -> None:
    whole = file(decision(table(LEVELS))).encode()
    chance = random.Random(20261123)  # noqa: S311 -- a fixed seed is wanted
    for _ in range(150):
        broken = bytearray(whole)
        for _ in range(chance.randint(1, 12)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        for each in decision_findings(bytes(broken)):
            assert each.message
            assert each.message_en
    assert [each.severity for each in decision_findings(b"")] == ["error"]


def test_a_rule_without_conditions_is_not_a_crash() -> None:
    rows: list[Row] = [([], ["1"])]
    assert ("dmn-rule-width", "rule_0", "error") in of(table(rows))
