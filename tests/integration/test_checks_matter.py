"""Take one recorder's check away, and a forbidden fact is written: for every recorder of the registry.

Each scenario is first refused with the check in place, and nothing is written. Then the same form is recorded without
it, and what comes of it is found by the judge of tests/property/forbidden.py, or by the database itself. These run on
SQLite alone: they test the judge and the recorders' code; what both databases refuse is in test_guards.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from app.errors import RegulationViolation
from app.models.business import BudgetLine, Evaluation, MeasureTaken, Order, ResourceItem, SharingScore
from app.models.business import SharingCheck as Check
from app.services.recorders import PURPOSES, RECORDERS, SIGNATURES
from tests.integration.county import (
    APPLICATION,
    AWARD,
    CONTRACT,
    DECISION,
    EXPERT,
    FILING,
    ITEM,
    PACKAGES,
    POINTS,
    SUPERVISION,
    WAN,
    County,
)
from tests.integration.without_checks import at, table_of, unchecked
from tests.property.forbidden import forbidden, read
from tests.property.forbidden_people import OFFICES

KEYS = [*RECORDERS, *(f"signs {key}" for key in SIGNATURES), *(f"records {key}" for key in PURPOSES)]
Try = tuple[str, str, Mapping[str, object], dict[str, str]]
"""Who hands in which form with which answers, in a task with which properties."""


@dataclass(frozen=True)
class Scenario:
    """An attempt that a recorder refuses, and what the tables would say without its check."""

    key: str
    stage: str
    attempt: Callable[[County], Try]
    found: str
    """Words of the forbidden fact, or the name of the rule of the database that refuses it."""


SCENARIOS: list[Scenario] = []


def refuses(key: str, *, at: str, found: str) -> Callable[[Callable[[County], Try]], Callable[[County], Try]]:
    """Enter the decorated function as an attempt that this recorder refuses at this stage."""

    def register(attempt: Callable[[County], Try]) -> Callable[[County], Try]:
        SCENARIOS.append(Scenario(key, at, attempt, found))
        return attempt

    return register


def form(who: str, form_id: str, answers: Mapping[str, object] | None = None, **properties: str) -> Try:
    return who, form_id, answers or {}, properties


def signature(who: str, form_id: str, **changes: object) -> Try:
    return form(who, "f00s", {"result": "同意", "opinion": "已阅。"} | changes, signs=form_id)


def confirmation(who: str, purpose: str, **changes: object) -> Try:
    return form(who, "f00c", {"result": "属实"} | changes, records=purpose)


def both(county: County, one: str, other: str) -> None:
    """Let one person hold two roles."""
    first, second = county.actors[one], county.actors[other]
    county.actors[one] = county.actors[other] = replace(first, roles=first.roles | second.roles)


def measure(county: County, kind: str) -> None:
    """Let a measure be in force."""
    order = Order(
        project_id=county.project.id, number="WT-2026-0001", issued_on=county.today, due=county.today, rechecked=False
    )
    county.session.add(order)
    county.session.flush()
    county.session.add(
        MeasureTaken(
            project_id=county.project.id, order_id=order.id, kind=kind, proposed_by="bur_insp", signed_by="bur_head",
            proposed_on=county.today, decided_on=county.today, cosigned_by=["bur_head", "fin_head", "drc_head"],
        )
    )  # fmt: skip
    county.session.flush()


def fails_sharing(county: County) -> None:
    """Let the latest check of sharing say 不符合."""
    county.session.add(
        Check(project_id=county.project.id, conforms=False, checked_on=county.today, checked_by="bur_share")
    )
    county.session.flush()


def removed(county: County) -> None:
    county.project.state = "REMOVED"
    county.session.flush()


# -- the plan ----------------------------------------------------------------------------------------------------------


@refuses("f01", at="new", found="涉密申报")
def _(_county: County) -> Try:
    return form("unit_clerk", "f01", {"secret": True, "clause": "《办法》第三十四条", "name": "某系统"})


@refuses("f02", at="new", found="计划新建机房")
def _(_county: County) -> Try:
    return form("unit_clerk", "f02", ITEM | {"has_room": True})


@refuses("f02", at="new", found="而无测评报告")
def _(_county: County) -> Try:
    return form("unit_clerk", "f02", ITEM | {"nature": "改建"})


def _late(county: County) -> None:
    county.today = date(2025, 12, 2)
    county.fill("unit_clerk", "f02", ITEM)
    county.sign("unit_head", "f02")


@refuses("f02s", at="new", found="逾期而无理由纳入")
def _(county: County) -> Try:
    _late(county)
    return form("bur_section", "f02s", {"rank": 1, "bureau_suggestion": "纳入"})


@refuses("f02g", at="new", found="逾期而未经批准增补")
def _(county: County) -> Try:
    _late(county)
    county.fill("bur_section", "f02s", {"rank": 1, "bureau_suggestion": "纳入", "reason": "省里新下达任务"})
    return form("gov_office", "f02g", {"result": "同意", "doc_no": "1", "decided_on": county.today})


@refuses("signs f02", at="new", found="签批了自己填报的f02")
def _(county: County) -> Try:
    both(county, "unit_clerk", "unit_head")
    county.fill("unit_clerk", "f02", ITEM)
    return signature("unit_head", "f02")


# -- filing and review -------------------------------------------------------------------------------------------------


@refuses("f03", at="planned", found="缺共享内容")
def _(_county: County) -> Try:
    return form("unit_clerk", "f03", FILING | {"share_list": []})


@refuses("records revision", at="filed", found="缺接入方案")
def _(_county: County) -> Try:
    return form("unit_clerk", "f03", FILING | {"platform_plan": ""}, records="revision")


@refuses("signs f03", at="planned", found="既起草又签批了 filing")
def _(county: County) -> Try:
    both(county, "unit_clerk", "unit_head")
    county.fill("unit_clerk", "f03", FILING)
    return signature("unit_head", "f03")


@refuses("f04", at="filed", found="未经签报而受理")
def _(_county: County) -> Try:
    return form("bur_clerk", "f04", {"complete": True, "opinion": "齐全"})


def _accepted_filing(county: County) -> None:
    county.sign("unit_head", "f03")
    county.fill("bur_clerk", "f04", {"complete": True, "opinion": "齐全"})


def _panel(county: County, size: int = 3) -> None:
    _accepted_filing(county)
    seats = [{"expert": f"expert{number}"} for number in range(size)]
    county.fill("bur_section", "f05", {"method": "随机", "experts": seats, "leader": "expert0"})


@refuses("f05", at="filed", found="专家组 2 人")
def _(county: County) -> Try:
    _accepted_filing(county)
    seats = [{"expert": f"expert{number}"} for number in range(2)]
    return form("bur_section", "f05", {"method": "随机", "experts": seats, "leader": "expert0"})


@refuses("f05d", at="filed", found="不在专家组内的人办理了 f05d")
def _(county: County) -> Try:
    _panel(county)
    return form("expert4", "f05d", {"interest": "无", "promise": True})


@refuses("f05e", at="filed", found="六项不全")
def _(county: County) -> Try:
    _panel(county)
    county.fill("expert0", "f05d", {"interest": "无", "promise": True})
    return form("expert0", "f05e", EXPERT | {"necessity_comment": "好"})


@refuses("f05e", at="filed", found="不在专家组内的人办理了 f05e")
def _(county: County) -> Try:
    _panel(county)
    return form("expert0", "f05e", EXPERT)


@refuses("f05g", at="filed", found="专家未评完")
def _(county: County) -> Try:
    _panel(county)
    county.fill("expert0", "f05d", {"interest": "无", "promise": True})
    return form("expert0", "f05g", {"conclusion": "通过", "text": "同意。"})


@refuses("f06", at="filed", found="专家评审不全而审核通过")
def _(county: County) -> Try:
    _accepted_filing(county)
    return form("bur_clerk", "f06", {"conclusion": "通过", "reviewed_total": 233 * WAN, "text": "同意。"})


@refuses("signs f06", at="library", found="four_eyes")
def _(county: County) -> Try:
    both(county, "bur_clerk", "bur_head")
    county.fill("bur_clerk", "f06", {"conclusion": "通过", "reviewed_total": 233 * WAN, "text": "同意。"})
    return signature("bur_head", "f06")


# -- approval ----------------------------------------------------------------------------------------------------------


@refuses("f07", at="planned", found="进入 APPROVAL 而未经审核通过")
def _(_county: County) -> Try:
    return form("unit_clerk", "f07", {"approval_type": "可研", "requested_total": WAN})


@refuses("f07l", at="planned", found="未经审核而核准")
def _(_county: County) -> Try:
    return form("unit_clerk", "f07l", {"partner": "x", "public_share": 0})


@refuses("signs f07l", at="library", found="four_eyes")
def _(county: County) -> Try:
    both(county, "unit_clerk", "bur_section")
    county.fill("unit_clerk", "f07l", {"partner": "x", "public_share": 0})
    return signature("bur_section", "f07l")


@refuses("f08a", at="planned", found="未经审核而评估论证")
def _(_county: County) -> Try:
    return form("drc_clerk", "f08a", {"result": "可行"})


@refuses("f08i", at="library", found="不符合共建共享而出具行业审查意见")
def _(county: County) -> Try:
    fails_sharing(county)
    return form("bur_section", "f08i", {"conclusion": "同意", "text": "同意。"})


@refuses("signs f08i", at="library", found="four_eyes")
def _(county: County) -> Try:
    both(county, "bur_section", "bur_head")
    county.fill("bur_section", "f08i", {"conclusion": "同意", "text": "同意。"})
    return signature("bur_head", "f08i")


@refuses("f08", at="library", found="未征求行业审查意见而批准（第十一条）")
def _(county: County) -> Try:
    return form("drc_clerk", "f08", DECISION | {"decided_on": county.today})


@refuses("f08", at="planned", found="未经审核而批准（第十三条）")
def _(county: County) -> Try:
    return form("drc_clerk", "f08", DECISION | {"decided_on": county.today})


@refuses("signs f08", at="library", found="four_eyes")
def _(county: County) -> Try:
    both(county, "drc_clerk", "drc_head")
    county.fill("unit_clerk", "f07", {"approval_type": "可研", "requested_total": WAN})
    county.fill("bur_section", "f08i", {"conclusion": "同意", "text": "同意。"})
    county.sign("bur_head", "f08i")
    county.fill("drc_clerk", "f08", DECISION | {"decided_on": county.today})
    return signature("drc_head", "f08")


def _service(county: County) -> None:
    county.project.path = "G"
    county.session.flush()


@refuses("f09r", at="planned", found="进入 APPROVAL 而未经审核通过")
def _(county: County) -> Try:
    _service(county)
    return form("unit_clerk", "f09r", {"requested": WAN})


@refuses("records service_review", at="planned", found="未经审核而核定")
def _(county: County) -> Try:
    county.project.path = "L"
    county.session.flush()
    return form("fin_perf", "f09r", {"requested": WAN, "approved": WAN}, records="service_review")


@refuses("records service_review", at="library", found="购买服务资金审核不适用于政府投资项目")
def _(_county: County) -> Try:
    return form("fin_perf", "f09r", {"requested": WAN, "approved": WAN}, records="service_review")


@refuses("records service_review", at="library", found="超过申请数")
def _(county: County) -> Try:
    _service(county)
    county.fill("unit_clerk", "f09r", {"requested": WAN})
    return form("fin_perf", "f09r", {"requested": WAN, "approved": 2 * WAN}, records="service_review")


@refuses("signs f09r", at="library", found="four_eyes")
def _(county: County) -> Try:
    _service(county)
    both(county, "fin_perf", "fin_head")
    county.fill("unit_clerk", "f09r", {"requested": WAN})
    county.fill("fin_perf", "f09r", {"requested": WAN, "approved": WAN}, records="service_review")
    return signature("fin_head", "f09r")


@refuses("records major_project", at="planned", found="未经审核而县政府研究同意")
def _(_county: County) -> Try:
    return form("gov_office", "f00s", {"result": "同意", "opinion": "同意。"}, records="major_project")


# -- money -------------------------------------------------------------------------------------------------------------


def _line(county: County, **changes: object) -> dict[str, object]:
    told = {"fy": county.today.year, "fund_type": "建设", "kind": "年度", "requested": WAN, "arranged": WAN}
    return told | changes


@refuses("f09", at="planned", found="建设未经审核而安排（第十二条、第十三条）")
def _(county: County) -> Try:
    return form("fin_budget", "f09", _line(county))


@refuses("f09", at="library", found="未经立项批复而安排")
def _(county: County) -> Try:
    return form("fin_budget", "f09", _line(county))


@refuses("f09", at="operating", found="四项方案不全而安排运维")
def _(county: County) -> Try:
    return form("fin_budget", "f09", _line(county, fund_type="运维"))


@refuses("f09", at="approved", found="未纳入目录而安排运维")
def _(county: County) -> Try:
    return form("fin_budget", "f09", _line(county, fund_type="运维"))


@refuses("signs f09", at="approved", found="four_eyes")
def _(county: County) -> Try:
    both(county, "fin_budget", "fin_head")
    county.fill("fin_budget", "f09", _line(county))
    return signature("fin_head", "f09")


@refuses("signs f09b", at="approved", found="签批了自己填报的f09b")
def _(county: County) -> Try:
    both(county, "bur_section", "bur_head")
    county.fill("bur_section", "f09b", {"suggestion": WAN, "rank": 1, "fund_type": "建设"})
    return signature("bur_head", "f09b")


@refuses("records budget_result", at="approved", found="未经签批而安排")
def _(county: County) -> Try:
    return form("fin_budget", "f09", _line(county, approved_on=county.today), records="budget_result")


@refuses("records budget_result", at="planned", found="funded_needs_review")
def _(county: County) -> Try:
    return form("fin_budget", "f09", _line(county, approved_on=county.today), records="budget_result")


def _asks(node: str, amount: int) -> dict[str, object]:
    return {"contract": "HT-1", "node": node, "amount": amount, "invoice_no": "1", "payee_account": "2"}


@refuses("f18", at="contracted", found="未验收而付款（第二十条）")
def _(_county: County) -> Try:
    return form("unit_clerk", "f18", _asks("验收款", WAN))


@refuses("f18", at="contracted", found="节点 首付款 支付超过节点金额")
def _(_county: County) -> Try:
    return form("unit_clerk", "f18", _asks("首付款", 67_890_001))


@refuses("f18", at="built", found="在暂缓拨付期间付款（第三十一条）")
def _(county: County) -> Try:
    measure(county, "暂缓拨付")
    return form("unit_clerk", "f18", _asks("首付款", WAN))


@refuses("f18", at="contracted", found="年支付超过当年安排")
def _(county: County) -> Try:
    county.session.query(BudgetLine).one().arranged_fen = WAN
    county.session.flush()
    return form("unit_clerk", "f18", _asks("首付款", 2 * WAN))


@refuses("signs f18", at="contracted", found="既起草又签批了 payment")
def _(county: County) -> Try:
    both(county, "unit_clerk", "fin_pay")
    county.fill("unit_clerk", "f18", _asks("首付款", WAN))
    return signature("fin_pay", "f18")


@refuses("f18p", at="built", found="在暂缓拨付期间付款（第三十一条）")
def _(county: County) -> Try:
    county.fill("unit_clerk", "f18", _asks("首付款", WAN))
    for who in ("unit_head", "fin_pay", "fin_head"):
        county.sign(who, "f18")
    measure(county, "暂缓拨付")
    return form("fin_pay", "f18p", {"paid_on": county.today, "voucher_no": "1", "amount": WAN})


@refuses("f18p", at="built", found="登记的金额不是签批的金额")
def _(county: County) -> Try:
    county.fill("unit_clerk", "f18", _asks("首付款", WAN))
    for who in ("unit_head", "fin_pay", "fin_head"):
        county.sign(who, "f18")
    return form("fin_pay", "f18p", {"paid_on": county.today, "voucher_no": "1", "amount": 2 * WAN})


# -- procurement -------------------------------------------------------------------------------------------------------


@refuses("f10", at="approved", found="进入 PRE_PROC 而未安排资金")
def _(_county: County) -> Try:
    return form("unit_clerk", "f10", {"exchange_plan": ["a"], "infra_plan": ["b"], "management_rules": ["c"]})


@refuses("f11", at="funded", found="要点不符合而核准两方案")
def _(county: County) -> Try:
    county.fill("unit_clerk", "f10", {"exchange_plan": ["a"], "infra_plan": ["b"], "management_rules": ["c"]})
    return form("bur_share", "f11", POINTS | {"cloud_result": "不符合"})


@refuses("signs f11", at="funded", found="four_eyes")
def _(county: County) -> Try:
    both(county, "bur_share", "bur_head")
    county.fill("unit_clerk", "f10", {"exchange_plan": ["a"], "infra_plan": ["b"], "management_rules": ["c"]})
    county.fill("bur_share", "f11", POINTS)
    return signature("bur_head", "f11")


@refuses("f12", at="funded", found="两方案未核准")
def _(_county: County) -> Try:
    return form("unit_lead", "f12", PACKAGES)


@refuses("f12", at="endorsed", found="采购包合计超过批复")
def _(_county: County) -> Try:
    dear = [{"name": "平台", "budget": 234 * WAN, "content": ["平台软件"], "method": "公开招标"}]
    return form("unit_lead", "f12", {"packages": dear})


@refuses("f12", at="endorsed", found="采购包合计超过批复")
def _(county: County) -> Try:
    county.fill("unit_lead", "f12", PACKAGES)
    county.fill("unit_clerk", "f12r", AWARD | {"notice_on": county.today})
    return form("unit_lead", "f12", PACKAGES)  # what has been awarded stays, and this comes on top of it


@refuses("signs f12", at="endorsed", found="签批了自己填报的f12")
def _(county: County) -> Try:
    both(county, "unit_lead", "fin_proc")
    county.fill("unit_lead", "f12", PACKAGES)
    return signature("fin_proc", "f12")


@refuses("f12r", at="endorsed", found="award_within_budget")
def _(county: County) -> Try:
    county.fill("unit_lead", "f12", PACKAGES)
    return form("unit_clerk", "f12r", AWARD | {"price": 231 * WAN, "notice_on": county.today})


@refuses("signs f12r", at="endorsed", found="签批了自己填报的f12r")
def _(county: County) -> Try:
    both(county, "unit_clerk", "fin_proc")
    county.fill("unit_lead", "f12", PACKAGES)
    county.fill("unit_clerk", "f12r", AWARD | {"notice_on": county.today})
    return signature("fin_proc", "f12r")


@refuses("f13", at="endorsed", found="不是与成交供应商所签")
def _(county: County) -> Try:
    county.fill("unit_lead", "f12", PACKAGES)
    county.fill("unit_clerk", "f12r", AWARD | {"notice_on": county.today})
    return form("unit_clerk", "f13", CONTRACT | {"signed_on": county.today, "supplier": "河朔信息监理"})


@refuses("f13", at="endorsed", found="contracted_within_the_award")
def _(county: County) -> Try:
    county.fill("unit_lead", "f12", PACKAGES)
    county.fill("unit_clerk", "f12r", AWARD | {"notice_on": county.today})
    return form("unit_clerk", "f13", CONTRACT | {"signed_on": county.today, "amount": 227 * WAN})


@refuses("signs f13", at="endorsed", found="既起草又签批了 contract")
def _(county: County) -> Try:
    both(county, "unit_clerk", "unit_head")
    county.fill("unit_lead", "f12", PACKAGES)
    county.fill("unit_clerk", "f12r", AWARD | {"notice_on": county.today})
    county.fill("unit_clerk", "f13", CONTRACT | {"signed_on": county.today})
    return signature("unit_head", "f13")


# -- building ----------------------------------------------------------------------------------------------------------


@refuses("f13s", at="contracted", found="不独立或者无证明")
def _(county: County) -> Try:
    return form("unit_lead", "f13s", SUPERVISION | {"supervisor": "云台数科", "signed_on": county.today})


@refuses("f15k", at="contracted", found="没有监理而开工")
def _(county: County) -> Try:
    return form("unit_lead", "f15k", {"start_on": county.today, "plan_end": county.today})


@refuses("f15b", at="built", found="低于上次")
def _(county: County) -> Try:
    county.fill("builder_pm", "f15b", {"progress": 50})
    return form("builder_pm", "f15b", {"progress": 40})


@refuses("f15m", at="built", found="在暂停、终止之后")
def _(county: County) -> Try:
    measure(county, "暂停建设")
    return form("sup_eng", "f15m", {"progress": 50})


@refuses("f15c", at="built", found="早于开工或者晚于今天")
def _(county: County) -> Try:
    return form("sup_eng", "f15c", {"completed_on": county.today - timedelta(days=300), "certificate": ["d"]})


@refuses("records completion_date", at="built", found="在暂停、终止之后竣工")
def _(county: County) -> Try:
    county.fill("sup_eng", "f15c", {"completed_on": county.today, "certificate": ["d"]})
    measure(county, "暂停建设")
    county.project.state = "SUSPENDED"
    county.session.flush()
    return confirmation("unit_lead", "completion_date")


def _raise(county: County, delta: int = WAN) -> None:
    changed = {"type": ["投资"], "delta": delta, "reason": "增加接口", "before": "一", "after": "二"}
    county.fill("unit_lead", "f14", changed)


@refuses("f14", at="built", found="变更 1 在暂停、终止之后")
def _(county: County) -> Try:
    measure(county, "暂停建设")
    return form("unit_lead", "f14", {"type": ["工期"], "delta": 0, "reason": "雨季"})


@refuses("signs f14", at="built", found="签批了自己填报的f14")
def _(county: County) -> Try:
    both(county, "unit_lead", "unit_head")
    county.fill("unit_lead", "f14", {"type": ["工期"], "delta": 0, "reason": "雨季"})
    return signature("unit_head", "f14")


@refuses("records approved_estimate", at="built", found="概算不是发改委批复的")
def _(county: County) -> Try:
    _raise(county)
    county.sign("bur_section", "f14")
    county.sign("bur_head", "f14")
    return form("fin_perf", "f00s", {"result": "同意", "opinion": "同意"}, records="approved_estimate")


@refuses("f13", at="built", found="补充合同 HT-2 没有同意的变更（第十七条）")
def _(county: County) -> Try:
    _raise(county)
    nodes = [{"name": "补充款", "kind": "进度", "percent": 100, "amount": WAN, "after_acceptance": False}]
    told = {"no": "HT-2", "supplement_to": "HT-1", "change": 1, "amount": WAN, "pay_nodes": nodes}
    return form("unit_clerk", "f13", CONTRACT | told | {"signed_on": county.today})


# -- acceptance --------------------------------------------------------------------------------------------------------


def _unregistered(county: County) -> None:
    county.session.add(ResourceItem(project_id=county.project.id, name="未登记的资源"))
    county.session.flush()


@refuses("f16a", at="completed", found="信息资源未登记而申请验收")
def _(county: County) -> Try:
    _unregistered(county)
    return form("unit_clerk", "f16a", APPLICATION)


@refuses("f16h", at="completed", found="未接入大数据平台而核准验收")
def _(county: County) -> Try:
    county.fill("unit_clerk", "f16a", APPLICATION)
    return form("bur_section", "f16h", {"conclusion": "核准", "basis": "符合"})


def _verified(county: County) -> None:
    county.fill("unit_clerk", "f16a", APPLICATION)
    county.fill("bur_share", "f16s", {"access": "已接入", "items_ok": True})
    county.fill("bur_section", "f05z", {"experts": [{"expert": "expert4"}], "reason": "指派"})


@refuses("signs f16h", at="completed", found="four_eyes")
def _(county: County) -> Try:
    both(county, "bur_section", "bur_head")
    _verified(county)
    county.fill("bur_section", "f16h", {"conclusion": "核准", "basis": "符合"})
    return signature("bur_head", "f16h")


@refuses("f05z", at="completed", found="只指派了评审过的专家")
def _(county: County) -> Try:
    county.fill("unit_clerk", "f16a", APPLICATION)
    return form("bur_section", "f05z", {"experts": [{"expert": "expert0"}], "reason": "指派"})


@refuses("f16m", at="completed", found="没有指派专家签到")
def _(county: County) -> Try:
    _verified(county)
    who = [{"name": "expert4", "role": "指派专家", "signed": False}]
    return form("unit_lead", "f16m", {"held_on": county.today, "place": "大厅", "participants": who})


@refuses("f16e", at="completed", found="未经指派的人")
def _(county: County) -> Try:
    _verified(county)
    return form("expert3", "f16e", {"conclusion": "合格"})


@refuses("f16g", at="completed", found="passing_needs_consent")
def _(county: County) -> Try:
    _verified(county)
    county.meet(signed=True)
    return form("expert4", "f16g", {"conclusion": "通过", "text": "-"})


@refuses("f16g", at="accepted", found="的结论“通过”被改写")
def _(_county: County) -> Try:
    return form("expert4", "f16g", {"conclusion": "不合格", "text": "-", "items": [{"problem": "一"}]})


@refuses("f16f", at="completed", found="在验收通过之前")
def _(_county: County) -> Try:
    return form("unit_clerk", "f16f", {key: ["x"] for key in ("acceptance_report", "summary")})


@refuses("records filing_confirmation", at="accepted", found="信息资源未登记而确认验收材料")
def _(county: County) -> Try:
    materials = ("acceptance_report", "summary", "catalogue", "sharing_report")
    county.fill("unit_clerk", "f16f", {key: ["x"] for key in materials})
    _unregistered(county)
    return confirmation("bur_clerk", "filing_confirmation")


@refuses("f16o", at="accepted", found="早于验收投入运行而不说明理由")
def _(county: County) -> Try:
    return form("unit_lead", "f16o", {"online_on": county.today - timedelta(days=9)})


@refuses("f19", at="completed", found="延期报告的新时间不晚于报告之日")
def _(county: County) -> Try:
    told = {"reason_class": "测评", "reason": "等保测评排期" * 6, "new_date": county.today - timedelta(days=1)}
    return form("unit_lead", "f19", told)


@refuses("signs f19", at="completed", found="既起草又签批了 extension")
def _(county: County) -> Try:
    both(county, "unit_lead", "unit_head")
    told = {"reason_class": "测评", "reason": "等保测评排期" * 6, "new_date": county.today + timedelta(days=300)}
    county.fill("unit_lead", "f19", told)
    return signature("unit_head", "f19")


# -- operation, inspection, audit --------------------------------------------------------------------------------------


@refuses("f20a", at="operating", found="运维申请四项方案不全")
def _(_county: County) -> Try:
    return form("unit_clerk", "f20a", {"fy": 2027, "amount": WAN, "basis": "-"})


@refuses("f25s", at="operating", found="运行未满一年而评价")
def _(_county: County) -> Try:
    weights = {"weight_operation": 30, "weight_sharing": 30, "weight_performance": 40}
    return form("bur_section", "f25s", {"evaluation_mode": "第三方", "evaluator": "太行绩效评价"} | weights)


def _evaluates(county: County) -> None:
    county.wait(366)
    weights = {"weight_operation": 30, "weight_sharing": 30, "weight_performance": 40}
    county.fill("bur_section", "f25s", {"evaluation_mode": "第三方", "evaluator": "太行绩效评价"} | weights)
    scores = {"operation_score": 90, "sharing_score": 90, "performance_score": 90}
    county.fill("eval_user", "f25e", scores)


@refuses("signs f25e", at="operating", found="没有评分而签发")
def _(county: County) -> Try:
    _evaluates(county)
    county.sign("bur_head", "f25e")
    county.session.query(Evaluation).one().total_centi = None
    county.session.flush()
    return signature("fin_head", "f25e")


@refuses("f29", at="operating", found="进入 DECOMMISSIONING 而没有测评报告")
def _(_county: County) -> Try:
    return form("unit_clerk", "f29", {"reason": "停用", "data_plan": "移交"})


@refuses("signs f29", at="operating", found="签批了自己填报的f29")
def _(county: County) -> Try:
    both(county, "unit_clerk", "bur_head")
    report = {"report": ["x"], "assessor": "怀川测评", "assessed_on": county.today}
    county.fill("unit_clerk", "f29", {"reason": "停用", "data_plan": "移交"} | report)
    return signature("bur_head", "f29")


def _ordered(county: County) -> None:
    items = [{"problem": "一", "requirement": "改"}, {"problem": "二", "requirement": "改"}]
    limit = county.today + timedelta(days=20)
    county.fill("bur_head", "f31", {"items": items, "basis": "第三十一条", "limit": limit})


@refuses("f26", at="built", found="在整改期满之前")
def _(county: County) -> Try:
    _ordered(county)
    return form("bur_insp", "f26", {"kind": "暂缓拨付", "facts": "未整改", "reason": "严重"})


@refuses("signs f26", at="built", found="four_eyes")
def _(county: County) -> Try:
    both(county, "bur_insp", "bur_head")
    _ordered(county)
    county.wait(30)
    county.fill("bur_insp", "f26", {"kind": "通报批评", "facts": "未整改"})
    county.fill("unit_lead", "f26s", {"position": "没有异议", "statement": "没有异议。"})
    return signature("bur_head", "f26")


@refuses("signs f26", at="built", found="在听取陈述申辩之前采取措施")
def _(county: County) -> Try:
    _ordered(county)
    county.wait(30)
    county.fill("bur_insp", "f26", {"kind": "通报批评", "facts": "未整改"})
    return signature("bur_head", "f26")


def _scored(county: County, **changes: object) -> None:
    """A unit's sharing of last year has been computed, and settled as the changes say."""
    county.session.add(
        SharingScore(
            year=county.today.year - 1, unit_id=county.project.unit_id, instance_id=county.instance.id, computed=70,
            score=70, **changes,
        )
    )  # fmt: skip
    county.session.flush()


