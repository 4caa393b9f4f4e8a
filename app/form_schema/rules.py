"""One answer against the rules of its field: what it means, typed, and every sentence about what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

from app.domain import credit_code
from app.domain.invalid_value import InvalidValue
from app.feel import names
from app.form_schema import moments
from app.form_schema.messages import FieldMessage
from app.form_schema.model import CHOICES, FEN_PER_WAN, SINGLE_CHOICES, Field
from app.form_schema.options import Option, chosen, same

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

EMAIL: Final = re.compile(
    r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    r"(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*",
    re.ASCII,
)
"""The pattern of form-js."""
ATTACHMENT_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)
JS_SPACE: Final = "\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200B))
)
"""What `trim()` of JavaScript takes away."""
LONGEST_MATCHED: Final = 10_000
"""Characters of a text that a pattern is tried on."""

MOST_WAN = Decimal(10**8)
"""A trillion yuan in 万元: beyond it an amount is a slip, and sums of such would not fit the tables."""
MOST_NUMBER = Decimal(10**12)


@dataclass
class Case:
    """One visible answer: the field, its value as posted, and what its rules need to know."""

    item: Field
    path: str
    value: object
    values: Mapping[str, object]
    """The scope's expressions."""
    options: tuple[Option, ...]
    today: date
    data: Mapping[str, object] = field(default_factory=dict)
    """The form's visible data at the top."""
    row: int = 0
    """The row of the innermost list, from 1; 0 outside lists."""
    owns: Callable[[str], bool] | None = None
    errors: list[FieldMessage] = field(default_factory=list)
    pattern: tuple[str, str] | None = None
    """A text and the pattern that it still has to match; judged for all fields at once."""

    def fail(self, message: str, **values: object) -> None:
        """Note a sentence about this answer."""
        self.errors.append(FieldMessage(message, {**values, **self.name()}))

    def name(self) -> dict[str, object]:
        """Return how sentences call this field, with its row in a list."""
        zh, en = self.item.label(), self.item.label("en")
        return (
            {"label": f"第{self.row}行{zh}", "label_en": f"Row {self.row}: {en}"}
            if self.row
            else {"label": zh, "label_en": en}
        )

    def bound(self, rule: str) -> Decimal | None:
        """Return the number of a rule (min, maxLength …), computed where it is FEEL; None where there is none."""
        limit = self.item.rules.get(rule)
        if isinstance(limit, str) and limit.startswith("="):
            limit = self.values.get(limit)
        if isinstance(limit, bool) or not isinstance(limit, (int, float, str)) or limit == "":
            return None
        return decimal(limit)


def judge(case: Case) -> object:
    """Return the typed answer of `case`; what is wrong stands in `case.errors`."""
    if _is_empty(case):
        if case.item.rules.get("required"):
            case.fail(_missing(case.item))
        return [] if isinstance(case.value, list) else False if case.item.type == "checkbox" else None
    judged = JUDGES[case.item.type](case)
    _check(case)
    return judged


def decimal(value: float | str) -> Decimal | None:
    """Return a JSON number (or its text) as the decimal that people typed; None if it is no number."""
    try:
        found = Decimal(str(value))
    except ArithmeticError:
        return None
    return found if found.is_finite() else None


def fen(wan: Decimal) -> int:
    """Return 万元 as whole 分, rounded half up (only computed amounts can have a fraction of a 分)."""
    return int((wan * FEN_PER_WAN).to_integral_value(ROUND_HALF_UP))


def js_length(text: str) -> int:
    """Return the length in UTF-16 units, as JavaScript counts it after `trim()`."""
    return len(text.strip(JS_SPACE).encode("utf-16-le")) // 2


def computed(case: Case) -> object:
    """Return the typed value of a computed field; it has no rules but its own expression."""
    value = case.value
    if not case.item.is_money or isinstance(value, bool) or not isinstance(value, (int, float)):
        found = decimal(value) if isinstance(value, float) else value
        return int(found) if isinstance(found, Decimal) and found == found.to_integral_value() else found
    amount = decimal(value)
    return None if amount is None else fen(amount)


