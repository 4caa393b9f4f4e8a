"""How the county reads the regulation where its text leaves a procedure open: choices of ours that have no value.

A reading is changed by another release, not by a number; the bureau's interpretation (第三十五条) is kept beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Reading:
    """One choice: what it says, why, and the article that it fills in."""

    label: str
    text: str
    reason: str
    article: int


READINGS: Mapping[str, Reading] = MappingProxyType(
    {
        "drc_for_all": Reading(
            "立项范围",
            "政府投资项目一律报县发改委立项；重大项目另加县政府会议纪要。",
            "第六条的“重大”没有标准，第十一条要求投资项目立项。",
            6,
        ),
        "intention_before": Reading(
            "采购意向公开", "采购意向可以在采购前核准之前公开。", "意向公开不是采购程序的开始。", 14
        ),
        "joint_by_money": Reading(
            "政企联合建设的路径",
            "无财政资金的由大数据局核准；付服务费的走购买服务；形成政府资产的走立项。",
            "办法列有这种形式而未规定程序，由资金性质决定。",
            2,
        ),
        "silence_is_not_consent": Reading(
            "行业审查意见",
            "逾期未答复不视为同意；意见为不同意的，发改委不得批准，可以退回。",
            "第十一条“应当征求”。",
            11,
        ),
        "default_path": Reading(
            "路径判定", "不属于涉密、报废、运维、购买服务和联合建设的，按政府投资项目办理。", "每个项目都要有路径。", 10
        ),
        "path_by_nature": Reading(
            "变更等级", "投资有任何增加、目标改变或者增减主要模块的，为较大变更。", "第十七条未界定“较大”。", 17
        ),
        "services_have_no_start_order": Reading(
            "购买服务的履约", "购买服务按服务年度履约和验收，不下开工令。", "第十七条的工程监理针对工程。", 17
        ),
        "hold_ends_at_conclusion": Reading(
            "逾期冻结的解除", "验收结论为通过时解除，不等材料报送；付款仍须材料齐全。", "第二十一条针对“未验收”。", 21
        ),
        "hold_by_system": Reading(
            "逾期冻结的生效", "届满次日零时自动生效，由系统记录并通知。", "办法说不安排，未说须另行决定。", 21
        ),
        "clock_runs_on": Reading(
            "整改期间的验收期限", "验收整改不停止六个月期限，赶不上的应当报告延期。", "第二十条没有中止的规定。", 20
        ),
        "late_report": Reading(
            "逾期后的延期报告", "期限届满后才报告的，冻结保留到验收通过。", "事后报告不能消除逾期。", 21
        ),
        "report_not_approval": Reading(
            "延期报告的性质", "在次数和天数上限内登记即可，超过的由局领导决定。", "第二十一条要求报告，未要求批准。", 21
        ),
        "third_attempt": Reading(
            "再次验收不合格", "转入检查整改，第三次验收由局领导决定。", "办法只规定第二次验收。", 21
        ),
        "access_and_filing": Reading(
            "验收材料的确认", "逾期未答复视为确认，付款期限不因此推迟。", "第二十条要求报送，未规定确认的程序。", 20
        ),
        "closed_years": Reading(
            "连续三年的计算", "只计已经结束的财政年度；任何安排都重新起算。", "当年尚未结束，不能认定未安排。", 18
        ),
        "statement_first": Reading("陈述申辩", "采取措施之前听取项目单位的陈述申辩。", "公平对待被监管单位。", 31),
        "measures_upward": Reading(
            "措施的次序", "由轻到重；越级须说明理由；“不采取措施”也须说明理由。", "第三十一条用“直至”。", 31
        ),
        "yearly_on_first_march": Reading(
            "共享评价的时间", "每年三月一日对上一年度进行评价。", "第二十五条未规定时间。", 25
        ),
        "corrections": Reading(
            "更正",
            "签发后的差错由两人办理更正，原值保留可查，时限和冻结重新计算。",
            "办法未规定更正，真实要求可以更正。",
            30,
        ),
        "round_the_clock": Reading(
            "届满的时刻", "系统全天受理，期限到当日二十四时；纸质材料到下班时间。", "民法典第二百零三条。", 9
        ),
        "om_with_plan": Reading("运维经费申请的时间", "与年度计划同日，11月30日前。", "办法未规定运维申请的时间。", 22),
        "conflict_parties": Reading(
            "关联方的回避",
            "测评方不得是承建、运维单位；评价方不得是承建、监理单位或者验收专家；采购代理机构不得推荐专家。",
            "独立才有说服力。",
            23,
        ),
        "declaration": Reading(
            "利害关系声明", "每位专家先签声明，声明有利害关系的自动更换。", "办法要求组织专家，公正是前提。", 10
        ),
        "four_eyes": Reading("经办与签批", "同一人不得办理一项事务的填报和签批。", "第十五条的责任制。", 15),
        "one_who_counts": Reading(
            "评价达标", "总分和共享部分都达到标准才算达标。", "第二十三条把共享列为评价内容。", 23
        ),
    }
)
"""Key → reading."""
