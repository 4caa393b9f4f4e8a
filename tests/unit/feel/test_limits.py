"""What an expression cannot do: run on, fill the memory, reach JavaScript, or disturb other threads and processes."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest

from app import feel
from app.clock import SHANGHAI
from app.feel import FeelError, isolate
from app.feel.tables import FeelTable
from tests.unit.feel.expressions import NOW

ROOT = Path(__file__).parents[3]


def failure(expression: str, **context: object) -> FeelError:
    with pytest.raises(FeelError) as caught:
        feel.evaluate(expression, context, now=NOW)
    return caught.value


def in_a_process_of_its_own(script: str, folder: Path = ROOT) -> str:
    done = subprocess.run(  # noqa: S603 -- our own words
        [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("for i in 1..2000000000 return 1 / 0", ""),
        ("some x in 1..100000, y in 1..100000 satisfies x + y < 0", ""),
        ('matches(s, "^(a+)+$")', "a" * 40 + "b"),
        ('matches(s, "^(([a-z])+.)+[A-Z]([a-z])+$")', "a" * 60),
        ("count(for i in 1..3000, j in 1..3000 return i * j)", ""),
    ],
)
def test_an_endless_expression_ends_at_a_limit(expression: str, text: str) -> None:
    started = time.monotonic()
    error = failure(expression, s=text)
    assert time.monotonic() - started < 8
    assert "已中止" in str(error)
    assert error.expression == expression
    assert feel.evaluate("1 + 1", {}, now=NOW) == 2


STARVED = """
import sys, time
from app import feel
from app.clock import wall_now
from app.feel import isolate
SLOW = 'matches(s, "^(a+)+$")'
def seconds(length):
    began = isolate._state.engine._cpu_used()
    feel.evaluate(SLOW, {"s": "a" * length + "b"}, now=wall_now())
    return isolate._state.engine._cpu_used() - began
feel.evaluate("1", {}, now=wall_now())
length = 12
while seconds(length) < 0.2:
    length += 1
print("ready", flush=True)
began = time.monotonic()
try:
    print(feel.evaluate(SLOW, {"s": "a" * int(sys.argv[1] or length) + "b"}, now=wall_now()))
except feel.FeelError as stopped:
    print(stopped)
