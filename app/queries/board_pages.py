"""The board of a head or supervisor, every number within her scope."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.calendar import Calendar
from app.domain.roles import ROLES, OrganisationKind
from app.models.accounts import Organisation
from app.models.business import DeadlineRow as Ledger
from app.models.business import FundHold, Project
from app.models.process import UserTask
from app.queries import hold_rows, inbox_pages
from app.queries.board import BoardPage, PhaseLoad, WaitingFor
from app.queries.inbox import InboxFilter
from app.queries.ledger_rows import joined, row_of, visible
from app.queries.project_lists import phase_number
from app.queries.projects import DeadlineRow
from app.queries.scope import Reader, sees_money, visible_projects

SHOWN_DEADLINES = 12
SHOWN_DECISIONS = 5
PHASES = 8

HOLDER_NAMES = {
    OrganisationKind.UNIT: "项目单位",
    OrganisationKind.BUREAU: "县大数据局",
    OrganisationKind.DRC: "县发改委",
    OrganisationKind.FINANCE: "县财政局",
    OrganisationKind.AUDIT: "县审计局",
    OrganisationKind.SECURITY: "安全监管部门",
    OrganisationKind.COUNTY_GOV: "县政府办",
    OrganisationKind.EMPLOYER: "专家",
    OrganisationKind.COMPANY: "参建单位",
}


def load(
    session: Session, reader: Reader, audiences: Collection[str], *, now: datetime, calendar: Calendar
) -> BoardPage:
    """Return the board for a reader."""
    today = now.date()
    everywhere = visible_projects(reader)
    by_state = session.execute(
        select(Project.state, func.count(), func.coalesce(func.sum(Project.total_fen), 0))
        .where(everywhere)
        .group_by(Project.state)
    ).all()
    under_way = sum(count for state, count, _ in by_state if phase_number(state))
    money = sees_money(reader)
    holds = hold_rows.page(session, reader, today=today)
    decisions = inbox_pages.load(session, reader, audiences, InboxFilter(tab="sign"), now=now, calendar=calendar)
    asked = [row for group in decisions.groups for row in group.rows]
    sunday = today + timedelta(days=6 - today.weekday())
    return BoardPage(
        today=today,
        projects=sum(count for _, count, _ in by_state),
        under_way=under_way,
        investment_fen=sum(int(fen) for state, _, fen in by_state if phase_number(state)) if money else None,
        due_today=_deadlines(session, reader, today, today, today),
        overdue=_deadlines(session, reader, date.min, today - timedelta(days=1), today),
        this_week=_deadlines(session, reader, today + timedelta(days=1), sunday, today),
        held_projects=holds.projects,
        blocked_fen=holds.blocked_fen,
        liftable_fen=holds.liftable_fen,
        holds=tuple(sorted(holds.rows, key=lambda row: -(row.blocked_fen or 0))),
        decisions=tuple(asked[:SHOWN_DECISIONS]),
        decisions_total=sum(group.count for group in decisions.groups),
        phases=_phases(session, reader, by_state, today, money=money),  # type: ignore[arg-type]
        waiting=_waiting(session, reader),
    )


def _deadlines(session: Session, reader: Reader, first: date, last: date, today: date) -> tuple[DeadlineRow, ...]:
    query = (
        joined()
        .where(
            visible(reader),
            Ledger.project_id.is_not(None),
            Ledger.status == "open",
            Ledger.due >= first,
            Ledger.due <= last,
        )
        .order_by(Ledger.due, Ledger.id)
        .limit(SHOWN_DEADLINES)
    )
    return tuple(row_of(row, no, name, unit, today=today) for row, no, name, unit in session.execute(query))


def _phases(
    session: Session, reader: Reader, by_state: list[tuple[str, int, int]], today: date, *, money: bool
) -> tuple[PhaseLoad, ...]:
    projects, investment = Counter[int](), Counter[int]()
    for state, count, fen in by_state:
        projects[phase_number(state)] += count
        investment[phase_number(state)] += int(fen)
    held, overdue = Counter[int](), Counter[int]()
    for state in session.scalars(
        select(Project.state).where(
            visible_projects(reader), Project.id.in_(select(FundHold.project_id).where(FundHold.lifted_at.is_(None)))
        )
    ):
        held[phase_number(state)] += 1
    late = select(Ledger.project_id).where(Ledger.status == "open", Ledger.due < today)
    for state in session.scalars(select(Project.state).where(visible_projects(reader), Project.id.in_(late))):
        overdue[phase_number(state)] += 1
    return tuple(
        PhaseLoad(n, projects[n], investment[n] if money else None, held[n], overdue[n]) for n in range(1, PHASES + 1)
    )


def _waiting(session: Session, reader: Reader) -> tuple[WaitingFor, ...]:
    """Return for whom the projects wait, by the role that their open tasks name first."""
    rows = session.execute(
        select(UserTask.project_id, UserTask.roles)
        .join(Project, Project.id == UserTask.project_id)
        .join(Organisation, Organisation.id == Project.unit_id)
        .where(UserTask.status == "open", visible_projects(reader))
    )
    projects: dict[str, set[int]] = {}
    for project_id, roles in rows:
        first = roles.split(" ", maxsplit=1)[0]
        kind = ROLES[first].organisation if first in ROLES else OrganisationKind.SYSTEM
        if kind in HOLDER_NAMES and project_id is not None:
            projects.setdefault(HOLDER_NAMES[kind], set()).add(project_id)
    return tuple(WaitingFor(who, len(ids)) for who, ids in sorted(projects.items(), key=lambda item: -len(item[1])))
