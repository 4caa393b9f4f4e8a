"""A small office for tests of running processes: two units, a bureau, their people, and diagrams in a few lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.errors import DiagramNotExecutable
from app.models.accounts import Organisation, Person, PersonRole
from app.models.business import Project
from app.models.process import HistoryEvent, Incident, ProcessInstance, Subscription, TimerJob, UserTask
from app.services import audit, definitions, process_instances, user_tasks
from app.services.context import Actor
from app.unit_of_work import Database
from tests.unit.engine import drawing

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=clock.SHANGHAI)
"""A Monday."""

FORM = "note"
"""A form with a required text `note`, a number `amount` and a choice `again`, recorded by nobody."""


def task(element_id: str, role: str = "unit_clerk", *, form: str = FORM, extensions: str = "", inside: str = "") -> str:
    """Return a user task for a role, with a form (or none)."""
    said = f'<zeebe:assignmentDefinition candidateGroups="{role}"/>'
    said += f'<zeebe:formDefinition formId="{form}"/>' if form else ""
    return drawing.user(element_id, said + extensions, inside)


def form_source(form_id: str = FORM) -> bytes:
    """Return the form of the tests as a file."""
    fields = [
        {"type": "textfield", "id": "f1", "key": "note", "label": "说明", "validate": {"required": True}},
        {"type": "number", "id": "f2", "key": "amount", "label": "数量", "decimalDigits": 0},
        {
            "type": "radio",
            "id": "f3",
            "key": "again",
            "label": "再来一次",
            "values": [{"label": "是", "value": "yes"}, {"label": "否", "value": "no"}],
        },
    ]
    schema = {
        "type": "default",
        "id": form_id,
        "schemaVersion": 19,
        "executionPlatform": "Camunda Cloud",
        "executionPlatformVersion": "8.8.0",
        "properties": {"name": "说明"},
        "components": fields,
    }
    return json.dumps(schema, ensure_ascii=False).encode()


@dataclass
class Office:
    """A database with people in it; every act is one transaction, as at the entrances."""

    database: Database
    people: dict[str, Actor]
    units: dict[str, int]
    now: datetime = NOW

    @contextmanager
    def look(self) -> Iterator[Session]:
        """Read; the rows may be looked at afterwards."""
        with self.database.read_only() as session:
            yield session
            session.expunge_all()

    def later(self, **span: float) -> Office:
        """Move this office's clock."""
        self.now += timedelta(**span)
        return self

    def publish(self, body: str, *, process_id: str = "p_test", outside: str = "") -> int:
        """Publish a drawn process as shipped and return the id of its version."""
        source = drawing.definitions(body, process_id=process_id, outside=outside)
        with self.database.unit_of_work() as session:
            try:
                published = definitions.publish(session, source, kind="bpmn", now=self.now, by=None, shipped=True)
            except DiagramNotExecutable as refused:
                raise AssertionError([(found.code, found.message) for found in refused.findings]) from refused
            return published.definition.id

    def start(self, process_id: str = "p_test", *, project_id: int | None = None, **variables: object) -> int:
        """Start a process of the first unit as its clerk; return the instance's id."""
        with self.database.unit_of_work() as session:
            instance = process_instances.start(
                session,
                process_id,
                now=self.now,
                by=self.people["clerk"],
                variables=variables,
                project_id=project_id,
                unit_id=self.units["school"],
            )
            return instance.id

    def complete(self, element_id: str, by: str = "clerk", **answers: object) -> int:
        """Complete the oldest open task of an element; return the task's id."""
        task_id = self.task(element_id)
        self.hand_in(task_id, by, answers or {"note": "好"})
        return task_id

    def hand_in(self, task_id: int, by: str, answers: Mapping[str, object]) -> None:
        """Complete a task with these values."""
        with self.database.unit_of_work() as session:
            user_tasks.complete(session, task_id, answers, by=self.people[by], now=self.now)

    def task(self, element_id: str) -> int:
        """Return the oldest open task of an element."""
        with self.look() as session:
            return session.scalars(
                select(UserTask.id)
                .where(UserTask.element_id == element_id, UserTask.status == "open")
                .order_by(UserTask.id)
            ).first() or _none(element_id, self.open())

    def open(self, instance_id: int | None = None) -> list[str]:
        """Return the element ids of all open tasks (of one instance), in the order in which they appeared."""
        query = select(UserTask.element_id).where(UserTask.status == "open").order_by(UserTask.id)
        if instance_id is not None:
            query = query.where(UserTask.instance_id == instance_id)
        with self.look() as session:
            return list(session.scalars(query))

    def instance(self, instance_id: int) -> ProcessInstance:
        """Return an instance as it is stored."""
        with self.look() as session:
            return session.get_one(ProcessInstance, instance_id)

    def statuses(self) -> list[tuple[str, str]]:
        """Return the process and status of every instance, in order."""
        with self.look() as session:
            rows = session.execute(
                select(ProcessInstance.process_key, ProcessInstance.status).order_by(ProcessInstance.id)
            )
            return [(row[0], row[1]) for row in rows]

    def timers(self) -> list[TimerJob]:
        """Return every timer, the next one first."""
        with self.look() as session:
            return list(session.scalars(select(TimerJob).order_by(TimerJob.due_at, TimerJob.id)))

    def subscriptions(self) -> list[str]:
        """Return the names that are waited for."""
        with self.look() as session:
            return list(session.scalars(select(Subscription.name).order_by(Subscription.id)))

    def incidents(self) -> list[Incident]:
        """Return the open incidents."""
        with self.look() as session:
            return list(session.scalars(select(Incident).where(Incident.resolved_at.is_(None)).order_by(Incident.id)))

    def history(self, instance_id: int) -> list[tuple[str, str]]:
        """Return what happened in an instance: element and event."""
        with self.look() as session:
            rows = session.execute(
                select(HistoryEvent.element_id, HistoryEvent.event)
                .where(HistoryEvent.instance_id == instance_id)
                .order_by(HistoryEvent.id)
            )
            return [(row[0], row[1]) for row in rows]


