"""Open values and interpretations (第三十五条): what was proposed, by whom and why, and who decided it. Append-only."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class ParameterChange(Base):
    """A proposal: another value of a parameter, another interpretation of a parameter, gate or reading, or both."""

    __tablename__ = "parameter_change"
    __table_args__ = (CheckConstraint("new <> '' OR interpretation <> ''", name="says_something"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), index=True)
    """A parameter's key, a gate (G-06) or a reading's key."""
    old: Mapped[str] = mapped_column(String(80), default="")
    """The value in force when it was proposed."""
    new: Mapped[str] = mapped_column(String(80), default="")
    """Empty: the value stays."""
    interpretation: Mapped[str] = mapped_column(Text, default="")
    """解释口径; empty: the one in force stays."""
    reason: Mapped[str] = mapped_column(Text)
    article: Mapped[int]
    effective_on: Mapped[date]
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]


class ParameterDecision(Base):
    """What a second person decided on a proposal; the highest id is the revision that caches go by."""

    __tablename__ = "parameter_decision"
    __table_args__ = (CheckConstraint("decision IN ('accepted','refused','withdrawn')", name="known_decision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("parameter_change.id"), unique=True)
    decision: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]
