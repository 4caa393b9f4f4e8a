"""S7: 市场监管 wants 18.50 more: no amendment before consent, re-approval and source; then ten percent is the limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.models import business
from tests.county import LOADING
from tests.scenarios import shortcut
from tests.scenarios.tale import Tale

if TYPE_CHECKING:
    from tests.scenarios.site import Site

pytestmark = pytest.mark.timeout(LOADING)
CLERK, LEAD = "scj.wu", "scj.lian"
BEFORE, AFTER = 188_000_000, 206_500_000
"""Total in 分 before and after the change."""


def test_no_amendment_before_consent_and_ten_percent_after_it(county: Site) -> None:
    tale = Tale.of(county, "XWXX-2025-T-005")
    project = tale.project
    assert (project.state, project.total_fen, project.scope_version) == ("BUILDING", BEFORE, 1)
    change = tale.rows(business.Change)[-1]
    assert (change.delta_fen, change.status) == (AFTER - BEFORE, "submitted")
    amendment = shortcut.draw(tale, "f13", "unit_clerk")
    told = tale.is_refused(CLERK, amendment, "第十七条", **_supplement(tale, 18.0))
    assert "变更尚未经县大数据局审查同意" in told

    tale.does("dsj.qi", "p08_change.review")
    tale.does("dsj.yue", "p08_change.sign")
    told = tale.is_refused(CLERK, amendment, "第十七条", **_supplement(tale, 18.0))
    assert "尚未登记概算批复或者资金来源" in told
    assert tale.project.scope_version == 1
    tale.does("fgw.qin", "p08_change.approve_estimate")
    tale.is_refused(CLERK, amendment, "第十七条", **_supplement(tale, 18.0))
    tale.does("czj.shen", "p08_change.name_source")
    project = tale.project
    assert (project.scope_version, project.total_fen, project.state) == (2, AFTER, "BUILDING")

    told = tale.is_refused(CLERK, amendment, "第十七条", **_supplement(tale, 18.5))
    assert "10.07%" in told
    assert "另行采购" in told
    contracts = [(row.no, row.amount_fen) for row in tale.rows(business.Contract)]
    assert [fen for _no, fen in contracts] == [183_700_000]
    _what_it_voided_is_filed_again(tale)
    tale.hands_in(amendment, CLERK, **_supplement(tale, 18.0))
    supplement = tale.rows(business.Contract)[-1]
    assert (supplement.amount_fen, supplement.supplement_to, supplement.change_number) == (
        18_000_000, contracts[0][0], change.number,
    )  # fmt: skip


def _what_it_voided_is_filed_again(tale: Tale) -> None:
    """The interface changed, so its plan is approved anew while the work goes on (第十四条)."""
    tale.is_refused(CLERK, shortcut.draw(tale, "f13", "unit_clerk"), "第十四条", **_supplement(tale, 18.0))
    tale.does(CLERK, "p05_preprocurement.file_plans")
    tale.does("dsj.hou", "p05_preprocurement.check_plans")
    tale.does("dsj.yue", "p05_preprocurement.sign")
    assert tale.project.state == "BUILDING"


def _supplement(tale: Tale, wan: float) -> dict[str, Any]:
    """Return what F-13 says of a supplement of so many 万元."""
    original = tale.rows(business.Contract)[0]
    nodes = [{"name": "补充款", "kind": "进度", "percent": 100, "amount": wan, "after_acceptance": False}]
    return {
        "no": f"{original.no}-补1", "supplement_to": original.no, "change": tale.rows(business.Change)[-1].number,
        "supplier": original.supplier, "amount": wan, "pay_nodes": nodes,
    }  # fmt: skip
