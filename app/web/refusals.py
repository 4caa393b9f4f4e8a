"""Refusals of the regulation as a page shows them: the sentence, the article, what is missing, who can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from app.queries.task import RefusalFact, RefusalRow, Remedy
from app.web import words
from app.web.filters import cited, fill, form_number

if TYPE_CHECKING:
    from app.domain.refusals import Refusal

HOLDERS = {
    "unit": "项目单位",
    "bureau": "县大数据局",
    "drc": "县发改委",
    "finance": "县财政局",
    "audit": "县审计局",
    "county_gov": "县政府办",
    "expert": "专家",
    "company": "参建单位",
    "system": "系统",
}
STARTED_BY_FORM = frozenset(
    {"f02", "f14", "f17", "f18", "f19", "f20", "f20a", "f21i", "f22", "f23", "f24", "f29", "f35"}
)
"""Forms with which a process of their own begins, so that the remedy can open them."""


def rows(refusals: Iterable[Refusal], *, project_no: str = "") -> tuple[RefusalRow, ...]:
    """Return the refusals in the reader's language; `project_no` is the project whose pages the remedies open."""
    return tuple(_row(refusal, project_no) for refusal in refusals)


def _row(refusal: Refusal, project_no: str) -> RefusalRow:
    first = refusal.articles[0] if refusal.articles else None
    facts = []
    if refusal.articles:
        facts.append(RefusalFact(_("依据"), cited(refusal.citation), first))
    if refusal.missing:
        facts.append(RefusalFact(_("缺的是"), _("、").join(fill(paper, refusal.values) for paper in refusal.missing)))
    if refusal.remedy:
        facts.append(RefusalFact(_("怎样办"), fill(refusal.remedy, refusal.values)))
    facts.append(RefusalFact(_("谁能办"), _who(refusal)))
    return RefusalRow(fill(refusal.message, refusal.values), tuple(facts), tuple(_remedies(refusal, project_no)))


def _who(refusal: Refusal) -> str:
    kind = _(HOLDERS.get(refusal.holder_kind, refusal.holder_kind))
    if refusal.holder_role:
        return f"{kind} {words.name_of(words.ROLES, refusal.holder_role)}"
    return kind


def _remedies(refusal: Refusal, project_no: str) -> Iterable[Remedy]:
    link = refusal.link
    if not project_no:
        return
    if link.kind == "form" and link.target in STARTED_BY_FORM:
        yield Remedy(
            _("去填 %(form)s", form=form_number(link.target)),
            url_for("starts.index", project=project_no, form=link.target),
        )
    elif link.kind in {"form", "attachment"}:
        yield Remedy(_("看项目的任务"), url_for("projects.show", no=project_no, tab="tasks"))
    if link.kind == "deadline":
        yield Remedy(_("看时限"), url_for("projects.show", no=project_no, tab="deadlines"))
    elif link.kind == "hold" or refusal.hold:
        yield Remedy(_("看冻结"), url_for("projects.show", no=project_no, tab="holds"))
    elif link.kind in {"register", "project", "none"}:
        yield Remedy(_("打开卷宗"), url_for("projects.show", no=project_no))
