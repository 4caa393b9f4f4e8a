"""Everything that gates and holds may know about one project, read once and never changed.

Amounts are whole 分, days are dates in Asia/Shanghai, `now` is aware.
A section that has not happened yet is None or empty.
`app/services/facts.py` reads them from the database; tests build them by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from app.domain.numbers import Path
from app.domain.parameters import Parameters
from app.domain.sharing_scores import UnitScore
from app.domain.terms import (
    AcceptanceConclusion,
    ApprovalKind,
    FundType,
    Nature,
    OpinionKind,
    PayNodeKind,
)


@dataclass(frozen=True)
class Unit:
    """The project unit (第二条): whether it may file at all, and whether it is the bureau itself (COI-08)."""

    code: str
    name: str
    eligible: bool = True
    is_bureau: bool = False


@dataclass(frozen=True)
class Assessment:
    """A 系统测评 report (第九条); what the form did not ask stays empty."""

    assessor: str = ""
    reported_on: date | None = None


@dataclass(frozen=True)
class Consent:
    """The county government's answer on a plan item (F-02g)."""

    result: str
    doc_no: str
    decided_on: date | None


@dataclass(frozen=True)
class OtherRule:
    """A 另有规定 document (第三十四条) that would permit a room or a private network, and who confirmed it."""

    document: str
    confirmed_by_head: bool = False


@dataclass(frozen=True)
class PlanItem:
    """One item of the annual plan as filed with F-02."""

    fy: int
    name: str
    funding_form: str
    category: str
    nature: str
    total_fen: int
    fy_amount_fen: int = 0
    sources_fen: tuple[int, ...] = ()
    category_reason: str = ""
    parent_system: str = ""
    uses_cloud: bool = True
    uses_gov_net: bool = True
    has_room: bool = False
    has_private_net: bool = False
    assessment: Assessment | None = None
    other_rule: OtherRule | None = None
    submitted_on: date | None = None
    plan_due: date | None = None
    late_reason: str = ""
    supplement_approved_by: str = ""
    """The bureau head who let a late or supplementary item join (第九条, G-06)."""
    consent: Consent | None = None
    predecessor: str = ""
    """The number of the removed project that is filed anew (第十八条)."""

    @property
    def late(self) -> bool:
        """Whether it was filed after the plan deadline of its year (T-01)."""
        return self.plan_due is not None and self.submitted_on is not None and self.submitted_on > self.plan_due


@dataclass(frozen=True)
class BudgetItem:
    """One line of the filing's cost table (F-03); `amount_fen` = quantity × price."""

    kind: str
    name: str
    amount_fen: int


@dataclass(frozen=True)
class Filing:
    """The filing F-03: the five materials, the sharing chapter of 第二十六条 and the conformity checklist."""

    scope_version: int
    materials: frozenset[str] = frozenset()
    """Keys of the attachments that are there: proposal, feasibility, design …"""
    budget_items: tuple[BudgetItem, ...] = ()
    goals: int = 0
    resource_items: int = 0
    share_items: int = 0
    no_data_agreed: bool = False
    """The sharing section agreed that the project has no data resources."""
    exchange_mode: bool = False
    access_plan: bool = False
    conformity: tuple[tuple[str, str], ...] = ()
    mlps_level: int = 0
    crypto_required: bool = False
    signed_on: date | None = None


@dataclass(frozen=True)
class SharingCheck:
    """A check of 共建 (cloud, network, reuse) and 共享 (F-04s, F-16s or a re-check); the latest counts."""

    conforms: bool
    checked_on: date
    reason: str = ""


@dataclass(frozen=True)
class ScopeVersion:
    """A numbered version of objective, main content and total; a change (P-08) or a new filing makes the next one."""

    number: int
    fingerprint: str
    total_fen: int
    by_change: bool = False
    objective_changed: bool = False
    interface_changed: bool = False
    infrastructure_changed: bool = False


