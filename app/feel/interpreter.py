"""Evaluate expressions: one, many in one call, and conditions that must be true or false."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from app.clock import SHANGHAI
from app.feel import isolate
from app.feel.errors import FeelError
from app.feel.text import LONGEST, inner, line_and_column
from app.feel.values import decode, encode

if TYPE_CHECKING:
    from datetime import datetime

Context = Mapping[str, object]

COMPLAINTS = {
    "INVALID_TYPE": "表达式“%(expression)s”第 %(line)s 行第 %(column)s 字处：类型不合，不能运算。",
    "INVALID_ARGUMENTS": "表达式“%(expression)s”第 %(line)s 行第 %(column)s 字处：函数的参数无效。",
    "FUNCTION_INVOCATION_FAILURE": "表达式“%(expression)s”第 %(line)s 行第 %(column)s 字处：参数个数或名称不对。",
    "NO_FUNCTION_FOUND": "表达式“%(expression)s”第 %(line)s 行第 %(column)s 字处：这不是一个函数。",
    "UNSUPPORTED": "表达式“%(expression)s”第 %(line)s 行第 %(column)s 字处：这种写法不能使用。",
}


def evaluate(expression: str, context: Context, *, now: datetime, strict: bool = True) -> object:
    """Return what `expression` (with or without a leading "=") gives for the names in `context`.

    `now` (aware) is what `now()` and `today()` say. Strict, an unknown name, a wrong type or a wrong argument raises
    FeelError; not strict, as in forms, it gives null. Whole numbers come back as int, dates as date, moments as aware
    datetime in Asia/Shanghai. A syntax error and a limit reached always raise FeelError.
    """
    outcome = evaluate_all([expression], context, now=now, strict=strict)[0]
    if isinstance(outcome, FeelError):
        raise outcome
    return outcome


def evaluate_all(expressions: Sequence[str], context: Context, *, now: datetime, strict: bool = True) -> list[object]:
    """Return for each expression its value or the FeelError that it raised, all in one call of V8.

    Raises FeelError itself only when the whole call failed: a limit reached, or a context that FEEL cannot hold.
    """
    answers = run([{"e": inner(expression).text} for expression in expressions], context, now=now, sources=expressions)
    return [outcome(answer, source, strict=strict) for answer, source in zip(answers, expressions, strict=True)]


def condition(expression: str, context: Context, *, now: datetime) -> bool:
    """Return the truth of `expression`; raises FeelError for anything but true or false, and for unknown names."""
    return conditions([expression], context, now=now)[0]


def conditions(expressions: Sequence[str], context: Context, *, now: datetime) -> list[bool]:
    """Return the truth of every expression in one call of V8; the first one that is neither raises FeelError."""
    outcomes = evaluate_all(expressions, context, now=now)
    return [_truth(value, expression) for value, expression in zip(outcomes, expressions, strict=True)]


def unary_tests(tests: Sequence[tuple[str, object]], context: Context, *, now: datetime) -> list[bool]:
    """Return for each pair of cell text and input value whether the value passes (DMN unary tests), in one call.

    An empty cell and "-" always pass; a test that FEEL cannot decide (null) does not. Raises FeelError for a cell with
    an unknown name or a syntax error.
    """
    jobs = [{"e": text.strip() or "-", "u": encode(value)} for text, value in tests]
    answers = run(jobs, context, now=now, sources=[text for text, _ in tests])
    passed = []
    for answer, (text, _) in zip(answers, tests, strict=True):
        value = outcome(answer, text, strict=True)
        if isinstance(value, FeelError):
            raise value
        passed.append(value is True)
    return passed


def run(
    jobs: Sequence[Mapping[str, object]], context: Context, *, now: datetime, sources: Sequence[str]
) -> list[dict[str, object]]:
    """Hand `jobs` to the bundle and return its answers; `sources` are the expressions as written, for messages."""
    for source in sources:
        if len(source) > LONGEST:
            raise FeelError("表达式超过 %(limit)s 个字符。", expression=source, limit=LONGEST)
    if not jobs:
        return []
    request = {"now": moment(now), "context": encode(context), "jobs": jobs}
    try:
        answers = isolate.call("run", request)
    except FeelError as error:
        raise error.about(error.expression or "；".join(sources)) from None
    if not isinstance(answers, list):
        raise TypeError("the FEEL bundle answers with a list")
    return answers


def outcome(answer: Mapping[str, object], source: str, *, strict: bool) -> object:
    """Return the value in one answer of the bundle, or the FeelError that it stands for."""
    if "x" in answer:
        return _failure(answer, source)
    warnings = answer.get("w")
    if strict and isinstance(warnings, list) and warnings:
        return _complaint(warnings, source)
    try:
        return decode(answer.get("v"))
    except FeelError as error:
        return error.about(source)


def moment(now: datetime) -> str:
    """Return `now` as the bundle wants it; raises ValueError when it has no zone."""
    if now.tzinfo is None:
        raise ValueError("FEEL needs an aware moment for now()")
    return now.astimezone(SHANGHAI).isoformat()


def _truth(value: object, expression: str) -> bool:
    if isinstance(value, FeelError):
        raise value
    if not isinstance(value, bool):
        raise FeelError(
            "条件“%(expression)s”应得出“是”或“否”（true / false），实际得到 %(actual)s。",
            expression=expression,
            actual="null" if value is None else repr(value),
        )
    return value


def _failure(answer: Mapping[str, object], source: str) -> FeelError:
    offset = answer.get("p")
    if isinstance(offset, int):
        at = line_and_column(source, offset + inner(source).start)
        return FeelError(
            "表达式“%(expression)s”有语法错误：第 %(line)s 行第 %(column)s 字处。",
            expression=source,
            position=at,
            line=at[0],
            column=at[1],
        )
    if "call stack" in str(answer["x"]):
        return FeelError("表达式“%(expression)s”嵌套太深，或没有终点地调用自己。", expression=source)
    return FeelError("表达式“%(expression)s”无法计算：%(reason)s。", expression=source, reason=answer["x"])


def _complaint(warnings: Sequence[Mapping[str, object]], source: str) -> FeelError:
    named = dict.fromkeys(str(w["n"]) for w in warnings if w.get("n"))
    # Where `a.c` does not exist, `a.c.d` is not a second discovery.
    unknown = tuple(name for name in named if not any(name.startswith(f"{other}.") for other in named))
    first = next((w for w in warnings if w.get("n")), warnings[0])
    offset = first.get("p")
    at = line_and_column(source, (offset if isinstance(offset, int) else 0) + inner(source).start)
    if unknown:
        return FeelError(
            "表达式“%(expression)s”用到了没有的名称：%(names)s。",
            expression=source,
            position=at,
            unknown=unknown,
            names="、".join(unknown),
        )
    sentence = COMPLAINTS.get(str(first.get("t")), COMPLAINTS["INVALID_TYPE"])
    return FeelError(sentence, expression=source, position=at, line=at[0], column=at[1])
