"""The kept filters of a register that a reader may use."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.models.accounts import Person
from app.models.registers import RegisterView
from app.queries.scope import Reader


@dataclass(frozen=True)
class View:
    """A kept filter as the page offers it."""

    id: int
    name: str
    query: str
    shared: bool
    mine: bool
    by: str


def views(session: Session, reader: Reader, register: str) -> tuple[View, ...]:
    """Return the reader's own filters of a register and those that her organisation shares, by name."""
    rows = session.execute(
        select(RegisterView, Person.name)
        .join(Person, Person.id == RegisterView.person_id)
        .where(
            RegisterView.register == register,
            or_(
                RegisterView.person_id == reader.id,
                and_(RegisterView.shared.is_(True), RegisterView.organisation_id == reader.organisation_id),
            ),
        )
        .order_by(RegisterView.name, RegisterView.id)
    )
    return tuple(
        View(row.id, row.name, row.query, row.shared, mine=row.person_id == reader.id, by=name) for row, name in rows
    )
