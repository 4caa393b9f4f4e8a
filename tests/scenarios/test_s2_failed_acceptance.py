"""S2: 养老平台 has failed its first acceptance; only when its three items are closed is there a second one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.models import business
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
