"""The unified social credit code of organisations (GB 32100-2015): its alphabet and check digit."""

from __future__ import annotations

import re

from app.domain.invalid_value import InvalidValue

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Digits and capitals without I, O, S, V, Z."""

_WEIGHT_BASE = 3
_BODY = re.compile(rf"[{ALPHABET}]{{2}}\d{{6}}[{ALPHABET}]{{9}}", re.ASCII)


def check_digit(body: str) -> str:
    """Return the eighteenth character for the first seventeen; raise InvalidValue when they cannot be such."""
    if not _BODY.fullmatch(body):
        raise InvalidValue("统一社会信用代码 %(code)s 的前17位不对。", code=body[:40])
    total = sum(ALPHABET.index(char) * pow(_WEIGHT_BASE, place, 31) for place, char in enumerate(body))
    return ALPHABET[-total % 31]


def checked(code: str) -> str:
    """Return `code` in capitals without spaces round it; raise InvalidValue when its form or check digit is wrong."""
    text = code.strip().upper()
    if len(text) != len("91350100M000100Y43"):
        raise InvalidValue("统一社会信用代码应为18位，现为 %(count)s 位。", count=len(text))
    if check_digit(text[:-1]) != text[-1]:
        raise InvalidValue("统一社会信用代码 %(code)s 的校验位不对，请核对。", code=text)
    return text
