"""The library's year closed by the sweep: in batches, each entry once, and a broken one keeps no other from it."""

from __future__ import annotations

import threading
from datetime import date, datetime

import pytest
from sqlalchemy import event, func, select

from app.clock import SHANGHAI
from app.models.business import AnnualPlan, BudgetLine, Filing, LibraryEntry, NotStartedVerdict, Opinion, Project
from app.models.process import OutboxItem
from app.services import library_year
from app.services.project_states import move
from app.unit_of_work import Database
from tests.integration.office import Office, furnish

FY = 2026
SECOND_OF_JANUARY = datetime(2027, 1, 2, 0, 10, tzinfo=SHANGHAI)
ENTRIES = 2 * library_year.BATCH + 30


@pytest.fixture
def office(database: Database) -> Office:
    """An office with entries of which every tenth goes without funds for the third year, and every third is funded."""
    office = furnish(database)
    with database.unit_of_work() as session:
        for number in range(ENTRIES):
            project = Project(
                no=f"XWXX-2024-T-{number:03}", name="平台", unit_id=office.units["school"], fy=FY, fy_entered=2024,
                path="T", state="BUDGETED" if number % 3 == 1 else "APPROVAL" if number % 20 == 0 else "ALTERNATE",
                state_since=office.now, created_at=office.now, start_order_on=STARTED if number % 3 == 1 else None,
            )  # fmt: skip
            session.add(project)
            session.flush()
            streak = 2 if number % 10 == 0 else 0
            session.add(
                LibraryEntry(
                    project_id=project.id, entered_fy=2024, entered_on=date(2024, 6, 3), streak_closed=streak,
                    status="备选" if streak else "在库", closed_fys=[2024, 2025],
                )
            )  # fmt: skip
            if number % 3 == 1:
                opinion = Opinion(
                    project_id=project.id, kind="review", scope_version=1, conclusion="通过",
                    drafted_on=date(2024, 5, 6), drafted_by="x", signed_on=date(2024, 5, 7), signed_by="y",
                )  # fmt: skip
                session.add(opinion)
                session.flush()
                session.add(
                    BudgetLine(
                        project_id=project.id, fy=FY, fund_type="建设", arranged_fen=100, approved_on=date(2026, 1, 9),
                        review_opinion_id=opinion.id,
                    )
                )  # fmt: skip
        session.add(AnnualPlan(fy=FY, plan_due=date(2025, 11, 30), opened_on=date(2025, 10, 8)))
    return office


STARTED = date(2026, 5, 6)


def standing(office: Office) -> dict[tuple[int, str, str], int]:
    """How many entries have which streak and status, in which state of their project."""
    query = (
        select(LibraryEntry.streak_closed, LibraryEntry.status, Project.state, func.count())
        .join(Project, Project.id == LibraryEntry.project_id)
        .group_by(LibraryEntry.streak_closed, LibraryEntry.status, Project.state)
    )
    with office.look() as session:
        return {(streak, status, state): count for streak, status, state, count in session.execute(query)}


def told(office: Office) -> list[str]:
    with office.look() as session:
        messages = session.scalars(select(OutboxItem).where(OutboxItem.kind == "message"))
        return sorted(item.payload["correlation_key"] for item in messages)


def numbers(office: Office) -> list[str]:
    with office.look() as session:
        return list(session.scalars(select(Project.no).order_by(Project.no)))


REMOVED = len([number for number in range(ENTRIES) if number % 10 == 0 and number % 3 != 1])
FUNDED = len([number for number in range(ENTRIES) if number % 3 == 1])
CLOSED = {
    (0, "在库", "BUDGETED"): FUNDED,
    (1, "备选", "ALTERNATE"): ENTRIES - FUNDED - REMOVED,
    (3, "剔除", "REMOVED"): REMOVED,
}


