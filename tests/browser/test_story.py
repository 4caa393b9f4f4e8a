"""S3 clicked through as each role: a delay is reported, the new day passes, money is held, acceptance frees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.models import business
from tests.browser.desk import BrowserDesk, told_in
from tests.browser.visits import NUMBER

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.server import Running
    from tests.scenarios.tale import Tale

CLERK, LEAD, HEAD = "yjj.he", "yjj.tian", "yjj.sang"


def test_delay_hold_and_lifting(browser: Browser, county: Running) -> None:
    with told_in(browser, county, NUMBER) as (tale, desk):
        _reports_a_delay(tale)
        _lets_the_new_day_pass(tale, desk)
        _is_refused_money(tale, desk)
        _registers_resources(tale)
        _passes_acceptance(tale)
        assert "验收结论：通过" in desk.window(CLERK).go(f"/projects/{NUMBER}?tab=holds").text()
        assert desk.completed == 19


def _reports_a_delay(tale: Tale) -> None:
    evidence = {"new_date": "2026-11-30"}
    tale.plan.row["extension"] = ["2026-11-23", "2026-11-30"]  # type: ignore[index]
    tale.hands_in(tale.starts(LEAD, "p10_extension"), LEAD, **evidence)
    tale.does(HEAD, "p10_extension.sign")
    tale.does("dsj.qi", "p10_extension.register")
    assert f"{tale.rows(business.DeadlineRow, kind='acceptance')[0].due}" == "2026-11-30"


def _lets_the_new_day_pass(tale: Tale, desk: BrowserDesk) -> None:
    assert "2026-11-24 08:30" in desk.press("次日", CLERK)
    assert tale.rows(business.FundHold) == []
    while "2026-12-01" not in (shown := desk.press("到下一时限", CLERK)):
        assert shown < "演示时钟 2026-12-01"
    assert len(tale.told(CLERK, like="应于 2026-11-30 前组织验收")) > 0
    assert [row.code for row in tale.rows(business.FundHold)] == ["H-ACC"]
    assert "逾期未验收" in desk.window(CLERK).go(f"/projects/{NUMBER}").text()


def _is_refused_money(tale: Tale, desk: BrowserDesk) -> None:
    task = tale.asks_for_money(CLERK, "验收款", "107.62")
    told = desk.is_refused(CLERK, tale.answers(task, CLERK))
    assert "第二十一条" in told
    assert len(tale.rows(business.Payment)) == 2


def _registers_resources(tale: Tale) -> None:
    for index in range(2):
        task = tale.starts(CLERK, "p12b_resources")
        tale.notes.setdefault("resource_of", {})[str(task.instance_id)] = index
        tale.hands_in(task, CLERK)
        tale.does("dsj.hou", "p12b_resources.check")
        tale.does("dsj.hou", "p12b_resources.assign_number")


def _passes_acceptance(tale: Tale) -> None:
    tale.does(CLERK, "p09_acceptance.apply")
    tale.does("dsj.hou", "p09_acceptance.verify_access")
    tale.does("dsj.qi", "p09_acceptance.designate")
    tale.does("dsj.qi", "p09_acceptance.draft_consent")
    tale.does("dsj.yue", "p09_acceptance.sign_consent")
    tale.does(LEAD, "p09_acceptance.meet")
    assert tale.all_do("p09_acceptance.judge") == 3
    tale.does(tale.notes["designated"][0], "p09_acceptance.conclude")
    assert [row.lifted_by for row in tale.rows(business.FundHold)] == [[]]
    assert tale.rows(business.FundHold)[0].lifted_on is not None
