"""The list of projects that a reader may see, page by page."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from app.domain.calendar import Calendar
from app.domain.states import LABELS, State, phase_of
from app.models.accounts import Organisation, Person
from app.models.business import (
    Approval,
    Contract,
    DeadlineRow,
    FundHold,
    MeasureTaken,
    Opinion,
    Order,
    Payment,
    PlanItem,
    Project,
    SystemEntry,
)
from app.queries.inbox import Choice
from app.queries.ledger_rows import urgency, waited_for, working_days_late
from app.queries.projects import ProjectFilter, ProjectList, ProjectRow
from app.queries.scope import Reader, sees_money, visible_projects

PAGE_ROWS = 50
SEARCH_ROWS = 50
SEARCHED: tuple[tuple[type[Any], tuple[Any, ...]], ...] = (
    (Opinion, (Opinion.doc_no,)),
    (Approval, (Approval.doc_no,)),
    (PlanItem, (PlanItem.consent_doc_no,)),
    (Order, (Order.doc_no, Order.number)),
    (MeasureTaken, (MeasureTaken.doc_no,)),
    (Contract, (Contract.no, Contract.supplier)),
    (SystemEntry, (SystemEntry.code, SystemEntry.name)),
)
"""What belongs to a project and has a number or name by which people look for it."""


def phase_number(state: str) -> int:
    """Return the phase of a stored state, 0 for one that has left the track."""
    return phase_of(State(state)) if state in State.__members__ else 0


def states_of_phase(phase: int) -> list[str]:
    """Return the states that stand in a phase."""
    return [state.value for state, label in LABELS.items() if label.phase == phase]


def load(session: Session, reader: Reader, asked: ProjectFilter, *, today: date, calendar: Calendar) -> ProjectList:
    """Return one page of the projects that the reader may see, newest year first."""
    conditions = [visible_projects(reader), *_conditions(asked)]
    query = _joined().where(*conditions).order_by(Project.no.desc()).limit(PAGE_ROWS + 1)
    if asked.cursor:
        query = query.where(Project.no < asked.cursor)
    found = session.execute(query).all()
    total, investment = session.execute(
        select(func.count(), func.coalesce(func.sum(Project.total_fen), 0))
        .select_from(Project)
        .join(Organisation, Organisation.id == Project.unit_id)
        .where(*conditions)
    ).one()
    ids = [row[0].id for row in found[:PAGE_ROWS]]
    holds, dues = _holds(session, ids), _dues(session, ids, today)
    rows = tuple(
        _row(
            project,
            unit,
            contract,
            paid,
            reader,
            holds=holds.get(project.id, ()),
            due=dues.get(project.id),
            late=_late(dues.get(project.id), today, calendar),
        )
        for project, unit, contract, paid in found[:PAGE_ROWS]
    )
    everywhere = visible_projects(reader)
    held_states = set(session.scalars(select(Project.state).where(everywhere).distinct()))
    return ProjectList(
        filter=asked,
        total=total,
        rows=rows,
        units=_units(session, everywhere),
        states=tuple(state for state in LABELS if state in held_states),
        years=tuple(
            session.scalars(select(Project.fy_entered).where(everywhere).distinct().order_by(Project.fy_entered.desc()))
        ),
        next_cursor=rows[-1].no if len(found) > PAGE_ROWS else "",
        investment_fen=int(investment) if sees_money(reader) else None,
    )


def search(session: Session, reader: Reader, text: str) -> tuple[ProjectRow, ...]:
    """Return the projects whose name, number, unit, lead, system, contract or any paper's number holds the text."""
    like = _like(text)
    found = (
        select(table.project_id).where(or_(*(column.ilike(like) for column in columns))) for table, columns in SEARCHED
    )
    query = (
        _joined()
        .outerjoin(Person, Person.id == Project.lead_id)
        .where(
            visible_projects(reader),
            or_(
                Project.name.ilike(like),
                Project.no.ilike(like),
                Organisation.name.ilike(like),
                Organisation.short.ilike(like),
                Person.name.ilike(like),
                *(Project.id.in_(ids) for ids in found),
            ),
        )
        .order_by(Project.no.desc())
        .limit(SEARCH_ROWS)
    )
    return tuple(
        _row(project, unit, contract, paid, reader) for project, unit, contract, paid in session.execute(query)
    )


def _joined() -> Select[Project, Organisation, int, int]:
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
    return select(Project, Organisation, contract, paid).join(Organisation, Organisation.id == Project.unit_id)


def _conditions(asked: ProjectFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.text:
        conditions.append(or_(Project.name.ilike(_like(asked.text)), Project.no.ilike(_like(asked.text))))
    if asked.unit:
        conditions.append(Organisation.code == asked.unit)
    if asked.phase:
        conditions.append(Project.state.in_(states_of_phase(asked.phase)))
    if asked.state:
        conditions.append(Project.state == asked.state)
    if asked.year:
        conditions.append(Project.fy_entered == asked.year)
    if asked.held:
        conditions.append(Project.id.in_(select(FundHold.project_id).where(FundHold.lifted_at.is_(None))))
    return conditions


def _like(text: str) -> str:
    return f"%{text.replace('%', '').replace('_', '')}%"


def _row(
    project: Project,
    unit: Organisation,
    contract: int | None,
    paid: int | None,
    reader: Reader,
    *,
    holds: tuple[str, ...] = (),
    due: tuple[date, str] | None = None,
    late: int | None = None,
) -> ProjectRow:
    money = sees_money(reader, unit.id)
    return ProjectRow(
        no=project.no,
        name=project.name,
        unit=unit.short,
        state=project.state,
        phase=phase_number(project.state),
        investment_fen=project.total_fen if money else None,
        contract_fen=contract if money else None,
        paid_fen=paid if money else None,
        next_due_on=due[0] if due else None,
        next_due_kind=due[1] if due else "",
        working_days_late=late,
        holds=holds,
    )


def _late(due: tuple[date, str] | None, today: date, calendar: Calendar) -> int | None:
    return working_days_late(due[1], due[0], today, calendar) if due else None


def _holds(session: Session, ids: list[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    query = select(FundHold.project_id, FundHold.code).where(FundHold.project_id.in_(ids), FundHold.lifted_at.is_(None))
    for project_id, code in session.execute(query.order_by(FundHold.since)):
        found[project_id] = (*found.get(project_id, ()), code)
    return found


def _dues(session: Session, ids: list[int], today: date) -> dict[int, tuple[date, str]]:
    found: dict[int, tuple[date, str]] = {}
    query = (
        select(DeadlineRow.project_id, DeadlineRow.due, DeadlineRow.kind)
        .join(Project, Project.id == DeadlineRow.project_id)
        .where(DeadlineRow.project_id.in_(ids), waited_for())
    )
    for project_id, due, kind in sorted(session.execute(query), key=lambda one: urgency(one[2], one[1], today)):
        found.setdefault(project_id or 0, (due, kind))
    return found


def _units(session: Session, everywhere: ColumnElement[bool]) -> tuple[Choice, ...]:
    query = (
        select(Organisation.code, Organisation.short)
        .where(Organisation.id.in_(select(Project.unit_id).where(everywhere)))
        .order_by(Organisation.id)
    )
    return tuple(Choice(code, short) for code, short in session.execute(query))
