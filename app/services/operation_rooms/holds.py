"""Operations hold.set and hold.lift: the record of holds. What is in force follows from the facts, not from here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.domain import holds
from app.models.accounts import Person
from app.models.business import FundHold
from app.models.documents import Submission
from app.models.process import UserTask
from app.services import fund_holds
from app.services.operation_rooms.subject import load

if TYPE_CHECKING:
    from app.engine.step import Variables
    from app.services.context import StepContext

SIGNATURES = 2


def set_hold(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """Record the holds in force that have no row yet; say whether the one asked about is in force."""
    del headers
    loaded = load(context, inputs)
    fund_holds.record_in_force(context.session, loaded.project.id, loaded.facts, now=context.now)
    code = str(inputs.get("hold_code") or "")
    return {"hold_in_force": any(hold.code == code for hold in holds.in_force(loaded.facts))}


def lift(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """Lift what the facts no longer hold; by hand only with the two signatures of bureau and finance (§2.5)."""
    loaded = load(context, inputs)
    code, evidence = str(inputs.get("hold_code") or ""), str(inputs.get("evidence") or "")
    fund_holds.lift_ended(context.session, loaded.project.id, loaded.facts, now=context.now, evidence=evidence)
    if headers.get("by_hand") == "true":
        _by_hand(context, loaded.project.id, code, evidence)
        loaded = load(context, inputs)
    return {"hold_lifted": all(hold.code != code for hold in holds.in_force(loaded.facts))}


def _by_hand(context: StepContext, project_id: int, code: str, evidence: str) -> None:
    tasks = (
        context.session.query(UserTask.properties, Person.username)
        .join(Submission, Submission.task_id == UserTask.id)
        .join(Person, Person.id == Submission.by_id)
        .filter(Submission.instance_id == context.instance.id, Submission.form_id == "f00s")
        .order_by(Submission.id.desc())
    )
    signed = [name for properties, name in tasks if properties.get("records") == "manual_lift"]
    names = sorted(set(signed[:SIGNATURES]))
    if len(names) < SIGNATURES:
        return
    for row in context.session.query(FundHold).filter_by(project_id=project_id, code=code, lifted_at=None).all():
        row.lifted_at, row.lifted_on, row.lifted_by, row.evidence = context.now, context.today, names, evidence
    context.session.flush()
