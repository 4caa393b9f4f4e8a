"""Registers of money: contracts with their payment nodes (D-17), assets."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, join, or_, select

from app.domain.numbers import Path
from app.models.business import Asset, Contract, ContractNode, DeadlineRow, Payment, Project
from app.queries.register_sheets import parts
from app.queries.register_sheets.columns import Column, Kind, Register, Sheet
from app.queries.scope import Reader, visible_projects


def _payments(reader: Reader, today: date, fy: int) -> Sheet:
    del fy, today

    def made(value: Any) -> ColumnElement[Any]:
        return (
            select(value)
            .where(Payment.node_id == ContractNode.id, Payment.status == "paid")
            .correlate(ContractNode)
            .scalar_subquery()
        )

    due = (
        select(func.min(DeadlineRow.due))
        .where(
            DeadlineRow.project_id == Project.id,
            DeadlineRow.kind == "payment",
            DeadlineRow.status != "void",
            or_(ContractNode.after_acceptance.is_(True), Project.path == Path.MAINTENANCE.value),
        )
        .correlate(Project, ContractNode)
        .scalar_subquery()
    )
    source = join(parts.PROJECTS, Contract, Contract.project_id == Project.id)
    return Sheet(
        columns=(
            Column("contract", "合同", Contract.no, width=24),
            Column("node", "节点", ContractNode.name, width=14),
            Column("payable", "应付", parts.amount(reader, ContractNode.amount_fen), Kind.MONEY),
            Column("paid", "已付", parts.amount(reader, made(func.sum(Payment.amount_fen))), Kind.MONEY),
            Column("due", "应付日", due, Kind.DAY, width=12),
            Column("holds", "冻结", parts.holds(), Kind.HOLDS, width=16),
            *parts.of_project(),
            Column("supplier", "承建单位", Contract.supplier, width=20, paged=False),
            Column("sme", "中小企业", Contract.is_sme, Kind.FLAG, width=10),
            Column("signed_on", "签订日期", Contract.signed_on, Kind.DAY, width=12, paged=False),
            Column("kind", "款项", ContractNode.kind, Kind.TERM, width=8, paged=False),
            Column("fund_type", "资金类别", ContractNode.fund_type, Kind.TERM, width=10, paged=False),
            Column("paid_on", "付款日", made(func.max(Payment.paid_on)), Kind.DAY, width=12, paged=False),
            Column("voucher", "凭证", made(func.max(Payment.voucher)), width=18, paged=False),
        ),
        source=join(source, ContractNode, ContractNode.contract_id == Contract.id),
        where=(visible_projects(reader), Contract.confirmed_by != ""),
        key=ContractNode.id,
        order="contract",
        searched=(*parts.SEARCHED, Contract.no, Contract.supplier),
        unit=Project.unit_id,
        year=Project.fy_entered,
        state=Column("kind", "款项", ContractNode.kind, Kind.TERM),
        project_no=Project.no,
    )


def _assets(reader: Reader, today: date, fy: int) -> Sheet:
    del fy, today
    status = case((Asset.disposed_on.is_(None), "在账"), else_="已处置")
    return Sheet(
        columns=(
            Column("asset", "资产名称", Asset.name, width=30),
            Column("code", "资产编码", Asset.code, width=20),
            Column("value", "入账价值", parts.amount(reader, Asset.value_fen), Kind.MONEY),
            Column("keeper", "保管人", Asset.keeper, width=10),
            Column("recorded_on", "入账日期", Asset.recorded_on, Kind.DAY, width=12),
            *parts.of_project(),
            Column("status", "状态", status, Kind.TERM, width=10),
            Column("disposed_on", "处置日期", Asset.disposed_on, Kind.DAY, width=12, paged=False),
        ),
        source=join(parts.PROJECTS, Asset, Asset.project_id == Project.id),
        where=(visible_projects(reader),),
        key=Asset.id,
        order="code",
        searched=(*parts.SEARCHED, Asset.name, Asset.code),
        unit=Project.unit_id,
        year=Project.fy_entered,
        state=Column("status", "状态", status, Kind.TERM),
        project_no=Project.no,
    )


REGISTERS = (
    Register(
        "payments", "合同与支付", "合同的每个付款节点：应付、已付、应付日和冻结（第二十条）。", "还没有签订的合同。",
        _payments, paper="D-17",
    ),
    Register("assets", "资产", "验收后登记的资产卡片（第七条）。", "还没有登记的资产。", _assets),
)  # fmt: skip
