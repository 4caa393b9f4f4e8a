"""Files: taken the moment they are chosen, given only to those who may see the task or the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, jsonify, request, send_file, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.errors import NotFound, NotPermitted
from app.queries import attachment_access, task_pages
from app.services import attachments, audiences
from app.unit_of_work import read_only, unit_of_work
from app.web.filters import short_moment
from app.web.headers import DOWNLOAD_POLICY
from app.web.identity import reader

if TYPE_CHECKING:
    from app.services.attachments import BlobStore

pages = Blueprint("attachments", __name__)


def blobs() -> BlobStore:
    """Return this installation's blob store."""
    return attachments.LocalBlobs(current_app.config["SETTINGS"].blobs)


@pages.post("/tasks/<int:task_id>/attachments")
def upload(task_id: int) -> ResponseReturnValue:
    """Take one file for a field of a task's form."""
    who, file = reader(), request.files.get("file")
    if file is None or not file.filename:
        raise attachments.NotAccepted("没有收到文件。")
    with unit_of_work() as rows:
        task = task_pages.frame(rows, task_id)
        if task is None or not task.audiences & who.audiences:
            raise NotFound
        if task.assignee_id not in {None, who.person.id} and not audiences.on_behalf_of(task.audiences, who.actor):
            raise NotPermitted("%(who)s正在办理这项任务。", who=task.assignee)
        row = attachments.keep(
            rows,
            blobs(),
            name=file.filename,
            source=file.stream,
            task_id=task_id,
            project_id=task.project_id,
            field=request.form.get("field", ""),
            by=who.actor,
            now=clock.now(),
            limit=current_app.config["SETTINGS"].upload_limit,
        )
        answer = {
            "id": row.id,
            "name": row.name,
            "size": row.size,
            "url": url_for("attachments.download", attachment_id=row.id),
            "note": f"{short_moment(row.uploaded_at)} {who.person.name}",
        }
    return jsonify(answer)


@pages.get("/attachments/<attachment_id>")
def download(attachment_id: str) -> ResponseReturnValue:
    """Give a file as a download, never to be shown or run inside the site."""
    who = reader()
    with read_only() as rows:
        if not attachment_access.may_read(rows, who.person, who.audiences, attachment_id):
            raise NotFound
        row = attachments.find(rows, attachment_id)
        sha256, name, media_type = row.sha256, row.name, row.media_type
    response = send_file(blobs().open(sha256), mimetype=media_type, as_attachment=True, download_name=name, etag=sha256)
    response.headers["Content-Security-Policy"] = DOWNLOAD_POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response
