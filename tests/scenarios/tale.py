"""A project's story told over HTTP: who does what, what the regulation refused, and what is written afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, select

from app import clock
from app.demo import answers as book_of_answers
from app.demo import case as book
from app.models import business
from app.models.accounts import Person
from app.models.documents import Notice, Submission
from app.models.process import UserTask
from tests.scenarios.desk import HttpDesk
from tests.scenarios.site import Site, at

if TYPE_CHECKING:
    from app.demo.county import Plan
    from app.queries.open_tasks import OpenTask

assert book_of_answers.__all__  # importing it fills the book

Snapshot = dict[str, Any]
SHORTCUT = "p_shortcut_"
LEFT_OUT = object()
"""A field that is not posted at all."""


@dataclass
class Tale:
    """One project on its way through the pages."""

    site: Site
    plan: Plan
    no: str = ""
    """Its number, once it has one."""
    desk: HttpDesk = field(init=False)
    notes: dict[str, Any] = field(default_factory=dict)
    visits: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.desk = HttpDesk(self.site)

    @classmethod
    def of(cls, site: Site, number: str, *, built: bool = True) -> Tale:
        """Take up a project of the demonstration county where it stands; `built` if it has a contract."""
        tale = cls(site, site.county.plan(number), number)
        if built:
            tale.remember()
        return tale

    # -- time ----------------------------------------------------------------------------------------------------------

    def go(self, day: str, hour: int = 9, minute: int = 0) -> None:
        """Let time go by until a moment of a day."""
        self.desk.move_to(at(day, hour, minute))

    def after(self, working_days: int) -> None:
        """Let working days go by."""
        day = self.site.calendar.after_working_days(clock.today(), working_days)
        self.desk.move_to(at(day, clock.now().hour, clock.now().minute))

    # -- acts ----------------------------------------------------------------------------------------------------------

    def tasks(self, key: str = "") -> list[OpenTask]:
        """Return the project's open tasks (`process.element`) without those of drawn shortcuts."""
        found = [task for task in self.desk.open(project_no=self.no) if not task.process.startswith(SHORTCUT)]
        return [task for task in found if not key or _key(task) == key]

    def open_keys(self) -> list[str]:
        """Return what is open for the project, in order, each task once."""
        return sorted({_key(task) for task in self.tasks()})

    def task(self, key: str) -> OpenTask:
        """Return the project's one open task of an element."""
        found = self.tasks(key)
        assert len(found) == 1, f"{key} is open {len(found)} times; open are {self.open_keys()}"
        return found[0]

    def does(self, username: str, key: str, **changes: Any) -> None:
        """Let a person do a task of the project with the book's answers, and `changes` to them."""
        self.hands_in(self.task(key), username, **changes)

    def hands_in(self, task: OpenTask, username: str, **changes: Any) -> None:
        """Let a person complete this task."""
        answers = self.answers(task, username) | changes
        self.desk.complete(task, username, {name: value for name, value in answers.items() if value is not LEFT_OUT})
        self.visits[_key(task)] += 1
        if task.form_id == "f03":
            self.notes["filing"] = answers

    def all_do(self, key: str, **changes: Any) -> int:
        """Let everybody whose turn it is do a task that many have; return how many."""
        found = self.tasks(key)
        for task in found:
            self.hands_in(task, self.site.staff.who(task.audiences).username, **changes)
        return len(found)

    def tells(self, *steps: tuple[str, str]) -> None:
        """Let persons do tasks in this order; each time this task is all that is open for the project."""
        for username, key in steps:
            assert self.open_keys() == [key], f"{key} is next, but open are {self.open_keys()}"
            self.does(username, key)

    def answers(self, task: OpenTask, username: str) -> dict[str, Any]:
        """Return what the book answers in a task, going by what its page shows."""
        config = self.desk.page(task, username)
        case = book.Case(
            self.site.county, self.plan, clock.today(), task, self.site.calendar,
            self.visits[_key(task)], self.notes, config["data"],
        )  # fmt: skip
        return book.answers(case)

    def starts(self, username: str, process: str) -> OpenTask:
        """Let a person start a process for the project."""
        return self.desk.start(process, username, project_no=self.no)

    def asks_for_money(self, username: str, node: str, wan: str) -> OpenTask:
        """Let a person begin an application for the payment of a node (万元)."""
        task = self.starts(username, "p11_payment")
        self.notes.setdefault("payments", {})[task.instance_id] = (node, Decimal(wan))
        return task

    def carries_over(self, fy: int, wan: float) -> None:
        """Let finance take unspent money into a year, by the process that its page offers; one 分 more is refused."""
        task = self.starts("czj.shen", "p04c_carry_over")
        unspent = self.answers(task, "czj.shen")["arranged"]
        self.is_refused("czj.shen", task, "第十二条", fy=fy, arranged=round(unspent + 0.000001, 6))
        self.hands_in(task, "czj.shen", fy=fy, arranged=wan)
        self.does("czj.niu", "p04c_carry_over.sign_line")
        self.does("czj.shen", "p04c_carry_over.record_result", fy=fy, arranged=wan)

    # -- refusals ------------------------------------------------------------------------------------------------------

    def is_refused(self, username: str, task: OpenTask, *articles: str, **changes: Any) -> str:
        """Let a person try what the regulation forbids; return what the page says.

        The page cites these articles, nothing is written but the attempt, and the task is still open.
        """
        answers = self.answers(task, username) | changes
        before, logged = self.snapshot(), self.attempts()
        answer = self.desk.post(task, username, {n: v for n, v in answers.items() if v is not LEFT_OUT})
        told = answer.get_json()
        assert answer.status_code == 422, told
        assert "why" in told, told
        for article in articles:
            assert article in told["why"], told["why"]
        assert self.snapshot() == before
        with self.site.look() as session:
            assert session.get_one(UserTask, task.id).status == "open"
        new = self.attempts()[len(logged) :]
        assert [(row["task"], row["by"]) for row in new] == [(task.id, username)]
        assert len(new[0]["gates"]) == told["count"]
        return str(told["why"])

    def attempts(self) -> list[dict[str, Any]]:
        """Return the logged attempts, oldest first."""
        query = (
            select(business.RefusedAttempt, Person.username)
            .join(Person, Person.id == business.RefusedAttempt.person_id)
            .order_by(business.RefusedAttempt.id)
        )
        with self.site.look() as session:
            return [
                {"task": row.task_id, "by": name, "form": row.form_id, "gates": [one["gate"] for one in row.refusals]}
                for row, name in session.execute(query)
            ]

    def snapshot(self) -> Snapshot:
        """Return every row of every table of the business, and the status of every task; not the log of attempts."""
        found: Snapshot = {}
        with self.site.look() as session:
            for name in business.__all__:
                table = getattr(business, name)
                if table is not business.RefusedAttempt:
                    found[name] = sorted(_row(one) for one in session.scalars(select(table)))
            found["tasks"] = [
                tuple(row) for row in session.execute(select(UserTask.id, UserTask.status).order_by(UserTask.id))
            ]
        return found

    # -- what is written -----------------------------------------------------------------------------------------------

    @property
    def project(self) -> business.Project:
        """The project as it is stored."""
        with self.site.look() as session:
            row: business.Project = session.scalars(
                select(business.Project).where(business.Project.no == self.no)
            ).one()
            session.expunge_all()
            return row

    def rows(self, table: Any, **having: Any) -> list[Any]:
        """Return the project's rows of a table, oldest first."""
        query = select(table).where(table.project_id == self.project.id).order_by(table.id)
        with self.site.look() as session:
            found = list(session.scalars(query.filter_by(**having)))
            session.expunge_all()
            return found

    def remember(self) -> None:
        """Take up a project that has come some way: what the book has noted of it, read from the tables."""
        persons = {row.id: row.username for row in self._all(Person)}
        panel = self.rows(business.PanelMember)
        self.notes["reviewers"] = [
            persons[one.person_id] for one in panel if one.purpose == "review" and not one.replaced
        ]
        designated = [persons[one.person_id] for one in panel if one.purpose == "acceptance" and not one.replaced]
        if designated:
            self.notes["designated"] = designated
        self.notes["contract_no"] = self.rows(business.Contract)[0].no
        self.notes["filing"] = self.rows(Submission, form_id="f03")[-1].answers
        self.notes["failed_once"] = any(one.conclusion == "不合格" for one in self.rows(business.AcceptanceAttempt))

    def _all(self, table: Any) -> list[Any]:
        with self.site.look() as session:
            found = list(session.scalars(select(table)))
            session.expunge_all()
            return found

    def told(self, username: str, *, like: str = "") -> list[str]:
        """Return the notices of a person about the project whose sentence holds these words, oldest first."""
        query = (
            select(Notice.message, Notice.values)
            .join(Person, Person.id == Notice.person_id)
            .where(Person.username == username, Notice.project_id == self.project.id)
            .order_by(Notice.id)
        )
        with self.site.look() as session:
            sentences = [message % values if values else message for message, values in session.execute(query)]
        return [sentence for sentence in sentences if like in sentence]

    def page(self, username: str, tab: str = "") -> str:
        """Return the project's page as a person sees it."""
        answer = self.site.as_(username).get(f"/projects/{self.no}{f'?tab={tab}' if tab else ''}")
        assert answer.status_code == 200, answer.status_code
        return answer.get_data(as_text=True)


def _key(task: OpenTask) -> str:
    return f"{task.process}.{task.element}"


def _row(one: Any) -> str:
    columns: Iterable[Any] = inspect(type(one)).columns
    return repr([getattr(one, column.key) for column in columns])
