"""Facts of a project built by hand: one that has passed everything up to a named point, to be spoilt by a test."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from app.domain.acts import Act
from app.domain.calendar import SHANGHAI
from app.domain.facts import (
    AcceptanceAttempt,
    AcceptanceFiling,
    Approval,
    BudgetItem,
    BudgetLine,
    CatalogueEntry,
    Consent,
    Contract,
    Filing,
    OmPlans,
    Opinion,
    Package,
    Participant,
    PayNode,
    PlanItem,
    ProjectFacts,
    ScopeVersion,
    SharingCheck,
    Supervision,
    Unit,
)
from app.domain.numbers import Path
from app.domain.terms import (
    CONFORMITY_ITEMS,
    AcceptanceConclusion,
    ApprovalKind,
    FundType,
    OpinionKind,
    PayNodeKind,
)

TODAY = date(2026, 11, 23)
WAN = 1_000_000


def on(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """Return a moment of a day in Shanghai."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def an_item(**changes: object) -> PlanItem:
    """Return a plan item to which the county government has agreed."""
    item = PlanItem(
        fy=2026,
        name="智慧农业产业园数据平台",
        funding_form="政府投资",
        category="业务信息系统",
        nature="新建",
        total_fen=233 * WAN,
        fy_amount_fen=100 * WAN,
        submitted_on=date(2025, 11, 20),
        plan_due=date(2025, 12, 1),
        consent=Consent("同意", "修政〔2025〕8号", date(2025, 12, 20)),
    )
    return replace(item, **changes)  # type: ignore[arg-type]


def a_filing(**changes: object) -> Filing:
    """Return a complete filing."""
    filing = Filing(
        scope_version=1,
        materials=frozenset({"proposal", "feasibility", "design"}),
        budget_items=(BudgetItem("软件", "平台软件", 200 * WAN), BudgetItem("监理", "监理服务", 33 * WAN)),
        goals=5,
        resource_items=2,
        share_items=1,
        exchange_mode=True,
        access_plan=True,
        conformity=tuple((key, "符合") for key in CONFORMITY_ITEMS),
        mlps_level=2,
    )
    return replace(filing, **changes)  # type: ignore[arg-type]


REVIEWED = Opinion(OpinionKind.REVIEW, "通过", 1, signed_on=date(2026, 1, 30), reviewed_total_fen=233 * WAN)
INDUSTRY = Opinion(OpinionKind.INDUSTRY, "同意", 1, signed_on=date(2026, 2, 20))
ENDORSED = tuple(
    Opinion(OpinionKind.PRE_PROCUREMENT, "核准", 1, part=part, signed_on=date(2026, 4, 1))
    for part in ("exchange", "infrastructure")
)
APPROVED = Approval(ApprovalKind.DRC, "批准", 1, 233 * WAN, "修发改〔2026〕9号", date(2026, 2, 27))
NODES = (
    PayNode(1, "首付款", PayNodeKind.ADVANCE, 67_890_000),
    PayNode(2, "验收款", PayNodeKind.ACCEPTANCE, 158_410_000, after_acceptance=True),
)
CONTRACT = Contract("HT-1", "云台数科", 226_300_000, date(2026, 5, 8), package="平台", nodes=NODES)
PACKAGE = Package("平台", frozenset({"平台软件"}), 230 * WAN, "公开招标", award_fen=226_300_000, winner="云台数科")
PASSED = AcceptanceAttempt(
    number=1,
    applied_on=date(2026, 10, 1),
    designated=("e1",),
    participants=(Participant("e1", "专家", signed_in=True, designated=True),),
    consent="核准",
    conclusion=AcceptanceConclusion.PASSED,
    concluded_on=date(2026, 10, 20),
)
FILED = AcceptanceFiling(
    frozenset({"acceptance_report", "summary", "catalogue", "sharing_report"}),
    date(2026, 10, 26),
    date(2026, 11, 3),
)


def a_project(**changes: object) -> ProjectFacts:
    """Return a project of path T with review, approval, funds, both plans and a signed contract; not completed."""
    facts = ProjectFacts(
        no="XWXX-2026-T-002",
        name="智慧农业产业园数据平台",
        state="BUILDING",
        path=Path.INVESTMENT,
        unit=Unit("nyj", "修武县农业农村局"),
        today=TODAY,
        now=on(TODAY),
        item=an_item(),
        filing=a_filing(),
        scope=(ScopeVersion(1, "f1", 233 * WAN),),
        sharing=(SharingCheck(conforms=True, checked_on=date(2026, 1, 10)),),
        opinions=(REVIEWED, INDUSTRY, *ENDORSED),
        approvals=(APPROVED,),
        budget=(BudgetLine(2026, FundType.CONSTRUCTION, arranged_fen=233 * WAN, approved_on=date(2026, 3, 5)),),
        packages=(PACKAGE,),
        contracts=(CONTRACT,),
        supervision=Supervision("河朔信息监理", date(2026, 5, 12)),
        start_order_on=date(2026, 5, 20),
        lead="许保国",
        lead_of_unit=True,
        management_rules=True,
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


def an_operating_project(**changes: object) -> ProjectFacts:
    """Return a project that was accepted, is in the catalogue and has its four O&M plans."""
    facts = a_project(
        state="OPERATING",
        completed_on=date(2026, 6, 30),
        acceptance_due=date(2026, 12, 30),
        attempts=(PASSED,),
        acceptance_filing=FILED,
        online_on=date(2026, 10, 21),
        catalogue=CatalogueEntry("XWXT-0001", "active", "云台数科"),
        om_plans=OmPlans(
            tuple((kind, date(2026, 11, 1)) for kind in ("quality", "operation", "security", "emergency"))
        ),
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


def act(form_id: str, **changes: object) -> Act:
    """Return an attempt to record a form."""
    return replace(Act(form_id, by="somebody"), **changes)  # type: ignore[arg-type]
