"""Payments to small and medium enterprises: a hold stops the money, not the debtor's term (国务院令第802号)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.domain.articles import Article, implements
from app.domain.terms import Action

if TYPE_CHECKING:
    from app.domain.acts import Act
    from app.domain.facts import ProjectFacts

TERM = Article(20, "按照合同约定向县财政局(国资委)申请支付建设资金")


@implements(TERM, ids=("T-20",))
def owed(facts: ProjectFacts, act: Act) -> Mapping[str, object]:
    """Return to which small enterprise a stopped payment is owed, and until when; nothing for any other act."""
    if act.action is not Action.DISBURSE or act.contract is None or not act.contract.is_sme:
        return {}
    due = next((one.due for one in facts.deadlines if one.kind == "payment" and one.status == "open"), None)
    return {"sme_contract": act.contract.no, "sme_supplier": act.contract.supplier, "pay_due": due}
