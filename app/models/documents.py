"""Submissions, drafts, attachments, notices to persons, and the append-only audit trail."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Structure


class Submission(Base):
    """A completed form, whole and for ever, with the version of the form that was filled in."""

    __tablename__ = "submission"
    __table_args__ = (Index("ix_submission_project_form", "project_id", "form_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("user_task.id"), unique=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    element_id: Mapped[str] = mapped_column(String(120))
    form_id: Mapped[str] = mapped_column(String(80))
    form_definition_id: Mapped[int | None] = mapped_column(ForeignKey("definition.id"))
    answers: Mapped[dict[str, Any]] = mapped_column(Structure)
    """Typed answers; dates and moments as tagged text (app/services/answers.py)."""
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


DRAFTS_KEPT = timedelta(days=30)
"""How long a draft is kept after its task has gone."""


class Draft(Base):
    """What somebody has typed into an open task and not yet handed in, valid or not."""

    __tablename__ = "draft"

    task_id: Mapped[int] = mapped_column(ForeignKey("user_task.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    form_definition_id: Mapped[int | None] = mapped_column(ForeignKey("definition.id"))
    values: Mapped[dict[str, Any]] = mapped_column(Structure)
    revision: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]


class Attachment(Base):
    """A file that somebody handed in: its bytes lie in the blob store under their SHA-256."""

    __tablename__ = "attachment"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Random, so that nobody can guess another's."""
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("user_task.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"), index=True)
    """Empty until the form is handed in."""
    field: Mapped[str] = mapped_column(String(120), default="")
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]
    retained_until: Mapped[date | None]


class Remark(Base):
    """What somebody said about a project, at one of its tasks or not, for all who may see it. Append-only."""

    __tablename__ = "remark"
    __table_args__ = (Index("ix_remark_project", "project_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("user_task.id"))
    words: Mapped[str] = mapped_column(Text)
    told: Mapped[list[int]] = mapped_column(Structure, default=list)
    """Persons who were mentioned and told."""
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Notice(Base):
    """A notice in a person's own list, written in the transaction of its cause; `dedupe_key` makes it once only."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("person_id", "dedupe_key"),
        Index("ix_notice_person_read", "person_id", "read_at"),
        Index("ix_notice_project", "project_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    level: Mapped[str] = mapped_column(String(8), default="info")
    message: Mapped[str] = mapped_column(Text)
    """A Chinese message id; `values` fill it in."""
    values: Mapped[dict[str, Any]] = mapped_column(Structure, default=dict)
    link: Mapped[str] = mapped_column(String(200), default="")
    dedupe_key: Mapped[str] = mapped_column(String(160))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class AuditEvent(Base):
    """Who did what to what, when: in the same transaction as the act, sealed by an HMAC. Append-only."""

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    """By the business clock."""
    wall_at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    act: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[str] = mapped_column(String(60))
    detail: Mapped[dict[str, Any]] = mapped_column(Structure, default=dict)
    mac: Mapped[str] = mapped_column(String(64))
