"""Pages of the deadline ledger and of a person's notices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, case, func, select, tuple_
from sqlalchemy.orm import Session

from app.domain.calendar import Calendar
from app.models.accounts import Organisation
from app.models.business import DeadlineRow as Ledger
from app.models.business import Project
from app.models.documents import Notice
from app.queries.inbox import Choice, Upcoming
from app.queries.ledger_rows import joined, overdue, plans_filed, row_of, visible, waited_for
from app.queries.registers import DeadlineFilter, DeadlineRegister
from app.queries.scope import Reader, visible_projects

PAGE_ROWS = 50
COMING = timedelta(days=60)


def deadlines(
    session: Session, reader: Reader, asked: DeadlineFilter, *, today: date, calendar: Calendar
) -> DeadlineRegister:
    """Return one page of the ledger: open rows by their last day, met ones newest first."""
    week = today + timedelta(days=6 - today.weekday())
    conditions = [visible(reader), *_conditions(asked, today, week)]
    newest_first = asked.status in {"met", "all"}
    query = joined().where(*conditions).limit(PAGE_ROWS + 1)
    order = (Ledger.due.desc(), Ledger.id.desc()) if newest_first else (Ledger.due, Ledger.id)
    query = query.order_by(*order)
    if cursor := _cursor(asked.cursor):
        place = tuple_(Ledger.due, Ledger.id)
        query = query.where(place < cursor if newest_first else place > cursor)
    found = session.execute(query).all()
    listed = tuple(row_of(*one, today=today, calendar=calendar) for one in found[:PAGE_ROWS])
    rows = plans_filed(session, reader, listed)
    late, week_rows, running = _counts(session, reader, today, week)
    return DeadlineRegister(
        filter=asked,
        rows=rows,
        overdue=late,
        due_this_week=week_rows,
        running=running,
        kinds=tuple(session.scalars(select(Ledger.kind).distinct().order_by(Ledger.kind))),
        units=_units(session, reader),
        next_cursor=f"{rows[-1].due_on.isoformat()}~{rows[-1].id}" if len(found) > PAGE_ROWS else "",
    )


def _conditions(asked: DeadlineFilter, today: date, week: date) -> list[ColumnElement[bool]]:
    by_status: dict[str, list[ColumnElement[bool]]] = {
        "": [overdue(today) | (waited_for() & (Ledger.due >= today))],
        "running": [waited_for(), Ledger.due >= today],
        "overdue": [overdue(today)],
        "soon": [waited_for(), Ledger.due >= today, Ledger.due <= week],
        "met": [Ledger.status == "met"],
        "all": [Ledger.status != "void"],
    }
    conditions = by_status[asked.status] or []
    if asked.kind:
        conditions.append(Ledger.kind == asked.kind)
    if asked.unit:
        conditions.append(Organisation.code == asked.unit)
    return conditions


def _cursor(text: str) -> tuple[date, int] | None:
    day, _, key = text.partition("~")
    try:
        return date.fromisoformat(day), int(key)
    except ValueError:
        return None


def _counts(session: Session, reader: Reader, today: date, week: date) -> tuple[int, int, int]:
    """Return how many deadlines of the reader are overdue, end this week, and run."""
    coming = waited_for() & (Ledger.due >= today)
    found = session.execute(
        select(
            func.count(case((overdue(today), 1))),
            func.count(case((coming & (Ledger.due <= week), 1))),
            func.count(case((coming, 1))),
        )
        .select_from(Ledger)
        .outerjoin(Project, Project.id == Ledger.project_id)
        .where(visible(reader), Ledger.status == "open")
    ).one()
    return int(found[0]), int(found[1]), int(found[2])


def _units(session: Session, reader: Reader) -> tuple[Choice, ...]:
    query = (
        select(Organisation.code, Organisation.short)
        .where(Organisation.id.in_(select(Project.unit_id).where(visible_projects(reader))))
        .order_by(Organisation.id)
    )
    return tuple(Choice(code, short) for code, short in session.execute(query))


def upcoming(session: Session, reader: Reader, *, today: date) -> tuple[Upcoming, ...]:
    """Return the next deadlines of the reader's own unit, for an empty inbox."""
    query = (
        joined()
        .where(
            waited_for(),
            Ledger.due >= today,
            Ledger.due <= today + COMING,
            Ledger.project_id.is_(None) | (Project.unit_id == reader.organisation_id),
            visible(reader),
        )
        .order_by(Ledger.due)
        .limit(5)
    )
    rows = plans_filed(session, reader, [row_of(*one, today=today) for one in session.execute(query)])
    return tuple(
        Upcoming(row.due_on, row.kind, row.project_name if row.project_no else "", row.project_no)
        for row in rows
        if row.status != "met"
    )


@dataclass(frozen=True)
class StoredNotice:
    """A notice as stored: a message id with its values, which the page says in the reader's language."""

    id: int
    created_at: datetime
    level: str
    message: str
    values: Mapping[str, object]
    link: str
    read: bool


def notices(session: Session, reader: Reader, cursor: str) -> tuple[tuple[StoredNotice, ...], int, str]:
    """Return a page of the reader's notices, newest first; how many are unread; and where the next page begins."""
    query = select(Notice).where(Notice.person_id == reader.id).order_by(Notice.id.desc()).limit(PAGE_ROWS + 1)
    if cursor.isascii() and cursor.isdigit():
        query = query.where(Notice.id < int(cursor))
    found = tuple(
        StoredNotice(n.id, n.created_at, n.level, n.message, n.values or {}, n.link, n.read_at is not None)
        for n in session.scalars(query)
    )
    unread = session.scalar(
        select(func.count()).select_from(Notice).where(Notice.person_id == reader.id, Notice.read_at.is_(None))
    )
    return found[:PAGE_ROWS], int(unread or 0), str(found[PAGE_ROWS - 1].id) if len(found) > PAGE_ROWS else ""