@dataclass(frozen=True)
class Opinion:
    """An opinion of the bureau or of another, bound to one scope version; it counts once it is signed."""

    kind: OpinionKind
    conclusion: str
    scope_version: int
    part: str = ""
    """For 采购前核准: exchange or infrastructure. For 验收核准意见: the attempt."""
    doc_no: str = ""
    signed_on: date | None = None
    drafted_by: str = ""
    signed_by: str = ""
    reviewed_total_fen: int | None = None
    countersigned: bool = False
    """By the county government office, where the bureau itself is the project unit (COI-08)."""


@dataclass(frozen=True)
class Approval:
    """An approval with an amount: the DRC's (T), finance's of service funds (G) or the bureau's of a joint project."""

    kind: ApprovalKind
    decision: str
    scope_version: int
    amount_fen: int
    doc_no: str = ""
    decided_on: date | None = None


@dataclass(frozen=True)
class ExpertForm:
    """One expert's form F-05e: the six contents with score and comment, in the order of 第十条."""

    expert: str
    scores: tuple[int | None, ...]
    comments: tuple[str, ...]
    conclusion: str = ""


@dataclass(frozen=True)
class Tie:
    """What binds an expert to a body: employment, a share, or pay; `until` is None while it lasts."""

    organisation: str
    kind: str
    until: date | None = None
    parent: str = ""
    """The body to which that one is subordinate."""


@dataclass(frozen=True)
class PanelMember:
    """A person on a panel; what COI-01 … COI-10 ask is recorded when she is drawn."""

    person: str
    name: str = ""
    employer: str = ""
    employer_parent: str = ""
    """The body to which her employer is subordinate."""
    ties: tuple[Tie, ...] = ()
    """Where she worked before, what she holds, who paid her."""
    leader: bool = False
    interest_declared: bool | None = None
    nominated_by: str = ""


@dataclass(frozen=True)
class Panel:
    """A panel of experts for review or evaluation."""

    members: tuple[PanelMember, ...] = ()
    forms: tuple[ExpertForm, ...] = ()
    countersigned_by_county: bool = False


@dataclass(frozen=True)
class BudgetLine:
    """A budget line of one fiscal year and fund type (F-09); `arranged_fen` counts once `approved_on` is there."""

    fy: int
    fund_type: FundType
    requested_fen: int = 0
    suggested_fen: int | None = None
    arranged_fen: int | None = None
    carried_fen: int = 0
    approved_on: date | None = None


@dataclass(frozen=True)
class Package:
    """A procurement package (F-12), its award (F-12r)."""

    name: str
    content: frozenset[str]
    budget_fen: int
    method: str
    award_fen: int | None = None
    winner: str = ""
    agency: str = ""
    bidders: tuple[str, ...] = ()


@dataclass(frozen=True)
class PayNode:
    """A payment node of a contract (F-13)."""

    id: int
    name: str
    kind: PayNodeKind
    amount_fen: int
    after_acceptance: bool = False
    fund_type: FundType = FundType.CONSTRUCTION
    relies_on_change: int | None = None


@dataclass(frozen=True)
class Contract:
    """A contract or a supplement of one (`supplement_to` = number of the original)."""

    no: str
    supplier: str
    amount_fen: int
    signed_on: date | None
    package: str = ""
    nodes: tuple[PayNode, ...] = ()
    supplement_to: str = ""
    change: int | None = None
    start_on: date | None = None
    end_on: date | None = None
    is_sme: bool = False
    """The supplier is a small or medium enterprise (国务院令第802号)."""


@dataclass(frozen=True)
class Payment:
    """A payment (F-18): requested, signed, paid."""

    contract_no: str
    node_id: int
    amount_fen: int
    fy: int
    fund_type: FundType
    status: str = "paid"
    """requested, signed, paid or refused; all but refused count against the contract."""
    paid_on: date | None = None


@dataclass(frozen=True)
class Affiliation:
    """What binds two companies: a share in percent, or (None) one legal representative or one a part of the other."""

    company: str
    percent: int | None = None


@dataclass(frozen=True)
class Supervision:
    """The supervision contract (F-13s)."""

    supervisor: str
    signed_on: date | None
    evidence: bool = True
    affiliates: tuple[Affiliation, ...] = ()
    """Companies that it is known to be bound to (COI-04)."""
    unaffiliated_declared: bool = True
    declared_percent: int | None = None
    """The share that was declared where the only tie is a share; None for any other tie."""


