"""What each unit is late with, grouped by who leads the project: the pages 催办一条龙 and 本周必须办."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.domain.calendar import Calendar
from app.models.accounts import Organisation, Person, PersonRole
from app.models.business import DeadlineRow as Ledger
from app.models.documents import AuditEvent
from app.queries import hold_rows, inbox_pages
from app.queries.inbox import InboxFilter, InboxRow
from app.queries.ledger_rows import joined, overdue, row_of, visible, waited_for
from app.queries.projects import DeadlineRow
from app.queries.scope import Reader

URGED = "urge_unit"
MOST = 500
MOST_TASKS = 25


@dataclass(frozen=True)
class LedBy:
    """What the projects of one lead are late with; the name is empty where a project has none yet."""

    name: str
    rows: tuple[DeadlineRow, ...]


@dataclass(frozen=True)
class LateUnit:
    """One unit: its heads, what is overdue by lead, and who urged it last."""

    id: int
    code: str
    name: str
    heads: tuple[str, ...]
    leads: tuple[LedBy, ...]
    urged_at: datetime | None = None
    urged_by: str = ""

    @property
    def count(self) -> int:
        """How many deadlines are overdue."""
        return sum(len(lead.rows) for lead in self.leads)


def late_units(
    session: Session, reader: Reader, *, today: date, calendar: Calendar, code: str = ""
) -> tuple[LateUnit, ...]:
    """Return every unit (or the one with this code) that is late within the reader's scope, the latest first."""
    query = (
        joined()
        .add_columns(Organisation.id, Organisation.code)
        .where(visible(reader), Ledger.project_id.is_not(None), overdue(today))
        .order_by(Ledger.due, Ledger.id)
        .limit(MOST)
    )
    if code:
        query = query.where(Organisation.code == code)
    by_unit: dict[tuple[int, str, str], dict[str, list[DeadlineRow]]] = {}
    for *columns, unit_id, unit_code in session.execute(query):
        row = row_of(*columns, today=today, calendar=calendar)
        by_unit.setdefault((unit_id, unit_code, row.unit), {}).setdefault(row.holder, []).append(row)
    ids = [key[0] for key in by_unit]
    heads, urged = _heads(session, ids), _urged(session, ids)
    return tuple(
        LateUnit(
            unit_id,
            unit_code,
            name,
            heads.get(unit_id, ()),
            tuple(LedBy(lead, tuple(rows)) for lead, rows in leads.items()),
            *urged.get(unit_id, (None, "")),
        )
        for (unit_id, unit_code, name), leads in by_unit.items()
    )


def _heads(session: Session, unit_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    query = (
        select(Person.organisation_id, Person.name)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(PersonRole.role == "unit_head", Person.active, Person.organisation_id.in_(unit_ids))
        .order_by(Person.id)
    )
    for unit_id, name in session.execute(query):
        found[unit_id] = (*found.get(unit_id, ()), name)
    return found


def _urged(session: Session, unit_ids: Collection[int]) -> dict[int, tuple[datetime, str]]:
    """Return unit → when it was urged last, and by whom."""
    subjects = [str(unit_id) for unit_id in unit_ids]
    last = (
        select(func.max(AuditEvent.id))
        .where(AuditEvent.subject_kind == "organisation", AuditEvent.subject_id.in_(subjects), AuditEvent.act == URGED)
        .group_by(AuditEvent.subject_id)
    )
    query = (
        select(AuditEvent.subject_id, AuditEvent.at, Person.name)
        .outerjoin(Person, Person.id == AuditEvent.actor_id)
        .where(AuditEvent.id.in_(last))
    )
    return {int(subject): (at, name or "") for subject, at, name in session.execute(query)}


@dataclass(frozen=True)
class Week:
    """What a leader has to see done by Sunday."""

    today: date
    until: date
    tasks: tuple[InboxRow, ...]
    """Her own: overdue, of today and of this week."""
    overdue: tuple[DeadlineRow, ...]
    coming: tuple[DeadlineRow, ...]
    """Deadlines of projects within her scope that end by Sunday."""
    held: int
    blocked_fen: int


def week(session: Session, reader: Reader, audiences: Collection[str], *, now: datetime, calendar: Calendar) -> Week:
    """Return what a leader must do and see done this week, within her scope."""
    today = now.astimezone(SHANGHAI).date()
    sunday = today + timedelta(days=6 - today.weekday())
    page = inbox_pages.load(session, reader, audiences, InboxFilter(), now=now, calendar=calendar)
    tasks = [row for group in page.groups if group.key != "later" for row in group.rows]
    ledger = (
        joined()
        .where(
            visible(reader),
            Ledger.project_id.is_not(None),
            overdue(today) | (waited_for() & (Ledger.due >= today) & (Ledger.due <= sunday)),
        )
        .order_by(Ledger.due, Ledger.id)
        .limit(MOST)
    )
    rows = [row_of(*one, today=today, calendar=calendar) for one in session.execute(ledger)]
    holds = hold_rows.page(session, reader, today=today)
    return Week(
        today,
        sunday,
        tuple(tasks[:MOST_TASKS]),
        tuple(row for row in rows if row.status == "overdue"),
        tuple(row for row in rows if row.status == "running"),
        holds.projects,
        holds.blocked_fen,
    )
