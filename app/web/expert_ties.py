"""专家回避信息: where experts worked, what they hold and who paid them, kept by the bureau (COI-01, COI-02)."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.errors import NotFound, Refused
from app.queries import expert_pages
from app.services import expert_ties
from app.unit_of_work import read_only, unit_of_work
from app.web.identity import actor, reader

pages = Blueprint("expert_ties", __name__, url_prefix="/expert-ties")
READERS = expert_ties.KEEPERS | {"bur_head"}


@pages.get("")
def index() -> ResponseReturnValue:
    """Show every expert with employer and ties, to the bureau alone."""
    if not reader().person.roles & READERS:
        raise NotFound
    with read_only() as rows:
        found = expert_pages.experts(rows)
    keeps = bool(reader().person.roles & expert_ties.KEEPERS)
    return render_template("expert_ties.html", experts=found, keeps=keeps)


@pages.post("/<int:person_id>")
def register(person_id: int) -> ResponseReturnValue:
    """Register where an expert worked, holds shares or was paid."""
    form = request.form
    text = form.get("until", "").strip()
    try:
        until = date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused("截止日期“%(text)s”不是日期。", text=text[:40]) from None
    with unit_of_work() as rows:
        expert_ties.register(
            rows,
            person_id,
            organisation=form.get("organisation", "")[:200],
            kind=form.get("kind", "")[:20],
            until=until,
            by=actor(),
            now=clock.now(),
        )
    flash(_("已登记。"), "done")
    return redirect(url_for("expert_ties.index"))
