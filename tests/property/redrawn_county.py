"""A county that works by redrawn diagrams: people take whatever task is open and hand in right and wrong answers."""

from __future__ import annotations

import shutil
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app import clock, sandbox
from app.demo import answers as book_of_answers
from app.demo import case as book
from app.demo.county import county
from app.demo.desk import Paper
from app.demo.people import Staff
from app.domain.calendar import Calendar
from app.errors import DiagramNotExecutable, InvalidAnswers, Refused
from app.feel import FeelError
from app.models.accounts import Organisation, Person
from app.models.business import Contract, ContractNode, Project
from app.models.documents import Attachment
from app.models.process import Definition, ProcessInstance
from app.queries.open_tasks import OpenTask, open_tasks
from app.services import accounts, audit, calendars, definitions, process_instances, task_forms, user_tasks, vocabulary
from app.services.context import Actor
from app.unit_of_work import Database
from tests.property.drawing import drawing_of
from tests.property.forbidden import Picture, forbidden, read
from tests.stages import AUDIT_KEY, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path
    from random import Random

    from sqlalchemy.orm import Session

    from app.engine.lint import Vocabulary
    from app.form_schema import Field, FormModel
    from tests.property.redrawing import Sheet

assert book_of_answers.__all__  # importing it fills the book
WRONG = 0.25
"""How often an answer is wrong on purpose."""
STRANGER = 0.06
"""How often somebody else than the holder tries."""
OWNER = "dsj.tao"
PATIENCE = 2
"""How often people try the same task before they leave it."""


@dataclass
class Tally:
    """What a run of redrawn diagrams came to."""

    drawn: Counter[str] = field(default_factory=Counter)
    published: Counter[str] = field(default_factory=Counter)
    """Operator → how often it was used, and how often lint let a diagram with it through."""
    acts: Counter[str] = field(default_factory=Counter)
    """recorded, refused, invalid, …"""


class Undone(Exception):
    """Raised to leave nothing behind."""


class Town:
    """A copy of each stage, to which every run returns by undoing all it did; what all stages share is kept."""

    def __init__(self) -> None:
        audit.configure(AUDIT_KEY)
        self._folder = TemporaryDirectory(prefix="redrawn-", ignore_cleanup_errors=True)
        self._databases: dict[Path, Database] = {}
        self._pictures: dict[Path, Picture] = {}
        self._words: Vocabulary | None = None
        self.staff = Staff({}, {})
        self.calendar = Calendar()

    @contextmanager
    def at(self, stage: Stage) -> Iterator[Session]:
        """Yield a session in a copy of a stage."""
        if stage.database not in self._databases:
            copy = shutil.copy(stage.database, self._folder.name)
            self._databases[stage.database] = Database(f"sqlite:///{copy}", durable=False)
        with suppress(Undone), self._databases[stage.database].unit_of_work() as session:
            if self._words is None:
                self._learn(session)
            yield session
            raise Undone

    def _learn(self, session: Session) -> None:
        units = dict(session.execute(select(Organisation.code, Organisation.id)).all())
        people = session.scalars(select(Person).where(Person.active).order_by(Person.id))
        self.staff = Staff({person.username: accounts.actor_of(session, person) for person in people}, units)
        self.calendar = calendars.current(session)
        self._words = vocabulary.current(session)

    @property
    def words(self) -> Vocabulary:
        """The words of the shipped definitions, which are the same at every stage."""
        assert self._words is not None
        return self._words

    def picture(self, session: Session, stage: Stage) -> Picture:
        """Return what the tables hold at a stage."""
        if stage.database not in self._pictures:
            self._pictures[stage.database] = read(session, now=stage.now)
        return self._pictures[stage.database]


