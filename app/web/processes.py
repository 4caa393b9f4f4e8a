"""Process definitions: the list, and one with its diagram, steps and versions."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.errors import NotFound
from app.queries import process_pages
from app.unit_of_work import read_only
from app.web import untrusted

pages = Blueprint("processes", __name__, url_prefix="/processes")


@pages.get("")
def index() -> ResponseReturnValue:
    """Show every process with its version in force."""
    with read_only() as rows:
        found = process_pages.definitions(rows)
    return render_template("processes/index.html", rows=found)


@pages.get("/<process_id>")
def show(process_id: str) -> ResponseReturnValue:
    """Show one process as a diagram and as a table of steps."""
    with read_only() as rows:
        page = process_pages.definition(rows, process_id, untrusted.whole("version") or None)
    if page is None:
        raise NotFound
    counts = {step.element_id: step.times for step in page.steps if step.times}
    return render_template("processes/show.html", page=page, diagram={"source": page.source, "counts": counts})
