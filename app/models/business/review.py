"""What reviews and approvals record: filings, sharing checks, panels, opinions, approvals."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Structure


class Filing(Base):
    """The filing F-03 for one scope version: five materials, sharing chapter, conformity, budget table."""

    __tablename__ = "filing"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    scope_version: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(Structure)
    """What gates read of F-03 (app/domain/facts.Filing), money in 分."""
    filed_on: Mapped[date]
    filed_by: Mapped[str] = mapped_column(String(40))
    signed_on: Mapped[date | None]
    signed_by: Mapped[str] = mapped_column(String(40), default="")
    accepted_on: Mapped[date | None]
    """受理 (F-04)."""


class SharingCheck(Base):
    """A check of 共建共享 by the data-resource section; the latest counts (第五条, 第二十八条)."""

    __tablename__ = "sharing_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    conforms: Mapped[bool]
    access_ok: Mapped[bool] = mapped_column(default=True)
    checked_on: Mapped[date]
    checked_by: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text, default="")


class PanelMember(Base):
    """An expert on a panel: for the review, for an acceptance attempt, or for the evaluation."""

    __tablename__ = "panel_member"
    __table_args__ = (
        UniqueConstraint("project_id", "purpose", "round", "person_id"),
        CheckConstraint("purpose IN ('review','acceptance','evaluation')", name="known_purpose"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(10))
    round: Mapped[int] = mapped_column(default=1)
    """The scope version of a review, the number of an acceptance attempt, the number of an evaluation."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    leader: Mapped[bool] = mapped_column(default=False)
    designated: Mapped[bool] = mapped_column(default=False)
    """By the bureau, for an acceptance (第二十条)."""
    interest_declared: Mapped[bool | None]
    replaced: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text, default="")
    nominated_by: Mapped[str] = mapped_column(String(40), default="")
    seated_on: Mapped[date]
    access_until: Mapped[date | None]
    """The last day on which she sees the project's materials; an open task keeps them open (specification §2.3)."""


class ExpertReplacement(Base):
    """An expert who gave up her seat and who was drawn in her place; history, never changed (COI-07)."""

    __tablename__ = "expert_replacement"
    __table_args__ = (CheckConstraint("cause IN ('declared','conflict','overdue')", name="known_cause"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(10))
    round: Mapped[int]
    replaced_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    replacement_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """None where no expert without a conflict was left."""
    cause: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(Text)
    candidates: Mapped[list[str]] = mapped_column(Structure)
    """Usernames among whom the seed has drawn."""
    seed: Mapped[str] = mapped_column(String(32))
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))


class ExpertForm(Base):
    """One expert's form (F-05e, F-16e, F-25e), with scores and comments."""

    __tablename__ = "expert_form"
    __table_args__ = (UniqueConstraint("project_id", "purpose", "round", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(10))
    round: Mapped[int] = mapped_column(default=1)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    content: Mapped[dict[str, Any]] = mapped_column(Structure)
    conclusion: Mapped[str] = mapped_column(String(10), default="")
    suggested_fen: Mapped[int | None] = mapped_column(BigInteger)
    filled_on: Mapped[date]


class Opinion(Base):
    """An opinion bound to one scope version. It counts once it is signed, by another than drafted it (§2.5)."""

    __tablename__ = "opinion"
    __table_args__ = (
        CheckConstraint("signed_by = '' OR signed_by <> drafted_by", name="four_eyes"),
        CheckConstraint("signed_on IS NULL OR signed_by <> ''", name="signed_by_somebody"),
        Index("ix_opinion_project_kind", "project_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    kind: Mapped[str] = mapped_column(String(20))
    part: Mapped[str] = mapped_column(String(20), default="")
    scope_version: Mapped[int]
    conclusion: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text, default="")
    content: Mapped[dict[str, Any]] = mapped_column(Structure, default=dict)
    reviewed_total_fen: Mapped[int | None] = mapped_column(BigInteger)
    feasibility_version: Mapped[int | None]
    doc_no: Mapped[str] = mapped_column(String(40), default="")
    drafted_on: Mapped[date]
    drafted_by: Mapped[str] = mapped_column(String(40))
    signed_on: Mapped[date | None]
    signed_by: Mapped[str] = mapped_column(String(40), default="")
    void: Mapped[bool] = mapped_column(default=False)


class Approval(Base):
    """An approval with an amount: the DRC's, finance's of service funds, or the bureau's of a joint project."""

    __tablename__ = "approval"
    __table_args__ = (
        CheckConstraint("signed_by = '' OR signed_by <> drafted_by", name="four_eyes"),
        CheckConstraint("amount_fen >= 0", name="amount_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    decision: Mapped[str] = mapped_column(String(10))
    scope_version: Mapped[int]
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    doc_no: Mapped[str] = mapped_column(String(60), default="")
    decided_on: Mapped[date | None]
    drafted_by: Mapped[str] = mapped_column(String(40))
    signed_on: Mapped[date | None]
    signed_by: Mapped[str] = mapped_column(String(40), default="")
    security_by: Mapped[str] = mapped_column(String(40), default="", server_default="")
    """Who agreed for the cyberspace office to a joint project (F-07L)."""
