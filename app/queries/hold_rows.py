"""Holds as pages show them: what each blocks, how much money, what lifts it and who can."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.articles import citation
from app.models.accounts import Organisation, Person
from app.models.business import BudgetLine, Contract, DeadlineRow, FundHold, OmApplication, Payment, Project
from app.queries.projects import HoldRow
from app.queries.registers import HeldProject, HoldsPage
from app.queries.scope import Reader, sees_money, visible_projects

WayOut = Literal["act", "confirm", "expire", "never"]

BLOCKS = {
    "H-SHARE": "审批，建设、运维和购买服务资金",
    "H-CAT": "运维经费",
    "H-NOSTART": "本年度建设资金",
    "H-ACC": "后续建设资金、运维经费",
    "H-EVAL": "运维与升级改造申报",
    "H-AUDIT": "运维经费拨付",
    "H-INSP": "建设资金拨付",
    "H-SUSP": "一切建设活动和建设款支付",
    "H-TERM": "结算、审计以外的一切支付",
}
LIFTS = {
    "H-SHARE": "整改后数据资源股复查合格",
    "H-CAT": "在县政务信息系统目录登记",
    "H-NOSTART": "年度结束自动失效，下一年度可再列",
    "H-ACC": "验收结论为“通过”，系统自动解除",
    "H-EVAL": "整改经大数据局和财政局确认",
    "H-AUDIT": "整改经审计局确认",
    "H-INSP": "整改复查合格，监督检查单结案",
    "H-SUSP": "整改合格，会签复工",
    "H-TERM": "不解除，只办结算与审计",
}
WAYS: dict[str, WayOut] = {
    "H-CAT": "act",
    "H-ACC": "act",
    "H-SHARE": "confirm",
    "H-EVAL": "confirm",
    "H-AUDIT": "confirm",
    "H-INSP": "confirm",
    "H-SUSP": "confirm",
    "H-NOSTART": "expire",
    "H-TERM": "never",
}
SLOWEST_LAST: tuple[WayOut, ...] = ("act", "expire", "confirm", "never")
FUNDED_BY_CONTRACT = frozenset({"H-ACC", "H-INSP", "H-SUSP", "H-TERM"})
COUNTED_ONCE = ("H-TERM", "H-SUSP", "H-INSP", "H-ACC", "H-NOSTART", "H-CAT", "H-SHARE", "H-AUDIT", "H-EVAL")
"""Where several holds stop the same money it is counted under the first of these."""


def page(session: Session, reader: Reader, *, today: date) -> HoldsPage:
    """Return every hold in force that the reader may see; the same money is counted once."""
    query = (
        select(FundHold, Project, Organisation.short, Person.name)
        .join(Project, Project.id == FundHold.project_id)
        .join(Organisation, Organisation.id == Project.unit_id)
        .outerjoin(Person, Person.id == Project.lead_id)
        .where(FundHold.lifted_at.is_(None), visible_projects(reader))
        .order_by(FundHold.since, FundHold.id)
    )
    found = session.execute(query).all()
    recorded = {(hold.project_id, hold.code) for hold, *_ in found}
    rows = [
        _row(hold.id, hold.code, project, unit, lead or "", since=hold.since, articles=hold.articles)
        for hold, project, unit, lead in found
    ]
    rows += _lapsed_today(session, reader, today=today, recorded=recorded)
    money = _blocked(session, rows, today) if sees_money(reader) else {}
    shown = tuple(_with_money(row, money.get((row.project_no, row.code))) for row in rows)
    return HoldsPage(
        rows=shown,
        projects=len({row.project_no for row in shown}),
        blocked_fen=sum(row.blocked_fen or 0 for row in shown),
        liftable_fen=sum(row.blocked_fen or 0 for row in shown if row.way_out != "never"),
        as_of=today,
        held=_held(shown),
    )


def _held(rows: Sequence[HoldRow]) -> tuple[HeldProject, ...]:
    by_project: dict[str, list[HoldRow]] = {}
    for row in rows:
        by_project.setdefault(row.project_no, []).append(row)
    found = [
        HeldProject(tuple(held), max((row.way_out for row in held), key=SLOWEST_LAST.index))
        for held in by_project.values()
    ]
    return tuple(sorted(found, key=lambda one: -(one.blocked_fen or 0)))


def of_project(session: Session, project_id: int, *, today: date, money: bool) -> tuple[HoldRow, ...]:
    """Return every hold of a project, those in force first."""
    query = (
        select(FundHold, Project, Organisation.short, Person.name)
        .join(Project, Project.id == FundHold.project_id)
        .join(Organisation, Organisation.id == Project.unit_id)
        .outerjoin(Person, Person.id == Project.lead_id)
        .where(FundHold.project_id == project_id)
        .order_by(FundHold.lifted_at.is_not(None), FundHold.since)
    )
    rows = [
        _row(
            hold.id,
            hold.code,
            project,
            unit,
            lead or "",
            since=hold.since,
            articles=hold.articles,
            lifted_on=hold.lifted_on,
            lifted_by=hold.evidence or "、".join(hold.lifted_by),
        )
        for hold, project, unit, lead in session.execute(query)
    ]
    blocked = _blocked(session, [row for row in rows if row.lifted_on is None], today) if money else {}
    return tuple(_with_money(row, blocked.get((row.project_no, row.code))) for row in rows)


def _lapsed_today(session: Session, reader: Reader, *, today: date, recorded: set[tuple[int, str]]) -> list[HoldRow]:
    """Return H-ACC of acceptances overdue whose row the sweep has not written yet: it holds from 00:00 on."""
    query = (
        select(DeadlineRow, Project, Organisation.short, Person.name)
        .join(Project, Project.id == DeadlineRow.project_id)
        .join(Organisation, Organisation.id == Project.unit_id)
        .outerjoin(Person, Person.id == Project.lead_id)
        .where(
            DeadlineRow.kind == "acceptance",
            DeadlineRow.status == "open",
            DeadlineRow.due < today,
            Project.accepted_on.is_(None),
            visible_projects(reader),
        )
    )
    return [
        _row(0, "H-ACC", project, unit, lead or "", since=row.due + timedelta(days=1), articles=[21])
        for row, project, unit, lead in session.execute(query)
        if (project.id, "H-ACC") not in recorded and project.state != "TERMINATED"
    ]


def _row(
    hold_id: int,
    code: str,
    project: Project,
    unit: str,
    lead: str,
    *,
    since: date,
    articles: Sequence[int],
    lifted_on: date | None = None,
    lifted_by: str = "",
) -> HoldRow:
    return HoldRow(
        id=hold_id,
        code=code,
        project_no=project.no,
        project_name=project.name,
        unit=unit,
        article="、".join(citation(number) for number in articles),
        since=since,
        blocks=BLOCKS.get(code, ""),
        lift=LIFTS.get(code, ""),
        holder=lead,
        lifted_on=lifted_on,
        lifted_by=lifted_by,
        way_out=WAYS.get(code, "confirm"),
    )


def _with_money(row: HoldRow, fen: int | None) -> HoldRow:
    return row if fen is None else HoldRow(**{**row.__dict__, "blocked_fen": fen})


def _blocked(session: Session, rows: Sequence[HoldRow], today: date) -> dict[tuple[str, str], int]:
    """Return how much money (分) each hold stops: the unpaid contract, this year's line, or the O&M asked for."""
    numbers = sorted({row.project_no for row in rows})
    unpaid = _unpaid(session, numbers)
    asked = _om(session, numbers, today)
    planned = dict(session.execute(select(Project.no, Project.total_fen).where(Project.no.in_(numbers))).all())
    found: dict[tuple[str, str], int] = {}
    taken: set[str] = set()
    for row in sorted(rows, key=lambda one: COUNTED_ONCE.index(one.code) if one.code in COUNTED_ONCE else 99):
        if row.code in FUNDED_BY_CONTRACT:
            fen = unpaid.get(row.project_no, 0)
        elif row.code == "H-NOSTART":
            fen = planned.get(row.project_no, 0)
        elif row.code == "H-CAT":
            fen = asked.get(row.project_no, 0) or planned.get(row.project_no, 0)
        else:
            fen = asked.get(row.project_no, 0)
        if fen and row.project_no not in taken:
            found[row.project_no, row.code] = fen
            taken.add(row.project_no)
    return found


