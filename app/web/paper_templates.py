"""The bureau's page of Word templates: download, upload what was changed, and a second person's release."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.domain.papers import KINDS
from app.domain.papers import content as contents
from app.domain.papers.layouts import LAYOUTS
from app.errors import AlreadyDone, NotFound, NotPermitted, Refused
from app.queries import paper_templates
from app.services.papers import template_release, templates, word
from app.unit_of_work import read_only, unit_of_work
from app.web import paper_sheets
from app.web.errors import sentence
from app.web.identity import reader

pages = Blueprint("paper_templates", __name__, url_prefix="/papers/templates")
MAY_SEE = template_release.MAY_UPLOAD | template_release.MAY_RELEASE


def _admitted() -> None:
    if not MAY_SEE & reader().person.roles:
        raise NotFound


@pages.get("")
def index() -> ResponseReturnValue:
    """Show every kind with its versions, and what its template may say."""
    _admitted()
    with read_only() as rows:
        found = paper_templates.versions(rows)
    who = reader().person
    return render_template(
        "papers/templates.html",
        kinds=KINDS,
        versions=found,
        placeholders={kind: sorted(contents.placeholders(parts) | {"qr"}) for kind, parts in LAYOUTS.items()},
        may_upload=bool(template_release.MAY_UPLOAD & who.roles),
        may_release=bool(template_release.MAY_RELEASE & who.roles),
        me=who.id,
    )


@pages.get("/<kind>/docx")
def current(kind: str) -> ResponseReturnValue:
    """Give the template in force (or a version, `?version=id`), to be changed in Word."""
    _admitted()
    if kind not in KINDS:
        raise NotFound
    with read_only() as rows:
        wanted = request.args.get("version", type=int)
        body = templates.version_of(rows, kind, wanted) if wanted else templates.source_of(rows, kind, None)
    return paper_sheets.download(body, f"{kind} {KINDS[kind].zh}.docx")


@pages.post("/<kind>")
def upload(kind: str) -> ResponseReturnValue:
    """Take a changed template as the next version; it is in force once another person has released it."""
    _admitted()
    file = request.files.get("file")
    body = file.stream.read(word.LARGEST + 1) if file is not None else b""
    try:
        with unit_of_work() as rows:
            template_release.upload(
                rows, kind, body, name=(file.filename or "") if file is not None else "",
                reason=request.form.get("reason", ""), by=reader().actor, now=clock.now(),
            )  # fmt: skip
    except NotFound:
        raise
    except Refused as refused:
        flash(sentence(refused), "due")
    else:
        flash(_("模板已检查并保存，等待另一人发布。"), "done")
    return redirect(url_for("paper_templates.index", _anchor=kind))


@pages.post("/<int:template_id>/decide")
def decide(template_id: int) -> ResponseReturnValue:
    """Release or refuse an uploaded template, as a second person."""
    _admitted()
    released = request.form.get("released") == "1"
    try:
        with unit_of_work() as rows:
            template_release.decide(rows, template_id, released=released, by=reader().actor, now=clock.now())
    except (NotPermitted, AlreadyDone) as refused:
        flash(sentence(refused), "due")
    else:
        flash(_("模板已发布，以后签署的文书按它印制。") if released else _("模板没有发布。"), "done")
    return redirect(url_for("paper_templates.index"))
