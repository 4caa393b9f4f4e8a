"""Reading expressions without running them: names with their places, and what lint says."""

from __future__ import annotations

import pytest

from app import feel
from app.feel.sentences import SENTENCES


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("a > 3 and b.c.d = null", {"a", "b.c.d"}),
        ("= deadline.acceptance.fires_at", {"deadline.acceptance.fires_at"}),
        ("中文.值 + 1", {"中文.值"}),
        ("today() + duration(p)", {"p"}),
        ("sum(xs) + count(ys.zs)", {"xs", "ys.zs"}),
        ("for i in xs return i.y + k", {"xs", "k"}),
        ("for i in xs, j in i.ys return partial + j + partial.x", {"xs"}),
        ("some x in a, y in x.ys satisfies y > z", {"a", "z"}),
        ("every x in xs satisfies x", {"xs"}),
        ("{a: 1, b: a + c}", {"c"}),
        ("{b: a, a: 1}", {"a"}),
        ("function(a, b) a + b + c", {"c"}),
        ("f03.items[amount > project.limit and item.x = 1].title", {"f03.items", "amount", "project.limit"}),
        ("xs[1].y", {"xs"}),
        ("(a.b).c", {"a.b"}),
        ("f(x: y)", {"y"}),
        ("x instance of number", {"x"}),
        ("if a then b else c", {"a", "b", "c"}),
        ("a in (b, < c, [d..e])", {"a", "b", "c", "d", "e"}),
        ("a between b and c", {"a", "b", "c"}),
        ('"text.with.dots" = "x"', set()),
        ("1 +", set()),
        ("", set()),
    ],
)  # fmt: skip
def test_names(expression: str, names: set[str]) -> None:
    assert feel.names(expression) == names


def test_names_are_read_once_for_each_text() -> None:
    assert feel.names("cached.once + 1") is feel.names("cached.once + 1")


def test_references_have_places_and_say_when_they_are_uncertain() -> None:
    found = feel.references("= a +\n  xs[b > c].d")
    assert [(each.path, each.line, each.column, each.offset, each.length, each.certain) for each in found] == [
        ("a", 1, 3, 2, 1, True),
        ("xs", 2, 3, 8, 2, True),
        ("b", 2, 6, 11, 1, False),
        ("c", 2, 10, 15, 1, False),
    ]


def test_places_count_characters_not_utf_16() -> None:
    (name,) = feel.references('"𠮷𠮷" = 吉')
    assert (name.column, name.length) == (8, 1)


def test_names_of_a_cell() -> None:
    assert [each.path for each in feel.unary_references("< limit, ? > other.x")] == ["limit", "other.x"]
    assert feel.unary_references("-") == ()


