"""代理: naming a substitute, who stands in for whom, and what substitutes have done."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.errors import AlreadyDone, NotFound, NotPermitted, Refused
from app.queries import substitution_pages
from app.services import substitutions
from app.unit_of_work import read_only, unit_of_work
from app.web.errors import sentence
from app.web.identity import reader
from app.web.untrusted import posted_row

pages = Blueprint("substitutes", __name__, url_prefix="/substitutes")


@pages.get("")
def index() -> ResponseReturnValue:
    """Show the form, the substitutions that concern the reader, and what was done for whom."""
    return _page({})


def _page(typed: dict[str, str], status: int = 200, error: str = "") -> ResponseReturnValue:
    who, today = reader().person, clock.today()
    with read_only() as rows:
        absent, substitutes = substitution_pages.people(rows, who)
        listed = substitution_pages.listed(rows, who, today=today)
        acted = substitution_pages.acted(rows, who)
    return render_template(
        "substitutes/index.html", absent=absent, substitutes=substitutes, listed=listed, acted=acted, typed=typed,
        today=today, error=error,
    ), status  # fmt: skip


@pages.post("")
def appoint() -> ResponseReturnValue:
    """Name a substitute; what was typed stays on the page where it is refused."""
    typed = {key: request.form.get(key, "")[:200] for key in ("person", "substitute", "starts_on", "ends_on", "reason")}
    try:
        with unit_of_work() as rows:
            substitutions.appoint(
                rows, posted_row("person") or reader().person.id, posted_row("substitute"),
                starts_on=_day(typed["starts_on"]), ends_on=_day(typed["ends_on"]), reason=typed["reason"],
                by=reader().actor, now=clock.now(),
            )  # fmt: skip
    except (NotFound, NotPermitted):
        raise
    except Refused as refused:
        return _page(typed, refused.status, sentence(refused))
    flash(_("已指定代理人，双方都会收到通知。"), "done")
    return redirect(url_for("substitutes.index"))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("请填写代理的第一天和最后一天。") from None


@pages.post("/<int:number>/revoke")
def revoke(number: int) -> ResponseReturnValue:
    """End a substitution before its last day."""
    try:
        with unit_of_work() as rows:
            substitutions.revoke(rows, number, by=reader().actor, now=clock.now())
    except AlreadyDone as done:
        flash(sentence(done), "due")
    else:
        flash(_("代理已结束。"), "done")
    return redirect(url_for("substitutes.index"))
