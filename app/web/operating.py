"""The operator's page: what failed and is tried again, what waits, whether timers run."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, dispatch
from app.errors import AlreadyDone
from app.queries import operating_pages
from app.services import operating
from app.unit_of_work import read_only, unit_of_work
from app.web.after_commit import settle
from app.web.errors import sentence
from app.web.identity import reader

pages = Blueprint("operating", __name__, url_prefix="/operations")


@pages.get("")
def index() -> ResponseReturnValue:
    """Show everything that failed and what is waiting."""
    with read_only() as rows:
        page = operating_pages.load(rows, now=clock.now())
    return render_template("operating.html", page=page)


@pages.post("/incidents/<int:incident_id>/retry")
def retry_incident(incident_id: int) -> ResponseReturnValue:
    """Try a failed step again."""
    try:
        with unit_of_work() as rows:
            through = operating.retry_incident(rows, incident_id, by=reader().actor, now=clock.now())
            settle(rows)
    except AlreadyDone as gone:
        flash(sentence(gone), "due")
    else:
        flash(*((_("已重试，流程继续走了。"), "done") if through else (_("已重试，仍然出错，原因见下。"), "over")))
    return redirect(url_for("operating.index"))


@pages.post("/timers/<int:timer_id>/retry")
def retry_timer(timer_id: int) -> ResponseReturnValue:
    """Fire a timer that has given up."""
    try:
        with unit_of_work() as rows:
            operating.retry_timer(rows, timer_id, by=reader().actor, now=clock.now())
    except AlreadyDone as gone:
        flash(sentence(gone), "due")
    else:
        dispatch.fire_timers()
        flash(_("已重新触发，结果见下。"), "done")
    return redirect(url_for("operating.index"))


@pages.post("/messages/<int:item_id>/retry")
def retry_message(item_id: int) -> ResponseReturnValue:
    """Send a message or mail that has given up again."""
    try:
        with unit_of_work() as rows:
            operating.retry_message(rows, item_id, by=reader().actor, now=clock.now())
            settle(rows)
    except AlreadyDone as gone:
        flash(sentence(gone), "due")
    else:
        flash(_("已重新发送，结果见下。"), "done")
    return redirect(url_for("operating.index"))
