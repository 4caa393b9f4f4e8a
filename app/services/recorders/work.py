"""What a recorder works with: the answers, the project with its facts, and the few acts that all recorders share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, TypeVar, cast

from sqlalchemy import select

from app.domain import conflicts, gates, numbers, service_years, substitution
from app.domain.deadline_kinds import KINDS
from app.domain.invalid_value import InvalidValue
from app.domain.refusals import Link, Refusal, distinct
from app.domain.states import LABELS, IllegalTransition, State, allows
from app.errors import NotFound, RegulationViolation
from app.models.accounts import Person
from app.models.base import Base
from app.models.business import Project
from app.services import authors, ledger, parameters, project_states, serials
from app.services import facts as fact_service

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from app.domain.acts import Act
    from app.domain.facts import ProjectFacts
    from app.domain.periods import Length
    from app.models.accounts import Organisation
    from app.models.business import DeadlineRow
    from app.services.authors import Place
    from app.services.context import Actor, Recorded, StepContext
    from app.services.fact_rows import Rows

Table = TypeVar("Table", bound=Base)


@dataclass
class Work:
    """One form being recorded for one project."""

    context: StepContext
    recorded: Recorded
    _loaded: fact_service.Loaded | None = field(default=None, init=False)

    @property
    def session(self) -> Session:
        """The session of the step."""
        return self.context.session

    @property
    def today(self) -> date:
        """The day of the step."""
        return self.context.today

    @property
    def by(self) -> Actor:
        """The acting person. A form is never recorded without one."""
        if self.context.by is None:
            raise RuntimeError("a form is recorded by a person")
        return self.context.by

    @property
    def loaded(self) -> fact_service.Loaded:
        """The project with its facts as they stood before this form."""
        if self._loaded is None:
            self._loaded = fact_service.load(self.session, self.project_id, now=self.context.now)
        return self._loaded

    @property
    def has_project(self) -> bool:
        """Whether the form was recorded for a project (a call, a batch and a legacy system have none)."""
        return self._loaded is not None

    @property
    def project_id(self) -> int:
        """The project of the task: its own where it works on one of many (P-01), else that of the instance."""
        task = self.context.task
        number = (task.inputs.get("project_no") if task is not None else None) or self.context.variables.get(
            "project_no"
        )
        if isinstance(number, str) and number:
            found = self.session.scalar(select(Project.id).where(Project.no == number))
        else:
            found = self.context.project_id
        if found is None:
            raise NotFound("这项任务没有对应的项目。")
        return found

    def bound_project(self) -> Project | None:
        """Return the project's row without reading its facts; None where the form has no project (yet)."""
        try:
            return self.session.get(Project, self.project_id)
        except NotFound:
            return None

    @property
    def project(self) -> Project:
        """The project's row."""
        return self.loaded.project

    @property
    def unit(self) -> Organisation:
        """The project unit."""
        return self.loaded.unit

    @property
    def facts(self) -> ProjectFacts:
        """The facts before this form."""
        return self.loaded.facts

    @property
    def rows(self) -> Rows:
        """The rows behind the facts."""
        return self.loaded.rows

    @property
    def state(self) -> State:
        """The project's state."""
        return State(self.project.state)

    def reload(self) -> ProjectFacts:
        """Read the facts again, with what this form has written so far."""
        self.session.flush()
        self._loaded = None
        return self.facts

    # -- answers ---------------------------------------------------------------------------------------------------

    def text(self, key: str) -> str:
        """Return a text or choice; empty where it is not answered."""
        value = self.recorded.answers.get(key)
        return "" if value is None else str(value).strip()

    def fen(self, key: str) -> int:
        """Return an amount in whole 分; 0 where it is not answered."""
        value = self.recorded.answers.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else 0

    def number(self, key: str, default: int = 0) -> int:
        """Return a whole number; choices of numbers may come as text."""
        value = self.recorded.answers.get(key)
        return default if value is None or value == "" else int(str(value).split(".", 1)[0])

    def day(self, key: str) -> date | None:
        """Return a date; None where it is not answered."""
        value = self.recorded.answers.get(key)
        return value if isinstance(value, date) else None

    def flag(self, key: str) -> bool:
        """Return a yes or no; False where it is not answered."""
        return self.recorded.answers.get(key) is True

    def given(self, key: str) -> bool:
        """Whether a field, list or attachment is answered with something."""
        return bool(self.recorded.answers.get(key))

    def items(self, key: str) -> list[Mapping[str, object]]:
        """Return the rows of a list; none where it is not answered."""
        value = self.recorded.answers.get(key)
        return [cast("Mapping[str, object]", row) for row in value] if isinstance(value, (list, tuple)) else []

    # -- judging ---------------------------------------------------------------------------------------------------

    def ask(self, act: Act, facts: ProjectFacts | None = None) -> None:
        """Ask every gate and hold of the act's form; raise RegulationViolation with all refusals at once."""
        self.demand(gates.check_form(facts or self.facts, act))

    def demand(self, refusals: Iterable[Refusal]) -> None:
        """Raise RegulationViolation if there is any refusal."""
        found = distinct(refusals)
        if found:
            raise RegulationViolation(found)

    def other_than(self, prepared_by: str) -> None:
        """Demand that the acting person is not the one who prepared what she signs (COI-09, specification §2.5).

        Where a substitute acted, both count: who did the step and for whom.
        """
        self.demand(conflicts.four_eyes(prepared_by, self.by.username))
        acting = {self.by.username, *self._absent()}
        if prepared_by:
            prepared = {prepared_by, *authors.absent(self.session, prepared_by, **self._place())}
            self.demand(substitution.four_eyes(prepared, acting))

    def _absent(self) -> tuple[str, ...]:
        """Return the username of the one for whom a substitute acts here."""
        absent = self.context.on_behalf_of
        return () if absent is None else (self.session.get_one(Person, absent.person_id).username,)

    def _place(self) -> Place:
        project = self.bound_project()
        signed = self.recorded.properties.get("signs", "")
        return {"form_id": signed, "project_id": project.id if project else None,
                "instance_id": self.context.instance.id}  # fmt: skip

    # -- writing ---------------------------------------------------------------------------------------------------

    def add(self, row: Table) -> Table:
        """Write a row and return it with its key."""
        self.session.add(row)
        self.session.flush()
        return row

    def advance(self, event: str) -> None:
        """Move the project's state; raise RegulationViolation where the event cannot happen."""
        try:
            project_states.move(self.session, self.project, event, now=self.context.now)
        except IllegalTransition as illegal:
            raise RegulationViolation([wrong_state(illegal.state)]) from illegal

    def advance_first_year(self, event: str) -> None:
        """Move the project's state but for a later service year: what is purchased runs on meanwhile (§3.1) [C]."""
        if not service_years.later_year(self.facts):
            self.advance(event)

    def advance_if_possible(self, event: str) -> None:
        """Move the project's state where the event can happen, else leave it (money of later years moves no state)."""
        if allows(self.state, event):
            self.advance(event)

    def deadline(
        self,
        kind: str,
        start: date,
        *,
        subject: str = "",
        length: Length | None = None,
        until: date | None = None,
    ) -> DeadlineRow:
        """Enter a deadline of the project into the ledger; one that runs from the same day already stays as it is.

        Refuses a limit that is too long, or that is over on the day when it would begin (a paper signed too late).
        """
        row = ledger.find(self.session, kind, project_id=self.project.id, subject=subject)
        if row is not None and row.start == start and row.status == "open":
            return row
        try:
            row = ledger.enter(
                self.session, kind, start,
                project_id=self.project.id, now=self.context.now, subject=subject, length=length, until=until,
            )  # fmt: skip
        except InvalidValue as wrong:
            raise RegulationViolation((self._wrong_limit(kind, wrong),)) from None
        self.context.deadlines_moved(self.project.id)
        return row

    def _wrong_limit(self, kind: str, wrong: InvalidValue) -> Refusal:
        article = KINDS[kind].article
        return Refusal(
            gate="STATE",
            articles=(article.number,) if article is not None else (),
            message=wrong.message,
            remedy="退回填报的人，改正期限后重新签批。",
            link=Link("deadline", kind),
            values=wrong.values,
        )

    def met(self, kind: str, subject: str = "") -> None:
        """Say that what a deadline asks for has been done."""
        ledger.meet(self.session, kind, project_id=self.project.id, now=self.context.now, subject=subject)
        self.context.deadlines_moved(self.project.id)

    def document(self, kind: str) -> str:
        """Take the next official number of a kind of paper; it is given out at signing, inside this transaction."""
        serial = serials.take(self.session, kind, self.today.year)
        codes = numbers.document_codes(parameters.current(self.session, self.today))
        return str(numbers.document_number(kind, self.today.year, serial, codes=codes))

    def person(self, name: object) -> Person:
        """Return the person whom a choice names by username or key; raise NotFound."""
        text = str(name)
        query = select(Person).where(Person.id == int(text) if text.isdecimal() else Person.username == text)
        found = self.session.scalar(query)
        if found is None:
            raise NotFound("没有“%(name)s”这个人。", name=text)
        return found

    def author(self, form_id: str) -> str:
        """Return the username of who filled in the newest submission of a form for this project.

        Empty if nobody did.
        """
        found = authors.newest(
            self.session, form_id, project_id=self.project.id, instance_id=self.context.instance.id,
            but=self.recorded.submission_id,
        )  # fmt: skip
        return self.session.get_one(Person, found).username if found is not None else ""

    def newest(self, table: type[Table], **where: object) -> Table | None:
        """Return the newest row of a table of this project that matches."""
        query = select(table).filter_by(project_id=self.project.id, **where)
        return self.session.scalar(query.order_by(table.__table__.c.id.desc()).limit(1))


def wrong_state(state: State) -> Refusal:
    """Return the refusal of a step that the project's state does not allow."""
    return Refusal(
        gate="STATE",
        articles=(15,),
        message="项目现处于“%(state)s”，不能办理这一步。",
        remedy="按流程先办理前面的事项。",
        holder_role="unit_lead",
        link=Link("project"),
        values={"state": LABELS[state].zh},
    )


def missing_step(message: str, *, form: str, article: int = 15, holder: str = "unit_lead") -> Refusal:
    """Return the refusal of a form that has nothing to stand on yet."""
    return Refusal(
        gate="STATE",
        articles=(article,),
        message=message,
        remedy="先办理前一步。",
        holder_role=holder,
        link=Link("form", form),
    )
