"""Registers of supervision: problems, measures and referrals, delays (D-15), holds, deadlines."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    case,
    cast,
    func,
    join,
    literal,
    null,
    or_,
    outerjoin,
    select,
    union_all,
)

from app.models.accounts import Person
from app.models.base import table_of
from app.models.business import (
    AcceptanceAttempt,
    AuditCase,
    DeadlineRow,
    Evaluation,
    Extension,
    FundHold,
    MeasureTaken,
    Order,
    Project,
    RectificationItem,
)
from app.models.documents import Submission
from app.queries import ledger_rows
from app.queries.register_sheets import parts
from app.queries.register_sheets.columns import Column, Kind, Register, Sheet
from app.queries.scope import Reader, visible_projects


def _problems(reader: Reader, today: date, fy: int) -> Sheet:
    """Every item to be rectified, whatever it comes from, with the limit that its source has set."""
    del fy
    item = RectificationItem
    causes = {"order": Order, "acceptance": AcceptanceAttempt, "evaluation": Evaluation, "audit": AuditCase}
    source = join(parts.PROJECTS, item, item.project_id == Project.id)
    for cause, table in causes.items():
        source = outerjoin(source, table, and_(item.cause == cause, item.cause_id == table_of(table).c.id))
    due = func.coalesce(Order.due, AcceptanceAttempt.rectify_due, Evaluation.rectify_due, AuditCase.rectify_due)
    number = func.coalesce(Order.number, AuditCase.number, Project.no)
    origin = case(
        (item.cause == "order", "检查整改"), (item.cause == "acceptance", "验收整改"),
        (item.cause == "evaluation", "评价整改"), else_="审计整改",
    )  # fmt: skip
    basis = case(
        (item.cause == "order", "第三十一条"), (item.cause == "acceptance", "第二十一条"),
        (item.cause == "evaluation", "第二十三条"), else_="第三十二条",
    )  # fmt: skip
    status = case(
        (item.confirmed.is_(True), "已销号"), (due < today, "逾期未改"), (item.done_on.is_not(None), "待复查"),
        else_="整改中",
    )  # fmt: skip
    return Sheet(
        columns=(
            Column("number", "问题编号", number, width=18),
            *parts.of_project(),
            Column("origin", "来源", origin, Kind.TERM, width=10),
            Column("fact", "问题事实", item.problem, width=40),
            Column("basis", "依据", basis, Kind.TERM, width=12, paged=False),
            Column("doc_no", "整改文号", Order.doc_no, width=20, paged=False),
            Column("due", "整改期限", due, Kind.DAY, width=12),
            Column("measure", "整改措施与佐证", item.measure, width=36, paged=False),
            Column("done_on", "完成日期", item.done_on, Kind.DAY, width=12, paged=False),
            Column("status", "状态", status, Kind.TERM, width=10),
            Column("overdue", "逾期天数", parts.late(due, today, open_=item.confirmed.is_(False)), Kind.OVERDUE,
                   width=10),
            Column("confirmed_on", "销号日期", item.confirmed_on, Kind.DAY, width=12, paged=False),
        ),
        source=source,
        where=(visible_projects(reader),),
        key=item.id,
        order="due",
        descending=True,
        searched=(*parts.SEARCHED, item.problem),
        unit=Project.unit_id,
        year=Project.fy_entered,
        state=Column("status", "状态", status, Kind.TERM),
        project_no=Project.no,
    )  # fmt: skip


def _sanctions(reader: Reader, today: date, fy: int) -> Sheet:
    """Measures of 第三十一条 that were decided, and referrals of 第三十三条 as F-27 has recorded them."""
    del today, fy
    measures = select(
        MeasureTaken.project_id.label("project_id"),
        MeasureTaken.kind.label("kind"),
        literal("第三十一条").label("basis"),
        cast(MeasureTaken.decided_on, String).label("day"),
        MeasureTaken.doc_no.label("doc_no"),
        literal("").label("addressee"),
        MeasureTaken.facts.label("facts"),
        cast(MeasureTaken.lifted_on, String).label("lifted_on"),
        literal("m").concat(cast(MeasureTaken.id, String)).label("key"),
    ).where(MeasureTaken.decided_on.is_not(None))
    referrals = select(
        Submission.project_id,
        literal("移送"),
        literal("第三十三条"),
        parts.json_text(Submission.answers, "referred_on"),
        parts.json_text(Submission.answers, "doc_no"),
        parts.json_text(Submission.answers, "to"),
        parts.json_text(Submission.answers, "note"),
        cast(null(), String),
        literal("r").concat(cast(Submission.id, String)),
    ).where(Submission.form_id == "f27")
    both = union_all(measures, referrals).subquery("taken")
    return Sheet(
        columns=(
            *parts.of_project(),
            Column("kind", "措施", both.c.kind, Kind.TERM, width=12),
            Column("basis", "依据", both.c.basis, Kind.TERM, width=12),
            Column("day", "日期", both.c.day, Kind.DAY, width=12),
            Column("doc_no", "文号", both.c.doc_no, width=20),
            Column("addressee", "移送机关", both.c.addressee, width=26),
            Column("facts", "事实", both.c.facts, width=40, paged=False),
            Column("lifted_on", "解除日期", both.c.lifted_on, Kind.DAY, width=12),
        ),
        source=join(parts.PROJECTS, both, both.c.project_id == Project.id),
        where=(visible_projects(reader),),
        key=both.c.key,
        order="day",
        descending=True,
        searched=(*parts.SEARCHED, both.c.doc_no, both.c.addressee),
        unit=Project.unit_id,
        year=Project.fy_entered,
        state=Column("kind", "措施", both.c.kind, Kind.TERM),
        project_no=Project.no,
    )


def _delays(reader: Reader, today: date, fy: int) -> Sheet:
    """D-15: acceptances whose day was moved by a report, or has passed without one passed."""
    del fy
    reports = (
        select(func.count())
        .select_from(Extension)
        .where(Extension.project_id == Project.id, Extension.registered_on.is_not(None))
        .correlate(Project)
        .scalar_subquery()
    )
    held = (
        select(func.min(FundHold.since))
        .where(FundHold.project_id == Project.id, FundHold.code == "H-ACC", FundHold.lifted_at.is_(None))
        .correlate(Project)
        .scalar_subquery()
    )
    unaccepted = and_(DeadlineRow.status == "open", Project.accepted_on.is_(None))
    late = and_(unaccepted, DeadlineRow.due < today)
    status = case(
        (late, "逾期未验收"), (unaccepted, "已延期"), (Project.accepted_on > DeadlineRow.due, "逾期后验收"),
        else_="延期后验收",
    )  # fmt: skip
    source = join(
        parts.PROJECTS, DeadlineRow, and_(DeadlineRow.project_id == Project.id, DeadlineRow.kind == "acceptance")
    )
    return Sheet(
        columns=(
            Column("no", "编号", Project.no, width=18, link="project"),
            parts.unit(),
            Column("completed_on", "竣工日", Project.completed_on, Kind.DAY, width=12),
            Column("first_due", "法定期限", DeadlineRow.first_due, Kind.DAY, width=12),
            Column("reports", "延期次数", reports, Kind.NUMBER, width=10),
            Column("due", "现期限", DeadlineRow.due, Kind.DAY, width=12),
            Column("overdue", "逾期天数", parts.late(DeadlineRow.due, today, open_=unaccepted), Kind.OVERDUE, width=10),
            Column("held", "冻结日", held, Kind.DAY, width=12),
            Column("name", "项目名称", Project.name, width=32, link="project"),
            Column("status", "状态", status, Kind.TERM, width=12),
        ),
        source=source,
        where=(visible_projects(reader), DeadlineRow.status != "void", or_(late, reports > 0)),
        key=DeadlineRow.id,
        order="due",
        searched=parts.SEARCHED,
        unit=Project.unit_id,
        year=Project.fy_entered,
        state=Column("status", "状态", status, Kind.TERM),
        project_no=Project.no,
    )


def _holds(reader: Reader, today: date, fy: int) -> Sheet:
    del today, fy
    status = case((FundHold.lifted_at.is_(None), "冻结中"), else_="已解除")
    stopped = case(
        (FundHold.lifted_at.is_(None), func.coalesce(parts.contracts_fen(), 0) - func.coalesce(parts.paid_fen(), 0)),
        else_=null(),
    )
    return Sheet(
        columns=(
            *parts.of_project(),
            Column("hold", "冻结", FundHold.code, Kind.HOLDS, width=14),
            Column("articles", "依据", FundHold.articles, Kind.ARTICLES, width=14),
            Column("since", "冻结日", FundHold.since, Kind.DAY, width=12),
            Column("unpaid", "合同未付", parts.amount(reader, func.nullif(stopped, 0)), Kind.MONEY),
            Column("status", "状态", status, Kind.TERM, width=10),
            Column("lifted_on", "解除日期", FundHold.lifted_on, Kind.DAY, width=12),
            Column("evidence", "解除依据", FundHold.evidence, width=36, paged=False),
        ),
        source=join(parts.PROJECTS, FundHold, FundHold.project_id == Project.id),
        where=(visible_projects(reader),),
        key=FundHold.id,
        order="since",
        descending=True,
        searched=(*parts.SEARCHED, FundHold.code),
        unit=Project.unit_id,
        year=Project.fy_entered,
        state=Column("status", "状态", status, Kind.TERM),
        project_no=Project.no,
    )


def _deadlines(reader: Reader, today: date, fy: int) -> Sheet:
    del fy
    row = DeadlineRow
    over = ledger_rows.overdue(today)
    status: ColumnElement[Any] = case(
        (row.status == "void", "已撤销"),
        (row.status == "met", "已办成"),
        (over, "逾期"),
        (row.due < today, "已过"),
        else_="计时中",
    )
    return Sheet(
        columns=(
            Column("deadline", "时限", row.kind, Kind.DEADLINE, width=18),
            *parts.of_project(),
            Column("start", "起算", row.start, Kind.DAY, width=12),
            Column("first_due", "原届满", row.first_due, Kind.DAY, width=12, paged=False),
            Column("due", "届满", row.due, Kind.DAY, width=12),
            Column("provisional", "暂定", row.provisional, Kind.FLAG, width=8, paged=False),
            Column("status", "状态", status, Kind.TERM, width=10),
            Column("overdue", "逾期天数", case((over, row.due), else_=null()), Kind.OVERDUE, width=10),
            Column("lead", "责任人", Person.name, width=10),
            Column("met_at", "办成日期", row.met_at, Kind.MOMENT, width=12, paged=False),
        ),
        source=outerjoin(
            outerjoin(row, parts.PROJECTS, Project.id == row.project_id), Person, Person.id == Project.lead_id
        ),
        where=(ledger_rows.visible(reader),),
        key=row.id,
        order="due",
        descending=True,
        searched=(*parts.SEARCHED, Person.name),
        unit=Project.unit_id,
        year=Project.fy_entered,
        state=Column("status", "状态", status, Kind.TERM),
        project_no=Project.no,
    )


REGISTERS = (
    Register(
        "problems", "问题与整改台账",
        "检查、验收、评价和审计发现的问题，逐项销号（第二十一条、第三十一条、第三十二条）。",
        "没有要整改的问题。", _problems,
    ),
    Register(
        "sanctions", "惩戒与移送", "已经作出的措施和移送记录；系统不对个人作处分决定（第三十一条、第三十三条）。",
        "没有措施，也没有移送。", _sanctions,
    ),
    Register(
        "delays", "延期及逾期未验收台账", "报过延期的和逾期没有验收的项目（第二十一条）。",
        "没有延期，也没有逾期未验收。", _delays, paper="D-15",
    ),
    Register("holds", "冻结台账", "全部冻结的设立和解除；冻结不删除。", "没有冻结。", _holds),
    Register("deadlines", "时限总台账", "全部时限的起算、届满、办成和逾期。", "没有时限。", _deadlines),
)  # fmt: skip
