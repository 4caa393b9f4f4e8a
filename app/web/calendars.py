"""工作日历: a year's days off and worked, and the notice that one person hands in and another puts in force."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.domain.holiday_notice import FIRST_YEAR, LARGEST, LAST_YEAR
from app.errors import NotFound, NotPermitted, Refused
from app.queries import calendar_pages
from app.services import calendar_years, calendars
from app.services.calendar_years import DECIDERS, PROPOSERS
from app.unit_of_work import read_only, unit_of_work
from app.web.after_commit import settle
from app.web.errors import sentence
from app.web.identity import actor, reader

pages = Blueprint("calendars", __name__, url_prefix="/calendar")


@pages.get("")
def index() -> ResponseReturnValue:
    """Show one year (default: the present one)."""
    return _year(request.args.get("year", clock.today().year, type=int))


@pages.post("/files")
def hand_in() -> ResponseReturnValue:
    """Hand in a year's notice for a second person to put in force."""
    posted = request.files.get("file")
    content = posted.read(LARGEST + 1) if posted is not None else b""
    try:
        with unit_of_work() as rows:
            file_id = calendar_years.propose(rows, content, by=actor(), now=clock.now()).id
    except NotPermitted:
        raise
    except Refused as refused:
        return _year(clock.today().year, problem=sentence(refused)), refused.status
    flash(_("已提交，等待审定。"), "done")
    return redirect(url_for("calendars.show_file", file_id=file_id))


@pages.get("/files/<int:file_id>")
def show_file(file_id: int) -> ResponseReturnValue:
    """Show a notice that was handed in and what it would move, to those who deal with it."""
    person = reader().person
    if not person.roles & (PROPOSERS | DECIDERS):
        raise NotFound
    with read_only() as rows:
        found = calendar_pages.handed_in(rows, file_id)
        if found is None:
            raise NotFound
        row, notice = found
        moves = [] if row.decision else calendar_years.preview(rows, notice)
        page = calendar_pages.file(rows, row, notice, [(move.row, move.counted) for move in moves])
    mine = page.file.proposed_by_id == person.id
    decides = bool(person.roles & DECIDERS) and not mine
    return render_template("calendars/file.html", page=page, mine=mine, decides=decides)


@pages.post("/files/<int:file_id>")
def decide(file_id: int) -> ResponseReturnValue:
    """Put a notice in force, refuse it, or take one's own back."""
    accepted = request.form.get("decision") == "accept"
    with unit_of_work() as rows:
        moved = calendar_years.decide(rows, file_id, accepted=accepted, by=actor(), now=clock.now())
        settle(rows)
    flash(_("已公布，%(count)s 项时限重新计算。", count=len(moved)) if accepted else _("已了结，日历不变。"), "done")
    return redirect(url_for("calendars.show_file", file_id=file_id))


def _year(number: int, *, problem: str = "") -> str:
    if not FIRST_YEAR <= number <= LAST_YEAR:
        raise NotFound
    with read_only() as rows:
        page = calendar_pages.year(rows, number, calendar=calendars.current(rows))
    roles = reader().person.roles
    return render_template(
        "calendars/index.html",
        page=page,
        problem=problem,
        may_hand_in=bool(roles & PROPOSERS),
        deals=bool(roles & (PROPOSERS | DECIDERS)),
    )
