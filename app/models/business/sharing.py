"""The yearly evaluation of information sharing, unit by unit (第二十五条)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class SharingScore(Base):
    """One unit's five indicators in percent (None where there was nothing to measure) and its score of a year."""

    __tablename__ = "sharing_score"
    __table_args__ = (
        UniqueConstraint("year", "unit_id"),
        CheckConstraint("computed BETWEEN 0 AND 100 AND score BETWEEN 0 AND 100", name="score_points"),
        CheckConstraint("score = computed OR reason <> ''", name="adjusted_with_reason"),
        CheckConstraint("signed_by = '' OR signed_by <> settled_by", name="four_eyes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    """The year whose sharing is evaluated, in the spring after it."""
    unit_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    """The unit's system with the poorest sharing: to it the inspection of a low score goes."""
    connected: Mapped[int | None]
    registered: Mapped[int | None]
    on_time: Mapped[int | None]
    answered: Mapped[int | None]
    available: Mapped[int | None]
    computed: Mapped[int]
    score: Mapped[int]
    reason: Mapped[str] = mapped_column(Text, default="")
    settled_by: Mapped[str] = mapped_column(String(40), default="")
    signed_by: Mapped[str] = mapped_column(String(40), default="")
    signed_on: Mapped[date | None]
    rectified_on: Mapped[date | None]
    """When the order that a low score led to was closed."""
