"""The closed vocabulary of diagrams: operations, messages, facts, properties and processes, as pure data.

Roles are in `roles`, kinds of deadlines in `deadlines`. `app/services/operations.py` implements OPERATIONS, the lint
refuses every name that is not here, and the modeler offers exactly these names to the process owner.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

FactType = Literal["string", "boolean", "number", "fen", "date", "date and time", "list", "any"]
"""What FEEL gets: `fen` is a whole number of 分, `list` a list, `any` what the form's field holds."""


@dataclass(frozen=True)
class Operation:
    """A service operation: what it is called, what it does, what it reads and what it gives back to the process."""

    zh: str
    en: str
    does: str
    """One Chinese sentence for the process owner."""
    does_en: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    """Input name → Chinese; an input that is not mapped is read from the process variable of its name, else empty."""
    outputs: Mapping[str, str] = field(default_factory=dict)
    """Output name → Chinese. Outputs become process variables of these names unless the diagram maps them."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Task header → Chinese. Lists in a header are comma-separated."""


@dataclass(frozen=True)
class Message:
    """A message between families of instances and the key by which it finds its receiver."""

    zh: str
    en: str
    correlation: str = "project_no"
    payload: Mapping[str, str] = field(default_factory=dict)
    """Variable → Chinese: what the sender's input mapping gives along and the receiver gets as process variables."""


@dataclass(frozen=True)
class Fact:
    """A read-only fact that an expression may name."""

    type: FactType
    zh: str
    en: str


@dataclass(frozen=True)
class Process:
    """A shipped process: its names, and the roles that may start it by hand (none: called, timed or messaged)."""

    zh: str
    en: str
    starters: tuple[str, ...] = ()


_PROJECT = {"project_no": "项目编号"}

