"""The inbox and its preview."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast, get_args

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.errors import NotFound
from app.queries import inbox_pages, register_pages
from app.queries.inbox import InboxFilter, TabKey
from app.unit_of_work import read_only
from app.web import untrusted
from app.web.frame import keep
from app.web.identity import reader

pages = Blueprint("inbox", __name__)


def asked() -> InboxFilter:
    """Return what the address asks to see; unknown words ask for everything."""
    tab = request.args.get("tab", "all")
    return InboxFilter(
        tab=cast("TabKey", tab if tab in get_args(TabKey) else "all"),
        process=request.args.get("process", "")[:80],
        unit=request.args.get("unit", "")[:20],
        text=request.args.get("q", "")[:60].strip(),
        cursor=untrusted.place(),
    )


def kept() -> dict[str, Any]:
    """Return the filter as parameters of an address, so that it survives opening a task."""
    wanted = asked()
    return keep(tab="" if wanted.tab == "all" else wanted.tab, process=wanted.process, unit=wanted.unit, q=wanted.text)


@pages.get("/inbox")
def index() -> ResponseReturnValue:
    """Show one page of what waits for the reader."""
    who, now = reader(), clock.now()
    with read_only() as rows:
        page = inbox_pages.load(rows, who.person, who.audiences, asked(), now=now)
        first = next((row for group in page.groups for row in group.rows), None)
        chosen = untrusted.whole("task") or (first.id if first else 0)
        preview = inbox_pages.preview(rows, who.person, who.audiences, chosen) if chosen else None
        if first is None:
            page = replace(page, upcoming=register_pages.upcoming(rows, who.person, today=now.date()))
    return render_template("inbox.html", page=page, preview=preview)


@pages.get("/inbox/<int:task_id>/preview")
def preview(task_id: int) -> ResponseReturnValue:
    """Show the pane for one task."""
    who = reader()
    with read_only() as rows:
        found = inbox_pages.preview(rows, who.person, who.audiences, task_id)
    if found is None:
        raise NotFound
    return render_template("parts/preview.html", preview=found, kept=kept())
