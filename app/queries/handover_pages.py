"""交接班: whose work may be handed over to whom, what would pass, and the lists of what has passed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, cast, or_, select
from sqlalchemy.orm import Session

from app.domain import handover
from app.models.accounts import Organisation, Person
from app.models.business import DeadlineRow, Project
from app.models.documents import AuditEvent
from app.models.process import UserTask
from app.queries.inbox import Choice
from app.queries.said import Said, task_name
from app.queries.scope import Reader

ACT, RECEIVED = "hand_over", "receive_handover"
SHOWN = 50


@dataclass(frozen=True)
class Line:
    """One thing that passes on: what, of which project, until when."""

    what: str | Said
    project: str = ""
    no: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True)
class Listed:
    """What passes on, in words; empty for a reader who may not see the content of projects."""

    tasks: tuple[Line, ...] = ()
    released: tuple[Line, ...] = ()
    personal: tuple[Line, ...] = ()
    drafts: tuple[Line, ...] = ()
    projects: tuple[Line, ...] = ()
    deadlines: tuple[Line, ...] = ()
    counts: Mapping[str, int] | None = None


@dataclass(frozen=True)
class Handover:
    """One list: from whom to whom, started and received when."""

    number: int
    at: datetime
    leaving: str
    successor: str
    by: str
    organisation: str
    successor_id: int
    received_at: datetime | None = None
    listed: Listed = Listed()


def may_start(reader: Reader) -> bool:
    """Say whether the reader may hand over anybody's work."""
    return handover.may_start(reader.roles, same_organisation=True)


def people(session: Session, reader: Reader) -> tuple[Choice, ...]:
    """Return whose work she may hand over and to whom: her colleagues; everybody for the system administrator."""
    query = (
        select(Person.id, Person.name, Person.active, Organisation.short)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .order_by(Organisation.id, Person.id)
    )
    if "sys_admin" not in reader.roles:
        query = query.where(Person.organisation_id == reader.organisation_id)
    return tuple(
        Choice(str(key), f"{unit} {name}" if "sys_admin" in reader.roles else name)
        for key, name, _active, unit in session.execute(query)
    )


def listed(session: Session, ids: Mapping[str, Collection[int]], *, content: bool) -> Listed:
    """Return what these ids are in words; only how many there are for a reader without project content."""
    counts = {name: len(found) for name, found in ids.items()}
    if not content:
        return Listed(counts=counts)
    every = {key for name in ("tasks", "released", "personal", "drafts") for key in ids.get(name, ())}
    tasks = {
        task.id: Line(task_name(task.name, task.properties), project or "", no or "", task.due_at)
        for task, no, project in session.execute(
            select(UserTask, Project.no, Project.name)
            .outerjoin(Project, Project.id == UserTask.project_id)
            .where(UserTask.id.in_(every))
        )
    }
    projects = {
        key: Line(name, name, no)
        for key, no, name in session.execute(
            select(Project.id, Project.no, Project.name).where(Project.id.in_(ids.get("projects", ())))
        )
    }
    deadlines = {
        row.id: Line(row.kind, name, no, row.fires_at)
        for row, no, name in session.execute(
            select(DeadlineRow, Project.no, Project.name)
            .join(Project, Project.id == DeadlineRow.project_id)
            .where(DeadlineRow.id.in_(ids.get("deadlines", ())))
        )
    }

    def of(known: Mapping[int, Line], name: str) -> tuple[Line, ...]:
        return tuple(known[key] for key in ids.get(name, ()) if key in known)

    return Listed(
        of(tasks, "tasks"), of(tasks, "released"), of(tasks, "personal"), of(tasks, "drafts"),
        of(projects, "projects"), of(deadlines, "deadlines"), counts,
    )  # fmt: skip


def past(session: Session, reader: Reader) -> tuple[Handover, ...]:
    """Return the lists that concern the reader, newest first, without what is on them."""
    return tuple(_load(session, reader, None, limit=SHOWN))


def one(session: Session, reader: Reader, number: int) -> Handover | None:
    """Return one list that concerns the reader."""
    return next(iter(_load(session, reader, number, limit=1)), None)


def _load(session: Session, reader: Reader, number: int | None, *, limit: int) -> list[Handover]:
    query = (
        select(AuditEvent, Person, Organisation.short)
        .join(Person, cast(Person.id, String) == AuditEvent.subject_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(AuditEvent.act == ACT, AuditEvent.subject_kind == "person")
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    )
    if number is not None:
        query = query.where(AuditEvent.id == number)
    admin, head = "sys_admin" in reader.roles, any(role.endswith(handover.HEADS) for role in reader.roles)
    if not admin:
        colleagues = Person.organisation_id == reader.organisation_id
        query = query.where(colleagues if head else or_(Person.id == reader.id, colleagues))
    found = session.execute(query).all()
    names = dict(
        session.execute(
            select(Person.id, Person.name).where(
                Person.id.in_({event.actor_id for event, *_ in found} | {event.detail["to"] for event, *_ in found})
            )
        ).all()
    )
    received = dict(
        session.execute(
            select(AuditEvent.subject_id, AuditEvent.at).where(
                AuditEvent.act == RECEIVED, AuditEvent.subject_id.in_([str(event.id) for event, *_ in found])
            )
        ).all()
    )
    concerned = [
        row for row in found if admin or head or reader.id in {row[1].id, row[0].detail["to"], row[0].actor_id}
    ]
    same = {event.id: person.organisation_id == reader.organisation_id for event, person, _unit in concerned}
    return [
        Handover(
            event.id, event.at, person.name, names.get(event.detail["to"], ""), names.get(event.actor_id or 0, ""),
            unit, event.detail["to"], received.get(str(event.id)),
            listed(session, {k: v for k, v in event.detail.items() if k != "to"}, content=same[event.id])
            if number is not None
            else Listed(counts={k: len(v) for k, v in event.detail.items() if k != "to"}),
        )
        for event, person, unit in concerned
    ]  # fmt: skip