def _is_empty(case: Case) -> bool:
    value = case.value
    if isinstance(value, str) and case.item.type != "number":
        return not value.strip(JS_SPACE)
    return value is None or value in ("", []) or (case.item.type == "checkbox" and value is False)


def _missing(item: Field) -> str:
    if item.type == "filepicker":
        return "请上传“%(label)s”。"
    if item.type == "checkbox":
        return "请勾选“%(label)s”。"
    return "请选择“%(label)s”。" if item.type in CHOICES or item.type == "datetime" else "请填写“%(label)s”。"


def _text(case: Case) -> object:
    text, rules = str(case.value), case.item.rules
    length, least, most = js_length(text), case.bound("minLength"), case.bound("maxLength")
    if least is not None and length < least:
        case.fail("“%(label)s”至少 %(limit)s 个字，现为 %(count)s 个。", limit=int(least), count=length)
    if most is not None and length > most:
        case.fail("“%(label)s”最多 %(limit)s 个字，现为 %(count)s 个。", limit=int(most), count=length)
    if (pattern := rules.get("pattern")) and len(text) <= LONGEST_MATCHED:
        case.pattern = (text, str(pattern))
    elif pattern:
        case.fail("“%(label)s”的格式不对。")
    if rules.get("validationType") == "email" and not EMAIL.fullmatch(text):
        case.fail("“%(label)s”应为电子邮箱地址。")
    if case.item.properties.get("kind") == "credit_code" and _is_credit_code(case, text):
        return text.strip().upper()
    return text


def _is_credit_code(case: Case, text: str) -> bool:
    """Return whether `text` is a unified social credit code (GB 32100-2015); note the sentence if it is not."""
    try:
        credit_code.checked(text)
    except InvalidValue as wrong:
        case.errors.append(FieldMessage(wrong.message, {**wrong.values, **case.name()}))
        return False
    return True


def _number(case: Case) -> object:
    component = case.item.component
    value = decimal(case.value) if isinstance(case.value, (int, float, str)) else None
    if value is None:
        case.fail("“%(label)s”应为数字。")
        return None
    _number_rules(case, value)
    digits = component.get("decimalDigits")
    places = max(0, -int(value.normalize().as_tuple().exponent))
    if isinstance(digits, int) and places > digits:
        if digits:
            case.fail("“%(label)s”最多 %(limit)s 位小数。", limit=digits)
        else:
            case.fail("“%(label)s”应为整数。")
        return None
    step = decimal(str(component.get("increment") or 0))
    if step and value % step:
        case.fail("“%(label)s”应为 %(step)s 的整数倍。", step=f"{step:f}")
    if case.item.is_money:
        return fen(value)
    return int(value) if digits == 0 or value == value.to_integral_value() else value


def _number_rules(case: Case, value: Decimal) -> None:
    least, most = case.bound("min"), case.bound("max")
    money = case.item.is_money
    if least is not None and value < least:
        message = "“%(label)s”不能小于 %(limit)s 万元。" if money else "“%(label)s”不能小于 %(limit)s。"
        case.fail(message, limit=f"{least.normalize():f}")
    if most is not None and value > most:
        message = "“%(label)s”不能大于 %(limit)s 万元。" if money else "“%(label)s”不能大于 %(limit)s。"
        case.fail(message, limit=f"{most.normalize():f}")
    _within_reason(case, value)
    if case.item.properties.get("number.positive") == "true" and value <= 0:
        case.fail("“%(label)s”须大于 0。")


