"""One task: opened, claimed, drafted, completed; two versions of a draft side by side."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app import clock
from app.domain.papers.sheet import Sheet
from app.domain.roles import ROLES, OrganisationKind
from app.errors import AlreadyDone, NotFound, NotPermitted, RegulationViolation
from app.form_schema import Table
from app.queries import people_pages, task_pages
from app.queries import task as rows_of
from app.queries.inbox_pages import due_day
from app.queries.ledger_rows import working_days_late
from app.queries.scope import judges_only, sees_money
from app.services import audiences, handed_in, refused_attempts, secret_purge, task_forms, user_tasks
from app.services.papers import previews
from app.services.task_forms import Paper, TaskContent
from app.unit_of_work import forget_deleted, read_only, unit_of_work
from app.web import due_notice, paper_sheets, refusals, traces, untrusted, verbs, working_days
from app.web.after_commit import settle
from app.web.attachments import blobs
from app.web.errors import page as error_page
from app.web.errors import sentence
from app.web.filters import short_moment
from app.web.identity import Reader, local_path, reader
from app.web.inbox import call_to_mind, kept
from app.web.language import language
from app.web.untrusted import posted_row

pages = Blueprint("tasks", __name__, url_prefix="/tasks")

KINDS_OF_PROCESS = {
    "p01_annual_plan": ("plan",),
    "p01u_unit_plan": ("plan",),
    "p02_review": ("materials",),
    "p03a_investment": ("industry_opinion",),
    "p03a_opinion": ("industry_opinion",),
    "p06_procurement": ("contract", "contract_notice", "contract_filing"),
    "p09_acceptance": ("acceptance", "rectification", "acceptance_filing"),
    "p10_extension": ("acceptance",),
    "p11_payment": ("payment",),
    "p13_om": ("om_application",),
    "p14_evaluation": ("evaluation_ends", "evaluation_rectification"),
    "p15_inspection": ("order",),
    "p16_audit": ("audit", "documents"),
    "p18_not_started": ("start_of_work",),
}
"""Process → the deadlines whose day-count stands beside its tasks."""

SHOWN_NAMES = 5
DRAFT = "草稿"
"""What stands across a paper that nobody has signed."""
NO_DRAFT = "f01"
"""The question about state secrets keeps no draft (第三十四条)."""


@pages.get("/<int:task_id>")
def show(task_id: int) -> ResponseReturnValue:
    """Show a task with its form; 404 for who is not in its audience, 409 when it has been done."""
    who, now = reader(), clock.now()
    with read_only() as rows:
        frame = task_pages.frame(rows, task_id)
        if frame is None:
            raise NotFound
        if frame.status == "completed" and frame.ended_by == who.person.id:
            return _done(rows, who, frame)
        if not frame.audiences & who.audiences:
            return _not_hers(rows, who, task_id)
        content = task_forms.open_content(rows, task_id, by=who.actor, now=now, language=language())
        page = _page(rows, who, frame, content, now=now)
        papers = traces.papers(rows, who, content.papers, content.project_id)
        names = task_pages.file_names(rows, _files_of(papers))
        drafted = _paper(rows, who, task_id)
    config = _config(page, content, who) if content.form else None
    bar = due_notice.of(
        page.workings,
        today=now.date(),
        project_no=page.project.no if page.project else "",
        roles=who.person.roles,
        process_id=page.process_id,
    )
    return render_template(
        "tasks/show.html", task=page, config=config, kept=kept(), errors=None, papers=papers,
        draft_restored=bool(page.draft), bar=bar, names=names, sheet=drafted,
        may_say=page.project is not None and not judges_only(who.person),
    )  # fmt: skip


@pages.get("/<int:task_id>/paper")
def paper(task_id: int) -> ResponseReturnValue:
    """Show the paper as it would look with what has been typed and saved: alone on A4, or `?part=1` for beside."""
    who = reader()
    with read_only() as rows:
        frame = task_pages.frame(rows, task_id)
        if frame is None or not frame.audiences & who.audiences:
            raise NotFound
        drafted = _paper(rows, who, task_id)
    if drafted is None:
        raise NotFound
    if request.args.get("part") == "1":
        return render_template("papers/_sheet.html", sheet=drafted)
    return paper_sheets.printed(drafted, back=url_for("tasks.show", task_id=task_id))


def _paper(rows: Session, who: Reader, task_id: int) -> Sheet | None:
    """Return the paper that a task drafts or signs, as it would look now; None where it makes none."""
    content = previews.of_task(rows, task_id, by=who.actor, now=clock.now())
    if content is None:
        return None
    unit_id = task_pages.unit_of(rows, task_id)
    return paper_sheets.made(content, target="", prices=sees_money(who.person, unit_id), mark=DRAFT, draft=True)


def _done(rows: Session, who: Reader, frame: task_pages.TaskFrame) -> ResponseReturnValue:
    """Show a task that the reader has done: what she handed in, when, and where it has gone since."""
    paper = handed_in.of_task(rows, frame.id, language=language())
    project = task_pages.project_facts(rows, who.person, frame.project_id) if frame.project_id else None
    history, total = traces.story(rows, who, project_id=frame.project_id, instance_id=frame.instance_id)
    names = task_pages.file_names(rows, _files_of((paper,) if paper else ()))
    return render_template(
        "tasks/done.html",
        task=frame,
        paper=paper,
        names=names,
        project=project,
        history=history,
        history_total=total,
        kept=kept(),
    )


def _files_of(papers: Iterable[Paper]) -> set[str]:
    found: set[str] = set()
    for paper in papers:
        for line in paper.lines:
            cells = [cell for row in line.rows for cell in row] if isinstance(line, Table) else [line]
            found.update(key for cell in cells for key in cell.attachments)
    return found


def _not_hers(rows: Session, who: Reader, task_id: int) -> ResponseReturnValue:
    """Say who has done the task, or that there is none; open_task knows which she may hear.

    What she had typed into it and could not hand in any more is shown to her.
    """
    try:
        user_tasks.open_task(rows, task_id, by=who.actor, to_act=False)
    except AlreadyDone as closed:
        unsent = handed_in.not_submitted(rows, task_id, by=who.actor, language=language())
        if unsent is None:
            raise
        names = task_pages.file_names(rows, _files_of((unsent,)))
        return error_page(closed.status, text=sentence(closed), unsent=unsent, names=names)
    raise NotFound


def _page(
    rows: Session, who: Reader, frame: task_pages.TaskFrame, content: TaskContent, *, now: datetime
) -> rows_of.TaskPage:
    project = task_pages.project_facts(rows, who.person, content.project_id) if content.project_id else None
    history, total = traces.story(rows, who, project_id=content.project_id, instance_id=frame.instance_id)
    mine = frame.assignee_id == who.person.id
    stands_in = audiences.on_behalf_of(frame.audiences, who.actor)
    draft = None
    if content.form and content.form.draft_saved_at:
        draft = rows_of.Draft(content.form.draft_saved_at, who.person.name, content.form.draft_revision)
    view = (
        rows_of.FormView(content.form.form_id, content.form.title, content.form.version, content.form.schema)
        if content.form
        else None
    )
    role = next((role for role in frame.roles if role in who.person.roles), "")
    due_on = due_day(frame.due_at)
    workings = task_pages.workings(rows, frame, KINDS_OF_PROCESS.get(frame.process_id, ()))
    timed = next((one for one in workings if one.due_on == due_on), None)
    return rows_of.TaskPage(
        id=frame.id,
        name=frame.name,
        revision=frame.revision,
        process_id=frame.process_id,
        process_name=frame.process_name,
        process_version=frame.process_version,
        instance_id=frame.instance_id,
        form=view,
        documentation=frame.documentation,
        role=role,
        on_behalf_of=stands_in.name if stands_in else "",
        submit_label=verbs.submit(view.form_id, view.title, role) if view else _("办结"),
        submit_labels=verbs.by_answer(view.form_id) if view else {},
        claimed_by=frame.assignee if frame.claimed else "",
        claimed_by_me=mine and frame.claimed,
        may_act=frame.assignee_id is None or mine or stands_in is not None,
        due_on=due_on,
        working_days_late=_working_days_late(frame, timed, due_on, now.date()),
        colleagues=() if stands_in else task_pages.colleagues_of(rows, who.person, frame),
        keeps_draft=view is not None and view.form_id != NO_DRAFT,
        draft=draft,
        refusals=refusals.rows(content.refusals, project_no=project.no if project else "", you=_own_roles(who, frame)),
        workings=workings,
        project=project,
        path=task_pages.path(rows, frame),
        history=_with_draft(history, draft),
        history_total=total,
        attachments=task_pages.attachments(rows, frame, content.form.data) if content.form else (),
    )


def _working_days_late(
    frame: task_pages.TaskFrame, timed: rows_of.Workings | None, due_on: date | None, today: date
) -> int | None:
    if timed is not None:
        return working_days_late(timed.kind, timed.due_on, today, working_days.calendar())
    if due_on is None or due_on >= today or not frame.properties.get("days"):
        return None
    return working_days.calendar().working_days_between(due_on, today)


def _own_roles(who: Reader, frame: task_pages.TaskFrame) -> frozenset[str]:
    """Return the roles in which the reader acts on this task's project: those of a unit only in her own."""
    if frame.unit_id == who.person.organisation_id:
        return who.person.roles
    return frozenset(role for role in who.person.roles if ROLES[role].organisation is not OrganisationKind.UNIT)


