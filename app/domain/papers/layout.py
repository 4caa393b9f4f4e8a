"""Of what a paper is laid out: facts, prose, tables and signatures, each naming the value that stands there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

ColumnKind = Literal["text", "money", "number", "date"]


@dataclass(frozen=True)
class Column:
    """A column of a table; `share` is its part of the width."""

    label: str
    key: str
    kind: ColumnKind = "text"
    share: int = 10


@dataclass(frozen=True)
class Part:
    """One part of a paper.

    `facts`: a table of label and value. `prose`: paragraphs, left out when there are none. `table`: rows under heads
    that are repeated on each page. `signatures`: role, name, day.
    """

    kind: Literal["facts", "prose", "table", "signatures"]
    key: str = ""
    heading: str = ""
    lines: tuple[tuple[str, str], ...] = ()
    """Of facts: label and key."""
    columns: tuple[Column, ...] = ()
    wide: bool = False
    """The table stands on pages in landscape."""
    slip: bool = False
    """It stands below the seal, to be cut off: a receipt."""

    def as_json(self) -> dict[str, object]:
        """Return it as plain JSON, as it is frozen with a signed paper."""
        found: dict[str, object] = {"kind": self.kind, "key": self.key, "heading": self.heading}
        if self.lines:
            found["lines"] = [list(line) for line in self.lines]
        if self.columns:
            found["columns"] = [[c.label, c.key, c.kind, c.share] for c in self.columns]
        if self.wide:
            found["wide"] = True
        if self.slip:
            found["slip"] = True
        return found


def facts(*lines: tuple[str, str], heading: str = "", slip: bool = False) -> Part:
    """Return a table of labels and values."""
    return Part("facts", heading=heading, lines=lines, slip=slip)


def prose(key: str, heading: str = "") -> Part:
    """Return paragraphs."""
    return Part("prose", key, heading)


def table(key: str, heading: str, *columns: Column, wide: bool = False) -> Part:
    """Return a table."""
    return Part("table", key, heading, columns=columns, wide=wide)


def signatures(key: str = "signatures", heading: str = "签发") -> Part:
    """Return the place of the signatures."""
    return Part("signatures", key, heading)


def from_json(stored: Sequence[Mapping[str, object]]) -> tuple[Part, ...]:
    """Return the layout that was frozen with a paper."""
    return tuple(_part(one) for one in stored)


def _part(one: Mapping[str, object]) -> Part:
    lines, columns = one.get("lines") or (), one.get("columns") or ()
    assert isinstance(lines, Sequence)  # noqa: S101 -- written by as_json
    assert isinstance(columns, Sequence)  # noqa: S101 -- the same
    return Part(
        kind=str(one["kind"]),  # type: ignore[arg-type]  # one of the four words
        key=str(one.get("key") or ""),
        heading=str(one.get("heading") or ""),
        lines=tuple((str(line[0]), str(line[1])) for line in lines),
        columns=tuple(Column(str(c[0]), str(c[1]), c[2], int(c[3])) for c in columns),
        wide=one.get("wide") is True,
        slip=one.get("slip") is True,
    )