@refuses("f21s", at="built", found="adjusted_with_reason")
def _(county: County) -> Try:
    _scored(county)
    return form("bur_share", "f21s", {"adjustments": [{"unit": str(county.project.unit_id), "score": 50}]})


@refuses("records sharing_sheet", at="built", found="four_eyes")
def _(county: County) -> Try:
    _scored(county, settled_by="bur_head")
    return form("bur_head", "f00s", {"result": "同意", "opinion": "已阅。"}, records="sharing_sheet")


@refuses("f17c", at="built", found="未经复查而确认")
def _(county: County) -> Try:
    _ordered(county)
    done = [{"problem": one, "measure": "已改", "done_on": county.today} for one in ("一", "二")]
    county.fill("unit_lead", "f17", {"items": done})
    return form("bur_insp", "f17c", {"items": [{"problem": "一", "result": "通过"}]})


@refuses("signs f30", at="built", found="签批了自己填报的f30")
def _(county: County) -> Try:
    both(county, "aud_clerk", "aud_head")
    county.fill("aud_clerk", "f30", {"findings": [{"fact": "一"}], "result": "达标"})
    return signature("aud_head", "f30")


@refuses("records platform_no", at="completed", found="未填登记编号而登记")
def _(_county: County) -> Try:
    return form(
        "bur_share", "f23", {"name": "产业园台账", "platform_no": "", "update_cycle": "月"}, records="platform_no"
    )


