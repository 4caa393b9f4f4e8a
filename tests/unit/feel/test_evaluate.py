"""What expressions give: typed values both ways, the clock, strictness, and errors that say where and why."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest

from app import feel
from app.clock import SHANGHAI
from app.feel import FeelError, YearsMonths
from tests.unit.feel.expressions import CONTEXT, NOW


def value(expression: str, **context: object) -> object:
    return feel.evaluate(expression, context, now=NOW)


def failure(expression: str, **context: object) -> FeelError:
    with pytest.raises(FeelError) as caught:
        value(expression, **context)
    return caught.value


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("a + b", 8),
        ("= a / b * 3", 5),
        ("  =a", 5),
        ("a / 2", 2.5),
        ("fen + 1", 9_007_199_254_740_992),
        ('day + duration("P1M")', date(2026, 2, 28)),
        ('date("2025-08-31") + duration("P6M")', date(2026, 2, 28)),
        ("day + half_year", date(2026, 7, 31)),
        ("leap + half_year + half_year", date(2029, 2, 28)),
        ("today()", date(2026, 11, 23)),
        ("now()", NOW),
        ("today() - day", timedelta(days=296)),
        ("date(at)", date(2026, 11, 24)),
        ('late + duration("P2M")', datetime(2027, 2, 28, 23, 59, 59, tzinfo=SHANGHAI)),
        ('at = date and time("2026-11-23T16:00:00Z")', True),
        ("years and months duration(leap, today())", YearsMonths(-15)),
        ('years and months duration(day, date("2026-11-23"))', YearsMonths(9)),
        ("time(at)", time(0, 0, tzinfo=timezone(timedelta(hours=8)))),
        ("clock", time(8, 30)),
        ('duration("PT90M")', timedelta(minutes=90)),
        ("items[n > 3].t", ["乙", "丙"]),
        ("中文.金额 * 100", 120_000),
        ('{x: 1, "名称": s}', {"x": 1, "名称": "修武县"}),
        ("nothing", None),
        ("[today(), at]", [date(2026, 11, 23), datetime(2026, 11, 24, tzinfo=SHANGHAI)]),
    ],
)
def test_values(expression: str, expected: object) -> None:
    result = feel.evaluate(expression, CONTEXT, now=NOW)
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    "given",
    [
        None,
        True,
        0,
        -(2**53),
        2**53,
        0.5,
        "",
        '文字 " \\ \n 𠮷',
        date(1, 1, 1),
        date(9999, 12, 31),
        datetime(2026, 11, 24, 0, 0, 0, 123_456, tzinfo=SHANGHAI),
        time(23, 59, 59),
        timedelta(days=-1, milliseconds=1),
        YearsMonths(-7),
        YearsMonths(0),
        [],
        [1, [2, {"a": None}]],
        {},
        {"$t": "date", "v": "2026-01-01"},
        {"键": {"$t": [1]}},
    ],
)
def test_values_come_back_as_they_went_in(given: object) -> None:
    result = value("x", x=given)
    assert result == given
    assert type(result) is type(given)


def test_moments_are_brought_to_chinese_time() -> None:
    midnight_in_china = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    assert value("date(x)", x=midnight_in_china) == date(2026, 11, 24)
    assert value("x", x=midnight_in_china) == midnight_in_china


def test_a_moment_written_without_zone_is_chinese_time() -> None:
    assert value('date and time("2026-11-24T09:00:00")') == datetime(2026, 11, 24, 9, tzinfo=SHANGHAI)


def test_today_is_the_day_in_china() -> None:
    early = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    assert feel.evaluate("today()", {}, now=early) == date(2026, 11, 23)


def test_the_clock_cannot_be_shadowed_by_a_variable() -> None:
    assert value("today()", today="yesterday") == date(2026, 11, 23)


def test_a_clock_without_zone_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="aware"):
        feel.evaluate("1", {}, now=datetime(2026, 11, 23))  # noqa: DTZ001 -- the mistake itself


@pytest.mark.parametrize(
    "given",
    [
        Decimal("1.10"),
        2**53 + 1,
        -(2**53) - 1,
        float("nan"),
        float("inf"),
        datetime(2026, 1, 1),  # noqa: DTZ001 -- a moment without zone is what must be refused
        {1: 2},
        {3},
        b"x",
        object(),
    ],
)
def test_values_that_feel_cannot_hold_are_refused(given: object) -> None:
    assert "%" not in str(failure("1", x=given))


def test_money_is_refused_as_decimal_with_a_reason() -> None:
    assert str(failure("x", x=Decimal(1))) == "金额请以“分”为单位的整数进入表达式，不能用小数类型。"


def test_data_nested_too_deep_is_refused() -> None:
    nested: object = 1
    for _ in range(100):
        nested = [nested]
    assert "超过 64 层" in str(failure("1", x=nested))


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("today", "表达式得出的是函数，不能作为结果使用（是否漏写了括号）。"),
        ("[1..3]", "表达式得出的是区间，不能作为结果使用。"),
        ("10 ** 400", "表达式得出的不是有限的数。"),
        ("2 ** 60", "数字 1152921504606847000 超过了表达式能精确计算的范围（±2^53）。"),
        ('"\\uD800"', "表达式得出的文字含有无效字符。"),
        ('date(9999, 12, 31) + duration("P1D")', "表达式得出的日期或时长（+010000-01-01）超出了可用的范围。"),
    ],
)
def test_results_that_are_of_no_use(expression: str, sentence: str) -> None:
    error = failure(expression)
    assert str(error) == sentence
    assert error.expression == expression


def test_an_unknown_name_is_named_with_its_place() -> None:
    error = failure("= 1 +\n  amuont + project.no.x", project={"name": 1})
    assert error.unknown == ("amuont", "project.no")
    assert error.position == (2, 3)
    assert str(error).endswith("用到了没有的名称：amuont、project.no。")


def test_a_branch_not_taken_needs_no_names() -> None:
    assert value("if x = null then 0 else x.y", x=None) == 0


def test_forms_read_unknown_names_as_null() -> None:
    assert feel.evaluate("nowhere.deeper", {}, now=NOW, strict=False) is None
    assert feel.evaluate("x > 3", {}, now=NOW, strict=False) is None


@pytest.mark.parametrize(
    ("expression", "position", "sentence"),
    [
        ("1 +", (1, 4), "有语法错误：第 1 行第 4 字处"),
        ("", (1, 1), "有语法错误"),
        ("=", (1, 2), "有语法错误"),
        ("𠮷 + * 2", (1, 5), "有语法错误：第 1 行第 5 字处"),
        ("1 +\n 2 +\n  )", (3, 3), "有语法错误：第 3 行第 3 字处"),
        ('1 + "a"', (1, 3), "类型不合，不能运算"),
        ('number("x")', (1, 1), "函数的参数无效"),
        ("{f: 1}.f(2)", (1, 1), "这不是一个函数"),
        ("(function(a) a)(1, 2)", (1, 1), "参数个数或名称不对"),
    ],
)
def test_errors_say_where(expression: str, position: tuple[int, int], sentence: str) -> None:
    error = failure(expression, 𠮷=1)
    assert error.position == position
    assert sentence in str(error)


def test_syntax_errors_are_errors_for_forms_too() -> None:
    with pytest.raises(FeelError):
        feel.evaluate("1 +", {}, now=NOW, strict=False)


def test_many_at_once_give_each_its_outcome() -> None:
    outcomes = feel.evaluate_all(["1 + 1", "nowhere", "1 +", "today()"], {}, now=NOW)
    assert outcomes[0] == 2
    assert isinstance(outcomes[1], FeelError)
    assert outcomes[1].unknown == ("nowhere",)
    assert isinstance(outcomes[2], FeelError)
    assert outcomes[3] == date(2026, 11, 23)
    assert feel.evaluate_all([], {}, now=NOW) == []


def test_conditions_are_true_or_false() -> None:
    assert feel.conditions(["a > 3", "a < 3", "a = 5 and yes"], CONTEXT, now=NOW) == [True, False, True]
    assert feel.condition("= a > 3", CONTEXT, now=NOW) is True


@pytest.mark.parametrize(
    ("expression", "actual"),
    [("5", "5"), ("null", "null"), ('"true"', "'true'"), ("nothing > 3", "null"), ("yes and nothing", "null")],
)
def test_a_condition_accepts_nothing_else(expression: str, actual: str) -> None:
    with pytest.raises(FeelError) as caught:
        feel.condition(expression, CONTEXT, now=NOW)
    assert str(caught.value) == f"条件“{expression}”应得出“是”或“否”（true / false），实际得到 {actual}。"


def test_a_condition_with_an_unknown_name_says_so() -> None:
    with pytest.raises(FeelError) as caught:
        feel.condition("amuont > 3 or true", {}, now=NOW)
    assert caught.value.unknown == ("amuont",)


def test_unary_tests_in_one_call() -> None:
    cells: list[tuple[str, object]] = [
        ('"a", "b"', "a"),
        ('not("a")', "a"),
        ("< 3", 4),
        ("[1..5)", 5),
        ("-", None),
        ("", 1),
        ("null", None),
        ("true", False),
        ("? > limit", 4),
        ('< date("2026-12-01")', date(2026, 11, 30)),
        ("> 3", None),
    ]
    results = feel.unary_tests(cells, {"limit": 3}, now=NOW)
    assert results == [True, False, False, False, True, True, True, False, True, True, False]


def test_a_unary_test_with_an_unknown_name_is_an_error() -> None:
    with pytest.raises(FeelError, match="没有的名称：limit"):
        feel.unary_tests([("? > limit", 4)], {}, now=NOW)
