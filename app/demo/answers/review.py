"""Filing and expert review: F-03, F-04, F-04s, F-05, F-05d, F-05e, F-05g, F-06."""

from __future__ import annotations

from decimal import Decimal

from app.demo.case import CENT, Answers, Case, amount, form, task
from app.demo.desk import Paper
from app.domain.terms import CONFORMITY_ITEMS, SIX_CONTENTS

SPLIT = (
    ("软件", "应用软件开发", "0.58"),
    ("集成", "系统集成与数据对接", "0.14"),
    ("云", "政务云资源使用", "0.10"),
    ("安全", "安全加固与密码应用", "0.09"),
    ("硬件", "前端设备购置", "0.07"),
)
"""Category, name and part of the total; what is left beside supervision and assessment goes to the first."""
SUPERVISION, ASSESSMENT = Decimal("0.011"), Decimal("0.008")
SEATS = 5
COMMENTS = {
    "necessity": "项目依据充分，能够解决当前业务中的突出问题，建设必要。",
    "demand": "需求来自业务一线，范围清楚，与现有系统的边界划分合理。",
    "solution": "技术路线成熟，依托政务云部署，架构和性能指标可行。",
    "sharing": "信息资源目录完整，共享清单和交换机制明确，接入方案可行。",
    "budget": "预算编制有依据，分项单价与市场水平基本相符。",
    "performance": "绩效目标具体，可以衡量，与建设内容相对应。",
}
OPPOSED = {
    "necessity": "省级主管部门已建成同类系统并向县级开放，本项目必要性不足。",
    "demand": "需求与省级系统功能重复，应当优先使用已有系统。",
    "solution": "方案没有说明与省级系统的关系，存在重复建设。",
    "sharing": "数据已在省级系统归集，另建会造成一数多源。",
    "budget": "重复建设部分不宜安排资金，预算依据不足。",
    "performance": "绩效目标可以通过使用省级系统实现。",
}


@form("f03")
def filing(case: Case) -> Answers:
    """F-03: the five materials, structured."""
    name, unit = case.system, case.unit
    level = case.plan.row.get("mlps_level") or (3 if case.plan.total >= 300 else 2)  # noqa: PLR2004 -- 万元
    return {
        "proposal": Paper(
            f"{name}项目建议书", (f"建设单位：{unit.name}", "一、建设的必要性", "二、建设目标和主要内容")
        ),
        "feasibility": Paper(
            f"{name}可行性研究报告", (f"建设单位：{unit.name}", "一、需求分析", "二、建设方案", "三、投资估算")
        ),
        "design": Paper(f"{name}初步设计", (f"建设单位：{unit.name}", "一、总体设计", "二、详细设计", "三、概算")),
        "budget_lines": budget_lines(case),
        "targets": targets(case),
        "no_resources": False,
        "resource_items": [resource(case, index) for index in range(len(resources(case)))],
        "share_list": [
            {
                "resource": resources(case)[0],
                "direction": "提供",
                "partner": "县政务服务和大数据管理局",
                "purpose": "汇聚到焦作市大数据平台，供相关部门共享使用",
            },
            {
                "resource": "法人基础信息",
                "direction": "需求",
                "partner": "县市场监督管理局",
                "purpose": "办理业务时核验法人身份",
            },
        ],
        "exchange_mode": "接口",
        "exchange_frequency": "日",
        "exchange_owner": unit.people[0].name,
        "platform_plan": "通过政务外网以接口方式接入焦作市大数据平台，上线前完成联调，接入编号登记后纳入目录管理。",
        "mlps_level": level,
        "crypto_required": int(level) >= 3,  # noqa: PLR2004 -- 等保三级
    } | dict.fromkeys(CONFORMITY_ITEMS, "符合")


