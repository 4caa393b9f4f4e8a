"""The library's year (第十八条): closed once for every entry, by the diagram on 1 January or the sweep a day later."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, Text, cast, select
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.domain import holds, standing
from app.domain.facts import ProjectFacts
from app.domain.library import close_year, counts, warns_of_removal
from app.domain.states import State, allows
from app.engine.step import Thrown
from app.models.business import AnnualPlan, LibraryEntry, Project
from app.services import calendars, notices
from app.services import facts as fact_service
from app.services.process_instances import Run
from app.services.project_states import move

log = logging.getLogger(__name__)

UnitOfWork = Callable[[], AbstractContextManager[Session]]

BATCH = 100
"""Entries of one transaction of the sweep."""
MOST_AT_ONCE = 500
"""Entries that one step of a diagram closes: as many as a task for each of them may have."""
WAITS_FOR_FUNDS = (
    State.MATERIALS,
    State.REVIEW,
    State.IN_LIBRARY,
    State.APPROVAL,
    State.APPROVED,
    State.ALTERNATE,
    State.BUDGETED,
    State.PRE_PROC,
    State.PROCUREMENT,
)
"""States in which a closed year counts, an alternate's that is reviewed again among them; a project that is being built
or runs has had its funds."""


@dataclass(frozen=True)
class Closed:
    """What closing a fiscal year came to."""

    changed: tuple[str, ...]
    """Numbers of the projects that were counted."""
    removed: int


def close(session: Session, fy: int, *, now: datetime, most: int = MOST_AT_ONCE) -> Closed:
    """Count the closed fiscal year `fy` for entries that have not counted it yet: streak, 备选, or 剔除 at three.

    Safe to call any number of times: an entry keeps the years that it has counted. At most `most` are counted; the
    sweep takes the others.
    """
    closed = _close(session, fy, _uncounted(fy).order_by(Project.no).limit(most), now=now)
    if len(closed.changed) < most:
        _close_plan(session, fy, now=now)
    return closed


def close_if_missed(unit_of_work: UnitOfWork, *, now: datetime) -> int:
    """From 2 January on, close the year before for entries that no diagram has closed; return how many were removed.

    The removal does not hang on a drawing. Batch after batch, each a transaction of its own; where one fails, its
    entries are closed one by one, and one that fails is logged and stops no other.
    """
    today = now.astimezone(SHANGHAI).date()
    if (today.month, today.day) == (1, 1):
        return 0
    fy, removed, after = today.year - 1, 0, 0
    while ids := _next(unit_of_work, fy, after=after):
        after = ids[-1]
        try:
            removed += _close_and_tell(unit_of_work, fy, ids, now=now)
        except Exception:  # found out below which of them it is
            log.exception("a batch of the library's year %s failed", fy)
            for one in ids:
                removed += _close_alone(unit_of_work, fy, one, now=now)
    with unit_of_work() as session:
        _close_plan(session, fy, now=now)
    return removed


def _next(unit_of_work: UnitOfWork, fy: int, *, after: int) -> list[int]:
    following = _uncounted(fy).where(Project.id > after).order_by(Project.id).limit(BATCH)
    with unit_of_work() as session:
        return list(session.scalars(following.with_only_columns(Project.id)))


def _close_and_tell(unit_of_work: UnitOfWork, fy: int, ids: list[int], *, now: datetime) -> int:
    with unit_of_work() as session:
        # asked again under the lock: another sweep may have counted them meanwhile
        closed = _close(session, fy, _uncounted(fy).where(Project.id.in_(ids)).order_by(Project.id), now=now)
        run = Run(session, now)
        for number in closed.changed:
            run.throw(None, Thrown("message", "library.year.result", number, {}, element_id=""))
        run.settle()
        return closed.removed


def _close_alone(unit_of_work: UnitOfWork, fy: int, project_id: int, *, now: datetime) -> int:
    try:
        return _close_and_tell(unit_of_work, fy, [project_id], now=now)
    except Exception:  # one broken project must not keep the law from the others
        log.exception("the library's year %s failed for project %s", fy, project_id)
        return 0


def _close(session: Session, fy: int, entries: Select[LibraryEntry, Project], *, now: datetime) -> Closed:
    found = session.execute(entries.with_for_update(of=LibraryEntry)).all()
    changed: list[str] = []
    removed = 0
    for entry, project in found:
        facts = fact_service.project_facts(session, project.id, now=now)
        arranged = _arranged(facts, fy)
        if arranged is None:
            continue
        counted = counts(fy, entry.entered_fy, facts.parameters)
        result = close_year(entry.streak_closed, arranged, counted=counted)
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
    session.flush()
    return Closed(tuple(changed), removed)


def _close_plan(session: Session, fy: int, *, now: datetime) -> None:
    """Note on the year's plan that it is closed."""
    plan = session.get(AnnualPlan, fy)
    if plan is not None and plan.closed_on is None:
        plan.closed_on = now.astimezone(SHANGHAI).date()
        session.flush()


def _uncounted(fy: int) -> Select[LibraryEntry, Project]:
    return (
        select(LibraryEntry, Project)
        .join(Project, Project.id == LibraryEntry.project_id)
        .where(
            LibraryEntry.status != "剔除",
            LibraryEntry.entered_fy <= fy,
            Project.state.in_(WAITS_FOR_FUNDS),
            cast(LibraryEntry.closed_fys, Text).not_like(f"%{fy}%"),
        )
    )


def _arranged(facts: ProjectFacts, fy: int) -> int | None:
    """Return the funds of a closed year in 分; a year that lapsed for want of a start counts as unfunded [C].

    None while the reason why a funded project has not started is still being judged (P-18, 第十九条第四项): the year
    is counted when it is known whether the funds have lapsed.
    """
    if facts.parameters.not_started_counts_as_unfunded and fy in holds.lapsed_years(facts):
        return None if allows(State(facts.state), "budget.lapsed") else 0
    return standing.arranged_fen(facts, fy)


WARNING_DAYS = ((10, 1), (12, 1))
"""When an entry that is about to leave the library is warned of (T-16)."""


def warned_on(session: Session, today: date) -> bool:
    """Say whether the warnings of removal go out today: 1 October or 1 December, or the working day before it."""
    calendar = calendars.current(session)
    return any(calendar.previous_working_day(date(today.year, *day)) == today for day in WARNING_DAYS)


def warn(session: Session, *, now: datetime) -> int:
    """Tell every unit whose entry leaves the library if this year closes without funds; return how many entries.

    Each of the two warnings of a year is sent once, though the diagram asks for it on the day and the sweep on the
    working day before (第十八条).
    """
    today = now.astimezone(SHANGHAI).date()
    about = max((month for month, _ in WARNING_DAYS if today.month >= month - 1), default=WARNING_DAYS[0][0])
    warned = 0
    for entry, project in session.execute(_uncounted(today.year).order_by(Project.no)).all():
        facts = fact_service.project_facts(session, project.id, now=now)
        counted = counts(today.year, entry.entered_fy, facts.parameters)
        if not warns_of_removal(entry.streak_closed, standing.arranged_fen(facts, today.year), counted=counted):
            continue
        warned += 1
        notices.notify(
            session,
            notices.holders(session, ("unit_head", "bur_clerk"), unit_id=project.unit_id),
            message="“%(project)s”本年度仍未安排资金的，将连续满三年，自动剔除出库（第十八条）。",
            values={"project": project.name},
            dedupe_key=f"library_warning:{project.no}:{today.year}-{about}",
            now=now,
            project_id=project.id,
            link=f"/projects/{project.no}",
            level="due",
        )
    return warned
