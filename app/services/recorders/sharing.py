"""Recorders of the sharing evaluation: F-21s settles the scores, the bureau's head signs D-18 (第二十五条)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain import sharing_scores as rules
from app.domain.terms import Result
from app.models.accounts import Organisation
from app.services import sharing_scores
from app.services.recorders.registry import purpose, records
from app.services.recorders.work import missing_step

if TYPE_CHECKING:
    from app.models.business import SharingScore
    from app.services.recorders.work import Work


def _rows(work: Work) -> list[SharingScore]:
    return sharing_scores.of_instance(work.session, work.context.instance.id)


@records("f21s", "bur_share", requires=("adjustments",))
def settle(work: Work) -> None:
    """F-21s: the scores as computed, or adjusted with a reason; a score without one is refused."""
    rows = {row.unit_id: row for row in _rows(work)}
    for row in rows.values():
        row.score, row.reason, row.settled_by = row.computed, "", work.by.username
    for answer in work.items("adjustments"):
        key = str(answer.get("unit") or "")
        found = rows.get(int(key)) if key.isdecimal() else None
        if found is None:
            work.demand([missing_step("这个单位不在本次共享评价之内。", form="f21s", article=25, holder="bur_share")])
            return
        points, reason = int(str(answer.get("score") or 0).split(".", 1)[0]), str(answer.get("reason") or "")
        unit = work.session.get_one(Organisation, found.unit_id).short
        work.demand(rules.adjustment(unit, points, found.computed, reason))
        found.score, found.reason = points, reason.strip() if points != found.computed else ""
    work.session.flush()


@purpose("sharing_sheet", "f00s", "bur_head")
def sign(work: Work) -> None:
    """F-00s on F-21s: the bureau's head signs the sheet, who is not the one that settled it; D-18 is the paper."""
    rows = _rows(work)
    if any(not row.settled_by for row in rows):
        work.demand([missing_step("得分尚未核定。", form="f21s", article=25, holder="bur_share")])
    for row in rows:
        work.other_than(row.settled_by)
    if work.text("result") != Result.AGREED:
        return
    for row in rows:
        if row.signed_on is None:
            row.signed_on, row.signed_by = work.today, work.by.username
    work.session.flush()
