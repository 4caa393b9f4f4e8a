"""The table of deadlines: what starts each, how long it is, on what basis, who is reminded, and what lapse means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from app.domain.articles import Article
from app.domain.periods import Length, Unit

WEEK = 7
WEEKS_OVERDUE = 26
"""How long an overdue acceptance is called to mind every week; by then the hold's own weekly notice has taken over."""


class Source(Enum):
    """Where a basis or a length comes from."""

    REGULATION = "R"
    PUBLISHED = "S"
    PROFESSIONAL = "K"
    CHOICE = "C"
    """Ours, because the regulation is silent; a parameter that the process owner may edit."""


class Consequence(Enum):
    """What follows when a deadline lapses."""

    NONE = "none"
    LATE = "late"
    FLAGGED = "flagged"
    REPLACEMENT = "replacement"
    ESCALATED = "escalated"
    STILL_BLOCKED = "still_blocked"
    PROBLEM = "problem"
    HOLD_NOT_STARTED = "H-NOSTART"
    HOLD_NOT_ACCEPTED = "H-ACC"
    HOLD_AUDIT = "H-AUDIT"
    INSPECTION = "inspection"
    REMOVED = "removed"
    MEASURE = "measure"
    LISTED = "listed"
    REFUSAL_RECORDED = "refusal_recorded"
    NEXT_YEAR = "next_year"


CONSEQUENCES: Mapping[Consequence, str] = MappingProxyType(
    {
        Consequence.NONE: "不产生后果，只提醒。",
        Consequence.LATE: "按逾期申报处理，只能作为增补项目，由大数据局领导说明理由后批准。",
        Consequence.FLAGGED: "项目标记为材料逾期，排序后移。",
        Consequence.REPLACEMENT: "可以另选专家替换。",
        Consequence.ESCALATED: "升级提醒双方领导。",
        Consequence.STILL_BLOCKED: "下一步仍不能办理，沉默不等于同意。",
        Consequence.PROBLEM: "列入问题台账。",
        Consequence.HOLD_NOT_STARTED: "下一年度不再安排该项目资金。",
        Consequence.HOLD_NOT_ACCEPTED: "不安排后续建设资金和运维经费，并由大数据局督办。",
        Consequence.HOLD_AUDIT: "不拨付运维经费。",
        Consequence.INSPECTION: "转入检查整改。",
        Consequence.REMOVED: "连续三年未安排资金的，自动剔除出库。",
        Consequence.MEASURE: "可以提出惩戒措施。",
        Consequence.LISTED: "列入支付台账的逾期付款。",
        Consequence.REFUSAL_RECORDED: "按拒绝、隐匿、瞒报资料列入问题台账。",
        Consequence.NEXT_YEAR: "转下一年度申请。",
    }
)
"""What people read about each consequence (message ids)."""


@dataclass(frozen=True)
class Rung:
    """One rung of a reminder ladder: days from the deadline (negative before, positive overdue), or a fixed day."""

    days: int
    roles: tuple[str, ...]
    on: tuple[int, int] | None = None
    """(month, day) in the deadline's year; `days` is then ignored."""


@dataclass(frozen=True)
class DeadlineKind:
    """One row of the table. Either `lengths` (one after the other) or `day` (month, day of each year) is given."""

    name: str
    """The name in FEEL and in the ledger."""
    number: str
    """The T-number people know."""
    zh: str
    en: str
    starts: str
    """The event that starts it (message id)."""
    basis: str
    """What it rests on (message id), besides the article."""
    source: Source
    ladder: tuple[Rung, ...]
    consequence: Consequence
    article: Article | None = None
    lengths: tuple[Length, ...] = ()
    length_source: Source = Source.REGULATION
    longest: Length | None = None
    """The longest length that an opinion, order or contract may set."""
    day: tuple[int, int] | None = None
    rolls: bool = True
    """Moved past days off (民法典 203)."""
    ledger: bool = True
    """A row of the ledger; False for the due date of a single task."""
    minutes_after_midnight: int = 0
    """How long after 00:00 it takes effect."""

    @property
    def adjustable(self) -> bool:
        """Say whether an order, opinion, contract or parameter may set another length."""
        return bool(self.lengths) and (self.length_source is Source.CHOICE or self.longest is not None)


