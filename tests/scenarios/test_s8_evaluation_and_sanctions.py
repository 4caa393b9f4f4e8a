"""S8: an evaluation at 54 points holds the system's money until rectified; the ladder of 第三十一条 to its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from app.models import business
from app.models.process import ProcessInstance
from tests.county import LOADING
from tests.scenarios import shortcut
from tests.scenarios.tale import Tale

if TYPE_CHECKING:
    from app.queries.open_tasks import OpenTask
    from tests.scenarios.site import Site

pytestmark = pytest.mark.timeout(LOADING)
TOURISM, OTHER_SYSTEM = "智慧云台山全域旅游综合监管平台", "旅游统计直报系统（旧版）"
CLERK, LEAD = "wlj.han", "wlj.yun"
CITY, CITY_CLERK, CITY_LEAD = "XWXX-2025-T-006", "cgj.xie", "cgj.dong"


def test_below_sixty_the_system_gets_no_money_until_both_confirm_its_rectification(county: Site) -> None:
    tale = Tale.of(county, "XWXX-2024-T-002")
    tale.notes |= {"om_fy": 2027, "om_amount": "46.00", "evaluation_problems": "共享目录更新滞后"}
    assert tale.project.state == "EVAL_RECTIFY"
    assert [(row.code, row.lifted_on) for row in tale.rows(business.FundHold)] == [("H-EVAL", None)]
    told = tale.is_refused(CLERK, tale.task("p13_om.apply"), "第二十三条")
    assert "评价结果未达标" in told
    blocked, free = (_extension(county, parent) for parent in (TOURISM, OTHER_SYSTEM))
    told = blocked[0].is_refused(CLERK, blocked[1], "第二十三条")
    assert "评价结果未达标" in told
    free[0].hands_in(free[1], CLERK)  # another system of the same unit is nobody's fault
    tale.go("2026-11-27")
    _rectified(tale)
    hold = tale.rows(business.FundHold)
    assert [(row.code, row.lifted_on) for row in hold] == [("H-EVAL", date(2026, 11, 27))]
    assert tale.project.state == "OPERATING"
    blocked[0].hands_in(blocked[1], CLERK)
    assert "第二十三条" not in tale.is_refused(CLERK, tale.task("p13_om.apply"), "第二十二条")  # plans of 2025


def _extension(county: Site, parent: str) -> tuple[Tale, OpenTask]:
    """Let the unit begin an item that extends one of its systems."""
    plan = county.county.plan("XWXX-2027-T-002")
    row = dict(plan.row) | {"parent": parent, "assessed_on": "2026-10-20"}
    tale = Tale(county, replace(plan, unit="wlj", row=row))
    ask = tale.desk.start("p01u_unit_plan", CLERK)
    tale.hands_in(ask, CLERK)
    return tale, next(task for task in tale.desk.open(instance_id=ask.instance_id) if task.element == "file_item")


def _rectified(tale: Tale) -> None:
    tale.does(LEAD, "p14_evaluation.rectify")
    tale.does("dsj.qi", "p14_evaluation.recheck_bureau")
    assert tale.rows(business.FundHold)[0].lifted_on is None  # one of the two offices is not enough
    assert tale.project.state == "EVAL_RECTIFY"
    tale.does("czj.bian", "p14_evaluation.recheck_finance")


def test_withheld_then_suspended_then_resumed(county: Site) -> None:
    tale = Tale.of(county, CITY)
    assert [(row.code, row.since) for row in tale.rows(business.FundHold)] == [("H-INSP", date(2026, 10, 12))]
    payment = tale.asks_for_money(CITY_CLERK, "进度款", "100")
    assert "暂缓拨付" in tale.is_refused(CITY_CLERK, payment, "第三十一条")
    _fails_again(tale)
    _decided(tale, "暂停建设")
    assert (tale.project.state, _building(tale)) == ("SUSPENDED", "suspended")
    for username, key in (("ytsk.he", "p07_construction.report_progress"), ("hsjl.lei", "p07_construction.certify")):
        for task in tale.tasks(key):
            _is_read_only(tale, task, username)
    assert "暂停建设" in tale.is_refused(CITY_CLERK, payment, "第三十一条")
    _order_again(tale)
    tale.notes["recheck_fails"] = False
    tale.does(CITY_LEAD, "p15_inspection.rectify")
    told = tale.is_refused("dsj.miao", tale.task("p15_inspection.recheck"))
    assert "还有整改事项没有列入复查" in told
    tale.notes["order_items"] = tale.notes["order_items"] * 3  # those of the two orders before it too
    tale.does("dsj.miao", "p15_inspection.recheck")
    assert (tale.project.state, _building(tale)) == ("BUILDING", "active")
    assert [row.lifted_on for row in tale.rows(business.FundHold)] == [date(2026, 11, 23)] * 2
    assert all(row.closed_on == date(2026, 11, 23) for row in tale.rows(business.Order))


def test_a_terminated_project_is_only_settled_and_audited(county: Site) -> None:
    tale = Tale.of(county, CITY)
    _fails_again(tale)
    _decided(tale, "终止")
    assert tale.project.state == "TERMINATED"
    holds = [(row.code, row.lifted_on) for row in tale.rows(business.FundHold)]
    assert holds == [("H-INSP", date(2026, 11, 23)), ("H-TERM", None)]
    assert [row for row in tale.rows(ProcessInstance) if row.status in {"active", "suspended"}
            and row.process_key not in {"p15_inspection", "p20_hold"}] == []  # fmt: skip
    assert tale.open_keys() == ["p15_inspection.refer"]
    tale.does("dsj.yue", "p15_inspection.refer")
    payment = tale.asks_for_money(CITY_CLERK, "进度款", "100")
    told = tale.is_refused(CITY_CLERK, payment, "第十二条")  # what is paid now is the settlement, out of unspent money
    assert "第三十一条" not in told
    for username, form_id, role in ((CITY_LEAD, "f15k", "unit_lead"), ("czj.shen", "f09", "fin_budget")):
        told = tale.is_refused(username, shortcut.draw(tale, form_id, role), "第三十一条")
        assert "项目于2026-11-23终止，只能办理结算和审计" in told
    county.as_("sjj.jin").post("/start/p16_audit", {"project": CITY})  # its first task is the unit's
    tale.does(CITY_CLERK, "p16_audit.supply")
    assert "p16_audit.find" in tale.open_keys()


def _fails_again(tale: Tale) -> None:
    """The unit replies to the second order; the inspection finds that nothing has changed."""
    tale.notes |= {"recheck_fails": True, "order_items": ["擅自将视频汇聚由政务云改为自建存储"]}
    tale.does(CITY_LEAD, "p15_inspection.rectify")
    tale.does("dsj.miao", "p15_inspection.recheck")


def _decided(tale: Tale, measure: str) -> None:
    """A measure is proposed, the unit heard, and three heads sign; until the last of them nothing has changed."""
    tale.notes["measure"] = measure
    tale.does("dsj.miao", "p15_inspection.propose")
    tale.does(CITY_LEAD, "p15_inspection.state")
    tale.does("dsj.yue", "p15_inspection.sign")
    tale.does("czj.niu", "p15_inspection.cosign_finance")
    assert (tale.project.state, tale.rows(business.MeasureTaken)[-1].decided_on) == ("BUILDING", None)
    tale.does("fgw.gao", "p15_inspection.cosign_drc")
    row = tale.rows(business.MeasureTaken)[-1]
    assert (row.kind, row.cosigned_by) == (measure, ["bur_head", "drc_head", "fin_head"])


def _order_again(tale: Tale) -> None:
    """The measure leads back to an order with a new limit (第三十一条)."""
    tale.notes["order_limit"] = "2026-12-18"
    tale.does("dsj.yue", "p15_inspection.order")


def _building(tale: Tale) -> str:
    return str(tale.rows(ProcessInstance, process_key="p07_construction")[-1].status)


def _is_read_only(tale: Tale, task: OpenTask, username: str) -> None:
    """The task stays where it is; handing it in is refused and writes nothing."""
    before = tale.snapshot()
    answer = tale.desk.post(task, username, {})
    assert answer.status_code == 403, answer.get_json()
    assert "第三十一条" in str(answer.get_json())
    assert tale.snapshot() == before
