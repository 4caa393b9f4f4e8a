"""Typed facts as a form sees them: JSON, dates as ISO text, money in 万元."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal

from app.clock import SHANGHAI
from app.form_schema.model import FEN_PER_WAN

WEEKDAYS = "一二三四五六日"
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def display_context(facts: Mapping[str, object], lang: str = "zh") -> dict[str, object]:
    """Return `facts` as form data for the browser and for FEEL in forms.

    A date or moment becomes ISO text, with `<key>_text` (2026-11-23 周一) beside it. An int under `<key>_fen` stays and
    gives `<key>` in 万元 (a number) and `<key>_text` with two decimals. Decimals become numbers. A key that is already
    there is never overwritten.
    """
    shown: dict[str, object] = {}
    extra: dict[str, object] = {}
    for key, value in facts.items():
        shown[key] = _plain(value, lang)
        if isinstance(value, date):
            extra[f"{key}_text"] = day_text(value, lang)
        if key.endswith("_fen") and isinstance(value, int) and not isinstance(value, bool):
            extra[key.removesuffix("_fen")] = wan_number(value)
            extra[key.removesuffix("_fen") + "_text"] = wan_text(value)
    return extra | shown


def wan_number(fen: int) -> int | float:
    """Return whole 分 as a JSON number of 万元; exact to the 分 below 1,000,000,000 万元."""
    return number(Decimal(fen) / FEN_PER_WAN)


def wan_text(fen: int) -> str:
    """Return whole 分 as 万元 with two decimals, rounded half up, thousands separated."""
    return f"{(Decimal(fen) / FEN_PER_WAN).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


def number(value: Decimal) -> int | float:
    """Return a decimal as the JSON number that people typed."""
    return int(value) if value == value.to_integral_value() else float(value)


def day_text(day: date, lang: str = "zh") -> str:
    """Return 2026-11-23 周一, for a moment 2026-11-23 周一 14:30 (Shanghai)."""
    moment = day.astimezone(SHANGHAI) if isinstance(day, datetime) and day.tzinfo else day
    name = WEEKDAYS_EN[moment.weekday()] if lang == "en" else "周" + WEEKDAYS[moment.weekday()]
    clock = f" {moment:%H:%M}" if isinstance(moment, datetime) else ""
    return f"{moment:%Y-%m-%d} {name}{clock}"


def _plain(value: object, lang: str) -> object:
    if isinstance(value, Mapping):
        return display_context({str(key): item for key, item in value.items()}, lang)
    if isinstance(value, (list, tuple)):
        return [_plain(item, lang) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return number(value)
    return value
