"""Inspection, sanctions, not-started statements and audit: F-21i, F-31, F-26, F-27, F-28, F-21, F-30."""

from __future__ import annotations

from datetime import timedelta

from app.demo.case import Answers, Case, form
from app.demo.desk import Paper


@form("f21i")
def findings(case: Case) -> Answers:
    """F-21i: what the inspection found."""
    fact, basis = case.plan.row.get("finding") or ("监理月报反映的问题需要核实", "第三十一条")
    return {
        "inspected_on": case.today.isoformat(),
        "inspectors": "苗思远、祁晨",
        "checklist": [
            {"item": "建设内容与批复一致", "result": "不符合"},
            {"item": "资金使用合规", "result": "符合"},
            {"item": "监理到位", "result": "符合"},
        ],
        "findings": [{"fact": fact, "basis": basis, "level": "较重"}],
    }


@form("f31")
def order(case: Case) -> Answers:
    """F-31: the order to rectify; the limit is what the story says for this visit, else 15 working days."""
    fact, basis = case.plan.row.get("finding") or ("监理月报反映的问题需要核实", "第三十一条")
    case.notes["order_items"] = [fact]
    limit = case.notes.get("order_limit") or case.workday(15).isoformat()
    return {
        "items": [{"fact": fact, "requirement": "立即停止并恢复到批复的建设内容，提交整改报告和佐证。"}],
        "basis": f"《办法》{basis}、第三十一条",
        "limit": limit,
    }


@form("f26")
def measure(case: Case) -> Answers:
    """F-26: the measure that the story names for this visit."""
    kind = str(case.notes["measure"])
    found: Answers = {"kind": kind, "facts": "整改期限届满，经复查，问题仍未整改到位，依据第三十一条提出措施。"}
    if kind in {"暂缓拨付", "暂停建设", "终止"}:
        found |= {
            "skipped": True,
            "skip_reason": "拒不整改，情节较重，需要及时制止。",
            "from_on": case.today.isoformat(),
        }
    return found


@form("f21s")
def sharing_scores(case: Case) -> Answers:
    """F-21s: the scores as they were computed."""
    del case
    return {"adjustments": []}


@form("f27")
def referral(case: Case) -> Answers:
    """F-27: the referral of the builder's default."""
    return {
        "to": "修武县财政局政府采购监督管理股",
        "doc_no": f"修数移〔{case.today.year}〕1号",
        "referred_on": case.today.isoformat(),
        "note": "承建单位未按合同履约，移送政府采购监管部门依法处理。",
    }


@form("f28")
def statement(case: Case) -> Answers:
    """F-28: why work has not started."""
    return {
        "reason": "业务处室尚未就需求达成一致，采购文件没有定稿，当年未能开工。",
        "plan_date": (case.today + timedelta(days=90)).isoformat(),
    }


@form("f21")
def supply(case: Case) -> Answers:
    """F-21: the documents that the audit asked for."""
    return {
        "requests": [{"item": "立项批复、采购文件和合同"}, {"item": "支付凭证和验收资料"}],
        "due": case.workday(5).isoformat(),
        "answer_result": "已提供",
        "answer": Paper(f"{case.system}审计资料清单", ("资料已全部提供。",)),
    }


@form("f30")
def audit(case: Case) -> Answers:
    """F-30: the audit's result as the story says."""
    passed = case.plan.row.get("audit") != "不达标"
    if passed:
        return {"result": "达标"}
    return {
        "findings": [{"fact": case.plan.row["audit_finding"], "basis": "第三十二条", "level": "一般"}],
        "result": "不达标",
        "limit": (case.today + timedelta(days=60)).isoformat(),
    }