def _none(element_id: str, there_are: list[str]) -> int:
    raise AssertionError(f"no open task {element_id}; there are {there_are}")


PEOPLE = (
    ("clerk", "王芳", "school", ("unit_clerk",)),
    ("colleague", "赵敏", "school", ("unit_clerk",)),
    ("head", "李强", "school", ("unit_head",)),
    ("stranger", "周平", "clinic", ("unit_clerk",)),
    ("bureau", "陈晨", "bureau", ("bur_clerk",)),
    ("chief", "孙立", "bureau", ("bur_head",)),
)


def furnish(database: Database) -> Office:
    """Enter the organisations, the people and the form."""
    audit.configure(b"key of the tests")
    with database.unit_of_work() as session:
        bodies = {
            code: Organisation(code=code, name=name, short=name, kind=kind, eligible=True)
            for code, name, kind in (
                ("school", "县教育局", "unit"),
                ("clinic", "县卫健委", "unit"),
                ("bureau", "县大数据局", "bureau"),
            )
        }
        session.add_all(bodies.values())
        session.flush()
        people = {}
        for username, name, code, roles in PEOPLE:
            person = Person(
                organisation_id=bodies[code].id,
                username=username,
                name=name,
                created_at=NOW,
                roles=[PersonRole(role=role, granted_at=NOW) for role in roles],
            )
            session.add(person)
            session.flush()
            people[username] = Actor(
                id=person.id,
                username=username,
                name=name,
                organisation_id=bodies[code].id,
                organisation_kind=bodies[code].kind,
                roles=frozenset(roles),
            )
        definitions.publish(session, form_source(), kind="form", now=NOW, by=None, shipped=True)
        units = {code: body.id for code, body in bodies.items()}
    return Office(database, people, units)


def a_project(office: Office, no: str = "XWXX-2026-T-001") -> int:
    """Enter a project of the first unit that nothing has happened to yet; return its id."""
    with office.database.unit_of_work() as session:
        project = Project(
            no=no,
            name="智慧校园",
            unit_id=office.units["school"],
            fy=2026,
            fy_entered=2026,
            path="T",
            state="PLAN_APPROVED",
            state_since=office.now,
            created_at=office.now,
        )
        session.add(project)
        session.flush()
        return project.id
