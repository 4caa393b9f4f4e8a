"""Rows of the deadline ledger as pages show them, with the day-count worked out line by line."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.domain.calendar import Calendar
from app.domain.deadline_kinds import KINDS, Consequence
from app.domain.periods import Unit
from app.domain.roles import OrganisationKind
from app.domain.states import LABELS, State
from app.models.accounts import Organisation, Person
from app.models.business import DeadlineRow as Ledger
from app.models.business import PlanItem, Project
from app.models.documents import Submission
from app.models.process import ProcessInstance
from app.queries import task
from app.queries.projects import DeadlineRow
from app.queries.scope import Reader, kinds_of, visible_projects

OPENING = frozenset(name for name, kind in KINDS.items() if kind.consequence is Consequence.NONE)
"""Kinds whose day opens something; nobody is late when it has passed."""
IN_WORKING_DAYS = frozenset(
    name for name, kind in KINDS.items() if kind.lengths and kind.lengths[-1].unit is Unit.WORKING_DAYS
)
OFF_THE_TRACK = frozenset(state.value for state, label in LABELS.items() if not label.phase)
"""States of projects that have ended: nothing is waited for any more."""


LISTED_ONLY = frozenset(
    name for name, kind in KINDS.items() if kind.consequence in {Consequence.PROBLEM, Consequence.NEXT_YEAR}
)
"""Kinds whose lapse is written down and stops nothing: what still runs is shown before them."""


PLAN = "plan"
FIRST_MONTH = 10
"""October, when the plan of the next year is called for."""
REPLACED = frozenset({"order"})
"""Kinds of which a later one takes the place of the earlier."""


def urgency(kind: str, due: date, today: date) -> tuple[bool, date]:
    """Return by what open deadlines of one project are ordered: the one to care about first comes first."""
    return due < today and kind in LISTED_ONLY | OPENING, due


def workings_of(row: Ledger) -> task.Workings:
    """Return a ledger row's day-count; the last step repeats the result, which the page writes under a double rule."""
    kind = KINDS.get(row.kind)
    steps = [
        task.WorkingStep(
            step,
            str(step.get("law") or ""),
            str(step.get("notice") or ""),
            date.fromisoformat(step["date"]) if step.get("date") else None,
        )
        for step in row.steps
    ]
    return task.Workings(row.id, row.kind, kind.zh if kind else row.kind, tuple(steps), row.due, row.provisional)


def joined() -> Select[Ledger, str, str, str, str, str]:
    """Return ledger rows with their project, unit, the project's state and lead; rows of no project have none."""
    return (
        select(Ledger, Project.no, Project.name, Organisation.short, Project.state, Person.name)
        .outerjoin(Project, Project.id == Ledger.project_id)
        .outerjoin(Organisation, Organisation.id == Project.unit_id)
        .outerjoin(Person, Person.id == Project.lead_id)
    )


def waited_for() -> ColumnElement[bool]:
    """Return the condition for rows that still run and matter: open, and their project has not ended."""
    return and_(Ledger.status == "open", or_(Ledger.project_id.is_(None), Project.state.not_in(OFF_THE_TRACK)))


def overdue(today: date) -> ColumnElement[bool]:
    """Return the condition for rows with which somebody is late; the county's own yearly dates just pass."""
    return and_(waited_for(), Ledger.due < today, Ledger.project_id.is_not(None), Ledger.kind.not_in(OPENING))


def visible(reader: Reader) -> ColumnElement[bool]:
    """Return the condition for ledger rows that the reader may see: her projects', and the county's own."""
    return Ledger.project_id.is_(None) | and_(Project.id.is_not(None), visible_projects(reader))


