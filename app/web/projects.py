"""Projects: the list and the file of one."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import clock
from app.errors import NotFound
from app.queries import archive_files, paper_pages, project_files, project_lists
from app.queries.projects import PHASES, ProjectFilter
from app.queries.scope import judges_only, sees_records
from app.queries.task import HistoryRow
from app.queries.traces import Scope, count
from app.unit_of_work import read_only
from app.web import gantt, traces, untrusted, working_days
from app.web.identity import Reader, reader

pages = Blueprint("projects", __name__, url_prefix="/projects")
TABS = ("process", "tasks", "materials", "money", "opinions", "papers", "deadlines", "holds", "trace")


@pages.get("")
def index() -> ResponseReturnValue:
    """Show one page of the projects that the reader may see."""
    args = request.args
    phase, year = untrusted.whole("phase"), untrusted.whole("year")
    asked = ProjectFilter(
        text=args.get("q", "")[:80].strip(),
        unit=args.get("unit", "")[:20],
        phase=phase if 0 < phase <= len(PHASES) else 0,
        state=args.get("state", "")[:20],
        year=year,
        held=args.get("held") == "1",
        cursor=args.get("cursor", "")[:20],
    )
    with read_only() as rows:
        page = project_lists.load(rows, reader().person, asked, today=clock.today(), calendar=working_days.calendar())
    return render_template("projects/index.html", page=page)


@pages.get("/<no>")
def show(no: str) -> ResponseReturnValue:
    """Show the file of one project; 404 where the reader may not know of it."""
    tab = request.args.get("tab", TABS[0])
    if tab not in TABS:
        raise NotFound
    who, now = reader(), clock.now()
    with read_only() as rows:
        found = project_files.load(rows, who.person, no, now=now, calendar=working_days.calendar())
        if found is None:
            raise NotFound
        history, total, full = _trace(rows, who, no, tab)
        papers = _papers(rows, who, no) if tab == "papers" else ()
        done = traces.done(rows, who, no) if tab == "tasks" else ()
        may_archive = archive_files.project(rows, who.person, no) is not None
        paper_count = len(papers) or paper_pages.count_of(rows, who.person, no)
    found = replace(found, history=history, history_total=total)
    chart = gantt.chart(found.phases, found.payments, today=now.date())
    return render_template(
        "projects/show.html", p=found, tab=tab, chart=chart, full=full, sees_records=sees_records(who.person),
        papers=papers, paper_count=paper_count, may_archive=may_archive, done=done,
        may_say=not judges_only(who.person) and not no.count("-X-"),
    )  # fmt: skip


def _trace(rows: Session, who: Reader, no: str, tab: str) -> tuple[tuple[HistoryRow, ...], int, bool]:
    """Return the trace that the tab shows, how long the story is, and whether it shows the engine's records instead."""
    project = project_files.find(rows, who.person, no)
    if project is None:
        raise NotFound
    if tab != "trace":
        return (), count(rows, Scope(project.id)), False
    if request.args.get("all") == "1":
        recorded = traces.records(rows, who, project_id=project.id)
        if recorded is not None:
            return *recorded, True
    return *traces.story(rows, who, project_id=project.id, long=True), False


def _papers(rows: Session, who: Reader, no: str) -> tuple[paper_pages.PaperRow, ...]:
    project = project_files.find(rows, who.person, no)
    return paper_pages.of_project(rows, who.person, project.id) if project is not None else ()
