"""Recorders of approval: F-07, F-07L, F-08a, F-08i, F-08, F-09r and their signatures (第十条, 第十一条, 第十三条)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain import gates
from app.domain.acts import Act
from app.domain.numbers import Path
from app.domain.terms import ApprovalKind, DrcDecision, OpinionKind, Result
from app.models.business import Approval
from app.services.recorders import drafts
from app.services.recorders.registry import purpose, records, signs
from app.services.recorders.work import missing_step

if TYPE_CHECKING:
    from app.domain.refusals import Refusal
    from app.services.recorders.work import Work

GRANTED = "核定"
ENDORSED = "核准"


@records("f07", "unit_clerk", "unit_lead", requires=("approval_type", "requested_total"), after=("f06",))
def request(work: Work) -> None:
    """F-07: the unit asks the DRC for approval; without a passed 审核意见 it is refused (第十三条)."""
    work.ask(Act("f07", by=work.by.username, amount_fen=work.fen("requested_total")))
    work.advance("approval.requested")


@records("f07l", "unit_clerk", "unit_lead", requires=("partner", "public_share"), after=("f06",))
def joint(work: Work) -> None:
    """F-07L: the cooperation file of a joint project; without public money the bureau's approval is enough [C]."""
    work.ask(Act("f07", by=work.by.username, amount_fen=work.fen("public_share")))
    work.advance("approval.requested")
    _draft(work, ApprovalKind.JOINT, ENDORSED, work.fen("public_share"))


@signs("f07l", "bur_section", "bur_head", "cac_officer", after=("f07l",))
def approve_joint(work: Work) -> None:
    """F-00s on F-07L: the bureau approves a joint project for its public share, the cyberspace office its security [C].

    Both sign at the same time, in any order; a joint project without public money is approved when both have agreed.
    """
    row = work.newest(Approval, kind=ApprovalKind.JOINT)
    if row is None:
        work.demand([missing_step("没有待签的批复。", form="f07l", article=2, holder="unit_clerk")])
        return
    work.other_than(row.drafted_by)
    if work.text("result") != Result.AGREED:
        row.decision = DrcDecision.RETURNED  # the other office may still sign; the unit files anew
    elif "cac_officer" in work.by.roles:
        row.security_by = work.by.username
    else:
        row.signed_on, row.signed_by = work.today, work.by.username
    work.session.flush()
    if row.signed_on is not None and row.security_by and row.decision == ENDORSED and row.amount_fen == 0:
        work.advance_if_possible("approval.granted")


@records("f08a", "drc_clerk", "drc_head", requires=("result",), after=("f07",))
def appraisal(work: Work) -> None:
    """F-08a: the DRC's 评估论证, during which it must ask the bureau (第十一条); from now the period runs."""
    work.demand(gates.check(("G-13",), work.facts, Act("f08a", by=work.by.username)))
    work.deadline("industry_opinion", work.today)


@records("f08i", "bur_section", requires=("conclusion", "text"))
def draft_industry_opinion(work: Work) -> None:
    """F-08i: the draft of the 行业审查意见 (第十一条)."""
    work.ask(Act("f08i", by=work.by.username, outcome=work.text("conclusion")))
    content = {
        "feasibility_version": work.text("feasibility_version"),
        "conditions": [str(row.get("content")) for row in work.items("conditions")],
    }
    drafts.draft(work, OpinionKind.INDUSTRY, work.text("conclusion"), text=work.text("text"), content=content)


@signs("f08i", "bur_head", after=("f08i",))
def sign_industry_opinion(work: Work) -> None:
    """F-00s on F-08i: the bureau head signs the letter to the DRC (第十一条)."""
    if drafts.sign(work, OpinionKind.INDUSTRY, document="industry"):
        work.met("industry_opinion")


@records("f08", "drc_clerk", requires=("decision", "approved_total", "doc_no", "decided_on"), after=("f07", "f08i"))
def draft_decision(work: Work) -> None:
    """F-08: the draft of the DRC's decision.

    Any but 退回 needs the 审核意见 and the 行业审查意见 (第十一条, 第十三条).
    """
    decision = work.text("decision")
    work.ask(Act("f08", by=work.by.username, outcome=decision, amount_fen=work.fen("approved_total")))
    _draft(work, ApprovalKind.DRC, decision, work.fen("approved_total"))


