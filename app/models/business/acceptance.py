"""Acceptance: attempts, meetings, rectification, filing, and reports of delay."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Structure


class AcceptanceAttempt(Base):
    """One acceptance: application, the bureau's 核准意见, meeting, conclusion (第二十条, 第二十一条)."""

    __tablename__ = "acceptance_attempt"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("conclusion IS NULL OR conclusion IN ('通过','不合格')", name="known_conclusion"),
        CheckConstraint("conclusion IS NULL OR concluded_on IS NOT NULL", name="concluded_on_a_day"),
        CheckConstraint("conclusion <> '通过' OR consent = '核准'", name="passing_needs_consent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    number: Mapped[int]
    applied_on: Mapped[date]
    application: Mapped[dict[str, Any]] = mapped_column(Structure, default=dict)
    consent: Mapped[str] = mapped_column(String(10), default="")
    held_on: Mapped[date | None]
    place: Mapped[str] = mapped_column(String(120), default="")
    conclusion: Mapped[str | None] = mapped_column(String(10))
    concluded_on: Mapped[date | None]
    opinion: Mapped[str] = mapped_column(Text, default="")
    rectify_due: Mapped[date | None]
    third_allowed_by: Mapped[str] = mapped_column(String(40), default="")


class Participant(Base):
    """A person at the acceptance meeting."""

    __tablename__ = "participant"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("acceptance_attempt.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    organisation: Mapped[str] = mapped_column(String(100), default="")
    role: Mapped[str] = mapped_column(String(40), default="")
    signed_in: Mapped[bool] = mapped_column(default=False)


class RectificationItem(Base):
    """One item to be rectified: of an acceptance, an evaluation, an order or an audit."""

    __tablename__ = "rectification_item"
    __table_args__ = (
        CheckConstraint("cause IN ('acceptance','evaluation','order','audit')", name="known_cause"),
        Index("ix_rectification_item_cause", "project_id", "cause", "cause_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    cause: Mapped[str] = mapped_column(String(12))
    cause_id: Mapped[int]
    """The id of the attempt, evaluation, order or audit case."""
    number: Mapped[int]
    problem: Mapped[str] = mapped_column(Text)
    measure: Mapped[str] = mapped_column(Text, default="")
    done_on: Mapped[date | None]
    confirmed: Mapped[bool] = mapped_column(default=False)
    confirmed_on: Mapped[date | None]


class AcceptanceFiling(Base):
    """The four materials of 第二十条 and the bureau's confirmation."""

    __tablename__ = "acceptance_filing"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    materials: Mapped[list[str]] = mapped_column(Structure)
    filed_on: Mapped[date]
    filed_by: Mapped[str] = mapped_column(String(40))
    deemed_confirmed_from: Mapped[date]
    confirmed_on: Mapped[date | None]
    returned: Mapped[bool] = mapped_column(default=False)


class Extension(Base):
    """A report of delay (第二十一条): it moves the acceptance deadline once it is registered."""

    __tablename__ = "extension"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"))
    number: Mapped[int]
    reason_class: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    new_date: Mapped[date]
    effective_due: Mapped[date]
    filed_on: Mapped[date]
    filed_by: Mapped[str] = mapped_column(String(40))
    signed_by: Mapped[str] = mapped_column(String(40), default="")
    registered_on: Mapped[date | None]
    after_lapse: Mapped[bool] = mapped_column(default=False)