def row_of(  # noqa: PLR0917 -- the columns of `joined`, in their order
    row: Ledger,
    no: str | None,
    name: str | None,
    unit: str | None,
    state: str | None,
    lead: str | None = None,
    *,
    today: date,
    calendar: Calendar | None = None,
) -> DeadlineRow:
    """Return a ledger row as a line; with the `calendar`, how many working days late where the period counts those."""
    if row.status == "open":
        status = "running" if row.due >= today else "overdue" if _late(row, state) else "passed"
    elif row.status == "met":
        late = row.project_id is not None and row.met_at is not None and row.met_at.date() > row.due
        status = "late" if late else "met"  # the county's own dates are met by their passing
    else:
        status = "replaced" if row.kind in REPLACED and state != State.WITHDRAWN else "cancelled"
    return DeadlineRow(
        id=row.id,
        kind=row.kind,
        starts_on=row.start,
        due_on=row.due,
        status=status,  # type: ignore[arg-type]  # one of the seven words above
        project_no=no or "",
        project_name=name or (row.subject if no is None else ""),
        unit=unit or "",
        holder=lead or "",
        met_on=row.met_at.date() if row.met_at else None,
        provisional=row.provisional and row.status == "open",
        moved=row.first_due != row.due,
        working_days_late=working_days_late(row.kind, row.due, today, calendar) if status == "overdue" else None,
    )


def _late(row: Ledger, state: str | None) -> bool:
    return row.project_id is not None and row.kind not in OPENING and state not in OFF_THE_TRACK


def plans_filed(session: Session, reader: Reader, rows: Sequence[DeadlineRow]) -> tuple[DeadlineRow, ...]:
    """Return the rows as the reader's own unit stands to them: it has met the plan's date once it has filed (第九条).

    For everybody else the date is the county's, and is met when the intake closes.
    """
    kinds = kinds_of(reader)
    open_plans = {row.project_name for row in rows if row.kind == PLAN and row.status in {"running", "passed"}}
    if not open_plans or OrganisationKind.UNIT not in kinds or OrganisationKind.BUREAU in kinds:
        return tuple(rows)
    filed = _filed(session, reader.organisation_id, {int(fy) for fy in open_plans if fy.isdigit()})
    return tuple(
        replace(row, status="met", met_on=filed[row.project_name])
        if row.kind == PLAN and row.project_name in filed and row.project_name in open_plans
        else row
        for row in rows
    )


def _filed(session: Session, unit_id: int, fys: Collection[int]) -> dict[str, date]:
    """Return fiscal year → the first day on which the unit filed an item for it, or said that it has none."""
    items = (
        select(PlanItem.fy, func.min(PlanItem.submitted_on))
        .join(Project, Project.id == PlanItem.project_id)
        .where(Project.unit_id == unit_id, PlanItem.fy.in_(fys), PlanItem.submitted_on.is_not(None))
        .group_by(PlanItem.fy)
    )
    found = {str(fy): day for fy, day in session.execute(items) if day is not None}
    nothing = (
        select(Submission.answers, Submission.at)
        .join(ProcessInstance, ProcessInstance.id == Submission.instance_id)
        .where(Submission.form_id == "f01", ProcessInstance.unit_id == unit_id)
        .order_by(Submission.id)
    )
    for answers, at in session.execute(nothing):
        day = at.astimezone(SHANGHAI).date()
        year = str(day.year + 1)
        if answers.get("nothing_to_file") is True and day.month >= FIRST_MONTH and int(year) in fys:
            found.setdefault(year, day)
    return found


def working_days_late(kind: str, due: date, today: date, calendar: Calendar | None) -> int | None:
    """Return by how many working days a deadline of this kind is overdue; None where its period counts plain days."""
    if calendar is None or kind not in IN_WORKING_DAYS or due >= today:
        return None
    return calendar.working_days_between(due, today) or None


def one(session: Session, reader: Reader, deadline_id: int, *, today: date) -> tuple[DeadlineRow, task.Workings] | None:
    """Return one deadline that the reader may see, with its day-count."""
    found = session.execute(joined().where(Ledger.id == deadline_id, visible(reader))).one_or_none()
    if found is None:
        return None
    return row_of(*found, today=today), workings_of(found[0])
