"""What a unit reads before it takes a project back: whether it may, what would end, who would be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain import withdrawal
from app.domain.refusals import Refusal
from app.domain.states import State
from app.models.accounts import Person, PersonRole
from app.models.business import DeadlineRow
from app.models.process import UserTask
from app.queries.project_files import concerns, find
from app.queries.said import Said, task_name
from app.queries.scope import Reader

HEAD = "unit_head"


@dataclass(frozen=True)
class EndingTask:
    """An open task that would end, and the role that holds it; never whose name, who may still have to be unknown."""

    name: str | Said
    role: str


@dataclass(frozen=True)
class WithdrawalPage:
    """All that the page shows."""

    no: str
    name: str
    state: str
    since: datetime
    refusals: tuple[Refusal, ...]
    may_decide: bool
    heads: tuple[str, ...]
    """Names of those who may decide, for a reader who may not."""
    tasks: tuple[EndingTask, ...]
    deadlines: int
    """How many deadlines would no longer be waited for."""


def load(session: Session, reader: Reader, no: str) -> WithdrawalPage | None:
    """Return the page, or None for whoever does not work for the project's unit."""
    project = find(session, reader, no)
    if project is None or not concerns(reader, project.unit_id):
        return None
    heads = (
        select(Person.name)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(PersonRole.role == HEAD, Person.active, Person.organisation_id == project.unit_id)
        .order_by(Person.id)
    )
    open_tasks = (
        select(UserTask)
        .where(UserTask.project_id == project.id, UserTask.status == "open")
        .order_by(UserTask.due_at, UserTask.id)
    )
    waited = select(func.count()).where(DeadlineRow.project_id == project.id, DeadlineRow.status == "open")
    return WithdrawalPage(
        no=project.no,
        name=project.name,
        state=project.state,
        since=project.state_since,
        refusals=withdrawal.refusals(State(project.state)),
        may_decide=HEAD in reader.roles,
        heads=tuple(session.scalars(heads)),
        tasks=tuple(
            EndingTask(task_name(task.name, task.properties), (task.roles.split() or [""])[0])
            for task in session.scalars(open_tasks)
        ),
        deadlines=int(session.scalar(waited) or 0),
    )
