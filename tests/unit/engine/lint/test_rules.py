"""Every rule has at least one file that it alone dislikes, and a right file is disliked by none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.engine.lint import RULES, lint_process
from tests.unit.engine.lint.cases import ADVICE, WRONG, Case
from tests.unit.engine.lint.files import RIGHT, VOCABULARY

if TYPE_CHECKING:
    from app.errors import Finding

SPOKEN_BY_THE_FEEL_READER = {"feel"}
"""Rules whose findings carry the codes of another reader (`feel-syntax` …)."""

SPENT = {"feel-unchecked", "feel-unreadable"}
"""Rules that speak when the time or the memory for expressions is spent, which no small file can do."""


def name_of(case: Case) -> str:
    return f"{case.code}@{case.element[:20]}"


def test_a_right_file_has_no_findings() -> None:
    assert lint_process(RIGHT, VOCABULARY) == ()


@pytest.mark.parametrize("case", WRONG, ids=name_of)
def test_a_wrong_file_gets_exactly_its_findings(case: Case) -> None:
    findings = [
        item for item in lint_process(case.source, VOCABULARY) if item.severity != "info" and is_of_a_rule(item)
    ]
    assert {item.code for item in findings} == {case.code} | case.also
    assert case.element in {item.element_id for item in findings if item.code == case.code}


@pytest.mark.parametrize("case", ADVICE, ids=name_of)
def test_a_right_file_that_could_be_better_gets_advice(case: Case) -> None:
    findings = lint_process(case.source, VOCABULARY)
    assert {item.severity for item in findings} == {"info"}
    assert case.element in {item.element_id for item in findings if item.code == case.code}


def test_every_rule_has_a_file() -> None:
    shown = {case.code for case in WRONG + ADVICE}
    assert set(RULES) - shown - SPOKEN_BY_THE_FEEL_READER - SPENT == set()


@pytest.mark.parametrize("case", WRONG + ADVICE, ids=name_of)
def test_every_finding_speaks_both_languages_and_is_filled_in(case: Case) -> None:
    for item in lint_process(case.source, VOCABULARY):
        assert speaks_chinese(item.message), item
        assert not speaks_chinese(item.message_en.replace("“", "").split("”")[-1]), item
        assert bool(item.hint) == bool(item.hint_en), item
        assert "%(" not in item.message + item.message_en + item.hint + item.hint_en, item


def test_severities_are_the_rules_own() -> None:
    for case in WRONG + ADVICE:
        for item in lint_process(case.source, VOCABULARY):
            if item.code in RULES:
                assert item.severity == RULES[item.code].severity


def test_findings_come_errors_first_and_in_the_order_of_the_file() -> None:
    case = next(case for case in WRONG if case.code == "duplicate-id")
    severities = [item.severity for item in lint_process(case.source, VOCABULARY)]
    assert severities == sorted(severities, key=["error", "warning", "info"].index)


def is_of_a_rule(found: Finding) -> bool:
    """Soundness may name the same mistake by its effect; test_soundness asks for that."""
    return not found.code.startswith("soundness-")


def speaks_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)
