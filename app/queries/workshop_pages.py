"""The workshop as its pages show it: every file with its state, one working copy with its revisions and versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.accounts import Person
from app.models.process import Definition, ProcessInstance
from app.models.workshop import ReleaseRequest, WorkingCopy, WorkingCopyRevision
from app.queries import file_elements
from app.queries.diagram_graph import Drawn
from app.queries.said import PROCESS, english_names

RUNNING = ("active", "suspended")
WAITING = ("open", "approved")
MOST_REVISIONS = 200


@dataclass(frozen=True)
class FileRow:
    """One diagram, table or form in the list."""

    kind: str
    key: str
    name: Drawn
    version: int
    """In force; 0 for a file that was never released."""
    released_at: datetime | None
    changed_at: datetime | None
    """When its working copy was saved last, where that differs from the version in force."""
    changed_by: str
    outdated: bool
    """Whether another version has come into force since the working copy was taken."""
    request_id: int
    """The release that is asked for; 0 where none is."""
    request_status: str
    running: int


@dataclass(frozen=True)
class RevisionRow:
    """One save of a working copy."""

    id: int
    revision: int
    kept: bool
    by: str
    at: datetime


@dataclass(frozen=True)
class VersionRow:
    """One version of a file, for ever: who, when, why, and its hash."""

    id: int
    number: int
    name: str
    in_force: bool
    published_by: str
    published_at: datetime
    released_by: str
    released_at: datetime | None
    comment: str
    sha256: str
    running: int
    request_id: int
    request_status: str
    decision: str
    restores: int
    """The number of the former version that it put back in force; 0 for none."""


@dataclass(frozen=True)
class Copy:
    """What an editor opens: the working copy, or the version in force where nobody has changed it."""

    kind: str
    key: str
    name: str
    copy_id: int | None
    revision: int
    content: str
    base: int
    """The number of the version in force; 0 where there is none."""


def files(session: Session) -> tuple[FileRow, ...]:
    """Return every file of the county, those in force and those that only exist as working copies."""
    rows = {
        (row.kind, row.key): row
        for row in session.scalars(
            select(Definition).where(Definition.in_force).order_by(Definition.kind, Definition.key)
        )
    }
    copies = {
        (copy.kind, copy.key): (copy, who)
        for copy, who in session.execute(
            select(WorkingCopy, Person.name).join(Person, Person.id == WorkingCopy.saved_by)
        )
    }
    running = dict(
        session.execute(
            select(ProcessInstance.process_key, func.count())
            .where(ProcessInstance.status.in_(RUNNING))
            .group_by(ProcessInstance.process_key)
        ).all()
    )
    requests = {
        (kind, key): (request_id, status)
        for kind, key, request_id, status in session.execute(
            select(Definition.kind, Definition.key, ReleaseRequest.id, ReleaseRequest.status)
            .join(Definition, Definition.id == ReleaseRequest.definition_id)
            .where(ReleaseRequest.status.in_(WAITING))
            .order_by(ReleaseRequest.id)
        )
    }
    english = english_names(session, {row.sha256 for row in rows.values() if row.kind == "bpmn"})
    found = []
    for kind, key in sorted({*rows, *copies}, key=lambda file: (KINDS.index(file[0]), file[1])):
        row, (copy, who) = rows.get((kind, key)), copies.get((kind, key), (None, ""))
        changed = copy is not None and (row is None or copy.content != row.source)
        name = row.name if row is not None else file_elements.name(copy.content, kind) if copy else ""
        found.append(
            FileRow(
                kind=kind,
                key=key,
                name=Drawn(name, english[row.sha256].get(PROCESS, "") if row and row.sha256 in english else ""),
                version=row.version if row else 0,
                released_at=row.released_at if row else None,
                changed_at=copy.saved_at if changed and copy else None,
                changed_by=who if changed else "",
                outdated=bool(changed and copy and row and copy.base_id != row.id),
                request_id=requests.get((kind, key), (0, ""))[0],
                request_status=requests.get((kind, key), (0, ""))[1],
                running=running.get(key, 0) if kind == "bpmn" else 0,
            )
        )
    return tuple(found)


KINDS = ("bpmn", "form", "dmn")
"""In the order of the list."""


def copy(session: Session, kind: str, key: str) -> Copy | None:
    """Return what an editor opens; None where there is no such file."""
    row = session.scalar(select(Definition).where(Definition.kind == kind, Definition.key == key, Definition.in_force))
    drawn = session.scalar(select(WorkingCopy).where(WorkingCopy.kind == kind, WorkingCopy.key == key))
    if drawn is None and row is None:
        return None
    name = row.name if row is not None else (file_elements.name(drawn.content, kind) if drawn else "") or key
    base = row.version if row is not None else 0
    if drawn is None:
        assert row is not None  # noqa: S101 -- one of the two is there
        return Copy(kind, key, name, None, 0, row.source, base)
    return Copy(kind, key, name, drawn.id, drawn.revision, drawn.content, base)


def revisions(session: Session, kind: str, key: str) -> tuple[RevisionRow, ...]:
    """Return the saves of a working copy, newest first."""
    query = (
        select(
            WorkingCopyRevision.id,
            WorkingCopyRevision.revision,
            WorkingCopyRevision.standing,
            Person.name,
            WorkingCopyRevision.at,
        )
        .join(WorkingCopy, WorkingCopy.id == WorkingCopyRevision.copy_id)
        .join(Person, Person.id == WorkingCopyRevision.by_id)
        .where(WorkingCopy.kind == kind, WorkingCopy.key == key)
        .order_by(WorkingCopyRevision.id.desc())
        .limit(MOST_REVISIONS)
    )
    return tuple(
        RevisionRow(row_id, revision, standing == "kept", who, at)
        for row_id, revision, standing, who, at in session.execute(query)
    )


def versions(session: Session, kind: str, key: str) -> tuple[VersionRow, ...]:
    """Return every version of a file, newest first."""
    rows = session.scalars(
        select(Definition).where(Definition.kind == kind, Definition.key == key).order_by(Definition.version.desc())
    ).all()
    numbers = {row.id: row.version for row in rows}
    counts: Mapping[int, int] = dict(
        session.execute(
            select(ProcessInstance.definition_id, func.count())
            .where(ProcessInstance.status.in_(RUNNING), ProcessInstance.definition_id.in_(numbers))
            .group_by(ProcessInstance.definition_id)
        ).all()
    )
    requests = {
        request.definition_id: request
        for request in session.scalars(select(ReleaseRequest).where(ReleaseRequest.definition_id.in_(numbers)))
    }
    names = _names(session, [person for row in rows for person in (row.published_by, row.released_by) if person])
    found = []
    for row in rows:
        request = requests.get(row.id)
        found.append(
            VersionRow(
                id=row.id,
                number=row.version,
                name=row.name,
                in_force=row.in_force,
                published_by=names.get(row.published_by or 0, ""),
                published_at=row.published_at,
                released_by=names.get(row.released_by or 0, ""),
                released_at=row.released_at,
                comment=row.comment,
                sha256=row.sha256,
                running=counts.get(row.id, 0),
                request_id=request.id if request else 0,
                request_status=request.status if request else "",
                decision=request.decision if request else "",
                restores=numbers.get(request.restores_id or 0, 0) if request else 0,
            )
        )
    return tuple(found)


def content_of(session: Session, kind: str, key: str, which: str) -> str | None:
    """Return one state of a file: `copy`, `force`, a version's number, or `r` and a revision's row number."""
    if which == "copy":
        drawn = copy(session, kind, key)
        return drawn.content if drawn else None
    if which.startswith("r") and which[1:].isdigit():
        return session.scalar(
            select(WorkingCopyRevision.content)
            .join(WorkingCopy, WorkingCopy.id == WorkingCopyRevision.copy_id)
            .where(WorkingCopy.kind == kind, WorkingCopy.key == key, WorkingCopyRevision.id == int(which[1:9]))
        )
    query = select(Definition.source).where(Definition.kind == kind, Definition.key == key)
    if which == "force":
        return session.scalar(query.where(Definition.in_force))
    return session.scalar(query.where(Definition.version == int(which[:9]))) if which.isdigit() else None


def _names(session: Session, people: Sequence[int]) -> Mapping[int, str]:
    return dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(set(people)))).all())
