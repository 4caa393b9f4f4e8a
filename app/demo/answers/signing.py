"""Signing and confirming: F-00s and F-00c, with the sentence that fits what is signed."""

from __future__ import annotations

from app.demo.case import Answers, Case, form, task

SENTENCES = {
    "unit_head": "经研究，同意上报。",
    "bur_head": "同意。请按程序办理。",
    "bur_section": "经审查，符合要求，同意。",
    "bur_share": "数据共享和接入安排可行，同意。",
    "gov_office": "经县政府研究，同意会签。",
    "drc_head": "同意。",
    "fin_head": "同意，按预算管理规定执行。",
    "fin_pay": "票据和审签手续齐全，同意支付。",
    "fin_proc": "采购方式符合规定，同意备案。",
    "fin_perf": "绩效目标明确，同意。",
    "fin_budget": "资金来源可行，同意。",
    "aud_head": "同意审计结果。",
    "sup_eng": "情况属实，同意。",
    "cac_officer": "网络安全责任明确，同意。",
    "sec_officer": "介质处理方案符合保密要求，同意。",
}


@form("f00s")
def sign(case: Case) -> Answers:
    """F-00s 签批."""
    roles = [role for role in case.task.roles if role in SENTENCES]
    return {"result": "同意", "opinion": SENTENCES[roles[0]] if roles else "同意。"}


@form("f00c")
def confirm(case: Case) -> Answers:
    """F-00c 确认."""
    del case
    return {"result": "属实", "note": "经核对，情况属实。"}


@task("p06_procurement.publish_notice")
def notice(case: Case) -> Answers:
    """F-00c: the notice has been published."""
    return {"result": "属实", "note": f"采购意向已公开满30日，采购公告于{case.today:%Y-%m-%d}发布。"}


@task("p09_acceptance.urge")
def urge(case: Case) -> Answers:
    """F-00c: the bureau has urged an overdue acceptance."""
    return {"result": "属实", "note": f"已电话并书面督办{case.unit.short}，要求尽快组织验收或者说明原因。"}


@task("p15_inspection.state")
def state(case: Case) -> Answers:
    """F-26s: the unit's statement before a measure."""
    del case
    return {"position": "没有异议", "statement": "对认定事实无异议，将继续落实整改。"}