OPERATIONS: Mapping[str, Operation] = {
    "gate.check": Operation(
        "核对条件",
        "check gates",
        "核对列出的各项条件和有效冻结，把结论写入变量，不符合的逐条记入日志并显示在项目页。",
        "Checks the listed gates and the holds in force, writes every refusal to the log and the project page.",
        outputs={"gate_ok": "全部符合", "refusals": "不符合的条数"},
        headers={
            "gates": "条件编号，如 G-13,G-11",
            "action": "按冻结矩阵一并核对的事项：申报、审核、安排、拨付、建设",
            "fund_type": "资金类型：建设、运维、购买服务",
        },
    ),
    "notice.send": Operation(
        "发送通知",
        "send a notice",
        "按模板给本项目的这些角色发一条站内通知并列入邮件待发，同一时限同一档次只发一次。",
        "Sends the template's notice to the holders of these roles of this project, once per deadline and rung.",
        inputs={"subject_id": "通知所涉事项"},
        headers={"template": "通知模板", "roles": "收件角色", "deadline": "所涉时限种类"},
    ),
    "deadline.start": Operation(
        "起算时限",
        "start a deadline",
        "在时限台账登记一项时限，写明起算日、扣除、顺延和届满日；起算日未给出的按台账规则取。",
        "Enters a deadline into the ledger with its whole arithmetic; without a start it takes the ledger's rule.",
        inputs={"start": "起算日", "limit_days": "期限（日或工作日，按种类）", "limit_date": "指定届满日"},
        outputs={"due": "届满日"},
        headers={"kind": "时限种类"},
    ),
    "deadline.extend": Operation(
        "变更时限",
        "move a deadline",
        "把台账中的时限移到延期报告的新日期，遇休息日顺延，并重新计算等待中的定时器。",
        "Moves the ledger's deadline to the new date of the report, rolled to a working day; waiting timers follow.",
        inputs={"new_date": "新的日期"},
        outputs={"due": "新的届满日"},
        headers={"kind": "时限种类"},
    ),
    "deadline.close": Operation(
        "办结时限",
        "close a deadline",
        "在时限台账登记该时限已经办结，其余提醒不再发出。",
        "Marks the deadline as met; its remaining reminders are not sent.",
        headers={"kind": "时限种类"},
    ),
    "hold.set": Operation(
        "登记冻结",
        "record a hold",
        "登记一项冻结及其条款、范围和解除条件；同一项目同一原因只登记一次。",
        "Records a hold with article, scope and what lifts it, once per project, code and cause.",
        inputs={"hold_code": "冻结代码", "cause": "原因"},
        outputs={"hold_in_force": "冻结有效"},
    ),
    "hold.lift": Operation(
        "核对并解除冻结",
        "lift a hold",
        "核对解除依据；依据成立的登记解除，不成立的保持冻结并说明缺少什么。",
        "Checks the evidence and lifts the hold if the rule's evidence exists; else it stays.",
        inputs={"hold_code": "冻结代码", "evidence": "解除依据"},
        outputs={"hold_lifted": "已解除"},
        headers={"by_hand": "true 表示经两人签字人工解除"},
    ),
    "exempt.register": Operation(
        "登记另行规定",
        "register as exempt",
        "按第三十四条只登记单位、依据条款、日期和经办人，不保存其他任何内容。",
        "Stores only unit, clause, date and handler (Art. 34).",
    ),
    "plan.open": Operation(
        "开放年度申报",
        "open the yearly intake",
        "登记该年度的报送时限，列出应当报送的单位。",
        "Enters the plan deadline of the year and lists the units that have to file.",
        inputs={"fy": "年度"},
        outputs={"units": "单位代码清单"},
    ),
    "plan.check": Operation(
        "初审计划项",
        "check plan items",
        "查重、查齐全、核对适用范围和机房专网，结果逐项写入计划表。",
        "Duplicate search, completeness, G-01 and G-03; the findings stand beside each item.",
        inputs={"fy": "年度"},
        outputs={"findings": "问题条数"},
    ),
    "plan.consolidate": Operation(
        "汇总计划",
        "consolidate the plan",
        "把本批计划项与项目库中内容未变的备选项目汇成一张计划表。",
        "Puts the batch and the library's unchanged alternates into one table and lists their numbers.",
        inputs={"fy": "年度"},
        outputs={"items": "项目编号清单"},
    ),
    "plan.decide": Operation(
        "落实县政府意见",
        "apply the county's decision",
        "按县政府逐项意见更新状态：同意的列出编号并起算材料期限，暂缓的转下一年度。",
        "Applies the county government's result per item and lists the agreed project numbers.",
        inputs={"items": "项目编号清单"},
        outputs={"approved_items": "同意的项目编号清单"},
    ),
    "panel.seat": Operation(
        "组成专家组",
        "seat the panel",
        "读取专家组名单，列出全体成员、尚未声明的成员和组长。",
        "Reads the panel and lists its members, those who have not declared yet, and the leader.",
        outputs={"panel": "专家用户名清单", "undeclared": "尚未声明的专家", "leader": "组长用户名"},
        headers={"form": "名单所在表单：f05（评审、评价）、f05z（验收）"},
    ),
    "library.enter": Operation(
        "入库",
        "enter the library",
        "项目列入项目库并排序，生成年度建设计划和资金需求计划的行。",
        "Enters the project into the library with its rank and writes the plan and fund-demand lines.",
    ),
    "library.roll": Operation(
        "项目库滚动",
        "roll the library over",
        "按已结束年度的安排数逐项累计连续未安排年数，满三年的剔除，每年度只执行一次。",
        "Counts unfunded years over the closed year, removes at three; runs once per fiscal year.",
        outputs={"rolled_items": "结果有变的项目编号清单", "removed_count": "剔除项数"},
    ),
    "budget.open_line": Operation(
        "建立预算行",
        "open the budget line",
        "为本年度建立预算行，带入审核数、批复数、上年安排和上年评价。",
        "Opens the year's budget line with reviewed, approved, last arranged amount and last evaluation.",
        inputs={"fund_type": "资金类型"},
        outputs={"budget_fy": "预算年度"},
    ),
    "budget.lapse": Operation(
        "下年度不再安排",
        "lapse next year's funds",
        "登记当年未开工且理由不成立，下一年度不再安排，项目转为备选。",
        "Records that the funded project did not start and has no line next year (Art. 19 item 4).",
        outputs={"lapsed": "是否确未开工"},
    ),
    "start.check": Operation(
        "核查开工情况",
        "check for start of work",
        "列出本年度已安排资金而没有合同或者开工令的项目。",
        "Lists the projects with funds this year and neither contract nor start order.",
        outputs={"not_started": "项目编号清单"},
    ),
    "scope.new_version": Operation(
        "建立新的内容版本",
        "make a scope version",
        "按同意的变更建立新的内容版本和总投资，受影响的采购前核准同时失效。",
        "Makes the next scope version; a pre-procurement approval it touches becomes void.",
        outputs={"scope_version": "版本号", "reopen_preprocurement": "须重新采购前核准"},
    ),
    "catalogue.activate": Operation(
        "系统目录生效",
        "activate the catalogue entry",
        "把拟登记的系统转为在用，写入政务信息系统目录。",
        "Turns the draft entry of the system catalogue into an active one.",
        outputs={"catalogue_active": "目录有效"},
    ),
    "catalogue.cancel": Operation(
        "注销目录条目",
        "cancel the catalogue entry",
        "注销系统目录条目，结束其运维预算行。",
        "Cancels the entry and ends its O&M lines.",
    ),
    "contract.file": Operation(
        "合同公告和备案",
        "file the contract",
        "登记合同公告和备案的两项时限，生成公告和备案材料。",
        "Starts the two deadlines for publishing and filing the contract and prepares both papers.",
    ),
    "om.return": Operation(
        "退回运维申请",
        "return the O&M application",
        "退回运维经费申请并附全部条款；纯运维项目转为运维退回状态。",
        "Returns the application with the list of articles; only a path-Y project changes its state.",
    ),
    "evaluation.score": Operation(
        "汇总评价得分",
        "merge the evaluation scores",
        "按权重汇总各评分表，得出总分、共享得分率和等级。",
        "Merges the score sheets by weight into total, sharing percentage and band.",
        outputs={"total": "总分", "share_percent": "共享部分得分率（%）", "band": "等级"},
    ),
    "sharing.compute": Operation(
        "计算共享指标",
        "compute sharing figures",
        "逐单位计算接入率、目录登记率、按时更新率、需求答复率和接口可用率。",
        "Computes the five sharing figures of every unit.",
        outputs={"figures": "各单位指标和得分"},
    ),
    "sharing.publish": Operation(
        "公布共享评价",
        "publish the sharing evaluation",
        "向各单位告知本单位得分，列出得分不达标、须移交监督检查的项目。",
        "Tells every unit its score and lists the projects of units with a low one, for inspection.",
        outputs={"low_projects": "移交监督检查的项目编号"},
    ),
    "measure.apply": Operation(
        "落实措施",
        "apply the measure",
        "按会签的措施生成决定文书，暂停、恢复或者终止项目，暂缓拨付的登记冻结。",
        "Issues the decision and suspends, resumes or terminates the project, or records the payment hold.",
        outputs={"measure": "措施", "measure_taken": "是否已经签成"},
    ),
}
"""Task type → operation. Every one also gets `project_no`; one that refuses with the article leaves an incident."""

