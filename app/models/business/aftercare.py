"""What follows building: feedback on shared resources, assets, systems that migrate, incidents, corrections."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Feedback(Base):
    """A user unit's feedback on a shared resource, which its provider answers (F-24, 第二十七条)."""

    __tablename__ = "feedback"
    __table_args__ = (
        CheckConstraint("kind IN ('数据错误','使用效益')", name="known_kind"),
        CheckConstraint("answered_on IS NULL OR answer <> ''", name="answered_in_words"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    """The project whose resource it is: its unit answers."""
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource_item.id"))
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    from_unit_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    filed_on: Mapped[date]
    filed_by: Mapped[str] = mapped_column(String(40))
    due: Mapped[date]
    """Ten working days after it was filed [C]."""
    answered_on: Mapped[date | None]
    answered_by: Mapped[str] = mapped_column(String(40), default="")
    answer: Mapped[str] = mapped_column(Text, default="")


class Asset(Base):
    """An asset card of a project, kept by finance (F-32, 第七条)."""

    __tablename__ = "asset"
    __table_args__ = (
        UniqueConstraint("project_id", "code"),
        CheckConstraint("value_fen >= 0", name="value_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    code: Mapped[str] = mapped_column(String(60))
    value_fen: Mapped[int] = mapped_column(BigInteger)
    keeper: Mapped[str] = mapped_column(String(30))
    recorded_on: Mapped[date]
    recorded_by: Mapped[str] = mapped_column(String(40))
    disposed_on: Mapped[date | None]


class CloudMigration(Base):
    """An existing system that moves to the government cloud and network when conditions allow (F-33, 第四条)."""

    __tablename__ = "cloud_migration"
    __table_args__ = (
        UniqueConstraint("unit_id", "system"),
        CheckConstraint("done_on IS NULL OR checked_by <> ''", name="done_is_checked"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    system: Mapped[str] = mapped_column(String(100))
    from_place: Mapped[str] = mapped_column(String(100))
    to_place: Mapped[str] = mapped_column(String(100))
    planned_on: Mapped[date]
    reported_done_on: Mapped[date | None]
    done_on: Mapped[date | None]
    """The day that the bureau's sharing section has confirmed."""
    filed_on: Mapped[date]
    filed_by: Mapped[str] = mapped_column(String(40))
    checked_by: Mapped[str] = mapped_column(String(40), default="")


class SecurityIncident(Base):
    """A security incident of a system, reported to police, cyberspace office and secrecy office (F-34, 第二十九条)."""

    __tablename__ = "security_incident"
    __table_args__ = (CheckConstraint("level IN ('特别重大','重大','较大','一般')", name="known_level"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    happened_at: Mapped[datetime]
    level: Mapped[str] = mapped_column(String(4))
    what: Mapped[str] = mapped_column(Text)
    reported_at: Mapped[datetime]
    reported_by: Mapped[str] = mapped_column(String(40))
    closed_on: Mapped[date | None]
    closed_by: Mapped[str] = mapped_column(String(40), default="")


class Correction(Base):
    """A wrong date, amount, number or person in something signed, mended by two people (F-35 [C])."""

    __tablename__ = "correction"
    __table_args__ = (
        CheckConstraint("signed_by = '' OR signed_by <> filed_by", name="four_eyes"),
        CheckConstraint("status IN ('submitted','applied','refused')", name="known_status"),
        CheckConstraint("status <> 'applied' OR signed_on IS NOT NULL", name="applied_is_signed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    what: Mapped[str] = mapped_column(String(40))
    """What is corrected, with the key of its row where there may be several: completed_on, contract_amount:7."""
    old: Mapped[str] = mapped_column(String(200))
    """As it stood, as text: dates ISO, amounts in 分. It stays readable for ever."""
    new: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(10), default="submitted")
    filed_on: Mapped[date]
    filed_by: Mapped[str] = mapped_column(String(40))
    signed_on: Mapped[date | None]
    signed_by: Mapped[str] = mapped_column(String(40), default="")
