"""Amounts: reading, writing, sums, percentages and 大写."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.domain.invalid_value import InvalidValue
from app.domain.money import (
    MOST_FEN,
    capital,
    fen_from_wan,
    format_wan,
    format_wan_exact,
    format_yuan,
    percent,
    total,
    wan,
)


@pytest.mark.parametrize(
    ("amount", "fen"),
    [
        ("0", 0),
        ("-0", 0),
        ("0.000001", 1),
        ("226.30", 226_300_000),
        ("1,234.56", 1_234_560_000),
        ("１２．5", 12_500_000),
        (" 412 ", 412_000_000),
        (".5", 500_000),
        ("5.", 5_000_000),
        ("+3", 3_000_000),
        (226.3, 226_300_000),
        (0.7, 700_000),
        (376, 376_000_000),
        (Decimal("398.6000000"), 398_600_000),
        ("10,000,000", MOST_FEN),
    ],
)
def test_wan_becomes_whole_fen(amount: str | float | Decimal, fen: int) -> None:
    assert fen_from_wan(amount) == fen


@pytest.mark.parametrize(
    ("amount", "message"),
    [
        ("-0.01", "金额不能为负数：-0.01。"),
        (-5, "金额不能为负数：-5。"),
        ("10000000.000001", "金额 10000000.000001 万元过大，请核对单位是否为万元。"),
        (1e300, "金额 1e+300 万元过大，请核对单位是否为万元。"),
        ("0.0000001", "金额 0.0000001 万元不足一分：万元最多六位小数。"),
        (
            "1.0000000000000000000000000000000001",
            "金额 1.0000000000000000000000000000000001 万元不足一分：万元最多六位小数。",
        ),
        (0.1 + 0.2, "金额 0.30000000000000004 万元不足一分：万元最多六位小数。"),
        ("NaN", "金额 NaN 不是数字。"),
        (float("nan"), "金额 nan 不是数字。"),
        (float("inf"), "金额 inf 不是数字。"),
        (Decimal("NaN"), "金额 NaN 不是数字。"),
        ("", "金额  不是数字。"),
        ("1e3", "金额 1e3 不是数字。"),
        ("12,34", "金额 12,34 不是数字。"),
        ("一百", "金额 一百 不是数字。"),
        (True, "金额 True 不是数字。"),
        ("9" * 41, f"金额 {'9' * 40} 不是数字。"),
    ],
)
def test_what_is_no_amount_gets_its_sentence(amount: str | float | Decimal, message: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        fen_from_wan(amount)
    assert str(refusal.value) == message
    assert refusal.value.message % refusal.value.values == message


def test_amounts_on_screen() -> None:
    assert wan(226_300_001) == Decimal("226.300001")
    assert format_wan(1_234_565_000) == "1,234.57"
    assert format_wan(1_234_564_999) == "1,234.56"
    assert format_wan(0) == "0.00"
    assert format_wan_exact(1_234_560_001) == "1,234.560001"
    assert format_wan_exact(1_234_500_000) == "1,234.50"
    assert format_wan_exact(0) == "0.00"
    assert format_yuan(1_234_560_001) == "12,345,600.01"


def test_tables_add_exact_values_and_round_once() -> None:
    thirds = [333_333_333, 333_333_333, 333_333_334]
    assert total(thirds) == 1_000_000_000
    assert format_wan(total(thirds)) == "1,000.00"
    assert total([]) == 0


@pytest.mark.parametrize("amounts", [[-1], [MOST_FEN, 1], [MOST_FEN + 1]])
def test_sums_stay_in_range(amounts: list[int]) -> None:
    with pytest.raises(InvalidValue, match="超出范围"):
        total(amounts)


def test_percentages_have_two_places_half_up() -> None:
    assert percent(18_500_000, 188_000_000) == Decimal("9.84")
    assert percent(18_500_000, 183_700_000) == Decimal("10.07")
    assert percent(-1, 8) == Decimal("-12.50")
    assert percent(1, 20_000) == Decimal("0.01")
    with pytest.raises(InvalidValue, match="总额为 0 分"):
        percent(1, 0)


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "零元整"),
        (1, "壹分"),
        (10, "壹角整"),
        (55, "伍角伍分"),
        (100, "壹元整"),
        (105, "壹元零伍分"),
        (150, "壹元伍角整"),
        (10_000, "壹佰元整"),
        (168_032, "壹仟陆佰捌拾元叁角贰分"),
        (10_700_053, "壹拾万柒仟元伍角叁分"),
        (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
        (226_300_000, "贰佰贰拾陆万叁仟元整"),
        (398_600_000, "叁佰玖拾捌万陆仟元整"),
        (10_000_000_100, "壹亿零壹元整"),
        (MOST_FEN, "壹仟亿元整"),
    ],
)
def test_capital_amounts(fen: int, text: str) -> None:
    assert capital(fen) == text


@pytest.mark.parametrize("fen", [-1, MOST_FEN + 1])
def test_no_capital_amount_outside_the_range(fen: int) -> None:
    with pytest.raises(InvalidValue, match="超出范围"):
        capital(fen)
