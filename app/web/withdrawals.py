"""Withdrawing a project: the page that says what would happen, and the act."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.errors import InvalidAnswers, NotFound
from app.queries import project_files, withdrawal_pages
from app.services import withdrawals
from app.unit_of_work import read_only, unit_of_work
from app.web import refusals
from app.web.after_commit import settle
from app.web.errors import spoken
from app.web.identity import reader

pages = Blueprint("withdrawals", __name__, url_prefix="/projects")


@pages.get("/<no>/withdraw")
def ask(no: str) -> ResponseReturnValue:
    """Show what a withdrawal would end, or why it is no longer possible; 404 for other bodies."""
    return _page(no)


@pages.post("/<no>/withdraw")
def withdraw(no: str) -> ResponseReturnValue:
    """Withdraw the project with the reason that its head gives."""
    who, reason = reader(), request.form.get("reason", "")
    try:
        with unit_of_work() as rows:
            project = project_files.find(rows, who.person, no)
            if project is None or not project_files.concerns(who.person, project.unit_id):
                raise NotFound
            withdrawals.withdraw(rows, project.id, reason=reason, by=who.actor, now=clock.now())
            settle(rows)
    except InvalidAnswers as missing:
        return _page(no, errors=spoken(missing), status=missing.status)
    flash(_("项目已撤回，相关任务不再办理。"), "done")
    return redirect(url_for("projects.show", no=no))


def _page(no: str, *, errors: dict[str, list[str]] | None = None, status: int = 200) -> ResponseReturnValue:
    who = reader()
    with read_only() as rows:
        page = withdrawal_pages.load(rows, who.person, no)
    if page is None:
        raise NotFound
    why = refusals.rows(page.refusals, project_no=page.no, you=who.person.roles)
    return render_template("projects/withdraw.html", p=page, why_not=why, errors=errors), status
