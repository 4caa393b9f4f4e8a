"""One process instance: where it stands, on the diagram and in words."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from app.errors import NotFound
from app.queries import process_pages
from app.unit_of_work import read_only
from app.web.identity import reader

pages = Blueprint("instances", __name__, url_prefix="/instances")


@pages.get("/<int:instance_id>")
def show(instance_id: int) -> ResponseReturnValue:
    """Show an instance; 404 where the reader sees neither its project nor a task of its family."""
    who = reader()
    with read_only() as rows:
        page = process_pages.instance(rows, who.person, instance_id, who.audiences)
    if page is None:
        raise NotFound
    diagram = {
        "source": page.source,
        "marks": {step.element_id: step.status for step in page.steps if step.status},
        "flows": page.done_flows,
        "links": {
            step.element_id: url_for("instances.show", instance_id=step.child_id)
            for step in page.steps
            if step.child_id
        },
    }
    return render_template("processes/instance.html", page=page, diagram=diagram)