FOUND = [
    ("", "empty", "error", 1, 1),
    (" = ", "empty", "error", 1, 4),
    ("a +\n* b", "syntax", "error", 2, 1),
    ("(a", "syntax", "error", 1, 3),
    ("today > day", "bare-function", "error", 1, 1),
    ("x < now", "bare-function", "error", 1, 5),
    ("foo(x)", "unknown-function", "error", 1, 1),
    ("overlaps before(a, b)", "not-implemented", "error", 1, 1),
    ("function(a) external {x: 1}", "external-function", "error", 1, 1),
    ("f-03 = 1", "hyphenated-id", "warning", 1, 1),
    ("= submission.F-03", "hyphenated-id", "warning", 1, 3),
    ("unit-plan", "hyphenated-id", "warning", 1, 1),
    ('due < "2026-01-01"', "iso-string-comparison", "error", 1, 7),
    ('"2026-01-01" = today()', "iso-string-comparison", "error", 1, 1),
    ('due between "2026-01-01" and today()', "iso-string-comparison", "error", 1, 13),
    ("today() < now()", "date-datetime-comparison", "error", 1, 1),
    ('date("2026-01-01") = @"2026-01-01T00:00:00Z"', "date-datetime-comparison", "error", 1, 1),
    ('count(xs) > "3"', "numeric-text-comparison", "error", 1, 13),
    ('amount > "3"', "numeric-text-comparison", "error", 1, 10),
    ('count(xs) = "many"', "type-comparison", "error", 1, 1),
    ("x > null", "compare-null", "error", 1, 1),
    ("x / 0", "division-by-zero", "error", 1, 1),
    ('1 + "a"', "type-arithmetic", "error", 1, 1),
    ("today() + 3", "type-arithmetic", "error", 1, 1),
    ("today() + now()", "type-arithmetic", "error", 1, 1),
    ('today() + duration("PT9H")', "date-plus-time", "warning", 1, 1),
    ('duration("P10WD")', "working-days-duration", "error", 1, 1),
    ('date("2026-02-30")', "invalid-literal", "error", 1, 1),
    ('@"2026-1-1"', "invalid-literal", "error", 1, 1),
    ('duration("P1W")', "invalid-literal", "error", 1, 1),
    ('date and time("2026-01-01T00:00:00")', "datetime-without-zone", "warning", 1, 1),
    ("max(today(), due)", "min-max-of-dates", "error", 1, 1),
    ("if 5 then 1 else 2", "if-not-boolean", "error", 1, 4),
    ("a and 5", "operand-not-boolean", "error", 1, 7),
    ('"x" or a', "operand-not-boolean", "error", 1, 1),
    ("9007199254740993", "number-too-large", "error", 1, 1),
    ("a * 1e6", "number-exponent", "error", 1, 5),
]


@pytest.mark.parametrize(("expression", "code", "severity", "line", "column"), FOUND)
def test_problems(expression: str, code: str, severity: str, line: int, column: int) -> None:
    assert [(each.code, each.severity, each.line, each.column) for each in feel.check(expression)] == [
        (code, severity, line, column)
    ]


def test_an_expression_that_is_too_long() -> None:
    (problem,) = feel.check("1 + " * 6000 + "1")
    assert problem.code == "too-long"


def test_every_problem_is_tested() -> None:
    assert {code for _, code, *_ in FOUND} | {"too-long", "too-complex"} == set(SENTENCES)


@pytest.mark.parametrize(
    "expression",
    [
        "a - b",
        "a-1",
        "n - 03",
        'today() + duration("P1D") < date("2026-01-01")',
        "date(now()) = today()",
        "now() - now() > duration(d)",
        'date and time("2026-01-01T00:00:00+08:00") < now()',
        "9007199254740992 > fen",
        "{f: function(x) x, y: f(1)}",
        "sort(xs, function(a, b) a < b)",
        'kind = "3"',
        'name = "2026"',
        "x = null or x != null",
        "if a then 1 else 2",
        "count(xs) + sum(ys) > 3 and not(z)",
        'contains(s, "2026-01-01")',
        "xs[item > 1]",
        '-duration("P1D")',
        'years and months duration(a, b) > duration("P6M")',
        '"a" + string(1)',
    ],
)
def test_nothing_to_complain_about(expression: str) -> None:
    assert feel.check(expression) == ()


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("-", []),
        ("", []),
        ('"a", "b"', []),
        ("not(< 3)", []),
        ('< date("2026-01-01")', []),
        ("<", ["syntax"]),
        ("1,", ["syntax"]),
        ('< "2026-01-01"', ["iso-string-comparison"]),
        ('"2026-01-01"', ["iso-string-comparison"]),
        ('["2026-01-01".."2026-02-01"]', ["iso-string-comparison"]),
        ("< today", ["bare-function"]),
    ],
)
def test_cells(cell: str, codes: list[str]) -> None:
    assert [each.code for each in feel.check_unary_tests(cell)] == codes


def test_sentences_fill_in_completely() -> None:
    for expression, *_ in FOUND:
        for each in feel.check(expression):
            for text in (each.message, each.message_en, each.hint, each.hint_en):
                assert "%(" not in text % each.values
