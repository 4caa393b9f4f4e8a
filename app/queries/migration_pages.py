"""Migrations of running instances as their pages show them: jobs with their progress, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.accounts import Person
from app.models.business import Project
from app.models.process import Definition, ProcessInstance
from app.models.workshop import MigrationJob, MigrationMove

MOST = 500
RUNNING = ("active", "suspended")


@dataclass(frozen=True)
class JobRow:
    """One migration and how far it has come."""

    id: int
    key: str
    name: str
    version: int
    reason: str
    by: str
    at: datetime
    ended_at: datetime | None
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many instances it is about."""
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        """How many have been looked at."""
        return self.total - self.counts.get("waiting", 0)


@dataclass(frozen=True)
class ItemRow:
    """One instance of a migration."""

    instance_id: int
    project_no: str
    from_version: int
    status: str
    reason: str
    values: Mapping[str, Any]
    at: datetime | None


@dataclass(frozen=True)
class RunningRow:
    """One running instance that could move."""

    instance_id: int
    project_no: str
    version: int
    started_at: datetime


def job(session: Session, job_id: int) -> tuple[JobRow, tuple[ItemRow, ...]] | None:
    """Return one migration with what became of each instance; None where there is none."""
    rows = jobs(session, job_id=job_id)
    if not rows:
        return None
    query = (
        select(MigrationMove, Project.no, Definition.version)
        .join(ProcessInstance, ProcessInstance.id == MigrationMove.instance_id)
        .join(Definition, Definition.id == MigrationMove.from_id)
        .outerjoin(Project, Project.id == ProcessInstance.project_id)
        .where(MigrationMove.job_id == job_id)
        .order_by(MigrationMove.status == "moved", MigrationMove.instance_id)
        .limit(MOST)
    )
    items = tuple(
        ItemRow(row.instance_id, no or "", version, row.status, row.reason, row.values or {}, row.at)
        for row, no, version in session.execute(query)
    )
    return rows[0], items


def jobs(session: Session, *, key: str = "", job_id: int | None = None) -> tuple[JobRow, ...]:
    """Return migrations, the newest first: of one process, or one by its number."""
    query = (
        select(MigrationJob, Definition, Person.name)
        .join(Definition, Definition.id == MigrationJob.definition_id)
        .outerjoin(Person, Person.id == MigrationJob.by_id)
        .order_by(MigrationJob.id.desc())
        .limit(20)
    )
    if key:
        query = query.where(Definition.key == key)
    if job_id is not None:
        query = query.where(MigrationJob.id == job_id)
    found = session.execute(query).all()
    counts: dict[int, dict[str, int]] = {}
    grouped = (
        select(MigrationMove.job_id, MigrationMove.status, func.count())
        .where(MigrationMove.job_id.in_([row.id for row, _, _ in found]))
        .group_by(MigrationMove.job_id, MigrationMove.status)
    )
    for of, status, count in session.execute(grouped):
        counts.setdefault(of, {})[status] = count
    return tuple(
        JobRow(row.id, to.key, to.name, to.version, row.reason, who or "", row.at, row.ended_at, counts.get(row.id, {}))
        for row, to, who in found
    )


def running(session: Session, instance_ids: Sequence[int]) -> tuple[RunningRow, ...]:
    """Return these instances with the number of their project, and of nothing else of it (specification §2.3)."""
    query = (
        select(ProcessInstance.id, Project.no, Definition.version, ProcessInstance.started_at)
        .join(Definition, Definition.id == ProcessInstance.definition_id)
        .outerjoin(Project, Project.id == ProcessInstance.project_id)
        .where(ProcessInstance.id.in_(instance_ids))
        .order_by(ProcessInstance.id)
    )
    return tuple(RunningRow(one, no or "", version, at) for one, no, version, at in session.execute(query))


def released(session: Session, key: str) -> tuple[tuple[int, str, bool], ...]:
    """Return the released versions of a process: number, name, whether it is in force; the newest first."""
    query = (
        select(Definition.version, Definition.name, Definition.in_force)
        .where(Definition.kind == "bpmn", Definition.key == key, Definition.released_at.is_not(None))
        .order_by(Definition.version.desc())
    )
    return tuple((version, name, in_force) for version, name, in_force in session.execute(query))