print(time.monotonic() - began)
"""
"""A process that evaluates something; told that it is ready, we take the CPU away from it."""


def starved(length: str, seconds: float) -> tuple[str, float]:
    """Return what came of a match in a process that stood still meanwhile, and the seconds that it took.

    `length` is that of the text; without it, it is one that takes a fifth of a second.
    """
    command = [sys.executable, "-c", STARVED, length]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 -- ours
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.05)
        process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        process.send_signal(signal.SIGCONT)
        answer, taken = process.communicate(timeout=60)[0].splitlines()
    return answer, float(taken)


def test_a_process_without_cpu_does_not_stop_an_innocent_expression() -> None:
    answer, taken = starved("", 1.5)
    assert (answer, taken > 1.5) == ("False", True)


def test_a_process_without_cpu_stops_a_bomb_all_the_same() -> None:
    answer, taken = starved("40", 1.5)
    assert answer == '表达式“matches(s, "^(a+)+$")”的计算超过 1 秒，已中止。'
    assert taken > 2


def test_a_bomb_gets_one_second_of_cpu() -> None:
    feel.evaluate("1", {}, now=NOW)
    engine = isolate._state.engine
    assert engine is not None
    began = engine._cpu_used()
    assert "已中止" in str(failure('matches(s, "^(a+)+$")', s="a" * 40 + "b"))
    assert 0.9 < engine._cpu_used() - began < 1.5


TIDYING = "Number.isFinite = () => { for (;;); };"
"""What an isolate does that is busy with something else whenever a number is answered."""


def test_a_plain_name_is_asked_once_more_of_a_fresh_isolate() -> None:
    feel.evaluate("1", {}, now=NOW)
    spent = isolate._state.engine
    assert spent is not None
    spent.run(TIDYING)
    assert feel.evaluate("= x", {"x": 7}, now=NOW) == 7
    assert isolate._state.engine is not spent


def test_what_is_more_than_a_name_is_not_asked_again() -> None:
    feel.evaluate("1", {}, now=NOW)
    spent = isolate._state.engine
    assert spent is not None
    spent.run(TIDYING)
    try:
        assert str(failure("x + 1", x=7)) == "表达式“x + 1”的计算超过 1 秒，已中止。"
        assert isolate._state.engine is spent
    finally:
        isolate._state.engine = None
        spent.close()


def test_a_plain_name_that_takes_as_long_in_the_fresh_isolate_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feel.evaluate("1", {}, now=NOW)
    first = isolate._state.engine
    assert first is not None
    first.run(TIDYING)
    bundle = tmp_path / "feelin.js"
    bundle.write_text(isolate.BUNDLE.read_text(encoding="utf-8") + ";" + TIDYING, encoding="utf-8")
    monkeypatch.setattr(isolate, "BUNDLE", bundle)
    try:
        assert str(failure("x", x=7)) == "表达式“x”的计算超过 1 秒，已中止。"
    finally:
        second, isolate._state.engine = isolate._state.engine, None
        assert second is not None
        second.close()
    assert second is not first


def test_a_time_out_names_the_one_of_many() -> None:
    slow = 'matches(s, "^(a+)+$")'
    with pytest.raises(FeelError) as caught:
        feel.evaluate_all(["1", slow, "2"], {"s": "a" * 40 + "b"}, now=NOW)
    assert str(caught.value) == f"表达式“{slow}”的计算超过 1 秒，已中止。"


def test_a_time_out_in_a_table_names_the_cell() -> None:
    slow = 'matches(?, "^(a+)+$")'
    table = FeelTable(("s",), (((slow,), ("1",)),))
    with pytest.raises(FeelError) as caught:
        feel.evaluate_table(table, {"s": "a" * 40 + "b"}, now=NOW)
    assert caught.value.expression == slow


@pytest.mark.parametrize(
    "expression",
    [
        "{f: function(n, f) f(n + 1, f)}.f(1, function(n, f) f(n + 1, f))",
        "for i in 1..2 return partial",
        "-" * 4000 + "1",
        "[" * 2000 + "]" * 2000,
    ],
)  # fmt: skip
def test_depth_is_an_error_not_a_crash(expression: str) -> None:
    assert failure(expression).expression == expression
    assert feel.evaluate("1 + 1", {}, now=NOW) == 2


def test_depth_does_not_crash_lint() -> None:
    for text in ("(" * 2000 + "1" + ")" * 2000, "-" * 4000 + "1", "a." * 2000 + "b", "if " * 1500):
        assert [each.code for each in feel.check(text)] in (["too-complex"], ["syntax"], [])
        assert isinstance(feel.names(text), frozenset)


BOMB = "for i in 1..2000 return upper case(s)"
"""400 MB within a third of a second: memory is the limit that stops it, on a busy machine too."""


def test_a_spent_isolate_is_replaced_and_counted() -> None:
    before = feel.replacements()
    with pytest.raises(feel.FeelError) as error:
        feel.evaluate(BOMB, {"s": "x" * 200_000}, now=NOW)
    assert str(error.value) == "表达式占用内存超过 64 MB，已中止。"
    assert feel.replacements() > before
    assert feel.evaluate("x + 1", {"x": 1}, now=NOW) == 2


def test_a_process_that_lost_many_isolates_says_so() -> None:
    script = """
from app import feel
from app.clock import wall_now
for _ in range(6):
    assert not feel.exhausted()
    try:
        feel.evaluate("for i in 1..2000 return upper case(s)", {"s": "x" * 200_000}, now=wall_now())
    except feel.FeelError:
        pass
