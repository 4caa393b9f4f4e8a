"""The one-year evaluation: F-25s, F-25u, F-25e."""

from __future__ import annotations

from app.demo.case import Answers, Case, form

SCORES = {91: (93, 89, 91), 54: (58, 42, 60), 83: (85, 81, 83), 76: (78, 74, 76), 68: (80, 52, 71)}
"""Total points → the points of operation, sharing and performance (weights 30, 30, 40), of 100 each."""


GOOD, ENOUGH = 70, 60


@form("f25s")
def mode(case: Case) -> Answers:
    """F-25s: by experts, or by the evaluator where the story says so."""
    third = bool(case.plan.row.get("third_party"))
    return {
        "evaluation_mode": "第三方" if third else "专家",
        "evaluator": case.county.of_trade("evaluator")[0].name if third else "县绩效评价专家组",
        "weight_operation": 30,
        "weight_sharing": 30,
        "weight_performance": 40,
    }


@form("f25u")
def self_report(case: Case) -> Answers:
    """F-25u: the unit's self-report."""
    return {
        "availability": 99.6,
        "users": 300 + case.plan.serial * 40,
        "calls": 120_000 + case.plan.serial * 3000,
        "text": f"{case.system}投入运行满一年，运行平稳，按目录提供共享数据，绩效目标基本完成，自评材料真实完整。",
    }


@form("f25e")
def score(case: Case) -> Answers:
    """F-25e: the points that add up to the total of the file."""
    total = int(case.plan.row["eval"][1])
    operation, sharing, performance = SCORES[total]
    found: Answers = {
        "operation_score": operation,
        "operation_text": "系统运行稳定，故障处理及时。" if operation >= GOOD else "多次中断，运行记录不完整。",
        "sharing_score": sharing,
        "sharing_text": "按目录提供共享，更新及时。" if sharing >= ENOUGH else "共享目录更新滞后，部分接口没有提供。",
        "performance_score": performance,
        "performance_text": "绩效目标基本完成。" if performance >= ENOUGH else "主要绩效目标没有完成。",
    }
    if min(sharing, total) < ENOUGH:
        problems = "共享目录更新滞后，2类接口没有按约定提供，使用率低于目标。"
        found["problems"] = problems
        case.notes["evaluation_problems"] = problems
    return found
