"""Sheets that are no catalogued paper: a form that was handed in, a day-count, a project's overview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.papers import layout
from app.domain.papers.content import EMPTY, Content
from app.domain.papers.layout import Column, ColumnKind, Part


@dataclass
class Writing:
    """A sheet being written part by part; `made` gives its content."""

    title: str
    project_no: str = ""
    project_name: str = ""
    issued_on: str = ""
    _parts: list[Part] = field(default_factory=list)
    _values: dict[str, object] = field(default_factory=dict)

    def facts(self, heading: str, lines: Sequence[tuple[str, object]]) -> None:
        """Add a table of labels and values."""
        if not lines:
            return
        place = len(self._parts)
        keys = [(label, f"f{place}_{number}") for number, (label, _value) in enumerate(lines)]
        self._parts.append(layout.facts(*keys, heading=heading))
        for (_label, key), (_same, value) in zip(keys, lines, strict=True):
            self._values[key] = EMPTY if value is None or value == "" else value

    def prose(self, heading: str, lines: Sequence[str]) -> None:
        """Add paragraphs."""
        key = f"p{len(self._parts)}"
        self._parts.append(layout.prose(key, heading))
        self._values[key] = list(lines)

    def table(
        self, heading: str, heads: Sequence[tuple[str, ColumnKind, int]], rows: Sequence[Sequence[object]]
    ) -> None:
        """Add a table; `heads` are label, kind and share of the width."""
        key = f"t{len(self._parts)}"
        columns = tuple(Column(label, f"c{number}", kind, share) for number, (label, kind, share) in enumerate(heads))
        self._parts.append(Part("table", key, heading, columns=columns))
        self._values[key] = [{column.key: cell for column, cell in zip(columns, row, strict=True)} for row in rows]

    def made(self) -> Content:
        """Return the content."""
        return Content(
            kind="", title=self.title, parts=tuple(self._parts), values=dict(self._values),
            project_no=self.project_no, project_name=self.project_name, issued_on=self.issued_on,
        )  # fmt: skip
