"""Every shipped diagram is read, written and accepted by the libraries of the desktop modeler, as its profile says."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from app.engine.repairs import converted
from tests.browser import every_element
from tests.unit.engine.test_camunda_7 import KEPT, OLD, as_a_file

ROOT = Path(__file__).parents[2]
DIAGRAMS = sorted((ROOT / "bpmn").glob("*.bpmn"))
PATIENCE = 120
"""Seconds that the judge may take on a busy machine."""

HANDED_OVER = ("propagateAllParentVariables", "true")
ACCEPTED = {
    (
        "camunda-compat/implementation",
        "must have a <Task definition type>",
    ): "a message that is thrown is sent by the engine itself, so no worker's type stands there (lint: throw-not-run)",
    (
        "camunda-compat/no-loop",
        "straight-through processing loop",
    ): "the lifecycle calls processes in a circle, and each of them waits for people",
}
"""Rule and part of its message → why the shipped diagrams may break it."""


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What zeebe-bpmn-moddle and @camunda/linting say of every diagram."""
    return judge(ROOT / "bpmn", tmp_path_factory.mktemp("judge") / "judge.mjs")


@pytest.fixture(scope="module")
def rewritten(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Diagrams of Camunda 7 that were rewritten, a diagram with every element, and what the libraries say of them."""
    folder = tmp_path_factory.mktemp("rewritten")
    for number, (there, _here) in enumerate(KEPT.values()):
        (folder / f"{number}.bpmn").write_text(converted(as_a_file(there, "Camunda 7"))[0], encoding="utf-8")
    (folder / "whole.bpmn").write_text(converted(OLD)[0], encoding="utf-8")
    (folder / "every.bpmn").write_text(every_element.diagram(), encoding="utf-8")
    return folder, judge(folder, tmp_path_factory.mktemp("judge") / "judge.mjs")


def judge(folder: Path, draft: Path) -> dict[str, Any]:
    """Return what the libraries of the desktop modeler say of each diagram in a folder."""
    node = Path(sys.executable).with_name("node")
    done = subprocess.run(  # noqa: S603 -- a script of ours
        [str(node), str(Path(__file__).with_name("camunda.mjs")), str(folder), str(draft)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def elements(source: bytes) -> Counter[tuple[object, ...]]:
    """Return every element of a file with its attributes and text, counted: what must survive reading and writing.

    Handing everything over is what a call does where it does not say, and is not written by the library.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return Counter(
        (one.tag, tuple(sorted(set(one.attrib.items()) - {HANDED_OVER})), (one.text or "").strip())
        for one in etree.fromstring(source, parser).iter(etree.Element)
    )


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_nothing_is_lost_by_reading_and_writing(judged: dict[str, Any], path: Path) -> None:
    found = judged[path.name]
    assert found["warnings"] == []
    assert elements(found["written"].encode()) == elements(path.read_bytes())


def test_what_was_rewritten_is_read_and_written_without_loss(rewritten: tuple[Path, dict[str, Any]]) -> None:
    folder, found = rewritten
    assert len(found) == len(KEPT) + 2
    for name, one in found.items():
        assert one["warnings"] == [], name
        assert elements(one["written"].encode()) == elements((folder / name).read_bytes()), name


def test_the_desktop_modeler_accepts_them_but_for_what_is_written_down(judged: dict[str, Any]) -> None:
    reports = [(name, report) for name, found in judged.items() for report in found["reports"]]
    used, wrong = set(), []
    for name, report in reports:
        reasons = [key for key in ACCEPTED if report["rule"] == key[0] and key[1] in report["message"]]
        used.update(reasons)
        if not reasons:
            wrong.append(f"{name} {report['id']} {report['rule']}: {report['message']}")
    assert not wrong, "\n".join(wrong)
    assert used == set(ACCEPTED)
    assert set(judged) == {path.name for path in DIAGRAMS}
