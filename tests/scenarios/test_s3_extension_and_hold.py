"""S3: 治超 platform reports a delay, lets the new date pass, is held, passes, and is freed; 教育云 stays held."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.models import business
from tests.scenarios import shortcut
from tests.scenarios.site import at
from tests.scenarios.tale import Tale

if TYPE_CHECKING:
    from app.queries.open_tasks import OpenTask
    from tests.scenarios.site import Site

CLERK, LEAD, HEAD = "jyj.liu", "jyj.zhai", "jyj.duan"
LAST_DAY = date(2026, 12, 15)


def test_delay_hold_and_lifting(county: Site) -> None:
    tale = Tale.of(county, "XWXX-2025-T-003")
    _delay_was_reported_in_time(tale)
    om = _om_plans_are_accepted(tale)
    payment = tale.asks_for_money(CLERK, "验收款", "93.74")
    tale.go("2026-12-15", 23, 50)
    assert tale.rows(business.FundHold) == []
    told = tale.is_refused(CLERK, payment, "第二十条")
    assert "第二十一条" not in told
    _midnight(tale, payment, om)
    _sweep_sets_it_once(tale)
    _passes_acceptance(tale)
    _is_lifted(tale)
    _files(tale)
    told = tale.is_refused(CLERK, payment, "第十二条")  # the money of 2026 has not been carried over yet
    assert "第二十一条" not in told
    tale.carries_over(2027, 93.74)
    tale.hands_in(payment, CLERK)
    assert [(row.amount_fen, row.status) for row in tale.rows(business.Payment)][-1] == (93_740_000, "requested")


def _delay_was_reported_in_time(tale: Tale) -> None:
    """On 2026-08-14 there was no hold, since the report of 2026-08-05 had moved the date (第二十一条)."""
    due = tale.rows(business.DeadlineRow, kind="acceptance")[0]
    assert (due.first_due, due.due, due.fires_at) == (date(2026, 8, 13), LAST_DAY, at("2026-12-16", 0))
    report = tale.rows(business.Extension)[0]
    assert (report.filed_on, report.new_date, report.after_lapse) == (date(2026, 8, 5), LAST_DAY, False)
    assert tale.rows(business.FundHold) == []


def _om_plans_are_accepted(tale: Tale) -> OpenTask:
    """The four plans of the operation are in; the application for 2027 waits."""
    tale.hands_in(tale.starts(CLERK, "p13_om"), CLERK)
    tale.does("dsj.qi", "p13_om.accept_plans")
    tale.notes |= {"om_amount": "36", "om_fy": 2027}
    return tale.task("p13_om.apply")


def _midnight(tale: Tale, payment: OpenTask, om: OpenTask) -> None:
    """From 00:00 on the gates refuse, before any sweep has run."""
    tale.site.clock.move_to(at("2026-12-16", 0))
    assert tale.rows(business.FundHold) == []
    tale.is_refused(CLERK, payment, "第二十一条")
    tale.is_refused(CLERK, om, "第二十一条")
    assert tale.rows(business.OmApplication) == []


def _sweep_sets_it_once(tale: Tale) -> None:
    tale.go("2026-12-16", 8)
    tale.go("2026-12-17", 8)
    hold = tale.rows(business.FundHold)
    assert [(row.code, row.since, row.lifted_at) for row in hold] == [("H-ACC", date(2026, 12, 16), None)]
    for username in ("dsj.yue", "czj.zhu"):
        assert len(tale.told(username, like="的竣工验收期限已于 2026-12-15 届满，资金自即日起冻结。")) == 1
    assert "p09_acceptance.urge" in tale.open_keys()


def _passes_acceptance(tale: Tale) -> None:
    for index in range(2):
        task = tale.starts(CLERK, "p12b_resources")
        tale.notes.setdefault("resource_of", {})[str(task.instance_id)] = index
        tale.hands_in(task, CLERK)
        tale.does("dsj.hou", "p12b_resources.check")
        tale.does("dsj.hou", "p12b_resources.assign_number")
    tale.go("2027-01-06")
    tale.does(CLERK, "p09_acceptance.apply")
    tale.does("dsj.hou", "p09_acceptance.verify_access")
    tale.does("dsj.qi", "p09_acceptance.designate")
    tale.does("dsj.qi", "p09_acceptance.draft_consent")
    tale.does("dsj.yue", "p09_acceptance.sign_consent")
    tale.go("2027-01-20")
    tale.does(LEAD, "p09_acceptance.meet")
    assert tale.all_do("p09_acceptance.judge") == 3
    assert tale.rows(business.FundHold)[0].lifted_at is None
    tale.does(tale.notes["designated"][0], "p09_acceptance.conclude")


def _is_lifted(tale: Tale) -> None:
    hold = tale.rows(business.FundHold)
    assert [(row.code, row.lifted_on, row.lifted_by) for row in hold] == [("H-ACC", date(2027, 1, 20), [])]
    assert hold[0].evidence == "验收结论：通过"
    assert "2027-01-20 已解除 验收结论：通过" in tale.page(CLERK, "holds")


def _files(tale: Tale) -> None:
    tale.does(CLERK, "p09_acceptance.file_materials")
    tale.does("dsj.cheng", "p09_acceptance.confirm_filing")


def test_a_report_after_the_date_lifts_nothing(county: Site) -> None:
    """教育云 let 2026-05-14 pass; a report of today, signed and registered, does not free its money."""
    tale = Tale.of(county, "XWXX-2025-T-002")
    hold = tale.rows(business.FundHold)
    assert [(row.code, row.since, row.lifted_at) for row in hold] == [("H-ACC", date(2026, 5, 15), None)]
    report = tale.starts("jtj.zhao", "p10_extension")
    tale.plan.row["extension"] = ["2026-11-23", "2027-01-29"]  # type: ignore[index]
    tale.hands_in(report, "jtj.zhao")
    tale.does("jtj.xue", "p10_extension.sign")
    tale.does("dsj.qi", "p10_extension.register")
    tale.go("2026-11-25")
    assert [(row.code, row.lifted_at) for row in tale.rows(business.FundHold)] == [("H-ACC", None)]
    tale.is_refused("jtj.wang", tale.asks_for_money("jtj.wang", "验收款", "78.68"), "第二十一条")
    tale.notes |= {"om_amount": "30", "om_fy": 2027}
    tale.is_refused("jtj.wang", tale.task("p13_om.apply"), "第二十一条")


def test_a_redrawn_acceptance_without_timers_frees_nobody(county: Site) -> None:
    """Somebody has drawn P-09 without a timer; the law holds the money all the same (第二十一条)."""
    tale = Tale.of(county, "XWXX-2026-T-002")
    shortcut.redraw_acceptance(tale)
    tale.does("hsjl.lei", "p07_construction.certify")
    tale.does("nyj.xu", "p07_construction.confirm_date")
    assert tale.open_keys() == ["p09_acceptance.apply"]
    due = tale.rows(business.DeadlineRow, kind="acceptance")[0].due
    assert due == date(2027, 5, 24)  # 2027-05-23 is a Sunday
    tale.go(due.isoformat(), 23, 50)
    payment = tale.asks_for_money("nyj.he", "验收款", "61.10")
    assert "第二十一条" not in tale.is_refused("nyj.he", payment, "第二十条")
    tale.site.clock.move_to(at("2027-05-25", 0))
    assert tale.rows(business.FundHold) == []
    tale.is_refused("nyj.he", payment, "第二十一条")
    tale.go("2027-05-25", 0, 10)
    assert [(row.code, row.since) for row in tale.rows(business.FundHold)] == [("H-ACC", date(2027, 5, 25))]
    assert len(tale.told("czj.zhu", like="验收期限已于 2027-05-24 届满")) == 1
