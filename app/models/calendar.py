"""The editable table of days off and working weekend days, laid over the published holiday notices."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class CalendarYear(Base):
    """A year whose holiday notice has been entered completely."""

    __tablename__ = "calendar_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    notice: Mapped[str] = mapped_column(String(80))
    published_at: Mapped[datetime]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class CalendarDay(Base):
    """A day that is off or worked, and the document that says so."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    off: Mapped[bool]
    name: Mapped[str] = mapped_column(String(40), default="")
    source: Mapped[str] = mapped_column(String(80), default="")


class CalendarFile(Base):
    """A year's notice that one person handed in and another puts in force; what was handed in stays."""

    __tablename__ = "calendar_file"
    __table_args__ = (
        CheckConstraint("decision IN ('','accepted','refused','withdrawn')", name="known_decision"),
        CheckConstraint("decision <> 'accepted' OR decided_by <> proposed_by", name="by_two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    notice: Mapped[str] = mapped_column(String(80))
    content: Mapped[str] = mapped_column(Text)
    """The file as it was handed in."""
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    decision: Mapped[str] = mapped_column(String(10), default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
