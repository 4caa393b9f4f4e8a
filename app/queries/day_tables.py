"""Tables of the day as papers: D-07, D-08, D-15, D-17, D-19, made when asked for, from what the reader sees.

All but D-17 say what their register says: one question to the database, one answer on page, in workbook and on paper.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain import standing
from app.domain.papers import EMPTY, KINDS, LAYOUTS, Content, amount, chinese_day
from app.domain.parameters import Parameters
from app.domain.states import LABELS, State
from app.models.base import Base
from app.models.business import Contract, ContractNode, DeadlineRow, FundHold, Payment, Project
from app.queries.register_sheets import REGISTERS, Asked, Column, Kind, stream
from app.queries.scope import Reader, visible_projects

PATH_NAMES = {"T": "政府投资", "G": "购买服务", "L": "联合建设", "Y": "运行维护", "B": "报废", "X": "另行规定"}
EXACT = "合计按精确值计算后四舍五入。"
TABLES = ("D-07", "D-08", "D-15", "D-17", "D-19")
Table = TypeVar("Table", bound=Base)
Line = dict[str, object]


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


def _registered(session: Session, reader: Reader, key: str, day: Day, **renamed: str) -> list[Line]:
    """Return the lines of a register in its order; `renamed`: the register's key → the paper's, where they differ."""
    register = REGISTERS[key]
    sheet = register.draw(reader, day.today, day.fy)
    return [
        {
            renamed.get(column.key, column.key): _said(column, value, day)
            for column, value in zip(sheet.columns, row.values, strict=True)
        }
        for row in stream(session, sheet, Asked(year=day.fy), yearly=True)
    ]


def _said(column: Column, value: Any, day: Day) -> object:
    """Return a value of a register as a paper says it."""
    if value is None:
        return EMPTY
    if column.kind is Kind.OVERDUE:
        return str((day.today - value).days)
    return _SAYS.get(column.kind, str)(value)


_SAYS: Mapping[Kind, Callable[[Any], object]] = {
    Kind.MONEY: amount,
    Kind.PATH: lambda letter: PATH_NAMES[letter],
    Kind.STATE: lambda state: LABELS[State(state)].zh,
    Kind.DAY: lambda day: day.isoformat(),
    Kind.HOLDS: lambda codes: "、".join(dict.fromkeys(codes.split())),
    Kind.CENTI: lambda centi: f"{centi / 100:.1f}",
}


def _sums(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], label: str, at: str = "name") -> Line:
    """Return a row of exact sums under the amounts of `columns`."""
    found: Line = {"sum": True, at: label}
    for key in columns:
        found[key] = amount(sum(row[key]["fen"] for row in rows if isinstance(row.get(key), Mapping)))
    return found


def _blank(kind: str, row: Line) -> Line:
    part = next(one for one in LAYOUTS[kind] if one.kind == "table")
    return {column.key: row.get(column.key, "") for column in part.columns} | {"sum": True}


def _plan(session: Session, reader: Reader, day: Day) -> Content:
    rows = _registered(session, reader, "annual-plan", day, this_year="fy_amount", standing="status")
    scope = f"{day.says}，列示{day.fy}年度计划项目{len(rows)}个。{EXACT}"
    if rows:
        rows.append(_blank("D-07", _sums(rows, ("total", "reviewed", "fy_amount"), f"合计（{len(rows)}个）")))
    return _content("D-07", f"{day.fy}年度政务信息化项目建设计划汇总表", scope, rows, day.today)


def _funds(session: Session, reader: Reader, day: Day) -> Content:
    rows = _registered(
        session, reader, "fund-demand", day, fund_type="fund", last_year="last", score="evaluation", share="sharing",
        reason="remark",
    )  # fmt: skip
    for row in rows:
        row["evaluation"] = _banded(str(row["evaluation"]), day.parameters)
    if rows:
        keys, lines = ("requested", "suggested", "last", "arranged"), tuple(rows)
        for fund in dict.fromkeys(str(row["fund"]) for row in lines):
            same = [row for row in lines if row["fund"] == fund]
            rows.append(_blank("D-08", _sums(same, keys, f"{fund}小计（{len(same)}行）")))
        rows.append(_blank("D-08", _sums(lines, keys, "合计")))
    return _content("D-08", f"{day.fy}年度政务信息化项目资金需求计划表", f"{day.says}。{EXACT}", rows, day.today)


def _banded(points: str, parameters: Parameters) -> str:
    if points == EMPTY:
        return EMPTY
    return f"{points} {standing.band(round(float(points) * 100), parameters)}"


def _overdue(session: Session, reader: Reader, day: Day) -> Content:
    rows = _registered(
        session, reader, "delays", day, reports="extensions", overdue="late", held="held_since"
    )  # fmt: skip
    scope = f"{day.says}，列示报告过延期或者逾期未验收的项目{len(rows)}个（办法第二十一条）。"
    return _content("D-15", "", scope, sorted(rows, key=lambda row: str(row["no"])), day.today)


def _all(session: Session, reader: Reader, day: Day) -> Content:
    found = _registered(session, reader, "projects", day)
    rows = sorted((row for row in found if row["path"] != PATH_NAMES["X"]), key=lambda row: str(row["no"]))
    scope = f"{day.says}，共{len(rows)}个项目。{EXACT}"
    if rows:
        keys = ("total", "reviewed", "approved", "arranged_now", "arranged", "contract", "paid")
        rows.append(_blank("D-19", _sums(rows, keys, f"合计（{len(rows)}个）")))
    return _content("D-19", "", scope, rows, day.today)


def _payments(session: Session, reader: Reader, day: Day) -> Content:
    """D-17: the nodes of confirmed contracts on which something was paid in the year or is still to be paid."""
    nodes = session.execute(
        select(ContractNode, Contract, Project.name)
        .join(Contract, Contract.id == ContractNode.contract_id)
        .join(Project, Project.id == Contract.project_id)
        .where(Contract.project_id.in_(_seen(reader)), Contract.confirmed_by != "")
        .order_by(Contract.project_id, ContractNode.contract_id, ContractNode.number)
    ).all()
    made = _of(session, Payment, reader, Payment.status == "paid")
    due = _of(session, DeadlineRow, reader, DeadlineRow.kind == "payment", DeadlineRow.status != "void")
    holds = _of(session, FundHold, reader, FundHold.lifted_at.is_(None))
    rows: list[Line] = []
    for node, contract, name in nodes:
        paid = [one for one in made.get(contract.project_id, ()) if one.node_id == node.id]
        open_ = sum(one.amount_fen for one in paid) < node.amount_fen
        if not open_ and all(one.fy != day.fy for one in paid):
            continue
        deadline = due[contract.project_id][-1] if node.after_acceptance and due.get(contract.project_id) else None
        codes = dict.fromkeys(one.code for one in holds.get(contract.project_id, ())) if open_ else ()
        rows.append(
            {
                "name": name, "contract": contract.no, "supplier": contract.supplier,
                "sme": "是" if contract.is_sme else "否", "node": node.name, "holds": "、".join(codes) or EMPTY,
                "due_on": _day(deadline.due if deadline is not None else None), "due_amount": amount(node.amount_fen),
            } | _paid(paid)
        )  # fmt: skip
    if rows:
        rows.append(_blank("D-17", _sums(rows, ("due_amount", "paid"), f"合计（{len(rows)}个节点）")))
    scope = f"{day.says}，列示{day.fy}年度有付款和全部未付清的合同节点。{EXACT}"
    return _content("D-17", f"{day.fy}年度支付台账", scope, rows, day.today)


def _paid(payments: Sequence[Payment]) -> Line:
    """Return what was paid on a node in all, when last, and every voucher."""
    days = [one.paid_on for one in payments if one.paid_on is not None]
    return {
        "paid": amount(sum(one.amount_fen for one in payments)),
        "paid_on": _day(max(days, default=None)),
        "voucher": "、".join(one.voucher for one in payments if one.voucher) or EMPTY,
    }


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


def _day(day: date | None) -> str:
    return day.isoformat() if day else EMPTY


_MAKERS: Mapping[str, Callable[[Session, Reader, Day], Content]] = {
    "D-07": _plan, "D-08": _funds, "D-15": _overdue, "D-17": _payments, "D-19": _all,
}  # fmt: skip
