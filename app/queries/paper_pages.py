"""Signed papers as pages show them: those of a project, the register of numbers, one paper; only what may be seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.papers import KINDS
from app.domain.roles import OrganisationKind
from app.models.accounts import Organisation, Person
from app.models.business import Project
from app.models.papers import Paper, PaperMark
from app.queries.scope import Reader, kinds_of, sees_money, visible_projects

PAGE = 50
COUNTY_WIDE = frozenset(
    {OrganisationKind.BUREAU, OrganisationKind.FINANCE, OrganisationKind.AUDIT, OrganisationKind.COUNTY_GOV}
)
"""Who sees the papers of a year; the sheet of sharing is published to every unit (第二十五条)."""
PUBLISHED = frozenset({"D-18"})
OF_COMPANIES = frozenset({"D-09", "D-10", "D-11", "D-12", "D-13", "D-14"})
"""What concerns the stages in which companies work."""
OF_EXPERTS = frozenset({"D-02", "D-03", "D-10", "D-11", "D-12"})


@dataclass(frozen=True)
class PaperRow:
    """A paper in a list."""

    id: int
    kind: str
    title: str
    number: str
    revision: int
    signed_at: datetime
    signed_by: str
    project_no: str
    project_name: str
    unit: str
    void: bool
    asked: bool
    """Somebody has asked that it be voided, and nobody has decided."""
    superseded_by: int | None

    @property
    def status(self) -> str:
        """void, superseded, asked or valid."""
        if self.void:
            return "void"
        if self.superseded_by is not None:
            return "superseded"
        return "asked" if self.asked else "valid"


@dataclass(frozen=True)
class MarkRow:
    """What happened to a paper."""

    act: str
    reason: str
    by: str
    by_id: int | None
    at: datetime


@dataclass(frozen=True)
class PaperFound:
    """One paper with its frozen content."""

    row: PaperRow
    content: Mapping[str, Any]
    content_sha256: str
    template_id: int | None
    note: str
    supersedes_id: int | None
    marks: tuple[MarkRow, ...]
    prices: bool
    """Whether the reader may see amounts."""
    project_id: int | None


def visible(reader: Reader) -> ColumnElement[bool]:
    """Return the condition on `Paper` (joined with `Project`) for what the reader may know of."""
    kinds = kinds_of(reader)
    county = Paper.project_id.is_(None)
    none = Paper.id < 0
    published = Paper.kind.in_(sorted(PUBLISHED)) if kinds else none
    yearly = county if kinds & COUNTY_WIDE else and_(county, published)
    of_projects = and_(Project.id.is_not(None), visible_projects(reader))
    if kinds and kinds <= {OrganisationKind.COMPANY}:
        of_projects = and_(of_projects, Paper.kind.in_(sorted(OF_COMPANIES)))
        yearly = none
    elif kinds and kinds <= {OrganisationKind.EMPLOYER}:
        of_projects = and_(of_projects, Paper.kind.in_(sorted(OF_EXPERTS)))
        yearly = none
    return or_(yearly, of_projects)


def _rows() -> Select[*tuple[Any, ...]]:
    later = aliased(Paper)
    decided = (
        select(PaperMark.act)
        .where(PaperMark.paper_id == Paper.id)
        .order_by(PaperMark.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            Paper.id, Paper.kind, Paper.title, Paper.number, Paper.revision, Paper.signed_at, Person.name,
            Project.no, Project.name, Organisation.short, decided, later.id,
        )
        .outerjoin(Project, Project.id == Paper.project_id)
        .outerjoin(Organisation, Organisation.id == Project.unit_id)
        .outerjoin(Person, Person.id == Paper.signed_by_id)
        .outerjoin(later, later.supersedes_id == Paper.id)
    )  # fmt: skip


def _row(found: Any) -> PaperRow:
    return PaperRow(
        id=found[0], kind=found[1], title=found[2], number=found[3], revision=found[4], signed_at=found[5],
        signed_by=found[6] or "", project_no=found[7] or "", project_name=found[8] or "", unit=found[9] or "",
        void=found[10] == "void", asked=found[10] == "void_asked", superseded_by=found[11],
    )  # fmt: skip


def of_project(session: Session, reader: Reader, project_id: int) -> tuple[PaperRow, ...]:
    """Return the papers of a project that the reader may see, in the order of their signatures."""
    query = _rows().where(Paper.project_id == project_id, visible(reader)).order_by(Paper.signed_at, Paper.id)
    return tuple(_row(found) for found in session.execute(query))


def count_of(session: Session, reader: Reader, project_no: str) -> int:
    """Return how many papers of a project the reader may see."""
    query = select(func.count(Paper.id)).join(Project, Project.id == Paper.project_id)
    return session.scalar(query.where(Project.no == project_no, visible(reader))) or 0


@dataclass(frozen=True)
class RegisterFilter:
    """What the register of papers is asked for."""

    kind: str = ""
    year: int | None = None
    text: str = ""
    status: str = ""
    cursor: int | None = None


@dataclass(frozen=True)
class RegisterPage:
    """One page of the register of papers."""

    rows: tuple[PaperRow, ...]
    total: int
    years: tuple[int, ...]
    cursor: int | None
    asked: RegisterFilter


def register(session: Session, reader: Reader, asked: RegisterFilter) -> RegisterPage:
    """Return the newest papers first; voided ones stay among them."""
    condition = [visible(reader)]
    if asked.kind in KINDS:
        condition.append(Paper.kind == asked.kind)
    if asked.year:
        condition.append(Paper.fy == asked.year)
    if asked.text:
        like = f"%{asked.text.replace('%', '').replace('_', '')}%"
        condition.append(
            or_(Paper.number.like(like), Paper.title.like(like), Project.no.like(like), Project.name.like(like))
        )
    if asked.status == "void":
        condition.append(Paper.id.in_(select(PaperMark.paper_id).where(PaperMark.act == "void")))
    elif asked.status == "asked":
        newest = select(func.max(PaperMark.id)).group_by(PaperMark.paper_id)
        condition.append(
            Paper.id.in_(select(PaperMark.paper_id).where(PaperMark.id.in_(newest), PaperMark.act == "void_asked"))
        )
    counted = select(func.count(Paper.id)).outerjoin(Project, Project.id == Paper.project_id).where(*condition)
    years = session.scalars(
        select(Paper.fy).outerjoin(Project, Project.id == Paper.project_id).where(visible(reader)).distinct()
    ).all()
    query = _rows().where(*condition).order_by(Paper.id.desc()).limit(PAGE + 1)
    if asked.cursor:
        query = query.where(Paper.id < asked.cursor)
    found = [_row(one) for one in session.execute(query)]
    cursor = found[PAGE - 1].id if len(found) > PAGE else None
    return RegisterPage(
        tuple(found[:PAGE]), session.scalar(counted) or 0, tuple(sorted(years, reverse=True)), cursor, asked
    )


def find(session: Session, reader: Reader, paper_id: int) -> PaperFound | None:
    """Return one paper; None where the reader may not know of it."""
    found = session.execute(_rows().where(Paper.id == paper_id, visible(reader))).one_or_none()
    if found is None:
        return None
    paper = session.get_one(Paper, paper_id)
    unit_id = (
        session.scalar(select(Project.unit_id).where(Project.id == paper.project_id)) if paper.project_id else None
    )
    marks = session.execute(
        select(PaperMark.act, PaperMark.reason, Person.name, PaperMark.by_id, PaperMark.at)
        .outerjoin(Person, Person.id == PaperMark.by_id)
        .where(PaperMark.paper_id == paper_id)
        .order_by(PaperMark.id)
    )
    return PaperFound(
        row=_row(found),
        content=paper.content,
        content_sha256=paper.content_sha256,
        template_id=paper.template_id,
        note=paper.note,
        supersedes_id=paper.supersedes_id,
        marks=tuple(MarkRow(act, reason, name or "", by_id, at) for act, reason, name, by_id, at in marks),
        prices=sees_money(reader, unit_id),
        project_id=paper.project_id,
    )


def project_of(session: Session, reader: Reader, project_id: int | None) -> tuple[str, str, int] | None:
    """Return number, name and unit of a project that the reader may know of; None for any other and for none."""
    if project_id is None:
        return None
    found = session.execute(
        select(Project.no, Project.name, Project.unit_id).where(Project.id == project_id, visible_projects(reader))
    ).one_or_none()
    return (found[0], found[1], found[2]) if found is not None else None
