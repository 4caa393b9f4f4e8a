"""The board for heads and supervisors."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app import clock
from app.queries import board_pages
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
    return render_template("board.html", page=page)
