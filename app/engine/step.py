"""What one step of a process instance gives back: the state to store and everything that now waits.

A step is a pure function of (definition, stored state, what happened, host). It reads and writes no database.
Whoever calls it stores `state` and turns the difference of `before` and `after` into rows, in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

Variables = Mapping[str, object]
"""Process variables: null, bool, int, float, str, date, aware datetime, and lists and maps of these.

They are never changed in place.
"""


class Host(Protocol):
    """What a step may ask of the application that runs it."""

    @property
    def now(self) -> datetime:
        """The moment of this step, aware, Asia/Shanghai."""

    def facts(self, names: frozenset[str]) -> Variables:
        """Return the read-only facts that an expression names: `project`, `deadline`, `hold`, `submission`, `instance`.

        `names` holds dotted paths as written, for instance `deadline.acceptance.fires_at`, so that no more than these
        are fetched. Values are typed: dates as `date`, moments as aware `datetime`, money as whole 分.
        """

    def operation(self, kind: str, inputs: Variables, headers: Mapping[str, str]) -> Variables:
        """Run a service operation in this step; raise `BpmnError` for the diagram, any other exception as incident."""

    def decision_source(self, decision_id: str) -> str:
        """Return the DMN text that holds `decision_id` in the version to be used now, or raise KeyError."""

    def after_working_days(self, start: date, days: int) -> date:
        """Return the last day of a period of `days` working days after `start`, itself not counted (民法典 201)."""


class BpmnError(Exception):
    """An operation's answer that the diagram may catch with an error boundary event of this code."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code


@dataclass(frozen=True)
class UserTaskWait:
    """A user task that waits for a person."""

    key: str
    element_id: str
    name: str
    documentation: str = ""
    lane: str = ""
    form_id: str = ""
    candidate_groups: tuple[str, ...] = ()
    candidate_users: tuple[str, ...] = ()
    assignee: str = ""
    due_at: datetime | None = None
    follow_up_at: datetime | None = None
    priority: int = 50
    properties: Mapping[str, str] = field(default_factory=dict)
    inputs: Variables = field(default_factory=dict)
    """The task's local variables: input mapping and the multi-instance element."""


@dataclass(frozen=True)
class TimerWait:
    """A timer that waits for `due_at`, its next firing. A dormant one (an exhausted ladder) is not listed."""

    key: str
    element_id: str
    due_at: datetime
    occurrence: int = 0


@dataclass(frozen=True)
class SubscriptionWait:
    """A message or signal that is waited for. A signal has no correlation key."""

    key: str
    element_id: str
    kind: Literal["message", "signal"]
    name: str
    correlation_key: str = ""


@dataclass(frozen=True)
class CallWait:
    """A called process that has to be started, or runs, as an instance of its own."""

    key: str
    element_id: str
    process_id: str
    binding: Literal["latest", "deployment", "versionTag"] = "latest"
    version_tag: str = ""
    inputs: Variables = field(default_factory=dict)


@dataclass(frozen=True)
class IncidentWait:
    """A step that failed and can be tried again once its cause is mended."""

    key: str
    element_id: str
    name: str
    error: str


@dataclass(frozen=True)
class Waits:
    """All that an instance waits for, by key. Keys are stable from step to step."""

    user_tasks: Mapping[str, UserTaskWait] = field(default_factory=dict)
    timers: Mapping[str, TimerWait] = field(default_factory=dict)
    subscriptions: Mapping[str, SubscriptionWait] = field(default_factory=dict)
    calls: Mapping[str, CallWait] = field(default_factory=dict)
    incidents: Mapping[str, IncidentWait] = field(default_factory=dict)


@dataclass(frozen=True)
class HistoryEntry:
    """One thing that happened to one element in this step."""

    key: str
    element_id: str
    element_type: str
    """The BPMN local name: userTask, serviceTask, startEvent, exclusiveGateway …"""
    name: str
    event: Literal["entered", "completed", "cancelled", "fired", "failed", "migrated"]
    note: str = ""


@dataclass(frozen=True)
class Thrown:
    """A message or signal that the instance throws to others."""

    kind: Literal["message", "signal"]
    name: str
    correlation_key: str
    payload: Variables
    element_id: str


@dataclass(frozen=True)
class Step:
    """The outcome of one step."""

    state: str
    """Compact JSON text, 1–4 KB; empty when the instance has ended."""
    status: Literal["active", "completed", "terminated", "failed"]
    before: Waits
    after: Waits
    history: Sequence[HistoryEntry] = ()
    thrown: Sequence[Thrown] = ()
    variables: Variables = field(default_factory=dict)
    """The process variables at the outermost level after the step."""
    end_event_id: str = ""
    """The end event reached last, when the instance has completed."""
    error_code: str = ""
    """The code of a BPMN error that no boundary caught and that the caller's boundary may catch (status `failed`)."""
