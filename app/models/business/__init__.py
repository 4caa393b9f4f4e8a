"""The business of the regulation: projects and everything that forms record about them."""

from __future__ import annotations

from app.models.business.acceptance import (
    AcceptanceAttempt,
    AcceptanceFiling,
    Extension,
    Participant,
    RectificationItem,
)
from app.models.business.aftercare import Asset, CloudMigration, Correction, Feedback, SecurityIncident
from app.models.business.construction import Change, Supervision, SupervisionLog
from app.models.business.funding import BudgetLine, Contract, ContractNode, Package, Payment
from app.models.business.ledger import DeadlineRow, FundHold, RefusedAttempt, Serial
from app.models.business.operation import Evaluation, OmApplication, OmPlan, ResourceItem, SystemEntry
from app.models.business.project import AnnualPlan, LibraryEntry, PlanItem, Project, ScopeVersion
from app.models.business.review import (
    Approval,
    ExpertForm,
    ExpertReplacement,
    Filing,
    Opinion,
    PanelMember,
    SharingCheck,
)
from app.models.business.sharing import SharingScore
from app.models.business.supervision import (
    AuditCase,
    DocumentRequest,
    MeasureTaken,
    NotStartedVerdict,
    Order,
    ProblemItem,
)

__all__ = [
    "AcceptanceAttempt",
    "AcceptanceFiling",
    "AnnualPlan",
    "Approval",
    "Asset",
    "AuditCase",
    "BudgetLine",
    "Change",
    "CloudMigration",
    "Contract",
    "ContractNode",
    "Correction",
    "DeadlineRow",
    "DocumentRequest",
    "Evaluation",
    "ExpertForm",
    "ExpertReplacement",
    "Extension",
    "Feedback",
    "Filing",
    "FundHold",
    "LibraryEntry",
    "MeasureTaken",
    "NotStartedVerdict",
    "OmApplication",
    "OmPlan",
    "Opinion",
    "Order",
    "Package",
    "PanelMember",
    "Participant",
    "Payment",
    "PlanItem",
    "ProblemItem",
    "Project",
    "RectificationItem",
    "RefusedAttempt",
    "ResourceItem",
    "ScopeVersion",
    "SecurityIncident",
    "Serial",
    "SharingCheck",
    "SharingScore",
    "Supervision",
    "SupervisionLog",
    "SystemEntry",
]
