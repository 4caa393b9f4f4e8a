"""Operation gate.check: ask gates and holds for the diagram; what counts is asked again when a form is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.domain import gates, holds
from app.domain.acts import Act
from app.domain.refusals import Refusal, distinct
from app.domain.terms import Action, FundType
from app.models.business import RefusedAttempt
from app.services.operation_rooms.subject import load, texts

if TYPE_CHECKING:
    from app.domain.facts import ProjectFacts
    from app.engine.step import Variables
    from app.services.context import StepContext

FORM_OF_ACTION = {
    Action.FILE: "f02",
    Action.REVIEW: "f08",
    Action.ARRANGE: "f09",
    Action.DISBURSE: "f18",
    Action.BUILD: "f12",
}
"""The form that stands for a column of the matrix when a diagram asks without one."""


def check(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """Check the gates of the header and the holds in force; keep every refusal in the log of refused attempts."""
    loaded = load(context, inputs)
    act = _act(loaded.facts, inputs, headers)
    refusals = list(gates.check(texts(headers.get("gates")), loaded.facts, act))
    if headers.get("action"):
        refusals += holds.blocking(loaded.facts, act)
    found = distinct(refusals)
    if found:
        log(context, loaded.project.id, act.form_id, found)
    return {"gate_ok": not found, "refusals": len(found)}


def _act(facts: ProjectFacts, inputs: Variables, headers: Mapping[str, str]) -> Act:
    action = headers.get("action", "")
    fund = headers.get("fund_type") or inputs.get("fund_type")
    form = FORM_OF_ACTION.get(Action(action), "") if action else ""
    if fund == FundType.OM and form == "f02":
        form = "f20a"
    pending = _pending(facts) if form == "f18" else Act("f18")
    return Act(
        form,
        fund_type=FundType(str(fund)) if fund else pending.fund_type,
        node=pending.node,
        contract=pending.contract,
    )


def _pending(facts: ProjectFacts) -> Act:
    """Return the payment that is being asked for, so that its node's own gates are asked."""
    asked = [payment for payment in facts.payments if payment.status == "requested"]
    if not asked:
        return Act("f18")
    contract = next(c for c in facts.contracts if c.no == asked[-1].contract_no)
    node = next(node for node in contract.nodes if node.id == asked[-1].node_id)
    settles = facts.state == "TERMINATED"
    return Act("f18", fund_type=FundType.SETTLEMENT if settles else node.fund_type, node=node, contract=contract)


def log(context: StepContext, project_id: int, form_id: str, refusals: tuple[Refusal, ...]) -> None:
    """Keep what was refused: gate, articles, sentence and its values (第十三条: the attempt is logged)."""
    context.session.add(
        RefusedAttempt(
            at=context.now,
            person_id=context.by.id if context.by is not None else None,
            project_id=project_id,
            form_id=form_id,
            refusals=[as_json(refusal) for refusal in refusals],
        )
    )
    context.session.flush()


def as_json(refusal: Refusal) -> dict[str, object]:
    """Return a refusal as plain JSON values, to be shown again in the reader's language."""
    return {
        "gate": refusal.gate,
        "hold": refusal.hold,
        "articles": list(refusal.articles),
        "message": refusal.message,
        "remedy": refusal.remedy,
        "missing": list(refusal.missing),
        "values": {
            key: value if isinstance(value, (int, str, bool)) or value is None else str(value)
            for key, value in refusal.values.items()
        },
    }
