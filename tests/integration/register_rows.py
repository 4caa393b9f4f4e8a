"""A row of every register for the own and the foreign unit of the county over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.models.business import (
    Approval,
    Asset,
    BudgetLine,
    Contract,
    Evaluation,
    ExpertForm,
    LibraryEntry,
    MeasureTaken,
    Opinion,
    Order,
    PanelMember,
    PlanItem,
    Project,
    RectificationItem,
    ResourceItem,
    SystemEntry,
)
from app.models.documents import Submission
from app.services import ledger
from tests.integration.web_clients import FOREIGN_FEN, NOW, OWN_FEN, TODAY, County

SLY = '=HYPERLINK("http://example.invalid","click")'
"""A text that a spreadsheet would take for a formula."""


def settle(county: County) -> None:
    """Write rows of every kind for both projects; the foreign amounts are those of the county."""
    with county.change() as session:
        for unit, total, share in (("own", OWN_FEN, 2400), ("foreign", FOREIGN_FEN, 2700)):
            _of_project(county, session, unit, total, share)
        for code, body in (("XX-JYJ-001", "jyj"), ("XX-WJW-001", "wjw")):
            entry = session.scalars(select(SystemEntry).where(SystemEntry.code == code)).one()
            entry.online_on, entry.mlps_level, entry.legacy, entry.deploy = date(2019, 3, 1), 2, True, "机房"
            entry.content = {"network": "电子政务外网", "users": f"{body}全系统"}


def _of_project(county: County, session: Session, unit: str, total: int, share: int) -> None:
    key = int(county[f"{unit}.project_id"])
    project = session.get_one(Project, key)
    project.lead_id = county.people["jyj.zhao" if unit == "own" else "wjw.xu"]
    session.execute(update(Contract).where(Contract.project_id == key).values(confirmed_by="x"))
    review = Opinion(
        project_id=key, kind="review", scope_version=1, conclusion="通过", doc_no=f"修数审〔2026〕{key}号",
        drafted_on=TODAY, drafted_by="a", signed_on=TODAY, signed_by="b", reviewed_total_fen=total - 1,
    )  # fmt: skip
    session.add(review)
    session.flush()
    session.execute(
        update(BudgetLine)
        .where(BudgetLine.project_id == key)
        .values(approved_on=date(2026, 3, 2), suggested_fen=total - 3, review_opinion_id=review.id)
    )
    session.add(
        BudgetLine(
            project_id=key, fy=2025, fund_type="建设", requested_fen=total, arranged_fen=total - 4,
            approved_on=date(2025, 3, 3), review_opinion_id=review.id,
        )
    )  # fmt: skip
    item = session.scalars(select(PlanItem).where(PlanItem.project_id == key)).one()
    item.fy, item.result, item.consent_doc_no, item.decided_on, item.rank = 2026, "同意", "修政〔2026〕8号", TODAY, 1
    item.submitted_on, item.suggestion = TODAY, "纳入"
    order = Order(
        project_id=key, number=f"WT-2026-{key:04d}", doc_no=f"修数改〔2026〕{key}号", findings=["存储自建"],
        issued_on=date(2026, 10, 9), due=date(2026, 10, 30),
    )  # fmt: skip
    session.add(order)
    session.flush()
    ledger.enter(session, "update", date(2025, 9, 1), project_id=key, now=NOW, subject="x")
    session.add_all(
        [
            LibraryEntry(project_id=key, entered_fy=2026, entered_on=date(2026, 1, 12), rank=2, streak_closed=1),
            Approval(
                project_id=key, kind="drc", decision="批准", scope_version=1, amount_fen=total - 2,
                doc_no=f"修发改〔2026〕{key}号", drafted_by="a", signed_by="b", signed_on=TODAY,
            ),
            Evaluation(
                project_id=key, number=1, started_on=TODAY, total_centi=8350, share_centi=share, signed_on=TODAY,
                passed=True,
            ),
            RectificationItem(project_id=key, cause="order", cause_id=order.id, number=1, problem=SLY),
            MeasureTaken(
                project_id=key, order_id=order.id, kind="暂缓拨付", facts="逾期未改", proposed_by="a", signed_by="b",
                proposed_on=TODAY, decided_on=TODAY, doc_no=f"修数措〔2026〕{key}号",
            ),
            ResourceItem(
                project_id=key, name=f"{unit}资源", update_cycle="年", platform_no=f"P-{key}", updated_on=TODAY,
                content={"category": "部门信息资源", "provider": unit, "share_type": "有条件",
                         "published_on": "2026-05-06"},
            ),
            ExpertForm(
                project_id=key, purpose="review", person_id=county.people["daxue.ouyang"], content={}, filled_on=TODAY
            ),
            Asset(
                project_id=key, name=f"{unit}资产", code=f"ZC-{key}", value_fen=total, keeper="某人",
                recorded_on=date(2026, 6, 1), recorded_by="x",
            ),
            _answered(county, unit, "f27", to="县财政局", doc_no=f"修数移〔2026〕{key}号", referred_on="2026-08-03",
                      note="承建单位违约"),
        ]
    )  # fmt: skip
    if unit == "foreign":
        session.add(
            PanelMember(
                project_id=key,
                purpose="review",
                person_id=county.people["daxue.shangguan"],
                seated_on=TODAY,
                replaced=True,
            )
        )


def _answered(county: County, unit: str, form_id: str, **answers: Any) -> Submission:
    return Submission(
        instance_id=county[f"{unit}.instance"], project_id=county[f"{unit}.project_id"], element_id="e",
        form_id=form_id, answers=answers, by_id=county.people["dsj.sun"], at=NOW,
    )  # fmt: skip
