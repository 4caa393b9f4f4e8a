"""Remarks at a task or a project, with those whom they name."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app import clock
from app.domain import mentions
from app.errors import NotFound, Refused
from app.queries import project_files, remark_rows, task_pages
from app.services import remarks
from app.unit_of_work import read_only, unit_of_work
from app.web.errors import sentence
from app.web.identity import reader
from app.web.inbox import kept

pages = Blueprint("remarks", __name__)


@pages.post("/tasks/<int:task_id>/remark")
def at_task(task_id: int) -> ResponseReturnValue:
    """Say something at a task that is the reader's."""
    who, back = reader(), url_for("tasks.show", task_id=task_id, **kept())
    with read_only() as rows:
        frame = task_pages.frame(rows, task_id)
        if frame is None or not (frame.audiences & who.audiences or frame.ended_by == who.person.id):
            raise NotFound
        project_id = frame.project_id
    return _said(project_id, task_id, back)


@pages.post("/projects/<no>/remark")
def at_project(no: str) -> ResponseReturnValue:
    """Say something about a project that the reader sees."""
    with read_only() as rows:
        found = project_files.find(rows, reader().person, no)
        project_id = found.id if found is not None else None
    return _said(project_id, None, url_for("projects.show", no=no, tab="trace"))


def _said(project_id: int | None, task_id: int | None, back: str) -> ResponseReturnValue:
    who, words = reader(), request.form.get("words", "")
    try:
        with unit_of_work() as rows:
            seen = _seen(rows, project_id)
            told = _named(rows, words, seen)
            remarks.say(rows, seen, words, told=told, task_id=task_id, by=who.actor, now=clock.now())
    except NotFound:
        raise
    except Refused as refused:
        again = render_template(
            "remarks/again.html", error=sentence(refused), words=words, back=back, action=request.path
        )
        return again, refused.status
    flash(_("已留言，已知会 %(count)s 人。", count=len(told)) if told else _("已留言。"), "done")
    return redirect(back)


def _seen(rows: Session, project_id: int | None) -> int:
    """Return the project if the reader may say something about it; raise NotFound."""
    if project_id is None or not remark_rows.may_say(rows, reader().person, project_id):
        raise NotFound
    return project_id


def _named(rows: Session, words: str, project_id: int) -> list[int]:
    """Return whom the words name; raise Refused for a name that nobody has, or nobody who sees the project."""
    written = mentions.written(words)
    if len(written) > mentions.MOST:
        raise Refused("一条留言最多提到 %(most)s 人。", most=mentions.MOST)
    known = remark_rows.named(rows, {part for text in written for part in mentions.candidates(text)})
    seen = remark_rows.who_see(rows, {key for people in known.values() for key, _name in people}, project_id)
    told: list[int] = []
    for text in written:
        name = next((part for part in mentions.candidates(text) if part in known), "")
        people = [key for key, _name in known.get(name, ()) if key in seen]
        if not people:
            raise Refused("没有看得到这个项目的“%(name)s”，不能提到；请写本系统里的姓名或者用户名。", name=name or text)
        if len(people) > 1:
            raise Refused("有 %(count)s 位“%(name)s”看得到这个项目，请写用户名。", count=len(people), name=name)
        told.extend(people)
    return told
