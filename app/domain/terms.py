"""The closed lists of words that the regulation and its forms use: named in English, stored as the forms write them."""

from __future__ import annotations

from enum import StrEnum


class FundingForm(StrEnum):
    """How a project is paid (第二条)."""

    INVESTMENT = "政府投资"
    JOINT = "政企联合建设"
    SERVICE = "购买服务"
    OM = "需政府资金运维"


class Category(StrEnum):
    """What kind of system it is (第二条)."""

    NETWORK = "统一电子政务网络"
    BUSINESS = "业务信息系统"
    DATABASE = "数据资源库"
    DATA_PLATFORM = "数据管理平台"
    SECURITY = "信息安全基础设施"
    INFRASTRUCTURE = "电子政务基础设施"
    OTHER = "其他"


class Nature(StrEnum):
    """What is done to the system (第九条)."""

    NEW = "新建"
    REBUILD = "改建"
    EXTEND = "扩建"
    OM = "运维"
    SERVICE = "购买服务"
    SCRAP = "报废"


class FundType(StrEnum):
    """What a budget line or a payment pays for."""

    CONSTRUCTION = "建设"
    OM = "运维"
    SERVICE = "购买服务"
    SETTLEMENT = "结算"
    """Settlement of a terminated project; the only payment that H-TERM leaves open."""


class Conclusion(StrEnum):
    """A review's conclusion (F-06, D-02)."""

    PASSED = "通过"
    PASSED_REVISED = "修改后通过"
    FAILED = "不通过"


class OpinionKind(StrEnum):
    """The five opinions of the bureau and the two of others that bind a scope version."""

    REVIEW = "review"
    """审核意见, the precondition of approval and funds (第五条, 第十二条, 第十三条)."""
    INDUSTRY = "industry"
    """行业审查意见, which the DRC asks for while it assesses (第十一条)."""
    PRE_PROCUREMENT = "preprocurement"
    """采购前核准 (第十四条)."""
    ACCEPTANCE = "acceptance"
    """验收核准意见 (第二十条)."""
    CHANGE = "change"
    """变更审查意见 (第十七条)."""


class ApprovalKind(StrEnum):
    """Who approved which amount."""

    DRC = "drc"
    """立项批复 (第十一条)."""
    SERVICE_FUNDS = "service_funds"
    """购买服务资金审核, finance (第十条第二款)."""
    JOINT = "joint"
    """联合建设核准, no public money [C]."""


class Action(StrEnum):
    """The columns of the matrix of holds (specification §4.4)."""

    FILE = "申报"
    REVIEW = "审核"
    ARRANGE = "安排"
    DISBURSE = "拨付"
    BUILD = "建设"
    OTHER = "其他"


class Result(StrEnum):
    """What a head answers when signing, or the county government on an item."""

    AGREED = "同意"
    RETURNED = "退回"
    REFUSED = "不同意"
    POSTPONED = "暂缓"


class DrcDecision(StrEnum):
    """The DRC's decision on an investment project (F-08)."""

    APPROVED = "批准"
    RETURNED = "退回补充"
    REFUSED = "不予批准"


class IndustryOpinion(StrEnum):
    """The bureau's answer to the DRC (F-08i)."""

    AGREED = "同意"
    CONDITIONAL = "有条件"
    REFUSED = "不同意"


class Endorsement(StrEnum):
    """核准, used before procurement (F-11) and before acceptance (F-16h)."""

    ENDORSED = "核准"
    RETURNED = "退回"
    REFUSED = "不予核准"


class AcceptanceConclusion(StrEnum):
    """The panel's conclusion at acceptance (D-11)."""

    PASSED = "通过"
    FAILED = "不合格"


class Conformity(StrEnum):
    """符合 or not, item by item."""

    YES = "符合"
    NO = "不符合"


class Measure(StrEnum):
    """The ladder of 第三十一条, mildest first."""

    NONE = "不采取措施"
    CRITICISM = "通报批评"
    WITHHOLD = "暂缓拨付"
    SUSPEND = "暂停建设"
    TERMINATE = "终止"


class PayNodeKind(StrEnum):
    """What a contract's payment node is tied to."""

    ADVANCE = "预付"
    PROGRESS = "进度"
    ACCEPTANCE = "验收"
    WARRANTY = "质保"


class BudgetLineKind(StrEnum):
    """Cost categories of the filing's budget table (F-03)."""

    SOFTWARE = "软件"
    HARDWARE = "硬件"
    CLOUD = "云"
    NETWORK = "网络"
    SECURITY = "安全"
    SUPERVISION = "监理"
    ASSESSMENT = "测评"
    INTEGRATION = "集成"
    MACHINE_ROOM = "机房"
    PRIVATE_NETWORK = "专网"
    OTHER = "其他"


SIX_CONTENTS = {
    "necessity": "必要性",
    "demand": "需求合理性",
    "solution": "建设方案",
    "sharing": "资源共享方案",
    "budget": "项目预算",
    "performance": "绩效目标",
}
"""Key in F-05e → what experts judge (第十条)."""

CONFORMITY_ITEMS = {
    "conform_informatization": "全县信息化规划",
    "conform_digital_government": "数字政府",
    "conform_smart_city": "智慧城市",
    "conform_digital_economy": "数字经济",
    "conform_cloud": "依托政务云",
    "conform_network": "依托电子政务网",
    "conform_reuse": "利用现有设施不重复建设",
    "conform_platform": "接入大数据平台并共享",
}
"""Key in F-03 → conformity item (第三条, 第四条)."""

PANEL_PASSED = frozenset({Conclusion.PASSED, Conclusion.PASSED_REVISED})
NEEDS_ASSESSMENT = frozenset({Nature.REBUILD, Nature.EXTEND, Nature.SCRAP})
"""Natures that need a 系统测评 by a professional body (第九条)."""
BUILDS = frozenset({Nature.NEW, Nature.REBUILD, Nature.EXTEND})
UPGRADES = frozenset({Nature.REBUILD, Nature.EXTEND})
