"""Money: whole 分 inside, 万元 on screen, 元 and 大写 on payment sheets; never a binary fraction."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from app.domain.chinese_numerals import FINANCIAL, financial
from app.domain.invalid_value import InvalidValue

FEN_A_YUAN = 100
FEN_A_WAN = 1_000_000
WAN_DECIMALS = 6
"""Six decimals of 万元 are exactly one 分."""

MOST_FEN = 10**13
"""1,000 亿元: no county project comes near it, and every sum of such amounts stays exact in 64 bits."""

LONGEST_TEXT = 40

_CENT = Decimal("0.01")
_PLAIN = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?|[+-]?\.\d+")


def fen_from_wan(amount: str | float | Decimal) -> int:
    """Return whole 分 of an amount in 万元, exactly: "1,234.56" → 1234560000.

    Text may have full-width digits and thousands separators. A float is read by its shortest decimal form, which is
    what the person typed into the browser. Raises InvalidValue, with its sentence, when the amount is no number, not
    finite, negative, above 1,000 亿元, or has more than six decimals.
    """
    value = _decimal(amount)
    if value.is_signed() and value:
        raise InvalidValue("金额不能为负数：%(amount)s。", amount=str(amount))
    if value > MOST_FEN // FEN_A_WAN:
        raise InvalidValue("金额 %(amount)s 万元过大，请核对单位是否为万元。", amount=str(amount))
    fen = Fraction(value) * FEN_A_WAN
    if fen.denominator != 1:
        raise InvalidValue("金额 %(amount)s 万元不足一分：万元最多六位小数。", amount=str(amount))
    return fen.numerator


def wan(fen: int) -> Decimal:
    """Return `fen` in 万元, exactly."""
    return Decimal(fen) / FEN_A_WAN


def format_wan(fen: int) -> str:
    """Return `fen` in 万元 for tables, rounded half up to two decimals: 1,234.56."""
    return _grouped(wan(fen))


def format_wan_exact(fen: int) -> str:
    """Return `fen` in 万元 with at least two and as many decimals as it needs: 1,234.560001."""
    whole, decimals = f"{wan(fen):,.{WAN_DECIMALS}f}".split(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def format_yuan(fen: int) -> str:
    """Return `fen` in 元 with two decimals: 12,345,600.00."""
    return f"{Decimal(fen) / FEN_A_YUAN:,.2f}"


def total(amounts: Iterable[int]) -> int:
    """Return the exact sum of amounts in 分.

    Raises InvalidValue when an amount or the sum is negative or above 1,000 亿元.
    """
    result = 0
    for fen in amounts:
        result += checked(fen)
    return checked(result)


def checked(fen: int) -> int:
    """Return `fen` if it can be an amount of a project; raise InvalidValue when negative or above 1,000 亿元."""
    if not 0 <= fen <= MOST_FEN:
        raise InvalidValue("金额 %(amount)s 分超出范围。", amount=fen)
    return fen


def percent(part: int, whole: int) -> Decimal:
    """Return `part` of `whole` (both 分; `part` may be negative) in percent, half up to two decimals: 9.84.

    Raises InvalidValue unless `whole` is positive.
    """
    if whole <= 0:
        raise InvalidValue("不能计算占比：总额为 %(whole)s 分。", whole=whole)
    return (Decimal(part) * 100 / whole).quantize(_CENT, ROUND_HALF_UP)


def capital(fen: int) -> str:
    """Return the amount in financial numerals for payment sheets (支付结算办法附一): 壹佰元零伍分, 壹佰元整.

    Up to 元 or 角 it closes with 整, so that nothing can be added. Raises InvalidValue as `checked` does.
    """
    yuan, rest = divmod(checked(fen), FEN_A_YUAN)
    jiao, cent = divmod(rest, 10)
    text = f"{financial(yuan)}元" if yuan or not rest else ""
    if jiao:
        text += f"{FINANCIAL[jiao]}角"
    elif cent and yuan:
        text += FINANCIAL[0]
    return text + (f"{FINANCIAL[cent]}分" if cent else "整")


def _decimal(amount: str | float | Decimal) -> Decimal:
    if isinstance(amount, bool):
        raise InvalidValue("金额 %(amount)s 不是数字。", amount=str(amount))
    if isinstance(amount, Decimal):
        value = amount
    elif isinstance(amount, str):
        text = unicodedata.normalize("NFKC", amount).strip()
        if len(text) > LONGEST_TEXT or not _PLAIN.fullmatch(text):
            raise InvalidValue("金额 %(amount)s 不是数字。", amount=amount[:LONGEST_TEXT])
        value = Decimal(text.replace(",", ""))
    else:
        value = Decimal(repr(amount))
    if not value.is_finite():
        raise InvalidValue("金额 %(amount)s 不是数字。", amount=str(amount))
    return value


def _grouped(value: Decimal) -> str:
    return f"{value.quantize(_CENT, ROUND_HALF_UP):,}"
