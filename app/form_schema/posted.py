"""What was posted, brought into the shape of the form: unknown keys named, wrong JSON types noted, gaps filled."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from app.form_schema.context import number
from app.form_schema.messages import FieldMessage
from app.form_schema.model import Field, scope

LONGEST_TEXT: Final = 100_000
MOST_ROWS: Final = 1_000
MOST_CHOICES: Final = 1_000
LARGEST_NUMBER: Final = Decimal(10) ** 13
UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
LINE_BREAKS: Final = re.compile(r"[\r\n\t]")
NAMELIKE: Final = 60
"""Characters of an unknown key that are shown."""

EMPTY: Final[Mapping[str, object]] = {"textfield": "", "textarea": "", "checkbox": False}
"""The empty values of form-js; lists of choices are empty lists, all others null."""


@dataclass
class Posted:
    """The posted data in the form's shape, and what was wrong with its shape, by path."""

    data: dict[str, object]
    surplus: dict[str, list[FieldMessage]] = field(default_factory=dict)
    mistyped: dict[str, list[FieldMessage]] = field(default_factory=dict)
    """Counts only where the field turns out to be visible and open."""


def shaped(fields: Sequence[Field], posted: Mapping[str, object]) -> Posted:
    """Return `posted` in the shape of `fields`; nothing is judged here but keys and JSON types."""
    result = Posted({})
    result.data = _scope(fields, posted, "", result)
    return result


def named(item: Field) -> dict[str, object]:
    """Return the field's name in both languages, for its sentences."""
    return {"label": item.label(), "label_en": item.label("en")}


def _scope(fields: Sequence[Field], posted: Mapping[str, object], path: str, result: Posted) -> dict[str, object]:
    known = {item.key: item for item in scope(fields)}
    for key in posted:
        if key not in known:
            name = UNSTORABLE.sub("", str(key))[:NAMELIKE]
            result.surplus[path + name] = [FieldMessage("表单中没有“%(key)s”这一项。", {"key": name})]
    return {key: _value(item, posted.get(key), path + key, result) for key, item in known.items()}


def _value(item: Field, value: object, path: str, result: Posted) -> object:
    if item.type == "group":
        inner = _mapping(item, value, path, result)
        return _scope(item.children, inner, path + ".", result)
    if item.type == "dynamiclist":
        return _rows(item, value, path, result)
    if item.type == "expression":
        return None
    return _answer(item, value, path, result)


def _answer(item: Field, value: object, path: str, result: Posted) -> object:
    sentence = None if value is None else _mistyped(item, value)
    if sentence:
        result.mistyped[path] = [sentence]
    if value is None or sentence:
        return [] if item.type in {"checklist", "taglist", "filepicker"} else EMPTY.get(item.type)
    if item.type == "textfield" and isinstance(value, str):
        return LINE_BREAKS.sub(" ", value)
    if isinstance(value, Decimal):
        return number(value)
    return list(value) if isinstance(value, tuple) else value


def _mapping(item: Field, value: object, path: str, result: Posted) -> Mapping[str, object]:
    if isinstance(value, Mapping):
        return value
    if value is not None:
        result.mistyped[path] = [FieldMessage("“%(label)s”的内容类型不对。", named(item))]
    return {}


def _rows(item: Field, value: object, path: str, result: Posted) -> list[dict[str, object]]:
    if value is None:
        return []
    if not isinstance(value, (list, tuple)) or not all(isinstance(row, Mapping) for row in value):
        result.mistyped[path] = [FieldMessage("“%(label)s”的内容类型不对。", named(item))]
        return []
    if len(value) > MOST_ROWS:
        result.mistyped[path] = [
            FieldMessage(
                "“%(label)s”最多 %(limit)s 行，现为 %(count)s 行。",
                {"limit": MOST_ROWS, "count": len(value), **named(item)},
            )
        ]
        return []
    return [_scope(item.children, row, f"{path}[{place}].", result) for place, row in enumerate(value)]


def _mistyped(item: Field, value: object) -> FieldMessage | None:
    if not _has_type(item, value):
        return FieldMessage("“%(label)s”的内容类型不对。", named(item))
    texts = value if isinstance(value, (list, tuple)) else [value]
    if any(isinstance(text, str) and UNSTORABLE.search(text) for text in texts):
        return FieldMessage("“%(label)s”含有不能保存的字符。", named(item))
    if any(isinstance(text, str) and len(text) > LONGEST_TEXT for text in texts):
        return FieldMessage("“%(label)s”过长，最多 %(limit)s 个字。", {"limit": LONGEST_TEXT, **named(item)})
    if any(_is_number(each) and abs(Decimal(str(each))) > LARGEST_NUMBER for each in texts):
        return FieldMessage("“%(label)s”的数字超出范围。", named(item))
    return None


def _has_type(item: Field, value: object) -> bool:
    if item.type in {"textfield", "textarea", "datetime"}:
        return isinstance(value, str)
    if item.type == "number":
        return isinstance(value, str) if item.component.get("serializeToString") else _is_number(value)
    if item.type == "checkbox":
        return isinstance(value, bool)
    if item.type not in {"filepicker", "checklist", "taglist"}:
        return _is_plain(value)
    if not isinstance(value, (list, tuple)) or len(value) > MOST_CHOICES:
        return False
    return all(isinstance(each, str) if item.type == "filepicker" else _is_plain(each) for each in value)


def _is_plain(value: object) -> bool:
    return isinstance(value, (str, bool)) or _is_number(value)


def _is_number(value: object) -> bool:
    if isinstance(value, (bool, str)):
        return False
    return isinstance(value, int) or (isinstance(value, (float, Decimal)) and Decimal(str(value)).is_finite())
