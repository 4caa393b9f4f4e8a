"""Parts that several registers share: the project's columns, amounts within the reader's scope, the newest of many."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, String, case, func, join, literal_column, null, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.models.accounts import Organisation
from app.models.base import in_one_text
from app.models.business import (
    Approval,
    BudgetLine,
    Contract,
    DeadlineRow,
    Evaluation,
    FundHold,
    Opinion,
    Payment,
    Project,
)
from app.queries.ledger_rows import LISTED_ONLY, OFF_THE_TRACK, OPENING
from app.queries.register_sheets.columns import Column, Kind, Value
from app.queries.scope import Reader, sees_amounts_of

PROJECTS: FromClause = join(Project, Organisation, Organisation.id == Project.unit_id)
SEARCHED: tuple[Value, ...] = (Project.no, Project.name, Organisation.short, Organisation.name)


class JsonText(FunctionElement[str]):
    """`JsonText(column, key)`: a top-level value of a JSON text as text, on both databases."""

    name = "json_text"
    type = String()
    inherit_cache = True


@compiles(JsonText)
def _json_text(element: JsonText, compiler: SQLCompiler, **keywords: Any) -> str:
    column, key = (compiler.process(one, **keywords) for one in element.clauses)
    if compiler.dialect.name == "sqlite":
        return f"json_extract({column}, '$.' || {key})"
    return f"(CAST({column} AS json) ->> {key})"


def json_text(column: Any, key: str) -> ColumnElement[str]:
    """Return a top-level value of a column of JSON text."""
    return JsonText(column, literal_column(f"'{key}'"))  # a key of ours, so that both databases can group by it


def of_project(*, paged: bool = True) -> tuple[Column, ...]:
    """Return number, name and unit of the row's project."""
    return (
        Column("no", "编号", Project.no, width=18, paged=paged, link="project"),
        Column("name", "项目名称", Project.name, width=32, paged=paged, link="project"),
        unit(paged=paged),
    )


def unit(*, paged: bool = True) -> Column:
    """Return the project unit's column."""
    return Column("unit", "单位", Organisation.short, width=16, paged=paged)


def amount(reader: Reader, value: Any) -> ColumnElement[int | None]:
    """Return an amount where the reader may see it, nothing elsewhere: neither shown, sorted by, nor added up."""
    return case((sees_amounts_of(reader, Project.unit_id), value), else_=null())


def contracts_fen() -> ColumnElement[Any]:
    """Return the sum of the project's confirmed contracts."""
    return (
        select(func.sum(Contract.amount_fen))
        .where(Contract.project_id == Project.id, Contract.confirmed_by != "")
        .correlate(Project)
        .scalar_subquery()
    )


def paid_fen() -> ColumnElement[Any]:
    """Return the sum of the project's payments made."""
    return (
        select(func.sum(Payment.amount_fen))
        .where(Payment.project_id == Project.id, Payment.status == "paid")
        .correlate(Project)
        .scalar_subquery()
    )


def arranged_fen(fy: int | None = None, *fund_types: str) -> ColumnElement[Any]:
    """Return what has been arranged for the project: in one fiscal year, for these kinds of funds, or in all."""
    query = select(func.sum(BudgetLine.arranged_fen)).where(
        BudgetLine.project_id == Project.id, BudgetLine.approved_on.is_not(None)
    )
    if fy is not None:
        query = query.where(BudgetLine.fy == fy)
    if fund_types:
        query = query.where(BudgetLine.fund_type.in_(fund_types))
    return query.correlate(Project).scalar_subquery()


def review(value: Any) -> ColumnElement[Any]:
    """Return something of the newest signed 审核意见."""
    return (
        select(value)
        .where(
            Opinion.project_id == Project.id,
            Opinion.kind == "review",
            Opinion.signed_on.is_not(None),
            Opinion.void.is_(False),
        )
        .order_by(Opinion.id.desc())
        .limit(1)
        .correlate(Project)
        .scalar_subquery()
    )


def approval(value: Any) -> ColumnElement[Any]:
    """Return something of the newest approval that was granted and signed: a draft is no approval yet (§2.5)."""
    return (
        select(value)
        .where(
            Approval.project_id == Project.id,
            Approval.decision.in_(("批准", "核定", "核准", "同意")),
            Approval.signed_on.is_not(None),
        )
        .order_by(Approval.id.desc())
        .limit(1)
        .correlate(Project)
        .scalar_subquery()
    )


def evaluation(value: Any) -> ColumnElement[Any]:
    """Return something of the newest signed evaluation."""
    return (
        select(value)
        .where(Evaluation.project_id == Project.id, Evaluation.signed_on.is_not(None))
        .order_by(Evaluation.number.desc())
        .limit(1)
        .correlate(Project)
        .scalar_subquery()
    )


def holds() -> ColumnElement[Any]:
    """Return the codes of the project's holds in force, separated by spaces."""
    return (
        select(in_one_text(FundHold.code))
        .where(FundHold.project_id == Project.id, FundHold.lifted_at.is_(None))
        .correlate(Project)
        .scalar_subquery()
    )


def next_deadline(value: Any, today: date) -> ColumnElement[Any]:
    """Return something of the deadline to care about first, as the list of projects orders them."""
    late = case(((DeadlineRow.due < today) & DeadlineRow.kind.in_(sorted(LISTED_ONLY | OPENING)), 1), else_=0)
    return (
        select(value)
        .where(
            DeadlineRow.project_id == Project.id,
            DeadlineRow.status == "open",
            Project.state.not_in(sorted(OFF_THE_TRACK)),
        )
        .order_by(late, DeadlineRow.due, DeadlineRow.id)
        .limit(1)
        .correlate(Project)
        .scalar_subquery()
    )


def late(day: Any, today: date, *, open_: Any) -> ColumnElement[date | None]:
    """Return the last day where it has passed and what it was for is still open."""
    return case(((day < today) & open_, day), else_=null())


STATE = Column("state", "状态", Project.state, Kind.STATE, width=12)
PATH = Column("path", "路径", Project.path, Kind.PATH, width=10)
