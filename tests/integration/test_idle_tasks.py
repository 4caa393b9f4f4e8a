"""Reminders of idle tasks: on the fifth and the tenth working day after the day on which the task appeared."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from app.clock import SHANGHAI
from app.models.documents import Notice
from app.models.process import UserTask
from app.services import calendars, idle_tasks
from app.unit_of_work import Database
from tests.integration.office import Office, furnish, task
from tests.unit.engine.drawing import end, flows, start

THURSDAY = date(2026, 9, 24)
"""Before the Mid-autumn Festival (25 to 27 September); National Day takes 1 to 7 October off."""
SIX_IN_THE_EVENING = time(18)


@pytest.fixture
def office(database: Database) -> Office:
    opened = furnish(database)
    opened.publish(start() + task("a") + end() + flows("s > a > e"))
    return opened


def at(day: date, moment: time = time(0, 10)) -> datetime:
    return datetime.combine(day, moment, tzinfo=SHANGHAI)


def task_of(office: Office, instance_id: int) -> int:
    with office.look() as session:
        return session.scalars(select(UserTask.id).where(UserTask.instance_id == instance_id)).one()


def reminded_on(office: Office, task_id: int, days: int) -> list[date]:
    """On which days somebody was reminded that a task has been idle for so many working days."""
    with office.look() as session:
        found = session.scalars(select(Notice.created_at).where(Notice.dedupe_key.startswith(f"idle:{task_id}:{days}")))
        return sorted(moment.date() for moment in found)


def test_days_off_count_with_the_working_day_before_them(office: Office) -> None:
    tasks: dict[date, int] = {}
    for number in range(16):
        day = THURSDAY + timedelta(days=number)
        office.now = at(day, SIX_IN_THE_EVENING)
        instance = office.start()
        with office.look() as session:
            calendar = calendars.current(session)
        tasks[day] = task_of(office, instance)
    for number in range(40):
        with office.database.unit_of_work() as session:
            idle_tasks.remind(session, now=at(THURSDAY + timedelta(days=number)))
    for day, task_id in tasks.items():
        assert reminded_on(office, task_id, 5) == [calendar.after_working_days(day, 5)] * 2, day  # clerk and colleague
        assert reminded_on(office, task_id, 10) == [calendar.after_working_days(day, 10)], day  # their head
    holiday, before = date(2026, 10, 1), date(2026, 9, 30)
    assert reminded_on(office, tasks[holiday], 5) == reminded_on(office, tasks[before], 5)
    assert calendar.after_working_days(holiday, 5) == date(2026, 10, 13)


def test_nobody_is_reminded_twice_nor_on_a_day_off(office: Office) -> None:
    office.now = at(date(2026, 9, 30), SIX_IN_THE_EVENING)
    task_id = task_of(office, office.start())
    for _ in range(2):
        for day in (date(2026, 10, 6), date(2026, 10, 7), date(2026, 10, 13)):
            with office.database.unit_of_work() as session:
                idle_tasks.remind(session, now=at(day))
    assert reminded_on(office, task_id, 5) == [date(2026, 10, 13)] * 2


def test_a_task_that_is_done_reminds_nobody(office: Office) -> None:
    office.now = at(date(2026, 9, 30), SIX_IN_THE_EVENING)
    task_id = task_of(office, office.start())
    office.hand_in(task_id, "clerk", {"note": "好"})
    with office.database.unit_of_work() as session:
        assert idle_tasks.remind(session, now=at(date(2026, 10, 13))) == 0
    assert reminded_on(office, task_id, 5) == []
