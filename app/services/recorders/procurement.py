"""Recorders of procurement: F-12, F-12r, F-13 and their signatures (第十四条, 第十五条, 第十六条, 第十七条)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain import holds
from app.domain.acts import Act
from app.domain.facts import Contract as Agreement
from app.domain.facts import Package as Lot
from app.domain.facts import PayNode
from app.domain.numbers import Path
from app.domain.terms import PayNodeKind, Result
from app.models.accounts import Organisation
from app.models.business import Contract, ContractNode, Package, SystemEntry
from app.services.recorders.preprocurement import responsibility
from app.services.recorders.registry import purpose, records, signs
from app.services.recorders.work import missing_step

if TYPE_CHECKING:
    from app.services.recorders.work import Work

AWARDED = "成交"


@records("f12", "unit_lead", "unit_clerk", requires=("packages",), after=("f11",))
def packages(work: Work) -> None:
    """F-12: the procurement packages, within what was approved (第十四条, 第十五条, 第十六条)."""
    responsibility(work)
    facts = work.reload()
    lots = tuple(_lot(row) for row in work.items("packages"))
    work.ask(Act("f12", by=work.by.username, packages=lots), facts)
    for old in work.session.query(Package).filter_by(project_id=work.project.id, award_fen=None, failed=False):
        old.failed = True
    for lot, row in zip(lots, work.items("packages"), strict=True):
        work.session.add(
            Package(
                project_id=work.project.id,
                name=lot.name,
                content=sorted(lot.content),
                budget_fen=lot.budget_fen,
                method=lot.method,
                legal_reason=str(row.get("legal_reason") or ""),
                agency=lot.agency,
            )
        )
    work.advance("procurement.planned")


def _lot(row: Mapping[str, object]) -> Lot:
    content = row.get("content")
    budget = row.get("budget")
    return Lot(
        name=str(row.get("name")),
        content=frozenset(map(str, content)) if isinstance(content, (list, tuple)) else frozenset(),
        budget_fen=budget if isinstance(budget, int) else 0,
        method=str(row.get("method")),
        agency=str(row.get("agency") or ""),
    )


@signs("f12", "fin_proc", after=("f12",))
def approve_method(work: Work) -> None:
    """F-00s on F-12: finance files the plan or approves a method other than open tender; 退回 voids the packages."""
    work.other_than(work.author("f12"))
    if work.text("result") != Result.AGREED:
        for row in work.session.query(Package).filter_by(project_id=work.project.id, award_fen=None):
            row.failed = True


@records("f12r", "unit_clerk", "unit_lead", requires=("package", "outcome"), after=("f12",))
def result(work: Work) -> None:
    """F-12r: the result of a procurement; an award stays within the package's budget (第十六条)."""
    row = _package(work)
    if row is None:
        work.demand([missing_step("没有这个采购包。", form="f12", article=16)])
        return
    row.notice_no, row.opened_on = work.text("notice_no"), work.day("opened_at")
    row.bidders = [str(bidder.get("name")) for bidder in work.items("bidders")]
    outcome = work.text("outcome")
    lot = replace(
        Lot(row.name, frozenset(), row.budget_fen, row.method),
        award_fen=work.fen("price") if outcome == AWARDED else None,
        winner=work.text("winner"),
    )
    work.ask(Act("f12r", by=work.by.username, outcome=outcome, packages=(lot,)))
    row.failed = outcome == "流标"
    if outcome == AWARDED:
        row.winner, row.award_fen = lot.winner, lot.award_fen
        row.awarded_on = work.day("notice_on") or work.today
        work.session.flush()
        work.deadline("contract", row.awarded_on, subject=str(row.id))


def _package(work: Work) -> Package | None:
    wanted = work.text("package")
    rows = work.session.query(Package).filter_by(project_id=work.project.id, failed=False).order_by(Package.id)
    return next((row for row in rows if wanted in {str(row.id), row.name}), None)


@signs("f12r", "fin_proc", after=("f12r",))
def decide_complaint(work: Work) -> None:
    """F-00s on F-12r: finance decides a query or complaint; anything but 同意 takes the award away."""
    work.other_than(work.author("f12r"))
    row = work.newest(Package, failed=False)
    if row is not None and work.text("result") != Result.AGREED:
        row.award_fen, row.winner, row.awarded_on, row.failed = None, "", None, True


