"""Recorders of rectification: F-17 and F-17c, after an acceptance, an evaluation, an order or an audit."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.domain.states import State
from app.models.business import AcceptanceAttempt, RectificationItem
from app.services.recorders import evaluation, inspection
from app.services.recorders.registry import records
from app.services.recorders.work import missing_step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.services.recorders.work import Work

CLOSED = "通过"
ARTICLES = {"acceptance": (21, "bur_section"), "evaluation": (23, "bur_section"), "order": (31, "bur_insp"),
            "audit": (32, "aud_clerk")}  # fmt: skip
"""What is rectified → its article, and who checks it."""


def cause_of(work: Work) -> str:
    """Return what is being rectified: by who checks it, and by where the project stands."""
    if "aud_clerk" in work.by.roles:
        return "audit"
    if "bur_insp" in work.by.roles:
        return "order"
    return "evaluation" if work.state is State.EVAL_RECTIFY else "acceptance"


def _open_items(work: Work, *causes: str) -> list[RectificationItem]:
    query = work.session.query(RectificationItem).filter_by(project_id=work.project.id, confirmed=False)
    if causes:
        query = query.filter(RectificationItem.cause.in_(causes))
    return query.order_by(RectificationItem.id).all()


def paired(
    rows: Sequence[RectificationItem], answers: Sequence[Mapping[str, object]]
) -> list[tuple[RectificationItem, Mapping[str, object]]]:
    """Pair answers with items: by the problem in its own words, else by number, else by their order."""
    left = list(rows)
    pairs = []
    for answer in answers:
        if not left:
            break
        problem, number = str(answer.get("problem") or "").strip(), str(answer.get("no") or "").strip()
        row = (
            next((row for row in left if row.problem.strip() == problem), None)
            or next((row for row in left if str(row.number) == number), None)
            or left[0]
        )
        left.remove(row)
        pairs.append((row, answer))
    return pairs


@records("f17", "unit_lead", "unit_clerk", requires=("items",))
def rectify(work: Work) -> None:
    """F-17: what the unit did about each item, with evidence (第二十一条, 第二十三条, 第三十一条, 第三十二条)."""
    for row, answer in paired(_open_items(work), work.items("items")):
        done = answer.get("done_on")
        row.measure, row.done_on = str(answer.get("measure") or ""), done if isinstance(done, date) else work.today


@records("f17c", "sup_eng", "bur_section", "bur_insp", "fin_perf", "aud_clerk", requires=("items",), after=("f17",))
def confirm(work: Work) -> None:
    """F-17c: the check of each item; the bureau's or audit's word closes it, the supervisor's alone does not."""
    if "sup_eng" in work.by.roles:
        return  # her opinion is the submission; the bureau closes the items
    cause = cause_of(work)
    rows = _open_items(work, cause)
    if cause == "order":
        case = {order.id for order in inspection.open_case(work)}
        rows = [row for row in rows if row.cause_id in case]
    pairs = paired(rows, work.items("items"))
    passed = bool(pairs) and all(answer.get("result") == CLOSED for _row, answer in pairs)
    if passed and len(pairs) < len(rows):
        article, holder = ARTICLES[cause]
        work.demand(
            [missing_step("还有整改事项没有列入复查，请逐项复查。", form="f17c", article=article, holder=holder)]
        )
    if cause == "audit":
        inspection.confirm_audit(work, passed=passed)
    elif cause == "order":
        inspection.recheck(work, passed=passed)
    elif cause == "evaluation":
        evaluation.recheck(work, passed=passed)
    else:
        _close(work, pairs)


def _close(work: Work, pairs: Sequence[tuple[RectificationItem, Mapping[str, object]]]) -> None:
    for row, answer in pairs:
        if answer.get("result") == CLOSED:
            row.confirmed, row.confirmed_on = True, work.today
            row.done_on = row.done_on or work.today
    work.session.flush()
    attempt = work.newest(AcceptanceAttempt)
    if attempt is not None and not _open_items(work, "acceptance"):
        work.met("rectification", str(attempt.number))