def _within_reason(case: Case, value: Decimal) -> None:
    """Refuse what is no amount of a county but a slip of the hand: a trillion yuan, or a number of thirteen digits."""
    money = case.item.is_money
    most = MOST_WAN if money else MOST_NUMBER
    if value > most:
        message = "“%(label)s”不能大于 %(limit)s 万元。" if money else "“%(label)s”不能大于 %(limit)s。"
        case.fail(message, limit=f"{most:f}")
    elif value < -most:
        message = "“%(label)s”不能小于 %(limit)s 万元。" if money else "“%(label)s”不能小于 %(limit)s。"
        case.fail(message, limit=f"{-most:f}")


def _choice(case: Case) -> object:
    if option := chosen(case.value, case.options):
        return option.value
    case.fail("“%(label)s”的选项不在可选范围内。")
    return None


def _choices(case: Case) -> object:
    picked = case.value if isinstance(case.value, list) else []
    repeated = any(same(one, other) for place, one in enumerate(picked) for other in picked[:place])
    if repeated or any(chosen(one, case.options) is None for one in picked):
        case.fail("“%(label)s”的选项不在可选范围内。")
        return []
    return list(picked)


def _checkbox(case: Case) -> object:
    return case.value is True


def _moment(case: Case) -> object:
    text, subtype = str(case.value), case.item.component.get("subtype", "date")
    if subtype == "time":
        if (read := moments.clock_time(text)) is None:
            case.fail("“%(label)s”不是有效的时间。")
        return read
    found = moments.day(text) if subtype == "date" else moments.moment(text)
    if found is None:
        case.fail("“%(label)s”不是有效的日期。")
        return None
    _moment_rules(case, found.date() if isinstance(found, datetime) else found)
    return found


def _moment_rules(case: Case, on: date) -> None:
    least, most = (_limit(case, rule) for rule in ("date.min", "date.max"))
    if case.item.component.get("disallowPassedDates") is True:
        least = max(least or case.today, case.today)
    if least is not None and on < least:
        case.fail("“%(label)s”不能早于 %(limit)s。", limit=least.isoformat())
    if most is not None and on > most:
        case.fail("“%(label)s”不能晚于 %(limit)s。", limit=most.isoformat())


def _limit(case: Case, rule: str) -> date | None:
    written = case.item.properties.get(rule, "")
    found = case.values.get(written) if written.startswith("=") else written
    if found in ("today", "tomorrow"):
        return case.today + timedelta(days=int(found == "tomorrow"))
    if isinstance(found, datetime):
        return found.date()
    return found if isinstance(found, date) else moments.day(str(found)[:10]) if found else None


def _files(case: Case) -> object:
    ids: Sequence[str] = [str(each) for each in case.value] if isinstance(case.value, list) else []
    if not case.item.component.get("multiple") and len(ids) > 1:
        case.fail("“%(label)s”只能上传一个文件。")
    known = len(set(ids)) == len(ids) and all(ATTACHMENT_ID.fullmatch(each) for each in ids)
    if not known or (case.owns is not None and not all(case.owns(each) for each in ids)):
        case.fail("“%(label)s”中的附件不属于本事项，请重新上传。")
        return []
    return list(ids)


def _check(case: Case) -> None:
    """A form's own condition; while a field that it reads is empty, that field's own rules say enough."""
    properties = case.item.properties
    written = properties.get("check", "")
    if not written or any(path in case.data and case.data[path] in (None, "") for path in names(written)):
        return
    if case.values.get(written) is False:
        if sentence := properties.get("check.message"):
            english = properties.get("en.check.message", sentence)
            case.errors.append(FieldMessage(sentence, case.name(), english))
        else:
            case.fail("“%(label)s”与其他内容不符。")


JUDGES: Final[Mapping[str, Callable[[Case], object]]] = {
    "textfield": _text,
    "textarea": _text,
    "number": _number,
    "checkbox": _checkbox,
    "datetime": _moment,
    "filepicker": _files,
    **dict.fromkeys(SINGLE_CHOICES, _choice),
    **dict.fromkeys(CHOICES - SINGLE_CHOICES, _choices),
}