@records(
    "f13", "unit_clerk", "unit_lead", requires=("no", "supplier", "signed_on", "amount", "pay_nodes"), after=("f12r",)
)  # fmt: skip
def contract(work: Work) -> None:
    """F-13: a contract, at most at the award's price, or a supplement that rests on an agreed change."""
    won = work.newest(Package, winner=work.text("supplier"), failed=False)
    proposed = Agreement(
        no=work.text("no"),
        supplier=work.text("supplier"),
        amount_fen=work.fen("amount"),
        signed_on=work.day("signed_on"),
        package=won.name if won is not None else "",
        nodes=tuple(_node(work, row) for row in work.items("pay_nodes")),
        supplement_to=work.text("supplement_to"),
        change=work.number("change") if work.given("change") else None,
    )
    work.ask(Act("f13", by=work.by.username, amount_fen=proposed.amount_fen, contract=proposed))
    row = work.newest(Contract, no=proposed.no) or Contract(project_id=work.project.id, no=proposed.no)
    _write(work, row, proposed)
    row.package_id = won.id if won is not None else None
    work.add(row)
    _write_nodes(work, row, proposed.nodes)


def _write(work: Work, row: Contract, proposed: Agreement) -> None:
    row.supplier, row.amount_fen, row.signed_on = proposed.supplier, proposed.amount_fen, proposed.signed_on
    row.supplier_id = company(work, proposed.supplier)
    row.is_sme = work.flag("is_sme")
    row.start_on, row.end_on = work.day("start_on"), work.day("end_on")
    row.supplement_to, row.change_number = proposed.supplement_to, proposed.change
    row.drafted_by, row.confirmed_by = work.by.username, ""


def _node(work: Work, row: Mapping[str, object]) -> PayNode:
    amount = row.get("amount")
    kind = PayNodeKind(str(row.get("kind")))
    return PayNode(
        id=0,
        name=str(row.get("name")),
        kind=kind,
        amount_fen=amount if isinstance(amount, int) else 0,
        after_acceptance=row.get("after_acceptance") is True or kind in {PayNodeKind.ACCEPTANCE, PayNodeKind.WARRANTY},
        fund_type=holds.fund_of(work.facts, Act("f13")),
    )


def _write_nodes(work: Work, row: Contract, nodes: tuple[PayNode, ...]) -> None:
    for old in work.session.query(ContractNode).filter_by(contract_id=row.id):
        work.session.delete(old)
    for number, node in enumerate(nodes, start=1):
        work.session.add(
            ContractNode(
                contract_id=row.id,
                number=number,
                name=node.name,
                kind=node.kind,
                amount_fen=node.amount_fen,
                after_acceptance=node.after_acceptance,
                fund_type=node.fund_type,
            )
        )
    work.session.flush()


def company(work: Work, name: str) -> int | None:
    """Return the key of the company with this name, so that its people find the project's tasks; None if unknown."""
    return work.session.scalar(select(Organisation.id).where(Organisation.name == name, Organisation.kind == "company"))


@signs("f13", "unit_head", after=("f13",))
def confirm_contract(work: Work) -> None:
    """F-00s on F-13: the head of the unit confirms the contract; its publication and filing fall due (T-08)."""
    row = work.newest(Contract, confirmed_by="")
    if row is None:
        work.demand([missing_step("没有待签的合同。", form="f13", article=16, holder="unit_clerk")])
        return
    work.other_than(row.drafted_by)
    if work.text("result") != Result.AGREED:
        for node in work.session.query(ContractNode).filter_by(contract_id=row.id):
            work.session.delete(node)
        work.session.delete(row)
        work.session.flush()
        return
    row.confirmed_by = work.by.username
    work.session.flush()
    signed_on = row.signed_on or work.today
    work.met("contract", str(row.package_id or ""))
    work.deadline("contract_notice", signed_on, subject=row.no)
    work.deadline("contract_filing", signed_on, subject=row.no)
    work.met("start_of_work", str(signed_on.year))
    work.advance_if_possible("contract.signed")
    if work.project.path == Path.MAINTENANCE.value:
        _operates(work)


@purpose("contract_published", "f00c", "unit_clerk", "unit_lead", after=("f13",))
def published(work: Work) -> None:
    """F-00c after signing: the contract has been published and filed, so both periods of T-08 are met."""
    row = work.newest(Contract)
    if row is not None and work.text("result") == "属实":
        work.met("contract_notice", row.no)
        work.met("contract_filing", row.no)


def _operates(work: Work) -> None:
    """An O&M contract has no construction and no acceptance: the system runs already."""
    project = work.project
    entry = work.newest(SystemEntry) or work.session.get(SystemEntry, project.parent_system_id or 0)
    project.online_on = project.online_on or (entry.online_on if entry is not None else None) or work.today
    work.advance_if_possible("operation.started")
