"""Process definitions: the list, one with its diagram, steps and versions, and how it runs."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from app import clock
from app.domain import workshop as drawing
from app.errors import NotFound
from app.queries import conformance as drawn_paths
from app.queries import event_log as logs
from app.queries import following as figures
from app.queries import process_pages, scope
from app.queries.following import Asked
from app.unit_of_work import read_only
from app.web import untrusted
from app.web.filters import lasting
from app.web.identity import actor, reader

LOGS = {"xes": "application/xml", "csv": "text/csv"}
pages = Blueprint("processes", __name__, url_prefix="/processes")


@pages.get("")
def index() -> ResponseReturnValue:
    """Show every process with its version in force."""
    with read_only() as rows:
        found = process_pages.definitions(rows)
    return render_template("processes/index.html", rows=found, workshop=drawing.may_read(actor().roles))


@pages.get("/<process_id>")
def show(process_id: str) -> ResponseReturnValue:
    """Show one process as a diagram and as a table of steps."""
    with read_only() as rows:
        page = process_pages.definition(rows, process_id, untrusted.whole("version") or None)
    if page is None:
        raise NotFound
    counts = {step.element_id: step.times for step in page.steps if step.times}
    return render_template(
        "processes/show.html",
        page=page,
        diagram={"source": page.source, "counts": counts},
        follows=scope.sees_records(reader().person),
        workshop=drawing.may_read(actor().roles),
    )


@pages.get("/<process_id>/following")
def following(process_id: str) -> ResponseReturnValue:
    """Show how a process runs: open, late, stuck, how long and how often again at each step."""
    with read_only() as rows:
        page = figures.following(rows, process_id, _asked(), now=clock.now())
    if page is None:
        raise NotFound
    diagram = {
        "source": page.source,
        "marks": {step.element_id: f"warm-{step.warmth}" for step in page.steps if step.warmth},
        "notes": {step.element_id: lasting(step.median) for step in page.steps if step.median is not None},
        "states": {
            step.element_id: {"open": step.open, "late": step.late, "stuck": step.stuck}
            for step in page.steps
            if step.open or step.stuck
        },
    }
    return render_template("processes/following.html", page=page, diagram=diagram)


@pages.get("/<process_id>/conformance")
def conformance(process_id: str) -> ResponseReturnValue:
    """Show which instances left the drawn path, and where."""
    asked = _asked()
    with read_only() as rows:
        page = drawn_paths.conformance(rows, process_id, asked)
    if page is None:
        raise NotFound
    kept = {name: value for name, value in vars(asked).items() if value}
    diagram = {
        "source": page.source,
        "counts": page.at_elements,
        "marks": dict.fromkeys(page.at_elements, "failed"),
    }
    return render_template("processes/conformance.html", page=page, diagram=diagram, asked=kept)


@pages.get("/<process_id>/log.xes", defaults={"kind": "xes"})
@pages.get("/<process_id>/log.csv", defaults={"kind": "csv"})
def event_log(process_id: str, kind: str) -> ResponseReturnValue:
    """Send the record of a process as an event log for process mining, while it is read."""
    asked = _asked()
    with read_only() as rows:
        definition = figures.chosen(rows, process_id, asked.version)
    if definition is None:
        raise NotFound

    def pieces() -> Iterator[str]:
        with read_only() as rows:
            logged = logs.events(rows, process_id, asked)
            yield from logs.xes(definition.name, logged) if kind == "xes" else logs.table(logged)

    answer = Response(stream_with_context(pieces()), mimetype=LOGS[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="{process_id}.{kind}"'
    return answer


def _asked() -> Asked:
    """Return what is asked for; raise NotFound for whoever may not see what the engine recorded."""
    if not scope.sees_records(reader().person):
        raise NotFound
    return Asked(
        version=untrusted.whole("version") or None,
        year=untrusted.whole("year") or None,
        unit=request.args.get("unit", "")[:20],
    )
