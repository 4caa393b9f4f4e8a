"""The annual plan: F-01, F-01n, F-02, F-02s, F-02g."""

from __future__ import annotations

from datetime import date

from app.demo.case import Answers, Case, amount, form
from app.demo.desk import Paper

SHORTEST_NAME = 4
SMALL_WAN, LARGE_WAN = 100, 300
FUNDING = {"T": "政府投资", "G": "购买服务", "L": "政企联合建设", "Y": "需政府资金运维", "B": "政府投资"}
CATEGORIES = (
    ("资源管理|数据乡村|一张图", "数据管理平台"),
    ("视频|应急指挥|外网|通信|网络", "电子政务基础设施"),
    ("档案|目录", "数据资源库"),
)


@form("f01n")
def call(case: Case) -> Answers:
    """F-01n: the call for the next year's items."""
    fy = case.today.year + 1
    return {
        "fy": fy,
        "doc_no": f"修数〔{case.today.year}〕{30 + case.today.year % 7}号",
        "due": case.calendar.next_working_day(date(case.today.year, 11, 30)).isoformat(),
        "requirements": "请各单位对照全县信息化规划，先查系统目录和信息资源目录，能共享的不新建，能上云的不自建；"
        "涉及改建、扩建、报废的，一并提交系统测评报告。",
        "call_file": Paper(
            f"关于征集{fy}年度政务信息化项目计划的通知", ("各单位：", "请于11月底前报送下一年度建设或者采购计划。")
        ),
    }


@form("f01")
def secrecy(case: Case) -> Answers:
    """F-01: whether the item is secret or otherwise regulated; nothing else is asked."""
    if case.plan.path == "X":
        return {"secret": True, "other_rule": False, "clause": "《办法》第三十四条"}
    return {"secret": False, "other_rule": False}


@form("f02")
def item(case: Case) -> Answers:
    """F-02: an item of the annual plan."""
    plan, name = case.plan, case.plan.name
    found: Answers = {
        "name": name if len(name) >= SHORTEST_NAME else f"{name}项目",
        "fy": plan.fy,
        "funding_form": FUNDING[plan.path],
        "nature": plan.nature,
        "category": plan.row.get("category") or _category(name),
        "basis": f"全县“十四五”数字政府建设规划、{case.unit.short}年度重点工作安排和上级主管部门业务要求。",
        "content": content(case),
        "uses_cloud": True,
        "uses_gov_net": True,
        "has_room": False,
        "has_private_net": False,
        "contact": case.unit.people[0].name,
        "phone": f"0391-71{plan.serial:02d}{plan.fy % 100:02d}0",
    }
    if plan.path != "B":
        wanted = plan.row.get("public_share") or plan.row["investment_wan"]
        found |= {"total": amount(plan.total), "fy_amount": float(wanted), "source": sources(case)}
        found["period_months"] = _months(plan.path, float(plan.total))
    if plan.nature in {"改建", "扩建", "运维", "报废"}:
        found["parent_system"] = parent_system(case)
    if plan.nature in {"改建", "扩建", "报废"}:
        found |= assessment(case)
    if plan.row.get("predecessor"):
        found["predecessor"] = plan.row["predecessor"]
    return found


def _months(path: str, wan: float) -> int:
    """Return the months to build: a service year, else by the total: below 100 and 300 万元 half a year and a year."""
    if path in {"G", "Y"}:
        return 12
    return 6 if wan < SMALL_WAN else 12 if wan < LARGE_WAN else 18


def _category(name: str) -> str:
    found = [category for words, category in CATEGORIES if any(word in name for word in words.split("|"))]
    return found[0] if found else "业务信息系统"


def content(case: Case) -> str:
    """Return the main content in at least 50 characters."""
    return (
        f"依托县政务云和电子政务外网，建设{case.system}，包括业务办理、数据汇聚、统计分析和移动端应用四个部分；"
        f"与焦作市大数据平台对接，按目录提供和使用共享数据；完成等级保护定级备案、测评和人员培训，服务{case.unit.short}日常工作。"
    )


def sources(case: Case) -> list[Answers]:
    """Return where the money comes from; a joint project names its partner's part."""
    share = case.plan.money("public_share")
    if case.plan.path == "L" and share:
        return [
            {"kind": "县级", "amount": amount(share)},
            {"kind": "企业", "amount": amount(case.plan.total - share)},
        ]
    return [{"kind": "县级", "amount": amount(case.plan.total)}]


def parent_system(case: Case) -> str:
    """Return the code of the system that is rebuilt, extended, operated or scrapped, as the form offers it."""
    wanted = str(case.plan.row["parent"])
    found = [one["value"] for one in case.shown["system_options"] if str(one["label"]).endswith(wanted)]
    if not found:
        raise LookupError(f"{case.plan.no}: {wanted} is not in the catalogue")
    return str(found[0])


def assessment(case: Case) -> Answers:
    """Return the assessment of the old system (第九条)."""
    assessor = case.county.of_trade("assessor")[0]
    day = case.plan.day("assessed_on") or case.before(20)
    return {
        "assessor": assessor.name,
        "assessed_on": min(day, case.today).isoformat(),
        "assess_report": Paper(
            f"{case.plan.row['parent']}测评报告",
            (
                f"受{case.unit.name}委托，对现有系统的功能、性能、安全和数据作了测评。",
                "结论：现有系统已不能满足业务需要。",
            ),
        ),
    }


@form("f02s")
def suggest(case: Case) -> Answers:
    """F-02s: the bureau's rank and suggestion."""
    late = (
        {"late_reason": "年度计划报送截止后上级部署的新任务，当年需要实施，拟作增补。"}
        if case.notes.get("late")
        else {}
    )
    return {"rank": case.plan.serial, "bureau_suggestion": "纳入", "finance_comment": "按财力统筹安排。"} | late


@form("f02g")
def county_result(case: Case) -> Answers:
    """F-02g: what the county government decided, with number and date."""
    number = 20 + case.today.month * 3 + case.plan.fy % 5
    return {"result": "同意", "doc_no": f"修政文〔{case.today.year}〕{number}号", "decided_on": case.today.isoformat()}
