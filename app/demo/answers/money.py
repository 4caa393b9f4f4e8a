"""Money: F-09b, F-09 and its result, F-18, F-18p."""

from __future__ import annotations

from decimal import Decimal

from app.demo.case import Answers, Case, amount, form, task
from app.demo.desk import Paper

OCTOBER = 10
FUND = {"T": "建设", "L": "建设", "G": "购买服务", "Y": "运维"}


def arranged(case: Case) -> Decimal:
    """Return what this line arranges in 万元: the story's own figure for the year, else the whole public money."""
    if case.notes.get("fund"):
        return Decimal(str(case.notes["arranges"]))
    wanted = case.notes.get("budget", {}).get(budget_year(case))
    return Decimal(wanted) if wanted is not None else (case.plan.money("public_share") or case.plan.total)


def budget_year(case: Case) -> int:
    """Return the year of the line: as noted when it was suggested, else this one, from October on the next."""
    if case.notes.get("fund"):
        return int(case.notes["budget_fy"])
    if case.task.element == "suggest" or "line_fy" not in case.notes:
        case.notes["line_fy"] = max(case.plan.fy, case.today.year + (1 if case.today.month >= OCTOBER else 0))
    return int(case.notes["line_fy"])


def _fund(case: Case) -> str:
    return str(case.notes.get("fund") or FUND[case.plan.path])


@form("f09b")
def suggestion(case: Case) -> Answers:
    """F-09b: the bureau's suggestion."""
    return {
        "suggestion": amount(arranged(case)),
        "rank": case.plan.serial,
        "fund_type": _fund(case),
        "reason": "已完成审核和批复，建设条件成熟，建议按财力统筹安排。",
    }


@form("f09")
def line(case: Case) -> Answers:
    """F-09: finance's line."""
    wanted = arranged(case)
    return {
        "fy": budget_year(case),
        "fund_type": _fund(case),
        "kind": "年度",
        "requested": amount(case.plan.money("public_share") or case.plan.total)
        if _fund(case) != "运维"
        else amount(wanted),
        "suggested": amount(wanted),
        "arranged": amount(wanted),
        "function_code": "2010499",
        "economic_code": "50306" if _fund(case) == "建设" else "50205",
    } | ({"reason": "系统为群众办事必需，整改已完成，确需保障基本运行。"} if _fund(case) == "运维" else {})


@task("p04_budget.record_result")
def result(case: Case) -> Answers:
    """F-09 as result: what the people's congress approved."""
    found = line(case)
    case.notes.pop("fund", None)
    return found | {
        "doc_no": f"修人常〔{case.today.year}〕{3 + case.today.month}号",
        "approved_on": case.today.isoformat(),
    }


@task("p04c_carry_over.propose", "p04c_carry_over.record_result")
def carried(case: Case) -> Answers:
    """F-09 as carry-over: what earlier years have left, as the page shows it."""
    paper = {"doc_no": f"修财预〔{case.today.year}〕3号", "approved_on": case.today.isoformat()}
    return {
        "fy": case.today.year,
        "fund_type": FUND[case.plan.path],
        "kind": "结转",
        "arranged": case.shown["project"]["unspent"],
        "function_code": "2010499",
        "economic_code": "50306" if FUND[case.plan.path] == "建设" else "50205",
    } | (paper if case.task.element == "record_result" else {})


@form("f18")
def payment(case: Case) -> Answers:
    """F-18: the application for the contract's next node."""
    name, value = case.notes["payments"][case.task.instance_id]
    contract = next(
        one for one in case.shown["contract_options"] if str(one["label"]).startswith(case.notes["contract_no"])
    )
    node = next(
        one for one in case.shown["node_options"] if one["label"] == name and one["contract_id"] == contract["value"]
    )
    company = case.company("builder")
    return {
        "contract": contract["value"],
        "node": node["value"],
        "amount": amount(Decimal(value)),
        "invoice_no": f"24{case.plan.fy % 100}{case.plan.serial:03d}{case.today:%m%d}",
        "payee_account": f"{company.short} 4100{case.plan.serial:04d}{case.plan.fy}",
        "certificate": Paper(f"{case.system}支付证书（{name}）", ("经核对，已完成合同约定的工作量，同意支付。",)),
        "invoice": Paper(f"{case.system}发票（{name}）", (f"销售方：{company.name}", f"购买方：{case.unit.name}")),
    }


@form("f18p")
def paid(case: Case) -> Answers:
    """F-18p: the payment was made."""
    return {
        "paid_on": case.today.isoformat(),
        "voucher_no": f"PZ{case.today:%Y%m%d}{case.plan.serial:03d}",
        "amount": amount(Decimal(case.notes["payments"][case.task.instance_id][1])),
    }
