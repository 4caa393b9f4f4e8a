"""Operation: F-20, F-20a, F-22, F-23, F-29."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.demo.answers.review import resource
from app.demo.case import CENT, Answers, Case, amount, form, task
from app.demo.desk import Paper


@form("f20")
def plans(case: Case) -> Answers:
    """F-20: the four plans of 第二十二条."""
    names = {"quality": "质量保障", "operation": "运行维护", "security": "安全保障", "emergency": "应急保障"}
    return {
        f"{key}_plan": Paper(
            f"{case.system}{name}方案", (f"编制单位：{case.unit.name}", "一、组织", "二、措施", "三、考核")
        )
        for key, name in names.items()
    } | {"valid_to": date(case.today.year + 1, 12, 31).isoformat()}


@form("f20a")
def application(case: Case) -> Answers:
    """F-20a: a year's application for O&M funds."""
    wanted = Decimal(str(case.notes["om_amount"]))
    first = (wanted * Decimal("0.6")).quantize(CENT)
    return {
        "fy": int(case.notes["om_fy"]),
        "amount": amount(wanted),
        "lines": [
            {"name": "驻场运行维护", "amount": amount(first)},
            {"name": "云资源和安全服务", "amount": amount(wanted - first)},
        ],
        "basis": "按上年运维工作量和政务云资源目录价格测算，不超过建设投资的百分之十二。",
    }


@form("f22")
def system(case: Case) -> Answers:
    """F-22: the system's entry in the catalogue."""
    online = case.plan.day("online")
    found: Answers = {
        "name": case.plan.row.get("parent") or case.system,
        "status": "在用" if case.plan.path == "Y" else "拟登记",
        "deploy": "机房" if case.plan.path == "Y" else "政务云",
        "network": "电子政务外网",
        "mlps_level": int(case.notes.get("filing", {}).get("mlps_level", 2)),
        "users": f"{case.unit.short}及各乡镇",
    }
    if online is not None and online <= case.today:
        found["online_on"] = online.isoformat()
    return found


@task("p12c_legacy.enter")
def legacy(case: Case) -> Answers:
    """F-22 for a system that was there before the regulation's projects."""
    return {
        "name": case.notes["legacy_name"],
        "status": "在用",
        "builder": "原承建单位",
        "online_on": case.notes["legacy_online"],
        "deploy": case.notes.get("legacy_deploy", "政务云"),
        "network": "电子政务外网",
        "mlps_level": 2,
        "users": f"{case.unit.short}",
        "note": "存量系统补登。",
    }


@form("f23")
def information_resource(case: Case) -> Answers:
    """F-23: an information resource, as the filing described it."""
    index = int(case.notes["resource_of"][str(case.task.instance_id)])
    found = resource(case, index)
    names = [text for text in found.pop("items").split("、") if text]
    return found | {"items": [{"name": name, "type": "文本"} for name in names], "published_on": case.today.isoformat()}


@task("p12b_resources.assign_number")
def platform_number(case: Case) -> Answers:
    """F-23 with the platform's registration number."""
    found = information_resource(case)
    index = int(case.notes["resource_of"][str(case.task.instance_id)])
    return found | {"platform_no": f"410821-{case.plan.fy % 100:02d}{case.plan.serial:03d}-{index + 1:03d}"}


@form("f29")
def decommission(case: Case) -> Answers:
    """F-29: the request to scrap a system."""
    assessor = case.county.of_trade("assessor")[0]
    return {
        "reason": "系统建成多年，功能已由新平台承接，继续运行存在安全风险，申请报废。",
        "assessor": assessor.name,
        "assessed_on": min(case.plan.day("scrap_assessed") or case.today, case.today).isoformat(),
        "report": Paper(f"{case.plan.row['parent']}报废测评报告", ("结论：建议停用并报废。",)),
        "data_plan": "历史数据经核验后迁移至新平台，备份介质移交档案室，原服务器存储按保密要求销毁。",
    }