def _with_draft(history: tuple[rows_of.HistoryRow, ...], draft: rows_of.Draft | None) -> tuple[rows_of.HistoryRow, ...]:
    if draft is None:
        return history
    return (rows_of.HistoryRow(draft.saved_at, draft.saved_by, _("存了草稿，尚未提交"), "now"), *history)


def _config(page: rows_of.TaskPage, content: TaskContent, who: Reader) -> dict[str, object]:
    assert content.form is not None  # noqa: S101 -- asked by the caller
    files = {
        one.id: {
            "name": one.name,
            "size": one.size,
            "url": url_for("attachments.download", attachment_id=one.id),
            "note": f"{short_moment(one.uploaded_at)} {one.uploaded_by}",
        }
        for one in page.attachments
    }
    return {
        "taskId": page.id,
        "person": who.person.id,
        "revision": page.revision,
        "draftRevision": content.form.draft_revision,
        "mayAct": page.may_act,
        "complete": url_for("tasks.complete", task_id=page.id, **kept()),
        "draft": "" if content.form.form_id == NO_DRAFT else url_for("tasks.draft", task_id=page.id),
        "compare": url_for("tasks.compare", task_id=page.id),
        "upload": url_for("attachments.upload", task_id=page.id),
        "schema": content.form.schema,
        "data": content.form.data,
        "files": files,
        "labels": page.submit_labels,
        "refusals": len(page.refusals),
    }


