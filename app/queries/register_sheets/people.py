"""Registers of experts and of the archive."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, join, outerjoin, select, true

from app.domain.roles import OrganisationKind
from app.models.accounts import Organisation, Person, PersonRole
from app.models.business import ExpertForm, PanelMember, Project
from app.models.documents import Attachment, Submission
from app.models.process import Definition
from app.queries.panels import kept_files
from app.queries.register_sheets import parts
from app.queries.register_sheets.columns import Column, Kind, Register, Sheet
from app.queries.scope import BESIDE_THE_PANEL, Reader, kinds_of, sees_panel, visible_projects


def _may_know_experts(reader: Reader) -> bool:
    """Say whether the reader may open the list of experts: who forms panels, countersigns, pays for or audits them."""
    return bool(kinds_of(reader) & (BESIDE_THE_PANEL | {OrganisationKind.BUREAU}))


def _experts(reader: Reader, today: date, fy: int) -> Sheet:
    del reader, today, fy

    def seats(*where: ColumnElement[bool]) -> ColumnElement[Any]:
        return (
            select(func.count())
            .select_from(PanelMember)
            .where(PanelMember.person_id == Person.id, *where)
            .correlate(Person)
            .scalar_subquery()
        )

    came = exists().where(
        ExpertForm.person_id == PanelMember.person_id,
        ExpertForm.project_id == PanelMember.project_id,
        ExpertForm.purpose == PanelMember.purpose,
        ExpertForm.round == PanelMember.round,
    )
    is_expert = exists().where(PersonRole.person_id == Person.id, PersonRole.role == "expert")
    return Sheet(
        columns=(
            Column("expert", "姓名", Person.name, width=10),
            Column("field", "专业领域", Person.field, width=16),
            Column("employer", "工作单位", Organisation.name, width=28),
            Column("invited", "受聘次数", seats(), Kind.NUMBER, width=10),
            Column("attended", "出席次数", seats(PanelMember.replaced.is_(False), came), Kind.NUMBER, width=10),
            Column("withdrawn", "回避次数", seats(PanelMember.replaced.is_(True)), Kind.NUMBER, width=10),
            Column(
                "designated", "指派验收次数", seats(PanelMember.designated.is_(True)), Kind.NUMBER, width=12,
                paged=False,
            ),
            Column("active", "在聘", Person.active, Kind.FLAG, width=8),
        ),
        source=join(Person, Organisation, Organisation.id == Person.organisation_id),
        where=(is_expert, true()),
        key=Person.id,
        order="expert",
        searched=(Person.name, Person.field, Organisation.name),
        state=Column("field", "专业领域", Person.field),
    )  # fmt: skip


def _archive(reader: Reader, today: date, fy: int) -> Sheet:
    del today, fy
    source = join(parts.PROJECTS, Attachment, Attachment.project_id == Project.id)
    source = join(source, Submission, Submission.id == Attachment.submission_id)
    judges = exists().where(PersonRole.person_id == Person.id, PersonRole.role == "expert")
    who = Person.name if sees_panel(reader) else case((judges, "专家"), else_=Person.name)
    return Sheet(
        columns=(
            Column("file", "文件名", Attachment.name, width=36),
            Column("form", "所属表单", Definition.name, width=20),
            Column("filed_at", "归档日期", Submission.at, Kind.MOMENT, width=12),
            Column("by", "经办人", who, width=10),
            Column("size", "大小", Attachment.size, Kind.SIZE, width=10),
            *parts.of_project(),
            Column("retained", "保管至", Attachment.retained_until, Kind.DAY, width=12),
            Column("sha256", "摘要", Attachment.sha256, width=66, paged=False),
        ),
        source=outerjoin(
            outerjoin(source, Definition, Definition.id == Submission.form_definition_id),
            Person,
            Person.id == Submission.by_id,
        ),
        where=(visible_projects(reader), ~kept_files(reader)),
        key=Attachment.id,
        order="filed_at",
        descending=True,
        searched=(*parts.SEARCHED, Attachment.name),
        unit=Project.unit_id,
        year=Project.fy_entered,
        state=Column("form", "所属表单", Definition.name),
        project_no=Project.no,
    )


REGISTERS = (
    Register(
        "experts", "专家库", "评审、验收和评价的专家：专业、单位、出席和回避（第十条、第二十条）。",
        "专家库里还没有专家。", _experts, opens=_may_know_experts,
    ),
    Register(
        "archive", "归档清单", "随表单提交、按期限保管的全部材料及其摘要（第三十条）。", "还没有归档的材料。", _archive
    ),
)  # fmt: skip
