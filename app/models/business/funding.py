"""Money: budget lines, packages, contracts with their payment nodes, and payments. All amounts in whole 分."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Structure


class BudgetLine(Base):
    """A line of one fiscal year and fund type; `arranged_fen` counts once `approved_on` is there."""

    __tablename__ = "budget_line"
    __table_args__ = (
        UniqueConstraint("project_id", "fy", "fund_type"),
        CheckConstraint("fund_type IN ('建设','运维','购买服务')", name="known_fund_type"),
        CheckConstraint("arranged_fen IS NULL OR arranged_fen >= 0", name="arranged_not_negative"),
        CheckConstraint("signed_by = '' OR signed_by <> drafted_by", name="four_eyes"),
        CheckConstraint(
            "fund_type = '运维' OR approved_on IS NULL OR COALESCE(arranged_fen, 0) + carried_fen = 0 "
            "OR review_opinion_id IS NOT NULL",
            name="funded_needs_review",
        ),
        Index("ix_budget_line_fy", "fy", "fund_type"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    fy: Mapped[int]
    fund_type: Mapped[str] = mapped_column(String(4))
    requested_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    suggested_fen: Mapped[int | None] = mapped_column(BigInteger)
    suggested_rank: Mapped[int | None]
    arranged_fen: Mapped[int | None] = mapped_column(BigInteger)
    carried_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    function_code: Mapped[str] = mapped_column(String(20), default="")
    economic_code: Mapped[str] = mapped_column(String(20), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    drafted_by: Mapped[str] = mapped_column(String(40), default="")
    signed_on: Mapped[date | None]
    signed_by: Mapped[str] = mapped_column(String(40), default="")
    approved_on: Mapped[date | None]
    """The day of the people's congress's approval, from when on it is arranged."""
    approval_doc_no: Mapped[str] = mapped_column(String(60), default="")
    review_opinion_id: Mapped[int | None] = mapped_column(ForeignKey("opinion.id"))
    """The 审核意见 on which construction or service money rests; without one there is none (第十三条)."""


class Package(Base):
    """A procurement package and its award."""

    __tablename__ = "procurement_package"
    __table_args__ = (
        CheckConstraint("budget_fen > 0", name="budget_positive"),
        CheckConstraint("award_fen IS NULL OR award_fen <= budget_fen", name="award_within_budget"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    content: Mapped[list[str]] = mapped_column(Structure, default=list)
    budget_fen: Mapped[int] = mapped_column(BigInteger)
    method: Mapped[str] = mapped_column(String(20))
    legal_reason: Mapped[str] = mapped_column(Text, default="")
    agency: Mapped[str] = mapped_column(String(100), default="")
    notice_no: Mapped[str] = mapped_column(String(60), default="")
    opened_on: Mapped[date | None]
    bidders: Mapped[list[str]] = mapped_column(Structure, default=list)
    winner: Mapped[str] = mapped_column(String(100), default="")
    award_fen: Mapped[int | None] = mapped_column(BigInteger)
    awarded_on: Mapped[date | None]
    failed: Mapped[bool] = mapped_column(default=False)


class Contract(Base):
    """A contract, or a supplement of one."""

    __tablename__ = "contract"
    __table_args__ = (UniqueConstraint("project_id", "no"), CheckConstraint("amount_fen > 0", name="amount_positive"))

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    package_id: Mapped[int | None] = mapped_column(ForeignKey("procurement_package.id"))
    no: Mapped[str] = mapped_column(String(60))
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    supplier: Mapped[str] = mapped_column(String(100))
    is_sme: Mapped[bool] = mapped_column(default=False)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    signed_on: Mapped[date | None]
    start_on: Mapped[date | None]
    end_on: Mapped[date | None]
    supplement_to: Mapped[str] = mapped_column(String(60), default="")
    change_number: Mapped[int | None]
    drafted_by: Mapped[str] = mapped_column(String(40), default="")
    confirmed_by: Mapped[str] = mapped_column(String(40), default="")
    content: Mapped[dict[str, Any]] = mapped_column(Structure, default=dict)


class ContractNode(Base):
    """A payment node of a contract; the nodes add up to the contract."""

    __tablename__ = "contract_node"
    __table_args__ = (CheckConstraint("amount_fen > 0", name="amount_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"), index=True)
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(4))
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    after_acceptance: Mapped[bool] = mapped_column(default=False)
    fund_type: Mapped[str] = mapped_column(String(4), default="建设")


class Payment(Base):
    """A payment: requested by the unit, checked and signed by finance, paid."""

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint("status IN ('requested','signed','paid','refused')", name="known_status"),
        CheckConstraint("status <> 'paid' OR (paid_on IS NOT NULL AND voucher <> '')", name="paid_has_voucher"),
        Index("ix_payment_project_id_status", "project_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"), index=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("contract_node.id"))
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"))
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    fy: Mapped[int]
    fund_type: Mapped[str] = mapped_column(String(4))
    invoice_no: Mapped[str] = mapped_column(String(60), default="")
    payee_account: Mapped[str] = mapped_column(String(60), default="")
    status: Mapped[str] = mapped_column(String(10), default="requested")
    requested_on: Mapped[date]
    requested_by: Mapped[str] = mapped_column(String(40))
    checked_by: Mapped[str] = mapped_column(String(40), default="")
    signed_by: Mapped[str] = mapped_column(String(40), default="")
    paid_on: Mapped[date | None]
    voucher: Mapped[str] = mapped_column(String(60), default="")
