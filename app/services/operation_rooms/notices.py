"""Operation notice.send: a notice in the words of a template to the holders of roles of the project."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.domain.deadline_kinds import KINDS
from app.domain.deadlines import overdue_days
from app.domain.holds import NAMES
from app.domain.roles import ROLES, OrganisationKind
from app.models.accounts import Organisation, Person, PersonRole
from app.models.business import PlanItem, Project
from app.models.documents import Submission
from app.models.process import ProcessInstance
from app.services import companies, hold_notices, ledger, library_year
from app.services import notices as notice_service
from app.services.operation_rooms.subject import texts

if TYPE_CHECKING:
    from app.engine.step import Variables
    from app.models.business import DeadlineRow
    from app.services.context import StepContext

TEMPLATES: Mapping[str, str] = MappingProxyType(
    {
        "plan_reminder": "请在 %(due)s 前报送下一年度建设或者采购计划（第九条）。",
        "plan_consent_reminder": "年度计划已报送，请登记县政府的意见。",
        "materials_reminder": "%(unit)s“%(project)s”的申报材料应于 %(due)s 前报送。",
        "expert_reminder": "“%(project)s”的专家评审意见请尽快填写。",
        "expert_overdue": "“%(project)s”的专家任务已逾期，可以随机更换（T-04）。",
        "review_opinion_reminder": "“%(project)s”的审核意见请尽快出具（第十条）。",
        "review_opinion_overdue": "“%(project)s”的审核意见逾期尚未出具（第十条）。",
        "industry_opinion_reminder": "“%(project)s”的行业审查意见应于 %(due)s 前出具（第十一条）。",
        "industry_opinion_overdue": "“%(project)s”的行业审查意见已逾期，发改委暂不能批复（第十一条）。",
        "preprocurement_reminder": "“%(project)s”的采购前两方案请尽快审查（第十四条）。",
        "preprocurement_overdue": "“%(project)s”的采购前核准已逾期，采购仍不能开始（第十四条）。",
        "contract_reminder": "“%(project)s”的采购合同应于 %(due)s 前签订。",
        "acceptance_reminder": "%(unit)s“%(project)s”应于 %(due)s 前组织验收（第二十条）。",
        "rectification_reminder": "“%(project)s”的验收整改应于 %(due)s 前完成（第二十一条）。",
        "acceptance_filing_reminder": "“%(project)s”的验收材料应于 %(due)s 前报送（第二十条）。",
        "minor_change_filed": "%(unit)s“%(project)s”的一般变更已报备案。",
        "change_reminder": "“%(project)s”的变更申请请尽快审查（第十七条）。",
        "payment_reminder": "“%(project)s”的款项应于 %(due)s 前支付。",
        "om_application_reminder": "运维经费申请应于 %(due)s 前报送。",
        "evaluation_reminder": "“%(project)s”的绩效评价应于 %(due)s 前完成（第二十三条）。",
        "evaluation_overdue": "“%(project)s”的绩效评价应于 %(due)s 前完成，现已逾期（第二十三条）。",
        "evaluation_rectification_reminder": "“%(project)s”的评价整改应于 %(due)s 前完成（第二十三条）。",
        "order_reminder": "“%(project)s”的整改通知应于 %(due)s 前落实（第三十一条）。",
        "audit_notice": "“%(project)s”已列入年度审计计划，请按要求提供资料（第三十二条）。",
        "documents_reminder": "“%(project)s”的资料应于 %(due)s 前提供（第三十条）。",
        "documents_overdue": "“%(project)s”的资料应于 %(due)s 前提供，逾期未提供，列入问题台账（第三十条）。",
        "audit_reminder": "“%(project)s”的审计整改应于 %(due)s 前完成（第三十二条）。",
        "library_warning": "“%(project)s”本年度仍未安排资金的，将连续满三年，自动剔除出库（第十八条）。",
        "not_started_warning": "%(unit)s“%(project)s”本年度已安排资金，尚未开展建设（第十九条）。",
        "hold_weekly": "%(unit)s“%(project)s”的冻结（%(subject)s）仍未解除。",
        "feedback_reminder": "“%(project)s”的共享数据使用反馈请尽快答复（第二十七条）。",
    }
)
"""Template → Chinese message id. What announces a hold is worded in services/hold_notices."""

OVERDUE: Mapping[str, str] = MappingProxyType(
    {
        "acceptance_reminder": "%(unit)s“%(project)s”的验收期限已于 %(due)s 届满，逾期 %(days)s 天，请尽快组织验收"
        "（第二十一条）。"
    }
)
"""Template of a ladder that goes on after the last day → what it says then."""

HOLDING: Mapping[str, str] = MappingProxyType({"acceptance_overdue": "H-ACC", "hold_set": ""})
"""Template → the hold that it announces (none named: the subject says which): one notice for the hold, not three."""
DEADLINES: Mapping[str, str] = MappingProxyType(
    {"evaluation_reminder": "evaluation_ends", "evaluation_overdue": "evaluation_ends"}
)
"""Template → the deadline that it is about, where its name does not begin with the deadline's."""
TO_FILE = "plan_reminder"
"""Only units that have not filed are reminded of the plan (第九条)."""
PAGES: Mapping[str, str] = MappingProxyType({"expert_overdue": "/expert-tasks"})
"""Template → the page where what it offers is done, where that is not the project's."""
NO_HOLD = "-"
ONE_DAY = timedelta(days=1)
GRAVE = frozenset({"acceptance_overdue", "industry_opinion_overdue", "hold_set", "hold_weekly", "evaluation_overdue"})


