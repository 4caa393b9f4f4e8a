"""FEEL inside a form: every expression of one scope, for all rows of a list at once.

form-js evaluates without strictness: what cannot be computed is null. So do we.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from app.feel import FeelError, evaluate_all, names

if TYPE_CHECKING:
    from datetime import datetime

    from app.form_schema.model import Field

Data = Mapping[str, object]


def of_scope(fields: Sequence[Field]) -> list[str]:
    """Return the expressions of `fields` and of the groups among them; a list's children have a scope of their own."""
    found: dict[str, None] = {}
    for field in fields:
        found |= dict.fromkeys(field.expressions)
        if field.type == "group":
            found |= dict.fromkeys(of_scope(field.children))
    return list(found)


def evaluate_root(expressions: Sequence[str], data: Data, *, now: datetime) -> dict[str, object]:
    """Return each expression's value for the whole form's `data`."""
    return _values(expressions, expressions, {"this": data, "parent": None, "i": []} | dict(data), now=now)


def evaluate_rows(
    expressions: Sequence[str], rows: Sequence[Data], *, data: Data, parent: Data, indexes: Sequence[int], now: datetime
) -> list[dict[str, object]]:
    """Return for each row of a list each expression's value: `this` is the row, `i` counts from 1 as in form-js.

    One call of the interpreter serves all rows; only expressions that read `i` take a call for each row.
    """
    if not rows:
        return []
    counted = [text for text in expressions if "i" in names(text)]
    plain = [text for text in expressions if text not in counted]
    context = {"parent": parent, "i": list(indexes)} | dict(data)
    together = _values(
        plain, [f"for this in _rows_ return ({text[1:]})" for text in plain], context | {"_rows_": rows}, now=now
    )
    found = []
    for place, row in enumerate(rows):
        values = {text: _at(together[text], place) for text in plain}
        found.append(values | _values(counted, counted, context | {"this": row, "i": [*indexes, place + 1]}, now=now))
    return found


def matching(pairs: Sequence[tuple[str, str]], *, now: datetime) -> list[bool | None]:
    """Return for each (text, pattern) whether JavaScript finds the pattern in the text; None if that takes too long.

    The browser's own regular expressions judge, in the sandbox with its time limit, so that no pattern can hang us.
    """
    if not pairs:
        return []
    context = {f"v{n}": text for n, (text, _) in enumerate(pairs)} | {f"p{n}": p for n, (_, p) in enumerate(pairs)}
    try:
        found = evaluate_all([f"matches(v{n}, p{n})" for n in range(len(pairs))], context, now=now, strict=False)
    except FeelError:
        return [None] if len(pairs) == 1 else [matching([pair], now=now)[0] for pair in pairs]
    return [item is True for item in found]


def _values(keys: Sequence[str], expressions: Sequence[str], context: Data, *, now: datetime) -> dict[str, object]:
    if not keys:
        return {}
    try:
        found: Iterable[object] = evaluate_all(expressions, context, now=now, strict=False)
    except FeelError:
        found = [None] * len(keys)
    return {key: None if isinstance(item, FeelError) else item for key, item in zip(keys, found, strict=True)}


def _at(values: object, place: int) -> object:
    return values[place] if isinstance(values, list) and place < len(values) else None
