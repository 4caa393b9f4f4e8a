"""Ways of looking at a register that somebody keeps, and workbooks that were checked before they are taken over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Structure


class RegisterView(Base):
    """A kept filter of a register: one's own, or shared with one's organisation."""

    __tablename__ = "register_view"
    __table_args__ = (
        UniqueConstraint("person_id", "register", "name"),
        Index("ix_register_view_register", "register", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    register: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(30))
    query: Mapped[str] = mapped_column(String(400), default="")
    """The filter as it stands in the address."""
    shared: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class WorkbookCheck(Base):
    """A workbook that was checked row by row; only the very bytes that were checked can be taken over, once."""

    __tablename__ = "workbook_check"
    __table_args__ = (CheckConstraint("kind IN ('plan','systems')", name="known_kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    checked_at: Mapped[datetime]
    report: Mapped[list[Any]] = mapped_column(Structure)
    """A line per row: where it stands, what it is called, and why it is refused, if it is."""
    rows: Mapped[list[Any]] = mapped_column(Structure)
    """What was read, until it is taken over; nothing of the file itself is kept."""
    taken_at: Mapped[datetime | None]