# -- what follows building ---------------------------------------------------------------------------------------------


@refuses("f32", at="contracted", found="的资产合计超过合同")
def _(_county: County) -> Try:
    return form("unit_clerk", "f32", {"name": "平台", "code": "ZC-1", "value": 227 * WAN, "keeper": "甲"})


@refuses("f33", at="new", found="不迁往政务云")
def _(county: County) -> Try:
    told = {"system": "某系统", "from_place": "局机房", "to_place": "局新机房", "planned_on": county.today}
    return form("unit_clerk", "f33", told)


@refuses("f34", at="operating", found="尚未发生")
def _(county: County) -> Try:
    told = {"happened_at": county.now + timedelta(days=1), "level": "一般", "what": "网页被篡改。"}
    return form("unit_clerk", "f34", told)


def _corrected(county: County, days: int) -> dict[str, object]:
    new = (county.today + timedelta(days=days)).isoformat()
    return {"what": "completed_on", "new": new, "reason": "录入有误。", "proof": ["p"]}


@refuses("f35", at="completed", found="的竣工日期晚于今天")
def _(county: County) -> Try:
    return form("unit_lead", "f35", _corrected(county, 1))


@refuses("signs f35", at="completed", found="four_eyes")
def _(county: County) -> Try:
    both(county, "unit_lead", "bur_head")
    county.wait(5)
    county.fill("unit_lead", "f35", _corrected(county, -3))
    return signature("bur_head", "f35")


