"""Typed values on their way into FEEL and back: dates stay dates, whole numbers stay whole."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from app.clock import SHANGHAI
from app.feel.errors import FeelError

LARGEST_WHOLE = 2**53
"""Numbers of the interpreter are doubles: beyond this, neighbouring whole numbers (分) are no longer told apart."""

DEEPEST = 64
"""Levels of lists and maps within one value."""

TYPE_KEY = "$t"


@dataclass(frozen=True)
class YearsMonths:
    """A duration in whole calendar months (FEEL `years and months duration`), for instance P6M."""

    months: int


def encode(value: object, depth: int = 0) -> object:
    """Return `value` as JSON for the interpreter.

    Accepts null, bool, int within ±2^53, float, str, date, aware datetime (brought to Asia/Shanghai, so that `date(x)`
    is the day in China), time, timedelta, `YearsMonths`, and lists and str-keyed maps of these. Raises FeelError for
    anything else; for Decimal too, since money goes in as whole 分.
    """
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return _whole(value)
    if isinstance(value, float):
        return _finite(value)
    if depth > DEEPEST:
        raise FeelError("数据的层次超过 %(limit)s 层，不能用于表达式。", limit=DEEPEST)
    if isinstance(value, Mapping):
        return _encode_map(value, depth)
    if isinstance(value, (list, tuple)):
        return [encode(item, depth + 1) for item in value]
    return _encode_temporal(value)


def decode(value: object) -> object:
    """Return a result of the interpreter as Python; raises FeelError for what Python cannot hold exactly."""
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return _whole(value)
    if isinstance(value, float):
        return _whole(int(value)) if value.is_integer() else value
    if isinstance(value, list):
        return [decode(item) for item in value]
    if isinstance(value, dict):
        return _decode_typed(value) if TYPE_KEY in value else {_text(k): decode(v) for k, v in value.items()}
    raise FeelError("表达式得出的值的类型不能使用。")


def _whole(value: int) -> int:
    if abs(value) > LARGEST_WHOLE:
        raise FeelError("数字 %(number)s 超过了表达式能精确计算的范围（±2^53）。", number=value)
    return value


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise FeelError("数值不是有限的数，不能用于表达式。")
    return value


def _text(value: str) -> str:
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise FeelError("表达式得出的文字含有无效字符。") from None
    return value


def _encode_map(value: Mapping[object, object], depth: int) -> object:
    entries: dict[str, object] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise FeelError("数据的键必须是文字，不能是 %(kind)s。", kind=type(key).__name__)
        # `__proto__` names no variable, and in JavaScript assigning it would change what the object is.
        if key != "__proto__":
            entries[key] = encode(item, depth + 1)
    if TYPE_KEY in entries:
        return {TYPE_KEY: "map", "v": list(entries.items())}
    return entries


def _encode_temporal(value: object) -> object:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise FeelError("时刻 %(moment)s 没有时区，不能用于表达式。", moment=value.isoformat())
        return {TYPE_KEY: "datetime", "v": value.astimezone(SHANGHAI).isoformat()}
    if isinstance(value, date):
        return {TYPE_KEY: "date", "v": value.isoformat()}
    if isinstance(value, time):
        return {TYPE_KEY: "time", "v": value.isoformat()}
    if isinstance(value, timedelta):
        return {TYPE_KEY: "milliseconds", "v": round(value / timedelta(milliseconds=1))}
    if isinstance(value, YearsMonths):
        return {TYPE_KEY: "months", "v": value.months}
    if isinstance(value, Decimal):
        raise FeelError("金额请以“分”为单位的整数进入表达式，不能用小数类型。")
    raise FeelError("类型 %(kind)s 的值不能用于表达式。", kind=type(value).__name__)


def _decode_typed(value: dict[str, object]) -> object:
    kind, content = value[TYPE_KEY], value.get("v")
    try:
        return _from_typed(str(kind), content)
    except (ValueError, OverflowError):
        raise FeelError("表达式得出的日期或时长（%(value)s）超出了可用的范围。", value=content) from None


def _from_typed(kind: str, content: object) -> object:
    if kind == "date":
        return date.fromisoformat(str(content))
    if kind == "datetime":
        moment = datetime.fromisoformat(str(content))
        # A date-time literal without zone in a diagram of a Chinese county means Chinese time.
        return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment.astimezone(SHANGHAI)
    if kind == "time":
        return time.fromisoformat(str(content))
    if kind == "milliseconds" and isinstance(content, (int, float)):
        return timedelta(milliseconds=content)
    if kind == "months" and isinstance(content, int):
        return YearsMonths(content)
    if kind == "map" and isinstance(content, list):
        return {_text(key): decode(item) for key, item in content}
    raise FeelError(USELESS.get(kind, "表达式得出的值的类型不能使用。"))


USELESS = {
    "function": "表达式得出的是函数，不能作为结果使用（是否漏写了括号）。",
    "range": "表达式得出的是区间，不能作为结果使用。",
    "number": "表达式得出的不是有限的数。",
}
