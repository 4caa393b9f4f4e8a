"""Registers of planning: all projects (D-19), the library, the construction plan (D-07), the fund demand (D-08)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    join,
    literal,
    null,
    or_,
    outerjoin,
    select,
)
from sqlalchemy.orm import aliased

from app.domain.states import OUT_OF_PLAN
from app.models.accounts import Person
from app.models.business import (
    Approval,
    BudgetLine,
    Contract,
    DeadlineRow,
    Evaluation,
    LibraryEntry,
    Opinion,
    PlanItem,
    Project,
    Supervision,
)
from app.queries.register_sheets import parts
from app.queries.register_sheets.columns import Column, Kind, Register, Sheet
from app.queries.scope import Reader, visible_projects

BUILT = ("建设", "购买服务")
"""Kinds of funds of the construction plan; O&M stands in the fund-demand plan only."""


def _library(reader: Reader, today: date, fy: int) -> Sheet:
    del today, fy
    return Sheet(
        columns=(
            *parts.of_project(),
            parts.PATH,
            Column("nature", "性质", Project.nature, Kind.TERM, width=10),
            Column("total", "总投资", parts.amount(reader, Project.total_fen), Kind.MONEY),
            Column("reviewed", "审核数", parts.amount(reader, parts.review(Opinion.reviewed_total_fen)), Kind.MONEY),
            Column("review_no", "审核意见文号", parts.review(Opinion.doc_no), width=20, paged=False),
            Column("entered_fy", "入库年度", LibraryEntry.entered_fy, Kind.NUMBER, width=10),
            Column("entered_on", "入库日期", LibraryEntry.entered_on, Kind.DAY, width=12, paged=False),
            Column("rank", "排序", LibraryEntry.rank, Kind.NUMBER, width=8),
            Column("streak", "连续未安排年数", LibraryEntry.streak_closed, Kind.NUMBER, width=14),
            Column("arranged", "累计安排", parts.amount(reader, parts.arranged_fen()), Kind.MONEY),
            Column("status", "在库状态", LibraryEntry.status, Kind.TERM, width=10),
            Column("removed_on", "剔除日期", LibraryEntry.removed_on, Kind.DAY, width=12, paged=False),
            Column("state", "项目状态", Project.state, Kind.STATE, width=12, paged=False),
        ),
        source=join(parts.PROJECTS, LibraryEntry, LibraryEntry.project_id == Project.id),
        where=(visible_projects(reader),),
        key=LibraryEntry.id,
        order="no",
        descending=True,
        searched=parts.SEARCHED,
        unit=Project.unit_id,
        year=LibraryEntry.entered_fy,
        state=Column("status", "在库状态", LibraryEntry.status, Kind.TERM),
        project_no=Project.no,
    )


def _standing(fy: int) -> ColumnElement[str]:
    """新增, 续建, or 备选 with the number of closed years in a row without funds."""
    begun = exists().where(Contract.project_id == Project.id, Contract.signed_on < date(fy, 1, 1))
    waiting = literal("备选").concat(cast(LibraryEntry.streak_closed, String)).concat("年")
    return case(
        (Project.fy_entered == fy, "新增"),
        (begun, "续建"),
        (LibraryEntry.streak_closed > 0, waiting),
        else_="续建",
    )


def _budget_years(reader: Reader, *fund_types: str) -> Select[int]:
    query = select(BudgetLine.fy).join(Project, Project.id == BudgetLine.project_id).where(visible_projects(reader))
    return query.where(BudgetLine.fund_type.in_(fund_types)) if fund_types else query


def _annual_plan(reader: Reader, today: date, fy: int) -> Sheet:
    del today
    this_year = func.coalesce(parts.arranged_fen(fy, *BUILT), PlanItem.fy_amount_fen)
    lined = exists().where(BudgetLine.project_id == Project.id, BudgetLine.fy == fy, BudgetLine.fund_type.in_(BUILT))
    source = outerjoin(parts.PROJECTS, PlanItem, and_(PlanItem.project_id == Project.id, PlanItem.fy == fy))
    return Sheet(
        columns=(
            Column("no", "编号", Project.no, width=18, link="project"),
            Column("name", "名称", Project.name, width=32, link="project"),
            parts.unit(),
            Column("category", "类别", Project.category, Kind.TERM, width=16),
            parts.PATH,
            Column("total", "总投资", parts.amount(reader, Project.total_fen), Kind.MONEY),
            Column("reviewed", "审核数", parts.amount(reader, parts.review(Opinion.reviewed_total_fen)), Kind.MONEY),
            Column("approval_no", "立项文号", parts.approval(Approval.doc_no), width=22),
            Column("this_year", "本年投资", parts.amount(reader, this_year), Kind.MONEY),
            Column("rank", "排序", PlanItem.rank, Kind.NUMBER, width=8),
            Column("standing", "状态", _standing(fy), Kind.TERM, width=12),
        ),
        source=outerjoin(source, LibraryEntry, LibraryEntry.project_id == Project.id),
        where=(
            visible_projects(reader),
            Project.path.in_(("T", "G", "L")),
            or_(PlanItem.result == "同意", lined),
            or_(Project.state.not_in(sorted(OUT_OF_PLAN)), parts.arranged_fen(fy, *BUILT) > 0),
        ),
        key=Project.id,
        order="rank",
        searched=parts.SEARCHED,
        unit=Project.unit_id,
        years=select(PlanItem.fy)
        .join(Project, Project.id == PlanItem.project_id)
        .where(visible_projects(reader), PlanItem.result == "同意")
        .union(_budget_years(reader, *BUILT)),
        state=Column("path", "路径", Project.path, Kind.PATH),
        project_no=Project.no,
    )


def _fund_demand(reader: Reader, today: date, fy: int) -> Sheet:
    del today
    before = aliased(BudgetLine)
    last_year = (
        select(before.arranged_fen)
        .where(
            before.project_id == Project.id,
            before.fy == fy - 1,
            before.fund_type == BudgetLine.fund_type,
            before.approved_on.is_not(None),
        )
        .correlate(Project, BudgetLine)
        .scalar_subquery()
    )
    arranged = case((BudgetLine.approved_on.is_not(None), BudgetLine.arranged_fen), else_=null())
    return Sheet(
        columns=(
            Column("no", "编号", Project.no, width=18, link="project"),
            Column("name", "名称", Project.name, width=32, link="project"),
            parts.unit(),
            Column("fund_type", "建设/运维/购买服务", BudgetLine.fund_type, Kind.TERM, width=18),
            Column("requested", "需求", parts.amount(reader, BudgetLine.requested_fen), Kind.MONEY),
            Column("suggested", "建议", parts.amount(reader, BudgetLine.suggested_fen), Kind.MONEY),
            Column("last_year", "上年安排", parts.amount(reader, last_year), Kind.MONEY),
            Column("score", "上年评价", parts.evaluation(Evaluation.total_centi), Kind.CENTI, width=10),
            Column("share", "共享得分", parts.evaluation(Evaluation.share_centi), Kind.CENTI, width=10),
            Column("arranged", "安排数", parts.amount(reader, arranged), Kind.MONEY),
            Column("reason", "备注", BudgetLine.reason, width=30),
        ),
        source=join(parts.PROJECTS, BudgetLine, BudgetLine.project_id == Project.id),
        where=(visible_projects(reader), BudgetLine.fy == fy),
        key=BudgetLine.id,
        order="no",
        searched=parts.SEARCHED,
        unit=Project.unit_id,
        years=_budget_years(reader).distinct(),
        state=Column("fund_type", "资金类别", BudgetLine.fund_type, Kind.TERM),
        project_no=Project.no,
    )


def _overview(reader: Reader, today: date, fy: int) -> Sheet:
    """D-19: one line per project, thirty columns from the number to the holds."""
    del fy
    newest_contract = (
        select(Contract.supplier)
        .where(Contract.project_id == Project.id, Contract.confirmed_by != "")
        .order_by(Contract.id)
        .limit(1)
        .correlate(Project)
        .scalar_subquery()
    )
    supervisor = (
        select(Supervision.supervisor)
        .where(Supervision.project_id == Project.id, Supervision.void.is_(False))
        .order_by(Supervision.id.desc())
        .limit(1)
        .correlate(Project)
        .scalar_subquery()
    )
    consent = (
        select(PlanItem.consent_doc_no)
        .where(PlanItem.project_id == Project.id, PlanItem.result == "同意")
        .order_by(PlanItem.fy)
        .limit(1)
        .correlate(Project)
        .scalar_subquery()
    )
    begun = func.coalesce(Project.start_order_on, Project.service_start_on)
    due = parts.next_deadline(DeadlineRow.due, today)
    source = outerjoin(parts.PROJECTS, LibraryEntry, LibraryEntry.project_id == Project.id)
    return Sheet(
        columns=(
            *parts.of_project(),
            Column("path", "路径", Project.path, Kind.PATH, width=10, paged=False),
            Column("funding_form", "资金形式", Project.funding_form, Kind.TERM, width=14, paged=False),
            Column("category", "类别", Project.category, Kind.TERM, width=16, paged=False),
            Column("nature", "性质", Project.nature, Kind.TERM, width=10, paged=False),
            Column("fy", "计划年度", Project.fy, Kind.NUMBER, width=10, paged=False),
            Column("total", "总投资", parts.amount(reader, Project.total_fen), Kind.MONEY),
            Column("consent_no", "县政府同意文号", consent, width=20, paged=False),
            Column("review_no", "审核意见文号", parts.review(Opinion.doc_no), width=20, paged=False),
            Column(
                "reviewed",
                "审核数",
                parts.amount(reader, parts.review(Opinion.reviewed_total_fen)),
                Kind.MONEY,
                paged=False,
            ),
            Column("approval_no", "立项文号", parts.approval(Approval.doc_no), width=22, paged=False),
            Column(
                "approved", "批复数", parts.amount(reader, parts.approval(Approval.amount_fen)), Kind.MONEY, paged=False
            ),
            Column("entered_fy", "入库年度", LibraryEntry.entered_fy, Kind.NUMBER, width=10, paged=False),
            Column("streak", "连续未安排年数", LibraryEntry.streak_closed, Kind.NUMBER, width=14, paged=False),
            Column(
                "arranged_now",
                "本年安排",
                parts.amount(reader, parts.arranged_fen(today.year)),
                Kind.MONEY,
                paged=False,
            ),
            Column("arranged", "累计安排", parts.amount(reader, parts.arranged_fen()), Kind.MONEY, paged=False),
            Column("builder", "承建单位", newest_contract, width=18, paged=False),
            Column("supervisor", "监理单位", supervisor, width=18, paged=False),
            Column("contract", "合同额", parts.amount(reader, parts.contracts_fen()), Kind.MONEY),
            Column("paid", "已付", parts.amount(reader, parts.paid_fen()), Kind.MONEY),
            Column("begun_on", "开工日", begun, Kind.DAY, width=12, paged=False),
            Column("completed_on", "竣工日", Project.completed_on, Kind.DAY, width=12, paged=False),
            Column("accepted_on", "验收日", Project.accepted_on, Kind.DAY, width=12, paged=False),
            Column("online_on", "投运日", Project.online_on, Kind.DAY, width=12, paged=False),
            Column("state", "阶段", Project.state, Kind.STATE, width=12),
            Column("lead", "责任人", Person.name, width=10),
            Column("due", "下一时限", due, Kind.DAY, width=12),
            Column("holds", "冻结", parts.holds(), Kind.HOLDS, width=16),
        ),
        source=outerjoin(source, Person, Person.id == Project.lead_id),
        where=(visible_projects(reader),),
        key=Project.id,
        order="no",
        descending=True,
        searched=(*parts.SEARCHED, Person.name),
        unit=Project.unit_id,
        year=Project.fy_entered,
        state=parts.STATE,
        project_no=Project.no,
    )


REGISTERS = (
    Register(
        "projects", "项目总台账", "每个项目一行，从编号到阶段、责任人、下一时限和冻结。", "还没有项目。", _overview,
        paper="D-19",
    ),
    Register(
        "library", "项目库", "审核通过的项目入库，动态管理、滚动调整（第十八条）。", "还没有入库的项目。", _library
    ),
    Register(
        "annual-plan", "年度建设计划", "县政府同意后当年建设和购买服务的项目（第十条）。",
        "这一年度还没有列入建设计划的项目。", _annual_plan, paper="D-07", yearly=True,
    ),
    Register(
        "fund-demand", "资金需求计划", "当年建设、运维和购买服务的资金需求与安排（第十条、第十二条）。",
        "这一年度还没有资金需求。", _fund_demand, paper="D-08", yearly=True,
    ),
)  # fmt: skip