def test_the_year_is_closed_in_batches_and_once(office: Office) -> None:
    commits: list[object] = []
    event.listen(office.database.engine, "commit", commits.append)
    assert library_year.close_if_missed(office.database.unit_of_work, now=SECOND_OF_JANUARY) == REMOVED
    assert len(commits) == 3 * 2 + 2  # three batches, each after a look for it; the last look; the plan
    assert (standing(office), told(office)) == (CLOSED, numbers(office))
    with office.look() as session:
        assert session.get_one(AnnualPlan, FY).closed_on == date(2027, 1, 2)
        assert set(session.scalars(select(func.length(LibraryEntry.closed_fys)))) == {len("[2024,2025,2026]")}
    for _ in range(2):
        assert library_year.close_if_missed(office.database.unit_of_work, now=SECOND_OF_JANUARY) == 0
    assert (standing(office), told(office)) == (CLOSED, numbers(office))


def test_two_sweeps_at_once_count_nothing_twice(office: Office) -> None:
    gate, removed = threading.Barrier(2), []

    def sweep() -> None:
        gate.wait(30)
        removed.append(library_year.close_if_missed(office.database.unit_of_work, now=SECOND_OF_JANUARY))

    threads = [threading.Thread(target=sweep) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sum(removed) == REMOVED
    assert (standing(office), told(office)) == (CLOSED, numbers(office))


def test_a_broken_project_keeps_no_other_from_the_law(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    broken = numbers(office)[3]
    with office.database.unit_of_work() as session:
        project_id = session.scalars(select(Project.id).where(Project.no == broken)).one()
        filed = {"filed_on": date(2025, 3, 3), "filed_by": "x", "content": {}}  # as no form would file it
        session.add(Filing(project_id=project_id, scope_version=1, **filed))
    assert library_year.close_if_missed(office.database.unit_of_work, now=SECOND_OF_JANUARY) == REMOVED
    assert told(office) == [number for number in numbers(office) if number != broken]
    with office.look() as session:
        entry = session.scalars(select(LibraryEntry).join(Project).where(Project.no == broken)).one()
        assert (entry.closed_fys, entry.status) == ([2024, 2025], "在库")
    assert [record.message for record in caplog.records] == [
        "a batch of the library's year 2026 failed",
        f"the library's year 2026 failed for project {entry.project_id}",
    ]


def test_on_new_years_day_the_diagram_comes_first_and_takes_as_many_as_it_can_tell(office: Office) -> None:
    new_year = datetime(2027, 1, 1, 0, 10, tzinfo=SHANGHAI)
    assert library_year.close_if_missed(office.database.unit_of_work, now=new_year) == 0
    with office.database.unit_of_work() as session:
        closed = library_year.close(session, FY, now=new_year, most=50)
    assert closed.changed == tuple(numbers(office)[:50])
    with office.look() as session:
        assert session.get_one(AnnualPlan, FY).closed_on is None
    library_year.close_if_missed(office.database.unit_of_work, now=SECOND_OF_JANUARY)
    assert (standing(office), told(office)) == (CLOSED, numbers(office)[50:])


def test_a_funded_project_whose_reason_is_still_judged_is_counted_when_that_is_known(office: Office) -> None:
    with office.database.unit_of_work() as session:  # funded for the third year, and neither contract nor start order
        project = session.scalars(select(Project).where(Project.no == "XWXX-2024-T-010")).one()
        project.start_order_on = None
        project_id = project.id

    def counted() -> tuple[int, str, str, list[int]]:
        library_year.close_if_missed(office.database.unit_of_work, now=SECOND_OF_JANUARY)
        with office.look() as session:
            entry = session.scalars(select(LibraryEntry).where(LibraryEntry.project_id == project_id)).one()
            state = session.get_one(Project, project_id).state
            return entry.streak_closed, entry.status, state, entry.closed_fys

    assert counted() == (2, "备选", "BUDGETED", [2024, 2025])
    with office.database.unit_of_work() as session:
        session.add(NotStartedVerdict(project_id=project_id, fy=FY, finance_accepts=False))
        move(session, session.get_one(Project, project_id), "budget.lapsed", now=SECOND_OF_JANUARY)
    assert counted() == (3, "剔除", "REMOVED", [2024, 2025, FY])
