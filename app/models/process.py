"""Definitions, process instances, and the index rows of everything that waits."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Structure


class Definition(Base):
    """An immutable numbered version of one file: a diagram, a decision table or a form."""

    __tablename__ = "definition"
    __table_args__ = (
        UniqueConstraint("kind", "key", "version"),
        CheckConstraint("kind IN ('bpmn','dmn','form')", name="known_kind"),
        CheckConstraint("NOT in_force OR released_at IS NOT NULL", name="in_force_needs_release"),
        Index(
            "uq_definition_in_force",
            "kind",
            "key",
            unique=True,
            sqlite_where=text("in_force"),
            postgresql_where=text("in_force"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(4))
    key: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    version_tag: Mapped[str] = mapped_column(String(40), default="")
    source: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    comment: Mapped[str] = mapped_column(Text, default="")
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime]
    released_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Empty for what the installation ships."""
    released_at: Mapped[datetime | None]
    in_force: Mapped[bool] = mapped_column(default=False)


class DefinitionStart(Base):
    """How the version in force of a process starts by itself: a message, a signal or a timer."""

    __tablename__ = "definition_start"
    __table_args__ = (Index("ix_definition_start_kind_name", "kind", "name"),)

    definition_id: Mapped[int] = mapped_column(ForeignKey("definition.id"), primary_key=True)
    element_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(200))
    """The message's or signal's name, or the timer's expression."""
    due_at: Mapped[datetime | None]
    """Of a timer start: when it fires next."""


MAIN = "p00_lifecycle"
MAIN_AND_OPEN = f"process_key = '{MAIN}' AND status IN ('active','suspended')"
"""A project has at most one open main instance (§4.5)."""


