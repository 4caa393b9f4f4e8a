"""Projects, their plan items, their scope versions, and their place in the library."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Structure


class Project(Base):
    """One project from its plan item to its end. Its state changes when a form is recorded, never otherwise."""

    __tablename__ = "project"
    __table_args__ = (
        CheckConstraint("path IN ('T','G','L','Y','B','X')", name="known_path"),
        CheckConstraint("total_fen >= 0", name="total_not_negative"),
        CheckConstraint("path <> 'X' OR (name = '' AND total_fen = 0)", name="secret_leaves_no_content"),
        Index("ix_project_unit_id_state", "unit_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    no: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    unit_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    fy: Mapped[int]
    """The fiscal year for which it is planned now; an alternate moves on."""
    fy_entered: Mapped[int]
    path: Mapped[str] = mapped_column(String(1))
    funding_form: Mapped[str] = mapped_column(String(20), default="")
    category: Mapped[str] = mapped_column(String(20), default="")
    nature: Mapped[str] = mapped_column(String(10), default="")
    total_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    is_major: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(20), index=True)
    state_since: Mapped[datetime]
    scope_version: Mapped[int] = mapped_column(default=1)
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    management_rules: Mapped[bool] = mapped_column(default=False)
    parent_system_id: Mapped[int | None] = mapped_column(ForeignKey("system_entry.id", use_alter=True))
    predecessor_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    """The removed project that is filed anew (第十八条)."""
    legacy: Mapped[bool] = mapped_column(default=False)
    exempt_clause: Mapped[str] = mapped_column(String(60), default="")
    start_order_on: Mapped[date | None]
    plan_end_on: Mapped[date | None]
    service_start_on: Mapped[date | None]
    completed_on: Mapped[date | None]
    accepted_on: Mapped[date | None]
    online_on: Mapped[date | None]
    access_no: Mapped[str] = mapped_column(String(40), default="")
    access_verified: Mapped[bool] = mapped_column(default=False)
    access_failed: Mapped[bool] = mapped_column(default=False)
    mlps_level: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class PlanItem(Base):
    """A project's item in the annual plan as filed with F-02, and what the county government said (F-02g)."""

    __tablename__ = "plan_item"
    __table_args__ = (
        UniqueConstraint("project_id", "fy"),
        CheckConstraint("result = '' OR (consent_doc_no <> '' AND decided_on IS NOT NULL)", name="consent_names_paper"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    fy: Mapped[int] = mapped_column(index=True)
    content: Mapped[dict[str, Any]] = mapped_column(Structure)
    """The typed answers of F-02 that gates read; money in 分, dates ISO."""
    total_fen: Mapped[int] = mapped_column(BigInteger)
    fy_amount_fen: Mapped[int] = mapped_column(BigInteger)
    submitted_on: Mapped[date | None]
    """The day on which the unit's head signed it."""
    plan_due: Mapped[date | None]
    supplement: Mapped[bool] = mapped_column(default=False)
    supplement_reason: Mapped[str] = mapped_column(Text, default="")
    supplement_approved_by: Mapped[str] = mapped_column(String(40), default="")
    rank: Mapped[int | None]
    suggestion: Mapped[str] = mapped_column(String(10), default="")
    findings: Mapped[list[Any]] = mapped_column(Structure, default=list)
    """What the duplicate search and completeness check found."""
    result: Mapped[str] = mapped_column(String(10), default="")
    consent_doc_no: Mapped[str] = mapped_column(String(60), default="")
    decided_on: Mapped[date | None]


class AnnualPlan(Base):
    """The plan of one fiscal year: when it was called for and sent to the county government."""

    __tablename__ = "annual_plan"

    fy: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    call_doc_no: Mapped[str] = mapped_column(String(60), default="")
    plan_due: Mapped[date]
    opened_on: Mapped[date]
    sent_on: Mapped[date | None]
    closed_on: Mapped[date | None]


class ScopeVersion(Base):
    """A numbered version of objective, main content and total. Opinions bind to one version."""

    __tablename__ = "scope_version"
    __table_args__ = (UniqueConstraint("project_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    number: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(64))
    total_fen: Mapped[int] = mapped_column(BigInteger)
    by_change: Mapped[bool] = mapped_column(default=False)
    objective_changed: Mapped[bool] = mapped_column(default=False)
    interface_changed: Mapped[bool] = mapped_column(default=False)
    infrastructure_changed: Mapped[bool] = mapped_column(default=False)
    made_on: Mapped[date]


class LibraryEntry(Base):
    """A project's entry in the library (第十八条)."""

    __tablename__ = "library_entry"
    __table_args__ = (
        CheckConstraint("status IN ('在库','备选','剔除')", name="known_status"),
        CheckConstraint("streak_closed BETWEEN 0 AND 3", name="streak_at_most_three"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), unique=True)
    entered_fy: Mapped[int]
    entered_on: Mapped[date]
    rank: Mapped[int | None]
    streak_closed: Mapped[int] = mapped_column(default=0)
    """Consecutive closed fiscal years without funds."""
    status: Mapped[str] = mapped_column(String(4), default="在库")
    reviewed_fingerprint: Mapped[str] = mapped_column(String(64), default="")
    closed_fys: Mapped[list[int]] = mapped_column(Structure, default=list)
    """Fiscal years that have been counted, so that a second sweep counts nothing twice."""
    removed_on: Mapped[date | None]
