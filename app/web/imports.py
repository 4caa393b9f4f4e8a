"""Handing in workbooks: the template, the check with a report for each row, and taking it over."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.errors import NotFound
from app.form_schema import FieldMessage
from app.queries import workbook_checks
from app.services.workbooks import importing, template
from app.services.workbooks.kinds import KINDS
from app.services.workbooks.layout import Layout
from app.unit_of_work import read_only, unit_of_work
from app.web.after_commit import settle
from app.web.filters import cited, fill
from app.web.identity import reader
from app.web.language import language
from app.web.workbooks import MEDIA_TYPE

pages = Blueprint("imports", __name__, url_prefix="/imports")


@pages.get("/<kind>")
def index(kind: str) -> ResponseReturnValue:
    """Say what the workbook is for, offer the template and take the file; list the last checks."""
    with read_only() as rows:
        layout = _layout(rows, kind)
        checks = workbook_checks.latest(rows, reader().person, kind)
    return render_template("imports/index.html", layout=layout, checks=checks)


@pages.get("/<kind>/template")
def blank(kind: str) -> ResponseReturnValue:
    """Hand out the empty workbook."""
    with read_only() as rows:
        layout = _layout(rows, kind)
    content = template.workbook(layout)
    name = _("%(title)s导入模板", title=_(layout.title))
    return send_file(BytesIO(content), mimetype=MEDIA_TYPE, as_attachment=True, download_name=f"{name}.xlsx", max_age=0)


@pages.post("/<kind>")
def upload(kind: str) -> ResponseReturnValue:
    """Check a workbook row by row; nothing is taken over yet."""
    who = reader()
    file = request.files.get("file")
    name, content = (file.filename or "", file.read()) if file else ("", b"")
    with unit_of_work() as rows:
        checked = importing.check(
            rows, kind, content, name=name, not_secret=request.form.get("not_secret") == "1", by=who.actor,
            now=clock.now(),
        ).id  # fmt: skip
    return redirect(url_for("imports.show", check_id=checked))


@pages.get("/checks/<int:check_id>")
def show(check_id: int) -> ResponseReturnValue:
    """Show what the check found, row by row."""
    with read_only() as rows:
        found = workbook_checks.one(rows, reader().person, check_id)
        if found is None:
            raise NotFound
        layout = _layout(rows, found.kind)
    return render_template("imports/report.html", check=found, layout=layout, says=_says)


@pages.post("/checks/<int:check_id>/take")
def take(check_id: int) -> ResponseReturnValue:
    """Take a checked workbook over, all of it in one transaction or nothing."""
    who, now = reader(), clock.now()
    try:
        with unit_of_work() as rows:
            row = importing.take(rows, check_id, request.form.get("sha256", ""), by=who.actor, now=now)
            count = len(row.report)
            settle(rows)
    except importing.NotTaken as refused:
        with unit_of_work() as rows:
            importing.revise(rows, check_id, refused.report)
        flash(fill(refused.message), "over")
    else:
        flash(_("已导入 %(count)s 行。", count=count))
    return redirect(url_for("imports.show", check_id=check_id))


def _layout(rows: Any, kind: str) -> Layout:
    handler = KINDS.get(kind)
    if handler is None or handler.role not in reader().person.roles:
        raise NotFound
    return handler.layout(rows)


def _says(problem: dict[str, Any]) -> str:
    """Return a problem's sentence in the reader's language, with the article that it rests on."""
    if "label_en" in problem["values"] or problem["english"]:
        message = FieldMessage(problem["message"], problem["values"], english=problem["english"])
        return message.spoken(_, language())
    sentence = fill(problem["message"], problem["values"])
    remedy = fill(problem["remedy"], problem["values"]) if problem["remedy"] else ""
    return f"{sentence}{remedy}（{cited(problem['rule'])}）" if problem["rule"] else sentence
