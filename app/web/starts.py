"""Starting a process by a form: what the reader may start, and the start itself."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import clock
from app.domain import endings
from app.domain.states import State
from app.domain.vocabulary import PROCESSES
from app.errors import NotFound, RegulationViolation
from app.queries import project_files, start_pages
from app.services import process_instances
from app.unit_of_work import read_only, unit_of_work
from app.web.after_commit import settle
from app.web.identity import reader

pages = Blueprint("starts", __name__, url_prefix="/start")


@pages.get("")
def index() -> ResponseReturnValue:
    """Show what the reader may start."""
    with read_only() as rows:
        page = start_pages.load(
            rows,
            reader().person,
            project_no=request.args.get("project", "")[:20],
            form_id=request.args.get("form", "")[:20],
        )
    return render_template("starts.html", page=page)


@pages.post("/<process_id>")
def start(process_id: str) -> ResponseReturnValue:
    """Start a process for one of the reader's projects, or open the one she has begun and not filled in yet."""
    who, now = reader(), clock.now()
    process = PROCESSES.get(process_id)
    if process is None or not who.person.roles & set(process.starters):
        raise NotFound
    with unit_of_work() as rows:
        project = None
        if process_id not in start_pages.WITHOUT_PROJECT:
            project = project_files.find(rows, who.person, request.form.get("project", "")[:20])
            if project is None:
                raise NotFound
            refused = endings.refusals(State(project.state), process_id)
            if refused:
                raise RegulationViolation(refused)
        task_id = start_pages.open_start(rows, who.person, process_id, project.id if project else None)
        if task_id is None:
            unit_id = project.unit_id if project else who.person.organisation_id
            variables: dict[str, object] = {"unit": start_pages.unit_code(rows, unit_id)}
            variables |= {"project_no": project.no} if project else {"fy": _year(rows, process_id, now.date())}
            instance = process_instances.start(
                rows,
                process_id,
                now=now,
                by=who.actor,
                variables=variables,
                project_id=project.id if project else None,
                unit_id=unit_id,
                start_event_id=start_pages.start_event(rows, process_id, who.person.roles),
            )
            rows.flush()
            task_id = start_pages.first_task(rows, instance.id, who.audiences)
        settle(rows)
    return redirect(url_for("tasks.show", task_id=task_id) if task_id else url_for("inbox.index"))


def _year(rows: Session, process_id: str, today: date) -> int:
    """Return the fiscal year about which a process without a project is: a plan's batch that of its items."""
    return start_pages.plan_year(rows, today) if process_id == "p01_annual_plan" else today.year + 1
