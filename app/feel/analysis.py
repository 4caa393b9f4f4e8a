"""Read an expression without running it: which names it reads, and what is wrong or suspicious in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from app.feel import isolate
from app.feel.errors import FeelError, FeelName, FeelProblem
from app.feel.sentences import SENTENCES
from app.feel.text import LONGEST, inner, line_and_column


@dataclass(frozen=True)
class _Analysis:
    references: tuple[FeelName, ...]
    problems: tuple[FeelProblem, ...]
    paths: frozenset[str]


def names(expression: str) -> frozenset[str]:
    """Return the dotted paths that `expression` reads, without bound names and functions; empty if it does not parse.

    `submission.f03.items[amount > 3].title` reads `submission.f03.items` and perhaps `amount`. Cached by text.
    """
    return _read(expression, unary=False).paths


def references(expression: str) -> tuple[FeelName, ...]:
    """Return every name that `expression` reads with its position, in order; empty if it does not parse."""
    return _read(expression, unary=False).references


def check(expression: str) -> tuple[FeelProblem, ...]:
    """Return what is wrong in `expression`, and what would be silently null or silently wrong when it runs.

    One problem of code `syntax` or `empty` when it does not parse; else problems of severity error (always wrong) and
    warning (suspicious). Positions count in the text as written, with its leading "=".
    """
    return _read(expression, unary=False).problems


def check_unary_tests(cell: str) -> tuple[FeelProblem, ...]:
    """Return what is wrong in an input cell of a decision table; an empty cell and "-" are right."""
    return () if cell.strip() in {"", "-"} else _read(cell, unary=True).problems


def unary_references(cell: str) -> tuple[FeelName, ...]:
    """Return every name that an input cell of a decision table reads."""
    return () if cell.strip() in {"", "-"} else _read(cell, unary=True).references


@lru_cache(maxsize=4096)
def _read(expression: str, *, unary: bool) -> _Analysis:
    if len(expression) > LONGEST:
        return _Analysis((), (_problem("too-long", expression, 0, LONGEST, {"limit": LONGEST}),), frozenset())
    body, start = (expression, 0) if unary else inner(expression)
    try:
        answer = isolate.call("analyse", {"expression": body, "unary": unary})
    except FeelError:
        # Nested so deep, or so long to read, that it would fail in the same way when it runs.
        return _Analysis((), (_problem("too-complex", expression, start, len(body), {}),), frozenset())
    if not isinstance(answer, dict):
        raise TypeError("the FEEL bundle answers with a map")
    found = tuple(_name(each, expression, start) for each in answer["references"])
    problems = tuple(
        _problem(each["code"], expression, each["from"] + start, each["to"] - each["from"], each["values"])
        for each in answer["problems"]
    )
    return _Analysis(found, problems, frozenset(name.path for name in found))


def _name(each: dict[str, object], expression: str, start: int) -> FeelName:
    first, last = each["from"], each["to"]
    if not isinstance(first, int) or not isinstance(last, int):
        raise TypeError("the FEEL bundle counts characters")
    line, column = line_and_column(expression, first + start)
    return FeelName(str(each["path"]), line, column, first + start, last - first, certain=each["certain"] is True)


def _problem(code: str, expression: str, offset: int, length: int, values: dict[str, object]) -> FeelProblem:
    line, column = line_and_column(expression, offset)
    sentence = SENTENCES[code]
    return FeelProblem(
        code=code,
        severity=sentence.severity,
        message=sentence.zh,
        message_en=sentence.en,
        line=line,
        column=column,
        offset=offset,
        length=length,
        hint=sentence.hint,
        hint_en=sentence.hint_en,
        values={"line": line, "column": column, **values},
    )
