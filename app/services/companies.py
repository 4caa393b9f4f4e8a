"""Which companies are assigned on a project: builder by its contract, supervisor, assessor, evaluator."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.accounts import Organisation
from app.models.business import Contract, Evaluation, Supervision

_TRADE_OF_ROLE = {"assess_user": "assessor", "eval_user": "evaluator"}


def assigned_companies(session: Session, project_id: int, role: str) -> list[int]:
    """Return the organisation ids whose holders of `role` see the project's tasks (specification §2.2)."""
    if role == "builder_pm":
        query = select(Contract.supplier_id).where(Contract.project_id == project_id)
    elif role == "sup_eng":
        query = select(Supervision.supervisor_id).where(
            Supervision.project_id == project_id, Supervision.void.is_(False)
        )
    elif role == "eval_user":
        query = select(Evaluation.evaluator_id).where(Evaluation.project_id == project_id)
    else:
        trade = _TRADE_OF_ROLE.get(role, role)
        query = select(Organisation.id).where(Organisation.kind == "company", Organisation.trade == trade)
    return sorted({found for found in session.scalars(query) if found is not None})
