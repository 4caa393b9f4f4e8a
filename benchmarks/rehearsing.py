"""(rehearsal) A redrawn process played on five hundred ended instances, told case by case as the page tells it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app import clock, unit_of_work
from app.models.process import ProcessInstance, UserTask
from app.queries import rehearsal
from app.services import user_tasks
from benchmarks import diagrams
from benchmarks.figures import Figure, timed
from benchmarks.installation import ANSWERS, RETURNED, Installation, start

INSTANCES = 500
ROUNDS = 10
MOST_SECONDS = 60


def figures(folder: Path) -> list[Figure]:
    """(rehearsal) Play five hundred instances of ten rounds each on a drawing with one step more and on the former."""
    installation = Installation(folder / "rehearsal")
    clerk = installation.begin()
    with unit_of_work.unit_of_work() as session:
        instance_id = start(session, diagrams.LOOP, clerk)
    for answers in [RETURNED] * (ROUNDS - 1) + [ANSWERS]:
        with unit_of_work.unit_of_work() as session:
            task = session.scalars(select(UserTask).where(UserTask.status == "open")).one()
            user_tasks.complete(session, task.id, answers, by=clerk, now=clock.now())
    with unit_of_work.unit_of_work() as session:
        _copy(session, instance_id, INSTANCES - 1)
    drawn = diagrams.loop(checked=True)
    drawings = [drawn, diagrams.loop()]
    cases: list[rehearsal.Case] = []

    def play() -> None:
        with unit_of_work.read_only() as session:
            year = rehearsal.years(session, diagrams.LOOP)[0]
            done, _before = rehearsal.rehearse(session, drawings, diagrams.LOOP, year=year, now=clock.now())
            cases.extend(done.cases)

    seconds = timed(play)
    if len(cases) != INSTANCES or {(len(case.new), case.wanted) for case in cases} != {(ROUNDS, "")}:
        raise RuntimeError("the rehearsal did not see the instances, or not the new step in each round")
    return [Figure(f"rehearsal  {INSTANCES} instances of {ROUNDS} rounds each", seconds, "s", MOST_SECONDS)]


def _copy(session: Session, instance_id: int, copies: int) -> None:
    """Copy an ended instance with its tasks and what was submitted; names of tables and columns are our own."""
    first, last = session.execute(select(func.min(UserTask.id), func.max(UserTask.id))).one()
    base = session.scalar(select(func.max(ProcessInstance.id)))
    wanted = {"copies": copies, "id": instance_id, "base": base, "span": last - first + 1}
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :copies)"
    for table, ids in (
        ("process_instance", {"id": ":base + i"}),
        ("user_task", {"id": "o.id + i * :span", "instance_id": ":base + i"}),
        ("submission", {"id": "NULL", "task_id": "o.task_id + i * :span", "instance_id": ":base + i"}),
    ):
        columns = [row[1] for row in session.execute(text(f"PRAGMA table_info({table})"))]
        values = ", ".join(ids.get(column, f"o.{column}") for column in columns)
        key = "id" if table == "process_instance" else "instance_id"
        copy = f"{numbers} INSERT INTO {table} SELECT {values} FROM n, {table} o WHERE o.{key} = :id"  # noqa: S608
        session.execute(text(copy), wanted)
    session.execute(text("ANALYZE"))
