"""The board of a head or supervisor, every number within her scope."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.calendar import Calendar
from app.domain.roles import ROLES, OrganisationKind
from app.models.business import DeadlineRow as Ledger
from app.models.business import FundHold, Project
from app.models.process import UserTask
from app.queries import hold_rows, inbox_pages
from app.queries.board import BoardPage, Bottleneck, PhaseLoad, WaitingFor
from app.queries.inbox import InboxFilter
from app.queries.ledger_rows import IN_WORKING_DAYS, LISTED_ONLY, OPENING, joined, row_of, urgency, visible, waited_for
from app.queries.ledger_rows import overdue as overdue_rows
from app.queries.project_lists import phase_number
from app.queries.projects import DeadlineRow
from app.queries.scope import Reader, sees_money, visible_projects

MOST_DEADLINES = 300
SHOWN_BOTTLENECKS = 8
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
    ledger = _deadlines(session, reader, today, calendar)
    overdue = [row for row in ledger if row.status == "overdue"]
    return BoardPage(
        today=today,
        projects=sum(count for _, count, _ in by_state),
        under_way=under_way,
        investment_fen=sum(int(fen) for state, _, fen in by_state if phase_number(state)) if money else None,
        due_today=tuple(row for row in ledger if row.due_on == today),
        overdue=tuple(sorted(overdue, key=lambda row: urgency(row.kind, row.due_on, today))),
        this_week=tuple(row for row in ledger if today < row.due_on <= sunday),
        bottlenecks=_bottlenecks(ledger, today, calendar),
        held_projects=holds.projects,
        blocked_fen=holds.blocked_fen,
        liftable_fen=holds.liftable_fen,
        holds=tuple(sorted(holds.rows, key=lambda row: -(row.blocked_fen or 0))),
        decisions=tuple(asked[:SHOWN_DECISIONS]),
        decisions_total=sum(group.count for group in decisions.groups),
        phases=_phases(session, reader, by_state, today, money=money),  # type: ignore[arg-type]
        waiting=_waiting(session, reader, today),
    )


def _deadlines(session: Session, reader: Reader, today: date, calendar: Calendar) -> tuple[DeadlineRow, ...]:
    """Return the deadlines of projects that are waited for, the oldest first."""
    query = (
        joined()
        .where(
            visible(reader),
            Ledger.project_id.is_not(None),
            overdue_rows(today) | (waited_for() & (Ledger.due >= today)),
        )
        .order_by(Ledger.due, Ledger.id)
        .limit(MOST_DEADLINES)
    )
    return tuple(row_of(*one, today=today, calendar=calendar) for one in session.execute(query))


def _bottlenecks(ledger: Sequence[DeadlineRow], today: date, calendar: Calendar) -> tuple[Bottleneck, ...]:
    """Return the deadlines of which most is used up, each once a project, without those that only open something."""
    found: dict[str, Bottleneck] = {}
    for row in ledger:
        if row.kind in OPENING | LISTED_ONLY or row.starts_on >= today:
            continue
        working = row.kind in IN_WORKING_DAYS
        used = calendar.working_days_between(row.starts_on, today) if working else (today - row.starts_on).days
        whole = (row.due_on - row.starts_on).days
        total = calendar.working_days_between(row.starts_on, row.due_on) if working else whole
        one = Bottleneck(row, used, max(total, 1), in_working_days=working)
        known = found.get(row.project_no)
        if known is None or one.share > known.share:
            found[row.project_no] = one
    return tuple(sorted(found.values(), key=lambda one: -one.share)[:SHOWN_BOTTLENECKS])


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
    late = select(Ledger.project_id).join(Project, Project.id == Ledger.project_id).where(overdue_rows(today))
    for state in session.scalars(select(Project.state).where(visible_projects(reader), Project.id.in_(late))):
        overdue[phase_number(state)] += 1
    return tuple(
        PhaseLoad(n, projects[n], investment[n] if money else None, held[n], overdue[n]) for n in range(1, PHASES + 1)
    )


def _waiting(session: Session, reader: Reader, today: date) -> tuple[WaitingFor, ...]:
    """Return for whom the projects wait, by the role that their open tasks name first, and how late the latest is."""
    rows = session.execute(
        select(UserTask.project_id, UserTask.roles, UserTask.due_at)
        .join(Project, Project.id == UserTask.project_id)
        .where(UserTask.status == "open", visible_projects(reader))
    )
    projects: dict[str, set[int]] = {}
    late: dict[str, int] = {}
    for project_id, roles, due_at in rows:
        first = roles.split(" ", maxsplit=1)[0]
        kind = ROLES[first].organisation if first in ROLES else OrganisationKind.SYSTEM
        if kind in HOLDER_NAMES and project_id is not None:
            who, due = HOLDER_NAMES[kind], inbox_pages.due_day(due_at)
            projects.setdefault(who, set()).add(project_id)
            late[who] = max(late.get(who, 0), (today - due).days if due else 0)
    return tuple(
        WaitingFor(who, len(ids), late[who]) for who, ids in sorted(projects.items(), key=lambda item: -len(item[1]))
    )