def budget_lines(case: Case) -> list[Answers]:
    """Return lines that add up to the total to the 分; a purchase of services has neither supervision nor equipment."""
    total = case.plan.total
    if case.plan.path == "G":
        parts = [("软件", "云服务订阅与运营", total - (total * Decimal("0.15")).quantize(CENT)),
                 ("集成", "数据对接与培训服务", (total * Decimal("0.15")).quantize(CENT))]  # fmt: skip
        return [_line(*part) for part in parts]
    apart = [
        ("监理", "工程监理", (total * SUPERVISION).quantize(CENT)),
        ("测评", "等保与密码测评", (total * ASSESSMENT).quantize(CENT)),
    ]
    rest = [(kind, name, (total * Decimal(part)).quantize(CENT)) for kind, name, part in SPLIT[1:]]
    first = total - sum((value for _kind, _name, value in [*apart, *rest]), Decimal(0))
    return [_line("软件", "应用软件开发", first), *(_line(*part) for part in [*rest, *apart])]


def _line(category: str, name: str, value: Decimal) -> Answers:
    return {"category": category, "name": name, "quantity": 1, "unit_price": amount(value)}


def targets(case: Case) -> list[Answers]:
    """Return five performance targets."""
    rows = (
        ("产出指标", "数量指标", "接入业务事项", "20", "项"),
        ("产出指标", "质量指标", "系统可用率", "99.5", "%"),
        ("产出指标", "时效指标", "按期完成率", "100", "%"),
        ("效益指标", "社会效益", f"{case.unit.short}业务线上办理率", "90", "%"),
        ("满意度指标", "服务对象满意度", "使用人员满意度", "90", "%"),
    )
    keys = ("level1", "level2", "level3", "target", "unit_of_measure")
    return [dict(zip(keys, row, strict=True)) for row in rows]


def resources(case: Case) -> list[str]:
    """Return the names of the project's information resources."""
    stem = case.system.removesuffix("平台").removesuffix("系统").removesuffix("服务")
    return [f"{stem}业务办理信息", f"{stem}统计分析信息"]


def resource(case: Case, index: int) -> Answers:
    """Return one resource with its core metadata (政务信息资源目录编制指南)."""
    return {
        "category": "部门信息资源",
        "name": resources(case)[index],
        "provider": case.unit.name,
        "provider_code": case.unit.credit_code,
        "summary": f"{case.system}产生的{'业务办理过程和结果' if index == 0 else '按月汇总的统计'}数据。",
        "format": "数据库表" if index == 0 else "电子表格",
        "update_cycle": "年",
        "items": "编号、名称、办理单位、办理时间、办理结果" if index == 0 else "统计期、指标名称、指标值",
        "share_type": "无条件" if index else "有条件",
        "share_method": "接口" if index == 0 else "库表交换",
        "openness": "不予开放" if index == 0 else "有条件开放",
    } | ({"share_condition": "部门履行职责需要，经提供方同意后使用"} if index == 0 else {})


@form("f04")
def formal_check(case: Case) -> Answers:
    """F-04: the formal check."""
    del case
    return {"complete": True, "opinion": "五项材料齐全，格式符合要求，予以受理。"}


@form("f04s")
def sharing_check(case: Case) -> Answers:
    """F-04s: the check of 共建 and 共享."""
    parts = ("catalogue", "sharing", "exchange", "cloud_network", "reuse")
    return {f"{part}_result": "符合" for part in parts} | {
        "access_ok": True,
        "result": "符合",
        "opinion": f"{case.system}的信息资源目录、共享清单和交换机制完整，可以接入市大数据平台。",
    }


@form("f05")
def panel(case: Case) -> Answers:
    """F-05: a panel of five drawn by the serial, without whom a conflict of interest forbids."""
    seated = chosen(case)
    return {
        "method": "随机",
        "drawn_by": "祁晨",
        "seed": f"{case.plan.no}-{case.today:%Y%m%d}",
        "experts": [{"expert": one} for one in seated],
        "leader": seated[0],
        "comment": "财政局、发展改革委已收到评审材料，无不同意见。",
    } | (
        {"replaced": [{"expert": one, "reason": "声明有利害关系，予以更换"} for one in case.notes["declined"]]}
        if case.notes.get("declined")
        else {}
    )


