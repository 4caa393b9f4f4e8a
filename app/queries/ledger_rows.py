"""Rows of the deadline ledger as pages show them, with the day-count worked out line by line."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from app.domain.deadline_kinds import KINDS
from app.models.accounts import Organisation
from app.models.business import DeadlineRow as Ledger
from app.models.business import Project
from app.queries import task
from app.queries.projects import DeadlineRow
from app.queries.scope import Reader, visible_projects


def workings_of(row: Ledger) -> task.Workings:
    """Return a ledger row's day-count; the last step repeats the result, which the page writes under a double rule."""
    kind = KINDS.get(row.kind)
    steps = [
        task.WorkingStep(
            str(step.get("what", "")),
            "；".join(part for part in (str(step.get("law") or ""), str(step.get("notice") or "")) if part),
            date.fromisoformat(step["date"]) if step.get("date") else None,
        )
        for step in row.steps
    ]
    return task.Workings(row.id, row.kind, kind.zh if kind else row.kind, tuple(steps), row.due, row.provisional)


def joined() -> Select[Ledger, str, str, str]:
    """Return ledger rows with their project and unit; rows of no project have none."""
    return (
        select(Ledger, Project.no, Project.name, Organisation.short)
        .outerjoin(Project, Project.id == Ledger.project_id)
        .outerjoin(Organisation, Organisation.id == Project.unit_id)
    )


def visible(reader: Reader) -> ColumnElement[bool]:
    """Return the condition for ledger rows that the reader may see: her projects', and the county's own."""
    return Ledger.project_id.is_(None) | and_(Project.id.is_not(None), visible_projects(reader))


def row_of(row: Ledger, no: str | None, name: str | None, unit: str | None, *, today: date) -> DeadlineRow:
    """Return a ledger row as a line."""
    if row.status == "open":
        status = "overdue" if today > row.due else "running"
    elif row.status == "met":
        status = "late" if row.met_at is not None and row.met_at.date() > row.due else "met"
    else:
        status = "cancelled"
    return DeadlineRow(
        id=row.id,
        kind=row.kind,
        starts_on=row.start,
        due_on=row.due,
        status=status,  # type: ignore[arg-type]  # one of the five words above
        project_no=no or "",
        project_name=name or (row.subject if no is None else ""),
        unit=unit or "",
        met_on=row.met_at.date() if row.met_at else None,
        provisional=row.provisional and row.status == "open",
        moved=row.first_due != row.due,
    )


def one(session: Session, reader: Reader, deadline_id: int, *, today: date) -> tuple[DeadlineRow, task.Workings] | None:
    """Return one deadline that the reader may see, with its day-count."""
    found = session.execute(joined().where(Ledger.id == deadline_id, visible(reader))).one_or_none()
    if found is None:
        return None
    row, no, name, unit = found
    return row_of(row, no, name, unit, today=today), workings_of(row)
