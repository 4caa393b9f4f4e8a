"""Ordinary and financial numerals."""

from __future__ import annotations

import pytest

from app.domain.chinese_numerals import financial, ordinary


@pytest.mark.parametrize(
    ("number", "plain", "cheque"),
    [
        (0, "零", "零"),
        (9, "九", "玖"),
        (10, "十", "壹拾"),
        (15, "十五", "壹拾伍"),
        (110, "一百一十", "壹佰壹拾"),
        (204, "二百零四", "贰佰零肆"),
        (1_010, "一千零一十", "壹仟零壹拾"),
        (10_001, "一万零一", "壹万零壹"),
        (100_010, "十万零一十", "壹拾万零壹拾"),
        (10_000_500, "一千万零五百", "壹仟万零伍佰"),
        (100_000_001, "一亿零一", "壹亿零壹"),
        (100_010_000, "一亿零一万", "壹亿零壹万"),
        (110_000_000, "一亿一千万", "壹亿壹仟万"),
        (1_203_000_405, "十二亿零三百万零四百零五", "壹拾贰亿零叁佰万零肆佰零伍"),
        (
            999_999_999_999,
            "九千九百九十九亿九千九百九十九万九千九百九十九",
            "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖",
        ),
    ],
)
def test_numerals(number: int, plain: str, cheque: str) -> None:
    assert ordinary(number) == plain
    assert financial(number) == cheque


@pytest.mark.parametrize("number", [-1, 10**12])
def test_no_numeral_outside_the_range(number: int) -> None:
    with pytest.raises(ValueError, match="no numeral"):
        ordinary(number)
    with pytest.raises(ValueError, match="no numeral"):
        financial(number)
