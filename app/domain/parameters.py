"""The values that the regulation leaves open ([C]): each with its unit, its reason and the article it fills in.

Process owners edit them; a changed value is a row of `app/models/business` that replaces the default of its key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import TypeVar

from app.domain.articles import Article

Value = TypeVar("Value", bool, int, str)


def open_value(default: Value, label: str, reason: str, article: int, unit: str = "") -> Value:
    """Declare a field of `Parameters`: its default, Chinese label, reason, article and unit (days, 分, % …)."""
    note = Note(label=label, reason=reason, article=Article(article), unit=unit)
    declared: Value = field(default=default, metadata={"note": note})
    return declared


@dataclass(frozen=True)
class Note:
    """What a person is told about a parameter."""

    label: str
    reason: str
    article: Article
    unit: str = ""


@dataclass(frozen=True)
class Parameters:
    """All open values in force. Amounts 分, periods in days or working days as the unit says."""

    effective_date: str = open_value("2021-06-01", "施行日期", "办法自发布之日起施行，文本未载明日期。", 36, "日期")
    major_threshold_fen: int = open_value(400_000_000, "重大项目金额", "办法未规定“重大”的标准。", 6, "分")
    service_panel_threshold_fen: int = open_value(
        50_000_000, "购买服务项目免专家组的金额上限", "第十条第二款只要求审查并出具意见。", 10, "分"
    )
    panel_minimum: int = open_value(3, "专家组最少人数", "奇数便于形成结论。", 10, "人")
    expert_comment_minimum: int = open_value(10, "专家意见最少字数", "意见应当说明理由。", 10, "字")
    assessment_age_months: int = open_value(12, "测评报告有效期", "测评应当反映系统现状。", 9, "月")
    om_plan_age_months: int = open_value(12, "运维方案有效期", "方案应当与系统现状一致。", 22, "月")
    cooling_off_years: int = open_value(3, "专家任职回避年限", "曾任职单位的项目应当回避。", 10, "年")
    supplement_limit_percent: int = open_value(
        10, "补充合同上限", "政府采购法第四十九条：不超过原合同的百分之十。", 17, "%"
    )
    extensions_at_most: int = open_value(2, "延期报告次数上限", "不设上限，逾期规则就会落空。", 21, "次")
    extension_days_at_most: int = open_value(180, "延期累计天数上限", "不设上限，逾期规则就会落空。", 21, "日")
    evaluation_pass_points: int = open_value(60, "评价达标分数", "办法未规定达标标准。", 23, "分数")
    evaluation_share_percent: int = open_value(60, "共享部分达标比例", "共享是评价的重要依据。", 23, "%")
    acceptance_hold_blocks_payment: bool = open_value(
        default=True, label="逾期未验收时停止拨付", reason="办法说不安排后续资金，未说已签合同的付款。", article=21
    )
    catalogue_hold_blocks_application: bool = open_value(
        default=True, label="未入目录时不得申报运维", reason="不安排运维经费的，申报也无意义。", article=19
    )
    acceptance_attempts_free: int = open_value(2, "无须批准的验收次数", "再次不合格后由大数据局领导决定。", 21, "次")
    trial_operation_required: bool = open_value(
        default=False, label="验收前须初步验收和试运行", reason="上级规定要求时开启。", article=20
    )
    not_started_counts_as_unfunded: bool = open_value(
        default=True, label="未开工不再安排的年度计入连续未安排", reason="当年资金实际未使用。", article=18
    )
    materials_days: int = open_value(30, "编制申报材料期限", "县政府同意后一个月内。", 9, "日")
    county_consent_working_days: int = open_value(20, "县政府研究期限", "仅用于提醒。", 9, "工作日")
    expert_working_days: int = open_value(5, "专家填表期限", "仅用于提醒。", 10, "工作日")
    correction_working_days: int = open_value(5, "补正期限", "仅用于提醒。", 9, "工作日")
    revision_working_days: int = open_value(10, "修改后通过的修改期限", "仅用于提醒。", 10, "工作日")
    review_opinion_working_days: int = open_value(5, "审核意见出具期限", "仅用于提醒。", 10, "工作日")
    industry_opinion_working_days: int = open_value(
        7, "行业审查意见期限", "办法未规定期限；逾期不视为同意。", 11, "工作日"
    )
    pre_procurement_working_days: int = open_value(5, "采购前核准期限", "办法未规定期限。", 14, "工作日")
    change_working_days: int = open_value(7, "变更审查期限", "办法未规定期限。", 17, "工作日")
    rectification_days: int = open_value(30, "验收整改默认期限", "办法只说限期整改。", 21, "日")
    rectification_days_at_most: int = open_value(90, "验收整改最长期限", "办法只说限期整改。", 21, "日")
    acceptance_filing_working_days: int = open_value(15, "验收材料报送期限", "办法未规定期限。", 20, "工作日")
    filing_confirmation_working_days: int = open_value(
        5, "验收材料确认期限", "逾期未确认视为确认，不因此拖延付款。", 20, "工作日"
    )
    registration_working_days: int = open_value(5, "延期报告登记期限", "办法未规定期限。", 21, "工作日")
    evaluation_months: int = open_value(3, "评价完成期限", "满一年后三个月内完成。", 23, "月")
    evaluation_report_working_days: int = open_value(15, "单位自评期限", "办法未规定期限。", 23, "工作日")
    evaluation_rectification_days: int = open_value(60, "评价整改期限", "办法未规定期限。", 23, "日")
    order_working_days: int = open_value(15, "整改通知默认期限", "办法只说限期整改。", 31, "工作日")
    statement_working_days: int = open_value(5, "陈述申辩期限", "采取措施前听取意见。", 31, "工作日")
    audit_rectification_days: int = open_value(60, "审计整改期限", "办法未规定期限。", 32, "日")
    documents_working_days: int = open_value(5, "调阅答复期限", "办法未规定期限。", 30, "工作日")
    payment_days: int = open_value(30, "付款期限", "保障中小企业款项支付条例：30日。", 20, "日")
    not_started_answer_working_days: int = open_value(10, "未开工说明期限", "办法未规定期限。", 19, "工作日")


def notes() -> Mapping[str, Note]:
    """Return key → note of every parameter, in the order of the class."""
    return {item.name: item.metadata["note"] for item in fields(Parameters)}


def with_changes(changes: Mapping[str, str]) -> Parameters:
    """Return the parameters with the edited values (as text) of `changes`.

    Raises KeyError for an unknown key and ValueError for a text that is no value of that parameter's type.
    """
    defaults = Parameters()
    values: dict[str, bool | int | str] = {}
    for key, text in changes.items():
        if key not in notes():
            raise KeyError(key)
        values[key] = _typed(getattr(defaults, key), text)
    return replace(defaults, **values)  # type: ignore[arg-type]


def effective_date(parameters: Parameters) -> date:
    """Return the day since which the regulation is in force (第三十六条; the text gives none)."""
    return date.fromisoformat(parameters.effective_date)


def _typed(default: bool | int | str, text: str) -> bool | int | str:
    if isinstance(default, bool):
        if text not in {"true", "false"}:
            raise ValueError(text)
        return text == "true"
    if isinstance(default, int):
        return int(text)
    date.fromisoformat(text)
    return text
