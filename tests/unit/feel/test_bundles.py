"""Browser and server run one FEEL: both bundles give the same answer to every expression."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from app import feel
from app.feel import isolate
from app.feel.values import encode
from tests.unit.feel.expressions import CONTEXT, EXPRESSIONS, NOW

SCRIPT = Path(__file__).parent / "browser_bundle.mjs"


@cache
def browser() -> Any:
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    assert node is not None, "node is missing: run `make build`"
    request = {"context": encode(CONTEXT), "now": NOW.isoformat(), "expressions": EXPRESSIONS}
    done = subprocess.run(  # noqa: S603 -- our own script
        [node, str(SCRIPT)],
        input=json.dumps(request),
        env={"TZ": "America/Los_Angeles", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def server() -> list[dict[str, object]]:
    request = {"context": encode(CONTEXT), "now": NOW.isoformat(), "jobs": [{"e": each} for each in EXPRESSIONS]}
    answers = isolate.call("run", request)
    assert isinstance(answers, list)
    return answers


def test_there_are_two_hundred_different_expressions() -> None:
    assert len(EXPRESSIONS) == len(set(EXPRESSIONS)) >= 200


def test_both_bundles_agree_on_every_expression() -> None:
    plain = [{key: value for key, value in answer.items() if key in {"v", "x"}} for answer in server()]
    differences = {
        expression: (ours, theirs)
        for expression, ours, theirs in zip(EXPRESSIONS, plain, browser()["answers"], strict=True)
        if ours != theirs
    }
    assert differences == {}


def test_form_js_is_bundled_with_the_one_feelin() -> None:
    folders = {file.rsplit("node_modules/", 1)[1].split("/dist")[0] for file in browser()["files"]}
    assert folders == {"feelin"}


def test_the_date_that_the_versions_disagreed_on() -> None:
    index = EXPRESSIONS.index('date("2026-11-24T00:00:00+08:00")')
    assert browser()["answers"][index] == {"v": {"$t": "date", "v": "2026-11-24"}}


def test_only_the_texts_that_do_not_parse_fail() -> None:
    outcomes = feel.evaluate_all(EXPRESSIONS, CONTEXT, now=NOW, strict=False)
    failed = [text for text, value in zip(EXPRESSIONS, outcomes, strict=True) if isinstance(value, feel.FeelError)]
    assert failed == ["a +", "1 2", "(a", '"open']