@signs("f08", "drc_head", after=("f08",))
def sign_decision(work: Work) -> None:
    """F-00s on F-08: the DRC's head signs; the gates are asked again at the write (第十三条)."""
    row = _unsigned(work, ApprovalKind.DRC)
    if row is not None and work.text("result") == Result.AGREED:
        work.ask(Act("f08", by=work.by.username, outcome=row.decision, amount_fen=row.amount_fen))
    _sign(work, ApprovalKind.DRC)


@records("f09r", "unit_clerk", "unit_lead", requires=("requested",), after=("f06",))
def service_request(work: Work) -> None:
    """F-09r, upper part: the unit's service plan and price basis (第十条第二款)."""
    work.demand(_reviewed(work))
    work.advance("approval.requested")


@purpose("service_review", "f09r", "fin_perf", "fin_budget", requires=("requested", "approved"), after=("f06",))
def service_review(work: Work) -> None:
    """F-09r, lower part: finance's draft of the reasonable amount, never more than requested (第十条第二款)."""
    work.demand(_reviewed(work))
    requested, approved = work.fen("requested"), work.fen("approved")
    if approved > requested:
        work.demand([missing_step("核定数不能超过申请数。", form="f09r", article=10, holder="fin_perf")])
    _draft(work, ApprovalKind.SERVICE_FUNDS, GRANTED if approved else DrcDecision.REFUSED, approved)


@signs("f09r", "fin_head", after=("f09r",))
def sign_service_review(work: Work) -> None:
    """F-00s on F-09r: the head of finance signs the reasonable amount (D-05)."""
    _sign(work, ApprovalKind.SERVICE_FUNDS)


def _reviewed(work: Work) -> tuple[Refusal, ...]:
    """Refuse service funds on other paths, and without a passed 审核意见 (第十条第二款, G-10; 第十三条, G-13)."""
    if work.facts.path not in {Path.SERVICE, Path.JOINT}:
        message = "只有购买服务和以服务费支付的联合建设项目，由县财政局审核资金的合理性。"
        return (missing_step(message, form="f07", article=10, holder="drc_clerk"),)
    gate = "G-10" if work.facts.path is Path.SERVICE else "G-13"
    found = gates.check((gate,), work.facts, Act("f09r", by=work.by.username))
    return tuple(refusal for refusal in found if refusal.missing == ("审核意见",))


def _draft(work: Work, kind: ApprovalKind, decision: str, amount_fen: int) -> Approval:
    for old in work.session.query(Approval).filter_by(project_id=work.project.id, kind=kind, signed_on=None):
        work.session.delete(old)
    return work.add(
        Approval(
            project_id=work.project.id,
            kind=kind,
            decision=decision,
            scope_version=work.project.scope_version,
            amount_fen=amount_fen,
            doc_no=work.text("doc_no"),
            decided_on=work.day("decided_on") or work.today,
            drafted_by=work.by.username,
        )
    )


def _unsigned(work: Work, kind: ApprovalKind) -> Approval | None:
    row = work.newest(Approval, kind=kind, signed_on=None)
    if row is None:
        work.demand([missing_step("没有待签的批复。", form="f00s", article=12)])
    return row


def _sign(work: Work, kind: ApprovalKind) -> None:
    """Sign a draft or send it back; a granted one approves the project, a refused one rejects it."""
    row = _unsigned(work, kind)
    if row is None:
        return
    work.other_than(row.drafted_by)
    if work.text("result") != Result.AGREED:
        work.session.delete(row)
        work.session.flush()
        return
    row.signed_on, row.signed_by = work.today, work.by.username
    work.session.flush()
    if row.decision == DrcDecision.RETURNED:
        return
    work.advance_if_possible(
        "approval.granted" if row.decision in {DrcDecision.APPROVED, GRANTED} else "approval.refused"
    )


@purpose("major_project", "f00s", "gov_office")
def major_project(work: Work) -> None:
    """F-00s: the county government's minute on a major project (第六条 [C]); the submission is the record."""
    work.demand(gates.check(("G-13",), work.facts, Act("f08", outcome=work.text("result"))))
