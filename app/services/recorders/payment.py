"""Recorders of payment: F-18, its signatures, and F-18p (第十二条, 第二十条, 第二十一条)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.acts import Act
from app.domain.facts import Contract as Agreement
from app.domain.facts import PayNode
from app.domain.numbers import Path
from app.domain.terms import FundType, Result
from app.models.business import Contract, ContractNode, Payment
from app.services import ledger
from app.services.recorders.registry import records, signs
from app.services.recorders.work import missing_step

if TYPE_CHECKING:
    from app.services.recorders.work import Work


@records(
    "f18", "unit_clerk", "unit_lead",
    requires=("contract", "node", "amount", "invoice_no", "payee_account"), after=("f13",)
)  # fmt: skip
def request(work: Work) -> None:
    """F-18: an application for payment of a contract's node; sums, gates and holds are asked here (第二十条)."""
    contract, node = _chosen(work)
    for old in work.session.query(Payment).filter_by(instance_id=work.context.instance.id, status="requested"):
        work.session.delete(old)
    facts = work.reload()
    agreement = next(found for found in facts.contracts if found.no == contract.no)
    pay_node = next(found for found in agreement.nodes if found.id == node.id)
    fund = FundType.SETTLEMENT if facts.state == "TERMINATED" else pay_node.fund_type
    amount = work.fen("amount")
    if amount <= 0:
        work.demand([missing_step("支付金额应当大于零。", form="f18", article=20, holder="unit_clerk")])
    work.ask(_act("f18", work, agreement=agreement, node=pay_node, fund=fund, amount_fen=amount), facts)
    work.add(
        Payment(
            project_id=work.project.id,
            contract_id=contract.id,
            node_id=node.id,
            instance_id=work.context.instance.id,
            amount_fen=amount,
            fy=work.today.year,
            fund_type=pay_node.fund_type,
            invoice_no=work.text("invoice_no")[:60],
            payee_account=work.text("payee_account")[:60],
            requested_on=work.today,
            requested_by=work.by.username,
        )
    )
    if _without_acceptance(work):
        work.deadline("payment", work.today)


def _without_acceptance(work: Work) -> bool:
    """Whether no acceptance starts the debtor's term: O&M is delivered when its invoice is handed in (T-20) [C]."""
    return work.project.path == Path.MAINTENANCE.value


def _act(
    form_id: str, work: Work, *, agreement: Agreement, node: PayNode, fund: FundType, amount_fen: int | None
) -> Act:
    return Act(
        form_id,
        by=work.by.username,
        fund_type=fund,
        fy=work.today.year,
        amount_fen=amount_fen,
        contract=agreement,
        node=node,
    )


def _chosen(work: Work) -> tuple[Contract, ContractNode]:
    """Return the contract and node that the form names by key, number or name; both are the project's own."""
    wanted, node_wanted = work.text("contract"), work.text("node")
    contracts = work.session.query(Contract).filter_by(project_id=work.project.id).filter(Contract.confirmed_by != "")
    contract = next((row for row in contracts if wanted in {str(row.id), row.no}), None)
    nodes: list[ContractNode] = []
    if contract is not None:
        nodes = work.session.query(ContractNode).filter_by(contract_id=contract.id).all()
    node = next((row for row in nodes if node_wanted in {str(row.id), row.name, str(row.number)}), None)
    if contract is None or node is None:
        work.demand([missing_step("没有这个合同或者付款节点。", form="f13", article=20, holder="unit_clerk")])
        raise AssertionError  # `demand` has raised
    return contract, node


def _pending(work: Work, *statuses: str) -> Payment:
    row = (
        work.session.query(Payment)
        .filter(Payment.instance_id == work.context.instance.id, Payment.status.in_(statuses))
        .order_by(Payment.id.desc())
        .first()
    )
    if row is None:
        work.demand([missing_step("没有待办的支付申请。", form="f18", article=20, holder="unit_clerk")])
        raise AssertionError  # `demand` has raised
    return row


@signs("f18", "unit_head", "fin_pay", "fin_head", after=("f18",))
def sign(work: Work) -> None:
    """F-00s on F-18: the unit's head, then fin_pay and fin_head, who are two persons; 不同意 ends it (§2.5)."""
    row = _pending(work, "requested")
    work.other_than(row.requested_by)
    if work.text("result") != Result.AGREED:
        if work.text("result") == Result.REFUSED:
            row.status = "refused"
            if _without_acceptance(work):
                ledger.replace(work.session, "payment", project_id=work.project.id, subject="")
        return
    if "fin_head" in work.by.roles and row.checked_by:
        work.other_than(row.checked_by)
        _ask_again(work, row)
        row.signed_by, row.status = work.by.username, "signed"
    elif "fin_pay" in work.by.roles:
        row.checked_by = work.by.username
    elif "fin_head" in work.by.roles:
        work.demand([missing_step("财政支付尚未审核。", form="f00s", article=12, holder="fin_pay")])


def _ask_again(work: Work, row: Payment) -> None:
    """Ask gates and holds again at the later act: what was allowed when it was applied for may be held now."""
    agreement = next(c for c in work.facts.contracts if any(n.id == row.node_id for n in c.nodes))
    node = next(n for n in agreement.nodes if n.id == row.node_id)
    fund = FundType.SETTLEMENT if work.facts.state == "TERMINATED" else node.fund_type
    work.ask(_act("f18p", work, agreement=agreement, node=node, fund=fund, amount_fen=None))


@records("f18p", "fin_pay", requires=("paid_on", "voucher_no", "amount"), after=("f18",))
def pay(work: Work) -> None:
    """F-18p: the payment that was made, of a signed application and for its amount."""
    row = _pending(work, "signed")
    _ask_again(work, row)
    if work.fen("amount") != row.amount_fen:
        work.demand([missing_step("登记的金额与签批的金额不一致。", form="f18p", article=12, holder="fin_pay")])
    row.paid_on, row.voucher, row.status = work.day("paid_on"), work.text("voucher_no"), "paid"
    if work.project.accepted_on is not None or _without_acceptance(work):
        work.met("payment")
