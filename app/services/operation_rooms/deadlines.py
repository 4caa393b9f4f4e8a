"""Operations deadline.* and contract.file: the ledger entered, moved and closed from a diagram, never twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.domain.deadline_kinds import KINDS
from app.domain.periods import Length
from app.models.business import Contract, DeadlineRow
from app.services import ledger
from app.services.operation_rooms.subject import day, load, number, project_key

if TYPE_CHECKING:
    from datetime import date

    from app.engine.step import Variables
    from app.models.business import Project
    from app.services.context import StepContext


def start(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """Enter a deadline; one of its kind that already runs from the same day, or was moved since, stays as it is.

    What the regulation counts from a fact of the project (its completion, its acceptance, its going into operation)
    is counted from that fact, whatever day a diagram names, and never before there is one.
    """
    kind = headers["kind"]
    project = load(context, inputs).project
    ruled = _ruled(project, context)
    if kind in ruled and ruled[kind] is None:
        return {"due": None}
    begins = ruled.get(kind) or day(inputs.get("start")) or context.today
    present = _running(context, project.id, kind)
    if present is not None and (present.start == begins or not inputs.get("start")):
        return {"due": present.due}
    row = ledger.enter(
        context.session, kind, begins, project_id=project.id, now=context.now,
        length=_length(kind, inputs), until=day(inputs.get("limit_date")) if KINDS[kind].adjustable else None,
    )  # fmt: skip
    context.deadlines_moved(project.id)
    return {"due": row.due}


def _running(context: StepContext, project_id: int, kind: str) -> DeadlineRow | None:
    return (
        context.session.query(DeadlineRow)
        .filter_by(project_id=project_id, kind=kind, status="open")
        .order_by(DeadlineRow.id.desc())
        .first()
    )


def _ruled(project: Project, context: StepContext) -> dict[str, date | None]:
    """Return kind → the day of the fact from which the regulation counts it; None before it has happened."""
    return {
        "acceptance": project.completed_on,
        "acceptance_filing": project.accepted_on,
        "evaluation_opens": project.online_on,
        "evaluation_ends": _opened(context, project) or project.online_on,
    }


def _opened(context: StepContext, project: Project) -> date | None:
    """Return the day from which the full year was counted: the evaluation ends three months after it (T-14)."""
    row = ledger.newest(context.session, "evaluation_opens", project_id=project.id)
    return row.start if row is not None else None


def _length(kind: str, inputs: Variables) -> Length | None:
    days = number(inputs.get("limit_days"), 0)
    row = KINDS[kind]
    return Length(days, row.lengths[-1].unit) if days > 0 and row.adjustable else None


def extend(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """Tell where the deadline stands after a registered report; the recorder of the registration has moved it."""
    project_id = project_key(context, inputs)
    row = ledger.newest(context.session, headers["kind"], project_id=project_id)
    context.deadlines_moved(project_id)
    return {"due": row.due if row is not None else None}


def close(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """Mark every running deadline of the kind as met."""
    project_id = project_key(context, inputs)
    rows = context.session.query(DeadlineRow).filter_by(project_id=project_id, kind=headers["kind"], status="open")
    for row in rows.all():
        ledger.meet(context.session, row.kind, project_id=project_id, now=context.now, subject=row.subject)
    context.deadlines_moved(project_id)
    return {}


def file_contract(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """Start the two deadlines of publishing and filing the newest contract (T-08b, T-08c)."""
    del headers
    project_id = project_key(context, inputs)
    contract = context.session.query(Contract).filter_by(project_id=project_id).order_by(Contract.id.desc()).first()
    if contract is None or contract.signed_on is None:
        return {}
    for kind in ("contract_notice", "contract_filing"):
        if ledger.find(context.session, kind, project_id=project_id, subject=contract.no) is None:
            ledger.enter(
                context.session, kind, contract.signed_on, project_id=project_id, now=context.now, subject=contract.no
            )
    context.deadlines_moved(project_id)
    return {}
