"""The inbox and its preview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast, get_args

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.errors import NotFound, Refused
from app.queries import inbox_pages, register_pages, task_holders
from app.queries.inbox import PAGE_ROWS, InboxFilter, TabKey
from app.queries.panels import SOMEBODY
from app.services import reminders, user_tasks
from app.unit_of_work import read_only, unit_of_work
from app.web import untrusted, working_days
from app.web.errors import sentence
from app.web.filters import drawn
from app.web.frame import keep
from app.web.identity import reader
from app.web.untrusted import LARGEST_ROW

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
    who, now, calendar = reader(), clock.now(), working_days.calendar()
    with read_only() as rows:
        page = inbox_pages.load(rows, who.person, who.audiences, asked(), now=now, calendar=calendar)
        first = next((row for group in page.groups for row in group.rows), None)
        looked_at = untrusted.whole("task") or (first.id if first else 0)
        preview = (
            inbox_pages.preview(rows, who.person, who.audiences, looked_at, now=now, calendar=calendar)
            if looked_at
            else None
        )
        if first is None and page.filter.tab not in {"drafts", "started", "done"}:
            page = replace(page, upcoming=register_pages.upcoming(rows, who.person, today=now.date()))
    return render_template("inbox.html", page=page, preview=preview)


@pages.get("/inbox/<int:task_id>/preview")
def preview(task_id: int) -> ResponseReturnValue:
    """Show the pane for one task."""
    who = reader()
    with read_only() as rows:
        found = inbox_pages.preview(
            rows, who.person, who.audiences, task_id, now=clock.now(), calendar=working_days.calendar()
        )
    if found is None:
        raise NotFound
    return render_template("parts/preview.html", preview=found, kept=kept())


@pages.post("/inbox/claim")
def claim_chosen() -> ResponseReturnValue:
    """Take every chosen task for oneself, each in a transaction of its own."""
    who, now = reader(), clock.now()
    count = 0
    for task_id in chosen(request.form.getlist("task")):
        try:
            with unit_of_work() as rows:
                user_tasks.claim(rows, task_id, by=who.actor, now=now)
            count += 1
        except Refused as refused:
            flash(sentence(refused), "over")
    if count:
        flash(_("已领取 %(count)s 件，归你办。", count=count), "done")
    return redirect(url_for("inbox.index", **kept()))


@pages.post("/inbox/remind")
def remind_chosen() -> ResponseReturnValue:
    """Call every chosen task to the mind of those who can do it."""
    count = 0
    for task_id in chosen(request.form.getlist("task")):
        try:
            call_to_mind(task_id)
            count += 1
        except Refused as refused:
            flash(sentence(refused), "due")
    if count:
        flash(_("已催办 %(count)s 件。", count=count), "done")
    return redirect(url_for("inbox.index", **kept()))


def call_to_mind(task_id: int) -> tuple[str, ...]:
    """Remind those who can do a task of which the reader may know; return their names, as far as she may know them."""
    who = reader()
    with unit_of_work() as rows:
        if not task_holders.may_remind(rows, who.person, who.audiences, task_id):
            raise NotFound
        hidden = task_holders.waits_for_hidden(rows, who.person, task_id)
        names = reminders.remind(rows, task_id, by=who.actor, now=clock.now())
    return (drawn(SOMEBODY),) if hidden else names


def chosen(texts: Sequence[str]) -> list[int]:
    """Return the chosen tasks, each once, at most as many as a page shows."""
    rows = [text for text in texts if text.isascii() and text.isdigit() and len(text) < len(str(LARGEST_ROW))]
    return [int(text) for text in dict.fromkeys(rows[:PAGE_ROWS])]
