"""Gates of the annual plan: G-01, G-03, G-06, G-07, G-08, G-38 (第二条, 第四条, 第九条, 第三十四条)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.articles import Article, implements
from app.domain.calendar import last_day
from app.domain.reasons import Refusals, favourable, refuse
from app.domain.terms import NEEDS_ASSESSMENT, BudgetLineKind, Category, FundingForm, Nature, Result

if TYPE_CHECKING:
    from app.domain.acts import Act
    from app.domain.facts import Assessment, OtherRule, ProjectFacts

SCOPE = Article(2, "政府资金投资建设、政府和社会企业联合建设、政府向社会购买服务或者需要政府资金运行维护")
UNITS = Article(2, "政府部门及法律、法规授权具有行政管理职能的事业单位和社会组织")
NO_ROOM = Article(4, "不得新建业务机房和专网")
PLAN_DUE = Article(9, "每年11月底前报送下一年度建设或者采购计划")
CONSENT = Article(9, "报县政府同意后")
ASSESSMENT = Article(9, "应当委托专业机构进行系统测评,并提交测评报告")
SECRET = Article(34, "涉及国家秘密")


@implements(SCOPE, UNITS, ids=("G-01",))
def g01(facts: ProjectFacts, act: Act) -> Refusals:
    """G-01: a plan item needs one of four funding forms, one of six categories (or 其他 with reason), eligible unit."""
    if not facts.unit.eligible and not facts.parameters.outside_units_eligible:
        yield refuse(
            "G-01", UNITS, "%(unit)s不在项目单位名录内，不能申报。", "由大数据局核实后在单位名录中开通申报。",
            holder="bur_section", link=("register", "organisations"), unit=facts.unit.name,
        )  # fmt: skip
    item = act.item or facts.item
    if item is None:
        return
    if item.funding_form not in set(FundingForm):
        yield refuse("G-01", SCOPE, "资金形式不在四种之内。", "从四种资金形式中选择一种。", link=("form", "f02"))
    if item.category not in set(Category):
        yield refuse(
            "G-01", SCOPE, "系统类别不在六类之内。", "从六类中选择，或者选“其他”并说明理由。", link=("form", "f02")
        )
    elif item.category == Category.OTHER and not item.category_reason.strip():
        yield refuse("G-01", SCOPE, "系统类别选“其他”，但未说明理由。", "补充理由。", link=("form", "f02"))


@implements(NO_ROOM, ids=("G-03",))
def g03(facts: ProjectFacts, act: Act) -> Refusals:
    """G-03: no new machine room or private network, unless a 另有规定 document is confirmed by the bureau head."""
    item = act.item or facts.item
    filing = act.filing or facts.filing
    rule = item.other_rule if item is not None else None
    if rule is not None and rule.document and rule.confirmed_by_head:
        return
    remedy, holder = _room_remedy(rule)
    if item is not None and (item.has_room or item.has_private_net):
        yield refuse("G-03", NO_ROOM, "计划项含新建业务机房或者专网。", remedy, holder=holder, link=("form", "f02"))
    lines = filing.budget_items if filing is not None else ()
    for line in lines:
        if line.kind in {BudgetLineKind.MACHINE_ROOM, BudgetLineKind.PRIVATE_NETWORK} and line.amount_fen > 0:
            yield refuse(
                "G-03", NO_ROOM, "预算明细“%(name)s”属于%(kind)s，不得新建。", remedy, holder=holder,
                link=("form", "f03"), name=line.name, kind=line.kind,
            )  # fmt: skip


def _room_remedy(rule: OtherRule | None) -> tuple[str, str]:
    if rule is not None and rule.document:
        return "另有规定的文件已附，请大数据局领导确认。", "bur_head"
    return "改用政务云和电子政务网；确有另有规定的，附文件并由大数据局领导确认。", "unit_clerk"


@implements(PLAN_DUE, ids=("G-06", "T-01"))
def g06(facts: ProjectFacts, act: Act) -> Refusals:
    """G-06: an item filed after the plan deadline is late and enters only as 增补 that the bureau head approves."""
    item = act.item or facts.item
    if item is None or not item.late or not favourable(act, "纳入", Result.AGREED):
        return
    values: dict[str, object] = {"submitted": item.submitted_on, "due": item.plan_due}
    if not facts.parameters.late_items_may_join:
        yield refuse(
            "G-06", PLAN_DUE, "计划项于%(submitted)s报送，已过%(due)s的期限，本年度不再增补。", "列入下一年度计划。",
            holder="bur_section", link=("form", "f02s"), values=values,
        )  # fmt: skip
        return
    if not (item.late_reason.strip() or act.reason.strip()):
        yield refuse(
            "G-06", PLAN_DUE, "计划项于%(submitted)s报送，已过%(due)s的期限，未说明增补理由。", "写明增补理由。",
            holder="bur_section", link=("form", "f02s"), values=values,
        )  # fmt: skip
    if act.form_id == "f02g" and not item.supplement_approved_by:
        yield refuse(
            "G-06", PLAN_DUE, "计划项逾期报送，大数据局领导尚未批准增补。", "请大数据局领导签批增补。",
            holder="bur_head", link=("form", "f00s"), values=values,
        )  # fmt: skip


@implements(CONSENT, ids=("G-07",))
def g07(facts: ProjectFacts, act: Act) -> Refusals:
    """G-07: the filing is locked until the item carries the county government's consent with number and date."""
    del act
    consent = facts.item.consent if facts.item is not None else None
    if consent is None or consent.result != Result.AGREED:
        yield refuse(
            "G-07", CONSENT, "县政府尚未同意该计划项，不能编制申报材料。", "等待县政府研究并登记文号和日期。",
            holder="gov_office", link=("form", "f02g"), missing=("县政府同意文件",),
        )  # fmt: skip
    elif not consent.doc_no.strip() or consent.decided_on is None:
        yield refuse(
            "G-07", CONSENT, "县政府同意的文号或者日期未登记。", "请县政府办补登文号和日期。",
            holder="gov_office", link=("form", "f02g"), missing=("县政府同意文件",),
        )  # fmt: skip


