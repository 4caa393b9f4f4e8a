"""The sandbox: the same findings from a warm child, one sentence for what is too much, and a child that is replaced."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app import sandbox
from app.engine.differences import compare
from app.engine.lint import Recorder, Vocabulary, lint_decision, lint_process
from app.engine.repairs import mend
from app.errors import DiagramNotExecutable, Finding, NotFound, Refused
from app.form_schema import lint_form
from app.sandbox import pool
from app.sandbox.wire import vocabulary_from_json, vocabulary_to_json
from tests.unit.engine.lint.corpus import BOMBS, condition
from tests.unit.engine.lint.files import RIGHT, START, VOCABULARY, file, straight, user
from tests.unit.engine.test_decision_coverage import table
from tests.unit.engine.test_workshop_corpus import FIELD, a_form

TEN_MEGABYTES = 10 * 1024 * 1024
WRONG = file(straight(user("t").replace("unit_clerk", "unit_clark")))
SLACK = 2.0
"""Seconds that a busy machine may take beside the limit."""


@pytest.fixture(autouse=True)
def _no_child_is_left() -> Iterator[None]:
    yield
    pool.end()


def codes(source: bytes, kind: str = "bpmn") -> set[str]:
    return {item.code for item in sandbox.lint(source, kind, VOCABULARY)}


def pids() -> list[int]:
    return [child.process.pid for child in pool._pool.idle]


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


# -- what is said ------------------------------------------------------------------------------------------------------


def test_the_vocabulary_survives_the_journey() -> None:
    line = vocabulary_to_json(VOCABULARY)
    assert vocabulary_from_json(line) == VOCABULARY
    assert b"\n" not in line


@pytest.mark.parametrize("source", [RIGHT, WRONG, b"", b"PK\x03\x04"], ids=["right", "wrong", "empty", "zip"])
def test_the_child_says_of_a_diagram_what_lint_says(source: bytes) -> None:
    assert sandbox.lint(source, "bpmn", VOCABULARY) == lint_process(source, VOCABULARY)


def test_the_child_says_of_forms_and_tables_what_lint_says() -> None:
    wrong = a_form({**FIELD, "type": "nothing"})
    assert sandbox.lint(wrong, "form", VOCABULARY) == lint_form(wrong) != ()
    gap = table(("&lt; 3", "1"))
    assert sandbox.lint(gap, "dmn", VOCABULARY) == lint_decision(gap, VOCABULARY) != ()


def test_a_form_without_what_its_recorder_needs() -> None:
    words = Vocabulary(recorders={"f": Recorder("f", fields=frozenset({"x", "passed"}))})
    (missing,) = [one for one in sandbox.lint(a_form(FIELD), "form", words) if one.severity == "error"]
    assert (missing.code, missing.values["missing"]) == ("recorder-field-missing", ["passed"])


def test_every_job_uses_the_vocabulary_that_it_was_given() -> None:
    other = Vocabulary(roles={})
    assert codes(RIGHT) == set()
    assert {one.code for one in sandbox.lint(RIGHT, "bpmn", other)} == {"unknown-role"}
    assert codes(RIGHT) == set()
    assert len(pids()) == 1


def test_mending_comparing_and_trying_in_the_child() -> None:
    text, right = WRONG.decode(), RIGHT.decode()
    assert sandbox.mend(text, "unknown-role", "t", "bpmn", VOCABULARY) == mend(text, "unknown-role", "t", VOCABULARY)
    assert sandbox.compare(text, right, "bpmn", VOCABULARY) == compare(text, right, "bpmn", VOCABULARY) != ()
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert sandbox.try_decision(table(("&lt; 3", "7")).decode(), {"v0": 2}, now=now) == 7
    with pytest.raises(NotFound):
        sandbox.mend(text, "no-such-finding", "t", "bpmn", VOCABULARY)
    with pytest.raises(DiagramNotExecutable, match="需要改正") as refused:
        sandbox.mend("no diagram", "unknown-role", "t", "bpmn", VOCABULARY)
    assert [one.code for one in refused.value.findings] == ["not-xml"]
    with pytest.raises(Refused, match="无法得出结果"):
        sandbox.try_decision(table(("&lt; 3", "7")).decode(), {}, now=now)
    assert len(pids()) == 1


def test_files_on_disk(tmp_path: Path) -> None:
    for name, content in (("right.bpmn", RIGHT), ("wrong.bpmn", WRONG), ("route.dmn", RIGHT), ("x.form", b"[]")):
        (tmp_path / name).write_bytes(content)
    (tmp_path / "plan.docx").write_bytes(b"PK")
    assert sandbox.lint_file(tmp_path / "right.bpmn", VOCABULARY) == ()
    assert sandbox.lint_file(tmp_path / "wrong.bpmn", VOCABULARY) == lint_process(WRONG, VOCABULARY)
    for name, code in (
        ("route.dmn", "dmn-not-dmn"), ("x.form", "form-not-schema"), ("gone.bpmn", "file-missing"),
        ("plan.docx", "unknown-kind"),
    ):  # fmt: skip
        assert [item.code for item in sandbox.lint_file(tmp_path / name, VOCABULARY)] == [code]
    assert [item.code for item in sandbox.lint_file(tmp_path, VOCABULARY)] == ["unknown-kind"]


# -- limits ------------------------------------------------------------------------------------------------------------


def test_more_than_ten_megabytes() -> None:
    assert codes(RIGHT + b" " * TEN_MEGABYTES) == {"file-too-large"}


def test_ten_megabytes_of_small_elements_are_one_finding_in_time() -> None:
    began = time.monotonic()
    body = "<a/>" * ((TEN_MEGABYTES - len(RIGHT)) // 4)
    assert codes(file(straight(user("t")) + body)) == {"too-tangled"}
    assert time.monotonic() - began < sandbox.SECONDS + SLACK


def test_ten_megabytes_of_text_are_read() -> None:
    long = user("t").replace("填写计划表。", "长" * (3 * 1024 * 1024))
    assert codes(file(straight(long))) == {"documentation-too-long"}


def test_five_thousand_elements_are_one_finding() -> None:
    assert codes(file(START + "".join(user(f"t{n}") for n in range(5001)))) == {"too-tangled"}


def test_sixty_five_levels_are_one_finding() -> None:
    body = "".join(f'<subProcess id="s{n}">' for n in range(65)) + "</subProcess>" * 65
    assert codes(file(straight(body, "s0"))) == {"too-tangled"}


def many_bombs(kind: str) -> bytes:
    """Return a form or table each of whose expressions takes the interpreter to its own limit of a second."""
    if kind == "dmn":
        return table(*[("count(for i in 1..100000000 return i) &gt; 0", str(n)) for n in range(40)])
    pattern = {**FIELD, "validate": {"pattern": "(a+)+$" + "b" * 40}}
    hidden = "=" + "(" * 180 + "1" + ")" * 180
    fields = [{**pattern, "id": f"i{n}", "key": f"k{n}", "conditional": {"hide": hidden + str(n)}} for n in range(450)]
    schema = {"type": "default", "id": "f", "schemaVersion": 19, "components": fields}
    return json.dumps(schema).encode()


@pytest.mark.parametrize("kind", ["form", "dmn"])
def test_forms_and_tables_are_held_to_the_limits_too(kind: str) -> None:
    began = time.monotonic()
    assert sandbox.lint(many_bombs(kind), kind, VOCABULARY)
    assert time.monotonic() - began < sandbox.SECONDS + SLACK


def test_a_try_that_takes_too_long_is_a_sentence() -> None:
    began = time.monotonic()
    with pytest.raises(Refused):
        sandbox.try_decision(many_bombs("dmn").decode(), {"v0": 2}, now=datetime(2026, 1, 1, tzinfo=UTC))
    assert time.monotonic() - began < sandbox.SECONDS + SLACK
    assert codes(RIGHT) == set()


def test_a_child_over_the_memory_limit_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    assert codes(RIGHT) == set()
    (before,) = pids()
    monkeypatch.setattr(pool, "MEGABYTES", 1)
    assert codes(RIGHT) == {"too-tangled"}
    assert gone(before)
    monkeypatch.undo()
    assert codes(RIGHT) == set()
    assert pids() != [before]


def test_the_system_refuses_memory_beyond_the_limit_even_where_nobody_watches() -> None:
    program = (
        "from app import feel; from app.sandbox.__main__ import _limit_memory; feel.check('1'); _limit_memory()\n"
        "kept = []\n"
        "try:\n"
        "    for _ in range(20): kept.append(b'x' * 50_000_000)\n"
        "except MemoryError:\n"
        "    print('refused', flush=True)\n"
        "import os; os._exit(0)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True, timeout=60)  # noqa: S603
    assert done.stdout == "refused\n"


# -- the child ---------------------------------------------------------------------------------------------------------


def test_the_child_stays_warm() -> None:
    codes(RIGHT)
    (first,) = pids()
    began = time.monotonic()
    for _ in range(5):
        assert codes(WRONG) == {"unknown-role"}
    assert pids() == [first]
    assert time.monotonic() - began < 2.5  # five starts would take as long as they are alone


def test_a_child_that_takes_too_long_is_ended_and_replaced() -> None:
    codes(RIGHT)
    (first,) = pids()
    began = time.monotonic()
    slow = file(straight(user("t")) + "<a/>" * 90_000)
    assert [item.code for item in sandbox.lint(slow, "bpmn", VOCABULARY, seconds=0.02)] == ["too-tangled"]
    assert time.monotonic() - began < SLACK
    assert gone(first)
    assert pids() == []
    assert codes(WRONG) == {"unknown-role"}


def test_a_child_that_somebody_ended_is_replaced() -> None:
    codes(RIGHT)
    child = pool._pool.idle[0]
    child.process.kill()
    child.process.wait()
    assert codes(WRONG) == {"unknown-role"}
    assert pids() != [child.process.pid]


def test_a_worn_child_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "MOST_JOBS", 2)
    codes(RIGHT)
    (first,) = pids()
    codes(RIGHT)
    assert pids() == []
    assert gone(first)
    assert codes(WRONG) == {"unknown-role"}


def test_many_threads_get_each_their_own_answer() -> None:
    answers: dict[int, tuple[Finding, ...]] = {}
    sources = {n: file(straight(user("t").replace("unit_clerk", f"nobody_{n}"))) for n in range(12)}

    def ask(number: int) -> None:
        answers[number] = sandbox.lint(sources[number], "bpmn", VOCABULARY)

    threads = [threading.Thread(target=ask, args=(number,)) for number in sources]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: lint_process(source, VOCABULARY) for number, source in sources.items()}
    assert len(pids()) == 1


def test_warming_starts_one_child_and_does_not_wait() -> None:
    pool.warm()
    (first,) = pids()
    pool.warm()
    assert pids() == [first]
    assert codes(RIGHT) == set()
    assert pids() == [first]


def test_a_child_ends_with_the_process_that_started_it() -> None:
    program = (
        "import os, sys; from app import sandbox\n"
        "from app.engine.lint import Vocabulary; from app.sandbox import pool\n"
        "sandbox.lint(b'x', 'bpmn', Vocabulary())\n"
        "print(pool._pool.idle[0].process.pid, flush=True)\n"
        "os.kill(os.getpid(), 9) if sys.argv[1] == 'killed' else None\n"
    )
    for how in ("quietly", "killed"):
        done = subprocess.run([sys.executable, "-c", program, how], capture_output=True, check=False, timeout=60)  # noqa: S603
        assert (done.returncode, done.stderr) == (0 if how == "quietly" else -9, b"")
        deadline = time.monotonic() + 5
        while not gone(int(done.stdout)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert gone(int(done.stdout))


def test_a_forked_process_asks_children_of_its_own() -> None:
    program = (
        "import os; from app.engine.lint import Vocabulary; from app import sandbox; from app.sandbox import pool\n"
        "ask = lambda: [one.code for one in sandbox.lint(b'x', 'bpmn', Vocabulary())]\n"
        "ask(); mine = pool._pool.idle[0].process.pid\n"
        "child = os.fork()\n"
        "same = ask() == ['not-xml'] and (pool._pool.idle[0].process.pid == mine) is bool(child)\n"
        "if not child: pool.end(); os._exit(0 if same else 7)\n"
        "print(same, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, text=True, timeout=60)  # noqa: S603
    assert (done.stdout, done.stderr) == ("True 0\n", "")
    assert os.getpid()


def test_a_bomb_in_a_condition_leaves_the_child_fit_for_the_next_job() -> None:
    for bomb in BOMBS:
        assert "too-tangled" not in codes(condition(bomb)), bomb[:40]
    assert codes(WRONG) == {"unknown-role"}
