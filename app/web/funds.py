"""Plan and money of a fiscal year."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.errors import NotFound
from app.queries import fund_pages
from app.unit_of_work import read_only
from app.web.identity import reader

pages = Blueprint("funds", __name__)
YEARS = range(2000, 2100)


@pages.get("/funds")
def index() -> ResponseReturnValue:
    """Show the plan items and budget lines of one year (default: the current one)."""
    year = request.args.get("year", clock.today().year, type=int)
    if year not in YEARS:
        raise NotFound
    with read_only() as rows:
        page = fund_pages.load(rows, reader().person, year)
    return render_template("funds.html", page=page)