@refuses("records feedback_answer", at="completed", found="answered_in_words")
def _(county: County) -> Try:
    item = county.session.query(ResourceItem).one()
    county.fill("unit_clerk", "f24", {"resource": str(item.id), "kind": "数据错误", "text": "有误。"})
    return confirmation("unit_clerk", "feedback_answer", note="")


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: f"{one.key}-{one.found}")
def test_without_its_check_a_recorder_writes_what_is_forbidden(scenario: Scenario) -> None:
    with at(scenario.stage) as county:
        who, form_id, answers, properties = scenario.attempt(county)
        before = read(county.session, now=county.now)
        with pytest.raises(RegulationViolation):
            county.fill(who, form_id, answers, **properties)
        county.session.expire_all()
        assert forbidden(before, read(county.session, now=county.now)) == []
        with unchecked(scenario.key):
            try:
                county.fill(who, form_id, answers, **properties)
            except IntegrityError as refused:
                assert scenario.found in str(refused.orig)  # noqa: PT017 -- either the judge or the database
                return
        found = forbidden(before, read(county.session, now=county.now))
        assert any(scenario.found in one for one in found), found


# -- every recorder, whatever it checks --------------------------------------------------------------------------------


@pytest.mark.parametrize("key", KEYS)
def test_without_its_office_a_recorder_lets_strangers_decide(key: str) -> None:
    """Who must not record a form is refused; a recorder that forgot its offices is found by the judge."""
    table, name = table_of(key)
    recorder = table[name]
    properties = {} if table is RECORDERS else {"signs" if table is SIGNATURES else "records": name}
    answers = {"result": "同意", "secret": False}
    with at("filed") as county:
        stranger = next(who for who, actor in county.actors.items() if not actor.roles & recorder.roles)
        if table is SIGNATURES:
            author = next(who for who, actor in county.actors.items() if actor.roles != county.actors[stranger].roles)
            county._task(author, name, {"answer": "-"}, {})
        before = read(county.session, now=county.now)
        with pytest.raises(RegulationViolation) as refused:
            county.fill(stranger, recorder.form_id, answers, **properties)
        assert [one.gate for one in refused.value.refusals] == ["ROLE"]
        table[name] = replace(recorder, record=lambda _work: None, roles=frozenset())
        try:
            county.fill(stranger, recorder.form_id, answers, **properties)
        finally:
            table[name] = recorder
        said = key.removeprefix("records ")
        assert said in OFFICES
        assert f"{stranger} 办理了{said}（第五条）" in forbidden(before, read(county.session, now=county.now))


