"""Releases: the owner asks, the second person sees difference, findings and what it touches, and decides."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from app import clock
from app.domain import workshop as rules
from app.errors import DiagramNotExecutable, NotFound, Refused
from app.queries import file_elements, rehearsal, release_pages
from app.services import differences, releases, workshop_checks
from app.unit_of_work import read_only, unit_of_work
from app.web import untrusted
from app.web import workshop as editors
from app.web.errors import sentence
from app.web.identity import actor, wants_json
from app.web.language import language

pages = Blueprint("releases", __name__)


@pages.get("/releases")
def index() -> ResponseReturnValue:
    """Show every request, those that wait first."""
    with read_only() as rows:
        found = release_pages.requests(rows)
    return render_template("releases/index.html", rows=found, addresses=editors.ADDRESSES)


@pages.get("/releases/<int:request_id>")
def show(request_id: int) -> ResponseReturnValue:
    """Show one version with its difference, findings, running instances and talk."""
    return _page(request_id)


def _page(request_id: int, refused: str = "") -> ResponseReturnValue:
    with read_only() as rows:
        page = release_pages.page(rows, request_id)
        if page is None:
            raise NotFound
        changes = differences.between(rows, page.before, page.after, page.row.kind)
        checked = workshop_checks.lint(rows, page.after, page.row.kind)
        years = rehearsal.years(rows, page.row.key) if page.row.kind == "bpmn" else ()
    english = language() == "en"
    told = [{"element": one.element_id, "kind": one.kind, "words": one.en if english else one.zh} for one in changes]
    elements = file_elements.elements(page.after, page.row.kind)
    names = {**file_elements.elements(page.before, page.row.kind), **elements}
    talk = Counter(one.element_id for one in page.remarks if one.element_id)
    kind = editors.ADDRESSES[page.row.kind]
    return render_template(
        "releases/show.html",
        page=page,
        kind=kind,
        changes=told,
        elements=elements,
        names=names,
        about=request.args.get("element", ""),
        years=years,
        findings=[editors.finding(one, kind) for one in checked.findings],
        undecided=checked.undecided,
        refused=refused,
        draws=rules.may_draw(actor().roles),
        own=page.requested_by_id == actor().id,
        reader_id=actor().id,
        difference={
            "left": {"content": editors.outward(page.before, page.row.kind)},
            "right": {"content": editors.outward(page.after, page.row.kind)},
            "changes": told,
            "talk": talk,
        },
    ), 422 if refused else 200


@pages.post("/workshop/<kind>/<key>/release")
def ask(kind: str, key: str) -> ResponseReturnValue:
    """Ask for the release of a working copy; a script gets the address of the request."""
    if kind not in editors.KINDS:
        raise NotFound
    posted = untrusted.posted_json() if request.is_json else dict(request.form)
    revision = posted.get("revision")
    if not str(revision).isdigit():
        raise BadRequest
    try:
        with unit_of_work() as rows:
            asked = releases.ask(
                rows,
                editors.KINDS[kind],
                key,
                revision=int(str(revision)[:9]),
                reason=str(posted.get("reason") or ""),
                effective_at=_moment(str(posted.get("effective_at") or "")),
                by=actor(),
                now=clock.now(),
            )
            address = url_for("releases.show", request_id=asked.id)
    except DiagramNotExecutable as refused:
        text = _("有 %(count)s 处错误，改好后再提请放行。", count=len(refused.findings))
        if wants_json():
            told = [editors.finding(one, kind) for one in refused.findings]
            return jsonify(sentence=text, message=text, findings=told), editors.UNPROCESSABLE
        flash(text, "over")
        return redirect(url_for("workshop.edit", kind=kind, key=key))
    except Refused as refused:
        if not wants_json():
            raise
        return jsonify(sentence=sentence(refused), message=sentence(refused)), refused.status
    if wants_json():
        return jsonify(url=address)
    return redirect(address)


@pages.post("/workshop/<kind>/<key>/restore")
def restore(kind: str, key: str) -> ResponseReturnValue:
    """Ask for a former version to be put back in force."""
    if kind not in editors.KINDS:
        raise NotFound
    version = request.form.get("version", "")
    if not version.isascii() or not version.isdigit():
        raise BadRequest
    with unit_of_work() as rows:
        asked = releases.ask_to_restore(
            rows,
            editors.KINDS[kind],
            key,
            int(version[:9]),
            reason=request.form.get("reason", ""),
            effective_at=_moment(request.form.get("effective_at", "")),
            by=actor(),
            now=clock.now(),
        )
        address = url_for("releases.show", request_id=asked.id)
    return redirect(address)


@pages.post("/releases/<int:request_id>/release")
def release(request_id: int) -> ResponseReturnValue:
    """Release a version."""
    try:
        with unit_of_work() as rows:
            done = releases.release(rows, request_id, words=request.form.get("words", ""), by=actor(), now=clock.now())
            approved = done.status == "approved"
    except DiagramNotExecutable as refused:
        return _page(request_id, sentence(refused))
    flash(_("已放行，将按时施行。") if approved else _("已放行，即时施行。"), "done")
    return redirect(url_for("releases.show", request_id=request_id))


@pages.post("/releases/<int:request_id>/refuse")
def refuse(request_id: int) -> ResponseReturnValue:
    """Refuse a version with the reason."""
    with unit_of_work() as rows:
        releases.refuse(rows, request_id, words=request.form.get("words", ""), by=actor(), now=clock.now())
    flash(_("已退回，理由已告知提请人。"), "done")
    return redirect(url_for("releases.show", request_id=request_id))


@pages.post("/releases/<int:request_id>/withdraw")
def withdraw(request_id: int) -> ResponseReturnValue:
    """Take a request back."""
    with unit_of_work() as rows:
        releases.withdraw(rows, request_id, by=actor(), now=clock.now())
    flash(_("已撤回。"), "done")
    return redirect(url_for("releases.show", request_id=request_id))


@pages.post("/releases/<int:request_id>/remark")
def remark(request_id: int) -> ResponseReturnValue:
    """Write a question or answer on an element."""
    with unit_of_work() as rows:
        releases.remark(
            rows,
            request_id,
            element_id=request.form.get("element", ""),
            words=request.form.get("words", ""),
            by=actor(),
            now=clock.now(),
        )
    return redirect(url_for("releases.show", request_id=request_id, _anchor="talk"))


def _moment(text: str) -> datetime | None:
    """Return the moment that a field for date and time holds, in Asia/Shanghai; nothing for an empty one."""
    if not text.strip():
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refused("施行时间要写成“2026-12-01 08:30”的样子。") from None
    return found if found.tzinfo else found.replace(tzinfo=clock.SHANGHAI)
