"""(heat) The heat map of a process over 100,000 rows of history."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app import clock, unit_of_work
from app.models.process import HistoryEvent, UserTask
from app.queries import following
from app.queries.following import Asked
from app.services import user_tasks
from benchmarks import diagrams
from benchmarks.figures import Figure, interleaved, timed
from benchmarks.installation import ANSWERS, Installation, start

ROWS = 100_000
LOOKS = 9
MOST = 300


def heat_map(folder: Path) -> list[Figure]:
    """(heat) Gather the figures of every step over many ended instances."""
    installation = Installation(folder / "heat")
    clerk = installation.begin()
    with unit_of_work.unit_of_work() as session:
        instance_id = start(session, diagrams.THREE_TASKS, clerk)
    for _ in range(3):
        with unit_of_work.unit_of_work() as session:
            task = session.scalars(select(UserTask).where(UserTask.status == "open")).one()
            user_tasks.complete(session, task.id, ANSWERS, by=clerk, now=clock.now())
    with unit_of_work.unit_of_work() as session:
        events = session.scalar(select(func.count()).select_from(HistoryEvent)) or 1
        _copy(session, instance_id, -(-ROWS // events))
        session.execute(text("ANALYZE"))
    with unit_of_work.read_only() as session:
        rows = session.scalar(select(func.count()).select_from(HistoryEvent)) or 0
        found = following.following(session, diagrams.THREE_TASKS, Asked(), now=clock.now())
    if found is None or min(step.passed for step in found.steps) * events < ROWS:
        raise RuntimeError("the heat map did not see the instances")

    def look() -> None:
        with unit_of_work.read_only() as session:
            following.following(session, diagrams.THREE_TASKS, Asked(), now=clock.now())

    median = interleaved(LOOKS, {"look": lambda: timed(look)}, warm_up=1)["look"]
    return [Figure(f"heat  heat map over {rows} rows of history", median, "ms", MOST)]


def _copy(session: Session, instance_id: int, copies: int) -> None:
    """Copy an ended instance with its tasks and history; names of tables and columns are our own."""
    wanted = {"copies": copies, "id": instance_id}
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :copies)"
    for table, ids in (
        ("process_instance", {"id": ":id + i"}),
        ("user_task", {"id": "NULL", "instance_id": ":id + i"}),
        ("history_event", {"id": "NULL", "instance_id": ":id + i"}),
    ):
        columns = [row[1] for row in session.execute(text(f"PRAGMA table_info({table})"))]
        values = ", ".join(ids.get(column, f"o.{column}") for column in columns)
        key = "id" if table == "process_instance" else "instance_id"
        copy = f"{numbers} INSERT INTO {table} SELECT {values} FROM n, {table} o WHERE o.{key} = :id"  # noqa: S608
        session.execute(text(copy), wanted)
