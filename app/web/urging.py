"""催办一条龙: what each unit is late with, the words to send, and the notice to its people."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.errors import AlreadyDone, NotFound
from app.queries import urging_pages
from app.queries.urging_pages import LateUnit
from app.services import urging
from app.unit_of_work import read_only, unit_of_work
from app.web import words, working_days
from app.web.after_commit import settle
from app.web.errors import sentence
from app.web.filters import iso
from app.web.identity import reader

pages = Blueprint("urging", __name__, url_prefix="/urging")
SHOWN_NAMES = 5


@pages.get("")
def index() -> ResponseReturnValue:
    """Show every unit that is late, grouped by lead, with the text to copy."""
    today = clock.today()
    with read_only() as rows:
        units = urging_pages.late_units(rows, reader().person, today=today, calendar=working_days.calendar())
    texts = {unit.code: letter(unit) for unit in units}
    return render_template("urging.html", units=units, texts=texts, today=today)


@pages.post("/<code>")
def urge(code: str) -> ResponseReturnValue:
    """Tell the people of one unit what is late."""
    who, now = reader(), clock.now()
    try:
        with unit_of_work() as rows:
            found = urging_pages.late_units(
                rows, who.person, today=clock.today(), calendar=working_days.calendar(), code=code
            )
            if not found:
                raise NotFound
            unit = found[0]
            late: dict[str, list[str]] = {}
            for lead in unit.leads:
                for row in lead.rows:
                    late.setdefault(row.project_no, []).append(row.kind)
            names = urging.urge(rows, unit.id, late, by=who.actor, now=now)
            settle(rows)
    except AlreadyDone as done:
        flash(sentence(done), "due")
    else:
        flash(_("已催办%(unit)s：%(names)s。", unit=unit.name, names=_("、").join(names[:SHOWN_NAMES])), "done")
    return redirect(url_for("urging.index", _anchor=f"u-{code}"))


def letter(unit: LateUnit) -> str:
    """Return the reminder to a unit as plain text, ready to be pasted into a message."""
    today = clock.today()
    lines = [
        _("【催办】%(unit)s：截至 %(day)s，你单位有 %(count)s 项时限逾期，请尽快办理。", unit=unit.name, day=iso(today),
          count=unit.count)
    ]  # fmt: skip
    for lead in unit.leads:
        lines.append(_("%(name)s：", name=lead.name or _("尚未明确项目负责人")))
        lines += [
            _("%(number)s. %(project)s（%(no)s）%(what)s，应于 %(due)s 前办，已逾期 %(days)s 天。", number=number,
              project=row.project_name, no=row.project_no, what=words.name_of(words.DEADLINES, row.kind),
              due=iso(row.due_on), days=(today - row.due_on).days)
            for number, row in enumerate(lead.rows, start=1)
        ]  # fmt: skip
    lines.append(_("请登录系统“台账”查看时限计算书；需要延期的，请在届满前报送延期报告。"))
    return "\n".join(lines)
