"""The demonstration's clock: to the next day, or to the next deadline, with everything due in between carried out."""

from __future__ import annotations

import threading
from datetime import date, datetime, time, timedelta

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, dispatch
from app.errors import AlreadyDone, NotFound
from app.queries import shell
from app.services import demo_clock
from app.unit_of_work import read_only
from app.web import identity
from app.web.filters import iso_weekday, moment

pages = Blueprint("demo", __name__)
MORNING = time(8, 30)
_moving = threading.Lock()
_stop: list[tuple[datetime, int]] = []
"""Where a leap under way has come to; one process carries it out, so one list is enough."""


@pages.post("/demo/clock")
def advance() -> ResponseReturnValue:
    """Lead the clock on; the answer comes when every timer and sweep of the skipped days has run."""
    if not demo_clock.running():
        raise NotFound
    until = _target(request.form.get("to", ""))
    demo_clock.refuse_long_leap(until)
    if not _moving.acquire(blocking=False):
        raise AlreadyDone("时钟正在走，请等它停下。")
    try:
        fired = dispatch.catch_up(until=until, move=demo_clock.set_to, told=lambda at, count: _stop.append((at, count)))
    finally:
        _stop.clear()
        _moving.release()
    flash(_("现在是 %(moment)s，其间办了 %(count)s 个到点的事项。", moment=moment(clock.now()), count=fired), "done")
    if identity.wants_json():
        return jsonify(moment=clock.now().isoformat(), fired=fired)
    return redirect(identity.local_path(request.form.get("back")) or url_for("inbox.index"))


@pages.get("/demo/clock/progress")
def progress() -> ResponseReturnValue:
    """Say how far a leap has come."""
    if not demo_clock.running():
        raise NotFound
    if not _stop:
        return jsonify(text="")
    at, count = _stop[-1]
    return jsonify(text=_("走到 %(day)s，已办 %(count)s 个到点的事项", day=iso_weekday(at.date()), count=count))


def _target(wanted: str) -> datetime:
    """Return 08:30 of the next day, or the moment at which the next deadline lapses."""
    now = clock.now()
    if wanted == "next_deadline":
        with read_only() as rows:
            coming = shell.next_deadline(rows, now=now)
        if coming is not None:
            return _morning(coming[0] + timedelta(days=1))
    return _morning(now.date() + timedelta(days=1))


def _morning(day: date) -> datetime:
    return datetime.combine(day, MORNING, tzinfo=clock.SHANGHAI)
