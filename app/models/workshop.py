"""The process owner's workshop: working copies, what became of each save, releases with their talk, and migrations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Structure


class WorkingCopy(Base):
    """One diagram, decision table or form that is being redrawn: nothing runs on it until it is released."""

    __tablename__ = "working_copy"
    __table_args__ = (
        UniqueConstraint("kind", "key"),
        CheckConstraint("kind IN ('bpmn','dmn','form')", name="known_kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(4))
    key: Mapped[str] = mapped_column(String(80))
    base_id: Mapped[int | None] = mapped_column(ForeignKey("definition.id"))
    """The version that it was taken from; empty for a file that was never in force."""
    content: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=1)
    """Grows with every save, so that two people who edit one file hear of each other."""
    saved_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime]


class WorkingCopyRevision(Base):
    """What one save of a working copy held. Append-only, so that nothing that was drawn is lost."""

    __tablename__ = "working_copy_revision"
    __table_args__ = (
        CheckConstraint("standing IN ('saved','kept')", name="known_standing"),
        Index("ix_working_copy_revision_copy", "copy_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    copy_id: Mapped[int] = mapped_column(ForeignKey("working_copy.id"))
    base_id: Mapped[int | None] = mapped_column(ForeignKey("definition.id"))
    """The version that the working copy stood on."""
    revision: Mapped[int]
    """Its own number; of a version that was kept beside another, the number that it was drawn upon."""
    standing: Mapped[str] = mapped_column(String(5), default="saved")
    """`kept`: somebody else had saved meanwhile; this version lies beside hers and displaced nothing."""
    content: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class ReleaseRequest(Base):
    """A version laid before a second person, who releases or refuses it; the row says what was decided and why."""

    __tablename__ = "release_request"
    __table_args__ = (
        CheckConstraint("status IN ('open','approved','in_force','refused','withdrawn','failed')", name="known_status"),
        CheckConstraint("decided_by IS NULL OR decided_by <> requested_by", name="released_by_a_second_person"),
        CheckConstraint("status NOT IN ('approved','in_force') OR decided_by IS NOT NULL", name="release_needs_person"),
        Index("ix_release_request_definition", "definition_id"),
        Index(
            "ix_release_request_due",
            "effective_at",
            sqlite_where=text("status = 'approved'"),
            postgresql_where=text("status = 'approved'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    definition_id: Mapped[int] = mapped_column(ForeignKey("definition.id"))
    former_id: Mapped[int | None] = mapped_column(ForeignKey("definition.id"))
    """The version in force when it was asked for."""
    restores_id: Mapped[int | None] = mapped_column(ForeignKey("definition.id"))
    """The former version that this one puts back in force, word for word."""
    reason: Mapped[str] = mapped_column(Text)
    """What was changed and why, in the owner's words."""
    effective_at: Mapped[datetime | None]
    """From when it is to be in force; empty: as soon as it is released."""
    status: Mapped[str] = mapped_column(String(9), default="open")
    requested_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    requested_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decision: Mapped[str] = mapped_column(Text, default="")
    """The second person's words; of a refusal its reason; of a failure what stood in the way."""


class ReleaseRemark(Base):
    """A question or an answer on one element of a version that waits for its release. Append-only."""

    __tablename__ = "release_remark"
    __table_args__ = (Index("ix_release_remark_request", "request_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("release_request.id"))
    element_id: Mapped[str] = mapped_column(String(120), default="")
    """Empty: on the whole version."""
    words: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class MigrationJob(Base):
    """Running instances that are to be moved to another version of their process, one after the other."""

    __tablename__ = "migration_job"
    __table_args__ = (
        CheckConstraint("status IN ('running','done')", name="known_status"),
        Index(
            "ix_migration_job_running",
            "id",
            sqlite_where=text("status = 'running'"),
            postgresql_where=text("status = 'running'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    definition_id: Mapped[int] = mapped_column(ForeignKey("definition.id"))
    """The version to which they move."""
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(8), default="running")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class MigrationMove(Base):
    """One instance of a migration: moved, or left as it was with the reason."""

    __tablename__ = "migration_move"
    __table_args__ = (CheckConstraint("status IN ('waiting','moved','refused','failed')", name="known_status"),)

    job_id: Mapped[int] = mapped_column(ForeignKey("migration_job.id"), primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("definition.id"))
    """The version on which it ran when the migration was asked for."""
    status: Mapped[str] = mapped_column(String(7), default="waiting")
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was refused or failed: a Chinese message id for `values`."""
    values: Mapped[dict[str, Any]] = mapped_column(Structure, default=dict)
    element_id: Mapped[str] = mapped_column(String(120), default="")
    at: Mapped[datetime | None]
