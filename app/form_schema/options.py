"""The options of a choice: written in the form, or given with the context."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from app.form_schema.model import Field


class Option(NamedTuple):
    """What may be chosen and what it is called."""

    value: object
    label: str


def options(field: Field, values: Mapping[str, object], data: Mapping[str, object]) -> tuple[Option, ...]:
    """Return the options of `field`; `values` are the scope's evaluated expressions, `data` the whole form data."""
    expression, key = field.component.get("valuesExpression"), field.component.get("valuesKey")
    if isinstance(expression, str) and expression:
        return normalised(values.get(expression))
    if isinstance(key, str) and key:
        return normalised(data.get(key))
    return normalised(field.component.get("values"))


def normalised(listed: object) -> tuple[Option, ...]:
    """Return options as form-js reads them: a plain value is its own label, an empty one is none."""
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        return ()
    found = [_option(item) for item in listed]
    return tuple(item for item in found if item is not None)


def same(left: object, right: object) -> bool:
    """Return whether two option values are one and the same; in Python True equals 1, in a form it does not."""
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def chosen(value: object, among: Sequence[Option]) -> Option | None:
    """Return the option with `value`, or None if it is not among them."""
    return next((option for option in among if same(option.value, value)), None)


def _option(item: object) -> Option | None:
    if isinstance(item, Mapping):
        value, label = item.get("value"), item.get("label")
        return Option(value, str(label or value)) if _allowed(value) else None
    return Option(item, str(item)) if _allowed(item) else None


def _allowed(value: object) -> bool:
    return (isinstance(value, (bool, int, float)) or (isinstance(value, str) and bool(value))) and value == value  # noqa: PLR0124 -- NaN
