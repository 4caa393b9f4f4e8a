"""第二十一条 holds whatever is drawn: a P-09 without any timer changes neither the hold nor the refusals."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from app import dispatch
from app.clock import SHANGHAI, frozen
from app.domain import gates
from app.domain.acts import Act
from app.domain.terms import FundType
from app.models.business import FundHold, Project
from app.models.documents import Notice
from app.services import ledger
from app.services.facts import project_facts
from app.unit_of_work import Database
from tests.integration.office import Office, a_project, furnish, task
from tests.unit.engine.drawing import end, flows, start

COMPLETED = date(2026, 5, 23)
MIDNIGHT = datetime(2026, 11, 24, tzinfo=SHANGHAI)
"""00:00 after the last day, 2026-11-23 (T-10)."""


@pytest.fixture
def project(database: Database) -> tuple[Office, int]:
    office = furnish(database)
    number = a_project(office)
    office.publish(start() + task("a") + end() + flows("s > a > e"), process_id="p09_acceptance")
    with office.database.unit_of_work() as session:
        row = session.get_one(Project, number)
        row.state, row.completed_on = "COMPLETED", COMPLETED
        ledger.enter(session, "acceptance", COMPLETED, project_id=number, now=office.now)
    office.start("p09_acceptance", project_id=number)
    return office, number


def refused(office: Office, number: int, now: datetime) -> set[str]:
    """Codes of the holds that refuse an O&M line of the project at a moment."""
    with office.look() as session:
        facts = project_facts(session, number, now=now)
        act = Act("f09", fund_type=FundType.OM, fy=2027, on=now.date())
        return {refusal.hold for refusal in gates.check_form(facts, act) if refusal.hold}


def holds(office: Office, number: int) -> list[tuple[str, date]]:
    with office.look() as session:
        rows = session.scalars(select(FundHold).where(FundHold.project_id == number))
        return [(row.code, row.since) for row in rows]


def test_gates_refuse_from_midnight_on_before_any_sweep(project: tuple[Office, int]) -> None:
    office, number = project
    assert "H-ACC" not in refused(office, number, MIDNIGHT - timedelta(seconds=1))
    assert "H-ACC" in refused(office, number, MIDNIGHT)
    assert holds(office, number) == []


def test_the_sweep_records_the_hold_once_and_tells_who_must_know(project: tuple[Office, int]) -> None:
    office, number = project
    with frozen(MIDNIGHT - timedelta(minutes=1)):
        dispatch.sweep()
    assert holds(office, number) == []
    for minutes in (10, 20, 24 * 60):
        with frozen(MIDNIGHT + timedelta(minutes=minutes)):
            dispatch.sweep()
            dispatch.settle_outbox()
    assert holds(office, number) == [("H-ACC", MIDNIGHT.date())]
    with office.look() as session:
        told = session.execute(
            select(Notice.person_id, Notice.dedupe_key).where(Notice.project_id == number, Notice.level == "hold")
        ).all()
    assert {key for _person, key in told} == {f"hold:{number}:H-ACC:2026-11-24"}
    assert len({person for person, _key in told}) == len(told)
