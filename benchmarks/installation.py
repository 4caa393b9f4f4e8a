"""An installation for measuring: a folder with a database, one clerk, the processes, as many instances as asked."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from app import clock, migrations, unit_of_work, wire
from app.services import accounts, definitions, process_instances
from app.services.context import Actor
from app.settings import Settings
from benchmarks import diagrams

USERNAME = "clerk"
PASSWORD = "Zhu-lin 7 feng qing"  # noqa: S105 -- of a database that is thrown away
ANSWERS = {"note": "已办", "amount": 3, "again": "no"}
RETURNED = {**ANSWERS, "again": "yes"}


@dataclass(frozen=True)
class Installation:
    """One database in a folder of its own."""

    folder: Path

    @property
    def settings(self) -> Settings:
        """The settings of a real installation with SQLite."""
        return Settings(
            instance=self.folder,
            database_url=f"sqlite:///{self.folder / 'xiuwu.sqlite3'}",
            secret_key=secrets.token_urlsafe(32),
            demonstration=False,
            scheduler_inside=False,
        )

    def connect(self) -> None:
        """Turn this process to the installation."""
        definitions.forget_parsed()
        wire(self.settings)

    def begin(self) -> Actor:
        """Make the tables, the clerk and the processes; return the clerk."""
        self.folder.mkdir(parents=True)
        self.connect()
        migrations.upgrade()
        now = clock.now()
        with unit_of_work.unit_of_work() as session:
            unit = accounts.create_organisation(
                session, "edu", "县教育局", short="县教育局", kind="unit", eligible=True, by=None, now=now
            )
            person = accounts.create_person(
                session,
                USERNAME,
                "王芳",
                organisation_id=unit.id,
                roles=("unit_clerk",),
                password=PASSWORD,
                must_change=False,
                by=None,
                now=now,
            )
            for kind, source in (
                ("form", diagrams.form()),
                ("bpmn", diagrams.three_tasks()),
                ("bpmn", diagrams.loop()),
                ("bpmn", diagrams.timed()),
            ):
                definitions.publish(session, source, kind=kind, now=now, by=None, shipped=True)
            return accounts.actor_of(session, person)


def start(session: Session, process_id: str, by: Actor) -> int:
    """Start a process of the clerk's unit; return the instance's id."""
    instance = process_instances.start(
        session, process_id, now=clock.now(), by=by, variables={}, unit_id=by.organisation_id
    )
    return instance.id


def multiply(session: Session, instance_id: int, copies: int) -> None:
    """Copy an instance with all its rows: what ten thousand starts would leave behind, in a second.

    Each copy has its own open task, audience, timer and history; the state is the same text. Table and column names
    are our own, so that no statement here can be injected into.
    """
    base = session.scalar(text("SELECT max(id) FROM process_instance")) or 0
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :copies)"
    tasks = session.scalar(text("SELECT max(id) FROM user_task")) or 0
    wanted = {"copies": copies, "id": instance_id, "base": base, "tasks": tasks}
    for table, ids in (
        ("process_instance", {"id": ":base + i"}),
        ("user_task", {"id": ":tasks + i", "instance_id": ":base + i"}),
        ("timer_job", {"id": "NULL", "instance_id": ":base + i"}),
        ("history_event", {"id": "NULL", "instance_id": ":base + i"}),
    ):
        columns = [row[1] for row in session.execute(text(f"PRAGMA table_info({table})"))]
        values = ", ".join(ids.get(column, f"o.{column}") for column in columns)
        key = "id" if table == "process_instance" else "instance_id"
        copy = f"{numbers} INSERT INTO {table} SELECT {values} FROM n, {table} o WHERE o.{key} = :id"  # noqa: S608
        session.execute(text(copy), wanted)
    session.execute(
        text(
            f"{numbers} INSERT INTO task_audience SELECT :tasks + i, a.audience, a.due_at FROM n, task_audience a"  # noqa: S608
            " JOIN user_task t ON t.id = a.task_id WHERE t.instance_id = :id"
        ),
        wanted,
    )
