"""Migrations of running instances: what would happen to each, having it done, and how far it has come."""

from __future__ import annotations

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.domain import workshop as rules
from app.errors import NotFound
from app.queries import file_elements, migration_pages
from app.queries.diagram_graph import Drawn
from app.services import instance_migrations
from app.unit_of_work import read_only, unit_of_work
from app.web import untrusted
from app.web.identity import actor, wants_json

pages = Blueprint("migrations", __name__, url_prefix="/workshop")
TRIED_ON_A_PAGE = 100


@pages.get("/process/<process_id>/migration")
def plan(process_id: str) -> ResponseReturnValue:
    """Show what a migration to a version would do to each open task, timer and draft of each running instance."""
    with read_only() as rows:
        versions = migration_pages.released(rows, process_id)
        if not versions:
            raise NotFound
        standing = next((version for version, _, in_force in versions if in_force), versions[0][0])
        to = untrusted.whole("to") or standing
        target = instance_migrations.target_of(rows, process_id, to)
        found = instance_migrations.candidates(rows, target, limit=TRIED_ON_A_PAGE + 1, after=untrusted.whole("after"))
        now = clock.now()
        trials = [instance_migrations.try_out(rows, one, target, now=now) for one in found[:TRIED_ON_A_PAGE]]
        known = {one.instance_id: one for one in migration_pages.running(rows, found)}
        jobs = migration_pages.jobs(rows, key=process_id)
        named = file_elements.name(target.source, "bpmn")
    return render_template(
        "workshop/migration.html",
        process_id=process_id,
        name=Drawn(versions[0][1], named.en),
        versions=versions,
        to=to,
        standing=standing,
        trials=[(known[one.instance_id], one) for one in trials],
        following=found[TRIED_ON_A_PAGE - 1] if len(found) > TRIED_ON_A_PAGE else 0,
        jobs=jobs,
        draws=rules.may_draw(actor().roles),
    )


@pages.post("/process/<process_id>/migration")
def begin(process_id: str) -> ResponseReturnValue:
    """Have the ticked instances moved, or all that can; the scheduler carries it out."""
    version = request.form.get("to", "")
    if not (version.isascii() and version.isdigit()):
        raise NotFound
    every = request.form.get("all") == "1"
    ticked = [int(one[:9]) for one in request.form.getlist("instance") if one.isascii() and one.isdigit()]
    with unit_of_work() as rows:
        job = instance_migrations.ask(
            rows,
            process_id,
            int(version[:9]),
            None if every else ticked,
            reason=request.form.get("reason", ""),
            by=actor(),
            now=clock.now(),
        )
        job_id = job.id
    return redirect(url_for("migrations.show", job_id=job_id))


@pages.get("/migrations/<int:job_id>")
def show(job_id: int) -> ResponseReturnValue:
    """Show how far a migration has come, and what became of each instance."""
    with read_only() as rows:
        found = migration_pages.job(rows, job_id)
    if found is None:
        raise NotFound
    job, items = found
    if wants_json():
        return jsonify(total=job.total, done=job.done, counts=dict(job.counts), ended=job.ended_at is not None)
    return render_template("workshop/migration_job.html", job=job, items=items)
