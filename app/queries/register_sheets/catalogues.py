"""Registers of what has been built: the system catalogue, information resources, migration to the cloud."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, func, join, literal, null, or_, outerjoin, select, true
from sqlalchemy.orm import Session

from app.domain.roles import OrganisationKind
from app.models.accounts import Organisation
from app.models.business import CloudMigration, DeadlineRow, Project, ResourceItem, SystemEntry
from app.queries.register_sheets import parts, reading
from app.queries.register_sheets.columns import Column, Kind, Register, Sheet, anybody_with_projects
from app.queries.scope import EVERYTHING, Reader, kinds_of, visible_projects

SYSTEMS = outerjoin(
    join(SystemEntry, Organisation, Organisation.id == SystemEntry.unit_id),
    Project,
    Project.id == SystemEntry.project_id,
)


def _whole(reader: Reader) -> ColumnElement[bool]:
    """The condition for entries that the reader sees whole; of others a unit sees name and unit only (§2.3)."""
    kinds = kinds_of(reader)
    if kinds & EVERYTHING:
        return true()
    own = SystemEntry.unit_id == reader.organisation_id if OrganisationKind.UNIT in kinds else literal(value=False)
    return or_(own, and_(SystemEntry.project_id.is_not(None), visible_projects(reader)))


def _known(reader: Reader) -> ColumnElement[bool]:
    """The condition for entries that the reader may know of: units know the whole catalogue by name."""
    return true() if OrganisationKind.UNIT in kinds_of(reader) else _whole(reader)


def _systems(reader: Reader, today: date, fy: int) -> Sheet:
    del today, fy
    whole = _whole(reader)

    def seen(value: Any) -> ColumnElement[Any]:
        return case((whole, value), else_=null())

    status = case((SystemEntry.status == "active", "在用"), (SystemEntry.status == "draft", "拟登记"), else_="已注销")
    return Sheet(
        columns=(
            Column("code", "编码", seen(SystemEntry.code), width=14),
            Column("system", "系统名称", SystemEntry.name, width=32),
            parts.unit(),
            Column("builder", "承建单位", seen(SystemEntry.builder), width=20),
            Column("online_on", "上线日期", seen(SystemEntry.online_on), Kind.DAY, width=12),
            Column("users", "使用范围", seen(parts.json_text(SystemEntry.content, "users")), width=24, paged=False),
            Column("deploy", "部署方式", seen(SystemEntry.deploy), Kind.TERM, width=10),
            Column("network", "运行网络", seen(parts.json_text(SystemEntry.content, "network")), Kind.TERM, width=14),
            Column("mlps", "等级保护级别", seen(func.nullif(SystemEntry.mlps_level, 0)), Kind.NUMBER, width=12),
            Column("om_until", "运维到期日", seen(SystemEntry.om_until), Kind.DAY, width=12, paged=False),
            Column("status", "状态", seen(status), Kind.TERM, width=10),
            Column(
                "origin", "来源", seen(case((SystemEntry.legacy.is_(True), "存量"), else_="项目建成")), Kind.TERM,
                width=10, paged=False,
            ),
            Column(
                "no", "项目编号", seen(case((visible_projects(reader), Project.no), else_=null())), width=18,
                paged=False, link="project",
            ),
        ),
        source=SYSTEMS,
        where=(_known(reader),),
        key=SystemEntry.id,
        order="code",
        searched=(SystemEntry.name, Organisation.short, Organisation.name, seen(SystemEntry.code)),
        unit=SystemEntry.unit_id,
        state=Column("status", "状态", seen(status), Kind.TERM),
        project_no=seen(case((visible_projects(reader), Project.no), else_=null())),
    )  # fmt: skip


def _resources(reader: Reader, today: date, fy: int) -> Sheet:
    del fy

    def answer(key: str) -> ColumnElement[str]:
        return parts.json_text(ResourceItem.content, key)

    due = (
        select(func.max(DeadlineRow.due))
        .where(
            DeadlineRow.project_id == ResourceItem.project_id,
            DeadlineRow.kind == "update",
            DeadlineRow.status == "open",
            DeadlineRow.subject == cast(ResourceItem.id, String),
        )
        .correlate(ResourceItem)
        .scalar_subquery()
    )
    status = case((ResourceItem.platform_no == "", "未登记"), (due < today, "更新逾期"), else_="正常")
    return Sheet(
        columns=(
            Column("category", "分类", answer("category"), Kind.TERM, width=14, paged=False),
            Column("resource", "名称", ResourceItem.name, width=30),
            Column("code", "代码", ResourceItem.code, width=16, paged=False),
            Column("provider", "提供方", answer("provider"), width=18),
            Column("provider_code", "提供方代码", answer("provider_code"), width=20, paged=False),
            Column("summary", "摘要", answer("summary"), width=36, paged=False),
            Column("format", "格式", answer("format"), Kind.TERM, width=12, paged=False),
            Column("share_type", "共享类型", answer("share_type"), Kind.TERM, width=10),
            Column("share_condition", "共享条件", answer("share_condition"), width=20, paged=False),
            Column("share_basis", "不予共享的依据", answer("share_basis"), width=20, paged=False),
            Column("share_method", "共享方式", answer("share_method"), Kind.TERM, width=10, paged=False),
            Column("openness", "开放属性", answer("openness"), Kind.TERM, width=12, paged=False),
            Column("cycle", "更新周期", ResourceItem.update_cycle, Kind.TERM, width=10),
            Column("published_on", "发布日期", answer("published_on"), Kind.DAY, width=12, paged=False),
            Column("related", "关联代码", answer("related_code"), width=16, paged=False),
            Column("platform_no", "平台登记号", ResourceItem.platform_no, width=22),
            Column("updated_on", "更新日期", ResourceItem.updated_on, Kind.DAY, width=12),
            Column("due", "下次更新", due, Kind.DAY, width=12),
            Column("status", "状态", status, Kind.TERM, width=10),
            *parts.of_project(paged=False),
        ),
        source=join(parts.PROJECTS, ResourceItem, ResourceItem.project_id == Project.id),
        where=(visible_projects(reader),),
        key=ResourceItem.id,
        order="resource",
        searched=(*parts.SEARCHED, ResourceItem.name, ResourceItem.platform_no),
        unit=Project.unit_id,
        year=Project.fy_entered,
        state=Column("status", "状态", status, Kind.TERM),
        project_no=Project.no,
    )


def _migration(reader: Reader, today: date, fy: int) -> Sheet:
    """Every system in use with where it runs; what F-33 says of its migration stands beside it (第四条)."""
    del today, fy
    move = CloudMigration
    moved = or_(SystemEntry.deploy == "政务云", move.done_on.is_not(None))
    status = case((moved, "已上云"), (move.planned_on.is_not(None), "迁移中"), else_="未上云")
    return Sheet(
        columns=(
            Column("code", "编码", SystemEntry.code, width=14),
            Column("system", "系统名称", SystemEntry.name, width=32),
            parts.unit(),
            Column("from", "现部署位置", func.coalesce(move.from_place, SystemEntry.deploy), Kind.TERM, width=18),
            Column("to", "迁往", move.to_place, width=18),
            Column("planned_on", "计划完成日期", move.planned_on, Kind.DAY, width=14),
            Column("done_on", "完成日期", move.done_on, Kind.DAY, width=12),
            Column("network", "运行网络", parts.json_text(SystemEntry.content, "network"), Kind.TERM, width=14),
            Column("status", "迁移状态", status, Kind.TERM, width=10),
        ),
        source=outerjoin(SYSTEMS, move, and_(move.unit_id == SystemEntry.unit_id, move.system == SystemEntry.name)),
        where=(_whole(reader), SystemEntry.status != "cancelled"),
        key=SystemEntry.id,
        order="code",
        searched=(SystemEntry.name, SystemEntry.code, Organisation.short, Organisation.name),
        unit=SystemEntry.unit_id,
        state=Column("status", "迁移状态", status, Kind.TERM),
        project_no=case((visible_projects(reader), Project.no), else_=null()),
    )


MOST_FOUND = 20


@dataclass(frozen=True)
class FoundSystem:
    """A system of the catalogue as a search names it."""

    name: str
    unit: str
    code: str
    status: str
    project_no: str


def search(session: Session, reader: Reader, text: str, *, today: date) -> tuple[FoundSystem, ...]:
    """Return the systems that the reader may know of whose name, unit or code holds the text; one statement."""
    if not anybody_with_projects(reader):
        return ()
    sheet = _systems(reader, today, 0)
    code = sheet.columns[0].value  # nothing where only name and unit may be known
    sheet = replace(sheet, searched=(SystemEntry.name, code))
    places = {column.key: place for place, column in enumerate(sheet.columns)}
    rows = islice(reading.stream(session, sheet, reading.Asked(text=text), yearly=False), MOST_FOUND)
    return tuple(
        FoundSystem(
            row.values[places["system"]], row.values[places["unit"]], row.values[places["code"]] or "",
            row.values[places["status"]] or "", row.project_no,
        )
        for row in rows
    )  # fmt: skip


REGISTERS = (
    Register(
        "systems", "政务信息系统目录", "未纳入目录管理的系统不安排运维经费（第十九条）。", "目录里还没有系统。",
        _systems,
    ),
    Register(
        "resources", "信息资源目录", "建成后登记、实时更新的信息资源（第二十六条、第二十七条）。", "还没有信息资源。",
        _resources,
    ),
    Register(
        "migration", "迁云并网", "既有系统在条件具备时迁移到政务云和电子政务网（第四条）。", "还没有在用的系统。",
        _migration,
    ),
)  # fmt: skip
