"""A paper as a page shows it: every text written out, whichever way it is then set."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from app.domain.papers import content as contents
from app.domain.papers.content import Content, chinese_day
from app.domain.papers.kinds import KINDS
from app.domain.papers.layout import Part

SHORT_ROWS = 8
"""Rows up to which a table stays on one page."""
SHORT_TEXT = 240
"""Characters up to which the last paragraphs move to the page of the seal, which never stands alone (GB/T 9704)."""
TIGHT = 20
"""Columns from which a table is set in the smallest type."""
CLASSES = {"money": "n", "number": "n", "date": "d", "text": ""}
SIGNATURE_HEADS = ("签署", "姓名", "日期")


@dataclass(frozen=True)
class SheetRow:
    """A row of a table."""

    cells: tuple[str, ...]
    sum: bool = False


@dataclass(frozen=True)
class SheetPart:
    """One part of a page; only what its kind needs is filled."""

    kind: str
    heading: str = ""
    paragraphs: tuple[str, ...] = ()
    lines: tuple[tuple[str, str], ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[SheetRow, ...] = ()
    classes: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()
    wide: bool = False
    tight: bool = False
    slip: bool = False

    @property
    def short(self) -> bool:
        """Whether it stays on one page."""
        return len(self.rows or self.lines) <= SHORT_ROWS and sum(map(len, self.paragraphs)) <= SHORT_TEXT


@dataclass(frozen=True)
class Sheet:
    """A whole page."""

    kind: str
    title: str
    number: str
    issuers: tuple[str, ...]
    red_head: bool
    note: str
    addressee: str
    parts: tuple[SheetPart, ...]
    day: str
    seal: str
    copies: str
    signed_by: ClassVar[str] = "签发人："
    signer: str = ""
    """签发人, who stands beside the number of a paper to a superior body."""
    mark: str = ""
    """作废, or that it is a draft: written across the page."""
    draft: bool = False
    qr: object = ""
    qr_says: str = ""

    @property
    def heading(self) -> str:
        """The title, which may break behind the year and not within a word."""
        return self.title.replace("年度", "年度\u200b")

    @property
    def body(self) -> tuple[SheetPart, ...]:
        """What stands before the seal, up to what stays with it."""
        return self._text[: self._last]

    @property
    def closing(self) -> tuple[SheetPart, ...]:
        """What stays on the page of the seal: the signatures and the part before them."""
        return self._text[self._last :]

    @property
    def _text(self) -> tuple[SheetPart, ...]:
        return tuple(part for part in self.parts if part not in self.attached and not part.slip)

    @property
    def _last(self) -> int:
        text = self._text
        last = len(text) - (bool(text) and text[-1].kind == "signatures")
        return last - (last > 1 and text[last - 1].short)

    @property
    def slips(self) -> tuple[SheetPart, ...]:
        """What is cut off below the seal."""
        return tuple(part for part in self.parts if part.slip)

    @property
    def attached(self) -> tuple[SheetPart, ...]:
        """Tables in landscape that follow a letter under its seal."""
        return tuple(part for part in self.parts if part.wide) if self.red_head else ()

    @property
    def wide_only(self) -> bool:
        """Whether all of it stands in landscape."""
        return not self.red_head and any(part.wide for part in self.parts)

    def marked(self, mark: str, *, draft: bool = False) -> Sheet:
        """Return the page with a word across it."""
        return replace(self, mark=mark, draft=draft)

    def with_code(self, qr: object) -> Sheet:
        """Return the page with the code that leads to its record."""
        return replace(self, qr=qr, qr_says="扫码查看办理记录")


def sheet(content: Content, *, prices: bool = True) -> Sheet:
    """Return a content written out; without `prices` it tells no amount (specification §2.3)."""
    kind = KINDS.get(content.kind)
    red = kind is not None and kind.red_head
    parts = (_part(content, part, prices=prices) for part in content.parts)
    wide_only = not red and any(part.wide for part in content.parts)
    upward = kind is not None and kind.upward
    return Sheet(
        kind=content.kind,
        title=content.title,
        number=content.number,
        issuers=tuple(name for name in content.issuer.splitlines() if name),
        red_head=red,
        note=f"重新印发说明：{content.note}" if content.note else "",
        addressee=f"{content.addressee}：" if content.addressee else "",
        parts=tuple(
            replace(part, wide=True) if wide_only and part.kind == "table" else part
            for part in parts
            if part.kind != "prose" or part.paragraphs
            if part.kind not in {"table", "signatures"} or part.rows
            if not (upward and part.kind == "signatures")
        ),
        signer=_signer(content) if upward else "",
        day=chinese_day(content.issued_on),
        seal="（印章）" if red else "",
        copies=f"抄送：{content.copies}" if content.copies else "",
    )


def _signer(content: Content) -> str:
    rows = [row for part in content.parts if part.kind == "signatures" for row in contents.raw_rows(content, part)]
    return contents.written(rows[-1].get("name")) if rows else ""


def _part(content: Content, part: Part, *, prices: bool) -> SheetPart:
    if part.kind == "prose":
        return SheetPart("prose", part.heading, paragraphs=tuple(contents.paragraphs(content, part.key, prices=prices)))
    if part.kind == "facts":
        lines = tuple((label, contents.written(content.values.get(key), prices=prices)) for label, key in part.lines)
        return SheetPart("facts", part.heading, lines=lines, slip=part.slip)
    if part.kind == "signatures":
        rows = tuple(
            SheetRow(tuple(contents.written(row.get(key)) for key in ("role", "name", "on")))
            for row in contents.raw_rows(content, part)
        )
        return SheetPart(
            "signatures", part.heading, heads=SIGNATURE_HEADS, rows=rows, classes=("", "", "d"), widths=(50, 25, 25)
        )
    raw = contents.raw_rows(content, part)
    cells = contents.rows(content, part, prices=prices)
    whole = sum(column.share for column in part.columns)
    return SheetPart(
        "table",
        part.heading,
        heads=tuple(column.label for column in part.columns),
        rows=tuple(SheetRow(tuple(row), sum=one.get("sum") is True) for row, one in zip(cells, raw, strict=True)),
        classes=tuple(CLASSES[column.kind] for column in part.columns),
        widths=tuple(round(100 * column.share / whole) for column in part.columns),
        wide=part.wide,
        tight=len(part.columns) > TIGHT,
    )