def _rungs(roles: tuple[str, ...], *days: int) -> tuple[Rung, ...]:
    return tuple(Rung(day, roles) for day in days)


def _on(roles: tuple[str, ...], *days: tuple[int, int]) -> tuple[Rung, ...]:
    return tuple(Rung(0, roles, on=day) for day in days)


def _acceptance_ladder() -> tuple[Rung, ...]:
    unit = ("unit_clerk", "unit_lead")
    near = (*unit, "unit_head", "bur_insp")
    overdue = (*near, "bur_head", "fin_budget", "fin_pay")
    weekly = tuple(1 + WEEK * week for week in range(WEEKS_OVERDUE))
    rungs = _rungs(unit, -60, -30) + _rungs(near, -15, -7, -3, -1, 0) + _rungs(overdue, *weekly)
    return tuple(sorted((*rungs, Rung(30, ("gov_office",))), key=lambda rung: rung.days))


ACCEPTANCE_LADDER = _acceptance_ladder()

_MONTH_BEFORE = (-30, -15, -7, -3, -1)
_CONTRACT = _rungs(("unit_lead", "fin_proc"), -10, -3)
_SECURITY = _rungs(("unit_lead", "psb_officer", "sec_officer"), -15, -5)
_LEADERS = ("unit_lead", "unit_head")


def _months(count: int) -> Length:
    return Length(count, Unit.MONTHS)


def _days(count: int) -> Length:
    return Length(count, Unit.DAYS)


def _working_days(count: int) -> Length:
    return Length(count, Unit.WORKING_DAYS)


_YEAR = Length(1, Unit.YEARS)
_R, _S, _K, _C = Source.REGULATION, Source.PUBLISHED, Source.PROFESSIONAL, Source.CHOICE