def send(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """Send the template to the holders of the roles, once for each deadline and day.

    Unknown templates say what is due.
    """
    project = context.session.get(Project, context.project_id) if context.project_id is not None else None
    template, subject = headers["template"], str(inputs.get("subject_id") or "")
    if template == "library_warning" and project is None:
        library_year.warn(context.session, now=context.now)
        return {}
    kind = headers.get("deadline") or kind_of(template)
    row = _deadline(context, project, kind)
    unit = context.session.get(Organisation, project.unit_id) if project is not None else None
    values = {
        "project": project.name if project is not None else "",
        "unit": unit.short if unit is not None else "",
        "due": row.due.isoformat() if row is not None else "",
        "days": overdue_days(row.due, context.today) if row is not None else 0,
        "subject": NAMES.get(subject, subject),
    }
    late = row is not None and row.due < context.today
    message = (OVERDUE if late and template in OVERDUE else TEMPLATES).get(template, "请办理“%(project)s”的下一步。")
    key = _key(context, template, project, subject)
    code = HOLDING.get(template, NO_HOLD) or subject
    if template in OVERDUE and row is not None and row.due + ONE_DAY == context.today:
        code = "H-ACC"  # on the first day after, the hold's own notice says it
    if project is not None and code in NAMES:
        said = hold_notices.taken_effect(context.session, project, code, today=context.today)
        message, values, key = said.message, dict(said.values), said.key
    filed = _filed(context) if template == TO_FILE else frozenset()
    roles = texts(headers.get("roles"))
    if template == "expert_overdue" and unit is not None and unit.kind == OrganisationKind.BUREAU.value:
        roles = [*roles, "gov_office"]  # who replaces in the bureau's own projects (COI-08)
    notice_service.notify(
        context.session,
        _receivers(context, roles, project, filed),
        message=message,
        values=values,
        dedupe_key=key,
        now=context.now,
        project_id=project.id if project is not None else None,
        link=PAGES.get(template) or (f"/projects/{project.no}" if project is not None else "/"),
        level="overdue" if template in GRAVE else "info",
    )
    return {}


def kind_of(template: str) -> str:
    """Return the deadline that a template is about, mostly from its name: acceptance_overdue → acceptance."""
    if template in DEADLINES:
        return DEADLINES[template]
    found = [kind for kind in KINDS if template.startswith(kind)]
    return max(found, key=len, default="")


def _deadline(context: StepContext, project: Project | None, kind: str) -> DeadlineRow | None:
    if not kind:
        return None
    if project is not None:
        return ledger.newest(context.session, kind, project_id=project.id)
    fy = context.variables.get("fy") or context.today.year + 1
    return ledger.find(context.session, kind, project_id=None, subject=str(fy))


def _key(context: StepContext, template: str, project: Project | None, subject: str) -> str:
    about = project.no if project is not None else f"i{context.instance.id}"
    return f"{template}:{about}:{subject}:{context.today.isoformat()}"


def _receivers(
    context: StepContext, roles: list[str], project: Project | None, but: frozenset[int] = frozenset()
) -> list[int]:
    """Return the holders: of unit roles in the project's unit (in every eligible unit where there is no project).

    `but` are units that have done already what the notice asks for.
    """
    if project is not None:
        found = notice_service.holders(context.session, roles, unit_id=project.unit_id)
        for role in roles:
            if role in ROLES and ROLES[role].organisation is OrganisationKind.COMPANY:
                found += _of_companies(context, project.id, role)
        return found
    eligible = context.session.query(Organisation.id).filter(Organisation.eligible).all()
    found = notice_service.holders(context.session, roles, unit_id=None)
    for unit_id in {key for (key,) in eligible} - but:
        found += notice_service.holders(context.session, roles, unit_id=unit_id)
    return sorted(set(found))


def _filed(context: StepContext) -> frozenset[int]:
    """Return the units that have filed an item for the year that is called for, or said that they have none."""
    fy = context.variables.get("fy") or context.today.year + 1
    items = (
        context.session.query(Project.unit_id)
        .join(PlanItem, PlanItem.project_id == Project.id)
        .filter(PlanItem.fy == fy, PlanItem.submitted_on.is_not(None))
    )
    asked = (
        context.session.query(ProcessInstance.unit_id, Submission.answers)
        .join(Submission, Submission.instance_id == ProcessInstance.id)
        .filter(Submission.form_id == "f01", Submission.at >= context.instance.started_at)
    )
    nothing = {unit_id for unit_id, answers in asked if answers.get("nothing_to_file") is True and unit_id is not None}
    return frozenset({unit_id for (unit_id,) in items} | nothing)


def _of_companies(context: StepContext, project_id: int, role: str) -> list[int]:
    assigned = companies.assigned_companies(context.session, project_id, role)
    query = (
        context.session.query(Person.id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .filter(Person.organisation_id.in_(assigned), PersonRole.role == role, Person.active)
    )
    return [person for (person,) in query]