def chosen(case: Case) -> list[str]:
    """Return the user names of five experts in turn by serial, without whoever has or has declared an interest."""
    pool = [
        one.username
        for body in case.county.bodies
        if body.kind == "employer" and body.parent != case.plan.unit
        for one in body.people
        if one.username not in case.notes.get("declined", ())
    ]
    start = case.plan.serial * 3 + case.plan.fy
    seated = [pool[(start + place) % len(pool)] for place in range(SEATS)]
    wanted = case.plan.row.get("seat")  # somebody whom the story wants on the panel
    if wanted and wanted in pool and wanted not in seated:
        seated[1] = str(wanted)
    case.notes["reviewers"] = seated
    return seated


@form("f05d")
def declaration(case: Case) -> Answers:
    """F-05d: an expert's declaration of interest."""
    me = str(case.task.inputs.get("expert") or "")
    if me == case.plan.row.get("declines") and me not in case.notes.get("declined", ()):
        case.notes.setdefault("declined", []).append(me)
        return {"interest": "有", "interest_detail": "曾为投标意向单位提供咨询，主动申请回避。"}
    return {"interest": "无", "promise": True}


@form("f05e")
def expert_form(case: Case) -> Answers:
    """F-05e: one expert's judgement of the six contents."""
    failed = case.plan.state == "REJECTED"
    place = (
        case.notes.get("reviewers", []).index(case.task.inputs["expert"])
        if case.task.inputs.get("expert") in case.notes.get("reviewers", [])
        else 0
    )
    base = 52 if failed else 84
    words = OPPOSED if failed else COMMENTS
    found: Answers = {}
    for index, key in enumerate(SIX_CONTENTS):
        found[f"{key}_score"] = base + (place * 3 + index * 2) % 11
        found[f"{key}_comment"] = words[key]
    return found | {"suggested_amount": amount(case.plan.total), "conclusion": "不通过" if failed else "通过"}


@form("f05g")
def panel_opinion(case: Case) -> Answers:
    """F-05g: the panel's opinion."""
    if case.plan.state == "REJECTED":
        return {
            "conclusion": "不通过",
            "text": "专家组认为，省级主管部门已建成同类系统并向县级开放，本项目与其功能重复，属于重复建设，不予通过。",
        }
    return {
        "conclusion": "通过",
        "total": amount(case.plan.total),
        "text": "专家组审阅材料、听取汇报，经质询讨论，认为项目必要，需求合理，方案可行，预算有据，同意通过评审。",
    }


@form("f06")
def opinion(case: Case) -> Answers:
    """F-06: the draft of the 审核意见."""
    if case.plan.state == "REJECTED":
        return {
            "conclusion": "不通过",
            "reviewed_total": 0,
            "text": "经专家评审，项目与省级系统重复建设，依据《办法》第三条、第十条，不予通过。建议使用省级系统。",
        }
    return {
        "conclusion": "通过",
        "reviewed_total": amount(case.plan.total),
        "conditions": [{"content": "上线前完成市大数据平台接入和信息资源目录登记。"}],
        "text": f"经审核，{case.system}符合全县信息化规划和共建共享要求，审定总投资{case.plan.total}万元，同意通过。",
    }


@task("p14_evaluation.form_panel")
def evaluation_panel(case: Case) -> Answers:
    """F-05 for an evaluation: three others than those who reviewed."""
    pool = [
        one.username
        for body in case.county.bodies
        if body.kind == "employer" and body.parent != case.plan.unit
        for one in body.people
    ]
    seated = [pool[(case.plan.serial * 5 + place + 1) % len(pool)] for place in range(3)]
    return {
        "method": "随机",
        "drawn_by": "祁晨",
        "seed": f"{case.plan.no}-{case.today:%Y%m%d}",
        "experts": [{"expert": one} for one in seated],
        "leader": seated[0],
    }
