"""Operation: the system catalogue, information resources, O&M plans and applications, evaluations."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Structure


class SystemEntry(Base):
    """An entry of the 政务信息系统目录 (第十九条)."""

    __tablename__ = "system_entry"
    __table_args__ = (CheckConstraint("status IN ('draft','active','cancelled')", name="known_status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    unit_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    builder: Mapped[str] = mapped_column(String(100), default="")
    operator: Mapped[str] = mapped_column(String(100), default="")
    online_on: Mapped[date | None]
    deploy: Mapped[str] = mapped_column(String(10), default="政务云")
    mlps_level: Mapped[int] = mapped_column(default=0)
    om_until: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(10), default="draft")
    legacy: Mapped[bool] = mapped_column(default=False)
    content: Mapped[dict[str, Any]] = mapped_column(Structure, default=dict)


class ResourceItem(Base):
    """An information resource of a project (第二十六条, 第二十七条)."""

    __tablename__ = "resource_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    code: Mapped[str] = mapped_column(String(40), default="")
    name: Mapped[str] = mapped_column(String(120))
    content: Mapped[dict[str, Any]] = mapped_column(Structure, default=dict)
    update_cycle: Mapped[str] = mapped_column(String(4), default="")
    platform_no: Mapped[str] = mapped_column(String(60), default="")
    updated_on: Mapped[date | None]


class OmPlan(Base):
    """One of the four plans of 第二十二条, as filed."""

    __tablename__ = "om_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    filed_on: Mapped[date]
    valid_to: Mapped[date | None]
    accepted_on: Mapped[date | None]


class OmApplication(Base):
    """A yearly application for O&M funds (F-20a)."""

    __tablename__ = "om_application"
    __table_args__ = (
        CheckConstraint("status IN ('submitted','returned','suggested','arranged')", name="known_status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    fy: Mapped[int]
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(String(10), default="submitted")
    filed_on: Mapped[date]
    reasons: Mapped[list[Any]] = mapped_column(Structure, default=list)


class Evaluation(Base):
    """A one-year evaluation (第二十三条); scores in hundredths of a point."""

    __tablename__ = "evaluation"
    __table_args__ = (UniqueConstraint("project_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    number: Mapped[int]
    mode: Mapped[str] = mapped_column(String(10), default="")
    evaluator: Mapped[str] = mapped_column(String(100), default="")
    evaluator_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    weights: Mapped[dict[str, Any]] = mapped_column(Structure, default=dict)
    started_on: Mapped[date]
    total_centi: Mapped[int | None]
    share_centi: Mapped[int | None]
    share_weight: Mapped[int] = mapped_column(default=30)
    passed: Mapped[bool | None]
    signed_on: Mapped[date | None]
    rectify_due: Mapped[date | None]
    rectified_on: Mapped[date | None]
    problems: Mapped[str] = mapped_column(Text, default="")
