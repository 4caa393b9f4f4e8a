"""Sums that must agree and money that must not flow: each function yields a sentence for each amount out of bounds."""

# ruff: noqa: C901 -- each function is a list of facts, one after the other

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.property import forbidden_order as order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tests.property.forbidden import Between, Picture

    Rule = Callable[[Between], Iterable[str]]

Row = Any
TEN_PERCENT = 10


def payments(between: Between) -> Iterator[str]:
    """第十二条, 第二十条, 第二十一条, 第三十一条, 第三十二条: what is applied for, signed or paid."""
    now = between.after
    steps = (lambda _row: True, lambda row: row.status in {"signed", "paid"}, lambda row: row.status == "paid")
    for step in steps:
        for row in between.newly("payment", step):
            if row.status != "refused":
                yield from _payment(now, row)


def _payment(now: Picture, row: Row) -> Iterator[str]:
    project = now.by_id["project"][row.project_id]
    name = f"{project.no} 支付 {row.id}"
    node, contract = now.by_id["contract_node"].get(row.node_id), now.by_id["contract"][row.contract_id]
    if not contract.confirmed_by:
        yield f"{name}的合同未经签批（第十六条）"
    if node is not None and node.after_acceptance:
        filings = now.of(project.id, "acceptance_filing")
        if not order.accepted(now, project):
            yield f"{name}未验收而付款（第二十条）"
        elif not filings or not set(filings[-1].materials) >= order.FOUR_MATERIALS:
            yield f"{name}验收材料不全而付款（第二十条）"
        elif filings[-1].returned or not (filings[-1].confirmed_on or now.today >= filings[-1].deemed_confirmed_from):
            yield f"{name}验收材料未确认而付款（第二十条）"
    if order.overdue(now, project) and row.fund_type != "购买服务":
        yield f"{name}逾期未验收而付款（第二十一条）"
    if project.state != "TERMINATED" and order._measure(now, project, "暂停建设"):
        yield f"{name}在暂停期间付款（第三十一条）"
    if order._measure(now, project, "暂缓拨付") and row.fund_type == "建设":
        yield f"{name}在暂缓拨付期间付款（第三十一条）"
    unmended = [one for one in now.of(project.id, "audit_case") if one.passed is False and not one.confirmed_on]
    if row.fund_type == "运维" and any(one.rectify_due and now.today > one.rectify_due for one in unmended):
        yield f"{name}审计整改逾期而付款（第三十二条）"
    if row.status == "paid" and row.paid_on and row.paid_on < row.requested_on:
        yield f"{name}的支付日早于申请日"
    registered = [one.answers.get("amount") for one in now.of(project.id, "submission", form_id="f18p")]
    if row.status == "paid" and registered and registered[-1] != row.amount_fen:
        yield f"{name}登记的金额不是签批的金额（第十二条）"


def totals(between: Between) -> Iterator[str]:
    """规格 §4.3: arranged, packages, contracts, nodes and payments stay within each other."""
    now = between.after
    touched = {row.id for row in now.rows["project"]}
    for project in (now.by_id["project"][key] for key in touched):
        yield from _arranged(between, project)
        yield from _contracts(between, project)
        yield from _paid(now, project)


def _arranged(between: Between, project: Row) -> Iterator[str]:
    now = between.after
    lines = [one for one in now.of(project.id, "budget_line") if one.fund_type != "运维" and one.approved_on]
    approved = order.approved(now, project, *order.approval_kinds(project.path))
    arranged = sum(one.arranged_fen or 0 for one in lines)
    if approved is not None and arranged > approved and between_changed(between, "budget_line", project):
        yield f"{project.no} 安排 {arranged} 分，超过批复 {approved} 分（第十二条）"
    for line in lines:
        before = [one for one in lines if one.fy < line.fy]
        paid = sum(
            one.amount_fen
            for one in now.of(project.id, "payment")
            if one.status == "paid" and one.fund_type != "运维" and one.fy < line.fy
        )
        if line.carried_fen > max(0, sum(one.arranged_fen or 0 for one in before) - paid):
            yield f"{project.no} {line.fy} 年结转 {line.carried_fen} 分，超过结余（第十二条）"


def between_changed(between: Between, table: str, project: Row) -> bool:
    """Whether a project's rows of a table have changed between the pictures."""
    return between.before.of(project.id, table) != between.after.of(project.id, table)


def _contracts(between: Between, project: Row) -> Iterator[str]:
    now = between.after
    lots = [one for one in now.of(project.id, "procurement_package") if not one.failed]
    approved = order.approved(now, project, *order.approval_kinds(project.path))
    if approved is not None and sum(one.budget_fen for one in lots) > approved:
        yield f"{project.no} 采购包合计超过批复（第十六条）"
    for lot in lots:
        if lot.award_fen is not None and lot.award_fen > lot.budget_fen:
            yield f"{project.no} 采购包“{lot.name}”成交价超过预算（第十六条）"
    contracts = now.of(project.id, "contract")
    for contract in contracts:
        nodes = now.of(project.id, "contract_node", contract_id=contract.id)
        if sum(one.amount_fen for one in nodes) != contract.amount_fen:
            yield f"合同 {contract.no} 付款节点合计与合同金额不一致（第十六条）"
        won = [one for one in lots if one.id == contract.package_id]
        if not contract.supplement_to and won and contract.amount_fen > (won[0].award_fen or 0):
            yield f"合同 {contract.no} 超过成交价（第十六条）"
        added = sum(one.amount_fen for one in contracts if one.supplement_to == contract.no)
        if added * 100 > contract.amount_fen * TEN_PERCENT:
            yield f"合同 {contract.no} 的补充合同超过百分之十（第十七条）"


def _paid(now: Picture, project: Row) -> Iterator[str]:
    payments_ = [one for one in now.of(project.id, "payment") if one.status != "refused"]
    for contract in now.of(project.id, "contract"):
        paid = sum(one.amount_fen for one in payments_ if one.contract_id == contract.id)
        if paid > contract.amount_fen:
            yield f"合同 {contract.no} 支付 {paid} 分，超过合同金额（第二十条）"
    for node in now.of(project.id, "contract_node"):
        if sum(one.amount_fen for one in payments_ if one.node_id == node.id) > node.amount_fen:
            yield f"节点 {node.name} 支付超过节点金额（第二十条）"
    for fy in {one.fy for one in payments_}:
        lines = [one for one in now.of(project.id, "budget_line", fy=fy) if one.approved_on]
        arranged = sum((one.arranged_fen or 0) + one.carried_fen for one in lines)
        if sum(one.amount_fen for one in payments_ if one.fy == fy) > arranged:
            yield f"{project.no} {fy} 年支付超过当年安排（第十二条）"


def service_funds(between: Between) -> Iterator[str]:
    """第十条第二款: finance approves no more than was asked for."""
    now = between.after
    for row in between.newly("approval", lambda row: row.kind == "service_funds"):
        asked = [one.answers.get("requested") for one in now.of(row.project_id, "submission", form_id="f09r")]
        if asked and asked[-1] is not None and row.amount_fen > asked[-1]:
            yield f"核定数 {row.amount_fen} 分超过申请数（第十条）"


def weights(between: Between) -> Iterator[str]:
    """第二十三条: the weights of an evaluation add up to a hundred."""
    for row in between.newly("evaluation"):
        if sum(row.weights.get(part, 0) for part in ("operation", "sharing", "performance")) != 100:
            yield f"评价 {row.id} 的权重合计不是100（第二十三条）"


RULES: tuple[Rule, ...] = (payments, totals, service_funds, weights)