MESSAGES: Mapping[str, Message] = {
    "plan.item.approved": Message("县政府同意立项申报", "plan item approved", payload=_PROJECT),
    "plan.supplement": Message("办理增补批次", "supplementary batch", "fy", {"fy": "年度"}),
    "industry.opinion.request": Message("征求行业审查意见", "request for the industry opinion", payload=_PROJECT),
    "industry.opinion.reply": Message("行业审查意见复函", "industry opinion"),
    "change.request": Message("提出变更", "change requested"),
    "inspection.request": Message(
        "移交监督检查", "handed to inspection", payload={"project_no": "项目编号", "cause": "事由"}
    ),
    "hold.set": Message(
        "设置冻结", "hold set", payload={"project_no": "项目编号", "hold_code": "冻结代码", "cause": "原因"}
    ),
    "hold.lift": Message("解除冻结", "hold lifted", payload={"lift_code": "冻结代码", "evidence": "解除依据"}),
    "project.withdrawn": Message("项目单位撤回", "project withdrawn"),
    "project.suspended": Message("暂停建设", "project suspended"),
    "project.resumed": Message("恢复建设", "project resumed"),
    "project.terminated": Message("终止项目", "project terminated"),
    "budget.lapsed": Message("当年未开工不再安排", "funds lapsed"),
    "library.year.result": Message("项目库年度结果", "yearly result of the library"),
    "evaluation.again": Message("再次评价", "evaluate again"),
    "decommission.approved": Message("报废完成", "system decommissioned"),
}
"""Message name → what it says. `project.suspended` and `.resumed` set the status of the family; no diagram waits."""

