"""Registers over all projects: holds, deadlines with their day-counts, notices."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.errors import NotFound
from app.queries import hold_rows, ledger_rows, register_pages
from app.queries.registers import DeadlineFilter, NoticePage, NoticeRow
from app.services import notice_box, security_filings
from app.unit_of_work import read_only, unit_of_work
from app.web import untrusted, working_days
from app.web.filters import fill
from app.web.identity import local_path, reader

pages = Blueprint("registers", __name__)
STATUSES = ("", "running", "overdue", "soon", "met", "all")
QUICKEST = 3


@pages.get("/holds")
def holds() -> ResponseReturnValue:
    """Show every hold in force, the money it stops and what lifts it."""
    with read_only() as rows:
        page = hold_rows.page(rows, reader().person, today=clock.today())
    sums = {
        way: sum(one.blocked_fen or 0 for one in page.held if one.way_out == way)
        for way in ("act", "confirm", "expire", "never")
    }
    quick = sorted(
        (one.first for one in page.held if one.blocked_fen and one.way_out in {"act", "confirm"}),
        key=lambda row: row.way_out,
    )
    return render_template("registers/holds.html", page=page, sums=sums, quickest=quick[:QUICKEST])


@pages.get("/deadlines")
def deadlines() -> ResponseReturnValue:
    """Show one page of the deadline ledger."""
    status = request.args.get("status", "")
    asked = DeadlineFilter(
        status=cast("Any", status if status in STATUSES else ""),
        kind=request.args.get("kind", "")[:24],
        unit=request.args.get("unit", "")[:20],
        cursor=untrusted.place(),
    )
    with read_only() as rows:
        page = register_pages.deadlines(
            rows, reader().person, asked, today=clock.today(), calendar=working_days.calendar()
        )
    return render_template("registers/deadlines.html", page=page)


@pages.get("/deadlines/<int:deadline_id>")
def workings(deadline_id: int) -> ResponseReturnValue:
    """Show the day-count of one deadline, fit for printing."""
    with read_only() as rows:
        found = ledger_rows.one(rows, reader().person, deadline_id, today=clock.today())
    if found is None:
        raise NotFound
    person = reader().person
    files = found[0].kind in security_filings.KINDS and found[0].status in {"running", "overdue"}
    may_file = files and bool(person.roles & security_filings.RECEIVERS)
    return render_template("registers/workings.html", row=found[0], w=found[1], now=clock.now(), may_file=may_file)


@pages.post("/deadlines/<int:deadline_id>/filed")
def filed(deadline_id: int) -> ResponseReturnValue:
    """Register a security filing as done, with the number of its receipt (第三十条)."""
    with unit_of_work() as rows:
        if ledger_rows.one(rows, reader().person, deadline_id, today=clock.today()) is None:
            raise NotFound
        evidence = request.form.get("evidence", "")[:200]
        security_filings.confirm(rows, deadline_id, evidence=evidence, by=reader().actor, now=clock.now())
    flash(_("已登记。"), "done")
    return redirect(url_for("registers.workings", deadline_id=deadline_id))


@pages.get("/notices")
def notices() -> ResponseReturnValue:
    """Show the reader's notices, newest first."""
    with read_only() as rows:
        found, unread, cursor = register_pages.notices(rows, reader().person, str(untrusted.whole("cursor") or ""))
    shown = tuple(
        NoticeRow(
            one.id,
            one.created_at,
            fill(one.message, one.values),
            url=local_path(one.link),
            read=one.read,
            grave=one.level in {"warning", "grave", "error", "over"},
        )
        for one in found
    )
    return render_template("registers/notices.html", page=NoticePage(shown, unread, cursor))


@pages.post("/notices/read")
def read_all() -> ResponseReturnValue:
    """Mark every notice of the reader as read."""
    with unit_of_work() as rows:
        notice_box.mark_read(rows, by=reader().actor, now=clock.now())
    return redirect(url_for("registers.notices"))
