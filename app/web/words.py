"""The names of states, roles, phases, deadlines and holds as people read them, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.domain.holds import NAMES
from app.domain.states import LABELS

WEEKDAYS: Final = (_l("周一"), _l("周二"), _l("周三"), _l("周四"), _l("周五"), _l("周六"), _l("周日"))
FULL_WEEKDAYS: Final = (
    _l("星期一"),
    _l("星期二"),
    _l("星期三"),
    _l("星期四"),
    _l("星期五"),
    _l("星期六"),
    _l("星期日"),
)

PHASES: Final = (
    _l("计划申报"),
    _l("评审入库"),
    _l("立项批复"),
    _l("资金安排"),
    _l("采购签约"),
    _l("建设实施"),
    _l("竣工验收"),
    _l("运行评价"),
)

STATES: Final[Mapping[str, LazyString]] = {state.value: _l(label.zh) for state, label in LABELS.items()}

STATE_LOOKS: Final[Mapping[str, str]] = {
    "REJECTED": "over",
    "REMOVED": "over",
    "TERMINATED": "over",
    "SUSPENDED": "hold",
    "ACCEPT_RECTIFY": "due",
    "EVAL_RECTIFY": "due",
    "OM_RETURNED": "due",
    "OPERATING": "ok",
    "ACCEPTED": "ok",
}
"""States that carry a meaning of their own; every other one is plain."""

ROLES: Final[Mapping[str, LazyString]] = {
    "unit_clerk": _l("单位经办"),
    "unit_lead": _l("项目负责人"),
    "unit_head": _l("单位负责人"),
    "bur_clerk": _l("局经办"),
    "bur_section": _l("股室负责人"),
    "bur_head": _l("局领导"),
    "bur_share": _l("数据资源股"),
    "bur_insp": _l("监督考核股"),
    "gov_office": _l("县政府办"),
    "drc_clerk": _l("发改委经办"),
    "drc_head": _l("发改委领导"),
    "fin_budget": _l("财政预算股"),
    "fin_proc": _l("采购监管股"),
    "fin_perf": _l("财政绩效股"),
    "fin_pay": _l("财政支付"),
    "fin_asset": _l("国资管理"),
    "fin_head": _l("财政领导"),
    "aud_clerk": _l("审计经办"),
    "aud_head": _l("审计领导"),
    "psb_officer": _l("公安网安"),
    "cac_officer": _l("网信办"),
    "sec_officer": _l("机要保密"),
    "expert": _l("专家"),
    "sup_eng": _l("监理工程师"),
    "builder_pm": _l("承建项目经理"),
    "assess_user": _l("测评机构"),
    "eval_user": _l("评价机构"),
    "process_owner": _l("流程管理员"),
    "sys_admin": _l("系统管理员"),
    "system": _l("系统"),
}

DEADLINES: Final[Mapping[str, LazyString]] = {
    "plan": _l("报送年度计划"),
    "materials": _l("编制申报材料"),
    "industry_opinion": _l("行业审查意见"),
    "contract": _l("签订合同"),
    "contract_notice": _l("合同公告"),
    "contract_filing": _l("合同备案"),
    "start_of_work": _l("当年开工"),
    "acceptance": _l("竣工验收"),
    "rectification": _l("验收整改"),
    "acceptance_filing": _l("验收材料报送"),
    "evaluation_opens": _l("投运满一年"),
    "evaluation_ends": _l("运行评价"),
    "evaluation_rectification": _l("评价整改"),
    "library_year": _l("项目库滚动"),
    "order": _l("整改通知"),
    "audit": _l("审计整改"),
    "payment": _l("资金支付"),
    "update": _l("目录更新"),
    "mlps_filing": _l("等保备案"),
    "crypto_filing": _l("密评备案"),
    "mlps_retest": _l("等保复测"),
    "documents": _l("提供资料"),
    "om_application": _l("运维申报"),
}

DEADLINE_NUMBERS: Final[Mapping[str, str]] = {
    "plan": "T-01",
    "materials": "T-03",
    "industry_opinion": "T-06",
    "contract": "T-08a",
    "contract_notice": "T-08b",
    "contract_filing": "T-08c",
    "start_of_work": "T-09",
    "acceptance": "T-10",
    "rectification": "T-11",
    "acceptance_filing": "T-13",
    "evaluation_opens": "T-14a",
    "evaluation_ends": "T-14b",
    "evaluation_rectification": "T-15",
    "library_year": "T-16",
    "order": "T-17",
    "audit": "T-18",
    "payment": "T-20",
    "update": "T-21",
    "mlps_filing": "T-22a",
    "crypto_filing": "T-22b",
    "mlps_retest": "T-22c",
    "documents": "T-23",
    "om_application": "T-24",
}

HOLDS: Final[Mapping[str, LazyString]] = {code: _l(name) for code, name in NAMES.items()}

ELEMENTS: Final[Mapping[str, LazyString]] = {
    "userTask": _l("人工任务"),
    "serviceTask": _l("系统办理"),
    "scriptTask": _l("系统计算"),
    "businessRuleTask": _l("决策表"),
    "sendTask": _l("发送消息"),
    "receiveTask": _l("等待消息"),
    "manualTask": _l("线下办理"),
    "task": _l("任务"),
    "callActivity": _l("调用流程"),
    "subProcess": _l("子流程"),
    "transaction": _l("子流程"),
    "adHocSubProcess": _l("子流程"),
    "startEvent": _l("开始"),
    "endEvent": _l("结束"),
    "intermediateCatchEvent": _l("等待"),
    "intermediateThrowEvent": _l("发出"),
    "boundaryEvent": _l("附着事件"),
    "exclusiveGateway": _l("判断"),
    "parallelGateway": _l("并行"),
    "inclusiveGateway": _l("包容判断"),
    "eventBasedGateway": _l("等候其一"),
    "complexGateway": _l("复合判断"),
}

EVENTS: Final[Mapping[str, LazyString]] = {
    "entered": _l("到达"),
    "completed": _l("完成"),
    "fired": _l("触发"),
    "cancelled": _l("取消"),
    "failed": _l("出错"),
}

INSTANCE_STATES: Final[Mapping[str, LazyString]] = {
    "active": _l("在办"),
    "suspended": _l("已暂停"),
    "completed": _l("办结"),
    "terminated": _l("已终止"),
    "failed": _l("出错停住"),
}

DEADLINE_STATES: Final[Mapping[str, LazyString]] = {
    "running": _l("计时中"),
    "met": _l("按期办成"),
    "late": _l("逾期办成"),
    "overdue": _l("逾期"),
    "passed": _l("已过"),
    "cancelled": _l("已撤销"),
    "replaced": _l("已被替代"),
}


def name_of(names: Mapping[str, LazyString], code: str) -> str:
    """Return the name of a code, or the code itself where the list lacks it."""
    name = names.get(code)
    return code if name is None else str(name)
