"""专家任务: the experts' open tasks, and the replacement of one who is late or must withdraw (COI-07, T-04)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.domain.refusals import Refusal
from app.queries.diagram_graph import Drawn
from app.queries.inbox_pages import due_day
from app.queries.said import task_name
from app.services import expert_tasks
from app.services.expert_tasks import ExpertTask
from app.unit_of_work import read_only, unit_of_work
from app.web.after_commit import settle
from app.web.identity import actor, reader

pages = Blueprint("expert_tasks", __name__, url_prefix="/expert-tasks")


@dataclass(frozen=True)
class Line:
    """One expert's open task as the page shows it."""

    task_id: int
    name: Drawn
    project_no: str
    project_name: str
    expert: str
    due_on: date | None
    conflicts: tuple[Refusal, ...]
    late: bool
    own: bool
    may_replace: bool


@pages.get("")
def index() -> ResponseReturnValue:
    """Show the experts' open tasks to the bureau, those of its own projects to the county government office."""
    who, now = actor(), clock.now()
    with read_only() as rows:
        found = [_line(one, may=one.may_be_replaced_by(who)) for one in expert_tasks.waiting(rows, by=who, now=now)]
    ties = bool(reader().person.roles & (expert_tasks.READERS - {"gov_office"}))
    return render_template("expert_tasks.html", rows=found, ties=ties)


def _line(one: ExpertTask, *, may: bool) -> Line:
    return Line(
        task_id=one.task.id,
        name=task_name(one.task.name, one.task.properties),
        project_no=one.project.no,
        project_name=one.project.name,
        expert=one.expert.name,
        due_on=due_day(one.task.due_at),
        conflicts=one.conflicts,
        late=one.late,
        own=one.own,
        may_replace=may and one.cause is not None,
    )


@pages.post("/<int:task_id>")
def replace(task_id: int) -> ResponseReturnValue:
    """Replace the expert of a task by one drawn at random; an expert gives up her own seat with a reason."""
    who = actor()
    with unit_of_work() as rows:
        drawn = expert_tasks.replace(
            rows, task_id, reason=request.form.get("reason", ""), by=who, now=clock.now()
        )  # fmt: skip
        name = drawn.name if drawn is not None else ""
        settle(rows)
    if not who.roles & expert_tasks.READERS:
        flash(_("已登记回避，这项任务不再由你办理。"), "done")
        return redirect(url_for("inbox.index"))
    flash(_("已随机抽取%(name)s接替，抽取记录已存。", name=name), "done")
    return redirect(url_for("expert_tasks.index"))