@implements(ASSESSMENT, ids=("G-08", "COI-05"))
def g08(facts: ProjectFacts, act: Act) -> Refusals:
    """G-08: 改建, 扩建, 报废 need an assessment report, not over 12 months old, not by builder or operator."""
    item = act.item or facts.item
    nature = item.nature if item is not None else facts.nature
    if act.form_id == "f29":
        nature = Nature.SCRAP  # whatever it was built as, now it is to be scrapped
    if nature not in NEEDS_ASSESSMENT:
        return
    report = item.assessment if item is not None else None
    if report is None:
        yield refuse(
            "G-08", ASSESSMENT, "项目性质为%(nature)s，未提交系统测评报告。", "委托专业机构测评并上传测评报告。",
            link=("form", "f02"), missing=("系统测评报告",), nature=nature,
        )  # fmt: skip
        return
    yield from _assessor(facts, report)
    months = facts.parameters.assessment_age_months
    if report.reported_on is not None and last_day(report.reported_on, months=months) < (act.on or facts.today):
        yield refuse(
            "G-08", ASSESSMENT, "测评报告出具于%(reported)s，已超过%(months)s个月。", "重新测评并上传新的报告。",
            link=("form", "f02"), reported=report.reported_on, months=months,
        )  # fmt: skip


def _assessor(facts: ProjectFacts, report: Assessment) -> Refusals:
    involved = {facts.parent.builder, facts.parent.operator} if facts.parent is not None else set()
    if report.assessor and report.assessor in involved:
        yield refuse(
            "G-08", ASSESSMENT, "测评机构%(assessor)s是原系统的承建或者运维单位。", "另行委托无利害关系的专业机构。",
            link=("form", "f02"), assessor=report.assessor,
        )  # fmt: skip


@implements(SECRET, ids=("G-38",))
def g38(facts: ProjectFacts, act: Act) -> Refusals:
    """G-38: a secret item leaves nothing but unit, clause, date and handler.

    An exempt project takes no further form.
    """
    if facts.state == "EXEMPT":
        yield refuse("G-38", SECRET, "该项目按另行规定管理，本系统不再登记任何内容。")
    elif act.secret and act.content_given:
        yield refuse(
            "G-38", SECRET, "涉密项目不得在本系统登记名称、金额和附件。", "只保留依据条款，其余内容请清空。",
            link=("form", "f01"),
        )  # fmt: skip
