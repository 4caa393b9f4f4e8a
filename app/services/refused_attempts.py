"""The log of what the regulation refused: who tried what, and every reason, written after the step was rolled back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.refusals import Refusal
from app.models.business import Project, RefusedAttempt
from app.models.process import UserTask
from app.services import audit, notices
from app.services.context import Actor

TELL_THE_BUREAU = frozenset({"G-11", "G-13"})
"""Gates whose refusals the bureau hears of: somebody tried to pass it by."""


def record(session: Session, task_id: int, refusals: Iterable[Refusal], *, by: Actor, now: datetime) -> RefusedAttempt:
    """Write one attempt at a task with all its refusals, and the audit row that goes with it."""
    found = session.execute(select(UserTask.form_id, UserTask.project_id).where(UserTask.id == task_id)).one_or_none()
    form_id, project_id = (found[0], found[1]) if found is not None else ("", None)
    refusals = tuple(refusals)
    said = [
        {
            "gate": one.gate,
            "articles": list(one.articles),
            "message": one.message,
            "values": {name: _plain(value) for name, value in one.values.items()},
            "missing": list(one.missing),
        }
        for one in refusals
    ]
    attempt = RefusedAttempt(
        at=now, person_id=by.id, project_id=project_id, form_id=form_id, task_id=task_id, refusals=said
    )
    session.add(attempt)
    session.flush()
    audit.record(
        session, "refuse_attempt", subject_kind="user_task", subject_id=task_id, actor_id=by.id, now=now,
        detail={"attempt": attempt.id, "gates": sorted({one["gate"] for one in said}, key=str)},
    )  # fmt: skip
    if {one["gate"] for one in said} & TELL_THE_BUREAU and project_id is not None:
        _tell_the_bureau(session, project_id, by=by, now=now)
    if project_id is not None:
        _warn_of_debts(session, project_id, refusals, now=now)
    return attempt


def _warn_of_debts(session: Session, project_id: int, refusals: Iterable[Refusal], *, now: datetime) -> None:
    """Warn finance and the unit, once a day, that a hold has stopped a payment which is owed to a small enterprise."""
    debts = {str(one.values["sme_contract"]): one.values for one in refusals if one.values.get("sme_contract")}
    for contract, values in debts.items():
        project, due = session.get_one(Project, project_id), values.get("pay_due")
        message = (
            "“%(project)s”合同%(contract)s的付款被冻结。收款方%(supplier)s是中小企业，冻结不延长付款期限，"
            "应于%(due)s前支付（保障中小企业款项支付条例），请尽快消除冻结原因。"
            if due
            else "“%(project)s”合同%(contract)s的付款被冻结。收款方%(supplier)s是中小企业，冻结不延长付款期限，"
            "交付或者验收后应当按期支付（保障中小企业款项支付条例），请尽快消除冻结原因。"
        )
        notices.notify(
            session,
            notices.holders(session, ("fin_pay", "unit_clerk", "unit_head"), unit_id=project.unit_id),
            message=message,
            values={"project": project.name, "contract": contract, "supplier": values["sme_supplier"],
                    "due": _plain(due)},
            dedupe_key=f"sme:{project_id}:{contract}:{now:%Y-%m-%d}", now=now, project_id=project_id,
            link=f"/projects/{project.no}?tab=holds", level="warning",
        )  # fmt: skip


def _tell_the_bureau(session: Session, project_id: int, *, by: Actor, now: datetime) -> None:
    """Tell the bureau, once a day, that somebody tried to approve or fund what it has not reviewed (S5)."""
    project = session.get_one(Project, project_id)
    notices.notify(
        session, notices.holders(session, ("bur_section", "bur_head"), unit_id=None),
        message="%(who)s试图办理“%(project)s”的审批或者资金安排，因未经审核或者未征求行业审查意见被拒绝（第十一条、第十三条）。",
        values={"who": by.name, "project": project.name}, dedupe_key=f"refused:{project_id}:{now:%Y-%m-%d}:{by.id}",
        now=now, project_id=project_id, link=f"/projects/{project.no}", level="warning",
    )  # fmt: skip


def _plain(value: object) -> object:
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(one) for one in value]
    return str(value)
