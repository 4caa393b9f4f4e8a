"""Acceptance, rectification and delay: F-16p to F-16o, F-05z, F-32, F-17, F-17c, F-19."""

from __future__ import annotations

from app.demo.case import Answers, Case, amount, form
from app.demo.desk import Paper

POINTS = {
    "content": "合同和批复的建设内容",
    "technology": "技术路线和性能指标",
    "documents": "项目文档",
    "finance": "资金使用",
    "sharing": "数据共享和目录登记",
    "security": "网络安全和等级保护",
}
FAULTS = (
    ("通话录音数据未编入信息资源目录", "补充登记信息资源目录"),
    ("有2类共享接口尚未接入大数据平台", "完成接口开发和联调"),
    ("压力测试没有达到合同约定的并发指标", "优化后重新测试并提交报告"),
)
DESIGNATED = 3


@form("f16p")
def preliminary(case: Case) -> Answers:
    """F-16p: preliminary acceptance."""
    return {
        "checked_on": case.today.isoformat(),
        "result": "合格",
        "text": "承建、监理单位参加，初步验收合格，进入试运行。",
    }


@form("f16a")
def application(case: Case) -> Answers:
    """F-16a: the application for acceptance; hidden fields are left out as the page leaves them out."""
    stem = case.system
    filing = case.notes.get("filing", {})
    found: Answers = {
        "supervision_summary": Paper(f"{stem}监理工作总结", ("一、监理工作情况", "二、质量评估结论：合格")),
        "test_report": Paper(f"{stem}第三方测试报告", ("功能、性能、安全测试结论：通过",)),
        "user_report": Paper(f"{stem}用户使用报告", (f"使用单位：{case.unit.name}", "试用情况良好。")),
        "access_no": f"JZDSJ-{case.today.year}-{case.plan.fy % 100:02d}{case.plan.serial:03d}",
        "text": "合同内容已完成，测试、等保和文档齐全，申请组织验收。",
    }
    if int(filing.get("mlps_level", 2)) > 1:
        found["mlps_no"] = f"4108{case.plan.fy}{case.plan.serial:05d}"
        found["mlps_report"] = Paper(f"{stem}等级保护测评报告", ("测评结论：良",))
    if filing.get("crypto_required"):
        found["crypto_report"] = Paper(f"{stem}密码应用安全性评估报告", ("评估结论：基本符合",))
    return found


@form("f16s")
def access(case: Case) -> Answers:
    """F-16s: access and catalogue are verified."""
    del case
    return {"access": "已接入", "items_ok": True, "note": "接口调用正常，目录编号齐全。"}


def designated(case: Case) -> list[str]:
    """Return who is designated: others than the reviewers, without conflict; who the story names comes first."""
    reviewers = set(case.notes.get("reviewers", ()))
    pool = [
        one.username
        for body in case.county.bodies
        if body.kind == "employer" and body.parent != case.plan.unit
        for one in body.people
    ]
    fresh = [name for name in pool if name not in reviewers]
    start = case.plan.serial + len(case.notes.get("designated", ()))
    chosen = [fresh[(start + place) % len(fresh)] for place in range(DESIGNATED)]
    wanted = case.plan.row.get("designates")
    if wanted:
        chosen = [str(wanted), *[name for name in chosen if name != wanted][: DESIGNATED - 1]]
    case.notes["designated"] = chosen
    return chosen


@form("f05z")
def designate(case: Case) -> Answers:
    """F-05z: the bureau designates the acceptance experts."""
    reviewers = set(case.notes.get("reviewers", ()))
    found: Answers = {
        "experts": [{"expert": name, "reviewed_before": name in reviewers} for name in designated(case)],
        "reason": "按专业随机抽取，均与项目单位和参建单位无利害关系。",
    }
    return found | ({"nomination": "财政局在场随机抽取"} if case.plan.unit == "dsj" else {})


@form("f16h")
def consent(case: Case) -> Answers:
    """F-16h: the draft of the 验收核准意见."""
    return {"conclusion": "核准", "basis": f"{case.system}已接入市大数据平台，信息资源目录登记齐全，同意组织验收。"}


@form("f16m")
def meeting(case: Case) -> Answers:
    """F-16m: the meeting with its sign-in sheet."""
    names = {one.username: (one.name, body.name) for body in case.county.bodies for one in body.people}
    rows = [
        {"name": names[name][0], "org": names[name][1], "role": "指派专家", "signed": True}
        for name in case.notes["designated"]
    ]
    builder = case.company("builder")
    rows += [
        {"name": case.unit.people[1].name, "org": case.unit.name, "role": "项目单位", "signed": True},
        {"name": builder.people[0].name, "org": builder.name, "role": "承建单位", "signed": True},
        {"name": "祁晨", "org": "修武县政务服务和大数据管理局", "role": "县大数据局", "signed": True},
    ]
    return {
        "held_on": case.today.isoformat(),
        "place": f"{case.unit.short}三楼会议室",
        "participants": rows,
        "sheet": Paper(f"{case.system}验收会签到表", tuple(f"{row['org']}  {row['name']}  已签到" for row in rows)),
    }


