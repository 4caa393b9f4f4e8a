"""The ladders of reminders, sent from the ledger itself: whatever the diagrams draw, who must be told is told once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.domain import deadlines
from app.domain.calendar import at
from app.domain.deadline_kinds import KINDS
from app.domain.deadlines import REMINDER_TIME, Reminder
from app.domain.periods import DayCount
from app.domain.roles import ROLES, OrganisationKind
from app.models.accounts import Organisation, Person, PersonRole
from app.models.business import DeadlineRow, Project
from app.models.process import OutboxItem
from app.services import calendars, companies, library_year, notices
from app.services.lapses import HOLDING

KIND = "reminders"
"""The outbox item that brings a day's reminders at 08:30 of that day."""


def queue(session: Session, *, now: datetime) -> bool:
    """Leave the day's reminders for 08:30 if there are any; return whether there are. Safe to call again."""
    today = now.astimezone(SHANGHAI).date()
    if not _due(session, today) and not library_year.warned_on(session, today):
        return False
    moment = at(today, REMINDER_TIME)
    known = session.scalar(select(OutboxItem.id).where(OutboxItem.kind == KIND, OutboxItem.due_at == moment).limit(1))
    if known is None:
        session.add(OutboxItem(kind=KIND, payload={"day": today.isoformat()}, due_at=moment, created_at=now))
        session.flush()
    return True


def send(session: Session, day: date, *, now: datetime) -> int:
    """Send the reminders of `day` for every deadline that still runs; return how many deadlines they are about.

    A diagram that reminds of the same deadline on the same day has the same key: nobody is told twice.
    """
    calendar = calendars.current(session)
    sent = library_year.warn(session, now=now) if library_year.warned_on(session, day) else 0
    for row in _due(session, day):
        counted = DayCount(row.start, row.raw, row.due, row.fires_at)
        registered = row.registered_at.astimezone(SHANGHAI).date()
        ladder = deadlines.ladder(row.kind, counted, calendar, registered_on=registered)
        for reminder in ladder:
            if reminder.at.date() == day and not _said_by_hold(row, day):
                _tell(session, row, reminder, day, now=now)
                sent += 1
    return sent


def _said_by_hold(row: DeadlineRow, day: date) -> bool:
    """Say whether the notice of the hold that follows on the first day after says it already."""
    return KINDS[row.kind].consequence in HOLDING and day == row.due + timedelta(days=1)


def _due(session: Session, day: date) -> list[DeadlineRow]:
    found = session.scalars(
        select(DeadlineRow)
        .where(DeadlineRow.status == "open", cast(DeadlineRow.reminders, Text).contains(f'"{day.isoformat()}T'))
        .order_by(DeadlineRow.id)
    )
    return list(found)


def _tell(session: Session, row: DeadlineRow, reminder: Reminder, day: date, *, now: datetime) -> None:
    project = session.get(Project, row.project_id) if row.project_id is not None else None
    overdue = reminder.days > 0
    message = (
        "“%(project)s”的%(deadline)s已于 %(due)s 届满，请尽快办理。"
        if overdue
        else "“%(project)s”的%(deadline)s应于 %(due)s 前办理。"
    )
    if project is None:
        message = "%(deadline)s应于 %(due)s 前办理。"
    kind = KINDS[row.kind]
    notices.notify(
        session,
        _receivers(session, reminder.roles, project),
        message=message,
        values={
            "project": project.name if project is not None else "",
            "deadline": kind.zh,
            "deadline_en": kind.en,
            "due": row.due.isoformat(),
        },
        dedupe_key=_key(row, project, day, overdue=overdue),
        now=now,
        project_id=row.project_id,
        link=f"/projects/{project.no}?tab=deadlines" if project is not None else "/deadlines",
        level="overdue" if overdue else "due",
    )


def _key(row: DeadlineRow, project: Project | None, day: date, *, overdue: bool) -> str:
    """Return the key that the diagrams' own reminder of this deadline would have on this day."""
    about = project.no if project is not None else f"county:{row.subject}"
    several = row.subject if row.kind in {"update", "contract", "contract_notice", "contract_filing"} else ""
    return f"{row.kind}_{'overdue' if overdue else 'reminder'}:{about}:{several}:{day.isoformat()}"


def _receivers(session: Session, roles: tuple[str, ...], project: Project | None) -> list[int]:
    """Return who holds the roles: of unit roles in the project's unit (without a project in every eligible unit)."""
    if project is None:
        units = session.scalars(select(Organisation.id).where(Organisation.eligible)).all()
        return sorted({person for unit in units for person in notices.holders(session, roles, unit_id=unit)})
    found = set(notices.holders(session, roles, unit_id=project.unit_id))
    for role in roles:
        if role in ROLES and ROLES[role].organisation is OrganisationKind.COMPANY:
            assigned = companies.assigned_companies(session, project.id, role)
            found |= set(
                session.scalars(
                    select(Person.id)
                    .join(PersonRole, PersonRole.person_id == Person.id)
                    .where(Person.organisation_id.in_(assigned), PersonRole.role == role, Person.active)
                )
            )
    return sorted(found)
