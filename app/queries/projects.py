"""The list of projects and the file of one project, with its phases, money, deadlines and traces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from app.queries.diagram_graph import Drawn
from app.queries.inbox import Choice, InboxRow
from app.queries.said import Said
from app.queries.task import AttachmentRow, HistoryRow, Workings

PHASES = ("计划申报", "评审入库", "立项批复", "资金安排", "采购签约", "建设实施", "竣工验收", "运行评价")
"""The eight phases of a project's track; a phase's number is its place here, from 1."""

NOTHING = Said()

InstanceStatus = Literal["active", "suspended", "completed", "terminated", "failed"]
PhaseStatus = Literal["done", "now", "later", "skipped", "stopped"]


@dataclass(frozen=True)
class ProjectFilter:
    """What the reader asked to see of the projects."""

    text: str = ""
    unit: str = ""
    phase: int = 0
    state: str = ""
    year: int = 0
    held: bool = False
    cursor: str = ""


@dataclass(frozen=True)
class ProjectRow:
    """One project as a line of the list; money in 分, None where the reader may not see it or there is none yet."""

    no: str
    name: str
    unit: str
    state: str
    phase: int
    investment_fen: int | None = None
    contract_fen: int | None = None
    paid_fen: int | None = None
    next_due_on: date | None = None
    next_due_kind: str = ""
    working_days_late: int | None = None
    holds: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class ProjectList:
    """One page of the list."""

    filter: ProjectFilter
    total: int
    rows: tuple[ProjectRow, ...]
    units: tuple[Choice, ...] = ()
    states: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    next_cursor: str = ""
    investment_fen: int | None = None


@dataclass(frozen=True)
class Phase:
    """One of the eight phases of a project: when it ran, what came out of it, who signed."""

    number: int
    status: PhaseStatus
    started_on: date | None = None
    ended_on: date | None = None
    expected_on: date | None = None
    """Forecast end of a phase that has not ended, or start of one that is still to come."""
    result: Said = NOTHING
    document: str = ""
    """The number of the paper that says so, or the supplier of the contract."""
    signed_by: str = ""
    caption: Said = NOTHING
    """What stands under the phase in the track, for instance 2025-06 签约."""


@dataclass(frozen=True)
class Money:
    """The project's money in 分, each None while there is none."""

    approved_fen: int | None = None
    contract_fen: int | None = None
    paid_fen: int | None = None
    retention_fen: int | None = None

    @property
    def unpaid_fen(self) -> int | None:
        """Contract less paid, None without a contract."""
        return None if self.contract_fen is None else self.contract_fen - (self.paid_fen or 0)


@dataclass(frozen=True)
class PaymentRow:
    """A payment made, or a node of the contract still to be paid, in 分."""

    node: str
    fen: int
    paid_on: date | None = None
    due_on: date | None = None
    voucher: str = ""
    after_acceptance: bool = False
    expected_on: date | None = None
    """When it can be paid at the earliest, where nothing better is known."""
    retention: bool = False


@dataclass(frozen=True)
class BudgetRow:
    """One budget line: fiscal year, fund type, what was asked, suggested and arranged, in 分."""

    fiscal_year: int
    fund_type: str
    requested_fen: int
    suggested_fen: int | None = None
    arranged_fen: int | None = None
    document: str = ""


@dataclass(frozen=True)
class OpinionRow:
    """An opinion, approval or notice that was signed."""

    kind: str
    conclusion: str
    document_no: str
    signed_on: date
    signed_by: str
    version: int = 1


@dataclass(frozen=True)
class DeadlineRow:
    """One row of the deadline ledger."""

    id: int
    kind: str
    starts_on: date
    due_on: date
    status: Literal["running", "met", "late", "overdue", "passed", "cancelled", "replaced"]
    """`passed`: its day is over and nobody is late, since it only opens something or its project has ended."""
    holder: str = ""
    project_no: str = ""
    project_name: str = ""
    unit: str = ""
    met_on: date | None = None
    provisional: bool = False
    moved: bool = False
    working_days_late: int | None = None
    """Set when the period counts working days and is overdue."""


@dataclass(frozen=True)
class HoldRow:
    """One hold: which article, since when, what it blocks, how much, what lifts it and who can."""

    id: int
    code: str
    project_no: str
    project_name: str
    unit: str
    article: str
    since: date
    blocks: str
    lift: str
    holder: str = ""
    blocked_fen: int | None = None
    lifted_on: date | None = None
    lifted_by: str = ""
    way_out: Literal["act", "confirm", "expire", "never"] = "act"
    """How it ends: by one act, by a confirmed rectification, by itself, or not at all."""


@dataclass(frozen=True)
class InstanceRow:
    """A process instance of the project."""

    id: int
    process_id: str
    process_name: Drawn
    version: int
    status: InstanceStatus
    started_at: datetime
    ended_at: datetime | None = None
    parent_id: int | None = None
    waits_for: tuple[Drawn, ...] = ()


@dataclass(frozen=True)
class NextDeadline:
    """The nearest running deadline of the project, in words of the page."""

    deadline_id: int
    kind: str
    due_on: date
    article: str = ""
    consequence: str = ""
    holder: str = ""
    holder_unit: str = ""
    task_id: int | None = None
    remind_id: int = 0
    """The task of somebody else that the reader may call to mind."""
    working_days_late: int | None = None


@dataclass(frozen=True)
class Withdrawn:
    """Who took a project back, when and why."""

    at: datetime
    who: str
    reason: str


@dataclass(frozen=True)
class ProjectFile:
    """The whole file of one project; sections that the reader may not see are empty."""

    no: str
    name: str
    unit: str
    unit_code: str
    state: str
    phase: int
    phases: tuple[Phase, ...]
    money: Money
    sees_money: bool = True
    path: str = ""
    nature: str = ""
    lead: str = ""
    supervisor: str = ""
    builder: str = ""
    next_deadline: NextDeadline | None = None
    holds: tuple[HoldRow, ...] = ()
    tasks: tuple[InboxRow, ...] = ()
    materials: tuple[AttachmentRow, ...] = ()
    budget: tuple[BudgetRow, ...] = ()
    payments: tuple[PaymentRow, ...] = ()
    opinions: tuple[OpinionRow, ...] = ()
    deadlines: tuple[DeadlineRow, ...] = ()
    workings: tuple[Workings, ...] = ()
    instances: tuple[InstanceRow, ...] = ()
    history: tuple[HistoryRow, ...] = ()
    history_total: int = 0
    withdrawn: Withdrawn | None = None
    filed_before: tuple[str, ...] = ()
    """The project that it is filed anew for (第十八条)."""
    filed_again: tuple[str, ...] = ()
    """The projects that it was filed anew as."""
    merged_into: str = ""
    """The item of the same year into which the yearly plan has merged it."""
    may_withdraw: bool = False
    """Whether the reader works for the unit, and the project has not ended."""
