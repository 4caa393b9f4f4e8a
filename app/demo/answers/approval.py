"""Approval: F-07, F-07L, F-08a, F-08i, F-08, F-09r."""

from __future__ import annotations

from app.demo.case import Answers, Case, amount, form, task
from app.demo.desk import Paper


@form("f07")
def request(case: Case) -> Answers:
    """F-07: the application to the DRC."""
    return {
        "approval_type": "初设概算",
        "requested_total": amount(case.plan.money("public_share") or case.plan.total),
        "feasibility_version": "V1.0",
        "feasibility": Paper(
            f"{case.system}可行性研究报告（报批稿）", (f"建设单位：{case.unit.name}", "已按审核意见修改完善。")
        ),
    }


@form("f07l")
def joint(case: Case) -> Answers:
    """F-07L: the cooperation file of a joint project."""
    partner = case.company("builder")
    return {
        "partner_name": partner.name,
        "partner": partner.credit_code,
        "public_share": amount(case.plan.money("public_share")),
        "term": 5,
        "data_owner": "政府方",
        "forms_public_asset": True,
        "exit": "合作期满或者提前终止的，企业方在30日内移交全部数据、接口和运行文档，政府方按约定接管。",
        "asset_ownership": "政府出资形成的资产归政府方，企业出资形成的资产在合作期满后无偿移交。",
        "agreement": Paper(f"{case.system}合作协议", (f"甲方：{case.unit.name}", f"乙方：{partner.name}")),
    }


@form("f08a")
def appraisal(case: Case) -> Answers:
    """F-08a: the DRC's assessment."""
    return {
        "org": "县发展改革委组织的评估小组",
        "result": "可行",
        "text": f"{case.system}建设依据充分，规模适当，投资估算合理，建议按程序征求行业审查意见后批复。",
    }


@form("f08i")
def industry(case: Case) -> Answers:
    """F-08i: the industry opinion to the DRC."""
    return {
        "conclusion": "同意",
        "feasibility_version": "V1.0",
        "text": f"经审查，{case.system}已通过我局组织的专家评审，符合共建共享要求，同意立项。",
    }


@form("f08")
def decision(case: Case) -> Answers:
    """F-08: the DRC's decision."""
    return {
        "decision": "批准",
        "approved_total": amount(case.plan.money("public_share") or case.plan.total),
        "doc_no": f"修发改审批〔{case.today.year}〕{10 + case.plan.serial}号",
        "decided_on": case.today.isoformat(),
    }


@form("f09r")
def service_plan(case: Case) -> Answers:
    """F-09r, the unit's part."""
    return {
        "requested": amount(case.plan.money("public_share") or case.plan.total),
        "years": 1,
        "price_basis": "参照省内三个同类县区的成交价格，按服务人数和接口数量测算。",
        "plan": Paper(f"{case.system}服务方案", ("一、服务内容", "二、服务标准", "三、考核和付款")),
    }


@task("p03b_service.review_funds")
def service_review(case: Case) -> Answers:
    """F-09r, finance's part."""
    return service_plan(case) | {
        "benchmark": "焦作市同类县区近两年成交均价。",
        "approved": amount(case.plan.money("public_share") or case.plan.total),
    }
