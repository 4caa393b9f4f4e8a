"""Construction and change: F-13s, F-15k, F-15b, F-15m, F-15c, F-14."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from app.demo.case import CENT, Answers, Case, amount, form
from app.demo.desk import Paper


@form("f13s")
def supervision(case: Case) -> Answers:
    """F-13s: the supervision contract."""
    company = case.company("supervisor")
    return {
        "supervisor": company.name,
        "chief_engineer": company.people[0].name,
        "no": f"XWJL-{case.today.year}-{case.plan.no[-5:]}",
        "signed_on": case.today.isoformat(),
        "amount": amount((case.plan.total * Decimal("0.01")).quantize(CENT)),
        "evidence": Paper(
            f"{company.short}信息系统工程监理能力证明", ("符合GB/T 19668要求，持有信息系统监理服务能力证书。",)
        ),
        "affiliation": "无关联",
        "file": Paper(f"{case.system}监理合同", (f"委托方：{case.unit.name}", f"监理方：{company.name}")),
    }


@form("f15k")
def start_order(case: Case) -> Answers:
    """F-15k: the start order, or the beginning of a service."""
    service = case.plan.row.get("service")
    end = case.plan.day("plan_end") or case.plan.day("completed") or case.today + timedelta(days=300)
    if service:
        start, finish = service
    else:
        start, finish = case.today.isoformat(), max(end, case.today + timedelta(days=30)).isoformat()
    case.notes["started_on"] = date.fromisoformat(start)
    return {"start_on": start, "plan_end": finish, "note": "各方已进场，准备工作就绪。"}


def progress(case: Case) -> int:
    """Return the progress of this month: the story's own figures, else evenly towards the end."""
    figures = case.plan.row.get("progress")
    if figures:
        return int(figures[min(case.visit, len(figures) - 1)])
    end = case.plan.day("completed") or case.plan.day("plan_end")
    start = case.notes["started_on"]
    if end is None or end <= start:
        return min(95, 10 + 15 * case.visit)
    return max(5, min(98, int(100 * (case.today - start).days / (end - start).days)))


@form("f15b")
def builder_report(case: Case) -> Answers:
    """F-15b: the builder's monthly progress."""
    reached = case.notes["progress"] = max(progress(case), int(case.notes.get("progress", 0)))
    return {
        "progress": reached,
        "period_end": case.today.isoformat(),
        "text": f"本月完成{case.system}当期开发和联调任务，累计进度{reached}%。",
        "next_text": "按计划推进下一阶段开发和测试。",
    }


@form("f15m")
def supervisor_report(case: Case) -> Answers:
    """F-15m: the supervisor's monthly report."""
    last = case.today.replace(day=1) - timedelta(days=1)
    return {
        "month": f"{last:%Y-%m}",
        "progress": int(case.notes.get("progress", 0)),
        "quality": "正常",
        "cost": "正常",
        "schedule": "正常",
        "contract": "正常",
        "security": "正常",
        "serious": False,
    }


@form("f15c")
def certificate(case: Case) -> Answers:
    """F-15c: the completion certificate; the date is the one that the file gives."""
    day = case.plan.day("completed") or case.today
    return {
        "completed_on": day.isoformat(),
        "text": "合同约定的建设内容已经完成，自检和测试合格，文档齐全，具备验收条件。",
        "certificate": Paper(
            f"{case.system}竣工证明书", (f"竣工日期：{day.isoformat()}", f"监理单位：{case.company('supervisor').name}")
        ),
    }


@form("f14")
def change(case: Case) -> Answers:
    """F-14: a change that raises the investment."""
    _day, total = case.plan.row["change"]
    delta = Decimal(total) - case.plan.total
    return {
        "type": ["内容", "投资"],
        "before": f"总投资{case.plan.total}万元，覆盖食品、药品和特种设备三类监管。",
        "after": f"增加电子商务监测模块，总投资{total}万元。",
        "objective_changed": False,
        "main_module_changed": True,
        "delta": amount(delta),
        "reason": "上级部署网络交易监测任务，原方案没有包含，需要增加一个主要模块和相应接口。",
        "cost_proof": Paper(f"{case.system}变更造价说明", (f"增加投资{delta}万元，依据为功能点测算。",)),
        "fund_source": "县级",
        "interface_changed": True,
        "infrastructure_changed": False,
    }
