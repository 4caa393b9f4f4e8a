"""The bar above a task whose deadline ends today or is over: what follows, and the way out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _

from app.domain.deadline_kinds import CONSEQUENCES, KINDS
from app.domain.vocabulary import PROCESSES
from app.queries.task import Workings
from app.web import words

EXTENSION = "p10_extension"


@dataclass(frozen=True)
class DueNotice:
    """What stands in the bar."""

    look: str
    title: str
    text: str
    link: str = ""
    link_label: str = ""


def of(
    workings: Sequence[Workings], *, today: date, project_no: str, roles: frozenset[str], process_id: str
) -> DueNotice | None:
    """Return the bar for the most urgent of the deadlines beside a task, or nothing while there is time."""
    ending = [one for one in workings if one.due_on <= today]
    if not ending:
        return None
    one = min(ending, key=lambda working: working.due_on)
    kind, name = KINDS.get(one.kind), words.name_of(words.DEADLINES, one.kind)
    if one.kind == "acceptance":
        return _acceptance(one, today, project_no, may_extend=_may_extend(roles, process_id))
    consequence = _(CONSEQUENCES[kind.consequence]) if kind else ""
    if one.due_on == today:
        return DueNotice("due", _("“%(name)s”今天 24:00 届满。", name=name), _("过期未办：%(what)s", what=consequence))
    late = (today - one.due_on).days
    return DueNotice("over", _("“%(name)s”已逾期 %(count)s 天。", name=name, count=late), consequence)


def _may_extend(roles: frozenset[str], process_id: str) -> bool:
    return process_id != EXTENSION and bool(roles & set(PROCESSES[EXTENSION].starters))


def _acceptance(one: Workings, today: date, project_no: str, *, may_extend: bool) -> DueNotice:
    link = url_for("starts.index", project=project_no, form="f19") if may_extend and project_no else ""
    label = _("去报延期") if link else ""
    if one.due_on == today:
        return DueNotice(
            "due",
            _("今天提交申请，不等于按期验收。"),
            _(
                "验收须在 %(month)s 月 %(day)s 日 24:00 前通过。来不及的，今天先报延期原因和新的验收时间"
                "（第二十一条），可避免明天 0:00 起冻结后续资金。",
                month=today.month,
                day=today.day,
            ),
            link,
            label,
        )
    return DueNotice(
        "over",
        _("验收期限已过 %(count)s 天，后续建设资金和运维经费已冻结。", count=(today - one.due_on).days),
        _("通过验收后系统自动解除（第二十一条）。"),
    )
