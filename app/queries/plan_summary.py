"""The year's plan on one table, as D-01 reports it to the county government: items, subtotals, hints at duplicates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from app.domain import duplicates
from app.domain.duplicates import Named
from app.domain.roles import OrganisationKind
from app.domain.states import State
from app.models.accounts import Organisation
from app.models.business import AnnualPlan, PlanItem, Project, SystemEntry
from app.queries.said import Said
from app.queries.scope import EVERYTHING, Reader, kinds_of, sees_money, visible_projects

PATHS = "TGLYB"
"""The order of the parts of the table: investment, service, joint, O&M, decommissioning."""
GIVEN_UP = (State.WITHDRAWN.value, State.REJECTED.value, State.REMOVED.value)
COLUMNS = (
    "序号", "项目名称", "项目单位", "性质", "资金形式", "主要内容", "估算总投资", "本年需求", "资金来源", "建设周期",
    "是否上云", "初审建议", "备注",
)  # fmt: skip
"""The columns of D-01, in their order."""


@dataclass(frozen=True)
class Item:
    """One line of the table."""

    number: int
    no: str
    name: str
    unit: str
    path: str
    nature: str
    funding_form: str
    content: str
    total_fen: int | None
    fy_amount_fen: int | None
    sources: tuple[tuple[str, int | None], ...]
    """Kind and 分 of each source of funds."""
    period_months: int | None
    """Whether the whole investment is needed in this one year."""
    on_cloud: bool | None
    suggestion: str
    state: str
    result: str
    notes: tuple[Said, ...]
    """Remarks of the official table: late or supplementary, filed anew."""
    hints: tuple[Said, ...]
    """Possible duplicates and overlaps, for whoever checks the table; no part of the paper."""


@dataclass(frozen=True)
class Subtotal:
    """What some items add up to: all of a path, of a unit, or of a unit within a path."""

    path: str
    unit: str
    count: int
    total_fen: int | None
    fy_amount_fen: int | None


@dataclass(frozen=True)
class Part:
    """The items of one path, unit by unit."""

    units: tuple[tuple[Subtotal, tuple[Item, ...]], ...]
    subtotal: Subtotal


@dataclass(frozen=True)
class PlanSummary:
    """The plan of one fiscal year within the reader's scope."""

    fy: int
    years: tuple[int, ...]
    parts: tuple[Part, ...]
    by_unit: tuple[Subtotal, ...]
    whole: Subtotal
    plan: AnnualPlan | None = None

    @property
    def items(self) -> tuple[Item, ...]:
        """Every item, in the order of the table."""
        return tuple(item for part in self.parts for _, items in part.units for item in items)

    @property
    def hinted(self) -> int:
        """How many items have a hint."""
        return sum(bool(item.hints) for item in self.items)


def load(session: Session, reader: Reader, fy: int) -> PlanSummary:
    """Return the plan of a fiscal year: every item that its unit's head has filed; five statements for however many."""
    found = session.execute(
        select(PlanItem, Project, Organisation.short)
        .join(Project, Project.id == PlanItem.project_id)
        .join(Organisation, Organisation.id == Project.unit_id)
        .where(PlanItem.fy == fy, PlanItem.submitted_on.is_not(None), visible_projects(reader))
        .order_by(Organisation.id, PlanItem.rank, Project.no)
    ).all()
    ordered = sorted(found, key=lambda row: PATHS.find(row[1].path))
    hints = _hints(session, reader, [(item, project) for item, project, _ in found])
    items = [
        _item(number, *row, money=sees_money(reader, row[1].unit_id), hints=hints.get(row[1].no, ()))
        for number, row in enumerate(ordered, start=1)
    ]
    years = session.scalars(
        select(PlanItem.fy)
        .join(Project, Project.id == PlanItem.project_id)
        .where(PlanItem.submitted_on.is_not(None), visible_projects(reader))
        .distinct()
    )
    by_unit = sorted(items, key=lambda item: item.unit)
    return PlanSummary(
        fy=fy,
        years=tuple(sorted({*years, fy}, reverse=True)),
        parts=tuple(_part(path, list(some)) for path, some in groupby(items, key=lambda item: item.path)),
        by_unit=tuple(_sum(list(some), unit=unit) for unit, some in groupby(by_unit, key=lambda item: item.unit)),
        whole=_sum(items),
        plan=session.get(AnnualPlan, fy),
    )


