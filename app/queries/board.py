"""The board for heads and supervisors: three facts, what they are asked to decide, where the projects stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.queries.inbox import InboxRow
from app.queries.projects import DeadlineRow, HoldRow


@dataclass(frozen=True)
class PhaseLoad:
    """How many projects stand in a phase, their investment (分), and how many of them are held or overdue."""

    phase: int
    projects: int
    investment_fen: int | None = None
    held: int = 0
    overdue: int = 0


@dataclass(frozen=True)
class WaitingFor:
    """How many projects wait for whom."""

    who: str
    projects: int
    days_late: int = 0
    """How long the latest of their tasks is overdue."""


@dataclass(frozen=True)
class Bottleneck:
    """A running deadline and how much of it is used up, in days or working days."""

    row: DeadlineRow
    used: int
    total: int
    in_working_days: bool = False

    @property
    def share(self) -> float:
        """Used up of the whole; more than 1 when overdue."""
        return self.used / self.total


@dataclass(frozen=True)
class BoardPage:
    """The whole board; every number is within the reader's scope."""

    today: date
    projects: int
    under_way: int
    investment_fen: int | None
    due_today: tuple[DeadlineRow, ...]
    overdue: tuple[DeadlineRow, ...]
    this_week: tuple[DeadlineRow, ...]
    held_projects: int
    blocked_fen: int
    liftable_fen: int
    holds: tuple[HoldRow, ...]
    decisions: tuple[InboxRow, ...]
    decisions_total: int
    phases: tuple[PhaseLoad, ...]
    waiting: tuple[WaitingFor, ...]
    bottlenecks: tuple[Bottleneck, ...] = ()
