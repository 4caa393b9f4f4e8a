"""Every gate refuses over HTTP whatever the diagram says: a form out of its order, its article, its row in the log.

Each form stands alone in a diagram that a process owner has drawn, beside a project at some stage of its life. What the
law needs is taken away in the tables; then the form is handed in through the page by whoever its office is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.gates import GATES
from app.models import business
from app.models.accounts import Organisation
from tests.county import LOADING
from tests.scenarios import shortcut
from tests.scenarios.site import Site, at, copied, opened
from tests.scenarios.tale import Tale
from tests.stages import INVESTMENT, SERVICE, stages

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

pytestmark = pytest.mark.timeout(LOADING)
CLERK, LEAD, HEAD = "ybj.ren", "ybj.ding", "ybj.shang"
Prepare = Callable[["Session", business.Project], None]


@dataclass(frozen=True)
class Case:
    """One gate: where the project stands, what is taken away, who hands in what, and the article that refuses."""

    gate: str
    article: str
    stage: str
    who: str
    form: str
    prepare: Prepare = lambda _session, _project: None
    changes: dict[str, Any] = field(default_factory=dict)
    role: str = ""
    properties: dict[str, str] = field(default_factory=dict)
    number: str = INVESTMENT
    spoken: str = ""
    """The gate that the refusal names where it speaks for a hold of several gates."""
    on: str = ""
    """The day of the attempt where it is another than that of the stage."""
    money: tuple[str, str] = ("", "")
    """The node and amount (万元) of a payment."""


def ineligible(session: Session, project: business.Project) -> None:
    session.get_one(Organisation, project.unit_id).eligible = False


def nonconforming(session: Session, project: business.Project) -> None:
    row = session.query(business.Filing).filter_by(project_id=project.id).one()
    first = next(iter(row.content["conformity"]))
    row.content = {**row.content, "conformity": {**row.content["conformity"], first: "不符合"}}


def without_sharing(session: Session, project: business.Project) -> None:
    row = session.query(business.Filing).filter_by(project_id=project.id).one()
    row.content = {**row.content, "share_items": 0}


def not_sharing(session: Session, project: business.Project) -> None:
    session.add(
        business.SharingCheck(project_id=project.id, conforms=False, checked_on=date(2025, 1, 1), checked_by="x")
    )


def late(session: Session, project: business.Project) -> None:
    row = session.query(business.PlanItem).filter_by(project_id=project.id).one()
    row.submitted_on, row.plan_due = date(2024, 12, 30), date(2024, 12, 2)


def to_be_rebuilt(session: Session, project: business.Project) -> None:
    row = session.query(business.PlanItem).filter_by(project_id=project.id).one()
    project.nature, row.content = "改建", {**row.content, "assess_report": False}


def unverified(_session: Session, project: business.Project) -> None:
    project.access_verified = False


def other_content(session: Session, project: business.Project) -> None:
    row = session.query(business.ScopeVersion).filter_by(project_id=project.id).one()
    row.fingerprint = "0" * 64


def standing(state: str) -> Prepare:
    def put(_session: Session, project: business.Project) -> None:
        project.state = state

    return put


def uncatalogued(session: Session, project: business.Project) -> None:
    for row in session.query(business.SystemEntry).filter_by(project_id=project.id):
        row.status = "cancelled"


def without_plans(session: Session, project: business.Project) -> None:
    session.query(business.OmPlan).filter_by(project_id=project.id).delete()


def evaluated(total: int, *, passed: bool) -> Prepare:
    def put(session: Session, project: business.Project) -> None:
        session.add(
            business.Evaluation(
                project_id=project.id, number=1, weights={}, started_on=date(2026, 1, 1), total_centi=total,
                share_centi=3000, passed=passed, signed_on=date(2026, 2, 1),
            )
        )  # fmt: skip

    return put


def middling(session: Session, project: business.Project) -> None:
    evaluated(7000, passed=True)(session, project)
    session.add(
        business.BudgetLine(
            project_id=project.id, fy=2026, fund_type="运维", arranged_fen=1_000_000, approved_on=date(2026, 1, 5)
        )
    )


def failed_before(session: Session, project: business.Project) -> None:
    row = session.query(business.AcceptanceAttempt).filter_by(project_id=project.id).one()
    row.conclusion, row.concluded_on, project.state = "不合格", date(2026, 6, 1), "ACCEPT_RECTIFY"
    session.add(
        business.RectificationItem(
            project_id=project.id, cause="acceptance", cause_id=row.id, number=1, problem="压测不达标"
        )
    )


def unregistered(session: Session, project: business.Project) -> None:
    session.add(business.ResourceItem(project_id=project.id, name="未登记的资源"))


def no_access(_session: Session, project: business.Project) -> None:
    project.access_failed = True


def ordered(session: Session, project: business.Project) -> None:
    session.add(
        business.Order(
            project_id=project.id, number="WT-2025-0001", issued_on=date(2025, 5, 29), due=date(2027, 1, 1), findings=[]
        )
    )


def audited(session: Session, project: business.Project) -> None:
    session.add(
        business.AuditCase(
            project_id=project.id, number="SJ-2026-0001", opened_on=date(2026, 1, 1), passed=False,
            rectify_due=date(2026, 2, 1),
        )
    )  # fmt: skip
    for contract in session.query(business.Contract).filter_by(project_id=project.id):
        for node in session.query(business.ContractNode).filter_by(contract_id=contract.id):
            node.fund_type = "运维"


SIGNS = "f00s"
CASES = (
    Case("G-01", "第二条", "DRAFT", CLERK, "f02", ineligible),
    Case("G-02", "第三条", "REVIEW", "dsj.cheng", "f06", nonconforming, role="bur_clerk"),
    Case("G-03", "第四条", "DRAFT", CLERK, "f02", changes={"has_room": True}),
    Case("G-04", "第四条", "ACCEPTANCE", "dsj.qi", "f16h", unverified),
    Case("G-05", "第五条", "APPROVAL", "fgw.qin", "f08", not_sharing, role="drc_clerk", spoken="G-22"),
    Case("G-06", "第九条", "PLAN_SUBMITTED", "dsj.qi", "f02s", late, changes={"bureau_suggestion": "纳入"}),
    Case("G-07", "第九条", "PLAN_SUBMITTED", CLERK, "f03"),
    Case("G-08", "第九条", "DRAFT", HEAD, SIGNS, to_be_rebuilt, role="unit_head", properties={"signs": "f02"}),
    Case("G-09", "第十条", "REVIEW", "dsj.cheng", "f06", role="bur_clerk"),
    Case("G-10", "第十条", "IN_LIBRARY", "dsj.lu", "f12", number=SERVICE),
    Case("G-11", "第十一条", "APPROVAL", "fgw.qin", "f08", role="drc_clerk"),
    Case("G-12", "第十二条", "IN_LIBRARY", "czj.shen", "f09"),
    Case("G-13", "第十三条", "REVIEW", "fgw.qin", "f08", role="drc_clerk"),
    Case("G-14", "第十四条", "BUDGETED", LEAD, "f12"),
    Case("G-15", "第十五条", "BUDGETED", LEAD, "f12"),
    Case("G-16", "第十六条", "PROCUREMENT", CLERK, "f13"),
    Case("G-17", "第十七条", "CONTRACTED", LEAD, "f15k"),
    Case("G-18", "第十七条", "BUILDING", CLERK, "f13", changes={"supplement_to": "XWHT-2025-T-009", "change": 1}),
    Case("G-19", "第十八条", "APPROVED", "czj.shen", "f09", other_content),
    Case("G-20", "第十八条", "APPROVED", CLERK, "f07", standing("REMOVED")),
    Case("G-21", "第十九条", "OPERATING", CLERK, "f20a", uncatalogued),
    Case("G-22", "第十九条", "APPROVED", "czj.shen", "f09", not_sharing),
    Case("G-23", "第十九条", "BUDGETED", "czj.shen", "f09", on="2026-01-05", changes={"fy": 2026}),
    Case("G-24", "第二十条", "ACCEPTANCE", LEAD, "f16m"),
    Case("G-25", "第二十条", "ACCEPTANCE", "ytxy.zheng", "f16g", role="expert"),
    Case("G-26", "第二十条", "BUILDING", CLERK, "f18", money=("验收款", "1.00")),
    Case("G-27", "第二十一条", "ACCEPTANCE", CLERK, "f16a", failed_before),
    Case("G-28", "第二十一条", "COMPLETED", CLERK, "f18", on="2026-12-31", money=("预付款", "1.00")),
    Case("G-29", "第二十二条", "OPERATING", CLERK, "f20a", without_plans),
    Case("G-30", "第二十三条", "OPERATING", CLERK, "f20a", evaluated(5000, passed=False)),
    Case("G-31", "第二十四条", "OPERATING", "czj.shen", "f09", middling,
         changes={"fy": 2027, "fund_type": "运维", "requested": 2, "suggested": 2, "arranged": 2}),
    Case("G-32", "第二十六条", "MATERIALS", HEAD, SIGNS, without_sharing, role="unit_head",
         properties={"signs": "f03"}),
    Case("G-33", "第二十七条", "COMPLETED", CLERK, "f16a", unregistered),
    Case("G-34", "第二十八条", "OPERATING", CLERK, "f20a", no_access),
    Case("G-36", "第三十一条", "BUILDING", "dsj.miao", "f26", ordered, changes={"kind": "暂缓拨付"}),
    Case("G-37", "第三十二条", "OPERATING", CLERK, "f18", audited, money=("质保金", "1.00")),
    Case("G-38", "第三十四条", "APPROVED", CLERK, "f07", standing("EXEMPT")),
    Case("M-02", "第十条", "APPROVAL", "fgw.qin", "f08", changes={"approved_total": 9999}, role="drc_clerk"),
    Case("M-01", "第二十条", "BUILDING", CLERK, "f18", money=("预付款", "99.00")),
)  # fmt: skip
NOT_ASKED = {
    "G-35": "forbids no form: a request for documents that is not answered becomes a problem item of the register",
}
"""Gates that no form can meet, each with the reason."""
ROLES = {
    "f02": "unit_clerk", "f02s": "bur_section", "f03": "unit_clerk", "f07": "unit_clerk", "f09": "fin_budget",
    "f12": "unit_lead", "f13": "unit_clerk", "f15k": "unit_lead", "f16a": "unit_clerk", "f16h": "bur_section",
    "f16m": "unit_lead", "f18": "unit_clerk", "f20a": "unit_clerk", "f26": "bur_insp",
}  # fmt: skip


def test_every_gate_is_in_the_table_or_has_its_reason() -> None:
    assert {case.gate for case in CASES} | set(NOT_ASKED) == set(GATES)


@contextmanager
def standing_at(case: Case, folder: Path) -> Iterator[Tale]:
    """Yield the tale of the project at its stage, with what the case takes away taken away."""
    stage = next(one for one in stages() if (one.number, one.state) == (case.number, case.stage))
    with copied("sqlite", str(stage.database), folder) as url, opened(url, folder, stage.now) as site:
        _take_away(site, case)
        if case.on:
            site.clock.move_to(at(case.on))
        tale = Tale(site, site.county.plan(case.number), case.number)
        tale.notes |= dict(stage.notes) | {"om_amount": "36", "om_fy": 2027, "measure": "暂缓拨付"}
        yield tale


def _take_away(site: Site, case: Case) -> None:
    with site.database.unit_of_work() as session:
        project = session.query(business.Project).filter_by(no=case.number).one()
        case.prepare(session, project)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.gate)
def test_it_refuses_whatever_is_drawn(case: Case, tmp_path: Path) -> None:
    with standing_at(case, tmp_path) as tale:
        task = shortcut.draw(tale, case.form, case.role or ROLES[case.form], **case.properties)
        if case.money[0]:
            tale.notes.setdefault("payments", {})[task.instance_id] = (case.money[0], Decimal(case.money[1]))
        if case.gate == "G-23":
            tale.notes["line_fy"] = 2026
        told = tale.is_refused(case.who, task, case.article, **case.changes)
        logged = tale.attempts()[-1]
        assert (case.spoken or case.gate) in logged["gates"]
        assert logged["form"] == case.form
        assert told.count("<h3>") == told.count("谁能办") == told.count("看条文") == len(logged["gates"])
