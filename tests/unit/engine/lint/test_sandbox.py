"""Lint in a child process: the same findings, and one finding for what is too large, too slow or not there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from app.engine.lint import lint_process
from app.engine.lint.sandbox import SECONDS, lint_bytes, lint_file
from app.engine.lint.wire import vocabulary_from_json, vocabulary_to_json
from tests.unit.engine.lint.files import RIGHT, START, VOCABULARY, file, straight, user

if TYPE_CHECKING:
    from pathlib import Path

TEN_MEGABYTES = 10 * 1024 * 1024


def codes(source: bytes) -> set[str]:
    return {item.code for item in lint_bytes(source, VOCABULARY)}


def test_the_vocabulary_survives_the_journey() -> None:
    line = vocabulary_to_json(VOCABULARY)
    assert vocabulary_from_json(line) == VOCABULARY
    assert b"\n" not in line


def test_the_child_says_what_lint_says(tmp_path: Path) -> None:
    wrong = file(straight(user("t").replace("unit_clerk", "unit_clark")))
    (tmp_path / "right.bpmn").write_bytes(RIGHT)
    (tmp_path / "wrong.bpmn").write_bytes(wrong)
    assert lint_file(tmp_path / "right.bpmn", VOCABULARY) == ()
    assert lint_file(tmp_path / "wrong.bpmn", VOCABULARY) == lint_process(wrong, VOCABULARY)


def test_a_file_that_is_not_there_or_of_no_known_kind(tmp_path: Path) -> None:
    (tmp_path / "plan.docx").write_bytes(b"PK")
    assert [item.code for item in lint_file(tmp_path / "gone.bpmn", VOCABULARY)] == ["file-missing"]
    assert [item.code for item in lint_file(tmp_path, VOCABULARY)] == ["unknown-kind"]
    assert [item.code for item in lint_file(tmp_path / "plan.docx", VOCABULARY)] == ["unknown-kind"]


def test_a_decision_file_is_read_as_one(tmp_path: Path) -> None:
    (tmp_path / "route.dmn").write_bytes(RIGHT)
    assert [item.code for item in lint_file(tmp_path / "route.dmn", VOCABULARY)] == ["dmn-not-dmn"]


def test_more_than_ten_megabytes() -> None:
    assert codes(RIGHT + b" " * TEN_MEGABYTES) == {"file-too-large"}


def test_ten_megabytes_of_small_elements_are_one_finding_in_time() -> None:
    began = time.monotonic()
    body = "<a/>" * ((TEN_MEGABYTES - len(RIGHT)) // 4)
    assert codes(file(straight(user("t")) + body)) == {"too-tangled"}
    assert time.monotonic() - began < SECONDS + 1


def test_ten_megabytes_of_text_are_read() -> None:
    long = user("t").replace("填写计划表。", "长" * (3 * 1024 * 1024))
    assert codes(file(straight(long))) == {"documentation-too-long"}


def test_five_thousand_elements_are_one_finding() -> None:
    assert codes(file(START + "".join(user(f"t{n}") for n in range(5001)))) == {"too-tangled"}


def test_sixty_five_levels_are_one_finding() -> None:
    body = "".join(f'<subProcess id="s{n}">' for n in range(65)) + "</subProcess>" * 65
    assert codes(file(straight(body, "s0"))) == {"too-tangled"}


def test_a_child_that_takes_too_long_is_ended() -> None:
    began = time.monotonic()
    found = lint_bytes(RIGHT, VOCABULARY, seconds=0.05)
    assert [item.code for item in found] == ["too-tangled"]
    assert time.monotonic() - began < 2
