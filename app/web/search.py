"""Finding a project by name, number, unit or the number of a paper."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.queries import project_lists
from app.queries.projects import ProjectRow
from app.unit_of_work import read_only
from app.web.identity import reader

pages = Blueprint("search", __name__)


@pages.get("/search")
def index() -> ResponseReturnValue:
    """Show what was found; an exact number opens the project at once."""
    text = request.args.get("q", "")[:80].strip()
    found: tuple[ProjectRow, ...] = ()
    if text:
        with read_only() as rows:
            found = project_lists.search(rows, reader().person, text)
        if len(found) == 1 and found[0].no.casefold() == text.casefold():
            return redirect(url_for("projects.show", no=found[0].no))
    return render_template("search.html", q=text, rows=found)
