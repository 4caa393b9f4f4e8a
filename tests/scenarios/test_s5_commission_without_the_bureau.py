"""S5: nobody approves or funds what the bureau has not reviewed; each attempt is logged, and the bureau hears of it."""

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
UNREVIEWED, UNASKED = "XWXX-2026-T-012", "XWXX-2026-T-003"
"""医保处方流转接入 is under review; 自然资源“一张图” waits for the industry opinion."""


def test_without_the_review_neither_commission_nor_finance_acts(county: Site) -> None:
    tale = Tale.of(county, UNREVIEWED, built=False)
    assert tale.project.state == "REVIEW"
    decision = shortcut.draw(tale, "f08", "drc_clerk")
    page = tale.site.as_("fgw.qin").get(f"/tasks/{decision.id}").get_data(as_text=True)
    assert "第十三条" in page  # why it cannot be done stands on the page before anything is handed in
    told = tale.is_refused("fgw.qin", decision, "第十三条", "第十一条")
    assert "审核意见" in told
    line = shortcut.draw(tale, "f09", "fin_budget")
    told = tale.is_refused("czj.shen", line, "第十三条", "第十二条")
    assert "审核意见" in told
    assert tale.rows(business.Approval) == []
    assert [row for row in tale.rows(business.BudgetLine) if row.drafted_by] == []
    heard = tale.told("dsj.yue", like="试图办理")
    assert [sentence.partition("试图")[0] for sentence in heard] == ["秦子涵", "申晓楠"]
    assert "第十一条、第十三条" in heard[0]
    assert tale.told("wjw.li", like="试图办理") == []


def test_with_the_review_the_commission_waits_for_the_industry_opinion(county: Site) -> None:
    tale = Tale.of(county, UNASKED, built=False)
    assert tale.project.state == "APPROVAL"
    decision = shortcut.draw(tale, "f08", "drc_clerk")
    told = tale.is_refused("fgw.qin", decision, "第十一条")
    assert "行业审查意见" in told
    assert "第十三条" not in told
    for username, key in (("dsj.qi", "p03a_opinion.draft"), ("dsj.yue", "p03a_opinion.sign")):
        if tale.tasks(key):
            tale.does(username, key)
    tale.does("fgw.qin", "p03a_investment.draft_decision")
    tale.does("fgw.gao", "p03a_investment.sign_decision")
    assert tale.project.state == "APPROVED"
    approval = tale.rows(business.Approval)[-1]
    assert (approval.kind, approval.decision, approval.signed_by) == ("drc", "批准", "fgw.gao")
