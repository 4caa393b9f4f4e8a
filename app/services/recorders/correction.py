"""Recorders of F-35 更正: what was signed and turns out wrong is mended by two people, and the old value stays [C]."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain import gates
from app.domain.acts import Act
from app.domain.facts import Contract as Agreement
from app.domain.facts import PayNode
from app.domain.terms import FundType, PayNodeKind, Result
from app.models.accounts import Person
from app.models.business import Approval, Contract, ContractNode, Correction, Extension, Package, Payment, PlanItem
from app.models.papers import Paper
from app.services import fund_holds, ledger
from app.services.papers import issue as papers
from app.services.recorders.registry import records, signs
from app.services.recorders.work import missing_step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.services.recorders.work import Work

FEN_OF_WAN = 1_000_000
KINDS: Mapping[str, str] = {
    "completed_on": "竣工日期",
    "contract_amount": "合同金额",
    "approval_doc_no": "批复文号",
    "consent_doc_no": "县政府同意文号",
    "lead": "项目负责人",
}
"""What may be corrected → its name. Numbers that this system gives out itself are voided, not corrected."""


@dataclass(frozen=True)
class Wrong:
    """One value that stands written: how it reads, and how to write another in its place."""

    old: str
    """As text: dates ISO, amounts in 分, persons by username."""
    read: Callable[[str], str | None]
    """Turn what was typed into the same form; None where it is no such value."""
    judge: Callable[[str], None]
    """Raise RegulationViolation where the regulation forbids the new value."""
    write: Callable[[str], None]


def wrong(work: Work, what: str) -> Wrong | None:
    """Return what is to be corrected in the project now; None where it has no such value."""
    kind, _, key = what.partition(":")
    makers = {
        "completed_on": _completion, "contract_amount": _contract, "approval_doc_no": _approval,
        "consent_doc_no": _consent, "lead": _lead,
    }  # fmt: skip
    return makers[kind](work, int(key) if key.isdecimal() else 0) if kind in makers else None


@records("f35", "unit_lead", "bur_section", "fin_budget", "drc_clerk", requires=("what", "new", "reason", "proof"))
def ask(work: Work) -> None:
    """F-35: what is wrong, what it should say, why, and the proof; nothing changes before the second person signs."""
    found = wrong(work, work.text("what"))
    if found is None:
        work.demand([missing_step("没有这项可以更正的内容。", form="f35", article=15, holder="bur_section")])
        return
    new = found.read(work.text("new"))
    if new is None:
        work.demand([missing_step("“更正为”写得不对：日期写作2026-11-23，金额以万元写数字。", form="f35",
                                  holder="unit_lead")])  # fmt: skip
        return
    if new == found.old:
        work.demand([missing_step("“更正为”与原值相同。", form="f35", holder="unit_lead")])
    found.judge(new)
    for row in work.session.query(Correction).filter_by(instance_id=work.context.instance.id, status="submitted"):
        row.status = "refused"  # filed anew after it was sent back
    work.add(
        Correction(
            project_id=work.project.id, instance_id=work.context.instance.id, what=work.text("what"), old=found.old,
            new=new, reason=work.text("reason"), filed_on=work.today, filed_by=work.by.username,
        )
    )  # fmt: skip


@signs("f35", "bur_head", after=("f35",))
def sign(work: Work) -> None:
    """F-00s on F-35: the bureau head agrees; the value, the ledger, the holds and the papers follow at once [C]."""
    row = work.newest(Correction, instance_id=work.context.instance.id, status="submitted")
    if row is None:
        work.demand([missing_step("没有待签的更正。", form="f35", holder="unit_lead")])
        return
    work.other_than(row.filed_by)
    if work.text("result") != Result.AGREED:
        row.status = "refused"
        return
    found = wrong(work, row.what)
    if found is None or found.old != row.old:
        work.demand([missing_step("原值已经变动，请重新填报更正。", form="f35", holder="unit_lead")])
        return
    found.judge(row.new)
    found.write(row.new)
    row.status, row.signed_on, row.signed_by = "applied", work.today, work.by.username
    _follow(work, row)


def _follow(work: Work, row: Correction) -> None:
    """Let holds and papers follow the corrected fact; waiting timers are read anew with the ledger."""
    facts, now = work.reload(), work.context.now
    evidence = f"更正：{KINDS[row.what.partition(':')[0]]}"
    fund_holds.lift_ended(work.session, work.project.id, facts, now=now, evidence=evidence, by=())
    fund_holds.record_in_force(work.session, work.project.id, facts, now=now)
    work.context.deadlines_moved(work.project.id)
    note = f"{KINDS[row.what.partition(':')[0]]}由“{row.old}”更正为“{row.new}”：{row.reason}"
    superseded = select(Paper.supersedes_id).where(Paper.supersedes_id.is_not(None))
    named = PAPERS_OF[row.what.partition(":")[0]]
    newest = work.session.scalars(
        select(Paper.id)
        .where(Paper.project_id == work.project.id, Paper.kind.in_(named), Paper.id.not_in(superseded))
        .order_by(Paper.id)
    ).all()
    for paper_id in newest:
        if papers.void_of(work.session, paper_id) is None:
            papers.reissue(work.session, paper_id, note=note[:200], by=work.by, now=now)


PAPERS_OF: Mapping[str, tuple[str, ...]] = {
    "completed_on": ("D-10", "D-11"),
    "contract_amount": ("D-11",),
    "approval_doc_no": (),
    "consent_doc_no": (),
    "lead": (),
}
"""What is corrected → kinds of the papers on which it stands: they are issued again with a note."""


# -- the five values ---------------------------------------------------------------------------------------------------


def _day(typed: str) -> str | None:
    try:
        return date.fromisoformat(typed.strip()).isoformat()
    except ValueError:
        return None


def _amount(typed: str) -> str | None:
    """Return 分 of an amount typed in 万元; None where it is none, negative, or finer than a 分."""
    try:
        fen = Decimal(typed.strip().replace(",", "").removesuffix("万元")) * FEN_OF_WAN
    except InvalidOperation:
        return None
    return str(int(fen)) if fen.is_finite() and fen == fen.to_integral_value() and 0 < fen < 10**15 else None


def _words(typed: str) -> str | None:
    return typed.strip()[:60] or None


def _completion(work: Work, _key: int) -> Wrong | None:
    project = work.project
    if project.completed_on is None:
        return None

    def judge(new: str) -> None:
        day = date.fromisoformat(new)
        start = project.start_order_on or project.service_start_on
        if day > work.today or (start is not None and day < start):
            work.demand([missing_step("竣工日期应当在开工之后，且不晚于今天。", form="f15c", article=20)])
        if project.accepted_on is not None and day > project.accepted_on:
            work.demand([missing_step("竣工日期不能晚于验收通过之日。", form="f16g", article=20)])

    def write(new: str) -> None:
        project.completed_on = date.fromisoformat(new)
        row = ledger.find(work.session, "acceptance", project_id=project.id)
        met = row is not None and row.status == "met"
        work.deadline("acceptance", project.completed_on)
        if met:
            work.met("acceptance")
        _extended_again(work)

    return Wrong(project.completed_on.isoformat(), _day, judge, write)


def _extended_again(work: Work) -> None:
    """Let registered reports of delay count on that were in time by the corrected date too (第二十一条)."""
    row = ledger.find(work.session, "acceptance", project_id=work.project.id)
    if row is None:
        return
    reports = work.session.query(Extension).filter(
        Extension.project_id == work.project.id, Extension.registered_on.is_not(None)
    )
    for report in reports.order_by(Extension.id):
        report.after_lapse = report.filed_on > row.due
        if not report.after_lapse and report.new_date > row.due:
            ledger.extend(work.session, row, report.new_date, reports=0, head_consents=True, now=work.context.now)
            report.effective_due = row.due


def _contract(work: Work, key: int) -> Wrong | None:
    contract = work.session.get(Contract, key)
    if contract is None or contract.project_id != work.project.id or not contract.confirmed_by:
        return None
    nodes = work.session.query(ContractNode).filter_by(contract_id=contract.id).order_by(ContractNode.number).all()

    def judge(new: str) -> None:
        difference = int(new) - contract.amount_fen
        used = sum(one.amount_fen for one in work.session.query(Payment).filter_by(node_id=nodes[-1].id)
                   if one.status != "refused")  # fmt: skip
        if nodes[-1].amount_fen + difference < max(used, 1):
            work.demand([missing_step("更正后的合同金额少于已经支付或者约定的各期款项。", form="f13", article=16)])
        package = work.session.get(Package, contract.package_id) if contract.package_id else None
        proposed = Agreement(
            no=contract.no, supplier=contract.supplier, amount_fen=int(new), signed_on=contract.signed_on,
            package=package.name if package is not None else "", supplement_to=contract.supplement_to,
            change=contract.change_number,
            nodes=tuple(
                PayNode(one.id, one.name, PayNodeKind(one.kind),
                        one.amount_fen + (difference if one is nodes[-1] else 0), one.after_acceptance,
                        FundType(one.fund_type))
                for one in nodes
            ),
        )  # fmt: skip
        work.demand(gates.check(("G-16", "G-18"), work.facts, Act("f13", by=work.by.username, contract=proposed)))

    def write(new: str) -> None:
        nodes[-1].amount_fen += int(new) - contract.amount_fen
        contract.amount_fen = int(new)
        work.session.flush()

    return Wrong(str(contract.amount_fen), _amount, judge, write)


def _approval(work: Work, key: int) -> Wrong | None:
    row = work.session.get(Approval, key)
    if row is None or row.project_id != work.project.id or row.signed_on is None:
        return None

    def write(new: str) -> None:
        row.doc_no = new

    return Wrong(row.doc_no, _words, lambda _new: None, write)


def _consent(work: Work, _key: int) -> Wrong | None:
    row = work.newest(PlanItem)
    if row is None or not row.consent_doc_no:
        return None

    def write(new: str) -> None:
        row.consent_doc_no = new

    return Wrong(row.consent_doc_no, _words, lambda _new: None, write)


def _lead(work: Work, _key: int) -> Wrong | None:
    project = work.project
    lead = work.session.get(Person, project.lead_id) if project.lead_id is not None else None
    if lead is None:
        return None

    def read(typed: str) -> str | None:
        query = select(Person.username).where(
            (Person.username == typed.strip()) | (Person.name == typed.strip()),
            Person.organisation_id == project.unit_id, Person.active,
        )  # fmt: skip
        return work.session.scalar(query.limit(1))

    def write(new: str) -> None:
        project.lead_id = work.person(new).id

    return Wrong(lead.username, read, lambda _new: None, write)