FACTS: Mapping[str, Fact] = {
    "project.no": Fact("string", "项目编号", "project number"),
    "project.name": Fact("string", "项目名称", "project name"),
    "project.unit": Fact("string", "项目单位代码", "unit code"),
    "project.unit_name": Fact("string", "项目单位", "project unit"),
    "project.unit_is_bureau": Fact("boolean", "主管部门自建", "the bureau is the project unit"),
    "project.path": Fact("string", "路径字母 T、G、L、Y、B", "path letter"),
    "project.funding_form": Fact("string", "资金形式", "funding form"),
    "project.category": Fact("string", "系统类别", "category"),
    "project.nature": Fact("string", "性质", "nature"),
    "project.state": Fact("string", "状态（英文代码）", "state"),
    "project.is_major": Fact("boolean", "重大项目", "major project"),
    "project.fy": Fact("number", "当前年度", "current fiscal year"),
    "project.fy_entered": Fact("number", "进入年度", "fiscal year entered"),
    "project.scope_version": Fact("number", "内容版本", "scope version"),
    "project.total_fen": Fact("fen", "总投资（分）", "total"),
    "project.reviewed_fen": Fact("fen", "审核数（分）", "reviewed amount"),
    "project.approved_fen": Fact("fen", "批复数（分）", "approved amount"),
    "project.arranged_fen": Fact("fen", "本年度安排数（分）", "arranged this year"),
    "project.unspent_fen": Fact("fen", "以前年度已安排而未支付（分）", "arranged in earlier years and not paid"),
    "project.contract_fen": Fact("fen", "合同金额（分）", "contract amount"),
    "project.paid_fen": Fact("fen", "累计支付（分）", "paid"),
    "project.library_status": Fact("string", "项目库状态：在库、备选、剔除", "library status"),
    "project.unfunded_years": Fact("number", "连续未安排年数", "unfunded years"),
    "project.reviewed_unchanged": Fact("boolean", "已审核且内容未变", "reviewed and unchanged since"),
    "project.approval_valid": Fact("boolean", "立项批复或者资金核定仍有效", "approval still valid"),
    "project.small_service": Fact("boolean", "购买服务且低于免专家组金额", "service below the panel threshold"),
    "project.trial_required": Fact("boolean", "要求初步验收和试运行", "trial operation required"),
    "project.attempt": Fact("number", "本次验收是第几次", "acceptance attempt"),
    "project.service_continues": Fact("boolean", "还有服务年度待履约", "another service year to come"),
    "project.extensions": Fact("number", "已报延期次数", "reports of delay so far"),
    "project.extension_days": Fact("number", "已延期累计天数", "days of delay so far"),
    "project.completed_on": Fact("date", "竣工日期", "completion date"),
    "project.accepted_on": Fact("date", "验收通过日期", "acceptance date"),
    "project.online_on": Fact("date", "投入运行日期", "operation date"),
    "project.started": Fact("boolean", "已签合同或者已下开工令", "contract or start order exists"),
    "project.supervised": Fact("boolean", "有监理单位", "a supervision contract is in force"),
    "project.has_catalogue_entry": Fact("boolean", "已有系统目录条目", "has a catalogue entry"),
    "project.catalogue_checked": Fact("boolean", "系统目录条目已核对", "its catalogue entry has been checked"),
    "project.has_om_plans": Fact("boolean", "四项运维方案有效", "the four O&M plans are in force"),
    "deadline.<kind>.due": Fact("date", "届满日", "last day"),
    "deadline.<kind>.fires_at": Fact("date and time", "届满次日零时", "midnight after the last day"),
    "deadline.<kind>.reminders": Fact("list", "提醒时刻清单", "reminder moments"),
    "deadline.<kind>.overdue": Fact("boolean", "已逾期", "overdue"),
    "hold.active": Fact("list", "有效冻结的代码清单", "codes of the holds in force"),
    "hold.<hold>.active": Fact("boolean", "该冻结有效", "this hold is in force"),
    "hold.<hold>.since": Fact("date", "冻结起始日", "in force since"),
    "submission.<form>.<field>": Fact("any", "本项目该表单最近一次提交的字段", "field of the latest submission"),
    "parameter.<key>": Fact("any", "现行口径中的参数取值", "value of a parameter in force"),
    "instance.key": Fact("string", "流程实例编号", "instance key"),
    "instance.process_id": Fact("string", "流程标识", "process id"),
    "instance.started_on": Fact("date", "发起日期", "started on"),
    "instance.started_by": Fact("string", "发起人用户名", "started by"),
    "instance.unit": Fact("string", "发起单位代码", "unit code"),
}
"""Dotted name → fact. `<kind>` is a kind of deadline, `<hold>` a key of HOLDS, `<key>` one of the parameters,
`<form>.<field>` a form's field.

A deadline without a row answers null, null, an empty list and false; a field not submitted answers null.
"""

HOLDS: Mapping[str, str] = {
    "share": "H-SHARE",
    "cat": "H-CAT",
    "nostart": "H-NOSTART",
    "acc": "H-ACC",
    "eval": "H-EVAL",
    "audit": "H-AUDIT",
    "insp": "H-INSP",
    "susp": "H-SUSP",
    "term": "H-TERM",
}
"""FEEL name of a hold → its code in the specification."""