@pytest.mark.parametrize("state", ["REMOVED", "EXEMPT"])
@pytest.mark.parametrize("key", [key for key in KEYS if key not in {"f01", "f01n", "signs f02s", "f24", "f33"}])
def test_a_closed_file_takes_no_form(key: str, state: str) -> None:
    """第十八条, 第三十四条: whatever the form, a removed or exempt project takes it no more."""
    table, name = table_of(key)
    recorder = table[name]
    properties = {} if table is RECORDERS else {"signs" if table is SIGNATURES else "records": name}
    with at("filed") as county:
        county.project.state = state
        county.session.flush()
        who = next((who for who, actor in county.actors.items() if actor.roles & recorder.roles), "")
        if not who:  # offices that this small county has not filled
            who, role = "bur_insp", min(recorder.roles)
            county.actors[who] = replace(county.actors[who], roles=frozenset({role}))
        before = read(county.session, now=county.now)
        with pytest.raises(RegulationViolation) as refused:
            county.fill(who, recorder.form_id, {"result": "同意"}, **properties)
        assert {"REMOVED": "G-20", "EXEMPT": "G-38"}[state] in {one.gate for one in refused.value.refusals}
        county.session.expire_all()
        assert forbidden(before, read(county.session, now=county.now)) == []


UNASKED: Mapping[str, str] = {
    "f01n": "opens a year's plan; there is nothing it could write too early",
    "f04s": "states what the sharing section found; whatever it says is what counts",
    "f09b": "a suggestion, which arranges nothing",
    "f16s": "states what the sharing section found",
    "f16p": "a preliminary acceptance has no consequence",
    "f17": "the unit's own words on its items, which the bureau checks",
    "f20": "plans count only once they are accepted",
    "f21": "documents that the unit hands in, or says it cannot",
    "f21i": "findings, from which the order follows",
    "f22": "a draft entry, which takes effect with acceptance",
    "f23": "metadata of a resource",
    "f24": "without a registered resource it writes nothing",
    "f25e": "a score sheet of an evaluation that is going on; without one it cannot write",
    "f25u": "the unit's own report",
    "f26s": "the unit's own words on a measure; without one that waits there is nothing to answer",
    "f27": "a record of what another office was told",
    "f28": "the unit's own reasons, which both offices judge",
    "f30": "findings that take effect when the head of audit signs",
    "f31": "an order names what is to be mended; nothing forbids giving one",
    "signs f02s": "submits the plan of all units to the county government",
    "signs f22": "without a draft entry it has nothing to check",
    "signs f28": "without a statement it has nothing to judge",
    "records contract_published": "closes two periods of the contract's own",
    "records countersign": "without a signed opinion there is nothing to countersign",
    "records exemption_confirmed": "confirms a document for a machine room; the head's office is what counts",
    "records extension": "without a signed report it registers nothing",
    "records extension_beyond": "without a signed report it registers nothing",
    "records incident_closed": "without an open incident it closes nothing",
    "records migration_check": "without a reported migration it confirms nothing",
    "records catalogue_assets": "reads an entry that was checked, or takes the check back",
    "records catalogue_check": "without a draft entry it has nothing to check",
    "records library_list": "signs the list of what the year has removed already",
    "records manual_lift": "a hold falls only when its facts do",
    "records om_plans": "accepts or deletes what was filed",
    "records om_reply": "says whether the unit applies again",
    "records resource_update": "says that a resource is up to date",
    "records revision_check": "the leader's word on a revised filing; the signature on F-06 asks again",
    "records source_of_funds": "states where the money comes from, of an agreed change only",
    "records supervision_plan": "the supervisor's own plan",
    "records supervisor_opinion": "the supervisor's own opinion",
    "records third_attempt": "the head's own decision",
    "records urging": "a reminder",
}
"""Recorders whose only checks are the office and the closed file, both tested for all above, each with the reason."""


def test_every_recorder_has_a_scenario_or_a_reason() -> None:
    told = {scenario.key for scenario in SCENARIOS}
    assert set(KEYS) - told == {key for key, why in UNASKED.items() if why}
    assert not told & {key for key, why in UNASKED.items() if why}


def test_the_judge_is_silent_about_a_lawful_life() -> None:
    """From the plan to operation no step is called forbidden: the judge finds what is wrong, and nothing else."""
    stages = ["planned", "library", "approved", "funded", "endorsed", "contracted", "built", "completed", "accepted"]
    pictures = []
    for stage in ["new", *stages, "operating"]:
        with at(stage) as county:
            pictures.append(read(county.session, now=county.now))
    for before, after in pairwise(pictures):
        assert forbidden(before, after) == [] or _many_states(before, after)
    assert any(row.state == "OPERATING" for row in pictures[-1].rows["project"])


def _many_states(before: Any, after: Any) -> bool:
    """A stage takes several forms at once, so the machine's own steps are not seen between two pictures."""
    return all("状态机不允许" in one for one in forbidden(before, after))
