"""Official papers: the register of numbers, one paper with print page and Word file, and voiding by two people."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.domain.papers import KINDS
from app.domain.papers import content as contents
from app.domain.papers.sheet import Sheet
from app.errors import NotFound, NotPermitted, Refused
from app.queries import day_tables, paper_pages
from app.queries.paper_pages import PaperFound, RegisterFilter
from app.queries.scope import kinds_of
from app.services import papers as services
from app.services.papers import template_release, templates, voiding, word
from app.unit_of_work import read_only, unit_of_work
from app.web import paper_sheets, untrusted
from app.web.errors import sentence
from app.web.identity import reader
from app.web.prints import BESIDE

pages = Blueprint("papers", __name__, url_prefix="/papers")
STATUSES = ("", "asked", "void")
MARKS = {"void": "作废", "superseded": "已重新印发"}
"""What stands across a paper that is no longer in force."""


@pages.get("")
def index() -> ResponseReturnValue:
    """Show the register of papers that the reader may see, with voided numbers among them."""
    status = request.args.get("status", "")
    asked = RegisterFilter(
        kind=request.args.get("kind", "")[:8],
        year=untrusted.whole("year") or None,
        text=request.args.get("q", "")[:60].strip(),
        status=status if status in STATUSES else "",
        cursor=untrusted.whole("cursor") or None,
    )
    with read_only() as rows:
        page = paper_pages.register(rows, reader().person, asked)
    who = reader().person
    return render_template(
        "papers/index.html",
        page=page,
        kinds=KINDS,
        tables=day_tables.TABLES if kinds_of(who) - BESIDE else (),
        may_change=bool(template_release.MAY_UPLOAD & who.roles or template_release.MAY_RELEASE & who.roles),
    )


@pages.get("/<int:paper_id>")
def show(paper_id: int) -> ResponseReturnValue:
    """Show one paper as it was signed, whether its hash still fits, and what has happened to it since."""
    found, who = _found(paper_id), reader()
    asked = found.row.asked
    roles = who.person.roles
    asker = next((mark.by_id for mark in reversed(found.marks) if mark.act == "void_asked"), None)
    return render_template(
        "papers/show.html",
        found=found,
        kind=KINDS[found.row.kind],
        intact=contents.sha256(found.content) == found.content_sha256,
        sheet=_sheet(found),
        binding=found.row.kind in voiding.BINDING,
        may_ask=voiding.may_ask(found.row.kind, roles) and not asked and found.row.status == "valid",
        may_decide=asked and voiding.may_decide(found.row.kind, roles) and asker != who.person.id,
    )


@pages.get("/<int:paper_id>/print")
def printed(paper_id: int) -> ResponseReturnValue:
    """Show the paper alone, on A4."""
    found = _found(paper_id)
    return paper_sheets.printed(_sheet(found), back=url_for("papers.show", paper_id=paper_id))


@pages.get("/<int:paper_id>/docx")
def docx(paper_id: int) -> ResponseReturnValue:
    """Give the paper as a Word file, written with the version of the template that was in force at signing."""
    found = _found(paper_id)
    with read_only() as rows:
        template = templates.source_of(rows, found.row.kind, found.template_id)
    content = contents.from_json(found.content)
    body = word.render(
        template, content, address=_address(paper_id), prices=found.prices, mark=MARKS.get(found.row.status, "")
    )
    name = f"{found.row.number or found.row.kind} {found.row.title}.docx"
    return paper_sheets.download(body, name)


def _found(paper_id: int) -> PaperFound:
    with read_only() as rows:
        found = paper_pages.find(rows, reader().person, paper_id)
    if found is None:
        raise NotFound
    return found


def _address(paper_id: int) -> str:
    return paper_sheets.address(url_for("papers.show", paper_id=paper_id))


def _sheet(found: PaperFound) -> Sheet:
    content = contents.from_json(found.content)
    return paper_sheets.made(
        content, target=_address(found.row.id), prices=found.prices, mark=MARKS.get(found.row.status, "")
    )


@pages.post("/<int:paper_id>/void")
def ask_void(paper_id: int) -> ResponseReturnValue:
    """Ask that a paper be voided, with a reason."""
    return _tried(paper_id, lambda rows: services.ask_void(
        rows, paper_id, reason=request.form.get("reason", "")[:400], by=reader().actor, now=clock.now()
    ), _("已提出作废，由另一位领导决定。"))  # fmt: skip


@pages.post("/<int:paper_id>/void/decide")
def decide_void(paper_id: int) -> ResponseReturnValue:
    """Void the paper or leave it valid, as a second person."""
    agreed = request.form.get("agreed") == "1"
    return _tried(paper_id, lambda rows: services.decide_void(
        rows, paper_id, agreed=agreed, by=reader().actor, now=clock.now()
    ), _("文书已作废，文号保留。") if agreed else _("不同意作废，文书继续有效。"))  # fmt: skip


def _tried(paper_id: int, act: object, done: str) -> ResponseReturnValue:
    _found(paper_id)
    try:
        with unit_of_work() as rows:
            act(rows)  # type: ignore[operator]
    except (NotPermitted, Refused) as refused:
        flash(sentence(refused), "due")
    else:
        flash(done, "done")
    return redirect(url_for("papers.show", paper_id=paper_id))