PROPERTIES: Mapping[str, tuple[str, str]] = {
    "signs": (
        "所签表单：签字人须与该表单的填报人不是同一人，任务页并列显示该表单",
        "Form id that this task signs: the signer is not its author (four eyes); the page shows it beside.",
    ),
    "shows": (
        "一并显示的表单（逗号分隔）",
        "Form ids that the page shows beside the task, comma-separated.",
    ),
    "records": (
        "本任务在业务上的含义，供记录时区分同一表单的不同用途",
        "What the recorder takes this submission for where one form serves several steps; a key of RECORDS.",
    ),
    "days": (
        "任务期限（工作日），自任务产生之日起算，仅用于提醒",
        "Working days from the task's creation to its due date; a reminder only, no legal period.",
    ),
    "idle": (
        "off 表示不发闲置提醒（长期敞开的任务）",
        "`off`: the idle reminder T-25 leaves this task alone because it stays open by nature.",
    ),
    "together": (
        "true 表示这一步的签批可以几件一起签（默认只有计划项、预算行和预算建议可以）",
        "`true`: signatures of this step may be given for several tasks at once (F-00s only).",
    ),
    "starters": (
        "可以手工发起本流程的角色（写在开始事件上，逗号分隔）",
        "On a start event: roles that may start the process by hand.",
    ),
    "en.name": (
        "英文名称，供使用英文的人阅读",
        "The English name, for readers of English: of the process, a lane, a task, an event or a gateway.",
    ),
    "en.documentation": (
        "英文说明，供使用英文的人阅读",
        "The English documentation of a task, for readers of English.",
    ),
}
"""zeebe:property name → Chinese and English meaning. Anything else is a lint warning."""

RECORDS: Mapping[str, tuple[str, str]] = {
    "budget_result": ("登记人大批准的安排数", "the figure that the people's congress approved (F-09)"),
    "countersign": ("县政府办会签", "countersignature of the county government office (COI-08)"),
    "major_project": ("县政府会议意见", "county government's minute on a major project (F-00s)"),
    "revision": ("按专家意见修改", "revision asked by the panel (F-03)"),
    "revision_check": ("组长确认修改到位", "the panel leader confirms the revision (F-00c)"),
    "completion_date": ("确认竣工日期", "the unit confirms the completion date (F-00c)"),
    "supervision_plan": ("监理规划", "the supervisor's plan (F-00c)"),
    "supervisor_opinion": ("监理意见", "the supervisor's opinion on a change (F-00s)"),
    "third_attempt": ("决定第三次验收", "the bureau head allows a third acceptance (F-00s)"),
    "filing_confirmation": ("确认验收材料", "the bureau confirms the acceptance filing (F-00c)"),
    "extension": ("登记延期报告", "the bureau registers the report of delay (F-00c)"),
    "extension_beyond": ("超限延期", "the bureau head decides on a delay beyond the limits (F-00s)"),
    "urging": ("督办", "urging an overdue acceptance (F-00c)"),
    "contract_published": ("合同公告备案", "the contract has been published and filed (F-00c)"),
    "om_plans": ("受理四项方案", "the bureau accepts the four O&M plans (F-00c)"),
    "om_reply": ("是否重新申请", "whether the unit applies again (F-00c)"),
    "catalogue_assets": ("核对系统资产", "finance reads an entry with its assets (F-00c)"),
    "catalogue_check": ("核对系统目录", "the sharing section checks an entry of the catalogue (F-00c)"),
    "platform_no": ("登记平台编号", "the sharing section registers the platform number (F-23)"),
    "resource_update": ("确认资源更新", "the unit confirms the update of a resource (F-00c)"),
    "service_review": ("财政核定", "the finance bureau's part of F-09r"),
    "approved_estimate": ("变更概算批复", "the commission re-approves the estimate after a change (F-00s)"),
    "source_of_funds": ("变更资金来源", "the finance bureau names the source of a raise (F-00s)"),
    "feedback_answer": ("答复共享反馈", "the provider answers feedback on a shared resource (F-00c)"),
    "migration_check": ("核实迁云并网", "the sharing section has seen a system run on the cloud (F-00c)"),
    "incident_closed": ("办结安全事件", "the office that dealt with an incident closes it (F-00c)"),
    "manual_lift": ("人工解除冻结", "lifting a hold by hand (F-00s)"),
    "library_list": ("签收出库清单", "signing the list of removals from the library (F-00c, D-16)"),
    "sharing_sheet": ("签发信息共享评价表", "signing the sheet of the sharing evaluation (F-00s, D-18)"),
}
"""Value of the property `records` → what it means."""