def fails(case: Case) -> bool:
    """Say whether this attempt fails: the first of a project whose file names the day of a failure."""
    return bool(case.plan.row.get("first_fail")) and not case.notes.get("failed_once")


@form("f16e")
def expert_opinion(case: Case) -> Answers:
    """F-16e: one expert's opinion on six points."""
    bad = {"technology", "documents", "sharing"} if fails(case) else set()
    found: Answers = {}
    for key, name in POINTS.items():
        found[f"{key}_result"] = "不合格" if key in bad else "合格"
        found[f"{key}_text"] = f"{name}{'尚有欠缺，需要整改' if key in bad else '符合要求'}。"
    return found | {"conclusion": "不合格" if bad else "合格"}


@form("f16g")
def conclusion(case: Case) -> Answers:
    """F-16g: the panel's conclusion (D-11)."""
    if not fails(case):
        return {
            "conclusion": "通过",
            "text": f"验收组听取汇报、查验系统、审阅文档，认为{case.system}完成了合同约定内容，同意通过验收。",
        }
    case.notes["failed_once"] = True
    return {
        "conclusion": "不合格",
        "items": [{"problem": problem, "requirement": wanted} for problem, wanted in FAULTS],
        "limit_days": int(case.plan.row.get("limit_days", 43)),
        "text": "验收组认为项目尚有3项问题，验收不合格，限期整改后申请第二次验收。",
    }


@form("f16f")
def materials(case: Case) -> Answers:
    """F-16f: the four materials of 第二十条."""
    stem = case.system
    return {
        "acceptance_report": Paper(f"{stem}验收报告", ("验收结论：通过",)),
        "summary": Paper(f"{stem}项目总结", ("一、建设情况", "二、投资完成情况", "三、绩效目标完成情况")),
        "catalogue": Paper(f"{stem}政务信息资源目录", tuple(case.notes.get("resources", ()))),
        "sharing_report": Paper(f"{stem}数据资源共享情况", ("已接入焦作市大数据平台，按目录提供共享。",)),
    }


@form("f16o")
def online(case: Case) -> Answers:
    """F-16o: the day of going into operation."""
    return {"online_on": (case.plan.day("online") or case.today).isoformat()}


@form("f32")
def asset(case: Case) -> Answers:
    """F-32: the asset card."""
    return {
        "name": case.system,
        "code": f"ZC-{case.today.year}-{case.plan.no[-5:]}",
        "value": amount(case.plan.money("contract") or case.plan.total),
        "keeper": case.unit.people[0].name,
        "recorded_on": case.today.isoformat(),
    }


def open_items(case: Case) -> list[tuple[str, str]]:
    """Return number and problem of each item that is to be rectified in this process."""
    if case.task.process == "p09_acceptance":
        return [(str(number), problem) for number, (problem, _wanted) in enumerate(FAULTS, start=1)]
    if case.task.process == "p14_evaluation":
        return [("1", str(case.notes.get("evaluation_problems") or "评价未达标"))]
    found = case.notes.get("order_items") or [case.plan.row.get("audit_finding", "审计发现的问题")]
    return [(str(number), str(problem)) for number, problem in enumerate(found, start=1)]


@form("f17")
def rectification(case: Case) -> Answers:
    """F-17: what was done about each item."""
    return {
        "items": [
            {
                "no": number,
                "problem": problem,
                "measure": "已制定整改方案并组织承建单位完成整改，经自查符合要求。",
                "done_on": case.today.isoformat(),
                "evidence": Paper(f"{case.system}整改佐证材料（第{number}项）", (problem, "已完成整改。")),
            }
            for number, problem in open_items(case)
        ],
        "text": "各项问题均已整改。",
    }


@form("f17c")
def recheck(case: Case) -> Answers:
    """F-17c: the check of each item."""
    failed = case.notes.get("recheck_fails", False) and case.task.process == "p15_inspection"
    rows = []
    for number, problem in open_items(case):
        row = {"no": number, "problem": problem, "result": "不通过" if failed else "通过"}
        if failed:
            row["reason"] = "现场复查，问题仍然存在。"
        rows.append(row)
    return {"items": rows, "opinion": "整改没有落实。" if failed else "经复查，整改到位。"}


@form("f19")
def delay(case: Case) -> Answers:
    """F-19: the report of delay."""
    _filed, until = case.plan.row["extension"]
    return {
        "reason_class": "测评",
        "new_date": until,
        "reason": "等级保护三级测评机构排期至11月，测评报告预计12月上旬出具，此前不具备验收条件，申请延期验收。",
        "evidence": Paper(
            f"{case.system}测评排期说明", ("测评机构：怀川测评技术有限公司", "预计出具报告：2026年12月上旬")
        ),
    }