@dataclass
class Run:
    """One redrawn diagram, put into force at one stage, and people working by it."""

    session: Session
    town: Town
    stage: Stage
    chance: Random
    tally: Tally
    now: datetime
    told: list[str] = field(default_factory=list)
    visits: Counter[str] = field(default_factory=Counter)
    stuck: Counter[int] = field(default_factory=Counter)
    """Task → how often it has been refused."""
    notes: dict[str, Any] = field(default_factory=dict)
    picture: Picture = field(init=False)

    def __post_init__(self) -> None:
        self.notes = dict(self.stage.notes)
        self.picture = self.town.picture(self.session, self.stage)

    # -- publishing ----------------------------------------------------------------------------------------------------

    def publish(self, sheet: Sheet) -> Definition | None:
        """Put a redrawn diagram into force as the process owner and the bureau's head would; None where lint refuses.

        What lint says is asked once here (its words are read once a run); `publish` would ask it again.
        """
        operators = {said.split(":", 1)[0] for said in sheet.done}
        self.tally.drawn.update(operators)
        found = sandbox.findings_of(sheet.source, "bpmn", self.town.words)
        if any(finding.severity == "error" for finding in found):
            return None
        source = sheet.source
        model = definitions.parse_process(source)
        version = self.session.scalar(
            select(func.max(Definition.version)).where(Definition.kind == "bpmn", Definition.key == model.process_id)
        )
        owner, chief = self.town.staff.actors[OWNER], self.town.staff.actors["dsj.yue"]
        definition = Definition(
            kind="bpmn", key=model.process_id, version=(version or 0) + 1, name=model.name, source=source.decode(),
            sha256=f"{self.chance.getrandbits(256):064x}", published_by=owner.id, published_at=self.now,
        )  # fmt: skip
        self.session.add(definition)
        self.session.flush()
        definitions._cache["bpmn", definition.id] = model  # a version of a run that was undone had this key
        definitions.release(self.session, definition, by=chief.id, now=self.now)
        self.tally.published.update(operators)
        return definition

    def begin(self, definition: Definition, project: Project) -> int | None:
        """Start it for the project; None where the project's people could not start it."""
        by = self.town.staff.actors[OWNER]
        variables = {"fund_type": "建设" if project.path == "T" else "购买服务", "suggested": False}
        try:
            with self.session.begin_nested():
                return process_instances.start(
                    self.session, definition.key, now=self.now, by=by, project_id=project.id, unit_id=project.unit_id,
                    variables=variables, start_event_id=_start_event(definition.key),
                ).id  # fmt: skip
        except (Refused, FeelError) as refused:
            self.told.append(f"start: {refused}")
            return None

    # -- acts ----------------------------------------------------------------------------------------------------------

    def live(self, most: int) -> None:
        """Let up to `most` things happen: somebody does a task, time goes by, a timer fires."""
        for _ in range(most):
            if self.chance.random() < 0.2:
                self.now += timedelta(days=self.chance.choice((1, 5, 20, 90, 190)))
                self.told.append(f"it is {self.now:%Y-%m-%d}")
            tasks = [
                task for task in open_tasks(self.session, project_no=self.stage.number)
                if self.stuck[task.id] < PATIENCE
            ]  # fmt: skip
            if not tasks:
                return
            redrawn = [task for task in tasks if task.instance_id > self.newest] or tasks
            self.do(self.chance.choice(redrawn if self.chance.random() < 0.85 else tasks))

    newest: int = 0
    """Instances with greater keys were started in this run."""

    def do(self, task: OpenTask) -> None:
        """Let somebody do a task; what is refused leaves nothing behind."""
        by = self._somebody(task)
        if by is None:
            self.tally.acts["nobody"] += 1
            self.stuck[task.id] += 1
            return
        try:
            with self.session.begin_nested():
                answers = self._answers(task, by)
                self.told.append(f"{by.username} {task.process}.{task.element} {task.form_id} {_short(answers)}")
                user_tasks.complete(self.session, task.id, answers, by=by, now=self.now)
            self.visits[f"{task.process}.{task.element}"] += 1
        except InvalidAnswers as refused:
            self._refused("invalid", refused)
        except Refused as refused:
            self._refused("refused", refused)
        except FeelError as refused:
            self._refused("expression", refused)
        except IntegrityError as refused:
            self._refused("database", refused)
        except DiagramNotExecutable as refused:
            self._refused("diagram", refused)
        else:
            self.tally.acts["recorded"] += 1
            self.told.append("    recorded")
            self.look()
            return
        self.stuck[task.id] += 1

    def _refused(self, how: str, why: Exception) -> None:
        self.tally.acts[how] += 1
        said = getattr(why, "errors", None) or getattr(why, "refusals", None) or str(why)
        self.told.append(f"    {how}: {str(said)[:300]}")

    def _somebody(self, task: OpenTask) -> Actor | None:
        if self.chance.random() < STRANGER:
            return self.chance.choice(list(self.town.staff.actors.values()))
        try:
            return self.town.staff.who(task.audiences)
        except LookupError:
            return None

    def look(self) -> None:
        """Compare the tables with what they were; raise AssertionError with the story where the law is broken."""
        picture = read(self.session, now=self.now)
        found = forbidden(self.picture, picture)
        self.picture = picture
        assert not found, self.story(found)

    def story(self, found: list[str]) -> str:
        """Return what is forbidden, and what led there."""
        stage = self.stage
        return "\n".join([f"{stage.number} in {stage.state}:", *found, "", *self.told])

    # -- answers -------------------------------------------------------------------------------------------------------

    def _answers(self, task: OpenTask, by: Actor) -> dict[str, Any]:
        try:
            case = book.Case(
                county(), _plan(self.stage.number), self.now.date(), task, self.town.calendar,
                self.visits[f"{task.process}.{task.element}"], self.notes, self._shown(task, by),
            )  # fmt: skip
            found = book.answers(case)
        except (LookupError, StopIteration, KeyError, ValueError, TypeError, AttributeError):
            found = {}
        form = self._form(task)
        if form is not None and (not found or self.chance.random() < WRONG):
            found = self._spoilt(form, dict(found))
        return {key: self._handed_in(value, task, by) for key, value in found.items()}

    def _form(self, task: OpenTask) -> FormModel | None:
        definition = definitions.in_force(self.session, "form", task.form_id)
        return definitions.form_model(self.session, definition.id) if definition is not None else None

    def _shown(self, task: OpenTask, by: Actor) -> Mapping[str, Any]:
        """Return what the page of the few forms shows whose answers are chosen from it."""
        if task.form_id == "f18":
            self._asks_for_money(task)
        if task.form_id not in {"f02", "f12", "f18"}:
            return {}
        content = task_forms.open_content(self.session, task.id, by=by, now=self.now, language="zh")
        return dict(content.form.data) if content.form is not None else {}

    def _asks_for_money(self, task: OpenTask) -> None:
        nodes = self.session.execute(
            select(ContractNode.name, ContractNode.amount_fen)
            .join(Contract, Contract.id == ContractNode.contract_id)
            .where(Contract.project_id == task.project_id)
        ).all()
        if nodes:
            name, fen = self.chance.choice(nodes)
            share = self.chance.choice((1, 1, 1, 2, Decimal("0.5")))
            self.notes.setdefault("payments", {})[task.instance_id] = (name, Decimal(fen) / 1_000_000 * share)

    def _spoilt(self, form: FormModel, found: dict[str, Any]) -> dict[str, Any]:
        fields = [item for item in form.answers() if item.key]
        for item in self.chance.sample(fields, min(len(fields), self.chance.randint(1, 2))):
            found[item.key] = self._wrong(item, found.get(item.key))
        return found

    def _wrong(self, item: Field, value: Any) -> Any:
        offered = [str(one["value"]) for one in item.component.get("values", [])]
        wrong: Mapping[str, Callable[[], Any]] = {
            "number": lambda: self._amount(value),
            "radio": lambda: self.chance.choice(offered) if offered else value,
            "select": lambda: self.chance.choice(offered) if offered else value,
            "checkbox": lambda: not value,
            "datetime": lambda: self._day(value),
            "dynamiclist": lambda: self._rows(value),
        }
        return wrong.get(item.type, lambda: self.chance.choice((value, None, "另行说明")))()

    def _amount(self, value: Any) -> Any:
        if not isinstance(value, (int, float)):
            return self.chance.choice((0, 1, 60, 100))
        return self.chance.choice((0, -value, round(value * 1.1, 2), round(value / 2, 2), value * 10))

    def _day(self, value: Any) -> Any:
        try:
            day = date.fromisoformat(str(value)[:10])
        except ValueError:
            day = self.now.date()
        moved = day + timedelta(days=self.chance.choice((-400, -30, -1, 1, 30, 400)))
        return moved.isoformat() + str(value)[10:] if value else moved.isoformat()

    def _rows(self, value: Any) -> Any:
        rows: Sequence[Any] = value if isinstance(value, list) else []
        if not rows:
            return value
        shorter = [row for row in rows if self.chance.random() < 0.6]
        keys = [key for key, one in rows[0].items() if isinstance(one, (int, float)) and not isinstance(one, bool)]
        changed = [{**row, **{key: self._amount(row.get(key)) for key in keys[:1]}} for row in rows]
        return self.chance.choice((shorter, changed))

    def _handed_in(self, value: Any, task: OpenTask, by: Actor) -> Any:
        if isinstance(value, Paper):
            return [self._paper(task, by)]
        if isinstance(value, list):
            return [self._handed_in(one, task, by) for one in value]
        if isinstance(value, dict):
            return {key: self._handed_in(one, task, by) for key, one in value.items()}
        return value

    def _paper(self, task: OpenTask, by: Actor) -> str:
        name = f"{self.chance.getrandbits(128):032x}"
        self.session.add(
            Attachment(
                id=name, sha256="0" * 64, name="材料.pdf", media_type="application/pdf", size=1, task_id=task.id,
                project_id=task.project_id, uploaded_by=by.id, uploaded_at=self.now,
            )
        )  # fmt: skip
        self.session.flush()
        return name


def _start_event(process_id: str) -> str | None:
    drawing = drawing_of(process_id)
    return None if drawing.plain_start else drawing.starts[0]


@cache
def _plan(number: str) -> Any:
    return county().plan(number)


def _short(answers: Mapping[str, Any]) -> str:
    plain = {key: value for key, value in answers.items() if not isinstance(value, (list, dict)) and value is not None}
    return str({key: str(value)[:24] for key, value in plain.items()})[:400]


def run(town: Town, stage: Stage, sheet: Sheet, *, chance: Random, tally: Tally, most: int) -> list[str]:
    """Put a redrawn diagram into force at a stage, let people work by it, undo it all; return what was told.

    Raises AssertionError with the story where a forbidden fact was written.
    """
    with clock.frozen(stage.now), town.at(stage) as session:
        life = Run(session, town, stage, chance, tally, stage.now)
        definition = life.publish(sheet)
        if definition is None:
            return life.told
        life.newest = session.scalar(select(func.max(ProcessInstance.id))) or 0
        project = session.scalars(select(Project).where(Project.no == stage.number)).one()
        life.told.extend(sheet.done)
        if life.begin(definition, project) is not None:
            life.look()
        life.live(most)
        return life.told
    return []
