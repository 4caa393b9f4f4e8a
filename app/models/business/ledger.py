"""The deadline ledger, the record of holds, serial numbers, and the log of refused attempts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Structure


class DeadlineRow(Base):
    """A deadline with its whole arithmetic. BPMN timers and the nightly sweep read it."""

    __tablename__ = "deadline"
    __table_args__ = (
        UniqueConstraint("project_id", "kind", "subject"),
        CheckConstraint("status IN ('open','met','void')", name="known_status"),
        Index(
            "ix_deadline_fires",
            "fires_at",
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    subject: Mapped[str] = mapped_column(String(60), default="")
    """What it belongs to where a project may have several: an attempt, an order, a fiscal year."""
    start: Mapped[date]
    raw: Mapped[date]
    due: Mapped[date]
    first_due: Mapped[date]
    """Before any extension."""
    fires_at: Mapped[datetime]
    steps: Mapped[list[Any]] = mapped_column(Structure)
    provisional: Mapped[bool] = mapped_column(default=False)
    reminders: Mapped[list[str]] = mapped_column(Structure, default=list)
    """Moments, ISO 8601 with zone."""
    status: Mapped[str] = mapped_column(String(4), default="open")
    lapsed_at: Mapped[datetime | None]
    """When the sweep has drawn the consequence, once."""
    registered_at: Mapped[datetime]
    met_at: Mapped[datetime | None]


class FundHold(Base):
    """The record of a hold: written once, when it takes effect or first refuses something. Never deleted."""

    __tablename__ = "fund_hold"
    __table_args__ = (
        UniqueConstraint("project_id", "code", "cause"),
        Index(
            "ix_fund_hold_open",
            "project_id",
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    code: Mapped[str] = mapped_column(String(10))
    cause: Mapped[str] = mapped_column(String(60))
    since: Mapped[date]
    set_at: Mapped[datetime]
    articles: Mapped[list[int]] = mapped_column(Structure, default=list)
    lifted_at: Mapped[datetime | None]
    lifted_on: Mapped[date | None]
    evidence: Mapped[str] = mapped_column(Text, default="")
    lifted_by: Mapped[list[str]] = mapped_column(Structure, default=list)
    """Usernames of those who lifted it by hand; empty when the rule's evidence lifted it."""


class Serial(Base):
    """The last number given out for one kind of paper and one year; taken inside the signing transaction."""

    __tablename__ = "serial"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class RefusedAttempt(Base):
    """An attempt that the regulation refused: who tried what, and every reason."""

    __tablename__ = "refused_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    form_id: Mapped[str] = mapped_column(String(80))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("user_task.id"))
    refusals: Mapped[list[Any]] = mapped_column(Structure)
