"""The versions of Word templates as the bureau's page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.domain.papers import KINDS
from app.models.accounts import Person
from app.models.papers import PaperTemplate, PaperTemplateVerdict


@dataclass(frozen=True)
class TemplateRow:
    """A version of a template."""

    id: int
    kind: str
    version: int
    name: str
    shipped: bool
    reason: str
    uploaded_by: str
    uploaded_by_id: int | None
    uploaded_at: datetime
    verdict: str
    """released, refused, or empty while it waits."""
    decided_by: str
    decided_at: datetime | None
    in_force: bool


def versions(session: Session) -> dict[str, tuple[TemplateRow, ...]]:
    """Return every kind with its versions, the newest first; which one is in force."""
    other = aliased(Person)
    rows = session.execute(
        select(
            PaperTemplate.id, PaperTemplate.kind, PaperTemplate.version, PaperTemplate.name, PaperTemplate.shipped,
            PaperTemplate.reason, Person.name, PaperTemplate.uploaded_by_id, PaperTemplate.uploaded_at,
            PaperTemplateVerdict.verdict, other.name, PaperTemplateVerdict.at, PaperTemplateVerdict.id,
        )
        .outerjoin(Person, Person.id == PaperTemplate.uploaded_by_id)
        .outerjoin(PaperTemplateVerdict, PaperTemplateVerdict.template_id == PaperTemplate.id)
        .outerjoin(other, other.id == PaperTemplateVerdict.by_id)
        .order_by(PaperTemplate.kind, PaperTemplate.version.desc())
    ).all()  # fmt: skip
    newest: dict[str, int] = {}
    for row in rows:
        if row[9] == "released":
            newest[row[1]] = max(newest.get(row[1], 0), row[12])
    found: dict[str, list[TemplateRow]] = {kind: [] for kind in KINDS}
    for row in rows:
        found[row[1]].append(
            TemplateRow(
                id=row[0], kind=row[1], version=row[2], name=row[3], shipped=row[4], reason=row[5],
                uploaded_by=row[6] or "", uploaded_by_id=row[7], uploaded_at=row[8], verdict=row[9] or "",
                decided_by=row[10] or "", decided_at=row[11],
                in_force=row[12] is not None and row[12] == newest.get(row[1]),
            )
        )  # fmt: skip
    return {kind: tuple(listed) for kind, listed in found.items()}