def _unpaid(session: Session, numbers: Sequence[str]) -> dict[str, int]:
    contract = (
        select(func.sum(Contract.amount_fen))
        .where(Contract.project_id == Project.id)
        .correlate(Project)
        .scalar_subquery()
    )
    paid = (
        select(func.sum(Payment.amount_fen))
        .where(Payment.project_id == Project.id, Payment.status == "paid")
        .correlate(Project)
        .scalar_subquery()
    )
    rows = session.execute(select(Project.no, contract, paid).where(Project.no.in_(numbers)))
    return {no: int(total or 0) - int(done or 0) for no, total, done in rows if total}


def _om(session: Session, numbers: Sequence[str], today: date) -> dict[str, int]:
    applied = session.execute(
        select(Project.no, OmApplication.amount_fen)
        .join(OmApplication, OmApplication.project_id == Project.id)
        .where(Project.no.in_(numbers), OmApplication.fy > today.year)
    )
    found: dict[str, int] = {no: int(fen) for no, fen in applied}
    lines = session.execute(
        select(Project.no, func.sum(BudgetLine.requested_fen))
        .join(BudgetLine, BudgetLine.project_id == Project.id)
        .where(Project.no.in_(numbers), BudgetLine.fund_type == "运维", BudgetLine.fy > today.year)
        .group_by(Project.no)
    )
    return {no: int(fen or 0) for no, fen in lines} | found
