"""Refusals of the regulation as a page shows them: the sentence, the article, what is missing, who can mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app import clock
from app.queries import parameter_pages, task_holders
from app.queries.parameter_pages import Change
from app.queries.task import RefusalFact, RefusalRow, Remedy
from app.queries.task_holders import Holding, Wanted
from app.unit_of_work import read_only
from app.web import words
from app.web.filters import cited, drawn, fill
from app.web.identity import visitor

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
STARTED_BY_FORM: Final[Mapping[str, LazyString]] = {
    "f02": _l("年度计划项"),
    "f14": _l("变更申请"),
    "f17": _l("整改情况"),
    "f18": _l("资金支付申请"),
    "f19": _l("延期报告"),
    "f20": _l("运维四项方案"),
    "f20a": _l("运维经费申请"),
    "f21i": _l("检查记录"),
    "f22": _l("系统目录登记"),
    "f23": _l("信息资源登记"),
    "f24": _l("共享使用反馈"),
    "f29": _l("报废停用申请"),
    "f35": _l("更正"),
}
"""Forms with which a process of their own begins, so that the remedy can open them, and what they are called."""


def rows(
    refusals: Iterable[Refusal], *, project_no: str = "", you: frozenset[str] = frozenset(), back: str = ""
) -> tuple[RefusalRow, ...]:
    """Return the refusals in the reader's language; `project_no` is the project whose pages the remedies open.

    `you` are the roles in which the reader herself could mend them; `back` is where a reminder leads back to.
    """
    refusals = tuple(refusals)
    notes, held = _interpretations(refusals), _holding(refusals, project_no)
    back = back or (request.path if request.method == "GET" else "")
    return tuple(_row(refusal, project_no, you, notes, held.get(_wanted(refusal)), back) for refusal in refusals)


def _wanted(refusal: Refusal) -> Wanted:
    link = refusal.link
    return (
        refusal.holder_role, link.target if link.kind == "form" else "", link.target if link.kind == "deadline" else "",
    )  # fmt: skip


def _holding(refusals: Iterable[Refusal], project_no: str) -> Mapping[Wanted, Holding]:
    """Return who of the holders has the task by which what is missing would come, and so can be called to mind."""
    who = visitor()
    wanted = {_wanted(refusal) for refusal in refusals if refusal.holder_role}
    if who is None or not project_no or not wanted:
        return {}
    with read_only() as rows:
        return task_holders.holding(rows, who.person, who.audiences, project_no, wanted)


def _interpretations(refusals: Iterable[Refusal]) -> Mapping[str, Change]:
    """Return gate → the bureau's interpretation in force (第三十五条); nothing is read where nothing is refused."""
    gates = {refusal.gate for refusal in refusals}
    if not gates:
        return {}
    with read_only() as rows:
        return parameter_pages.interpreted(rows, gates, day=clock.today())


def _row(  # noqa: PLR0917 -- what the panel knows beside one refusal
    refusal: Refusal,
    project_no: str,
    you: frozenset[str],
    notes: Mapping[str, Change],
    held: Holding | None,
    back: str,
) -> RefusalRow:
    first = refusal.articles[0] if refusal.articles else None
    facts = []
    if refusal.articles:
        facts.append(RefusalFact(_("依据"), cited(refusal.citation), first))
    if refusal.missing:
        facts.append(RefusalFact(_("缺的是"), _("、").join(fill(paper, refusal.values) for paper in refusal.missing)))
    if refusal.remedy:
        facts.append(RefusalFact(_("怎样办"), fill(refusal.remedy, refusal.values)))
    if note := notes.get(refusal.gate):
        signed = _("（第 %(version)s 版，%(who)s签发）", version=note.version, who=note.decided_by)
        facts.append(RefusalFact(_("解释口径"), note.interpretation + signed, 35))
    facts.append(RefusalFact(_("谁能办"), _("你") if refusal.holder_role in you else _who(refusal)))
    remedies = (*_by_task(held, back), *_remedies(refusal, project_no))
    return RefusalRow(fill(refusal.message, refusal.values), tuple(facts), remedies)


def _by_task(held: Holding | None, back: str) -> Iterable[Remedy]:
    """Yield the way to the task that brings what is missing: one's own is opened, another's holder is reminded."""
    if held is None or (request.view_args or {}).get("task_id") == held.task_id:
        return
    if held.mine:
        yield Remedy(_("去办“%(task)s”", task=drawn(held.name)), url_for("tasks.show", task_id=held.task_id))
    else:
        yield Remedy(
            _("催办“%(task)s”", task=drawn(held.name)), url_for("tasks.remind", task_id=held.task_id), "post", back
        )


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
            _("去填%(what)s", what=STARTED_BY_FORM[link.target]),
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