PROCESSES: Mapping[str, Process] = {
    "p00_lifecycle": Process("项目全生命周期", "project lifecycle"),
    "p01_annual_plan": Process("年度计划", "annual plan", ("bur_section",)),
    "p01u_unit_plan": Process("单位计划申报", "plan item of a unit", ("unit_clerk",)),
    "p02_review": Process("申报与专家评审", "filing and expert review"),
    "p03a_investment": Process("立项审批", "investment approval"),
    "p03a_opinion": Process("行业审查意见", "industry opinion"),
    "p03b_service": Process("购买服务审查", "service review"),
    "p03c_joint": Process("联合建设", "joint construction"),
    "p04_budget": Process("预算安排", "budget"),
    "p04c_carry_over": Process("资金结转", "carry-over of funds", ("fin_budget",)),
    "p04s_supplement": Process("追加与续建资金", "supplement and next year's funds", ("bur_section",)),
    "p05_preprocurement": Process("采购前核准", "pre-procurement approval"),
    "p06_procurement": Process("政府采购", "procurement"),
    "p07_construction": Process("建设与监理", "supervised construction"),
    "p08_change": Process("项目变更", "change", ("unit_lead",)),
    "p09_acceptance": Process("项目验收", "acceptance"),
    "p10_extension": Process("延期报告", "report of delay", ("unit_lead",)),
    "p11_payment": Process("资金支付", "payment", ("unit_clerk",)),
    "p12_catalogue": Process("系统目录登记", "system catalogue", ("unit_clerk",)),
    "p12b_resources": Process("信息资源目录登记", "information resources", ("unit_clerk",)),
    "p12c_legacy": Process("存量系统登记", "legacy systems", ("unit_clerk",)),
    "p13_om": Process("运维备案与经费", "operation and maintenance", ("unit_clerk",)),
    "p14_evaluation": Process("投运满一年评价", "one-year evaluation"),
    "p15_inspection": Process(
        "检查整改与惩戒",
        "inspection and sanctions",
        ("bur_insp", "fin_perf", "psb_officer", "cac_officer", "sec_officer"),
    ),
    "p16_audit": Process("审计监督", "audit", ("aud_clerk",)),
    "p17_library": Process("项目库滚动", "library roll-over"),
    "p18_not_started": Process("当年未开工核查", "not-started check"),
    "p19_decommission": Process("报废停用", "decommissioning", ("unit_clerk",)),
    "p20_hold": Process("资金冻结与解除", "fund hold"),
    "p21_sharing": Process("信息共享评价", "sharing evaluation"),
    "p22_feedback": Process("共享使用反馈", "feedback on a shared resource", ("unit_clerk",)),
    "p23_asset": Process("资产登记", "asset registration", ("fin_asset",)),
    "p24_cloud_migration": Process("迁云并网", "migration to the cloud", ("unit_clerk",)),
    "p25_incident": Process("安全事件报告", "security incident", ("unit_clerk", "unit_lead")),
    "p26_correction": Process("更正", "correction", ("unit_lead", "bur_section", "fin_budget", "drc_clerk")),
}
"""Process id → names and starters. The file is bpmn/<process id>.bpmn."""

DECISIONS: Mapping[str, tuple[str, str]] = {
    "review_route": ("评审方式", "way of review"),
    "procurement_method": ("采购方式审核", "procurement method"),
    "change_class": ("变更分类", "class of a change"),
    "extension_limits": ("延期是否超限", "limits of delay"),
    "evaluation_result": ("评价结果", "evaluation result"),
}
"""Decision id → names. The file is bpmn/<decision id>.dmn."""

_PLACEHOLDER = re.compile(r"<[a-z]+>")


def fact(name: str) -> Fact | None:
    """Return the fact that a dotted name means, its placeholders matched by any FEEL name; None where there is none.

    Whether a kind of deadline, a hold, a form or a field exists is for the caller to ask the respective list.
    """
    exact = FACTS.get(name)
    if exact is not None:
        return exact
    for pattern, meaning in FACTS.items():
        if "<" in pattern and re.fullmatch(_PLACEHOLDER.sub(r"[a-z][a-z0-9_]*", pattern.replace(".", r"\.")), name):
            return meaning
    return None
