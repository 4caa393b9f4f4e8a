"""The frozen content of a paper: values by name and the layout in which they stand, hashed as it was signed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.domain import money
from app.domain.papers import layout as layouts
from app.domain.papers.kinds import KINDS
from app.domain.papers.layout import Part

EMPTY = "—"
"""What stands where nothing was recorded."""
KEPT_BACK = "——"
"""What stands for an amount that the reader may not see (specification §2.3)."""

AMOUNT_IN_TEXT = re.compile(
    r"[0-9０-９][0-9０-９,，.．]*\s*(?=(?:余|多)?(?:万|亿)?\s*元)|[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]{2,}(?=元)"
    r"|[一二三四五六七八九十百千两]+(?=[万亿]+元)"
)
"""An amount as people type it into a text."""

Text = object
"""What may stand at a place: a string, an amount `{"fen": 1, "as": "wan"}`, or a list of both in one line."""


def amount(fen: int | None, form: str = "wan") -> Text:
    """Return an amount in 分 as a value: `wan` 万元 with two decimals, `exact` with all, `yuan`, `capital` 大写."""
    return EMPTY if fen is None else {"fen": int(fen), "as": form}  # PostgreSQL sums 分 to a Decimal


@dataclass(frozen=True)
class Content:
    """What a paper says. Values are plain JSON."""

    kind: str
    title: str
    parts: tuple[Part, ...]
    values: Mapping[str, object]
    number: str = ""
    issuer: str = ""
    """In whose name; the red head and the seal."""
    addressee: str = ""
    project_no: str = ""
    project_name: str = ""
    unit: str = ""
    issued_on: str = ""
    """The day of signing, ISO 8601; empty on a draft."""
    note: str = ""
    """Why it was issued again."""
    copies: str = ""
    """抄送."""
    names: tuple[str, ...] = field(default=())
    """Usernames of experts whom it names."""

    def as_json(self) -> dict[str, object]:
        """Return plain JSON, in the order of the fields."""
        return {
            "kind": self.kind,
            "title": self.title,
            "number": self.number,
            "issuer": self.issuer,
            "addressee": self.addressee,
            "project_no": self.project_no,
            "project_name": self.project_name,
            "unit": self.unit,
            "issued_on": self.issued_on,
            "note": self.note,
            "copies": self.copies,
            "names": list(self.names),
            "layout": [part.as_json() for part in self.parts],
            "values": dict(self.values),
        }

    @property
    def issued(self) -> date | None:
        """The day of signing."""
        return date.fromisoformat(self.issued_on) if self.issued_on else None


def from_json(stored: Mapping[str, object]) -> Content:
    """Return a content that was frozen."""
    parts, values, names = stored.get("layout"), stored.get("values"), stored.get("names") or ()
    assert isinstance(parts, Sequence)  # noqa: S101 -- written by as_json
    assert isinstance(values, Mapping)  # noqa: S101 -- the same
    assert isinstance(names, Sequence)  # noqa: S101 -- the same
    texts = {
        key: str(stored.get(key) or "")
        for key in ("kind", "title", "number", "issuer", "addressee", "project_no", "project_name", "unit",
                    "issued_on", "note", "copies")
    }  # fmt: skip
    return Content(parts=layouts.from_json(parts), values=values, names=tuple(str(n) for n in names), **texts)


def canonical(stored: Mapping[str, object]) -> str:
    """Return the one way in which a content is written for its hash: sorted keys, no blanks, Chinese as it is."""
    return json.dumps(stored, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(stored: Mapping[str, object]) -> str:
    """Return the SHA-256 of a content, in hexadecimal digits."""
    return hashlib.sha256(canonical(stored).encode()).hexdigest()


def written(value: Text, *, prices: bool = True) -> str:
    """Return a value as it is printed: nothing is —, and without `prices` no amount is told."""
    if isinstance(value, (list, tuple)):
        return "".join(_run(one, prices=prices) for one in value) or EMPTY
    return _run(value, prices=prices) or EMPTY


def _run(value: object, *, prices: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return _amount(value) if prices else KEPT_BACK
    text = str(value)
    return text if prices else AMOUNT_IN_TEXT.sub(KEPT_BACK, text)


def _amount(value: Mapping[str, object]) -> str:
    fen, form = value["fen"], value.get("as", "wan")
    assert isinstance(fen, int)  # noqa: S101 -- written by `amount`
    if form == "capital":
        return money.capital(fen)
    if form == "yuan":
        return money.format_yuan(fen)
    return money.format_wan_exact(fen) if form == "exact" else money.format_wan(fen)


def paragraphs(content: Content, key: str, *, prices: bool = True) -> list[str]:
    """Return the paragraphs of a prose part; none where nothing was said."""
    found = content.values.get(key) or ()
    assert isinstance(found, Sequence)  # noqa: S101 -- prose is a list
    return [written(one, prices=prices) for one in found if one]


def rows(content: Content, part: Part, *, prices: bool = True) -> list[list[str]]:
    """Return the rows of a table part, cell by cell."""
    return [
        [
            "" if row.get("sum") and row.get(c.key) == "" else written(row.get(c.key), prices=prices)
            for c in part.columns
        ]
        for row in raw_rows(content, part)
    ]


def raw_rows(content: Content, part: Part) -> list[Mapping[str, object]]:
    """Return the rows of a table or signature part as they were frozen; `sum` marks a row of sums."""
    found = content.values.get(part.key) or ()
    assert isinstance(found, Sequence)  # noqa: S101 -- a table is a list
    return [row for row in found if isinstance(row, Mapping)]


def text_of(content: Content, *, prices: bool = True) -> list[str]:
    """Return everything that the paper says, line by line: what search, tests and comparisons read."""
    upward = content.kind in KINDS and KINDS[content.kind].upward
    lines = [line for line in (content.title, content.number, content.addressee, content.note) if line]
    for part in content.parts:
        if part.kind == "facts":
            lines += [written(content.values.get(key), prices=prices) for _label, key in part.lines]
        elif part.kind == "prose":
            lines += paragraphs(content, part.key, prices=prices)
        elif part.kind == "table":
            lines += [cell for row in rows(content, part, prices=prices) for cell in row]
        else:
            keys = ("name",) if upward else ("role", "name", "on")
            lines += [written(row.get(key)) for row in raw_rows(content, part) for key in keys]
    return lines


def context(content: Content, *, prices: bool = True) -> dict[str, object]:
    """Return the values as a Word template reads them: texts, lists of paragraphs, lists of rows."""
    found: dict[str, object] = {
        "title": content.title, "number": content.number or EMPTY, "issuer": content.issuer,
        "addressee": content.addressee, "project_no": content.project_no or EMPTY,
        "project_name": content.project_name or EMPTY, "unit": content.unit or EMPTY,
        "issued_on": chinese_day(content.issued_on) or EMPTY, "note": content.note, "copies": content.copies,
    }  # fmt: skip
    for part in content.parts:
        if part.kind == "facts":
            found |= {key: written(content.values.get(key), prices=prices) for _label, key in part.lines}
        elif part.kind == "prose":
            found[part.key] = paragraphs(content, part.key, prices=prices)
        elif part.kind == "table":
            found[part.key] = [
                {c.key: cell for c, cell in zip(part.columns, row, strict=True)}
                for row in rows(content, part, prices=prices)
            ]
        else:
            found[part.key] = [
                {key: written(row.get(key)) for key in ("role", "name", "on")} for row in raw_rows(content, part)
            ]
    return found


def placeholders(parts: Sequence[Part]) -> frozenset[str]:
    """Return the names that a Word template of this layout may use."""
    common = {"title", "number", "issuer", "addressee", "project_no", "project_name", "unit", "issued_on", "note",
              "copies"}  # fmt: skip
    keys = {part.key for part in parts if part.key} | {key for part in parts for _label, key in part.lines}
    return frozenset(common | keys)


def chinese_day(text: str) -> str:
    """Return a day as official papers write it: 2026年11月13日, without leading zeros."""
    if not text:
        return ""
    day = date.fromisoformat(text)
    return f"{day.year}年{day.month}月{day.day}日"
