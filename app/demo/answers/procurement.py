"""Before and during procurement: F-10, F-11, F-12, F-12r, F-13."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from app.demo.answers.review import budget_lines
from app.demo.case import CENT, Answers, Case, amount, form
from app.demo.desk import Paper

POINTS = ("interface", "platform", "cloud", "network", "security")
OPEN_TENDER_FROM = Decimal(200)
"""万元 from which the demonstration's county tenders openly; below it negotiates with three or more (竞争性磋商)."""
NODES = {
    "30-40-27-3": (("预付款", "预付", 30), ("进度款", "进度", 40), ("验收款", "验收", 27), ("质保金", "质保", 3)),
    "30-40-25-5": (("预付款", "预付", 30), ("进度款", "进度", 40), ("验收款", "验收", 25), ("质保金", "质保", 5)),
    "30-40-30": (("预付款", "预付", 30), ("进度款", "进度", 40), ("验收款", "验收", 30)),
    "quarters": (
        ("一季度款", "进度", 25),
        ("二季度款", "进度", 25),
        ("三季度款", "进度", 25),
        ("四季度款", "进度", 25),
    ),
    "60-40": (("进度款", "进度", 60), ("验收款", "验收", 40)),
}
"""Names of the contracts' schedules of payment → (name, kind, percent)."""


@form("f10")
def two_plans(case: Case) -> Answers:
    """F-10: the two plans of 第十四条."""
    stem = case.system
    return {
        "exchange_plan": Paper(f"{stem}数据共享交换平台对接方案", ("一、共享数据范围", "二、接口设计", "三、联调安排")),
        "interfaces": [
            {"name": "业务办理结果推送接口", "direction": "提供", "frequency": "日"},
            {"name": "法人基础信息查询接口", "direction": "调用", "frequency": "实时"},
        ],
        "infra_plan": Paper(
            f"{stem}政务云与政务外网共建共享方案", ("一、云资源需求", "二、网络接入", "三、现有设施的利用")
        ),
        "vcpu": 32,
        "memory_gb": 128,
        "storage_tb": 4,
        "net_ports": 2,
        "reuse": [{"content": "利用县政务云统一身份认证和短信服务"}],
        "management_rules": Paper(
            f"{stem}项目责任制和管理制度", ("一、责任分工", "二、例会和变更管理", "三、资金管理")
        ),
        "security_person": case.unit.people[1].name,
        "security_phone": f"0391-71{case.plan.serial:02d}188",
    }


@form("f11")
def endorsement(case: Case) -> Answers:
    """F-11: the check of both plans, point by point."""
    return {f"{point}_result": "符合" for point in POINTS} | {
        "conclusion": "核准",
        "opinion": f"{case.system}的对接方案和共建共享方案符合要求，同意核准。",
    }


def main_budget(case: Case) -> Decimal:
    """Return the budget of the main package: everything but supervision and assessment, or the public share."""
    share = case.plan.money("public_share")
    if share:
        return share
    if case.plan.path == "Y":
        return case.plan.total
    apart = sum(
        (Decimal(str(line["unit_price"])) for line in budget_lines(case) if line["category"] in {"监理", "测评"}),
        Decimal(0),
    )
    return case.plan.total - apart


def method(case: Case) -> str:
    """Return the method by the county's threshold."""
    return str(case.plan.row.get("method") or ("公开招标" if main_budget(case) >= OPEN_TENDER_FROM else "竞争性磋商"))


@form("f12")
def packages(case: Case) -> Answers:
    """F-12: one package of all approved content but supervision and assessment."""
    offered = [one["value"] for one in case.shown["content_options"]]
    content = [name for name in offered if name not in {"工程监理", "等保与密码测评"}]
    package: Answers = {
        "name": f"{case.system}采购项目",
        "budget": amount(main_budget(case)),
        "content": content,
        "method": method(case),
        "agency": case.county.of_trade("agency")[0].name,
    }
    if method(case) != "公开招标":
        package["legal_reason"] = "预算低于公开招标数额标准，技术复杂，适用竞争性磋商。"
    return {"packages": [package]}


@form("f12r")
def award(case: Case) -> Answers:
    """F-12r: the result, at the contract's price."""
    price = case.plan.money("contract") or (main_budget(case) * Decimal("0.98")).quantize(CENT)
    company = case.company("builder")
    others = [body for body in case.county.of_trade("builder") if body.code != company.code]
    opened = case.before(5)
    return {
        "package": f"{case.system}采购项目",
        "outcome": "成交",
        "notice_no": f"修财采购-{opened.year}-{case.plan.serial + 20}",
        "intention_on": case.before(70).isoformat(),
        "opened_at": opened.isoformat(),
        "bidders": [{"name": company.name, "price": amount(price)}]
        + [{"name": body.name, "price": amount(price + step)} for step, body in enumerate(others, start=1)],
        "winner": company.name,
        "price": amount(price),
        "published_from": opened.isoformat(),
        "published_to": (opened + timedelta(days=3)).isoformat(),
        "notice_on": case.today.isoformat(),
    }


@form("f13")
def contract(case: Case) -> Answers:
    """F-13: the contract with its payment nodes, which add up to the 分."""
    total = case.plan.money("contract") or (main_budget(case) * Decimal("0.98")).quantize(CENT)
    number = f"XWHT-{case.today.year}-{case.plan.no[-5:]}"
    case.notes["contract_no"] = number
    start, end = case.plan.row.get("service") or (
        case.today.isoformat(),
        (case.today + timedelta(days=365)).isoformat(),
    )
    return {
        "no": number,
        "supplier": case.company("builder").name,
        "is_sme": True,
        "signed_on": case.today.isoformat(),
        "amount": amount(total),
        "start_on": start,
        "end_on": end,
        "pay_nodes": nodes(case, total),
        "file": Paper(
            f"{case.system}采购合同",
            (f"合同编号：{number}", f"甲方：{case.unit.name}", f"乙方：{case.company('builder').name}"),
        ),
    }


def nodes(case: Case, total: Decimal) -> list[Answers]:
    """Return the payment nodes; the last takes what rounding leaves."""
    shape = NODES[str(case.plan.row.get("nodes") or "30-40-27-3")]
    left, rows = total, []
    for place, (name, kind, percent) in enumerate(shape, start=1):
        part = left if place == len(shape) else (total * percent / 100).quantize(CENT)
        left -= part
        rows.append({
            "name": name, "kind": kind, "percent": percent, "amount": amount(part),
            "after_acceptance": kind in {"验收", "质保"},
        })  # fmt: skip
    return rows
