"""Finding a project by name, number, unit, lead, system, contract or paper, and a system of the catalogue."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.queries import project_lists
from app.queries.projects import ProjectRow
from app.queries.register_sheets import catalogues
from app.queries.register_sheets.catalogues import FoundSystem
from app.unit_of_work import read_only
from app.web.identity import reader

pages = Blueprint("search", __name__)


@pages.get("/search")
def index() -> ResponseReturnValue:
    """Show what was found; an exact number opens the project at once."""
    text = request.args.get("q", "")[:80].strip()
    found: tuple[ProjectRow, ...] = ()
    systems: tuple[FoundSystem, ...] = ()
    if text.strip("%_"):  # what stands for any sign looks for nothing
        with read_only() as rows:
            found = project_lists.search(rows, reader().person, text)
            systems = catalogues.search(rows, reader().person, text, today=clock.today())
        if len(found) == 1 and found[0].no.casefold() == text.casefold():
            return redirect(url_for("projects.show", no=found[0].no))
    return render_template("search.html", q=text, rows=found, systems=systems)