@dataclass(frozen=True)
class Change:
    """A change (F-14 … D-09)."""

    number: int
    delta_fen: int
    objective_changed: bool = False
    main_module_changed: bool = False
    status: str = "submitted"
    """submitted, agreed, refused or filed (an ordinary change needs no consent)."""
    followed_up: bool = False
    """DRC re-approval (T) or finance's consent (G) and the source of funds are recorded."""

    @property
    def major(self) -> bool:
        """Whether it is 较大变更: any more investment, another objective or main module (第十七条 [C])."""
        return self.delta_fen > 0 or self.objective_changed or self.main_module_changed


@dataclass(frozen=True)
class Participant:
    """A person at the acceptance meeting; `designated` when the bureau designated her as expert (F-05z)."""

    person: str
    role: str
    signed_in: bool = False
    designated: bool = False


@dataclass(frozen=True)
class RectificationItem:
    """One item to be rectified; closed when confirmed."""

    number: int
    problem: str
    done_on: date | None = None
    confirmed: bool = False


@dataclass(frozen=True)
class AcceptanceAttempt:
    """One acceptance: application, meeting, conclusion, rectification."""

    number: int
    applied_on: date | None = None
    designated: tuple[str, ...] = ()
    participants: tuple[Participant, ...] = ()
    consent: str = ""
    """The bureau's 验收核准意见 for this attempt: 核准, 不予核准 or empty."""
    conclusion: AcceptanceConclusion | None = None
    concluded_on: date | None = None
    items: tuple[RectificationItem, ...] = ()
    rectify_due: date | None = None
    third_allowed_by: str = ""


@dataclass(frozen=True)
class AcceptanceFiling:
    """The four materials of 第二十条 and the bureau's confirmation."""

    materials: frozenset[str]
    filed_on: date
    deemed_confirmed_from: date
    """The first day on which silence counts as confirmation: the day after five working days [C]."""
    confirmed_on: date | None = None
    returned: bool = False


@dataclass(frozen=True)
class Extension:
    """A registered report of delay (第二十一条); `effective_due` = the new date, moved to a working day."""

    filed_on: date
    new_date: date
    effective_due: date
    registered: bool = True


@dataclass(frozen=True)
class CatalogueEntry:
    """The project's entry in the 政务信息系统目录."""

    code: str
    status: str
    """draft, active or cancelled."""
    builder: str = ""
    operator: str = ""
    checked: bool = True
    """The sharing section has found it right; an active entry was."""


@dataclass(frozen=True)
class ResourceItem:
    """An information resource item (F-23)."""

    name: str
    platform_no: str = ""


@dataclass(frozen=True)
class OmPlans:
    """The four plans of 第二十二条: kind → day of filing of the accepted version."""

    filed: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True)
class OmApplication:
    """A yearly application for O&M funds (F-20a)."""

    fy: int
    amount_fen: int
    status: str = "submitted"


@dataclass(frozen=True)
class Evaluation:
    """A one-year evaluation (第二十三条); scores are whole hundredths of a point."""

    signed_on: date | None
    total_centi: int
    share_centi: int
    share_weight: int = 30
    passed: bool = True
    rectified_on: date | None = None


@dataclass(frozen=True)
class SystemStanding:
    """What another system means for this item: the parent system that is to be rebuilt, extended or operated."""

    code: str
    project_no: str = ""
    builder: str = ""
    operator: str = ""
    evaluation_blocks: bool = False
    evaluated_on: date | None = None
    status: str = ""
    """Its entry in the catalogue of systems: draft, active, cancelled."""


@dataclass(frozen=True)
class Order:
    """A rectification order (D-13, 第三十一条)."""

    number: str
    issued_on: date
    due: date
    rechecked: bool | None = None
    """None: not re-checked yet; False: still failing."""
    closed_on: date | None = None


@dataclass(frozen=True)
class MeasureTaken:
    """A measure of 第三十一条 that was decided."""

    kind: str
    decided_on: date
    order: str = ""
    lifted_on: date | None = None


@dataclass(frozen=True)
class MeasureProposed:
    """A measure that is proposed and not decided, and whether the unit has been heard (陈述申辩)."""

    kind: str
    order: str
    statement_due: date | None = None
    """The last day for the unit's statement."""
    stated_on: date | None = None


