"""Signed papers, what was said about them later, and the Word templates from which they are written. Append-only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Structure


class PaperTemplate(Base):
    """One version of the Word template of a kind of paper, kept for ever because signed papers were written with it."""

    __tablename__ = "paper_template"
    __table_args__ = (UniqueConstraint("kind", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    shipped: Mapped[bool] = mapped_column(default=False)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text, default="")


class PaperTemplateVerdict(Base):
    """What a second person said about an uploaded template: released or refused. The newest release is in force."""

    __tablename__ = "paper_template_verdict"
    __table_args__ = (CheckConstraint("verdict IN ('released','refused')", name="known_verdict"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("paper_template.id"), unique=True)
    verdict: Mapped[str] = mapped_column(String(8))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Paper(Base):
    """A paper as it was signed: its content with the hash of it. It is never changed; a later issue names it."""

    __tablename__ = "paper"
    __table_args__ = (
        UniqueConstraint("kind", "source", "source_id", "revision"),
        UniqueConstraint("supersedes_id"),
        Index("ix_paper_number", "number"),
        Index("ix_paper_signed", "signed_at", "id"),
        CheckConstraint("revision >= 1", name="revision_counts_from_one"),
        CheckConstraint("revision = 1 OR (supersedes_id IS NOT NULL AND note <> '')", name="reissue_says_why"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    source: Mapped[str] = mapped_column(String(24))
    """The table of the fact that was signed."""
    source_id: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)
    number: Mapped[str] = mapped_column(String(60), default="")
    title: Mapped[str] = mapped_column(String(200))
    fy: Mapped[int]
    """The year of its number."""
    content: Mapped[dict[str, Any]] = mapped_column(Structure)
    content_sha256: Mapped[str] = mapped_column(String(64))
    template_id: Mapped[int | None] = mapped_column(ForeignKey("paper_template.id"))
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[datetime]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("paper.id"))
    note: Mapped[str] = mapped_column(Text, default="")


class PaperMark(Base):
    """What happened to a signed paper: voiding asked for, agreed to by a second person, or refused."""

    __tablename__ = "paper_mark"
    __table_args__ = (
        CheckConstraint("act IN ('void_asked','void','void_refused')", name="known_act"),
        Index("ix_paper_mark_paper", "paper_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"))
    act: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
