"""Releases as their pages show them: the list, and one version with its talk and what it touches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.accounts import Person
from app.models.process import Definition, ProcessInstance
from app.models.workshop import ReleaseRemark, ReleaseRequest

RUNNING = ("active", "suspended")
MOST = 200


@dataclass(frozen=True)
class RequestRow:
    """One version that was laid before a second person."""

    id: int
    kind: str
    key: str
    name: str
    version: int
    status: str
    reason: str
    requested_by: str
    requested_at: datetime
    decided_by: str
    decided_at: datetime | None
    decision: str
    effective_at: datetime | None
    restores: int
    """The number of the former version that it puts back; 0 for none."""


@dataclass(frozen=True)
class RemarkRow:
    """A question or answer on an element."""

    element_id: str
    words: str
    by: str
    by_id: int
    at: datetime


@dataclass(frozen=True)
class ReleasePage:
    """One request with both states of its file."""

    row: RequestRow
    requested_by_id: int
    former: int
    """The number of the version in force when it was asked for; 0 for none."""
    before: str
    after: str
    remarks: tuple[RemarkRow, ...]
    running: int
    """Instances that run on the process now, whatever version."""
    running_former: int
    """Of these, on the version that it replaces."""


def requests(session: Session, *, waiting_only: bool = False) -> tuple[RequestRow, ...]:
    """Return the requests, those that wait first, then the newest."""
    query = (
        select(ReleaseRequest, Definition)
        .join(Definition, Definition.id == ReleaseRequest.definition_id)
        .order_by(ReleaseRequest.status != "open", ReleaseRequest.status != "approved", ReleaseRequest.id.desc())
        .limit(MOST)
    )
    if waiting_only:
        query = query.where(ReleaseRequest.status.in_(("open", "approved")))
    found = session.execute(query).all()
    people = _people(session, [request for request, _ in found])
    numbers = _numbers(session, [request.restores_id for request, _ in found if request.restores_id])
    return tuple(_row(request, row, people, numbers) for request, row in found)


def page(session: Session, request_id: int) -> ReleasePage | None:
    """Return one request with its files, its talk and what it touches."""
    request = session.get(ReleaseRequest, request_id)
    if request is None:
        return None
    row = session.get_one(Definition, request.definition_id)
    former = session.get(Definition, request.former_id) if request.former_id else None
    people = _people(session, [request])
    numbers = _numbers(session, [request.restores_id] if request.restores_id else [])
    counts: Mapping[int, int] = dict(
        session.execute(
            select(ProcessInstance.definition_id, func.count())
            .where(ProcessInstance.process_key == row.key, ProcessInstance.status.in_(RUNNING))
            .group_by(ProcessInstance.definition_id)
        ).all()
    )
    of_process = counts if row.kind == "bpmn" else {}
    return ReleasePage(
        row=_row(request, row, people, numbers),
        requested_by_id=request.requested_by,
        former=former.version if former else 0,
        before=former.source if former else "",
        after=row.source,
        remarks=_remarks(session, request.id),
        running=sum(of_process.values()),
        running_former=of_process.get(request.former_id or 0, 0),
    )


def waiting(session: Session, kind: str, key: str) -> ReleasePage | None:
    """Return the request of a file that is not decided or not in force yet; None where there is none."""
    found = session.scalar(
        select(ReleaseRequest.id)
        .join(Definition, Definition.id == ReleaseRequest.definition_id)
        .where(Definition.kind == kind, Definition.key == key, ReleaseRequest.status.in_(("open", "approved")))
    )
    return page(session, found) if found else None


def _remarks(session: Session, request_id: int) -> tuple[RemarkRow, ...]:
    query = (
        select(ReleaseRemark, Person.name)
        .join(Person, Person.id == ReleaseRemark.by_id)
        .where(ReleaseRemark.request_id == request_id)
        .order_by(ReleaseRemark.id)
    )
    return tuple(RemarkRow(row.element_id, row.words, who, row.by_id, row.at) for row, who in session.execute(query))


def _row(request: ReleaseRequest, row: Definition, people: Mapping[int, str], numbers: Mapping[int, int]) -> RequestRow:
    return RequestRow(
        id=request.id,
        kind=row.kind,
        key=row.key,
        name=row.name,
        version=row.version,
        status=request.status,
        reason=request.reason,
        requested_by=people.get(request.requested_by, ""),
        requested_at=request.requested_at,
        decided_by=people.get(request.decided_by or 0, ""),
        decided_at=request.decided_at,
        decision=request.decision,
        effective_at=request.effective_at,
        restores=numbers.get(request.restores_id or 0, 0),
    )


def _people(session: Session, found: list[ReleaseRequest]) -> Mapping[int, str]:
    wanted = {person for one in found for person in (one.requested_by, one.decided_by) if person}
    return dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted))).all())


def _numbers(session: Session, wanted: list[int]) -> Mapping[int, int]:
    return dict(session.execute(select(Definition.id, Definition.version).where(Definition.id.in_(wanted))).all())
