"""The one vocabulary of roles: who acts for which kind of organisation, and which pairs need two persons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType


class OrganisationKind(Enum):
    """What an organisation is under the regulation."""

    UNIT = "unit"
    BUREAU = "bureau"
    DRC = "drc"
    FINANCE = "finance"
    AUDIT = "audit"
    SECURITY = "security"
    COUNTY_GOV = "county_gov"
    CITY = "city"
    COMPANY = "company"
    EMPLOYER = "employer"
    """The body that an expert works for."""
    SYSTEM = "system"


ORGANISATION_NAMES: Mapping[OrganisationKind, tuple[str, str]] = MappingProxyType(
    {
        OrganisationKind.UNIT: ("项目单位", "project unit"),
        OrganisationKind.BUREAU: ("政务服务和大数据管理局", "competent bureau"),
        OrganisationKind.DRC: ("发展改革委", "development and reform commission"),
        OrganisationKind.FINANCE: ("财政局（国资委）", "finance bureau"),
        OrganisationKind.AUDIT: ("审计局", "audit bureau"),
        OrganisationKind.SECURITY: ("安全监管部门", "security authority"),
        OrganisationKind.COUNTY_GOV: ("县政府办公室", "county government office"),
        OrganisationKind.CITY: ("市政务服务和大数据管理局", "city bureau"),
        OrganisationKind.COMPANY: ("参建和服务单位", "company"),
        OrganisationKind.EMPLOYER: ("专家所在单位", "employer of an expert"),
        OrganisationKind.SYSTEM: ("系统", "system"),
    }
)
"""Kind → its Chinese and English name."""

GOVERNMENT = frozenset(
    {
        OrganisationKind.UNIT,
        OrganisationKind.BUREAU,
        OrganisationKind.DRC,
        OrganisationKind.FINANCE,
        OrganisationKind.AUDIT,
        OrganisationKind.SECURITY,
        OrganisationKind.COUNTY_GOV,
    }
)
"""Any of these may also be a project unit (Art. 2): the bureau builds its own platforms."""


@dataclass(frozen=True)
class Role:
    """One role: the code that diagrams name, its names, and the kind of organisation for which its holder acts."""

    code: str
    zh: str
    en: str
    organisation: OrganisationKind


_UNIT, _BUREAU, _FINANCE = OrganisationKind.UNIT, OrganisationKind.BUREAU, OrganisationKind.FINANCE

_ALL = (
    Role("unit_clerk", "项目单位经办", "project unit clerk", _UNIT),
    Role("unit_lead", "项目负责人", "project lead", _UNIT),
    Role("unit_head", "项目单位负责人", "head of the project unit", _UNIT),
    Role("bur_clerk", "大数据局经办", "bureau clerk", _BUREAU),
    Role("bur_section", "大数据局股室负责人", "bureau section chief", _BUREAU),
    Role("bur_head", "大数据局领导", "head of the bureau", _BUREAU),
    Role("bur_share", "大数据局数据资源股", "bureau data-resource section", _BUREAU),
    Role("bur_insp", "大数据局监督考核股", "bureau inspection section", _BUREAU),
    Role("gov_office", "县政府办", "county government office", OrganisationKind.COUNTY_GOV),
    Role("drc_clerk", "发改委经办", "commission clerk", OrganisationKind.DRC),
    Role("drc_head", "发改委领导", "head of the commission", OrganisationKind.DRC),
    Role("fin_budget", "财政预算股", "finance budget section", _FINANCE),
    Role("fin_proc", "财政采购监管股", "finance procurement section", _FINANCE),
    Role("fin_perf", "财政绩效股", "finance performance section", _FINANCE),
    Role("fin_pay", "财政支付", "finance payment section", _FINANCE),
    Role("fin_asset", "国资管理", "state asset section", _FINANCE),
    Role("fin_head", "财政领导", "head of the finance bureau", _FINANCE),
    Role("aud_clerk", "审计经办", "audit clerk", OrganisationKind.AUDIT),
    Role("aud_head", "审计领导", "head of the audit bureau", OrganisationKind.AUDIT),
    Role("psb_officer", "公安网安", "public security officer", OrganisationKind.SECURITY),
    Role("cac_officer", "网信办", "cyberspace office", OrganisationKind.SECURITY),
    Role("sec_officer", "机要保密", "confidentiality officer", OrganisationKind.SECURITY),
    Role("expert", "专家", "expert", OrganisationKind.EMPLOYER),
    Role("sup_eng", "监理工程师", "supervising engineer", OrganisationKind.COMPANY),
    Role("builder_pm", "承建项目经理", "builder's project manager", OrganisationKind.COMPANY),
    Role("assess_user", "测评机构", "assessment body", OrganisationKind.COMPANY),
    Role("eval_user", "评价机构", "evaluation body", OrganisationKind.COMPANY),
    Role("process_owner", "流程管理员", "process owner", _BUREAU),
    Role("sys_admin", "系统管理员", "system administrator", _BUREAU),
    Role("system", "系统", "system", OrganisationKind.SYSTEM),
)

ROLES: Mapping[str, Role] = MappingProxyType({role.code: role for role in _ALL})
"""Code → role, in the order of the specification."""

PROJECT_ROLES = frozenset(ROLES) - {"process_owner", "sys_admin", "system"}
"""Roles that act on projects."""

ADMINISTRATIVE_ROLES = frozenset({"process_owner", "sys_admin"})
"""Roles that draw diagrams or keep accounts; their holders see no project content and hold no other role."""

HEADS: Mapping[OrganisationKind, str] = MappingProxyType(
    {
        OrganisationKind.UNIT: "unit_head",
        OrganisationKind.BUREAU: "bur_head",
        OrganisationKind.DRC: "drc_head",
        OrganisationKind.FINANCE: "fin_head",
        OrganisationKind.AUDIT: "aud_head",
    }
)
"""Kind of organisation → the role that a task left idle escalates to (T-25)."""


@dataclass(frozen=True)
class FourEyes:
    """Two acts that need two persons: who prepares, who signs, and on which forms (form ids)."""

    code: str
    zh: str
    en: str
    prepare: str
    sign: str
    forms: tuple[str, ...] = ()


FOUR_EYES = (
    FourEyes("plan_item", "年度计划项", "annual plan item", "unit_clerk", "unit_head", ("f02",)),
    FourEyes("review_opinion", "审核意见", "review opinion", "bur_clerk", "bur_head", ("f06",)),
    FourEyes("investment_approval", "立项批复", "investment approval", "drc_clerk", "drc_head", ("f08",)),
    FourEyes("budget_line", "预算安排", "budget line", "fin_budget", "fin_head", ("f09",)),
    FourEyes("preprocurement", "采购前核准", "pre-procurement approval", "bur_share", "bur_head", ("f11",)),
    FourEyes("change", "项目变更", "change", "bur_section", "bur_head", ("f14",)),
    FourEyes("acceptance_opinion", "验收核准意见", "acceptance approval", "bur_section", "bur_head", ("f16h",)),
    FourEyes("payment", "资金支付", "payment", "fin_pay", "fin_head", ("f18", "f18p")),
    FourEyes("hold_lifting", "人工解除冻结", "lifting a hold by hand", "bur_section", "fin_head"),
    FourEyes("sanction", "惩戒措施", "sanction", "bur_insp", "bur_head", ("f26",)),
    FourEyes("diagram_release", "流程发布", "release of a diagram", "process_owner", "bur_head"),
)
"""Pairs of acts that the same person may never do both of on one matter (specification 2.5)."""


def may_hold(role: Role, kind: OrganisationKind) -> bool:
    """Say whether somebody of an organisation of `kind` may hold `role`.

    Any public body may be a project unit (Art. 2); an expert is asked as a person, whatever body employs her.
    """
    if role.code == "expert":
        return kind is not OrganisationKind.SYSTEM
    return role.organisation is kind or (role.organisation is OrganisationKind.UNIT and kind in GOVERNMENT)


def head_of(code: str) -> str | None:
    """Return the role code to which work of the role `code` escalates; None where no head is defined.

    Raises KeyError for an unknown role.
    """
    return HEADS.get(ROLES[code].organisation)


def conflicting(codes: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of roles that one person may not hold together: an administrative role beside any other."""
    held = [code for code in ROLES if code in set(codes)]
    return tuple(
        (first, second)
        for index, first in enumerate(held)
        for second in held[index + 1 :]
        if ADMINISTRATIVE_ROLES & {first, second}
    )


def four_eyes_of(form_id: str) -> FourEyes | None:
    """Return the four-eyes pair that the form belongs to; None when one person may do it all."""
    return next((pair for pair in FOUR_EYES if form_id in pair.forms), None)
