"""Files of the workshop: versions and what was kept of a file, new files, and taking files out and in."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.domain import workshop as rules
from app.errors import DiagramNotExecutable, NotFound, Refused
from app.queries import workshop_pages
from app.services import desktop, differences, new_files, shipping, working_copies
from app.settings import ROOT
from app.unit_of_work import read_only, unit_of_work
from app.web import untrusted
from app.web.filters import moment
from app.web.identity import actor, wants_json
from app.web.language import language
from app.web.workshop import ADDRESSES, KINDS, download, finding, outward, said

LARGEST_UPLOAD = 50 * 1024 * 1024
MOST_FINDINGS = 200
MOST_CHANGES = 5
pages = Blueprint("workshop_files", __name__, url_prefix="/workshop")


@pages.get("/download.zip")
def everything() -> ResponseReturnValue:
    """Give every file with the element templates and a page how to, as one archive."""
    drawn = untrusted.whole("drawn") == 1
    with read_only() as rows:
        packed = desktop.archive(rows, drawn=drawn)
    answer = Response(packed, mimetype="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="xiuwu-processes.zip"'
    return answer


@pages.get("/guide")
def guide() -> ResponseReturnValue:
    """Show how to work with the desktop modeler, and which shipped file differs from what is in force."""
    with read_only() as rows:
        shipped = shipping.compared(rows, ROOT)
        told = [
            {
                "name": one.name, "version": one.version, "state": one.state,
                "changes": [change.en if language() == "en" else change.zh for change in one.changes[:MOST_CHANGES]],
            }
            for one in shipped
        ]  # fmt: skip
    return render_template("workshop/guide.html", shipped=told, draws=rules.may_draw(actor().roles))


@pages.post("/upload")
def upload() -> ResponseReturnValue:
    """Take files into working copies, and say of each what became of it."""
    given = [(one.filename or "", one.read(LARGEST_UPLOAD + 1)) for one in request.files.getlist("files")]
    if any(len(content) > LARGEST_UPLOAD for _name, content in given) or not any(name for name, _ in given):
        raise Refused("请选择文件，每个不超过 50 MB。")
    with unit_of_work() as rows:
        taken = desktop.take_in(rows, given, convert=request.form.get("convert") == "1", by=actor(), now=clock.now())
    return render_template("workshop/uploaded.html", rows=[_told(one) for one in taken])


def _told(one: desktop.Taken) -> dict[str, object]:
    kind = ADDRESSES.get(one.kind, "")
    return {
        "name": one.name, "kind": kind, "key": one.key, "stored": one.stored, "new": one.new,
        "refused": said(one.refused) if one.refused else "", "converted": one.converted,
        "findings": [finding(each, kind) for each in one.findings[:MOST_FINDINGS]],
    }  # fmt: skip


@pages.get("/<kind>/<key>/versions")
def versions(kind: str, key: str) -> ResponseReturnValue:
    """Show every version of a file, and every save of its working copy."""
    of = _kind(kind)
    with read_only() as rows:
        found, saves = workshop_pages.versions(rows, of, key), workshop_pages.revisions(rows, of, key)
        current = workshop_pages.copy(rows, of, key)
        in_force = workshop_pages.content_of(rows, of, key, "force")
    if current is None:
        raise NotFound
    if wants_json():
        return jsonify(
            versions=[
                {
                    "version": one.number, "in_force": one.in_force, "by": one.published_by,
                    "at": moment(one.published_at), "released_by": one.released_by, "comment": one.comment,
                    "sha256": one.sha256,
                }
                for one in found
            ],
            revisions=[
                {"id": one.id, "revision": one.revision, "kept": one.kept, "by": one.by, "at": moment(one.at)}
                for one in saves
            ],
        )  # fmt: skip
    return render_template(
        "workshop/versions.html",
        current=current,
        kind=kind,
        versions=found,
        saves=saves,
        in_force=in_force,
        states=_states(found, drawn=current.content != in_force),
        movable=of == "bpmn" and any(one.running and not one.in_force for one in found),
        draws=rules.may_draw(actor().roles),
    )


def _states(found: Sequence[workshop_pages.VersionRow], *, drawn: bool) -> list[tuple[str, str]]:
    """Return what of a file can be compared, newest first: how an address calls it, and its name."""
    numbered = [(str(one.number), _("第 %(version)s 版", version=one.number)) for one in found]
    return [("copy", _("工作稿")), *numbered] if drawn else numbered


@pages.get("/<kind>/<key>/compare")
def compare(kind: str, key: str) -> ResponseReturnValue:
    """Show any two states of a file side by side and their difference in words."""
    of = _kind(kind)
    sides = (request.args.get("from", "force")[:12], request.args.get("to", "copy")[:12])
    with read_only() as rows:
        current = workshop_pages.copy(rows, of, key)
        left, right = (workshop_pages.content_of(rows, of, key, which) for which in sides)
        if current is None or left is None or right is None:
            raise NotFound
        changes = differences.between(rows, left, right, of)
        names = {"force": _("现行版本"), **dict(_states(workshop_pages.versions(rows, of, key), drawn=True))}
    told = {
        "names": [names.get(which, which) for which in sides],
        "left": {"content": outward(left, of)},
        "right": {"content": outward(right, of)},
        "changes": [
            {"element": one.element_id, "kind": one.kind, "words": one.en if language() == "en" else one.zh}
            for one in changes
        ],
    }
    return render_template("workshop/compare.html", current=current, kind=kind, difference=told)


@pages.get("/<kind>/<key>/export")
def export(kind: str, key: str) -> ResponseReturnValue:
    """Give one state of a file to keep: `copy` (default), `force`, or a version's number."""
    of = _kind(kind)
    which = request.args.get("which", "copy")[:12]
    with read_only() as rows:
        text = workshop_pages.content_of(rows, of, key, which)
    if text is None:
        raise NotFound
    return download(text, f"{key}.{of}")


