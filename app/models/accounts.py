"""Organisations, persons, their roles, their sessions and their attempts to log in."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base


class Organisation(Base):
    """A department, a company, or the body that an expert works for."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('unit','bureau','drc','finance','audit','security','county_gov','city','company','employer')",
            name="known_kind",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    short: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(12))
    """Its function in the regulation; every department may also be a project unit when `eligible`."""
    eligible: Mapped[bool] = mapped_column(default=False)
    """May file projects (Art. 2: 政务部门); switched on for others by the bureau."""
    trade: Mapped[str] = mapped_column(String(20), default="")
    """Of a company: builder, supervisor, assessor, evaluator, agency."""
    credit_code: Mapped[str] = mapped_column(String(18), default="")
    legal_representative: Mapped[str] = mapped_column(String(40), default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """The body to which it is subordinate, or the company that holds a share of it."""
    parent_percent: Mapped[int | None]
    """How much of a company its parent holds; empty for a subordinate body and a wholly owned company."""


class Person(Base):
    """Somebody who works with the system, or an expert of the 专家库."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    username: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    password_set_at: Mapped[datetime | None]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(String(5), default="")
    email: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    field: Mapped[str] = mapped_column(String(40), default="")
    """Of an expert: the field of expertise."""
    created_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    roles: Mapped[list[PersonRole]] = relationship(
        back_populates="person", foreign_keys="PersonRole.person_id", lazy="raise", cascade="all, delete-orphan"
    )


class PersonRole(Base):
    """A role of the vocabulary that a person holds (app/domain/roles.py)."""

    __tablename__ = "person_role"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    granted_at: Mapped[datetime]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(back_populates="roles", foreign_keys=[person_id], lazy="raise")


class Substitution(Base):
    """代理: who stands in for whom, from when until when; it runs and ends by its dates, and may be revoked before."""

    __tablename__ = "substitution"
    __table_args__ = (
        CheckConstraint("person_id <> substitute_id", name="by_somebody_else"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_starts"),
        Index("ix_substitution_substitute", "substitute_id", "ends_on"),
        Index("ix_substitution_person", "person_id", "ends_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Who is absent."""
    substitute_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    """The last day."""
    reason: Mapped[str] = mapped_column(String(200))
    appointed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    appointed_at: Mapped[datetime]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None]


class UserSession(Base):
    """One login. The browser holds a random id, the table only its hash; deleting the row ends the session."""

    __tablename__ = "user_session"

    sid_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(45), default="")
    agent: Mapped[str] = mapped_column(String(200), default="")


class LoginAttempt(Base):
    """A failed attempt to log in: five within fifteen minutes lock the name for fifteen minutes."""

    __tablename__ = "login_attempt"
    __table_args__ = (Index("ix_login_attempt_username_at", "username", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(45))
    at: Mapped[datetime]


class ExpertTie(Base):
    """What binds an expert to a body: she worked there, holds shares, or was paid by it (COI-01, COI-02)."""

    __tablename__ = "expert_tie"
    __table_args__ = (CheckConstraint("kind IN ('employment','share','pay')", name="known_kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    organisation: Mapped[str] = mapped_column(String(100))
    """The body's full name; it need not be known here otherwise."""
    kind: Mapped[str] = mapped_column(String(10))
    until: Mapped[date | None]
    """The last day of employment or holding, or the day of payment; None while it lasts."""
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]
