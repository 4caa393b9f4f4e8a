"""Experts with what binds them to other bodies, for the bureau that keeps the list (COI-01, COI-02)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.accounts import ExpertTie, Organisation, Person, PersonRole


@dataclass(frozen=True)
class TieRow:
    """One tie."""

    organisation: str
    kind: str
    until: date | None


@dataclass(frozen=True)
class ExpertRow:
    """One expert."""

    id: int
    name: str
    employer: str
    ties: tuple[TieRow, ...]


def experts(session: Session) -> tuple[ExpertRow, ...]:
    """Return every active expert by name, with employer and ties; two statements."""
    ties: dict[int, list[TieRow]] = {}
    for tie in session.scalars(select(ExpertTie).order_by(ExpertTie.id)):
        ties.setdefault(tie.person_id, []).append(TieRow(tie.organisation, tie.kind, tie.until))
    found = session.execute(
        select(Person.id, Person.name, Organisation.name)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(PersonRole.role == "expert", Person.active)
        .order_by(Person.name, Person.id)
    )
    return tuple(ExpertRow(key, name, employer, tuple(ties.get(key, ()))) for key, name, employer in found)
