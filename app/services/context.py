"""Who acts, when, in which instance: what a recorder and an operation may know and ask of the step they belong to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.domain.substitution import StandIn
from app.engine.step import Thrown, Variables
from app.models.process import ProcessInstance, UserTask


@dataclass(frozen=True)
class Actor:
    """The person who acts, as her session knows her."""

    id: int
    username: str
    name: str
    organisation_id: int
    organisation_kind: str
    roles: frozenset[str]
    language: str = "zh"
    stands_in_for: tuple[StandIn, ...] = ()
    """For whom she acts today besides, in her own name (代理)."""


@dataclass
class StepContext:
    """One step of one instance, inside one transaction.

    A recorder or operation reads the moment from here, never from the clock, and leaves here what has to happen
    besides its own rows: messages to throw, deadlines that moved, the project that it created.
    """

    session: Session
    now: datetime
    """The moment of the step, aware, Asia/Shanghai."""
    instance: ProcessInstance
    by: Actor | None
    """The acting person; None for a timer or a message."""
    variables: Variables = field(default_factory=dict)
    task: UserTask | None = None
    on_behalf_of: StandIn | None = None
    """For whom the acting person stands in here, if she does."""
    thrown: list[Thrown] = field(default_factory=list)
    moved_projects: set[int] = field(default_factory=set)
    """Projects whose deadline ledger changed: their waiting timers are evaluated again in this transaction."""

    @property
    def today(self) -> date:
        """The day of the step in Asia/Shanghai."""
        return self.now.date()

    @property
    def project_id(self) -> int | None:
        """The project to which the instance belongs, if any."""
        return self.instance.project_id

    def bind_project(self, project_id: int) -> None:
        """Say that the instance now works on this project (F-02 creates it)."""
        self.instance.project_id = project_id
        if self.task is not None:
            self.task.project_id = project_id

    def throw(self, name: str, correlation_key: str, payload: Mapping[str, object] | None = None) -> None:
        """Throw a BPMN message once this step is done; within the family at once, to others after the commit."""
        self.thrown.append(Thrown("message", name, correlation_key, dict(payload or {}), element_id=""))

    def deadlines_moved(self, project_id: int) -> None:
        """Have every waiting timer of the project read the ledger again."""
        self.moved_projects.add(project_id)


@dataclass(frozen=True)
class Recorded:
    """What a form recorded: the typed answers by field key, in the task of `context`."""

    form_id: str
    answers: Mapping[str, object]
    submission_id: int
    properties: Mapping[str, str] = field(default_factory=dict)
    """The zeebe:properties of the task, for instance `signs` = "f06"."""
