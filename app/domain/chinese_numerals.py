"""Chinese numerals: the ordinary ones of citations (二十一) and the financial ones of cheques (贰拾壹)."""

from __future__ import annotations

ORDINARY = "零一二三四五六七八九"
FINANCIAL = "零壹贰叁肆伍陆柒捌玖"

_ORDINARY_PLACES = ("", "十", "百", "千")
_FINANCIAL_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")
_GROUP = 10_000


def ordinary(number: int) -> str:
    """Return `number` (0 up to 10¹² − 1) in ordinary numerals: 21 → 二十一, 204 → 二百零四, 15 → 十五.

    Raises ValueError outside that range.
    """
    text = _written(number, ORDINARY, _ORDINARY_PLACES)
    return text[1:] if text.startswith("一十") else text


def financial(number: int) -> str:
    """Return `number` (0 up to 10¹² − 1) in financial numerals: 21 → 贰拾壹, 10 → 壹拾.

    Raises ValueError outside that range.
    """
    return _written(number, FINANCIAL, _FINANCIAL_PLACES)


def _written(number: int, digits: str, places: tuple[str, ...]) -> str:
    if not 0 <= number < _GROUP ** len(_GROUPS):
        raise ValueError(f"no numeral for {number}")
    if number == 0:
        return digits[0]
    text = ""
    for index in reversed(range(len(_GROUPS))):
        group = number // _GROUP**index % _GROUP
        if group == 0:
            continue
        # One 零 for any run of zeros between two digits: 一亿零一, 十万零一十.
        skipped = number // _GROUP ** (index + 1) % _GROUP == 0
        if text and (skipped or group < _GROUP // 10):
            text += digits[0]
        text += _group(group, digits, places) + _GROUPS[index]
    return text


def _group(group: int, digits: str, places: tuple[str, ...]) -> str:
    text = ""
    gap = False
    for index in reversed(range(len(places))):
        digit = group // 10**index % 10
        if digit == 0:
            gap = bool(text)
            continue
        text += (digits[0] if gap else "") + digits[digit] + places[index]
        gap = False
    return text
