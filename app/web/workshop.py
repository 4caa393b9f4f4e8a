"""The process owner's workshop: every file with its state, and the editors' way to save, check, mend and compare."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import Any, Final

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import BadRequest

from app import clock, sandbox
from app.domain import workshop as rules
from app.errors import DiagramNotExecutable, Finding, NotFound, Refused
from app.queries import form_uses, release_pages, workshop_pages
from app.services import choices, differences, repairs, working_copies, workshop_checks
from app.unit_of_work import read_only, unit_of_work
from app.web import untrusted
from app.web.errors import sentence
from app.web.filters import drawn, moment
from app.web.identity import actor
from app.web.language import language

pages = Blueprint("workshop", __name__, url_prefix="/workshop")

KINDS: Final = {"process": "bpmn", "form": "form", "decision": "dmn"}
"""What an address calls a kind → the kind."""
ADDRESSES: Final = {kind: name for name, kind in KINDS.items()}
UNPROCESSABLE: Final = 422
CONFLICT: Final = 409


@pages.get("")
def index() -> ResponseReturnValue:
    """Show every file with its state, or those that are asked for."""
    working_copies.must_read(actor())
    asked = {"q": request.args.get("q", "").strip()[:60], "only": request.args.get("only", "")[:10]}
    with read_only() as rows:
        found = workshop_pages.files(rows)
    shown = [
        one
        for one in found
        if (asked["q"].lower() in f"{one.name} {one.name.en} {one.key}".lower())
        and (asked["only"] != "drawn" or one.changed_at)
        and (asked["only"] != "asked" or one.request_id)
    ]
    return render_template("workshop/index.html", rows=shown, addresses=ADDRESSES, draws=_draws(), asked=asked)


@pages.get("/choices")
def offered() -> ResponseReturnValue:
    """Say what an editor offers."""
    working_copies.must_read(actor())
    with read_only() as rows:
        return jsonify(choices.current(rows, english=language() == "en"))


@pages.get("/<kind>/<key>")
def edit(kind: str, key: str) -> ResponseReturnValue:
    """Show one file in its editor."""
    working_copies.must_read(actor())
    with read_only() as rows:
        found = workshop_pages.copy(rows, _kind(kind), key)
        if found is None:
            raise NotFound
        offered = choices.current(rows, english=language() == "en")
        used = form_uses.uses(rows, key) if kind == "form" else ()
        asked = release_pages.waiting(rows, _kind(kind), key)
    sandbox.warm()
    config = {
        "kind": kind,
        "key": key,
        "name": drawn(found.name),
        "copy_id": found.copy_id,
        "revision": found.revision,
        "content": outward(found.content, found.kind),
        "base": found.base,
        "read_only": not _draws(),
        "urls": addresses(kind, key),
        "csrf": generate_csrf(),  # type: ignore[no-untyped-call]
        "lang": language(),
        "choices": offered,
        "uses": [{"process": one.process, "name": drawn(one.name), "task": drawn(one.task)} for one in used],
        "talk": Counter(one.element_id for one in asked.remarks if one.element_id) if asked else {},
        "asked": url_for("releases.show", request_id=asked.row.id) if asked else "",
    }
    return render_template("workshop/editor.html", page=found, kind=kind, config=config, draws=_draws(), asked=asked)


def addresses(kind: str, key: str) -> dict[str, str]:
    """Return where an editor of this file asks for what."""
    here: dict[str, Any] = {"kind": kind, "key": key}
    return {
        "save": url_for("workshop.save", **here),
        "lint": url_for("workshop.lint", **here),
        "repair": url_for("workshop.repair", **here),
        "choices": url_for("workshop.offered"),
        "difference": url_for("workshop.difference", **here),
        "release": url_for("releases.ask", **here),
        "versions": url_for("workshop_files.versions", **here),
        "export": url_for("workshop_files.export", **here),
        "try": url_for("workshop.try_out", **here),
        "list": url_for("workshop.index"),
    }


@pages.post("/<kind>/<key>/save")
def save(kind: str, key: str) -> ResponseReturnValue:
    """Save the working copy; where somebody else has saved meanwhile, answer with hers and keep both."""
    posted = untrusted.posted_json()
    revision = posted.get("revision")
    if not isinstance(revision, int) or isinstance(revision, bool) or not 0 <= revision <= untrusted.LARGEST_ROW:
        raise BadRequest
    content = inward(posted.get("content"), kind)
    try:
        with unit_of_work() as rows:
            saved = working_copies.save(rows, _kind(kind), key, content, revision=revision, by=actor(), now=clock.now())
            copy = saved.copy
            if saved.kept_beside is None:
                return jsonify(revision=copy.revision, saved_at=moment(copy.saved_at))
            who = working_copies.saver(rows, copy)
            return (
                jsonify(
                    revision=copy.revision,
                    by=who,
                    at=moment(copy.saved_at),
                    content=outward(copy.content, copy.kind),
                    kept=saved.kept_beside.id,
                    sentence=_("%(who)s 刚刚也保存了这份文件，两份都已留存，请选一份继续。", who=who),
                ),
                CONFLICT,
            )
    except DiagramNotExecutable as refused:
        return jsonify(sentence=said(refused.findings[0])), UNPROCESSABLE


@pages.post("/<kind>/<key>/lint")
def lint(kind: str, key: str) -> ResponseReturnValue:
    """Say everything that is wrong with what is being drawn; nothing is stored."""
    content = inward(untrusted.posted_json().get("content"), kind)
    with read_only() as rows:
        working_copies.must_exist(rows, _kind(kind), key, by=actor())
        checked = workshop_checks.lint(rows, content, _kind(kind), mending=key)
    return jsonify(
        findings=[finding(one, kind) for one in checked.findings],
        undecided=checked.undecided,
        milliseconds=checked.milliseconds,
    )


@pages.post("/<kind>/<key>/repair")
def repair(kind: str, key: str) -> ResponseReturnValue:
    """Mend one finding in what is being drawn and give it back; nothing is stored."""
    working_copies.must_draw(actor())
    posted = untrusted.posted_json()
    wrong = posted.get("finding")
    content = inward(posted.get("content"), kind)
    if not isinstance(wrong, dict):
        raise BadRequest
    with read_only() as rows:
        working_copies.must_exist(rows, _kind(kind), key, by=actor())
        try:
            mended = repairs.mend(
                rows,
                content,
                _kind(kind),
                key=key,
                code=str(wrong.get("code", "")),
                element_id=str(wrong.get("element", "")),
            )
        except DiagramNotExecutable as refused:
            return jsonify(sentence=said(refused.findings[0])), UNPROCESSABLE
        except Refused as refused:
            return jsonify(sentence=sentence(refused)), UNPROCESSABLE
    words = mended.en if language() == "en" else mended.zh
    return jsonify(content=outward(mended.text, _kind(kind)), changed=list(mended.changed), sentence=words)


@pages.get("/<kind>/<key>/difference")
def difference(kind: str, key: str) -> ResponseReturnValue:
    """Compare two states of a file: `copy`, `force`, the number of a version, or `r` and a revision."""
    working_copies.must_read(actor())
    sides = (request.args.get("from", "force")[:12], request.args.get("to", "copy")[:12])
    with read_only() as rows:
        left, right = (workshop_pages.content_of(rows, _kind(kind), key, which) for which in sides)
        if left is None and sides[0] == "force" and right is not None:
            left = ""
        if left is None or right is None:
            raise NotFound
        changes = differences.between(rows, left, right, _kind(kind))
    english = language() == "en"
    return jsonify(
        left={"content": outward(left, _kind(kind))},
        right={"content": outward(right, _kind(kind))},
        changes=[
            {"element": one.element_id, "kind": one.kind, "words": one.en if english else one.zh} for one in changes
        ],
    )


@pages.post("/<kind>/<key>/try")
def try_out(kind: str, key: str) -> ResponseReturnValue:
    """Try a decision table that is being drawn with values."""
    with read_only() as rows:
        working_copies.must_exist(rows, _kind(kind), key, by=actor())
    if _kind(kind) != "dmn":
        raise NotFound
    posted = untrusted.posted_json()
    inputs = posted.get("inputs")
    content = posted.get("content")
    if not isinstance(inputs, dict) or not isinstance(content, str):
        raise BadRequest
    try:
        found = workshop_checks.try_decision(content, inputs, now=clock.now())
    except DiagramNotExecutable as refused:
        return jsonify(sentence=said(refused.findings[0]))
    except Refused as refused:
        return jsonify(sentence=sentence(refused))
    return jsonify(outputs=found)


def _kind(name: str) -> str:
    """Return the kind that an address names; raise NotFound."""
    if name not in KINDS:
        raise NotFound
    return KINDS[name]


def _draws() -> bool:
    return rules.may_draw(actor().roles)


def inward(content: object, kind: str) -> str:
    """Return what an editor sent as the text of a file: XML as it is, a form's schema as JSON."""
    if _kind(kind) == "form" and isinstance(content, dict):
        return json.dumps(content, ensure_ascii=False, indent=2)
    if not isinstance(content, str):
        raise BadRequest
    return content


def outward(content: str, kind: str) -> object:
    """Return the text of a file as an editor takes it: XML as it is, a form's schema as an object."""
    if kind != "form" or not content:
        return content
    try:
        return json.loads(content)
    except ValueError:
        return content


def said(one: Finding) -> str:
    """Return a finding's sentence in the reader's language."""
    return one.message_en if language() == "en" else one.message


def finding(one: Finding, kind: str) -> dict[str, object]:
    """Return a finding as an editor shows it on its element."""
    english = language() == "en"
    told: dict[str, object] = {
        "id": hashlib.sha256(f"{one.code}|{one.element_id}|{one.message}".encode()).hexdigest()[:12],
        "severity": one.severity,
        "code": one.code,
        "element": one.element_id,
        "sentence": said(one),
        "hint": one.hint_en if english else one.hint,
    }
    trace = one.values.get("trace")
    if isinstance(trace, (list, tuple)) and trace:
        told["trace"] = [[step] for step in trace]
    label = repairs.label(one, _kind(kind), english=english)
    if label:
        told["repair"] = {"code": one.code, "label": label}
    return told


def download(text: str, name: str) -> Response:
    """Return a text as a file to keep."""
    answer = Response(text, mimetype="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
