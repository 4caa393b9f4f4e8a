"""The calendar tables of an installation: a year's notice is entered, and wins over the built-in days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import Session

import app.models.tables  # noqa: F401 -- declares every table
from app.clock import SHANGHAI
from app.domain.deadlines import compute
from app.errors import Refused
from app.models.base import Base
from app.models.calendar import CalendarDay
from app.models.documents import AuditEvent
from app.services import accounts, calendars
from app.services.calendars import CalendarRow
from app.services.context import Actor
from app.unit_of_work import Database

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
NOTICE = "国办发明电〔2026〕5号"


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine, expire_on_commit=False) as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def admin(session: Session) -> Actor:
    person = accounts.create_first_administrator(
        session, username="dsj.zhen", name="甄诚", password="Zhu-lin 7 feng qing", now=NOW
    )
    return accounts.actor_of(session, person)


def test_a_new_year_makes_provisional_deadlines_final(session: Session, admin: Actor) -> None:
    before = compute("acceptance", date(2026, 7, 10), calendars.current(session))
    assert (before.due, before.provisional) == (date(2027, 1, 11), True)
    rows = [CalendarRow(date(2027, 1, 11), off=True, name="县庆"), CalendarRow(date(2027, 1, 16), off=False)]
    calendar = calendars.publish_year(session, 2027, notice=f" {NOTICE} ", rows=rows, by=admin, now=NOW)
    after = compute("acceptance", date(2026, 7, 10), calendar)
    assert (after.due, after.provisional) == (date(2027, 1, 12), False)
    assert after.steps[2].notice == NOTICE
    assert calendar.is_working_day(date(2027, 1, 16))
    entry = session.scalars(select(AuditEvent).where(AuditEvent.act == "publish_calendar_year")).one()
    assert (entry.subject_id, entry.actor_id, entry.detail) == ("2027", admin.id, {"notice": NOTICE, "days": 2})


def test_a_year_entered_again_replaces_the_first(session: Session, admin: Actor) -> None:
    first = [CalendarRow(date(2027, 2, 8), off=True, name="春节")]
    second = [CalendarRow(date(2027, 2, 9), off=True, name="春节")]
    calendars.publish_year(session, 2027, notice="一号", rows=first, by=admin, now=NOW)
    calendar = calendars.publish_year(session, 2027, notice=NOTICE, rows=second, by=admin, now=NOW)
    assert [day.day for day in session.scalars(select(CalendarDay))] == [date(2027, 2, 9)]
    assert (calendar.is_working_day(date(2027, 2, 8)), calendar.is_working_day(date(2027, 2, 9))) == (True, False)
    assert calendar.notice(date(2027, 5, 1)) == NOTICE


@pytest.mark.parametrize(
    ("rows", "notice", "sentence"),
    [
        ([], " ", "请填写放假通知的文号。"),
        ([CalendarRow(date(2026, 1, 1), off=True)], NOTICE, "2026-01-01 不在 2027 年。"),
        ([CalendarRow(date(2027, 1, 4), off=False)], NOTICE, "2027-01-04 不是周末，不必登记为上班日。"),
        ([CalendarRow(date(2027, 1, 1), off=True)] * 2, NOTICE, "同一天登记了两次。"),
    ],
)
def test_a_wrong_notice_is_refused_whole(
    session: Session, admin: Actor, rows: list[CalendarRow], notice: str, sentence: str
) -> None:
    with pytest.raises(Refused) as refusal:
        calendars.publish_year(session, 2027, notice=notice, rows=rows, by=admin, now=NOW)
    assert refusal.value.message % refusal.value.values == sentence
    assert not calendars.current(session).published(2027)
    assert session.scalars(select(CalendarDay)).all() == []


def test_the_tables_are_read_once_a_session(session: Session) -> None:
    statements: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *given: statements.append(given[2]))
    assert calendars.current(session) is calendars.current(session)
    assert len(statements) == 1


def days_off(rows: Session, revision: datetime | None) -> list[date]:
    """Which of the two days a session that was told the revision takes for days off."""
    calendars.at_revision(rows, revision)
    calendar = calendars.current(rows)
    return [day for day in (date(2027, 2, 8), date(2027, 2, 9)) if not calendar.is_working_day(day)]


def revision_of(rows: Session) -> datetime | None:
    return rows.scalar(select(calendars.REVISION))


def test_a_year_that_another_process_has_entered_counts_from_the_next_session_on(database: Database) -> None:
    with database.unit_of_work() as rows:
        person = accounts.create_first_administrator(
            rows, username="dsj.zhen", name="甄诚", password="Zhu-lin 7 feng qing", now=NOW
        )
        by = accounts.actor_of(rows, person)
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    for day in (date(2027, 2, 8), date(2027, 2, 9)):
        with database.read_only() as rows:
            assert day not in days_off(rows, revision_of(rows))
        other = Database(database.engine.url.render_as_string(hide_password=False))  # knows nothing of this one
        with other.unit_of_work() as rows:
            calendars.publish_year(rows, 2027, notice=NOTICE, rows=[CalendarRow(day, off=True)], by=by, now=NOW)
        other.dispose()
        for asked in (2, 1):  # the revision alone, when nothing has changed since
            statements.clear()
            with database.read_only() as rows:
                assert days_off(rows, revision_of(rows)) == [day]
            assert len(statements) == asked
