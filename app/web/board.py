"""The board for heads and supervisors."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app import clock
from app.queries import board_pages, urging_pages
from app.services import urging
from app.unit_of_work import read_only
from app.web import working_days
from app.web.identity import reader

pages = Blueprint("board", __name__)


@pages.get("/board")
def index() -> ResponseReturnValue:
    """Show what is overdue, what is stuck, what waits for a decision, within the reader's scope."""
    who = reader()
    with read_only() as rows:
        page = board_pages.load(rows, who.person, who.audiences, now=clock.now(), calendar=working_days.calendar())
    return render_template("board.html", page=page, may_urge=bool(who.person.roles & urging.MAY))


@pages.get("/week")
def week() -> ResponseReturnValue:
    """Show what the reader must do and see done by Sunday, on one page to print."""
    who = reader()
    with read_only() as rows:
        found = urging_pages.week(rows, who.person, who.audiences, now=clock.now(), calendar=working_days.calendar())
    return render_template("week.html", w=found)
