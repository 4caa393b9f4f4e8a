"""The figures of a year's sharing, unit by unit, from systems, resources, feedback and self-reports (第二十五条)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.domain.sharing_scores import Indicators, percent, score
from app.models.business import DeadlineRow, Feedback, Project, ResourceItem, SharingScore
from app.models.documents import Submission

Marks = dict[int, list[int]]
"""Project → 0 or 100 for each thing measured, or a percentage."""


def compute(session: Session, year: int, *, instance_id: int, now: datetime) -> list[SharingScore]:
    """Write the computed scores of every unit that runs a system, in place of unsigned ones of the year; by unit.

    Six statements, whatever the number of units. A year that has been signed stays as it was signed.
    """
    known = {row.unit_id: row for row in session.scalars(select(SharingScore).where(SharingScore.year == year))}
    units = _running(session)
    marks = _marks(session, year, now=now)
    found = []
    for unit_id, projects in sorted(units.items()):
        row = known.get(unit_id) or SharingScore(year=year, unit_id=unit_id)
        if row.signed_on is None:
            _fill(row, projects, marks)
            row.instance_id = instance_id
            session.add(row)
        found.append(row)
    session.flush()
    return found


def _fill(row: SharingScore, projects: list[int], marks: dict[str, Marks]) -> None:
    indicators = Indicators(**{key: _mean(projects, found) for key, found in marks.items()})
    for key, value in asdict(indicators).items():
        setattr(row, key, value)
    row.computed = row.score = score(indicators)
    row.reason, row.settled_by = "", ""
    row.project_id = min(projects, key=lambda one: (_own(one, marks), one))


def _own(project: int, marks: dict[str, Marks]) -> int:
    return score(Indicators(**{key: _mean([project], found) for key, found in marks.items()}))


def _mean(projects: Iterable[int], found: Marks) -> int | None:
    values = [value for project in projects for value in found.get(project, ())]
    return percent(sum(values), len(values) * 100)


def _running(session: Session) -> dict[int, list[int]]:
    units: dict[int, list[int]] = defaultdict(list)
    running = select(Project.unit_id, Project.id).where(Project.online_on.is_not(None), Project.state != "SCRAPPED")
    for unit_id, project_id in session.execute(running.order_by(Project.no)):
        units[unit_id].append(project_id)
    return units


def _marks(session: Session, year: int, *, now: datetime) -> dict[str, Marks]:
    marks: dict[str, Marks] = {key: defaultdict(list) for key in asdict(Indicators())}
    for project, connected in session.execute(select(Project.id, Project.access_verified)):
        marks["connected"][project].append(100 * connected)
    late = set(
        session.scalars(
            select(DeadlineRow.subject).where(
                DeadlineRow.kind == "update", DeadlineRow.status == "open", DeadlineRow.fires_at <= now
            )
        )
    )
    for item in session.scalars(select(ResourceItem)):
        marks["registered"][item.project_id].append(100 * bool(item.platform_no))
        if item.platform_no and item.update_cycle:
            missed = bool(item.content.get("missed_updates")) or str(item.id) in late
            marks["on_time"][item.project_id].append(100 * (not missed))
    asked = select(Feedback).where(Feedback.filed_on.between(date(year, 1, 1), date(year, 12, 31)))
    today = now.astimezone(SHANGHAI).date()
    for one in session.scalars(asked):
        if one.answered_on is not None or one.due < today:
            in_time = one.answered_on is not None and one.answered_on <= one.due
            marks["answered"][one.project_id].append(100 * in_time)
    for project, points in _availability(session, year):
        marks["available"][project].append(points)
    return marks


def _availability(session: Session, year: int) -> Iterable[tuple[int, int]]:
    """Yield project and percentage of each self-report (F-25u) of the year; the last one of a project counts."""
    first, last = (datetime(one, 1, 1, tzinfo=SHANGHAI) for one in (year, year + 1))
    reports = select(Submission.project_id, Submission.answers).where(
        Submission.form_id == "f25u", Submission.at >= first, Submission.at < last, Submission.project_id.is_not(None)
    )
    found: dict[int, int] = {}
    for project, answers in session.execute(reports.order_by(Submission.id)):
        if project is not None and answers.get("availability") is not None:
            found[project] = max(0, min(100, round(float(answers["availability"]))))
    return found.items()


def of_instance(session: Session, instance_id: int) -> list[SharingScore]:
    """Return the scores that this evaluation has computed, by unit."""
    query = select(SharingScore).where(SharingScore.instance_id == instance_id).order_by(SharingScore.unit_id)
    return list(session.scalars(query))


def close(session: Session, project_id: int, *, today: date) -> None:
    """Note that the order which followed from a low score is closed: the unit's new items wait no longer."""
    query = select(SharingScore).where(
        SharingScore.project_id == project_id, SharingScore.signed_on.is_not(None), SharingScore.rectified_on.is_(None)
    )
    for row in session.scalars(query):
        row.rectified_on = today
    session.flush()
