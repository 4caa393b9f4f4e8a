"""交接班: choosing who leaves and who takes over, the list before and after, and its receipt."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.errors import AlreadyDone, NotFound, Refused
from app.queries import handover_pages
from app.services import handovers
from app.unit_of_work import read_only, unit_of_work
from app.web import untrusted
from app.web.errors import sentence
from app.web.identity import reader
from app.web.untrusted import posted_row

pages = Blueprint("handovers", __name__, url_prefix="/handovers")


@pages.get("")
def index() -> ResponseReturnValue:
    """Show the form, what would pass once two persons are chosen, and the lists so far."""
    who = reader().person
    leaving, to = untrusted.whole("from"), untrusted.whole("to")
    with read_only() as rows:
        starts = handover_pages.may_start(who)
        past = handover_pages.past(rows, who)
        people = handover_pages.people(rows, who) if starts else ()
        known = {one.value for one in people}
        found = None
        if leaving != to and {str(leaving), str(to)} <= known:
            passing = handovers.preview(rows, leaving, to)
            if passing is not None:
                organisation_id, ids = passing
                found = handover_pages.listed(rows, vars(ids), content=organisation_id == who.organisation_id)
            else:
                flash(_("移交人和接收人应在同一单位。"), "due")
    return render_template(
        "handovers/index.html", starts=starts, people=people, leaving=leaving, to=to, listed=found, past=past
    )


@pages.post("")
def start() -> ResponseReturnValue:
    """Hand the work over."""
    leaving, to = posted_row("from"), posted_row("to")
    if not leaving or not to:
        raise NotFound
    try:
        with unit_of_work() as rows:
            number = handovers.hand_over(rows, leaving, to, by=reader().actor, now=clock.now())
    except Refused as refused:
        if refused.status != 400:  # noqa: PLR2004 -- what can be mended by choosing otherwise
            raise
        flash(sentence(refused), "over")
        asked: dict[str, Any] = {"from": leaving, "to": to}  # `from` is no name of a parameter in Python
        return redirect(url_for("handovers.index", **asked))
    flash(_("已移交，清单见下，请接收人签收。"), "done")
    return redirect(url_for("handovers.show", number=number))


@pages.get("/<int:number>")
def show(number: int) -> ResponseReturnValue:
    """Show one list, fit for printing; 404 where it does not concern the reader."""
    who = reader().person
    with read_only() as rows:
        found = handover_pages.one(rows, who, number)
    if found is None:
        raise NotFound
    return render_template("handovers/show.html", h=found, mine=found.successor_id == who.id)


@pages.post("/<int:number>/receive")
def receive(number: int) -> ResponseReturnValue:
    """Sign for the list as the successor."""
    try:
        with unit_of_work() as rows:
            handovers.receive(rows, number, by=reader().actor, now=clock.now())
    except AlreadyDone as done:
        flash(sentence(done), "due")
    else:
        flash(_("已签收。"), "done")
    return redirect(url_for("handovers.show", number=number))
