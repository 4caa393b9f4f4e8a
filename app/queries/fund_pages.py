"""Plan and money of one fiscal year, within the reader's scope."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.accounts import Organisation
from app.models.business import BudgetLine, FundHold, Payment, PlanItem, Project
from app.queries.funds import FundRow, FundsPage
from app.queries.scope import Reader, sees_money, visible_projects


def load(session: Session, reader: Reader, year: int) -> FundsPage:
    """Return the plan items and budget lines of a fiscal year, one row a project and fund type."""
    everywhere = visible_projects(reader)
    years = set(
        session.scalars(
            select(PlanItem.fy).join(Project, Project.id == PlanItem.project_id).where(everywhere).distinct()
        )
    )
    years |= set(
        session.scalars(
            select(BudgetLine.fy).join(Project, Project.id == BudgetLine.project_id).where(everywhere).distinct()
        )
    )
    items = session.execute(
        select(PlanItem, Project, Organisation.short)
        .join(Project, Project.id == PlanItem.project_id)
        .join(Organisation, Organisation.id == Project.unit_id)
        .where(PlanItem.fy == year, everywhere)
    ).all()
    lines = session.execute(
        select(BudgetLine, Project, Organisation.short)
        .join(Project, Project.id == BudgetLine.project_id)
        .join(Organisation, Organisation.id == Project.unit_id)
        .where(BudgetLine.fy == year, everywhere)
    ).all()
    paid = {
        (project_id, fund_type): int(fen)
        for project_id, fund_type, fen in session.execute(
            select(Payment.project_id, Payment.fund_type, func.sum(Payment.amount_fen))
            .where(Payment.fy == year, Payment.status == "paid")
            .group_by(Payment.project_id, Payment.fund_type)
        )
    }
    holds: dict[int, tuple[str, ...]] = {}
    for project_id, code in session.execute(
        select(FundHold.project_id, FundHold.code).where(FundHold.lifted_at.is_(None)).order_by(FundHold.since)
    ):
        holds[project_id] = (*holds.get(project_id, ()), code)
    planned = {item.project_id: item.fy_amount_fen for item, _, _ in items}
    rows = [
        _row(reader, project, unit, line.fund_type, holds.get(project.id, ()), planned.get(project.id),
             line.requested_fen, line.suggested_fen, line.arranged_fen, paid.get((project.id, line.fund_type)))
        for line, project, unit in lines
    ]  # fmt: skip
    in_lines = {line.project_id for line, _, _ in lines}
    rows += [
        _row(reader, project, unit, "", holds.get(project.id, ()), item.fy_amount_fen, None, None, None, None)
        for item, project, unit in items
        if project.id not in in_lines
    ]
    ordered = tuple(sorted(rows, key=lambda row: row.project_no))
    return FundsPage(
        fiscal_year=year,
        years=tuple(sorted(years | {year}, reverse=True)),
        rows=ordered,
        planned_fen=sum(row.planned_fen or 0 for row in ordered),
        requested_fen=sum(row.requested_fen or 0 for row in ordered),
        arranged_fen=sum(row.arranged_fen or 0 for row in ordered),
        paid_fen=sum(row.paid_fen or 0 for row in ordered),
    )


def _row(
    reader: Reader, project: Project, unit: str, fund_type: str, holds: tuple[str, ...], *amounts: int | None
) -> FundRow:
    planned, requested, suggested, arranged, paid = (
        amounts if sees_money(reader, project.unit_id) else (None,) * len(amounts)
    )
    return FundRow(
        project.no, project.name, unit, project.state, fund_type, planned, requested, suggested, arranged, paid, holds
    )
