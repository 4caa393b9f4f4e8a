"""The library's year (第十八条): closed once for every entry, by the diagram on 1 January or the sweep a day later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.domain import holds, standing
from app.domain.library import close_year
from app.domain.states import State, allows
from app.engine.step import Thrown
from app.models.business import AnnualPlan, LibraryEntry, Project
from app.services import facts as fact_service
from app.services.process_instances import Run
from app.services.project_states import move

WAITS_FOR_FUNDS = (
    State.IN_LIBRARY,
    State.APPROVAL,
    State.APPROVED,
    State.ALTERNATE,
    State.BUDGETED,
    State.PRE_PROC,
    State.PROCUREMENT,
)
"""States in which a closed year counts; a project that is being built or runs has had its funds."""


@dataclass(frozen=True)
class Closed:
    """What closing a fiscal year came to."""

    changed: tuple[str, ...]
    """Numbers of the projects that were counted."""
    removed: int


def close(session: Session, fy: int, *, now: datetime) -> Closed:
    """Count the closed fiscal year `fy` for every entry that has not counted it yet: streak, 备选, or 剔除 at three.

    Safe to call any number of times: an entry keeps the years that it has counted.
    """
    changed: list[str] = []
    removed = 0
    for entry, project in _uncounted(session, fy):
        result = close_year(entry.streak_closed, _arranged(session, project.id, fy, now=now))
        entry.closed_fys = [*entry.closed_fys, fy]
        entry.streak_closed, entry.status = result.streak, result.status
        if result.removed:
            removed += 1
            entry.removed_on = now.astimezone(SHANGHAI).date()
            move(session, project, "library.removed", now=now)
        elif result.status == "备选" and allows(State(project.state), "budget.withheld"):
            move(session, project, "budget.withheld", now=now)
            project.fy = max(project.fy, fy + 1)
        changed.append(project.no)
    plan = session.get(AnnualPlan, fy)
    if plan is not None and plan.closed_on is None:
        plan.closed_on = now.astimezone(SHANGHAI).date()
    session.flush()
    return Closed(tuple(changed), removed)


def close_if_missed(session: Session, *, now: datetime) -> Closed:
    """From 2 January on, close the year before if no diagram has: the removal does not hang on a drawing."""
    today = now.astimezone(SHANGHAI).date()
    if (today.month, today.day) == (1, 1):
        return Closed((), 0)
    closed = close(session, today.year - 1, now=now)
    run = Run(session, now)
    for number in closed.changed:
        run.throw(None, Thrown("message", "library.year.result", number, {}, element_id=""))
    run.settle()
    return closed


def _uncounted(session: Session, fy: int) -> list[tuple[LibraryEntry, Project]]:
    rows = session.execute(
        select(LibraryEntry, Project)
        .join(Project, Project.id == LibraryEntry.project_id)
        .where(
            LibraryEntry.status != "剔除",
            LibraryEntry.entered_fy <= fy,
            Project.state.in_(WAITS_FOR_FUNDS),
            cast(LibraryEntry.closed_fys, Text).not_like(f"%{fy}%"),
        )
        .order_by(Project.no)
    )
    return [(entry, project) for entry, project in rows]


def _arranged(session: Session, project_id: int, fy: int, *, now: datetime) -> int:
    """Return the funds of a closed year in 分; a year that lapsed for want of a start counts as unfunded [C]."""
    facts = fact_service.project_facts(session, project_id, now=now)
    if facts.parameters.not_started_counts_as_unfunded and fy in holds.lapsed_years(facts):
        return 0
    return standing.arranged_fen(facts, fy)
