"""Answers for people: back into the form, and as lines and tables for read-only pages and prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal

from app.form_schema.context import day_text, number, wan_number, wan_text
from app.form_schema.language import option_label
from app.form_schema.model import CHOICES, KEYED, Field, FormModel, scope
from app.form_schema.options import chosen, normalised

Kind = Literal["text", "money", "number", "date", "choice", "attachment"]
UNIT = {"zh": "万元", "en": "10k yuan"}
YES_NO = {"zh": ("是", "否"), "en": ("Yes", "No")}
SEPARATOR = {"zh": "、", "en": ", "}


@dataclass(frozen=True)
class Row:
    """One line: what was asked and what was answered; `value` is empty where nothing was."""

    label: str
    value: str
    path: str
    section: str = ""
    kind: Kind = "text"
    attachments: tuple[str, ...] = ()
    """The ids, where the answer is files; whoever shows the line knows their names."""


@dataclass(frozen=True)
class Column:
    """A column of a table and how its values are set."""

    label: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Table:
    """A dynamic list: columns and rows in the order of the form."""

    label: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Row, ...], ...]
    path: str
    section: str = ""


def to_display(model: FormModel, answers: Mapping[str, object]) -> dict[str, object]:
    """Return typed answers as form data for the browser: 万元 for amounts, ISO text for dates."""
    return _shown(model.fields, answers)


def summary_rows(
    model: FormModel,
    answers: Mapping[str, object],
    lang: str = "zh",
    *,
    context: Mapping[str, object] | None = None,
) -> tuple[Row | Table, ...]:
    """Return typed answers as lines and tables in `lang` ("zh", "en"), in the order of the form, without hidden ones.

    Amounts in 万元 with two decimals, dates with weekday, choices by their labels. `context` gives the labels of
    options that are not written in the form.
    """
    return tuple(_lines(model.fields, answers, _Setting(lang, context or {}), "", ""))


@dataclass(frozen=True)
class _Setting:
    lang: str
    context: Mapping[str, object]


def _lines(
    fields: Sequence[Field], answers: Mapping[str, object], setting: _Setting, section: str, path: str
) -> Iterator[Row | Table]:
    for item in fields:
        if item.type == "group":
            inner = answers.get(item.key) if item.key else answers
            name = item.label(setting.lang) or section
            yield from _lines(
                item.children, inner if isinstance(inner, Mapping) else {}, setting, name, _under(path, item.key)
            )
        elif item.key in answers and item.type == "dynamiclist":
            yield _table(item, answers[item.key], setting, section, path + item.key)
        elif item.key in answers and item.type in KEYED:
            yield _row(item, answers[item.key], setting, section, path + item.key)


def _under(path: str, key: str) -> str:
    return f"{path}{key}." if key else path


def _table(item: Field, value: object, setting: _Setting, section: str, path: str) -> Table:
    columns = [child for child in scope(item.children) if child.type in KEYED]
    rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
    return Table(
        item.label(setting.lang),
        tuple(Column(column.label(setting.lang), _kind(column)) for column in columns),
        tuple(
            tuple(
                _row(column, row.get(column.key), setting, section, f"{path}[{place}].{column.key}")
                for column in columns
            )
            for place, row in enumerate(rows)
        ),
        path,
        section,
    )


def _row(item: Field, value: object, setting: _Setting, section: str, path: str) -> Row:
    kind = _kind(item)
    files = tuple(str(each) for each in value) if kind == "attachment" and isinstance(value, list) else ()
    return Row(item.label(setting.lang), "" if files else _text(item, value, setting), path, section, kind, files)


def _kind(item: Field) -> Kind:
    if item.is_money:
        return "money"
    if item.type in CHOICES or item.type == "checkbox":
        return "choice"
    kinds: Mapping[str, Kind] = {"number": "number", "datetime": "date", "filepicker": "attachment"}
    return kinds.get(item.type, "text")


def _text(item: Field, value: object, setting: _Setting) -> str:
    if value is None or value == []:
        return ""
    if item.type in CHOICES:
        values = value if isinstance(value, list) else [value]
        return SEPARATOR[setting.lang].join(_label(item, each, setting) for each in values)
    if item.is_money and isinstance(value, int):
        return f"{wan_text(value)} {UNIT[setting.lang]}"
    if isinstance(value, bool):
        return YES_NO[setting.lang][int(not value)]
    if isinstance(value, (int, float, Decimal)):
        return _number_text(item, value, setting.lang)
    return _moment_text(value, setting.lang)


def _moment_text(value: object, lang: str) -> str:
    if isinstance(value, date):
        return day_text(value, lang)
    return value.strftime("%H:%M") if isinstance(value, time) else str(value)


def _number_text(item: Field, value: float | Decimal, lang: str) -> str:
    appearance = item.component.get("appearance")
    suffix = appearance.get("suffixAdorner", "") if isinstance(appearance, Mapping) else ""
    suffix = item.properties.get("en.suffix", suffix) if lang == "en" else suffix
    plain = f"{Decimal(str(value)).normalize():f}"
    return f"{plain}{suffix}" if suffix == "%" else f"{plain} {suffix}".rstrip()


def _label(item: Field, value: object, setting: _Setting) -> str:
    key = item.component.get("valuesKey")
    listed = setting.context.get(key) if isinstance(key, str) and key else item.component.get("values")
    option = chosen(value, normalised(listed))
    return option_label(item.properties, value, option.label if option else str(value), setting.lang)


def _shown(fields: Sequence[Field], answers: Mapping[str, object]) -> dict[str, object]:
    known = {item.key: item for item in scope(fields)}
    return {key: _for_browser(known[key], value) for key, value in answers.items() if key in known}


def _for_browser(item: Field, value: object) -> object:
    if item.type == "group" and isinstance(value, Mapping):
        return _shown(item.children, value)
    if item.type == "dynamiclist" and isinstance(value, list):
        return [_shown(item.children, row) for row in value if isinstance(row, Mapping)]
    if item.is_money and isinstance(value, int) and not isinstance(value, bool):
        return wan_number(value)
    if isinstance(value, Decimal):
        return str(value) if item.component.get("serializeToString") else number(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return (
        value.isoformat() if isinstance(value, date) else value.strftime("%H:%M") if isinstance(value, time) else value
    )
