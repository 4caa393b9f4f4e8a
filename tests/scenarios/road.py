"""The first part of a project's road with the book's answers: filed, consented to, reviewed, as far as asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.models import business

if TYPE_CHECKING:
    from app.queries.open_tasks import OpenTask
    from tests.scenarios.tale import Tale

NOT_SECRET = {"secret": False, "other_rule": False}
MOST_STEPS = 60


def files(tale: Tale, clerk: str, **changes: Any) -> None:
    """Let a unit's clerk begin an item any day (动态申报) and fill in F-02; the tale takes its number."""
    asked = tale.desk.start("p01u_unit_plan", clerk)
    tale.desk.complete(asked, clerk, NOT_SECRET)
    (filing,) = tale.desk.open(instance_id=asked.instance_id)
    tale.desk.complete(filing, clerk, tale.answers(filing, clerk) | changes)
    with tale.site.look() as session:
        tale.no = session.scalars(select(business.Project.no).order_by(business.Project.id.desc()).limit(1)).one()


def batch(tale: Tale, **late: Any) -> None:
    """Let the bureau run a supplementary batch to the county government's consent; `late` goes into F-02s."""
    started = tale.desk.start("p01_annual_plan", "dsj.qi")
    instance = started.instance_id
    for _ in range(MOST_STEPS):
        waiting = tale.desk.open(instance_id=instance)
        if not waiting:
            return
        for task in waiting:
            username = holder(tale, task)
            answers = tale.answers(task, username) | (late if task.form_id == "f02s" else {})
            tale.desk.complete(task, username, answers)
    raise AssertionError(tale.desk.open(instance_id=instance))


def holder(tale: Tale, task: OpenTask) -> str:
    """Return whose task it is."""
    return tale.site.staff.who(task.audiences).username


def walks(tale: Tale, *, until: str) -> None:
    """Do what is open for the project, step by step, until this task is (`process.element`)."""
    for _ in range(MOST_STEPS):
        if until in tale.open_keys():
            return
        found = tale.tasks()
        assert found, f"nothing is open, and {until} never was; the project is {tale.project.state}"
        tale.hands_in(found[0], holder(tale, found[0]))
    raise AssertionError(f"{until} never opened; open are {tale.open_keys()}")
