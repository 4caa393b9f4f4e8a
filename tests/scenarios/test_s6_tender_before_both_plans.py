"""S6: 智慧水务's tender waits for both plans of 第十四条; a change of the interface voids the one that it touches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.models import business
from tests.county import LOADING
from tests.scenarios import shortcut
from tests.scenarios.tale import Tale

if TYPE_CHECKING:
    from tests.scenarios.site import Site

pytestmark = pytest.mark.timeout(LOADING)
CLERK, LEAD, HEAD = "slj.feng", "slj.jiao", "slj.tang"
EXCHANGE = "数据共享交换平台对接方案"


def test_tender_waits_for_both_plans(county: Site) -> None:
    tale = Tale.of(county, "XWXX-2026-T-005", built=False)
    assert tale.project.state == "PRE_PROC"
    tender = shortcut.draw(tale, "f12", "unit_lead")
    told = tale.is_refused(LEAD, tender, "第十四条")
    assert EXCHANGE in told
    assert tale.rows(business.Package) == []

    tale.does("dsj.hou", "p05_preprocurement.check_plans")
    told = tale.is_refused(LEAD, tender, "第十四条")  # checked is not yet endorsed: the head has to sign
    tale.does("dsj.yue", "p05_preprocurement.sign")
    tale.does(LEAD, "p06_procurement.plan_packages")
    assert tale.project.state == "PROCUREMENT"
    assert len([row for row in tale.rows(business.Package) if not row.failed]) >= 1

    _change_of_the_interface(tale)
    told = tale.is_refused(LEAD, shortcut.draw(tale, "f12", "unit_lead"), "第十四条")
    assert EXCHANGE in told
    assert "政务云与政务外网共建共享方案" not in told
    tale.does(CLERK, "p05_preprocurement.file_plans")
    tale.does("dsj.hou", "p05_preprocurement.check_plans")
    tale.does("dsj.yue", "p05_preprocurement.sign")
    assert tale.project.state == "PROCUREMENT"
    tale.does("czj.lu", "p06_procurement.approve_method")


def _change_of_the_interface(tale: Tale) -> None:
    """A change without more money, before there is any supervisor: unit and bureau decide it alone (第十七条)."""
    task = tale.starts(LEAD, "p08_change")
    tale.plan.row["change"] = ["2026-11-23", str(tale.plan.total)]  # type: ignore[index]
    changed = {"type": ["内容"], "delta": 0, "main_module_changed": True, "interface_changed": True}
    tale.hands_in(task, LEAD, **changed, fund_source=None, cost_proof=None)
    tale.does("dsj.qi", "p08_change.review")
    tale.does("dsj.yue", "p08_change.sign")
    versions = tale.rows(business.ScopeVersion)
    assert [(row.number, row.by_change, row.interface_changed) for row in versions][-1] == (2, True, True)
    assert tale.project.scope_version == 2
