"""Where a project stands: which opinions and approvals still bind its present scope, and what money is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.numbers import Path
from app.domain.terms import (
    PANEL_PASSED,
    AcceptanceConclusion,
    ApprovalKind,
    DrcDecision,
    Endorsement,
    FundType,
    OpinionKind,
    Result,
)

if TYPE_CHECKING:
    from app.domain.facts import AcceptanceAttempt, Approval, Contract, Opinion, ProjectFacts, ScopeVersion
    from app.domain.parameters import Parameters

PLAN_PARTS = ("exchange", "infrastructure")
"""The two plans of 第十四条: 数据共享交换平台对接方案, 共建共享方案."""


def versions_after(facts: ProjectFacts, number: int) -> tuple[ScopeVersion, ...]:
    """Return the scope versions later than `number`, up to the present one."""
    return tuple(version for version in facts.scope if number < version.number <= facts.scope_version)


def binds(facts: ProjectFacts, scope_version: int) -> bool:
    """Whether an opinion on `scope_version` still binds: nothing later, or only changes the bureau agreed to."""
    return scope_version <= facts.scope_version and all(v.by_change for v in versions_after(facts, scope_version))


def latest_opinion(facts: ProjectFacts, kind: OpinionKind, part: str = "") -> Opinion | None:
    """Return the last opinion of a kind (and part) that has taken effect, whatever it says; None if there is none.

    It takes effect when it is signed; on a project of the bureau itself when the county government office has
    countersigned it (COI-08). The industry opinion goes to the DRC, which needs no countersignature.
    """
    signed = [o for o in facts.opinions if o.kind is kind and o.part == part and o.signed_on is not None]
    if facts.unit.is_bureau and kind is not OpinionKind.INDUSTRY:
        signed = [opinion for opinion in signed if opinion.countersigned]
    return signed[-1] if signed else None


def passed_review(facts: ProjectFacts) -> Opinion | None:
    """Return the 审核意见 in force if it passed and binds the present scope version; else None."""
    opinion = latest_opinion(facts, OpinionKind.REVIEW)
    if opinion is None or opinion.conclusion not in PANEL_PASSED or not binds(facts, opinion.scope_version):
        return None
    return opinion


def industry_opinion(facts: ProjectFacts) -> Opinion | None:
    """Return the 行业审查意见 on the present version of the feasibility study; None while it is outstanding."""
    opinion = latest_opinion(facts, OpinionKind.INDUSTRY)
    return opinion if opinion is not None and binds(facts, opinion.scope_version) else None


def plan_endorsed(facts: ProjectFacts, part: str) -> bool:
    """Whether one of the two plans of 第十四条 has 核准 that no later change of that part has voided."""
    opinion = latest_opinion(facts, OpinionKind.PRE_PROCUREMENT, part)
    if opinion is None or opinion.conclusion != Endorsement.ENDORSED:
        return False
    later = versions_after(facts, opinion.scope_version)
    if any(not version.by_change for version in later):
        return False
    changed = "interface_changed" if part == "exchange" else "infrastructure_changed"
    return not any(getattr(version, changed) for version in later)


def approval_in_force(facts: ProjectFacts, *kinds: ApprovalKind) -> Approval | None:
    """Return the last approval of these kinds that was granted and binds the present scope version."""
    granted = {DrcDecision.APPROVED, Endorsement.ENDORSED, Result.AGREED, "核定"}
    found = [a for a in facts.approvals if a.kind in kinds and a.decision in granted and binds(facts, a.scope_version)]
    return found[-1] if found else None


def approved_fen(facts: ProjectFacts) -> int | None:
    """Return the amount up to which construction or service funds may be arranged; None before approval.

    Path T: what the DRC approved; G: what finance approved; L: what either approved for the public share, nothing where
    there is none [C]: money decides the procedure (P-03C); else the total that the bureau reviewed.
    """
    if facts.path is Path.INVESTMENT:
        approval = approval_in_force(facts, ApprovalKind.DRC)
    elif facts.path is Path.SERVICE:
        approval = approval_in_force(facts, ApprovalKind.SERVICE_FUNDS)
    else:
        approval = approval_in_force(facts, ApprovalKind.DRC, ApprovalKind.SERVICE_FUNDS)
    if approval is not None:
        return approval.amount_fen
    if facts.path is Path.JOINT:
        return 0 if without_public_money(facts) else None
    if facts.path in {Path.INVESTMENT, Path.SERVICE}:
        return None
    review = passed_review(facts)
    return review.reviewed_total_fen if review is not None else None


def without_public_money(facts: ProjectFacts) -> bool:
    """Whether the partner of a joint construction pays for all of it: nothing is arranged, the work goes on [C]."""
    if facts.path is not Path.JOINT:
        return False
    endorsed = approval_in_force(facts, ApprovalKind.JOINT)
    return endorsed is not None and endorsed.amount_fen == 0


def contractable_fen(facts: ProjectFacts) -> int | None:
    """Return the amount up to which packages may be planned; None before approval.

    What was approved; where the partner pays for all of it what the bureau reviewed, of which no public money is paid.
    """
    if without_public_money(facts):
        review = passed_review(facts)
        return review.reviewed_total_fen if review is not None else None
    return approved_fen(facts)


def arranged_fen(facts: ProjectFacts, fy: int | None = None, *, om: bool = False) -> int:
    """Return what has been arranged (with carry-over) for construction and services, or for O&M.

    Of one year or of all.
    """
    lines = [line for line in facts.budget if (line.fund_type is FundType.OM) is om and fy in {None, line.fy}]
    carried = sum(line.carried_fen for line in lines) if fy is not None else 0
    return sum(line.arranged_fen or 0 for line in lines) + carried


def unspent_fen(facts: ProjectFacts, fy: int, *, om: bool = False) -> int:
    """Return what years before `fy` have arranged, neither paid nor applied for: of construction and services, or O&M.

    Money carried over is the same money: it is not counted a second time.
    """
    arranged = sum(
        line.arranged_fen or 0 for line in facts.budget if (line.fund_type is FundType.OM) is om and line.fy < fy
    )
    paid = sum(
        payment.amount_fen
        for payment in facts.payments
        if payment.status != "refused" and (payment.fund_type is FundType.OM) is om and payment.fy < fy
    )
    return arranged - paid


def paid_fen(facts: ProjectFacts, *, contract_no: str | None = None, fy: int | None = None) -> int:
    """Return the sum of payments that are requested, signed or paid; of one contract or fiscal year, or of all."""
    return sum(
        payment.amount_fen
        for payment in facts.payments
        if payment.status != "refused" and contract_no in {None, payment.contract_no} and fy in {None, payment.fy}
    )


def open_attempts(facts: ProjectFacts) -> tuple[AcceptanceAttempt, ...]:
    """Return the attempts at acceptance since the last one that passed: those of the service year that is running."""
    passed = [n for n, one in enumerate(facts.attempts, 1) if one.conclusion is AcceptanceConclusion.PASSED]
    return facts.attempts[max(passed, default=0) :]


def contract_of(facts: ProjectFacts, no: str) -> Contract | None:
    """Return the contract with this number."""
    return next((contract for contract in facts.contracts if contract.no == no), None)


def builders(facts: ProjectFacts) -> frozenset[str]:
    """Return the suppliers of the project's contracts."""
    return frozenset(contract.supplier for contract in facts.contracts)


def fingerprint_changed(facts: ProjectFacts) -> bool:
    """Whether objective, main content or total differ from what was reviewed (第十八条 [C])."""
    entry = facts.library
    if entry is None or not entry.reviewed_fingerprint or not facts.scope:
        return False
    return facts.scope[-1].fingerprint != entry.reviewed_fingerprint


def band(total_centi: int, parameters: Parameters) -> str:
    """Return 优 (≥ 90 points), 良 (≥ 80), 中 (≥ 60) or 差; the limits are parameters [C]. The total in hundredths."""
    limits = ((parameters.band_excellent, "优"), (parameters.band_good, "良"), (parameters.band_fair, "中"))
    return next((name for least, name in limits if total_centi >= least * 100), "差")