print(feel.replacements(), feel.exhausted())
"""
    assert in_a_process_of_its_own(script) == "6 True\n"


@pytest.mark.parametrize(
    "expression",
    [
        "x.__proto__",
        "x.constructor",
        "x.constructor.constructor",
        'x.constructor.constructor("return 1")()',
        "x.toString",
        "x.hasOwnProperty",
        "x.__defineGetter__",
        "s.length",
        "s.constructor",
        "xs.constructor",
        "xs.push",
        "xs.length",
        "today.constructor",
        "today().constructor",
        "today().value.constructor",
        "today().value.calendarId.constructor",
        "globalThis",
        "globalThis.feel",
        "feel",
        "process",
        "require",
        "this",
        "Object",
        "Function",
        'Function("return 1")()',
        'eval("1")',
        "__proto__",
        "constructor",
        "sum.constructor",
        "(function(a) a).constructor",
        "(function(a) a).fn",
        "sum.fn",
        'get value(x, "__proto__").constructor',
        'get value(x, "constructor").name',
    ],
)
def test_javascript_is_out_of_reach(expression: str) -> None:
    context = {"x": {"a": 1}, "s": "text", "xs": [1]}
    assert isinstance(feel.evaluate_all([expression], context, now=NOW)[0], FeelError)
    loose = feel.evaluate_all([expression], context, now=NOW, strict=False)[0]
    assert loose in (None, [None]) or isinstance(loose, FeelError)


def test_a_key_that_names_the_prototype_changes_nothing() -> None:
    context = {"x": {"__proto__": {"admin": True}, "a": 1}, "__proto__": {"admin": True}, "constructor": 1}
    assert feel.evaluate("x.admin", context, now=NOW, strict=False) is None
    assert feel.evaluate("admin", context, now=NOW, strict=False) is None
    assert isinstance(failure('context put({a: 1}, "__proto__", {polluted: 1})'), FeelError)
    assert feel.evaluate("{}.polluted", {}, now=NOW, strict=False) is None


def test_one_evaluation_leaves_nothing_for_the_next() -> None:
    feel.evaluate("{secret: x, y: secret}", {"x": 42}, now=NOW)
    assert feel.evaluate_all(["secret", "x", "y"], {}, now=NOW, strict=False) == [None, None, None]


def test_a_text_too_long_is_refused_before_it_is_run() -> None:
    assert "超过 5000 个字符" in str(failure("1 + " * 6000 + "1"))


def test_eight_threads_get_their_own_answers() -> None:
    def work(number: int) -> list[object]:
        moment = datetime(2026, 1, 1 + number, 12, tzinfo=SHANGHAI)
        answers = [feel.evaluate("x * 1000 + i", {"x": number, "i": i}, now=moment) for i in range(40)]
        return [*answers, feel.evaluate("today().day", {}, now=moment)]

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(work, range(8)))
    assert results == [[*(number * 1000 + i for i in range(40)), 1 + number] for number in range(8)]


def test_a_slow_thread_does_not_time_the_others_out() -> None:
    def work(number: int) -> object:
        if number == 0:
            return feel.evaluate_all(["1"], {}, now=NOW)[0]
        try:
            return feel.evaluate('matches(s, "^(a+)+$")', {"s": "a" * 40 + "b"}, now=NOW)
        except FeelError:
            return "stopped"

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, [1, 2, 0, 0])) == ["stopped", "stopped", 1, 1]


def test_a_child_of_a_process_that_ran_feel_refuses_instead_of_hanging() -> None:
    script = """
import os
from app import feel
from app.clock import wall_now
assert feel.evaluate("1 + 1", {}, now=wall_now()) == 2
child = os.fork()
if child == 0:
    try:
        feel.evaluate("1 + 1", {}, now=wall_now())
    except feel.FeelUnavailableError as refused:
        raise SystemExit(7 if "fork" in str(refused) else 8)
    raise SystemExit(9)
_, status = os.waitpid(child, 0)
print(os.waitstatus_to_exitcode(status), feel.evaluate("2 + 2", {}, now=wall_now()))
"""
    assert in_a_process_of_its_own(script) == "7 4\n"


def test_a_child_forked_before_the_first_expression_works() -> None:
    script = """
import os
from app import feel
from app.clock import wall_now
child = os.fork()
if child == 0:
    os._exit(feel.evaluate("40 + 2", {}, now=wall_now()))
_, status = os.waitpid(child, 0)
print(os.waitstatus_to_exitcode(status))
"""
    assert in_a_process_of_its_own(script) == "42\n"


def test_the_isolate_is_closed_before_python_ends() -> None:
    # Left to the end of the interpreter, about one process in ten waited for ever.
    script = """
import atexit
atexit.register(lambda: print(isolate._state.engine, started))
from app import feel
from app.clock import wall_now
from app.feel import isolate
feel.evaluate("1", {}, now=wall_now())
started = isolate._state.engine is not None
"""
    assert in_a_process_of_its_own(script) == "None True\n"


def test_a_missing_bundle_says_what_to_do(tmp_path: Path) -> None:
    ours = tmp_path / "app"
    shutil.copytree(ROOT / "app" / "feel", ours / "feel", ignore=shutil.ignore_patterns("dist", "__pycache__"))
    shutil.copy(ROOT / "app" / "clock.py", ours / "clock.py")
    (ours / "__init__.py").touch()
    script = """
from app import feel
from app.clock import wall_now
try:
    feel.evaluate("1", {}, now=wall_now())
except feel.FeelUnavailableError as refused:
    print(refused)
"""
    assert in_a_process_of_its_own(script, tmp_path).endswith("Run `make build`.\n")
