"""Inspection, orders, measures, audits, requests for documents, and projects that did not start."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Structure


class Order(Base):
    """A rectification order (第三十一条, D-13)."""

    __tablename__ = "rectification_order"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"))
    number: Mapped[str] = mapped_column(String(20))
    doc_no: Mapped[str] = mapped_column(String(40), default="")
    findings: Mapped[list[Any]] = mapped_column(Structure, default=list)
    issued_on: Mapped[date | None]
    due: Mapped[date | None]
    rechecked: Mapped[bool | None]
    closed_on: Mapped[date | None]


class MeasureTaken(Base):
    """A measure of the ladder of 第三十一条."""

    __tablename__ = "measure"
    __table_args__ = (
        CheckConstraint("kind IN ('不采取措施','通报批评','暂缓拨付','暂停建设','终止')", name="known_kind"),
        CheckConstraint("signed_by = '' OR signed_by <> proposed_by", name="four_eyes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("rectification_order.id"))
    kind: Mapped[str] = mapped_column(String(8))
    facts: Mapped[str] = mapped_column(Text, default="")
    proposed_by: Mapped[str] = mapped_column(String(40))
    proposed_on: Mapped[date]
    signed_by: Mapped[str] = mapped_column(String(40), default="")
    cosigned_by: Mapped[list[str]] = mapped_column(Structure, default=list)
    decided_on: Mapped[date | None]
    doc_no: Mapped[str] = mapped_column(String(40), default="")
    lifted_on: Mapped[date | None]
    skip_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Why a rung of the ladder was left out."""
    statement_due: Mapped[date | None]
    """The last day of the unit's statement; no measure is signed before the statement or this day's end."""
    stated_on: Mapped[date | None]
    statement: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What the unit said (陈述申辩)."""


class AuditCase(Base):
    """An audit of the annual plan (第三十二条)."""

    __tablename__ = "audit_case"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"))
    number: Mapped[str] = mapped_column(String(20))
    opened_on: Mapped[date]
    findings: Mapped[list[Any]] = mapped_column(Structure, default=list)
    passed: Mapped[bool | None]
    rectify_due: Mapped[date | None]
    confirmed_on: Mapped[date | None]


class DocumentRequest(Base):
    """A request for documents (F-21, 第三十条)."""

    __tablename__ = "document_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    number: Mapped[str] = mapped_column(String(20))
    wanted: Mapped[list[Any]] = mapped_column(Structure, default=list)
    due: Mapped[date]
    answered_on: Mapped[date | None]
    refused: Mapped[bool] = mapped_column(default=False)


class NotStartedVerdict(Base):
    """What bureau and finance said about a funded project that did not start in `fy` (第十九条第四项)."""

    __tablename__ = "not_started_verdict"
    __table_args__ = (UniqueConstraint("project_id", "fy"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    fy: Mapped[int]
    reason: Mapped[str] = mapped_column(Text, default="")
    bureau_accepts: Mapped[bool | None]
    finance_accepts: Mapped[bool | None]
    decided_on: Mapped[date | None]


class ProblemItem(Base):
    """An item of the 问题台账 that a lapsed deadline has put there: what was missed, and until when it stays open."""

    __tablename__ = "problem_item"
    __table_args__ = (UniqueConstraint("deadline_id", "due"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    """WT-2026-0012, in one series with the orders."""
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadline.id"))
    kind: Mapped[str] = mapped_column(String(24))
    """The kind of deadline that lapsed."""
    consequence: Mapped[str] = mapped_column(String(20))
    due: Mapped[date]
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
