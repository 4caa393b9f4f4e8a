"""一起签批: several tasks of one step signed in one go, each judged and written by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app import clock
from app.domain import signing_together
from app.errors import AlreadyDone, InvalidAnswers, NotFound, Refused, RegulationViolation
from app.form_schema import Row
from app.queries import task_pages
from app.queries.diagram_graph import Drawn
from app.services import audiences, task_forms, user_tasks
from app.services.task_forms import Paper
from app.unit_of_work import read_only, unit_of_work
from app.web import refusals, traces
from app.web.errors import sentence
from app.web.filters import fill
from app.web.identity import Reader, reader
from app.web.inbox import chosen, kept
from app.web.language import language
from app.web.tasks import hand_in

pages = Blueprint("signing", __name__, url_prefix="/inbox/sign")

RESULTS = ("同意", "退回", "不同意")
LONGEST_LINE = 24
SHOWN_LINES = 5


@dataclass(frozen=True)
class Signature:
    """One line of the table: what would be signed, or why it cannot be signed here; and what became of it."""

    task_id: int
    name: Drawn
    step: tuple[str, str]
    """Process and element: what is signed together belongs to one step."""
    project: str = ""
    project_no: str = ""
    unit: str = ""
    by: str = ""
    """Who filled in what is signed."""
    lines: tuple[Row, ...] = ()
    on_behalf_of: str = ""
    apart: str = ""
    """Why it is not signed together with the others."""
    refused: tuple[str, ...] = ()
    signed: bool = False


@pages.get("")
def index() -> ResponseReturnValue:
    """Show what would be signed, each with what forbids it; nothing is written."""
    return _page(_table(chosen(request.args.getlist("task"))), {})


@pages.post("/chosen")
def choose() -> ResponseReturnValue:
    """Lead from the ticked rows of the inbox to what would be signed."""
    return redirect(url_for("signing.index", task=chosen(request.form.getlist("task")), **kept()))


def _page(table: tuple[Signature, ...], typed: Mapping[str, str], *, done: bool = False) -> ResponseReturnValue:
    return render_template(
        "inbox/sign.html", table=table, typed=typed, done=done, results=RESULTS, kept=kept(),
        ready=sum(not one.apart for one in table), signed=sum(one.signed for one in table),
    )  # fmt: skip


def _table(ids: Iterable[int]) -> tuple[Signature, ...]:
    who, now = reader(), clock.now()
    table: list[Signature] = []
    with read_only() as rows:
        for task_id in ids:
            frame = task_pages.frame(rows, task_id)
            if frame is None or frame.status != "open" or not frame.audiences & who.audiences:
                continue
            table.append(_line(rows, who, frame, now))
    first = next((one.step for one in table if not one.apart), None)
    return tuple(
        one if one.apart or one.step == first else replace(one, apart=_("和其他所选的不是同一步，请分开签。"))
        for one in table
    )


def _line(rows: Session, who: Reader, frame: task_pages.TaskFrame, now: datetime) -> Signature:
    project = task_pages.project_facts(rows, who.person, frame.project_id) if frame.project_id else None
    absent = audiences.on_behalf_of(frame.audiences, who.actor)
    line = Signature(
        frame.id, frame.name, (frame.process_id, frame.element_id),
        project=project.name if project else "", project_no=project.no if project else "",
        unit=project.unit if project else "", on_behalf_of=absent.name if absent else "",
    )  # fmt: skip
    if not signing_together.allowed(frame.form_id, frame.properties):
        return replace(line, apart=_("这一步要逐份阅读，请打开后单独办理。"))
    if frame.claimed and frame.assignee_id != who.person.id and absent is None:
        return replace(line, apart=_("%(name)s 已领取", name=frame.assignee))
    content = task_forms.open_content(rows, frame.id, by=who.actor, now=now, language=language())
    papers = traces.papers(rows, who, content.papers, content.project_id)
    signed = next((paper for paper in papers if paper.signed), None)
    if signed is None:
        return replace(line, apart=_("没有待签的表单。"))
    said = tuple(fill(one.message, one.values) for one in content.refusals)
    return replace(line, lines=_short(signed), by=signed.by, refused=said)


def _short(paper: Paper) -> tuple[Row, ...]:
    """Return the answers that fit a line, amounts first."""
    short = [one for one in paper.lines if isinstance(one, Row) and one.value and len(one.value) <= LONGEST_LINE]
    return tuple(sorted(short, key=lambda one: one.kind != "money")[:SHOWN_LINES])


@pages.post("")
def sign() -> ResponseReturnValue:
    """Sign each chosen task in a transaction of its own; one that is refused stays open, with a draft of the words."""
    typed = {"result": request.form.get("result", ""), "opinion": request.form.get("opinion", "")[:500].strip()}
    table = _table(chosen(request.form.getlist("task")))
    if not table:
        raise NotFound
    done = tuple(one if one.apart else _signed(one, typed) for one in table)
    if all(one.apart or one.refused for one in done):
        return _page(done, typed)
    return _page(done, {}, done=True)


def _signed(one: Signature, typed: Mapping[str, str]) -> Signature:
    try:
        hand_in(one.task_id, typed)
    except RegulationViolation as refused:
        said = tuple(row.sentence for row in refusals.rows(refused.refusals, project_no=one.project_no))
    except InvalidAnswers:
        said = (_("请选择结果，并写明至少两个字的意见。"),)
    except AlreadyDone as done:
        return replace(one, apart=sentence(done), refused=())
    except Refused as refused:
        said = (sentence(refused),)
    else:
        return replace(one, signed=True, refused=())
    _keep_draft(one.task_id, typed)
    return replace(one, refused=said)


def _keep_draft(task_id: int, typed: Mapping[str, str]) -> None:
    """Keep the words of a refused signature, so that whoever opens the task finds them."""
    with unit_of_work() as rows:
        user_tasks.save_draft(rows, task_id, typed, by=reader().actor, now=clock.now())