@pages.post("/new")
def create() -> ResponseReturnValue:
    """Begin a file: empty, or as a copy of another under an id of its own."""
    kind = request.form.get("kind", "")
    of = _kind(kind)
    key, name = request.form.get("key", "").strip(), request.form.get("name", "").strip()
    try:
        with unit_of_work() as rows:
            like = workshop_pages.content_of(rows, of, request.form.get("like", ""), "copy")
            new_files.begin(rows, of, key, name=name, like=like, by=actor(), now=clock.now())
    except DiagramNotExecutable as refused:
        flash(said(refused.findings[0]), "over")
        return redirect(url_for("workshop.index"))
    return redirect(url_for("workshop.edit", kind=kind, key=key))


@pages.post("/<kind>/<key>/reset")
def reset(kind: str, key: str) -> ResponseReturnValue:
    """Go back to the version in force; what was drawn stays among the saves."""
    with unit_of_work() as rows:
        working_copies.reset(rows, _kind(kind), key, by=actor(), now=clock.now())
    flash(_("工作稿已恢复为现行版本，先前所画仍留在保存记录里。"), "done")
    return redirect(url_for("workshop.edit", kind=kind, key=key))


@pages.post("/<kind>/<key>/revisions/<int:revision_id>")
def take_back(kind: str, key: str, revision_id: int) -> ResponseReturnValue:
    """Make an earlier or kept save the working copy again."""
    with unit_of_work() as rows:
        copy = working_copies.take_back(rows, _kind(kind), key, revision_id, by=actor(), now=clock.now())
        revision = copy.revision
    if wants_json():
        return jsonify(revision=revision)
    flash(_("已取回这一份作为工作稿。"), "done")
    return redirect(url_for("workshop.edit", kind=kind, key=key))


def _kind(name: str) -> str:
    if name not in KINDS:
        raise NotFound
    return KINDS[name]
