"""The values that the regulation leaves open ([C]): each with its unit, its reason and the article it fills in.

One person proposes another value and the bureau's head puts it in force (`app/services/parameters.py`); which value
holds on a day is decided in `app/domain/parameter_values.py`. Readings without a value are in `app/domain/readings.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from app.domain.articles import Article

Value = TypeVar("Value", bool, int, str)


RANGES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "日": (1, 730),
        "工作日": (1, 250),
        "月": (1, 120),
        "年": (0, 100),
        "%": (0, 100),
        "人": (1, 99),
        "字": (0, 1000),
        "次": (1, 50),
        "分数": (0, 100),
        "分": (0, 10**13),
    }
)
"""Unit → the least and the most that a value of it may be, unless its declaration says otherwise."""


def open_value(
    default: Value, label: str, reason: str, article: int, unit: str = "", *, limits: tuple[int, int] | None = None
) -> Value:
    """Declare a field of `Parameters`: its default, Chinese label, reason, article, unit (days, 分, % …) and limits."""
    limits = limits or RANGES.get(unit)
    note = Note(label=label, reason=reason, article=Article(article), unit=unit, limits=limits)
    declared: Value = field(default=default, metadata={"note": note})
    return declared


@dataclass(frozen=True)
class Note:
    """What a person is told about a parameter."""

    label: str
    reason: str
    article: Article
    unit: str = ""
    limits: tuple[int, int] | None = None
    """The least and the most that a whole number may be."""


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
    outside_units_eligible: bool = open_value(
        default=False, label="政府部门以外的单位可以申报",
        reason="第二条只列政府部门和授权的事业单位、社会组织；党委、人大、政协、法院、检察院和乡镇默认不在范围内。",
        article=2,
    )  # fmt: skip
    plan_date_rolls: bool = open_value(
        default=True, label="报送期限遇休息日顺延", reason="“11月底前”是日期而非期间，受理时比照期间顺延。", article=9
    )
    late_items_may_join: bool = open_value(
        default=True, label="逾期项目经批准可以增补", reason="办法规定动态申报，未说逾期的一律不收。", article=9
    )
    panel_must_be_odd: bool = open_value(
        default=True, label="专家组人数须为单数", reason="奇数便于形成结论。", article=10
    )
    reviewer_may_accept_alone: bool = open_value(
        default=False, label="评审专家可以单独参加验收", reason="同一人先后评审和验收，不宜没有他人在场。", article=20
    )
    conflict_years_panel: int = open_value(
        3, "取得报酬或者持股的回避年限", "近年取得投标、承建、监理单位报酬的，应当回避。", 10, "年", limits=(0, 20)
    )
    affiliation_percent: int = open_value(
        25, "监理与承建单位关联的持股比例", "超过这一比例的视为关联。", 17, "%", limits=(1, 100)
    )
    bureau_projects_countersigned: bool = open_value(
        default=True, label="主管部门自建项目由县政府办会签", reason="主管部门不宜自己审核自己的项目。", article=10
    )
    services_supervised: bool = open_value(
        default=False, label="购买服务项目也须工程监理", reason="“工程”理解为不含单纯的服务。", article=17
    )
    estimate_excess_percent: int = open_value(
        10, "批复概算超过审核数的上限", "政府投资条例：超过百分之十的，可以要求重新报送可研。", 11, "%"
    )
    changed_alternate_reviewed_again: bool = open_value(
        default=True, label="内容改变的备选项目须重新审核", reason="第十八条免除的是重复审核，不是对新内容的审核。",
        article=18,
    )  # fmt: skip
    entry_year_counts: bool = open_value(
        default=True,
        label="入库当年计入连续未安排",
        reason="列入当年资金需求计划而未安排的，当年即算一年。",
        article=18,
    )
    contract_counts_as_start: bool = open_value(
        default=True, label="已签合同视为开展建设", reason="办法未规定开展建设的标志；另一标志是开工令。", article=19
    )
    raise_after_poor_result_needs_reason: bool = open_value(
        default=True, label="评价为中或差时增加预算须说明理由", reason="评价结果是安排预算的重要依据。", article=24
    )
    measures_cosigned: bool = open_value(
        default=True, label="暂停、终止须财政和发改会签", reason="涉及资金和立项的措施由有关部门共同决定。", article=31
    )
    document_retention_years: int = open_value(
        30, "项目资料保存年限", "办法要求妥善保存，未规定年限。", 30, "年", limits=(10, 100)
    )
    expert_access_days: int = open_value(30, "专家查阅材料的期限", "评审结束后不再需要查阅。", 10, "日")
    feedback_working_days: int = open_value(10, "共享使用反馈的答复期限", "办法未规定期限。", 27, "工作日")
    missed_updates_to_problem: int = open_value(2, "漏更新几次列入问题台账", "办法要求实时更新。", 27, "次")
    yearly_evaluation: bool = open_value(
        default=False, label="满一年评价后每年再评", reason="办法只要求满一年后评价一次。", article=23
    )
    weight_operation: int = open_value(
        30, "评价权重：项目运行", "三部分合计一百，其余为目标绩效。", 23, "分数", limits=(1, 98)
    )
    weight_sharing: int = open_value(
        30, "评价权重：数据共享", "三部分合计一百，其余为目标绩效。", 23, "分数", limits=(1, 98)
    )
    band_excellent: int = open_value(90, "评价为优的最低分", "分档便于比较。", 23, "分数")
    band_good: int = open_value(80, "评价为良的最低分", "分档便于比较。", 23, "分数")
    band_fair: int = open_value(60, "评价为中的最低分", "分档便于比较。", 23, "分数")
    sharing_pass_points: int = open_value(60, "单位共享评价达标分数", "办法要求建立评价机制，未规定标准。", 25, "分数")
    low_sharing_holds_unit: bool = open_value(
        default=False, label="共享评价不达标的单位暂缓新项目", reason="办法针对项目，未说及整个单位。", article=25
    )
    idle_working_days: int = open_value(5, "任务停留提醒", "仅用于提醒。", 15, "工作日")
    idle_escalation_working_days: int = open_value(10, "任务停留上报负责人", "仅用于提醒。", 15, "工作日")
    substitution_days_at_most: int = open_value(
        90, "一次代理的最长天数", "办法未说缺岗怎么办；离岗更久的，应当交接。", 15, "日"
    )
    single_source_notice_working_days: int = open_value(
        5, "单一来源公示期", "政府采购非招标采购方式管理办法。", 16, "工作日"
    )
    contract_days: int = open_value(30, "签订合同期限", "政府采购法第四十六条。", 16, "日")
    contract_notice_working_days: int = open_value(2, "合同公告期限", "政府采购法实施条例第五十条。", 16, "工作日")
    contract_filing_working_days: int = open_value(7, "合同备案期限", "政府采购法第四十七条。", 16, "工作日")
    payment_days_at_most: int = open_value(60, "约定付款期限上限", "保障中小企业款项支付条例：最长60日。", 20, "日")
    mlps_filing_days: int = open_value(30, "等保备案期限", "网络安全等级保护制度。", 30, "日")
    crypto_filing_days: int = open_value(30, "密评备案期限", "商用密码应用安全性评估管理办法。", 30, "日")
    mlps_retest_months: int = open_value(12, "等保复测周期", "三级系统每年测评一次。", 30, "月")
    code_review: str = open_value("修数审", "机关代字：审核意见", "公文种类各有代字。", 10, "代字")
    code_industry: str = open_value("修数函", "机关代字：行业审查意见", "公文种类各有代字。", 11, "代字")
    code_preprocurement: str = open_value("修数核", "机关代字：采购前核准", "公文种类各有代字。", 14, "代字")
    code_change: str = open_value("修数变", "机关代字：变更审查意见", "公文种类各有代字。", 17, "代字")
    code_acceptance: str = open_value("修数验", "机关代字：验收核准意见", "公文种类各有代字。", 20, "代字")
    code_rectification: str = open_value("修数改", "机关代字：整改通知", "公文种类各有代字。", 31, "代字")
    code_measure: str = open_value("修数措", "机关代字：惩戒措施", "公文种类各有代字。", 31, "代字")
    code_plan: str = open_value("修数报", "机关代字：年度计划报请", "公文种类各有代字。", 9, "代字")
    code_evaluation: str = open_value("修数评", "机关代字：绩效评价通知", "公文种类各有代字。", 23, "代字")
    code_removal: str = open_value("修数库", "机关代字：剔除出库清单", "公文种类各有代字。", 18, "代字")
    code_sharing: str = open_value("修数享", "机关代字：信息共享评价", "公文种类各有代字。", 25, "代字")
    code_decommission: str = open_value("修数废", "机关代字：报废审批", "公文种类各有代字。", 9, "代字")
    code_service_funds: str = open_value("修财审", "机关代字：购买服务资金审核", "公文种类各有代字。", 10, "代字")


def notes() -> Mapping[str, Note]:
    """Return key → note of every parameter, in the order of the class."""
    return {item.name: item.metadata["note"] for item in fields(Parameters)}


def effective_date(parameters: Parameters) -> date:
    """Return the day since which the regulation is in force (第三十六条; the text gives none)."""
    return date.fromisoformat(parameters.effective_date)


TASK_DAYS = frozenset(key for key, note in notes().items() if note.unit == "工作日")
"""Parameters that the property `days` of a task may name instead of a number."""
