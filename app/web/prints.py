"""Prints of what is no catalogued paper: tables of the day, day-counts, handed-in forms, a whole project."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from sqlalchemy.orm import Session

from app import clock
from app.domain.papers.content import Content
from app.domain.roles import OrganisationKind
from app.errors import NotFound
from app.queries import archive_files, day_tables, ledger_rows, panels, paper_pages, project_files, task_pages
from app.queries.day_tables import Day
from app.queries.scope import kinds_of, sees_money
from app.services import handed_in, parameters
from app.services.papers import templates, word
from app.services.task_forms import Paper
from app.unit_of_work import read_only
from app.web import form_sheets, paper_sheets, untrusted, working_days
from app.web.filters import drawn
from app.web.identity import Reader, reader

pages = Blueprint("prints", __name__)
CHINESE = "zh_Hans_CN"
"""Papers are written in Chinese, whatever language the reader uses."""
BESIDE = frozenset({OrganisationKind.EMPLOYER, OrganisationKind.COMPANY})
"""Who works on single projects and has no tables of the county."""


@pages.get("/papers/tables/<kind>")
def table(kind: str) -> ResponseReturnValue:
    """Show a table of the day alone on A4, with the rows that the reader may see."""
    content, prices = _table(kind)
    target = paper_sheets.address(request.full_path.rstrip("?"))
    return paper_sheets.printed(paper_sheets.made(content, target=target, prices=prices), back=url_for("papers.index"))


@pages.get("/papers/tables/<kind>/docx")
def table_docx(kind: str) -> ResponseReturnValue:
    """Give a table of the day as a Word file."""
    content, prices = _table(kind)
    with read_only() as rows:
        template = templates.source_of(rows, kind, None)
    body = word.render(
        template, content, address=paper_sheets.address(url_for("prints.table", kind=kind)), prices=prices
    )
    return paper_sheets.download(body, f"{kind} {content.title} {content.issued_on}.docx")


def _table(kind: str) -> tuple[Content, bool]:
    who = reader().person
    kinds = kinds_of(who)
    if kind not in day_tables.TABLES or not kinds - BESIDE:
        raise NotFound
    year = untrusted.whole("fy") or clock.today().year
    with read_only() as rows, force_locale(CHINESE):
        day = Day(year, clock.today(), parameters.current(rows, clock.today()))
        return day_tables.table(rows, who, kind, day), sees_money(who)


@pages.get("/deadlines/<int:deadline_id>/print")
def workings(deadline_id: int) -> ResponseReturnValue:
    """Show the 时限计算书 of one deadline alone on A4."""
    with read_only() as rows, force_locale(CHINESE):
        found = ledger_rows.one(rows, reader().person, deadline_id, today=clock.today())
        if found is None:
            raise NotFound
        content = form_sheets.of_workings(*found, now=clock.now())
    back = url_for("registers.workings", deadline_id=deadline_id)
    return paper_sheets.printed(paper_sheets.made(content, target=paper_sheets.address(back)), back=back)


@pages.get("/tasks/<int:task_id>/print")
def form(task_id: int) -> ResponseReturnValue:
    """Show the form with which a task was completed, alone on A4, to whom may read it."""
    who = reader()
    with read_only() as rows, force_locale(CHINESE):
        stored = handed_in.stored(rows, task_id)
        paper = handed_in.of_task(rows, task_id, language="zh") if stored is not None else None
        if stored is None or paper is None:
            raise NotFound
        project = paper_pages.project_of(rows, who.person, stored.project_id)
        if stored.by_id != who.person.id and not _may_read(rows, who, paper, stored.project_id, project):
            raise NotFound
        names = task_pages.file_names(rows, files_of(paper))
        content = form_sheets.of_form(
            paper, project=project[:2] if project else ("", ""), names=names, amounts=stored.answers
        )
        own = stored.by_id == who.person.id
        prices = own or sees_money(who.person, project[2] if project else None)
    target = paper_sheets.address(url_for("prints.form", task_id=task_id))
    return paper_sheets.printed(paper_sheets.made(content, target=target, prices=prices))


def _may_read(
    rows: Session, who: Reader, paper: Paper, project_id: int | None, project: tuple[str, str, int] | None
) -> bool:
    if project is None or kinds_of(who.person) <= BESIDE:
        return False
    authors = archive_files.authors(rows, who.person)
    if authors is not None and paper.by_id not in authors:
        return False
    veil = panels.veil(rows, who.person, project_id)
    return panels.may_read(rows, who.person, veil, (paper.form_id, paper.by_id), project_id)


def files_of(paper: Paper) -> set[str]:
    """Return the ids of all files that a form names."""
    found: set[str] = set()
    for line in paper.lines:
        cells = [cell for row in getattr(line, "rows", ()) for cell in row] or [line]
        found.update(key for cell in cells for key in getattr(cell, "attachments", ()))
    return found


@pages.get("/projects/<no>/print")
def project(no: str) -> ResponseReturnValue:
    """Show the whole file of a project on A4."""
    who, now = reader(), clock.now()
    with read_only() as rows, force_locale(CHINESE):
        found = project_files.load(rows, who.person, no, now=now, calendar=working_days.calendar())
        if found is None:
            raise NotFound
        key = project_files.find(rows, who.person, no)
        listed = paper_pages.of_project(rows, who.person, key.id) if key is not None else ()
        signed = [
            (one.title, one.number or "—", drawn(one.signed_by), one.signed_at.date().isoformat()) for one in listed
        ]
        content = form_sheets.of_project(found, signed, now=now)
    back = url_for("projects.show", no=no)
    return paper_sheets.printed(
        paper_sheets.made(content, target=paper_sheets.address(back), prices=found.sees_money), back=back
    )
