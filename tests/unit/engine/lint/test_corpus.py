"""Three hundred and more broken files: each gets findings in words, quickly, and none breaks lint itself."""

from __future__ import annotations

import time

import pytest

from app.engine.definition import parse_process
from app.engine.lint import lint_process
from tests.unit.engine.lint.cases import ADVICE, WRONG, Case
from tests.unit.engine.lint.corpus import CONSTRUCTS, EACH, HARMLESS, broken_files
from tests.unit.engine.lint.files import VOCABULARY

SECONDS_FOR_ONE = 5.0


def test_the_corpus_is_large_enough() -> None:
    assert len(set(CONSTRUCTS)) >= 25
    assert len(CONSTRUCTS) * EACH >= 300


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_broken_files_get_findings_in_words(construct: str) -> None:
    for seed, source in broken_files(construct):
        began = time.monotonic()
        findings = lint_process(source, VOCABULARY)
        assert time.monotonic() - began < SECONDS_FOR_ONE, seed
        assert "check-failed" not in {item.code for item in findings}, (seed, findings)
        if construct not in HARMLESS:
            assert "error" in {item.severity for item in findings}, seed
        for item in findings:
            assert item.message, seed
            assert item.message_en, seed
            assert "\n" not in item.message
            assert "\u202e" not in item.message
            assert len(item.message) < 1000


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_what_lint_lets_pass_the_engine_can_read(construct: str) -> None:
    for seed, source in broken_files(construct):
        if all(item.severity != "error" for item in lint_process(source, VOCABULARY)):
            assert parse_process(source).process_id == "p1", seed


@pytest.mark.parametrize("case", WRONG + ADVICE, ids=lambda case: case.code)
def test_what_lint_only_warns_of_the_engine_can_read(case: Case) -> None:
    if all(item.severity != "error" for item in lint_process(case.source, VOCABULARY)):
        assert parse_process(case.source).elements
