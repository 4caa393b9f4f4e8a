"""What a project's archive holds and who may take it: papers, forms and files, as far as the reader may read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.domain.roles import OrganisationKind
from app.models.accounts import Organisation, Person
from app.models.business import Project
from app.models.documents import Attachment
from app.models.papers import Paper
from app.queries import panels
from app.queries.paper_pages import visible
from app.queries.scope import Reader, kinds_of, visible_projects

WHOLE = frozenset({OrganisationKind.BUREAU, OrganisationKind.AUDIT})
"""Who takes the archive of any project: the bureau, and the audit bureau as evidence (specification §2.3)."""


@dataclass(frozen=True)
class ArchivedFile:
    """An attachment as the archive holds it."""

    id: str
    sha256: str
    name: str
    size: int
    field: str
    media_type: str
    uploaded_at: datetime


@dataclass(frozen=True)
class ArchivedProject:
    """The project of an archive."""

    id: int
    no: str
    name: str
    unit_id: int


def project(session: Session, reader: Reader, no: str) -> ArchivedProject | None:
    """Return the project whose archive the reader may take: bureau and audit any, a unit its own, never a secret."""
    kinds = kinds_of(reader)
    row = session.scalar(select(Project).where(Project.no == no, visible_projects(reader), Project.path != "X"))
    if row is None:
        return None
    own = OrganisationKind.UNIT in kinds and row.unit_id == reader.organisation_id
    if not kinds & WHOLE and not own:
        return None
    return ArchivedProject(row.id, row.no, row.name, row.unit_id)


def authors(session: Session, reader: Reader) -> frozenset[int] | None:
    """Return whose forms a unit may have: its own people's and the companies'; None for who may have everybody's.

    What the offices write to each other about its project reaches the unit as signed papers (specification §2.3).
    """
    if kinds_of(reader) - {OrganisationKind.UNIT}:
        return None
    known = select(Person.id).join(Organisation, Organisation.id == Person.organisation_id)
    mine = or_(Organisation.id == reader.organisation_id, Organisation.kind == OrganisationKind.COMPANY.value)
    return frozenset(session.scalars(known.where(mine)))


def papers(session: Session, reader: Reader, project_id: int) -> list[Paper]:
    """Return the signed papers, in the order of their signatures, voided ones too."""
    query = select(Paper).join(Project, Project.id == Paper.project_id).where(Paper.project_id == project_id)
    return list(session.scalars(query.where(visible(reader)).order_by(Paper.signed_at, Paper.id)))


def files(session: Session, reader: Reader, project_id: int) -> list[ArchivedFile]:
    """Return the files that were handed in, in their order; what a single expert judged with only for who may."""
    rows = session.scalars(
        select(Attachment)
        .where(
            Attachment.project_id == project_id, Attachment.submission_id.is_not(None), ~panels.kept_files(reader)
        )
        .order_by(Attachment.uploaded_at, Attachment.id)
    )  # fmt: skip
    return [ArchivedFile(a.id, a.sha256, a.name, a.size, a.field, a.media_type, a.uploaded_at) for a in rows]


def size(session: Session, reader: Reader, project_id: int) -> tuple[int, int]:
    """Return how many files there are and how many bytes they have."""
    found = session.execute(
        select(func.count(Attachment.id), func.coalesce(func.sum(Attachment.size), 0)).where(
            Attachment.project_id == project_id, Attachment.submission_id.is_not(None), ~panels.kept_files(reader)
        )
    ).one()
    return int(found[0]), int(found[1])
