"""What a parameter's value may be, and which value holds on a day: text typed in, range, changes put in force."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.domain.invalid_value import InvalidValue
from app.domain.money import FEN_A_WAN, fen_from_wan
from app.domain.parameters import Parameters, notes

DEFAULTS = Parameters()
CODE = re.compile(r"[\u4e00-\u9fff]{2,8}")
WHOLE = re.compile(r"[0-9]{1,14}")
ORDERED: tuple[tuple[str, str], ...] = (
    ("band_fair", "band_good"),
    ("band_good", "band_excellent"),
    ("rectification_days", "rectification_days_at_most"),
    ("idle_working_days", "idle_escalation_working_days"),
    ("payment_days", "payment_days_at_most"),
)
"""Pairs of which the first may not be greater than the second."""
MOST_WEIGHT = 99
"""So much may operation and sharing weigh together: the goals keep at least one point of a hundred."""


@dataclass(frozen=True)
class InForce:
    """A value that was put in force: from `effective_on` on, until a later one of the same key replaces it."""

    key: str
    value: str
    effective_on: date
    decided: int
    """The order in which decisions were made; of two that take effect on one day the later decision holds."""


def stored(value: bool | int | str) -> str:
    """Return a value as it is kept: true or false, digits, an ISO date or a code."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def parse(key: str, text: str) -> bool | int | str:
    """Return the typed value of what a person typed for a parameter; amounts in 万元.

    Raises InvalidValue with a sentence for an unknown key, a text of another type, and a value out of range.
    """
    note = notes().get(key)
    if note is None:
        raise InvalidValue("没有名为 %(key)s 的参数。", key=key[:40])
    text = text.strip()
    if note.unit == "分" and not isinstance(getattr(DEFAULTS, key), bool):
        return _within(key, fen_from_wan(text))
    return typed(key, text)


def typed(key: str, text: str) -> bool | int | str:
    """Return the typed value of a stored text; raises InvalidValue where it is none of the key's type and range."""
    note, default = notes().get(key), getattr(DEFAULTS, key, None)
    if note is None:
        raise InvalidValue("没有名为 %(key)s 的参数。", key=key[:40])
    if isinstance(default, bool):
        if text not in {"true", "false"}:
            raise InvalidValue("“%(label)s”只能是“是”或者“否”。", label=note.label)
        return text == "true"
    if isinstance(default, int):
        if not WHOLE.fullmatch(text):
            raise InvalidValue("“%(label)s”应为整数，不能填“%(text)s”。", label=note.label, text=text[:40])
        return _within(key, int(text))
    if note.unit == "代字":
        if not CODE.fullmatch(text):
            raise InvalidValue("“%(label)s”应为二至八个汉字，不能填“%(text)s”。", label=note.label, text=text[:40])
        return text
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise InvalidValue(
            "“%(label)s”应为日期，写成 2021-06-01 这样，不能填“%(text)s”。", label=note.label, text=text[:40]
        ) from None


def _within(key: str, value: int) -> int:
    note = notes()[key]
    if note.limits is None or note.limits[0] <= value <= note.limits[1]:
        return value
    if note.unit == "分":
        raise InvalidValue(
            "“%(label)s”应在 %(least)s 到 %(most)s 万元之间。",
            label=note.label,
            least=note.limits[0] // FEN_A_WAN,
            most=note.limits[1] // FEN_A_WAN,
        )
    raise InvalidValue(
        "“%(label)s”应在 %(least)s 到 %(most)s 之间。", label=note.label, least=note.limits[0], most=note.limits[1]
    )


def with_values(values: Mapping[str, str]) -> Parameters:
    """Return the parameters with these stored values in place of their defaults.

    Raises InvalidValue for an unknown key, a value that is none, or values that contradict one another.
    """
    found = replace(DEFAULTS, **{key: typed(key, text) for key, text in values.items()})  # type: ignore[arg-type]
    return consistent(found)


def consistent(found: Parameters) -> Parameters:
    """Return the parameters; raise InvalidValue where one contradicts another (a limit below its default …)."""
    known = notes()
    for low, high in ORDERED:
        if getattr(found, low) > getattr(found, high):
            raise InvalidValue("“%(low)s”不能大于“%(high)s”。", low=known[low].label, high=known[high].label)
    if found.weight_operation + found.weight_sharing > MOST_WEIGHT:
        raise InvalidValue("评价权重合计一百，“项目运行”和“数据共享”之和不能超过 99。")
    if found.panel_must_be_odd and found.panel_minimum % 2 == 0:
        raise InvalidValue("专家组人数须为单数，最少人数也应为单数。")
    codes = [getattr(found, key) for key, note in known.items() if note.unit == "代字"]
    if len(set(codes)) != len(codes):
        raise InvalidValue("两种公文不能用同一个机关代字。")
    return found


def on(day: date, changes: Iterable[InForce]) -> Parameters:
    """Return the parameters in force on `day`: for each key the last decision that had taken effect by then."""
    chosen: dict[str, InForce] = {}
    for change in sorted(changes, key=lambda one: (one.effective_on, one.decided)):
        if change.effective_on <= day:
            chosen[change.key] = change
    return replace(DEFAULTS, **{key: typed(key, one.value) for key, one in chosen.items()})  # type: ignore[arg-type]


def must_not_look_back(effective_on: date, today: date) -> None:
    """Raise InvalidValue for a day before today: what was decided before stays as it was decided."""
    if effective_on < today:
        raise InvalidValue("生效日期 %(day)s 已过去；新的口径只对以后作出的决定有效。", day=effective_on)


def replaced(found: Parameters, key: str, value: str) -> Parameters:
    """Return the parameters with one stored value replaced; raises InvalidValue where it is none."""
    return replace(found, **{key: typed(key, value)})  # type: ignore[arg-type]
