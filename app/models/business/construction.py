"""Construction: the supervision contract, the supervisor's logs, and changes."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Structure


class Supervision(Base):
    """The supervision contract (第十七条)."""

    __tablename__ = "supervision"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    supervisor: Mapped[str] = mapped_column(String(100))
    engineer: Mapped[str] = mapped_column(String(40), default="")
    evidence: Mapped[bool] = mapped_column(default=True)
    unaffiliated_declared: Mapped[bool] = mapped_column(default=True)
    declared_percent: Mapped[int | None]
    """The share that one holds in the other, where that is the only tie declared."""
    signed_on: Mapped[date | None]
    void: Mapped[bool] = mapped_column(default=False)


class SupervisionLog(Base):
    """A builder's progress report with the supervisor's monthly report about it."""

    __tablename__ = "supervision_log"
    __table_args__ = (CheckConstraint("progress BETWEEN 0 AND 100", name="progress_percent"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    reported_on: Mapped[date]
    progress: Mapped[int]
    text: Mapped[str] = mapped_column(Text, default="")
    supervisor_report: Mapped[dict[str, Any] | None] = mapped_column(Structure)
    serious: Mapped[bool] = mapped_column(default=False)


class Change(Base):
    """A change of objective, content, investment or time (第十七条第二款)."""

    __tablename__ = "change"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("status IN ('submitted','agreed','refused','filed')", name="known_status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"))
    number: Mapped[int]
    delta_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    objective_changed: Mapped[bool] = mapped_column(default=False)
    main_module_changed: Mapped[bool] = mapped_column(default=False)
    interface_changed: Mapped[bool] = mapped_column(default=False)
    infrastructure_changed: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(10), default="submitted")
    reapproved: Mapped[bool] = mapped_column(default=False)
    source_named: Mapped[bool] = mapped_column(default=False)
    content: Mapped[dict[str, Any]] = mapped_column(Structure, default=dict)
    filed_on: Mapped[date]
    filed_by: Mapped[str] = mapped_column(String(40))
    decided_on: Mapped[date | None]
