"""Answers as they are kept with a submission (JSON), and typed again when they are read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal

from app.form_schema import moments
from app.form_schema.model import Field, FormModel, scope
from app.form_schema.rules import fen

MOST_WAN = 1_000_000_000
"""What is typed beyond it is shown as it was typed: no amount of this county."""
FILE = re.compile(r"[0-9a-f]{32}")
STORED_MOMENT = {"date": moments.day, "time": moments.clock_time, "datetime": moments.moment}


def to_storage(answers: Mapping[str, object]) -> dict[str, object]:
    """Return typed answers as JSON: dates as ISO text, decimals as text, amounts as the whole 分 that they are."""
    return {key: _stored(value) for key, value in answers.items()}


def from_storage(model: FormModel, stored: Mapping[str, object]) -> dict[str, object]:
    """Return stored answers typed as `validate` gave them; keys that the form does not have stay as they are."""
    return _read(model.fields, stored)


def from_draft(model: FormModel, values: Mapping[str, object]) -> dict[str, object]:
    """Return what somebody typed and never handed in, typed as far as it can be; what cannot be stays as it is."""
    return _guessed(model.fields, values)


def file_ids(value: object) -> set[str]:
    """Return the ids of all files that answers, a draft or a form's data name, however deep."""
    if isinstance(value, str):
        return {value} if FILE.fullmatch(value) else set()
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, (list, tuple)) else ()
    return {found for part in parts for found in file_ids(part)}


def _guessed(fields: Sequence[Field], values: Mapping[str, object]) -> dict[str, object]:
    known = {item.key: item for item in scope(fields)}
    return {key: _guess(known[key], value) for key, value in values.items() if key in known}


def _guess(item: Field, value: object) -> object:
    if item.type == "group" and isinstance(value, Mapping):
        return _guessed(item.children, value)
    if item.type == "dynamiclist" and isinstance(value, list):
        return [_guessed(item.children, row) for row in value if isinstance(row, Mapping)]
    if item.type == "filepicker":
        return [key for key in value if isinstance(key, str) and FILE.fullmatch(key)] if isinstance(value, list) else []
    if item.is_money and isinstance(value, (int, float)) and not isinstance(value, bool):
        return fen(Decimal(str(value))) if abs(value) < MOST_WAN else str(value)
    typed = _typed(item, value)
    return value if typed is None else typed


def _stored(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _stored(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_stored(item) for item in value]
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _read(fields: Sequence[Field], stored: Mapping[str, object]) -> dict[str, object]:
    known = {item.key: item for item in scope(fields)}
    return {key: _typed(known[key], value) if key in known else value for key, value in stored.items()}


def _typed(item: Field, value: object) -> object:
    if item.type == "group" and isinstance(value, Mapping):
        return _read(item.children, value)
    if item.type == "dynamiclist" and isinstance(value, list):
        return [_read(item.children, row) if isinstance(row, Mapping) else row for row in value]
    if item.type == "datetime" and isinstance(value, str):
        return STORED_MOMENT[str(item.component.get("subtype", "date"))](value)
    if item.type in {"number", "expression"} and isinstance(value, str) and not item.is_money:
        return _number(value) if item.type == "number" else value
    return value


def _number(text: str) -> object:
    try:
        return Decimal(text)
    except ArithmeticError:
        return text