def _part(path: str, items: Sequence[Item]) -> Part:
    units = tuple(
        (_sum(some, path=path, unit=unit), tuple(some))
        for unit, group in groupby(items, key=lambda item: item.unit)
        for some in [list(group)]
    )
    return Part(units, _sum(items, path=path))


def _sum(items: Sequence[Item], *, path: str = "", unit: str = "") -> Subtotal:
    return Subtotal(
        path, unit, len(items), _added(one.total_fen for one in items), _added(one.fy_amount_fen for one in items)
    )


def _added(amounts: Iterable[int | None]) -> int | None:
    seen = [fen for fen in amounts if fen is not None]
    return sum(seen) if seen else None


def _item(number: int, row: PlanItem, project: Project, unit: str, *, money: bool, hints: tuple[Said, ...]) -> Item:
    said = row.content
    sources = tuple(
        (str(one.get("kind", "")), int(one.get("amount") or 0) if money else None) for one in said.get("source", [])
    )
    return Item(
        number=number,
        no=project.no,
        name=project.name,
        unit=unit,
        path=project.path,
        nature=project.nature,
        funding_form=project.funding_form,
        content=str(said.get("content") or ""),
        total_fen=row.total_fen if money else None,
        fy_amount_fen=row.fy_amount_fen if money else None,
        sources=sources,
        period_months=said.get("period_months"),
        on_cloud=said.get("uses_cloud"),
        suggestion=row.suggestion,
        state=project.state,
        result=row.result,
        notes=tuple(_notes(row, project)),
        hints=hints,
    )


def _notes(row: PlanItem, project: Project) -> Iterable[Said]:
    late = row.submitted_on is not None and row.plan_due is not None and row.submitted_on > row.plan_due
    if late or row.supplement:
        yield Said("增补")
    if project.predecessor_id is not None:
        yield Said("剔除出库后重新申报")
    if row.plan_due is None:
        yield Said("备选结转，无需重复审核")


def _hints(
    session: Session, reader: Reader, filed: Sequence[tuple[PlanItem, Project]]
) -> Mapping[str, tuple[Said, ...]]:
    """Name what an item may build twice: a project or system of nearly its name, or another change of one system."""
    projects = session.execute(
        select(Project.no, Project.name, Organisation.short)
        .join(Organisation, Organisation.id == Project.unit_id)
        .where(Project.name != "", Project.state.not_in(GIVEN_UP), visible_projects(reader))
    )
    catalogue = kinds_of(reader) & (EVERYTHING | {OrganisationKind.UNIT})  # who knows the catalogue by name (§2.3)
    systems = session.execute(
        select(SystemEntry.id, SystemEntry.code, SystemEntry.name, Organisation.short)
        .join(Organisation, Organisation.id == SystemEntry.unit_id)
        .where(SystemEntry.status != "cancelled", SystemEntry.project_id.is_(None), literal(bool(catalogue)))
    ).all()
    known = [Named(no, name, unit) for no, name, unit in projects]
    known += [Named(code, name, unit) for _, code, name, unit in systems]
    twins = duplicates.alike([Named(project.no, project.name) for _, project in filed], known)
    codes = {key: code for key, code, _, _ in systems}
    on_system: dict[int, list[str]] = {}
    for _, project in filed:
        if project.parent_system_id is not None:
            on_system.setdefault(project.parent_system_id, []).append(project.no)
    found: dict[str, tuple[Said, ...]] = {}
    for _, project in filed:
        own = codes.get(project.parent_system_id or 0, "")  # rebuilding a system has its name by right
        near = [
            Said("与“%(other)s”（%(unit)s）名称相近，请核对是否重复建设。", {"other": one.name, "unit": one.unit})
            for one in twins[project.no]
            if one.key != own
        ]
        others = [no for no in on_system.get(project.parent_system_id or 0, []) if no != project.no]
        near += [Said("与%(no)s改造同一个系统，请核对内容是否重叠。", {"no": no}) for no in others]
        if near:
            found[project.no] = tuple(near)
    return found
