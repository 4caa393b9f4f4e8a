"""The registers that run over all projects: holds, deadlines, notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from app.queries.inbox import Choice
from app.queries.projects import DeadlineRow, HoldRow


@dataclass(frozen=True)
class HeldProject:
    """One project with all its holds in force, under the way out that takes longest."""

    rows: tuple[HoldRow, ...]
    way_out: Literal["act", "confirm", "expire", "never"]

    @property
    def first(self) -> HoldRow:
        """The hold to go by: the first of those that keep the project held longest."""
        return next(row for row in self.rows if row.way_out == self.way_out)

    @property
    def decisive(self) -> tuple[HoldRow, ...]:
        """The holds that keep it held longest."""
        return tuple(row for row in self.rows if row.way_out == self.way_out)

    @property
    def articles(self) -> str:
        """What all its holds rest on, each article once."""
        return "、".join(dict.fromkeys(row.article for row in self.rows))

    @property
    def blocked_fen(self) -> int | None:
        """The money that they stop (分), None where none is known of."""
        amounts = [row.blocked_fen for row in self.rows if row.blocked_fen is not None]
        return sum(amounts) if amounts else None


@dataclass(frozen=True)
class HoldsPage:
    """All active holds that the reader may see, and the money they block (分)."""

    rows: tuple[HoldRow, ...]
    projects: int
    blocked_fen: int
    liftable_fen: int
    as_of: date
    held: tuple[HeldProject, ...] = ()
    """The same holds, project by project, the most money first."""


@dataclass(frozen=True)
class DeadlineFilter:
    """What the reader asked to see of the deadline ledger."""

    status: Literal["", "running", "overdue", "soon", "met", "all"] = ""
    """Nothing asks for what is still waited for."""
    kind: str = ""
    unit: str = ""
    cursor: str = ""


@dataclass(frozen=True)
class DeadlineRegister:
    """One page of the deadline ledger."""

    filter: DeadlineFilter
    rows: tuple[DeadlineRow, ...]
    overdue: int
    due_this_week: int
    running: int
    kinds: tuple[str, ...] = ()
    units: tuple[Choice, ...] = ()
    next_cursor: str = ""


@dataclass(frozen=True)
class NoticeRow:
    """One notice to the reader."""

    id: int
    at: datetime
    subject: str
    body: str = ""
    url: str = ""
    read: bool = False
    grave: bool = False


@dataclass(frozen=True)
class NoticePage:
    """One page of notices, newest first."""

    rows: tuple[NoticeRow, ...]
    unread: int
    next_cursor: str = ""