_TABLE = (
    DeadlineKind(
        "plan", "T-01", "报送年度计划", "annual plan filing", "每年11月30日", "办法规定的日期", _R,
        _rungs(("unit_clerk", "unit_head", "bur_section"), *_MONTH_BEFORE), Consequence.LATE,
        Article(9, "每年11月底前报送下一年度建设或者采购计划"), day=(11, 30),
    ),
    DeadlineKind(
        "county_consent", "T-02", "县政府研究", "county government's answer", "报送县政府之日", "内部约定", _C,
        _rungs(("gov_office",), -5, 7, 14, 21, 28), Consequence.NONE, Article(9, "报县政府同意"),
        (_working_days(20),), _C, ledger=False,
    ),
    DeadlineKind(
        "materials", "T-03", "编制申报材料", "filing of the materials", "县政府同意之日", "内部约定", _C,
        _rungs(("unit_clerk", "unit_lead"), -10, -3), Consequence.FLAGGED, Article(9, "由项目单位编制项目建议书"),
        (_days(30),), _C,
    ),
    DeadlineKind(
        "expert_opinion", "T-04", "专家个人意见", "expert's form", "专家收到任务之日", "内部约定", _C,
        _rungs(("expert", "bur_clerk"), -2), Consequence.REPLACEMENT, Article(10, "组织专家"),
        (_working_days(5),), _C, ledger=False,
    ),
    DeadlineKind(
        "review_opinion", "T-05", "出具审核意见", "review opinion", "专家组意见形成之日", "内部约定", _C,
        _rungs(("bur_clerk", "bur_head"), -2), Consequence.ESCALATED, Article(10, "并提出意见"),
        (_working_days(5),), _C, ledger=False,
    ),
    DeadlineKind(
        "industry_opinion", "T-06", "行业审查意见", "industry opinion",
        "县发展改革委征求意见之日", "期限为内部约定", _R,
        _rungs(("bur_section",), -3, -1), Consequence.STILL_BLOCKED,
        Article(11, "应当征求县政务服务和大数据管理局对项目的行业审查意见"), (_working_days(7),), _C,
    ),
    DeadlineKind(
        "preprocurement", "T-07", "采购前核准", "pre-procurement approval", "两个方案报送之日", "期限为内部约定", _R,
        _rungs(("bur_share",), -2), Consequence.STILL_BLOCKED,
        Article(14, "经县政务服务和大数据管理局核准后方可进入政府采购程序"), (_working_days(5),), _C, ledger=False,
    ),
    DeadlineKind(
        "contract", "T-08a", "签订采购合同", "signing of the contract", "中标、成交通知书发出之日",
        "政府采购法第四十六条", _K, _CONTRACT, Consequence.PROBLEM, Article(16, "按照招标投标、政府采购等法律法规要求"),
        (_days(30),), _K,
    ),
    DeadlineKind(
        "contract_notice", "T-08b", "公告采购合同", "publication of the contract", "合同签订之日",
        "政府采购法实施条例第五十条", _K, _CONTRACT, Consequence.PROBLEM, Article(15, "合同管理等制度"),
        (_working_days(2),), _K,
    ),
    DeadlineKind(
        "contract_filing", "T-08c", "备案采购合同", "filing of the contract",
        "合同签订之日", "政府采购法第四十七条", _K,
        _CONTRACT, Consequence.PROBLEM, Article(15, "合同管理等制度"), (_working_days(7),), _K,
    ),
    DeadlineKind(
        "start_of_work", "T-09", "当年开展建设", "start of work in the year", "安排资金的年度", "当年最后一日", _R,
        (*_on((*_LEADERS, "fin_budget"), (9, 30), (11, 30)), Rung(-10, (*_LEADERS, "fin_budget"))),
        Consequence.HOLD_NOT_STARTED, Article(19, "在当年未开展项目建设且无充分理由的"), day=(12, 31), rolls=False,
    ),
    DeadlineKind(
        "acceptance", "T-10", "竣工验收", "acceptance", "竣工日期", "办法规定的期限", _R,
        ACCEPTANCE_LADDER, Consequence.HOLD_NOT_ACCEPTED, Article(20, "竣工后6个月内"), (_months(6),),
    ),
    DeadlineKind(
        "rectification", "T-11", "验收整改", "rectification after acceptance",
        "验收意见送达之日", "期限由验收意见定", _R,
        _rungs(("unit_lead", "sup_eng"), -10, -3, -1), Consequence.INSPECTION,
        Article(21, "项目单位按照验收意见限期整改"), (_days(30),), _C, _days(90),
    ),
    DeadlineKind(
        "acceptance_filing", "T-13", "报送验收材料", "filing of the acceptance papers",
        "验收通过之日", "期限为内部约定", _R,
        _rungs(("unit_clerk",), -5, -1), Consequence.STILL_BLOCKED, Article(20, "验收通过后，项目单位应当将验收报告"),
        (_working_days(15),), _C,
    ),
    DeadlineKind(
        "evaluation_opens", "T-14a", "投运满一年", "full year of operation", "投入运行日期", "办法规定的期限", _R,
        _rungs(("bur_section", "fin_perf", "unit_lead"), -30), Consequence.NONE,
        Article(23, "投入运行满一年后"), (_YEAR,), rolls=False,
    ),
    DeadlineKind(
        "evaluation_ends", "T-14b", "完成评价", "end of the evaluation",
        "投入运行日期", "满一年后三个月内，为内部约定", _R,
        _rungs(("bur_section", "fin_perf", "unit_lead"), -15), Consequence.ESCALATED,
        Article(23, "投入运行满一年后"), (_YEAR, _months(3)), _C,
    ),
    DeadlineKind(
        "evaluation_rectification", "T-15", "评价整改", "rectification after evaluation", "评价结果送达之日",
        "期限由评价结果定", _R, _rungs(_LEADERS, -15, -5, -1), Consequence.INSPECTION,
        Article(23, "评价结果未达标的，整改完成之前不得申报"), (_days(60),), _C,
    ),
    DeadlineKind(
        "library_year", "T-16", "项目库年度滚动", "yearly roll-over of the library", "在库年度", "年度终了", _R,
        _on(("unit_head", "bur_clerk"), (10, 1), (12, 1)), Consequence.REMOVED,
        Article(18, "入库项目连续三年未予安排资金的自动剔除出库"), day=(12, 31), rolls=False, minutes_after_midnight=10,
    ),
    DeadlineKind(
        "order", "T-17", "整改通知", "rectification order", "整改通知书送达之日", "期限由整改通知书定", _R,
        _rungs(_LEADERS, -5, -1), Consequence.MEASURE, Article(31, "应当要求项目单位限期整改"),
        (_working_days(15),), _C,
    ),
    DeadlineKind(
        "audit", "T-18", "审计整改", "rectification after audit", "审计结果送达之日", "期限由审计结果定", _R,
        _rungs(("unit_lead", "aud_clerk"), -15, -5), Consequence.HOLD_AUDIT,
        Article(32, "对审计不达标、未按要求整改的项目"), (_days(60),), _C,
    ),
    DeadlineKind(
        "change", "T-19", "变更审查", "review of a change", "变更申请受理之日", "期限为内部约定", _R,
        _rungs(("bur_section",), -3), Consequence.ESCALATED,
        Article(17, "应当报经县政务服务和大数据局审查同意"), (_working_days(7),), _C, ledger=False,
    ),
    DeadlineKind(
        "payment", "T-20", "支付款项", "payment", "交付或者验收之日", "保障中小企业款项支付条例", _S,
        _rungs(("unit_clerk", "fin_pay"), -10, -3), Consequence.LISTED,
        Article(20, "按照合同约定向县财政局（国资委）申请支付建设资金"), (_days(30),), _S, _days(60),
    ),
    DeadlineKind(
        "update", "T-21", "更新信息资源", "update of an information resource", "上次更新之日", "按资源的更新周期", _R,
        _rungs(("unit_clerk",), 0), Consequence.PROBLEM, Article(27, "建立目录和数据实时更新"), (_months(1),), _C,
    ),
    DeadlineKind(
        "mlps_filing", "T-22a", "等保备案", "classified-protection filing", "试运行或者上线之日（取早者）",
        "网络安全等级保护制度", _K, _SECURITY, Consequence.PROBLEM, Article(30, "中华人民共和国网络安全法"),
        (_days(30),), _K,
    ),
    DeadlineKind(
        "crypto_filing", "T-22b", "密评备案", "cryptography assessment filing", "密评报告出具之日",
        "商用密码应用安全性评估管理办法", _S, _SECURITY, Consequence.PROBLEM, Article(30, "等相关法律法规要求"),
        (_days(30),), _S,
    ),
    DeadlineKind(
        "mlps_retest", "T-22c", "等保年度测评", "yearly classified-protection test", "上次测评之日",
        "网络安全等级保护制度", _K, _SECURITY, Consequence.PROBLEM, Article(30, "中华人民共和国网络安全法"),
        (_YEAR,), _K,
    ),
    DeadlineKind(
        "documents", "T-23", "提供资料", "supply of documents", "调阅通知送达之日", "期限为内部约定", _R,
        _rungs(("unit_clerk", "unit_head"), -1), Consequence.REFUSAL_RECORDED,
        Article(30, "妥善保存项目建设有关资料并如实提供"), (_working_days(5),), _C,
    ),
    DeadlineKind(
        "om_application", "T-24", "申请运维经费", "maintenance application",
        "每年11月30日", "与年度计划同日，为内部约定", _C,
        _rungs(("unit_clerk",), *_MONTH_BEFORE), Consequence.NEXT_YEAR, Article(22), day=(11, 30), length_source=_C,
    ),
    DeadlineKind(
        "idle_task", "T-25", "任务停留", "idle task", "任务到达之日", "内部约定", _C,
        (), Consequence.ESCALATED, None, (_working_days(5),), _C, ledger=False,
    ),
)  # fmt: skip

KINDS: Mapping[str, DeadlineKind] = MappingProxyType({kind.name: kind for kind in _TABLE})
"""Name → kind: the rows of the ledger and, with `ledger=False`, the due dates of single tasks."""

LEDGER_KINDS: tuple[str, ...] = tuple(kind.name for kind in _TABLE if kind.ledger)
"""The names that diagrams may read as `deadline.<name>`."""