class ProcessInstance(Base):
    """One run of one version. A called process is an instance of its own; the root's row locks the family."""

    __tablename__ = "process_instance"
    __table_args__ = (
        CheckConstraint("status IN ('active','suspended','completed','terminated','failed')", name="known_status"),
        Index(
            "ix_process_instance_started",
            "started_by",
            "id",
            sqlite_where=text("root_id IS NULL AND status IN ('active','suspended')"),
            postgresql_where=text("root_id IS NULL AND status IN ('active','suspended')"),
        ),
        Index(
            "one_main_instance",
            "project_id",
            unique=True,
            sqlite_where=text(MAIN_AND_OPEN),
            postgresql_where=text(MAIN_AND_OPEN),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    root_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    """The root of the family; empty for a root itself."""
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    parent_call_key: Mapped[str] = mapped_column(String(60), default="")
    definition_id: Mapped[int] = mapped_column(ForeignKey("definition.id"), index=True)
    process_key: Mapped[str] = mapped_column(String(80), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """The project unit to which its unit lanes belong."""
    revision: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(String(10), default="active")
    state: Mapped[str] = mapped_column(Text, default="")
    started_at: Mapped[datetime]
    started_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    end_event_id: Mapped[str] = mapped_column(String(120), default="")


class UserTask(Base):
    """A task that waits, or waited, for a person. Nothing is deleted: a done one says who and when."""

    __tablename__ = "user_task"
    __table_args__ = (
        UniqueConstraint("instance_id", "key"),
        CheckConstraint("status IN ('open','completed','cancelled')", name="known_status"),
        Index("ix_user_task_project_id_status", "project_id", "status"),
        Index(
            "ix_user_task_open_created",
            "created_at",
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
        Index(
            "ix_user_task_done",
            "ended_by",
            "ended_at",
            "id",
            sqlite_where=text("status = 'completed'"),
            postgresql_where=text("status = 'completed'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"), index=True)
    key: Mapped[str] = mapped_column(String(60))
    element_id: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(200))
    documentation: Mapped[str] = mapped_column(Text, default="")
    lane: Mapped[str] = mapped_column(String(80), default="")
    roles: Mapped[str] = mapped_column(String(200), default="")
    """Candidate groups, blank-separated."""
    form_id: Mapped[str] = mapped_column(String(80), default="")
    form_definition_id: Mapped[int | None] = mapped_column(ForeignKey("definition.id"))
    """The form's version, pinned when the task appeared."""
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    claimed_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    priority: Mapped[int] = mapped_column(default=50)
    properties: Mapped[dict[str, Any]] = mapped_column(Structure, default=dict)
    inputs: Mapped[dict[str, Any]] = mapped_column(Structure, default=dict)
    status: Mapped[str] = mapped_column(String(10), default="open")
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class PutOff(Base):
    """A task that a person does not want to see among the first until a day; its deadline stays as it is."""

    __tablename__ = "put_off"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("user_task.id"), primary_key=True)
    until: Mapped[date]
    """The day on which it comes up again."""


class ActedFor(Base):
    """A task that a substitute has done, in her own name, for somebody who was absent. Append-only."""

    __tablename__ = "acted_for"

    task_id: Mapped[int] = mapped_column(ForeignKey("user_task.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    """Who was absent."""
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class TaskAudience(Base):
    """Who may find an open task: one row a role and organisation, or a person; gone when the task is done.

    `audience` is `r:<role>` (a role of a single organisation), `r:<role>@<organisation id>`, `p:<person id>`, or
    `s:<person id>:<role audience>`: who stands in for that person in that role (代理).
    The index serves a page of the inbox in reading order however many tasks wait.
    """

    __tablename__ = "task_audience"
    __table_args__ = (Index("ix_task_audience_inbox", "audience", "due_at", "task_id"),)

    task_id: Mapped[int] = mapped_column(ForeignKey("user_task.id"), primary_key=True)
    audience: Mapped[str] = mapped_column(String(60), primary_key=True)
    due_at: Mapped[datetime]
    """The task's due moment; the end of time where it has none."""


class TimerJob(Base):
    """A timer that waits. Taken under a lease, fired in one transaction, gone when it has fired."""

    __tablename__ = "timer_job"
    __table_args__ = (
        UniqueConstraint("instance_id", "key"),
        CheckConstraint("status IN ('waiting','leased','incident')", name="known_status"),
        Index(
            "ix_timer_job_due",
            "due_at",
            sqlite_where=text("status <> 'incident'"),
            postgresql_where=text("status <> 'incident'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    key: Mapped[str] = mapped_column(String(120))
    element_id: Mapped[str] = mapped_column(String(120))
    due_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(8), default="waiting")
    attempt: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str] = mapped_column(String(60), default="")
    lease_until: Mapped[datetime | None]
    """By the real clock; after it the lease is void and the timer runs alone."""
    last_error: Mapped[str] = mapped_column(Text, default="")


class Subscription(Base):
    """A message or signal for which an instance waits."""

    __tablename__ = "subscription"
    __table_args__ = (
        UniqueConstraint("instance_id", "key"),
        Index("ix_subscription_match", "kind", "name", "correlation_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    key: Mapped[str] = mapped_column(String(120))
    element_id: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(120))
    correlation_key: Mapped[str] = mapped_column(String(120), default="")


class Incident(Base):
    """A step that failed without a person before it; shown to the operator, who may try it again."""

    __tablename__ = "incident"
    __table_args__ = (
        Index(
            "ix_incident_open",
            "instance_id",
            sqlite_where=text("resolved_at IS NULL"),
            postgresql_where=text("resolved_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    key: Mapped[str] = mapped_column(String(120))
    element_id: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(200), default="")
    error: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]


class HistoryEvent(Base):
    """One thing that happened to one element of an instance. Append-only."""

    __tablename__ = "history_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    at: Mapped[datetime]
    key: Mapped[str] = mapped_column(String(120))
    element_id: Mapped[str] = mapped_column(String(120))
    element_type: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(200))
    event: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(Text, default="")


class OutboxItem(Base):
    """What has to happen after the commit: something for other families, or a mail. Deleted when done."""

    __tablename__ = "outbox_item"
    __table_args__ = (
        Index(
            "ix_outbox_item_due",
            "due_at",
            sqlite_where=text("status <> 'incident'"),
            postgresql_where=text("status <> 'incident'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    """message, signal, refresh (of the timers of a project's other families) or mail."""
    payload: Mapped[dict[str, Any]] = mapped_column(Structure)
    due_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(8), default="waiting")
    attempt: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str] = mapped_column(String(60), default="")
    lease_until: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
