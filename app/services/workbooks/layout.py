"""The columns of a workbook, drawn from the form that its rows become: labels, choices, what must be filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.form_schema.model import Field as FormField
from app.form_schema.model import FormModel, every, scope
from app.form_schema.options import Option, normalised

LONGEST = 4000
"""Characters of one cell."""


@dataclass(frozen=True)
class Column:
    """One column: the form's field that it fills, and how its cells are read."""

    label: str
    key: str
    kind: str
    """text, number, day or choice."""
    options: tuple[Option, ...] = ()
    """Empty for a choice whose list is too long for a cell; the form itself judges it."""
    offered: tuple[Option, ...] = ()
    """The options that the template lists: those with which a row can pass."""
    required: bool = False
    help: str = ""
    money: bool = False
    part: str = ""
    """Of a list in the form: which of its rows this column is."""


@dataclass(frozen=True)
class Layout:
    """A workbook: the sheet that is filled in, its columns, and how many rows it takes at most."""

    kind: str
    title: str
    sheet: str
    columns: tuple[Column, ...]
    most_rows: int
    notes: tuple[str, ...]
    """What the sheet 填写说明 says, sentence by sentence."""


def columns_of(
    form: FormModel, *, without: Iterable[str] = (), choices: Mapping[str, Iterable[str]] | None = None
) -> tuple[Column, ...]:
    """Return the columns for a form's fields; attachments have none, a list has one for each of its choices.

    `choices` narrows a field to what a workbook can say of it.
    """
    left_out = set(without)
    found: list[Column] = []
    for item in scope(form.fields):
        if item.key in left_out or item.type in {"filepicker", "expression", "checklist", "taglist"}:
            continue
        if item.type == "dynamiclist":
            found += _parts(item)
        else:
            found.append(_column(item, (choices or {}).get(item.key)))
    return tuple(found)


def _column(item: FormField, among: Iterable[str] | None) -> Column:
    kinds = {"number": "number", "datetime": "day", "select": "choice", "radio": "choice", "checkbox": "choice"}
    options = normalised(item.component.get("values"))
    return Column(
        label=item.label(),
        key=item.key,
        kind=kinds.get(item.type, "text"),
        options=options,
        offered=tuple(one for one in options if among is None or one.label in set(among)),
        required=bool(item.rules.get("required")) and not item.hide,
        help=item.text("description"),
        money=item.is_money,
    )


def _parts(item: FormField) -> Iterable[Column]:
    """Yield a column of amounts for each choice of a list's first field: 资金来源：县级."""
    kind, amount = (one for one in every(item.children) if one.key in {"kind", "amount"})
    for option in normalised(kind.component.get("values")):
        yield Column(
            label=f"{item.label()}：{option.label}", key=item.key, kind="number", money=amount.is_money,
            part=str(option.value),
        )  # fmt: skip


def posted(columns: Iterable[Column], values: Mapping[str, Any]) -> dict[str, object]:
    """Return a row's values (by label) as the form would post them; empty cells are no answer."""
    found: dict[str, Any] = {}
    for column in columns:
        value = values.get(column.label)
        if value is None:
            continue
        if column.part:
            found.setdefault(column.key, []).append({"kind": column.part, "amount": value})
        else:
            found[column.key] = value
    return found
