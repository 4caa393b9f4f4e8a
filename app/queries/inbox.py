"""The inbox: what waits for the reader, grouped by deadline, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from app.queries.diagram_graph import Drawn
from app.queries.register_views import View

GroupKey = Literal["today", "overdue", "week", "later", "aside"]
TabKey = Literal["all", "mine", "sign", "drafts", "started", "done"]

PAGE_ROWS = 25


@dataclass(frozen=True)
class InboxFilter:
    """What the reader asked to see; it travels in the query string, so that it survives opening a task."""

    tab: TabKey = "all"
    process: str = ""
    unit: str = ""
    text: str = ""
    cursor: str = ""
    """Where the page starts: group, due moment and id of the row before it."""


@dataclass(frozen=True)
class InboxRow:
    """One open user task as a line of the inbox."""

    id: int
    name: str
    process_id: str
    process_name: str
    project_no: str = ""
    project_name: str = ""
    unit: str = ""
    subject: str = ""
    """What the task is about when it belongs to no project, for instance a fiscal year's plan."""
    due_on: date | None = None
    working_days_late: int | None = None
    """Set when the deadline counts working days and has passed."""
    role: str = ""
    """The role in which the reader may act."""
    on_behalf_of: str = ""
    claimed_by: str = ""
    claimed_by_me: bool = False
    has_draft: bool = False
    counts_working_days: bool = False
    """Whether its due moment was set in working days."""
    put_off_until: date | None = None
    """Until when the reader does not want to see it among the first (搁到某日)."""
    remind_id: int = 0
    """The task, where the reader waits for somebody else to do it."""


@dataclass(frozen=True)
class WaitingTask:
    """An open task of somebody else for which the reader's process waits."""

    id: int
    name: Drawn
    role: str
    unit: str = ""
    claimed_by: str = ""


@dataclass(frozen=True)
class StartedRow:
    """One running process that the reader started."""

    instance_id: int
    process_name: Drawn
    project_no: str
    project_name: str
    unit: str
    started_at: datetime
    waits: tuple[WaitingTask, ...] = ()


@dataclass(frozen=True)
class DoneRow:
    """One task that the reader has done."""

    task_id: int
    name: Drawn
    process_name: Drawn
    form_id: str
    project_no: str
    project_name: str
    unit: str
    ended_at: datetime


@dataclass(frozen=True)
class DraftRow:
    """What the reader has typed and not handed in: into an open task of hers, or into one that has gone since."""

    task_id: int
    name: Drawn
    process_name: Drawn
    project_no: str
    project_name: str
    unit: str
    saved_at: datetime
    kept_until: date | None = None
    """Set where the task has gone: somebody else did it, or it was withdrawn."""


@dataclass(frozen=True)
class InboxGroup:
    """The rows of one group that fall on this page, and how many the group holds in all (capped)."""

    key: GroupKey
    count: int
    rows: tuple[InboxRow, ...]


@dataclass(frozen=True)
class InboxTab:
    """One tab with its count (capped)."""

    key: TabKey
    count: int | None
    """None where nobody counts, since there is no end to it."""


@dataclass(frozen=True)
class Choice:
    """One entry of a filter's list."""

    value: str
    label: str


@dataclass(frozen=True)
class Upcoming:
    """A deadline that will soon make work for the reader, shown when the inbox is empty."""

    due_on: date
    what: str
    project_name: str = ""
    project_no: str = ""


@dataclass(frozen=True)
class InboxPage:
    """One page of the inbox."""

    filter: InboxFilter
    total: int
    overdue: int
    due_today: int
    tabs: tuple[InboxTab, ...]
    groups: tuple[InboxGroup, ...]
    units: tuple[Choice, ...] = ()
    processes: tuple[Choice, ...] = ()
    next_cursor: str = ""
    upcoming: tuple[Upcoming, ...] = ()
    started: tuple[StartedRow, ...] = ()
    done: tuple[DoneRow, ...] = ()
    drafts: tuple[DraftRow, ...] = ()
    views: tuple[View, ...] = ()
    """Filters that the reader has kept, or that her organisation shares."""


@dataclass(frozen=True)
class PreviewAttachment:
    """A paper beside a task: its name and where it can be fetched."""

    id: str
    name: str


@dataclass(frozen=True)
class Sum:
    """One line of a worked sum in 分; the last one carries the total."""

    label: str
    fen: int
    signed: bool = False
    note: str = ""


@dataclass(frozen=True)
class TaskPreview:
    """The pane beside the list: enough to know what the task is before opening it."""

    row: InboxRow
    phase: str = ""
    documentation: str = ""
    entered_at: datetime | None = None
    sums: tuple[Sum, ...] = ()
    attachments: tuple[PreviewAttachment, ...] = ()
    may_claim: bool = False
    may_release: bool = False
    may_remind: bool = False
    """Whether anybody else could do it, whom the reader may call to mind."""
    colleagues: tuple[Choice, ...] = ()
    """To whom it may be handed over."""
    may_put_off: bool = False
    """Whether its last day is still to come, so that it may be out of sight for a while."""
    first_day: date | None = None
    """The first day to which it may be put off."""
