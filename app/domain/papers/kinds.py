"""The catalogue of official papers D-01 … D-21: what each is, who issues it, on which article it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from app.domain.articles import Article


class Issuer(Enum):
    """In whose name a paper goes out; only a body that issues it has a red head."""

    BUREAU = "bureau"
    FINANCE = "finance"
    BUREAU_AND_FINANCE = "bureau_and_finance"
    PANEL = "panel"
    SYSTEM = "system"


@dataclass(frozen=True)
class PaperKind:
    """One kind of paper."""

    code: str
    zh: str
    en: str
    article: Article
    issuer: Issuer
    made_from: str
    """The form, signature or record that it is made from, in words."""
    signed: bool = True
    """Signed and kept for ever; else a table of the day, made when it is asked for."""
    number: str = ""
    """Kind of official number (app/domain/numbers.py); empty where the paper has none."""
    county_wide: bool = False
    """It belongs to a year, not to one project."""
    upward: bool = False
    """Addressed to a superior body: GB/T 9704 prints 签发人 beside the number instead of below the text."""

    @property
    def red_head(self) -> bool:
        """Whether an organisation issues it under its red head (GB/T 9704)."""
        return self.signed and self.issuer in {Issuer.BUREAU, Issuer.FINANCE, Issuer.BUREAU_AND_FINANCE}


def _kind(  # noqa: PLR0917 -- the columns of the catalogue
    code: str, zh: str, en: str, article: int, issuer: Issuer, made_from: str, **more: object
) -> PaperKind:
    return PaperKind(code, zh, en, Article(article), issuer, made_from, **more)  # type: ignore[arg-type]


_B, _S = Issuer.BUREAU, Issuer.SYSTEM
KINDS: Mapping[str, PaperKind] = MappingProxyType(
    {
        kind.code: kind
        for kind in (
            _kind("D-01", "年度计划报请文", "Submission of the annual plan", 9, _B, "F-02s 签批", number="plan",
                  county_wide=True, upward=True),
            _kind("D-02", "审核意见书", "Review opinion", 13, _B, "F-06 签批", number="review"),
            _kind("D-03", "专家评审意见表", "Opinion of the review panel", 10, Issuer.PANEL, "F-05g"),
            _kind("D-04", "行业审查意见函", "Industry opinion", 11, _B, "F-08i 签批", number="industry"),
            _kind("D-05", "购买服务资金审核意见", "Review of service funds", 10, Issuer.FINANCE, "F-09r 签批",
                  number="service_funds"),
            _kind("D-06", "采购前核准书", "Pre-procurement approval", 14, _B, "F-11 签批", number="preprocurement"),
            _kind("D-07", "年度建设计划汇总表", "Annual construction plan", 10, _S, "项目库", signed=False,
                  county_wide=True),
            _kind("D-08", "资金需求计划表", "Fund demand plan", 10, _S, "预算行", signed=False, county_wide=True),
            _kind("D-09", "变更审批表", "Approval of a change", 17, _B, "F-14 签批", number="change"),
            _kind("D-10", "验收核准意见", "Consent to acceptance", 20, _B, "F-16h 签批", number="acceptance"),
            _kind("D-11", "验收意见书", "Opinion of the acceptance panel", 20, Issuer.PANEL, "F-16g"),
            _kind("D-12", "绩效评价结果通知", "Result of the evaluation", 23, Issuer.BUREAU_AND_FINANCE,
                  "F-25e 签批", number="evaluation"),
            _kind("D-13", "整改通知书", "Order to rectify", 31, _B, "F-31", number="rectification"),
            _kind("D-14", "监督措施决定", "Decision on a measure", 31, _B, "F-26 签批", number="measure"),
            _kind("D-15", "延期及逾期未验收台账", "Extensions and overdue acceptances", 21, _S, "时限台账",
                  signed=False, county_wide=True),
            _kind("D-16", "剔除出库清单", "Removals from the library", 18, _B, "F-00c 签收", number="removal",
                  county_wide=True),
            _kind("D-17", "支付台账", "Payments", 20, _S, "合同与支付", signed=False, county_wide=True),
            _kind("D-18", "信息共享评价表", "Evaluation of information sharing", 25, _B, "F-00s 签批",
                  number="sharing", county_wide=True),
            _kind("D-19", "项目总台账", "Ledger of all projects", 5, _S, "项目", signed=False, county_wide=True),
            _kind("D-20", "项目卷宗目录", "Index of a project's archive", 30, _S, "文书与材料", signed=False),
            _kind("D-21", "报废审批表", "Approval of decommissioning", 9, _B, "F-29 签批", number="decommission"),
        )
    }
)  # fmt: skip
"""Code → kind, in the order of the specification's §7."""

EXPERTS = frozenset({"D-03", "D-11"})
"""Papers that name experts: they wait for the meeting like the experts themselves (§2.3)."""
