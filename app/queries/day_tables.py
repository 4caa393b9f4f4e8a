"""Tables of the day as papers: D-07, D-08, D-15, D-17, D-19, made when asked for, from what the reader sees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain import standing
from app.domain.deadline_kinds import KINDS as DEADLINES
from app.domain.papers import EMPTY, KINDS, LAYOUTS, Content, amount, chinese_day
from app.domain.parameters import Parameters
from app.domain.states import LABELS, State
from app.models.accounts import Organisation, Person
from app.models.base import Base
from app.models.business import (
    Approval,
    BudgetLine,
    Contract,
    ContractNode,
    DeadlineRow,
    Evaluation,
    Extension,
    FundHold,
    LibraryEntry,
    Opinion,
    Payment,
    PlanItem,
    Project,
    Supervision,
)
from app.queries.scope import Reader, visible_projects

PATH_NAMES = {"T": "政府投资", "G": "购买服务", "L": "联合建设", "Y": "运行维护", "B": "报废", "X": "另行规定"}
PHASES = ("", "计划申报", "评审入库", "立项批复", "资金安排", "采购签约", "建设实施", "竣工验收", "运行评价")
EXACT = "合计按精确值计算后四舍五入。"
TABLES = ("D-07", "D-08", "D-15", "D-17", "D-19")
Table = TypeVar("Table", bound=Base)


@dataclass(frozen=True)
class Day:
    """For which fiscal year, on which day and with which parameters a table is made."""

    fy: int
    """Counts for D-07, D-08 and D-17."""
    today: date
    parameters: Parameters

    @property
    def says(self) -> str:
        """How the table names its day."""
        return f"制表日{chinese_day(self.today.isoformat())}"


def table(session: Session, reader: Reader, kind: str, day: Day) -> Content:
    """Return a table of the day with the rows that the reader may see."""
    return _MAKERS[kind](session, reader, day)


def _content(kind: str, title: str, scope: str, items: Sequence[Mapping[str, object]], today: date) -> Content:
    return Content(
        kind=kind, title=title or KINDS[kind].zh, parts=LAYOUTS[kind], issued_on=today.isoformat(),
        values={"scope": [scope], "items": list(items)},
    )  # fmt: skip


def _seen(reader: Reader) -> Select[int]:
    return select(Project.id).where(visible_projects(reader), Project.path != "X")


def _of(session: Session, model: type[Table], reader: Reader, *conditions: object) -> dict[int, list[Table]]:
    """Return the rows of a table by project, oldest first, in one statement."""
    columns = model.__table__.c
    query = select(model).where(columns.project_id.in_(_seen(reader)), *conditions)  # type: ignore[arg-type]
    found: dict[int, list[Table]] = defaultdict(list)
    for row in session.scalars(query.order_by(columns.id)):
        found[row.project_id].append(row)  # type: ignore[attr-defined]
    return found


def _projects(session: Session, reader: Reader) -> list[tuple[Project, str]]:
    rows = session.execute(
        select(Project, Organisation.short, Organisation.name)
        .join(Organisation, Organisation.id == Project.unit_id)
        .where(visible_projects(reader), Project.path != "X")
        .order_by(Project.no)
    )
    return [(project, short or name) for project, short, name in rows]


def _newest(rows: Mapping[int, list[Table]], project_id: int) -> Any:
    found = rows.get(project_id)
    return found[-1] if found else None


def _opinions(session: Session, reader: Reader) -> dict[int, list[Opinion]]:
    return _of(
        session, Opinion, reader, Opinion.kind == "review", Opinion.signed_on.is_not(None), Opinion.void.is_(False)
    )


def _approvals(session: Session, reader: Reader) -> dict[int, list[Approval]]:
    return _of(session, Approval, reader, Approval.signed_on.is_not(None))


def _fen(values: Iterable[int | None]) -> int:
    return sum(value or 0 for value in values)


def _sums(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], label: str, at: str = "name") -> dict[str, object]:
    """Return a row of exact sums under the amounts of `columns`."""
    found: dict[str, object] = {"sum": True, at: label}
    for key in columns:
        found[key] = amount(_fen(row[key]["fen"] for row in rows if isinstance(row.get(key), Mapping)))
    return found


def _blank(kind: str, row: dict[str, object]) -> dict[str, object]:
    part = next(one for one in LAYOUTS[kind] if one.kind == "table")
    return {column.key: row.get(column.key, "") for column in part.columns} | {"sum": True}


def _plan(session: Session, reader: Reader, day: Day) -> Content:
    fy, today = day.fy, day.today
    projects = {project.id: (project, unit) for project, unit in _projects(session, reader)}
    opinions, approvals = _opinions(session, reader), _approvals(session, reader)
    entries = _of(session, LibraryEntry, reader)
    items = session.scalars(
        select(PlanItem)
        .where(PlanItem.project_id.in_(_seen(reader)), PlanItem.fy == fy, PlanItem.suggestion != "不纳入")
        .order_by(PlanItem.rank, PlanItem.id)
    ).all()
    rows: list[dict[str, object]] = []
    for item in items:
        project, unit = projects[item.project_id]
        opinion, approval = _newest(opinions, project.id), _newest(approvals, project.id)
        rows.append(
            {
                "no": project.no, "name": project.name, "unit": unit, "category": project.category or EMPTY,
                "path": PATH_NAMES[project.path], "total": amount(project.total_fen),
                "reviewed": amount(opinion.reviewed_total_fen if opinion else None),
                "approval_no": (approval.doc_no if approval else "") or EMPTY, "fy_amount": amount(item.fy_amount_fen),
                "rank": str(item.rank) if item.rank is not None else EMPTY,
                "status": _standing(project, _newest(entries, project.id), fy),
            }
        )  # fmt: skip
    if rows:
        rows.append(_blank("D-07", _sums(rows, ("total", "reviewed", "fy_amount"), f"合计（{len(rows)}个）")))
    scope = f"{day.says}，列示{fy}年度计划项目{len(items)}个。{EXACT}"
    return _content("D-07", f"{fy}年度政务信息化项目建设计划汇总表", scope, rows, today)


def _standing(project: Project, entry: LibraryEntry | None, fy: int) -> str:
    if entry is not None and entry.status == "备选":
        return f"备选{entry.streak_closed}年"
    return "新增" if project.fy_entered >= fy else "续建"


def _funds(session: Session, reader: Reader, day: Day) -> Content:
    fy, today = day.fy, day.today
    projects = {project.id: (project, unit) for project, unit in _projects(session, reader)}
    lines = _of(session, BudgetLine, reader, BudgetLine.fy.in_((fy, fy - 1)))
    evaluations = _of(session, Evaluation, reader, Evaluation.signed_on.is_not(None))
    rows: list[dict[str, object]] = []
    for project_id in sorted(lines, key=lambda key: projects[key][0].no):
        project, unit = projects[project_id]
        score = _newest(evaluations, project_id)
        for line in lines[project_id]:
            if line.fy != fy:
                continue
            before = (one for one in lines[project_id] if one.fund_type == line.fund_type)
            last = [one.arranged_fen for one in before if one.fy == fy - 1]
            rows.append(
                {
                    "no": project.no, "name": project.name, "unit": unit, "fund": line.fund_type,
                    "requested": amount(line.requested_fen), "suggested": amount(line.suggested_fen),
                    "last": amount(last[0] if last else None), "evaluation": _score(score, day.parameters),
                    "sharing": _points(score.share_centi) if score else EMPTY,
                    "arranged": amount(line.arranged_fen if line.approved_on else None), "remark": line.reason or EMPTY,
                }
            )  # fmt: skip
    if rows:
        keys = ("requested", "suggested", "last", "arranged")
        for fund in dict.fromkeys(str(row["fund"]) for row in rows):
            same = [row for row in rows if row.get("fund") == fund and not row.get("sum")]
            rows.append(_blank("D-08", _sums(same, keys, f"{fund}小计（{len(same)}行）")))
        rows.append(_blank("D-08", _sums([row for row in rows if not row.get("sum")], keys, "合计")))
    return _content("D-08", f"{fy}年度政务信息化项目资金需求计划表", f"{day.says}。{EXACT}", rows, today)


def _score(row: Evaluation | None, parameters: Parameters) -> str:
    if row is None or row.total_centi is None:
        return EMPTY
    return f"{_points(row.total_centi)} {standing.band(row.total_centi, parameters)}"


def _points(centi: int | None) -> str:
    return EMPTY if centi is None else f"{centi / 100:.1f}"


def _overdue(session: Session, reader: Reader, day: Day) -> Content:
    today = day.today
    projects = {project.id: (project, unit) for project, unit in _projects(session, reader)}
    ledger = _of(session, DeadlineRow, reader, DeadlineRow.kind == "acceptance")
    reports = _of(session, Extension, reader, Extension.registered_on.is_not(None))
    held = _of(session, FundHold, reader, FundHold.code == "H-ACC", FundHold.lifted_at.is_(None))
    rows: list[dict[str, object]] = []
    for project_id, deadlines in ledger.items():
        due, moved = deadlines[-1], reports.get(project_id, [])
        open_ = due.status == "open" and projects[project_id][0].accepted_on is None
        late = (today - due.due).days if open_ and due.due < today else 0
        if not moved and not late:
            continue
        project, unit = projects[project_id]
        hold = _newest(held, project_id)
        rows.append(
            {
                "no": project.no, "unit": unit, "name": project.name, "completed_on": _day(project.completed_on),
                "first_due": _day(due.first_due), "extensions": str(len(moved)), "due": _day(due.due),
                "late": str(late) if late else EMPTY, "held_since": _day(hold.since if hold else None),
            }
        )  # fmt: skip
    rows.sort(key=lambda row: str(row["no"]))
    scope = f"{day.says}，列示报告过延期或者逾期未验收的项目{len(rows)}个（办法第二十一条）。"
    return _content("D-15", "", scope, rows, today)


def _payments(session: Session, reader: Reader, day: Day) -> Content:
    fy, today = day.fy, day.today
    projects = {project.id: (project, unit) for project, unit in _projects(session, reader)}
    contracts = {one.id: one for rows in _of(session, Contract, reader).values() for one in rows}
    nodes = session.scalars(
        select(ContractNode)
        .join(Contract, Contract.id == ContractNode.contract_id)
        .where(Contract.project_id.in_(_seen(reader)))
        .order_by(Contract.project_id, ContractNode.contract_id, ContractNode.number)
    ).all()
    paid = {
        one.node_id: one for rows in _of(session, Payment, reader, Payment.status == "paid").values() for one in rows
    }
    due = _of(session, DeadlineRow, reader, DeadlineRow.kind == "payment")
    holds = _of(session, FundHold, reader, FundHold.lifted_at.is_(None))
    rows: list[dict[str, object]] = []
    for node in nodes:
        contract = contracts[node.contract_id]
        project, _unit = projects[contract.project_id]
        payment = paid.get(node.id)
        if payment is not None and payment.fy != fy:
            continue
        deadline = _newest(due, project.id) if node.after_acceptance else None
        codes = () if payment else dict.fromkeys(one.code for one in holds.get(project.id, ()))
        rows.append(
            {
                "name": project.name, "contract": contract.no, "supplier": contract.supplier, "node": node.name,
                "due_amount": amount(node.amount_fen), "paid": amount(payment.amount_fen if payment else 0),
                "due_on": _day(deadline.due if deadline is not None else None),
                "paid_on": _day(payment.paid_on if payment else None),
                "voucher": (payment.voucher if payment else "") or EMPTY, "holds": "、".join(codes) or EMPTY,
            }
        )  # fmt: skip
    if rows:
        rows.append(_blank("D-17", _sums(rows, ("due_amount", "paid"), f"合计（{len(rows)}个节点）")))
    scope = f"{day.says}，列示{fy}年度已付和全部未付的合同节点。{EXACT}"
    return _content("D-17", f"{fy}年度支付台账", scope, rows, today)


def _day(day: date | None) -> str:
    return day.isoformat() if day else EMPTY


def _all(session: Session, reader: Reader, day: Day) -> Content:
    today = day.today
    projects = _projects(session, reader)
    wanted = {project.lead_id for project, _unit in projects}
    leads = dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted))).all())
    opinions, approvals = _opinions(session, reader), _approvals(session, reader)
    lines = _of(session, BudgetLine, reader, BudgetLine.approved_on.is_not(None))
    contracts = _of(session, Contract, reader)
    supervisions = _of(session, Supervision, reader, Supervision.void.is_(False))
    payments = _of(session, Payment, reader, Payment.status == "paid")
    ledger = _of(session, DeadlineRow, reader)
    evaluations = _of(session, Evaluation, reader, Evaluation.signed_on.is_not(None))
    holds = _of(session, FundHold, reader, FundHold.lifted_at.is_(None))
    rows: list[dict[str, object]] = []
    for project, unit in projects:
        key = project.id
        opinion, approval = _newest(opinions, key), _newest(approvals, key)
        label = LABELS[State(project.state)]
        running = sorted((d for d in ledger.get(key, ()) if d.status == "open"), key=lambda d: d.due)
        upcoming = running[0] if running else None
        accept = next((d for d in reversed(ledger.get(key, ())) if d.kind == "acceptance"), None)
        named = DEADLINES.get(upcoming.kind) if upcoming is not None else None
        rows.append(
            {
                "no": project.no, "name": project.name, "unit": unit, "fy": str(project.fy),
                "path": PATH_NAMES[project.path], "funding_form": project.funding_form or EMPTY,
                "category": project.category or EMPTY, "nature": project.nature or EMPTY,
                "phase": PHASES[label.phase or 0] or EMPTY, "state": label.zh,
                "lead": leads.get(project.lead_id or 0, EMPTY), "total": amount(project.total_fen),
                "reviewed": amount(opinion.reviewed_total_fen if opinion else None),
                "review_no": (opinion.doc_no if opinion else "") or EMPTY,
                "approved": amount(approval.amount_fen if approval else None),
                "approval_no": (approval.doc_no if approval else "") or EMPTY,
                "arranged": _sum(line.arranged_fen for line in lines.get(key, ())),
                "contract": _sum(one.amount_fen for one in contracts.get(key, ())),
                "builder": contracts[key][0].supplier if contracts.get(key) else EMPTY,
                "supervisor": supervisions[key][-1].supervisor if supervisions.get(key) else EMPTY,
                "paid": _sum(one.amount_fen for one in payments.get(key, ())),
                "started_on": _day(project.start_order_on or project.service_start_on),
                "completed_on": _day(project.completed_on), "accept_due": _day(accept.due if accept else None),
                "accepted_on": _day(project.accepted_on), "online_on": _day(project.online_on),
                "evaluation": _score(_newest(evaluations, key), day.parameters), "next": named.zh if named else EMPTY,
                "next_due": _day(upcoming.due if upcoming else None),
                "holds": "、".join(dict.fromkeys(one.code for one in holds.get(key, ()))) or EMPTY,
            }
        )  # fmt: skip
    if rows:
        keys = ("total", "reviewed", "approved", "arranged", "contract", "paid")
        rows.append(_blank("D-19", _sums(rows, keys, f"合计（{len(rows)}个）")))
    return _content("D-19", "", f"{day.says}，共{len(projects)}个项目。{EXACT}", rows, today)


def _sum(values: Iterable[int | None]) -> object:
    found = list(values)
    return amount(_fen(found)) if found else EMPTY


_MAKERS: Mapping[str, Callable[[Session, Reader, Day], Content]] = {
    "D-07": _plan, "D-08": _funds, "D-15": _overdue, "D-17": _payments, "D-19": _all,
}  # fmt: skip
