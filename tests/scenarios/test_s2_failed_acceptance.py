"""S2: 养老平台 has failed its first acceptance; only when its three items are closed is there a second one."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.clock import SHANGHAI
from app.models import business
from app.models.documents import AuditEvent
from app.models.process import ProcessInstance, TimerJob
from tests.calendar_2027 import LINES, SOURCE, file_of
from tests.scenarios import shortcut
from tests.scenarios.tale import Tale

if TYPE_CHECKING:
    from app.queries.open_tasks import OpenTask
    from tests.scenarios.site import Site

CLERK, LEAD = "mzj.zhou", "mzj.ma"


def test_second_acceptance(county: Site) -> None:
    tale = Tale.of(county, "XWXX-2025-T-007")
    _stands_failed(tale)
    payment = _is_not_yet_payable(tale)
    _second_application_is_refused(tale)
    _closes_three_items(tale)
    _passes(tale)
    _files(tale)
    tale.carries_over(2026, 22.46)
    tale.hands_in(payment, CLERK)
    assert [(row.amount_fen, row.status) for row in tale.rows(business.Payment)][-1] == (22_460_000, "requested")


ENDS_BEFORE_SPRING = "XWXX-2025-T-012"
"""公共法律服务平台, completed on 2026-07-31: its last day is a Sunday that the notice of 2027 makes a working day."""
OVERDUE = "acceptance_overdue"


def test_the_notice_of_2027_ends_what_was_provisional_and_moves_what_it_changes(county: Site) -> None:
    tale, moved = Tale.of(county, "XWXX-2025-T-007"), Tale.of(county, ENDS_BEFORE_SPRING)
    assert _acceptance(tale) == (date(2027, 1, 11), True)
    assert _acceptance(moved) == (date(2027, 2, 1), True)
    assert (_fires(tale), _fires(moved)) == ("2027-01-12 00:00", "2027-02-02 00:00")
    clerk, head, unit = county.as_("dsj.cheng"), county.as_("dsj.yue"), county.as_(CLERK)
    page = clerk.post("/calendar/files", {"file": (io.BytesIO(file_of(LINES)), "2027.csv")}).location
    assert ENDS_BEFORE_SPRING in clerk.get(page).get_data(as_text=True), "the preview lists what would move"
    assert unit.post(page, {"decision": "accept"}).status_code == 403
    assert clerk.post(page, {"decision": "accept"}).status_code == 403
    assert _acceptance(tale) == (date(2027, 1, 11), True), "a second person puts it in force"
    assert head.post(page, {"decision": "accept"}).status_code == 302
    assert _acceptance(tale) == (date(2027, 1, 11), False)
    assert _acceptance(moved) == (date(2027, 1, 31), False)
    assert (_fires(tale), _fires(moved)) == ("2027-01-12 00:00", "2027-02-01 00:00")
    with county.look() as session:
        acts = list(session.scalars(select(AuditEvent.act).where(AuditEvent.act.like("%calendar_year"))))
        recounts = select(AuditEvent.detail).where(
            AuditEvent.act == "recount_deadline",
            AuditEvent.subject_id == str(moved.rows(business.DeadlineRow, kind="acceptance")[0].id),
        )
        recounted = session.scalars(recounts).one()
    assert acts == ["propose_calendar_year", "decide_calendar_year", "publish_calendar_year"]
    assert recounted == {"before": "2027-02-01", "after": "2027-01-31", "provisional": False}
    assert SOURCE in _working(moved, "sfj.sun"), "the day-count names the notice"
    tale.go("2027-01-12", 0, 1)
    assert [row.code for row in tale.rows(business.FundHold)] == ["H-ACC"]
    assert moved.rows(business.FundHold) == []
    moved.go("2027-02-01", 0, 11)
    assert [row.code for row in moved.rows(business.FundHold)] == ["H-ACC"]


def _acceptance(tale: Tale) -> tuple[date, bool]:
    row = tale.rows(business.DeadlineRow, kind="acceptance")[0]
    return row.due, row.provisional


def _fires(tale: Tale) -> str:
    """Return when the timer of the diagram strikes that sets H-ACC."""
    query = (
        select(TimerJob.due_at)
        .join(ProcessInstance, ProcessInstance.id == TimerJob.instance_id)
        .where(ProcessInstance.project_id == tale.project.id, TimerJob.element_id == OVERDUE)
    )
    with tale.site.look() as session:
        return f"{session.scalars(query).one().astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _working(tale: Tale, username: str) -> str:
    row = tale.rows(business.DeadlineRow, kind="acceptance")[0]
    return tale.site.as_(username).get(f"/deadlines/{row.id}").get_data(as_text=True)


def _stands_failed(tale: Tale) -> None:
    project = tale.project
    assert (project.state, project.completed_on) == ("ACCEPT_RECTIFY", date(2026, 7, 10))
    due = tale.rows(business.DeadlineRow, kind="acceptance")[0]
    assert (due.raw, due.due, due.provisional) == (date(2027, 1, 10), date(2027, 1, 11), True)
    attempt = tale.rows(business.AcceptanceAttempt)[0]
    assert (attempt.conclusion, attempt.rectify_due) == ("不合格", date(2026, 12, 10))
    assert len(tale.rows(business.RectificationItem)) == 3
    assert tale.open_keys() == ["p09_acceptance.rectify"]


def _is_not_yet_payable(tale: Tale) -> OpenTask:
    """G-26: the acceptance node waits for acceptance and its four materials (第二十条)."""
    task = tale.asks_for_money(CLERK, "验收款", "22.46")
    tale.is_refused(CLERK, task, "第二十条")
    assert [row.status for row in tale.rows(business.Payment)] == ["paid", "paid"]
    return task


def _second_application_is_refused(tale: Tale) -> None:
    """G-27: no second acceptance while an item is open (第二十条, 第二十一条)."""
    told = tale.is_refused(CLERK, shortcut.draw(tale, "f16a", "unit_clerk"), "第二十一条")
    assert "整改" in told
    assert len(tale.rows(business.AcceptanceAttempt)) == 1


def _closes_three_items(tale: Tale) -> None:
    tale.go("2026-12-02")
    tale.does(LEAD, "p09_acceptance.rectify")
    tale.go("2026-12-03")
    tale.does("zzjl.gong", "p09_acceptance.confirm_by_supervisor")
    tale.does("dsj.qi", "p09_acceptance.confirm_by_bureau")
    items = tale.rows(business.RectificationItem)
    assert [(item.confirmed, item.confirmed_on) for item in items] == [(True, date(2026, 12, 3))] * 3


def _passes(tale: Tale) -> None:
    """A second application, an expert whom the bureau designates, its consent, and the meeting."""
    tale.go("2026-12-07")
    tale.does(CLERK, "p09_acceptance.apply")
    assert tale.project.state == "ACCEPTANCE"
    tale.does("dsj.hou", "p09_acceptance.verify_access")
    tale.does("dsj.qi", "p09_acceptance.designate")
    tale.does("dsj.qi", "p09_acceptance.draft_consent")
    tale.does("dsj.yue", "p09_acceptance.sign_consent")
    tale.go("2026-12-14")
    tale.does(LEAD, "p09_acceptance.meet")
    assert tale.all_do("p09_acceptance.judge") == 3
    tale.does(tale.notes["designated"][0], "p09_acceptance.conclude")
    attempts = tale.rows(business.AcceptanceAttempt)
    assert [(row.number, row.conclusion) for row in attempts] == [(1, "不合格"), (2, "通过")]
    assert attempts[1].consent == "核准"


def _files(tale: Tale) -> None:
    tale.go("2026-12-17")
    tale.does(CLERK, "p09_acceptance.file_materials")
    tale.does("dsj.cheng", "p09_acceptance.confirm_filing")
    assert tale.project.state == "ACCEPTED"
