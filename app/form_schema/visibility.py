"""Which parts of a form are visible for the answers given, and what its computed fields say.

A hidden field has no value, which may hide or show another one; so we look again until nothing moves, as the browser
does while people type.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from app.form_schema import expressions

if TYPE_CHECKING:
    from app.form_schema.model import Field

MOST_PASSES: Final = 10
QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
Values = Mapping[str, object]


@dataclass
class Settled:
    """The visible data of a form (plain JSON), and each expression's value by the path of its scope."""

    data: dict[str, object]
    values: dict[str, Values]
    context: Mapping[str, object]


def settle(
    fields: Sequence[Field], raw: Mapping[str, object], context: Mapping[str, object], *, now: datetime
) -> Settled:
    """Return what of `raw` is visible; `context` is the form data beside the fields (already plain JSON)."""
    settled, asked = Settled(dict(raw), {}, context), expressions.of_scope(fields)
    for _ in range(MOST_PASSES):
        following = _looked_at(fields, raw, settled, asked, now=now)
        if following.data == settled.data:  # the same data would be looked at with the same eyes
            return following
        settled = following
    return settled


def is_hidden(field: Field, values: Values) -> bool:
    """Return whether the component is hidden, by the reading of form-js.

    form-js takes the condition for a unary test of nothing (null). So one that cannot be decided (null) hides, since
    null equals nothing, except in not(…), where it is the inner test that null passes.
    """
    if not field.hide:
        return False
    value = values.get(field.hide)
    return value is True or (value is None and not _is_negation(field.hide))


@lru_cache(maxsize=4096)
def _is_negation(condition: str) -> bool:
    """Whether the whole of `condition` is one not(…)."""
    text = condition.removeprefix("=").strip()
    opening = text.removeprefix("not").lstrip()
    if not text.startswith("not") or not opening.startswith("(") or not opening.endswith(")"):
        return False
    depth = 0
    for place, sign in enumerate(QUOTED.sub("", opening)):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return place == len(QUOTED.sub("", opening)) - 1
    return False


def is_locked(field: Field, values: Values) -> bool:
    """Return whether people cannot change the field, so that what was posted for it does not count."""
    readonly = field.component.get("readonly")
    return (
        field.component.get("disabled") is True
        or (values.get(readonly) if isinstance(readonly, str) else readonly) is True
    )


def _looked_at(
    fields: Sequence[Field], raw: Mapping[str, object], before: Settled, asked: Sequence[str], *, now: datetime
) -> Settled:
    after = Settled({}, {}, before.context)
    root = dict(before.context) | before.data
    look = _Look(after, root, now)
    values = expressions.evaluate_root(asked, root, now=now)
    after.values[""] = values
    look.scope(fields, raw, after.data, values=values, path="", known=before.context, earlier=before.data, indexes=())
    return after


@dataclass
class _Look:
    """One look over the whole form."""

    after: Settled
    root: Mapping[str, object]
    now: datetime

    def scope(
        self,
        fields: Sequence[Field],
        raw: Mapping[str, object],
        out: dict[str, object],
        *,
        values: Values,
        path: str,
        known: object,
        earlier: object,
        indexes: tuple[int, ...],
    ) -> None:
        """Put into `out` what is visible of `raw`; `known` is the context and `earlier` the last look at this place."""
        for field in fields:
            if is_hidden(field, values):
                continue
            if field.type == "group" and not field.key:
                self.scope(
                    field.children, raw, out, values=values, path=path, known=known, earlier=earlier, indexes=indexes
                )
            elif field.key:
                place = _Place(values, path + field.key, _inner(known, field.key), _inner(earlier, field.key), indexes)
                out[field.key] = self._value(field, raw.get(field.key), place)

    def _value(self, field: Field, value: object, place: _Place) -> object:
        if field.type == "group":
            inner: dict[str, object] = {}
            raw = value if isinstance(value, Mapping) else {}
            self.scope(
                field.children, raw, inner,
                values=place.values, path=place.path + ".", known=place.known,
                earlier=place.earlier, indexes=place.indexes,
            )  # fmt: skip
            return inner
        if field.type == "dynamiclist":
            return self._rows(field, value if isinstance(value, list) else [], place)
        if field.type == "expression":
            return plain(place.values.get(str(field.component.get("expression"))))
        if is_locked(field, place.values):
            return field.component.get("defaultValue") if place.known is None else place.known
        return value

    def _rows(self, field: Field, rows: Sequence[Mapping[str, object]], place: _Place) -> list[dict[str, object]]:
        earlier = place.earlier if isinstance(place.earlier, list) and len(place.earlier) == len(rows) else rows
        found = expressions.evaluate_rows(
            expressions.of_scope(field.children), earlier,
            data=self.root, parent=self.root, indexes=place.indexes, now=self.now,
        )  # fmt: skip
        visible: list[dict[str, object]] = []
        for number, (row, values) in enumerate(zip(rows, found, strict=True)):
            path = f"{place.path}[{number}]."
            out: dict[str, object] = {}
            self.after.values[path] = values
            self.scope(
                field.children, row, out, values=values, path=path, known=_inner(place.known, number),
                earlier=_inner(earlier, number), indexes=(*place.indexes, number + 1),
            )  # fmt: skip
            visible.append(out)
        return visible


@dataclass(frozen=True)
class _Place:
    """Where a value stands: the expressions' values there, the context's and the last look's value."""

    values: Values
    path: str
    known: object
    earlier: object
    indexes: tuple[int, ...]


def plain(value: object) -> object:
    """Return a FEEL value as the JSON that form-js would hold."""
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return value if value is None or isinstance(value, (str, bool, int, float)) else str(value)


def _inner(data: object, key: str | int) -> object:
    if isinstance(data, Mapping):
        return data.get(key)
    if isinstance(data, list) and isinstance(key, int) and key < len(data):
        return data[key]
    return None