@dataclass(frozen=True)
class AuditCase:
    """An audit of the annual plan (第三十二条)."""

    number: str
    passed: bool | None = None
    rectify_due: date | None = None
    confirmed_on: date | None = None


@dataclass(frozen=True)
class DocumentRequest:
    """A request for documents (F-21, 第三十条)."""

    number: str
    due: date
    answered_on: date | None = None
    refused: bool = False


@dataclass(frozen=True)
class NotStartedVerdict:
    """What bureau and finance said about a project that did not start in `fy` (F-28); both must accept."""

    fy: int
    bureau_accepts: bool | None = None
    finance_accepts: bool | None = None

    @property
    def accepted(self) -> bool:
        """Whether both accept the reason (第十九条第四项: 无充分理由)."""
        return self.bureau_accepts is True and self.finance_accepts is True


@dataclass(frozen=True)
class LibraryEntry:
    """The project's entry in the library (第十八条); only closed fiscal years count for `streak_closed`."""

    entered_fy: int
    streak_closed: int = 0
    status: str = "在库"
    reviewed_fingerprint: str = ""
    closed_fys: tuple[int, ...] = ()


@dataclass(frozen=True)
class Deadline:
    """A row of the ledger; overdue from `fires_at`, which is 00:00 of the day after `due`."""

    kind: str
    subject: str
    start: date
    due: date
    fires_at: datetime
    provisional: bool = False
    status: str = "open"


@dataclass(frozen=True)
class ProjectFacts:
    """One project as the regulation sees it at `now`."""

    no: str
    state: str
    path: Path
    unit: Unit
    today: date
    now: datetime
    parameters: Parameters = field(default_factory=Parameters)
    name: str = ""
    nature: str = Nature.NEW
    category: str = ""
    is_major: bool = False
    scope_version: int = 1
    lead: str = ""
    lead_of_unit: bool = False
    """The lead is employed by the unit (第十五条)."""
    management_rules: bool = False
    item: PlanItem | None = None
    filing: Filing | None = None
    scope: tuple[ScopeVersion, ...] = ()
    sharing: tuple[SharingCheck, ...] = ()
    panel: Panel | None = None
    opinions: tuple[Opinion, ...] = ()
    approvals: tuple[Approval, ...] = ()
    budget: tuple[BudgetLine, ...] = ()
    packages: tuple[Package, ...] = ()
    contracts: tuple[Contract, ...] = ()
    payments: tuple[Payment, ...] = ()
    supervision: Supervision | None = None
    designers: frozenset[str] = frozenset()
    start_order_on: date | None = None
    service_start_on: date | None = None
    changes: tuple[Change, ...] = ()
    completed_on: date | None = None
    acceptance_due: date | None = None
    """The due day as it follows from the completion date, before any extension (T-10)."""
    extensions: tuple[Extension, ...] = ()
    attempts: tuple[AcceptanceAttempt, ...] = ()
    access_no: str = ""
    access_verified: bool = False
    access_failed: bool = False
    acceptance_filing: AcceptanceFiling | None = None
    online_on: date | None = None
    catalogue: CatalogueEntry | None = None
    resources: tuple[ResourceItem, ...] = ()
    om_plans: OmPlans = field(default_factory=OmPlans)
    om_applications: tuple[OmApplication, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    parent: SystemStanding | None = None
    orders: tuple[Order, ...] = ()
    measures: tuple[MeasureTaken, ...] = ()
    unit_sharing: UnitScore | None = None
    """The newest signed score of the unit's sharing (第二十五条)."""
    proposed: MeasureProposed | None = None
    """The newest measure that waits for its signatures."""
    audits: tuple[AuditCase, ...] = ()
    document_requests: tuple[DocumentRequest, ...] = ()
    not_started: tuple[NotStartedVerdict, ...] = ()
    library: LibraryEntry | None = None
    deadlines: tuple[Deadline, ...] = ()
    lifted_by_hand: frozenset[tuple[str, str]] = frozenset()
    """(code, cause) of holds that bureau and finance lifted with two signatures (specification §2.5)."""