@pages.post("/<int:task_id>/complete")
def complete(task_id: int) -> ResponseReturnValue:
    """Complete a task; whatever refuses, the task is still open and nothing is lost."""
    hand_in(task_id, _values())
    flash(_("已提交，任务办结。"), "done")
    address = url_for("inbox.index", **kept())
    return jsonify(url=address) if request.is_json else redirect(address)


def hand_in(task_id: int, values: Mapping[str, object]) -> None:
    """Complete a task in one transaction; what the regulation refuses is logged in another, and raised."""
    by, now = reader().actor, clock.now()
    try:
        with unit_of_work() as rows:
            user_tasks.complete(rows, task_id, values, by=by, now=now)
            settle(rows)
    except RegulationViolation as refused:
        with unit_of_work() as rows:
            refused_attempts.record(rows, task_id, refused.refusals, by=by, now=now)
            refused.project_no = task_pages.project_no(rows, task_id)
        raise


def _values() -> Mapping[str, object]:
    """Return the posted answers; a task without a form is posted by a plain button and has none."""
    return untrusted.posted_values() if request.is_json else {}


@pages.post("/<int:task_id>/purge")
def purge(task_id: int) -> ResponseReturnValue:
    """Erase a plan item whose content turns out to be a state secret, here and in the browser (第三十四条)."""
    with unit_of_work() as rows:
        secret_purge.purge(rows, task_id, blobs=blobs(), by=reader().actor, now=clock.now())
    forget_deleted()
    flash(_("已清除全部内容，系统没有留存。请按保密规定另行办理。"), "done")
    response = redirect(url_for("inbox.index"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@pages.post("/<int:task_id>/draft")
def draft(task_id: int) -> ResponseReturnValue:
    """Keep what has been typed, valid or not."""
    values, revision = untrusted.posted_values(), untrusted.posted_json().get("revision")
    now = clock.now()
    try:
        with unit_of_work() as rows:
            stored = user_tasks.save_draft(
                rows,
                task_id,
                values,
                by=reader().actor,
                now=now,
                revision=revision if isinstance(revision, int) else None,
            )
    except AlreadyDone as changed:
        return jsonify(message=sentence(changed), url=url_for("tasks.compare", task_id=task_id)), 409
    return jsonify(revision=stored, time=f"{now:%H:%M}")


@dataclass(frozen=True)
class ComparedField:
    """One field in both versions."""

    label: str
    mine: str
    theirs: str

    @property
    def differs(self) -> bool:
        """Whether the two say different things."""
        return self.mine != self.theirs


@pages.post("/<int:task_id>/draft/compare")
def compare(task_id: int) -> ResponseReturnValue:
    """Show this window's answers beside the stored draft."""
    who = reader()
    mine = untrusted.parsed(request.form.get("mine", ""))
    with read_only() as rows:
        frame, stored = task_pages.frame(rows, task_id), task_pages.draft(rows, task_id, who.person.id)
        if frame is None or stored is None:
            raise NotFound
        content = task_forms.open_content(rows, task_id, by=who.actor, now=clock.now(), language=language())
    schema = content.form.schema if content.form else {}
    conflict = rows_of.DraftConflict(task_id, frame.name, schema, mine, stored)
    fields = [
        ComparedField(label, _plain(mine.get(key)), _plain(stored.answers.get(key)))
        for key, label in _labels(schema).items()
    ]
    return render_template(
        "tasks/conflict.html", conflict=conflict, rows=fields, mine=json.dumps(mine, ensure_ascii=False)
    )


def _labels(schema: Mapping[str, object]) -> dict[str, str]:
    found: dict[str, str] = {}
    components = schema.get("components")
    for one in components if isinstance(components, list) else ():
        key = one.get("key") or one.get("path")
        if key and one.get("type") != "group":
            found[str(key)] = str(one.get("label") or one.get("dateLabel") or key)
        elif isinstance(one.get("components"), list):
            found |= _labels(one)
    return found


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@pages.post("/<int:task_id>/draft/choose")
def choose_draft(task_id: int) -> ResponseReturnValue:
    """Keep one of the two versions and go back to the form."""
    if request.form.get("keep") == "mine":
        mine = untrusted.parsed(request.form.get("mine", ""))
        with unit_of_work() as rows:
            user_tasks.save_draft(
                rows, task_id, mine, by=reader().actor, now=clock.now(),
                revision=request.form.get("revision", type=int),
            )  # fmt: skip
    return redirect(url_for("tasks.show", task_id=task_id))


@pages.post("/<int:task_id>/claim")
def claim(task_id: int) -> ResponseReturnValue:
    """Take a task for oneself."""
    with unit_of_work() as rows:
        user_tasks.claim(rows, task_id, by=reader().actor, now=clock.now())
    flash(_("已领取，这项任务归你办。"), "done")
    return redirect(url_for("tasks.show", task_id=task_id, **kept()))


@pages.post("/<int:task_id>/release")
def release(task_id: int) -> ResponseReturnValue:
    """Give a task back to its role."""
    with unit_of_work() as rows:
        user_tasks.release(rows, task_id, by=reader().actor, now=clock.now())
    flash(_("已放回，同一角色的人都能看到。"), "done")
    return redirect(url_for("inbox.index", **kept()))


@pages.post("/<int:task_id>/reassign")
def reassign(task_id: int) -> ResponseReturnValue:
    """Hand a task over to another holder of its role."""
    person = posted_row("person")
    if not person:
        raise NotFound
    with unit_of_work() as rows:
        user_tasks.reassign(rows, task_id, to_person=person, by=reader().actor, now=clock.now())
        name = people_pages.name_of(rows, person)
    flash(_("已转办给%(name)s。", name=name), "done")
    return redirect(url_for("inbox.index", **kept()))


@pages.post("/<int:task_id>/remind")
def remind(task_id: int) -> ResponseReturnValue:
    """Call the task to the mind of those who can do it, at most once a day."""
    try:
        names = call_to_mind(task_id)
    except (AlreadyDone, NotPermitted) as refused:
        flash(sentence(refused), "due")
    else:
        flash(_("已催办%(names)s。", names=_("、").join(names[:SHOWN_NAMES])), "done")
    return redirect(local_path(request.form.get("back")) or url_for("inbox.index"))
