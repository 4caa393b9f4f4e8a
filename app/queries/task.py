"""The task page: the form with its draft, why it cannot be done, the day-count, the project and the way so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from app.queries.inbox import Choice
from app.queries.said import Said


@dataclass(frozen=True)
class FormView:
    """The pinned form version of a task, and the data that it opens with."""

    form_id: str
    title: str
    version: int
    schema: Mapping[str, object]
    data: Mapping[str, object] = field(default_factory=dict)
    """Prefilled facts, the draft over them."""


@dataclass(frozen=True)
class Draft:
    """What somebody has typed and not yet submitted."""

    saved_at: datetime
    saved_by: str
    revision: int
    answers: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class AttachmentRow:
    """One uploaded file as the form lists it."""

    id: str
    field_key: str
    name: str
    size: int
    uploaded_at: datetime
    uploaded_by: str
    sha256: str = ""


@dataclass(frozen=True)
class RefusalFact:
    """A labelled line under a refusal: 依据, 现在, 缺的是, 谁能办, 还有."""

    label: str
    value: str
    article: int | None = None
    """Number of the article of the regulation that the line cites, for the link to its text."""


@dataclass(frozen=True)
class Remedy:
    """A button or link that mends a refusal."""

    label: str
    url: str
    method: Literal["get", "post"] = "get"
    back: str = ""
    """Where a posted remedy leads back to."""


@dataclass(frozen=True)
class RefusalRow:
    """One reason why it cannot be done now."""

    sentence: str
    facts: tuple[RefusalFact, ...] = ()
    remedies: tuple[Remedy, ...] = ()


@dataclass(frozen=True)
class WorkingStep:
    """One line of a day-count: what, by which law, and the day that results."""

    stored: Mapping[str, object]
    """The step as the ledger keeps it; the page says it in the reader's language."""
    law: str = ""
    notice: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Workings:
    """A deadline worked out line by line."""

    deadline_id: int
    kind: str
    title: str
    steps: tuple[WorkingStep, ...]
    due_on: date
    provisional: bool = False


@dataclass(frozen=True)
class ProjectFacts:
    """The project in a few lines, money in 分 or None where the reader may not see it or there is none yet."""

    no: str
    name: str
    unit: str
    state: str
    phase: int = 0
    lead: str = ""
    supervisor: str = ""
    approved_fen: int | None = None
    estimated_fen: int | None = None
    contract_fen: int | None = None
    paid_fen: int | None = None


@dataclass(frozen=True)
class PathStep:
    """One element on the way of the instance, near the task."""

    element_id: str
    name: str
    status: Literal["done", "now", "next"]


@dataclass(frozen=True)
class HistoryRow:
    """One thing that happened."""

    at: datetime
    who: str
    what: str | Said
    status: Literal["done", "now", "refused", "system", "said"] = "done"
    url: str = ""
    on_behalf_of: str = ""
    """For whom a substitute did it (代理)."""


@dataclass(frozen=True)
class TaskPage:
    """All that the task page shows."""

    id: int
    name: str
    revision: int
    """Revision of the instance; posted back, so that a task done meanwhile is noticed."""
    process_id: str
    process_name: str
    process_version: int
    instance_id: int
    form: FormView | None
    submit_label: str = ""
    submit_labels: Mapping[str, object] = field(default_factory=dict)
    """What the button says once the answer of a field is known."""
    documentation: str = ""
    role: str = ""
    on_behalf_of: str = ""
    claimed_by: str = ""
    claimed_by_me: bool = False
    may_act: bool = True
    due_on: date | None = None
    working_days_late: int | None = None
    colleagues: tuple[Choice, ...] = ()
    """To whom it may be handed over."""
    keeps_draft: bool = False
    """Whether what is typed may be kept before it is handed in; never of F-01 (第三十四条)."""
    draft: Draft | None = None
    attachments: tuple[AttachmentRow, ...] = ()
    refusals: tuple[RefusalRow, ...] = ()
    workings: tuple[Workings, ...] = ()
    project: ProjectFacts | None = None
    path: tuple[PathStep, ...] = ()
    history: tuple[HistoryRow, ...] = ()
    history_total: int = 0


@dataclass(frozen=True)
class DraftConflict:
    """Two versions of one draft: what this person typed and what was stored meanwhile."""

    task_id: int
    task_name: str
    schema: Mapping[str, object]
    mine: Mapping[str, object]
    theirs: Draft
