"""One's own order in the inbox: kept filters, tasks put off, the list as a workbook."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.errors import AlreadyDone, NotFound, NotPermitted, Refused
from app.queries import inbox_pages
from app.queries.inbox import InboxRow
from app.services import putting_off, register_views
from app.unit_of_work import read_only, unit_of_work
from app.web import words, workbooks, working_days
from app.web.cells import Written
from app.web.errors import sentence
from app.web.filters import drawn, full_width
from app.web.identity import reader
from app.web.inbox import asked, kept

pages = Blueprint("worklist", __name__)


@pages.post("/inbox/views")
def keep_view() -> ResponseReturnValue:
    """Keep the filter of the address under a name."""
    try:
        with unit_of_work() as rows:
            register_views.keep(
                rows, inbox_pages.VIEWS, request.form.get("name", ""), query=urlencode(kept()),
                shared=request.form.get("shared") == "1", by=reader().actor, now=clock.now(),
            )  # fmt: skip
    except Refused as refused:
        flash(sentence(refused), "over")
    else:
        flash(_("筛选已保存。"), "done")
    return redirect(url_for("inbox.index", **kept()))


@pages.post("/inbox/views/<int:view_id>/discard")
def discard_view(view_id: int) -> ResponseReturnValue:
    """Delete one of the reader's own kept filters."""
    with unit_of_work() as rows:
        register_views.discard(rows, view_id, by=reader().actor)
    return redirect(url_for("inbox.index", **kept()))


@pages.post("/tasks/<int:task_id>/put-off")
def put_off(task_id: int) -> ResponseReturnValue:
    """Put a task off until a day, or take it up again at once."""
    who, text = reader().actor, request.form.get("until", "")
    try:
        with unit_of_work() as rows:
            if text:
                putting_off.put_off(rows, task_id, _day(text), by=who, now=clock.now())
            else:
                putting_off.take_up(rows, task_id, by=who)
    except (NotFound, NotPermitted, AlreadyDone):
        raise
    except Refused as refused:
        flash(sentence(refused), "due")
    else:
        flash(_("已搁到 %(day)s，时限不变。", day=text) if text else _("已取回，照常排列。"), "done")
    return redirect(url_for("inbox.index", **kept()))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("请选明天或者以后的日子。") from None


@pages.get("/inbox/workbook")
def workbook() -> ResponseReturnValue:
    """Hand out the tasks that the filter finds as a workbook, in the order of the inbox."""
    who, now = reader(), clock.now()
    calendar = working_days.calendar()
    with read_only() as rows:
        found = inbox_pages.listed(rows, who.person, who.audiences, asked(), now=now, calendar=calendar)
    today = now.date()
    groups = {
        "today": _("今日到期"), "overdue": _("逾期"), "week": _("本周"), "later": _("之后"), "aside": _("搁到以后"),
    }  # fmt: skip
    paper = workbooks.Paper(
        title=_("待办清单"),
        note=_(
            "%(who)s，截至 %(day)s，共 %(count)s 件。", who=who.person.name, day=today.isoformat(), count=len(found)
        ),
        headings=[
            workbooks.Heading(label, width)
            for label, width in (
                (_("分类"), 10),
                (_("时限"), 12),
                (_("事项"), 24),
                (_("项目编号"), 18),
                (_("项目"), 36),
                (_("单位"), 16),
                (_("流程"), 20),
                (_("为何给我"), 20),
                (_("搁到"), 12),
            )
        ],
    )
    lines = [[groups[group], *_cells(row)] for group, row in found]
    return workbooks.download(paper, lines, name=f"{_('待办清单')}-{today:%Y%m%d}")


def _cells(row: InboxRow) -> list[Written]:
    return [
        row.due_on or "", drawn(row.name), row.project_no, full_width(row.project_name) or drawn(row.subject), row.unit,
        drawn(row.process_name), _why(row), row.put_off_until or "",
    ]  # fmt: skip


def _why(row: InboxRow) -> str:
    if row.claimed_by_me:
        return _("我已领取")
    if row.on_behalf_of:
        return _("代 %(name)s", name=row.on_behalf_of)
    return words.name_of(words.ROLES, row.role)
