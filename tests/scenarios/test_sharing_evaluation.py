"""A unit shares too little: scored in March, signed, inspected, rectified; nobody else's hand is in it (第二十五条)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.models import business
from app.models.accounts import Organisation
from app.models.papers import Paper
from tests.county import LOADING
from tests.scenarios.tale import Tale

if TYPE_CHECKING:
    from app.queries.open_tasks import OpenTask
    from tests.scenarios.site import Site

pytestmark = pytest.mark.timeout(LOADING)
SHARING, HEAD, INSPECTOR, LEAD = "dsj.hou", "dsj.yue", "dsj.miao", "ybj.ding"
MEDICAL = "XWXX-2025-T-009"
REASON = "两类接口全年未恢复，目录多次漏更新。"


def test_a_low_score_leads_to_an_order_and_its_closing(county: Site) -> None:
    tale = Tale.of(county, MEDICAL)
    tale.go("2027-03-01", 10)
    row = _row(tale)
    assert (row.year, row.score, row.signed_on) == (2026, row.computed, None)
    adjusted = {"adjustments": [{"unit": str(row.unit_id), "score": 52, "reason": REASON}]}

    settle = _task(tale, "adjust")
    before = tale.snapshot()
    for username in (HEAD, INSPECTOR, LEAD, "czj.shen"):  # the scores are the sharing section's to settle
        assert county.as_(username).complete(settle.id, adjusted).status_code in {403, 404}, username
    bare = {"adjustments": [{"unit": str(row.unit_id), "score": 52, "reason": ""}]}
    assert tale.desk.post(settle, SHARING, bare).status_code in {400, 422}
    assert tale.snapshot() == before
    assert _row(tale).score == row.computed
    tale.desk.complete(settle, SHARING, adjusted)

    sign = _task(tale, "sign")
    agreed = {"result": "同意", "opinion": "同意公布。"}
    assert county.as_(SHARING).complete(sign.id, agreed).status_code in {403, 404}
    assert _row(tale).signed_on is None
    assert tale.tasks("p15_inspection.inspect") == []
    tale.desk.complete(sign, HEAD, agreed)
    signed = _row(tale)
    assert (signed.score, signed.reason, signed.settled_by, signed.signed_by) == (52, REASON, SHARING, HEAD)
    with county.look() as session:
        sheet = session.scalars(select(Paper).where(Paper.kind == "D-18").order_by(Paper.id.desc())).first()
        assert sheet is not None
        assert REASON in str(sheet.content)
    assert len(tale.told("ybj.shang", like="本单位得分")) == 1

    tale.does(INSPECTOR, "p15_inspection.inspect")
    order = tale.task("p15_inspection.order")
    assert county.as_(INSPECTOR).complete(order.id, {}).status_code in {403, 404, 422}
    tale.does(HEAD, "p15_inspection.order")
    tale.does(LEAD, "p15_inspection.rectify")
    recheck = tale.task("p15_inspection.recheck")
    assert county.as_(LEAD).complete(recheck.id, {}).status_code in {403, 404}
    assert _row(tale).rectified_on is None
    tale.does(INSPECTOR, "p15_inspection.recheck")
    assert _row(tale).rectified_on is not None
    assert [task for task in tale.tasks() if task.instance_id == recheck.instance_id] == [], "this inspection is over"


def _row(tale: Tale) -> Any:
    """Return the unit's score of the year."""
    with tale.site.look() as session:
        query = (
            select(business.SharingScore)
            .join(Organisation, Organisation.id == business.SharingScore.unit_id)
            .where(Organisation.code == "ybj", business.SharingScore.year == 2026)
        )
        row = session.scalars(query).one()
        session.expunge_all()
        return row


def _task(tale: Tale, element: str) -> OpenTask:
    found = [task for task in tale.desk.open(process="p21_sharing") if task.element == element]
    assert len(found) == 1
    return found[0]
