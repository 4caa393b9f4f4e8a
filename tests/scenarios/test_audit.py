"""An audit finds fault: rectified in time it costs nothing; late, O&M money stops until the audit bureau confirms."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from app.models import business
from tests.county import LOADING
from tests.scenarios.tale import Tale

if TYPE_CHECKING:
    from tests.scenarios.site import Site

pytestmark = pytest.mark.timeout(LOADING)
LEAD, CLERK, AUDITOR, HEAD = "zrj.hou", "zrj.guo", "sjj.jin", "sjj.yuan"


def test_the_audit_alone_lifts_what_its_date_has_set(county: Site) -> None:
    tale = Tale.of(county, "XWXX-2024-T-004")
    case = tale.rows(business.AuditCase)[0]
    assert (case.passed, case.rectify_due, case.confirmed_on) == (False, date(2026, 12, 11), None)
    tale.go("2026-12-11", 23, 50)
    assert tale.rows(business.FundHold) == []
    tale.go("2026-12-12", 8)
    hold = tale.rows(business.FundHold)
    assert [(row.code, row.cause, row.since, row.lifted_on) for row in hold] == [
        ("H-AUDIT", case.number, date(2026, 12, 12), None)
    ]
    assert len(tale.told("czj.zhu", like="审计")) == 1
    assert "审计未整改" in tale.page("czj.zhu", "holds")

    tale.go("2026-12-14")
    tale.does(LEAD, "p16_audit.rectify")
    confirmation = tale.task("p16_audit.confirm")
    for username in (LEAD, "dsj.miao", "dsj.qi"):  # nobody but the audit bureau confirms its findings
        answer = county.as_(username).complete(confirmation.id, {})
        assert answer.status_code in {403, 404}, username
    tale.does(AUDITOR, "p16_audit.confirm")
    assert [(row.lifted_on, row.lifted_by) for row in tale.rows(business.FundHold)] == [(date(2026, 12, 14), [])]
    assert tale.rows(business.AuditCase)[0].confirmed_on == date(2026, 12, 14)
    assert not [key for key in tale.open_keys() if key.startswith("p16")]


def test_the_head_signs_what_the_clerk_has_found(county: Site) -> None:
    tale = Tale.of(county, "XWXX-2024-G-003")
    finding = {"fact": "验收资料归档不全", "basis": "第三十二条", "level": "一般"}
    tale.does(AUDITOR, "p16_audit.find", result="不达标", findings=[finding], limit="2027-01-22")
    task = tale.task("p16_audit.sign")
    assert county.as_(AUDITOR).complete(task.id, {"result": "同意", "opinion": "同意。"}).status_code in {403, 404}
    assert tale.rows(business.AuditCase)[-1].passed is None
    tale.does(HEAD, "p16_audit.sign")
    row = tale.rows(business.AuditCase)[-1]
    assert (row.passed, row.rectify_due) == (False, date(2027, 1, 22))
    tale.notes["order_items"] = ["验收资料归档不全"]
    tale.does("wjw.mai", "p16_audit.rectify")
    tale.does(AUDITOR, "p16_audit.confirm")
    tale.go("2027-01-25")
    assert tale.rows(business.FundHold) == []
