"""参数与口径: what the regulation leaves open, what holds today and why, proposed and decided by two people."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.domain.articles import citation
from app.domain.money import format_wan_exact
from app.errors import NotFound, NotPermitted, Refused
from app.queries import parameter_pages
from app.services import parameters
from app.services.parameters import DECIDERS, PROPOSERS
from app.unit_of_work import read_only, unit_of_work
from app.web.errors import sentence
from app.web.identity import actor, reader

pages = Blueprint("parameters", __name__, url_prefix="/parameters")
MOST_TYPED = 4000


def shown(value: str, unit: str) -> str:
    """Return a stored value as a page writes it: 是 or 否, amounts in 万元, everything else with its unit."""
    if value in {"true", "false"}:
        return _("是") if value == "true" else _("否")
    if unit == "分":
        return _("%(amount)s 万元", amount=format_wan_exact(int(value)))
    if not value.isdecimal():
        return value
    return _("%(value)s %(unit)s", value=value, unit=_(unit)) if unit else value


@pages.get("")
def index() -> ResponseReturnValue:
    """Show every parameter, reading and gate with what holds on a day (default: today)."""
    day = _day(request.args.get("day", "")) or clock.today()
    with read_only() as rows:
        page = parameter_pages.load(rows, parameters.current(rows, day), day=day)
    return render_template("parameters/index.html", page=page, shown=shown, article_of=citation)


@pages.get("/<key>")
def show(key: str) -> ResponseReturnValue:
    """Show one of them with its history, and the forms to propose and to decide for whom that is."""
    return _show(key)


@pages.post("/<key>")
def propose(key: str) -> ResponseReturnValue:
    """Propose another value or interpretation."""
    posted = {name: request.form.get(name, "")[:MOST_TYPED] for name in ("value", "interpretation", "reason")}
    try:
        with unit_of_work() as rows:
            day = _day(request.form.get("effective_on", ""))
            parameters.propose(rows, key, **posted, effective_on=day, by=actor(), now=clock.now())
    except (NotPermitted, NotFound):
        raise
    except Refused as refused:
        return _show(key, problem=sentence(refused), posted=posted), refused.status
    flash(_("已提出，等待审定。"), "done")
    return redirect(url_for("parameters.show", key=key))


@pages.post("/changes/<int:change_id>")
def decide(change_id: int) -> ResponseReturnValue:
    """Put a proposal in force, refuse it, or withdraw one's own."""
    accepted = request.form.get("decision") == "accept"
    with unit_of_work() as rows:
        parameters.decide(
            rows,
            change_id,
            accepted=accepted,
            reason=request.form.get("reason", "")[:MOST_TYPED],
            by=actor(),
            now=clock.now(),
        )
    flash(_("已审定，到生效日期起执行。") if accepted else _("已了结，口径不变。"), "done")
    return redirect(url_for("parameters.index"))


def _show(key: str, *, problem: str = "", posted: dict[str, str] | None = None) -> str:
    with read_only() as rows:
        today = clock.today()
        row = parameter_pages.one(rows, parameters.current(rows, today), key, day=today)
    if row is None:
        raise NotFound
    mine = row.waiting is not None and row.waiting.proposed_by_id == reader().person.id
    return render_template(
        "parameters/show.html",
        row=row,
        shown=shown,
        article_of=citation,
        problem=problem,
        posted=posted or {},
        today=clock.today(),
        may_propose=_is(PROPOSERS) and row.waiting is None,
        may_decide=_is(DECIDERS) and row.waiting is not None and not mine,
        mine=mine,
    )


def _is(roles: frozenset[str]) -> bool:
    return bool(reader().person.roles & roles)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
