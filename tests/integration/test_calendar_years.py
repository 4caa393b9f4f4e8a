"""A year's notice put in force: deadlines final or moved, timers moved once, two people, a plain command."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app import clock, create_app, dispatch, unit_of_work
from app.clock import SHANGHAI
from app.errors import AlreadyDone
from app.models.business import DeadlineRow, Extension
from app.models.calendar import CalendarDay, CalendarFile, CalendarYear
from app.models.documents import AuditEvent
from app.models.process import TimerJob
from app.services import calendar_years, calendars, ledger
from app.settings import Settings
from app.unit_of_work import Database
from tests.calendar_2027 import LINES, SOURCE, file_of
from tests.integration.office import Office, a_project, furnish, task
from tests.integration.web_clients import County
from tests.integration.web_county import _postgres_county, _sqlite_county, county
from tests.unit.engine.drawing import boundary, end, flows, start, timer

__all__ = ["_postgres_county", "_sqlite_county", "county"]

NOW = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)
CONTENT = file_of(LINES)


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    found = furnish(database)
    found.now = NOW
    with clock.frozen(NOW):
        yield found


def entered(office: Office, kind: str, begins: date, *, project_id: int) -> int:
    with office.database.unit_of_work() as session:
        return ledger.enter(session, kind, begins, project_id=project_id, now=office.now).id


def load(office: Office, content: bytes = CONTENT) -> list[tuple[str, date, bool]]:
    with office.database.unit_of_work() as session:
        moved = calendar_years.publish(session, calendar_years.read(content), by=None, now=office.now)
        found = [(move.row.kind, move.row.due, move.row.provisional) for move in moved]
    dispatch.settle_outbox()
    return found


def test_a_provisional_day_becomes_final_and_one_in_a_holiday_moves(office: Office) -> None:
    project = a_project(office)
    entered(office, "acceptance", date(2026, 7, 10), project_id=project)
    entered(office, "audit", date(2026, 12, 10), project_id=project)
    assert load(office) == [("acceptance", date(2027, 1, 11), False), ("audit", date(2027, 2, 12), False)]
    with office.look() as session:
        rows = {row.kind: row for row in session.scalars(select(DeadlineRow))}
        acts = session.scalars(select(AuditEvent).where(AuditEvent.act == "recount_deadline").order_by(AuditEvent.id))
        details = [event.detail for event in acts]
    assert rows["audit"].first_due == date(2027, 2, 12)
    assert rows["audit"].fires_at == datetime(2027, 2, 13, tzinfo=SHANGHAI)
    assert not any("暂" in str(step) or "尚未载入" in str(step) for row in rows.values() for step in row.steps)
    assert [(one["before"], one["after"]) for one in details] == [
        ("2027-01-11", "2027-01-11"), ("2027-02-08", "2027-02-12"),
    ]  # fmt: skip


def test_working_days_are_counted_again_over_the_new_holidays(office: Office) -> None:
    project = a_project(office)
    row = entered(office, "acceptance_filing", date(2026, 12, 24), project_id=project)
    with office.look() as session:
        assert session.get_one(DeadlineRow, row).due == date(2027, 1, 14)
    assert load(office) == [("acceptance_filing", date(2027, 1, 15), False)]


def test_an_extended_deadline_and_what_repeats_it_move_together(office: Office) -> None:
    project = a_project(office)
    row = entered(office, "acceptance", date(2026, 7, 10), project_id=project)
    with office.database.unit_of_work() as session:
        ledger.extend(
            session, session.get_one(DeadlineRow, row), date(2027, 2, 8), reports=0, head_consents=False, now=NOW
        )
        session.add(
            Extension(
                project_id=project, number=1, reason_class="测评", reason="等保测评排期", new_date=date(2027, 2, 8),
                effective_due=date(2027, 2, 8), filed_on=NOW.date(), filed_by="clerk",
            )
        )  # fmt: skip
    assert load(office) == [("acceptance", date(2027, 2, 12), False)]
    with office.look() as session:
        found = session.get_one(DeadlineRow, row)
        assert (found.due, found.first_due) == (date(2027, 2, 12), date(2027, 1, 11))
        assert session.scalars(select(Extension.effective_due)).all() == [date(2027, 2, 12)]


def test_a_waiting_timer_moves_once_and_fires_once(office: Office) -> None:
    due = timer("timeDate", "=deadline.audit.fires_at")
    drawn = start() + task("a") + boundary("late", "a", due) + task("b") + end()
    office.publish(drawn + flows("s > a > e", "late > b > e"))
    project = a_project(office)
    entered(office, "audit", date(2026, 12, 10), project_id=project)
    office.start(project_id=project)
    assert moments(office) == [datetime(2027, 2, 9, tzinfo=SHANGHAI)]
    load(office)
    assert moments(office) == [datetime(2027, 2, 13, tzinfo=SHANGHAI)]
    with pytest.raises(AlreadyDone):
        load(office)
    assert moments(office) == [datetime(2027, 2, 13, tzinfo=SHANGHAI)]
    office.now = datetime(2027, 2, 12, 23, 59, tzinfo=SHANGHAI)
    assert fired(office) == 0
    office.now = datetime(2027, 2, 13, tzinfo=SHANGHAI)
    assert (fired(office), fired(office)) == (1, 0)
    assert office.task("b")


def test_a_timer_of_working_days_moves_too(office: Office) -> None:
    drawn = start() + task("a") + boundary("late", "a", timer("timeDuration", "P30WD"))
    office.publish(drawn + task("b") + end() + flows("s > a > e", "late > b > e"))
    office.start()
    before = moments(office)
    load(office)
    assert moments(office) == [before[0] + timedelta(days=1)]


def moments(office: Office) -> list[datetime]:
    with office.look() as session:
        return list(session.scalars(select(TimerJob.due_at).order_by(TimerJob.id)))


def fired(office: Office) -> int:
    with clock.frozen(office.now):
        return dispatch.fire_timers()


def test_a_corrected_notice_of_a_running_year_counts_every_open_deadline_again(office: Office) -> None:
    project = a_project(office)
    entered(office, "audit", date(2026, 12, 10), project_id=project)
    load(office)
    longer = [line for line in LINES if "2027-02-14" not in line] + [f"2027-02-12,off,春节,{SOURCE}"]
    longer += [f"{day},work,,{SOURCE}" for day in ("2027-02-14", "2027-02-20")]
    assert load(office, file_of(longer)) == [("audit", date(2027, 2, 14), False)]


# -- the command -------------------------------------------------------------------------------------------------------


@pytest.fixture
def application(database: Database, tmp_path: Path) -> Flask:
    url = database.engine.url.render_as_string(hide_password=False)
    return create_app(
        Settings(instance=tmp_path, database_url=url, secret_key="of a test", demonstration=False, testing=True)
    )


def run(application: Flask, *words: str) -> Result:
    return application.test_cli_runner().invoke(args=["calendar", *words])


def nothing_written() -> bool:
    with unit_of_work.read_only() as session:
        tables = (CalendarYear, CalendarDay, CalendarFile, AuditEvent)
        return not any(session.scalars(select(table)).all() for table in tables)


def test_the_command_loads_a_year_and_shows_it(application: Flask, tmp_path: Path) -> None:
    path = tmp_path / "2027.csv"
    path.write_bytes(CONTENT)
    before = run(application, "show", "2027")
    assert (before.exit_code, before.output) == (1, "2027 年的放假通知尚未载入，日期暂按双休推算。\n")
    looked = run(application, "load", str(path), "--preview")
    assert (looked.exit_code, nothing_written()) == (0, True)
    loaded = run(application, "load", str(path))
    assert (loaded.exit_code, loaded.output) == (0, f"已载入 2027 年放假通知（{SOURCE}），0 项时限重新计算。\n")
    again = run(application, "load", str(path))
    assert (again.exit_code, again.output) == (1, "2027 年的放假安排已经是这一份，没有变化。\n")
    shown = run(application, "show", "2027").output.splitlines()
    assert shown[:2] == [f"2027 年 {SOURCE}", "2027-01-01 星期五 放假 元旦"]
    assert "2027-01-31 星期日 上班" in shown
    assert len(shown) == 1 + len(LINES)
    with unit_of_work.read_only() as session:
        assert calendars.current(session).published(2027)
        acts = session.scalars(select(AuditEvent.act)).all()
    assert acts == ["publish_calendar_year"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (file_of(LINES[1:]), "2027-01-01 是法定节日，文件里没有登记放假。\n"),
        (file_of([*LINES, LINES[0]]), "第 32 行：2027-01-01 已在第 1 行登记过。\n"),
        ("日期".encode("gb18030"), "第 1 行：不是 UTF-8 编码，请另存为“CSV UTF-8”后再试。\n"),
    ],
)
def test_a_wrong_file_is_refused_whole(application: Flask, tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "wrong.csv"
    path.write_bytes(content)
    result = run(application, "load", str(path))
    assert (result.exit_code, result.output) == (1, sentence)
    assert nothing_written()


def test_a_file_that_is_not_there_is_said_with_its_own_status(application: Flask, tmp_path: Path) -> None:
    result = run(application, "load", str(tmp_path / "none.csv"))
    assert result.exit_code == 2
    assert "读不了" in result.output
    assert run(application, "show", "1990").exit_code == 2
    assert nothing_written()


# -- the page ----------------------------------------------------------------------------------------------------------


def test_a_clerk_hands_in_and_the_head_puts_in_force(county: County) -> None:
    clerk, head, other = county.as_("dsj.chen"), county.as_("dsj.sun"), county.as_("jyj.wang")
    assert "2027 年的放假通知尚未公布" in other.get("/calendar?year=2027").get_data(as_text=True)
    with county.change() as session:
        ledger.enter(session, "audit", date(2026, 12, 10), project_id=county["own.project_id"], now=NOW)
    answer = clerk.post("/calendar/files", {"file": (io.BytesIO(CONTENT), "2027.csv")})
    assert answer.location == "/calendar/files/1"
    page = clerk.get("/calendar/files/1").get_data(as_text=True)
    assert "2027-02-12" in page
    assert "须由另一位领导审定" in page
    assert other.get("/calendar/files/1").status_code == 404
    assert clerk.post("/calendar/files/1", {"decision": "accept"}).status_code == 403
    assert other.post("/calendar/files/1", {"decision": "accept"}).status_code == 403
    assert "尚未公布" in other.get("/calendar?year=2027").get_data(as_text=True)
    assert head.post("/calendar/files/1", {"decision": "accept"}).status_code == 302
    assert head.post("/calendar/files/1", {"decision": "accept"}).status_code == 409
    page = other.get("/calendar?year=2027").get_data(as_text=True)
    assert SOURCE in page
    assert "提交放假通知" not in page
    with county.look() as session:
        row = session.scalars(select(DeadlineRow).where(DeadlineRow.kind == "audit")).one()
        assert (row.due, row.provisional) == (date(2027, 2, 12), False)


def test_a_wrong_file_comes_back_with_its_sentence_and_nothing_is_kept(county: County) -> None:
    clerk = county.as_("dsj.chen")
    answer = clerk.post("/calendar/files", {"file": (io.BytesIO(file_of(LINES[:-1])), "2027.csv")})
    assert answer.status_code == 400
    assert "按放假办法应相差 13 天" in answer.get_data(as_text=True)
    with county.look() as session:
        assert session.scalars(select(CalendarFile)).all() == []


def test_who_hands_in_may_take_it_back(county: County) -> None:
    clerk, head = county.as_("dsj.chen"), county.as_("dsj.sun")
    clerk.post("/calendar/files", {"file": (io.BytesIO(CONTENT), "2027.csv")})
    second = clerk.post("/calendar/files", {"file": (io.BytesIO(CONTENT), "2027.csv")})
    assert second.status_code == 409
    assert clerk.post("/calendar/files/1", {"decision": "withdraw"}).status_code == 302
    assert head.post("/calendar/files/1", {"decision": "accept"}).status_code == 409
    with county.look() as session:
        assert session.scalars(select(CalendarFile.decision)).all() == ["withdrawn"]
        assert session.scalars(select(CalendarYear)).all() == []
