"""The forms with which a person may start a process: what, for which of her projects, and why not."""

from __future__ import annotations

from dataclasses import dataclass

from app.queries.inbox import Choice


@dataclass(frozen=True)
class StartRow:
    """A process that the reader may start by a form."""

    process_id: str
    name: str
    form_id: str
    summary: str
    article: str = ""
    role: str = ""
    needs_project: bool = True
    projects: tuple[Choice, ...] = ()
    """The projects for which she may start it now."""


@dataclass(frozen=True)
class StartPage:
    """All that the reader may start."""

    rows: tuple[StartRow, ...]
    chosen_project: str = ""
