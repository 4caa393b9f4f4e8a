"""Recorders of the two catalogues: F-22 of systems, F-23 of information resources (第十九条, 第二十七条)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain import legacy_systems
from app.models.business import Project, ResourceItem, SystemEntry
from app.services import ledger, parameters, system_catalogue
from app.services.recorders.registry import purpose, records, signs
from app.services.recorders.work import missing_step

if TYPE_CHECKING:
    from app.services.recorders.work import Work


@records("f22", "unit_clerk", "unit_lead", requires=("name", "deploy", "network"))
def system(work: Work) -> None:
    """F-22: a system's entry, 拟登记 until the project is accepted; a legacy system has no project (第十九条)."""
    project = work.session.get(Project, work.context.project_id) if work.context.project_id is not None else None
    query = work.session.query(SystemEntry)
    drafts = query.filter_by(legacy=True, status="draft", unit_id=work.by.organisation_id, name=work.text("name"))
    row = (query.filter_by(project_id=project.id) if project is not None else drafts).first()
    if row is None:
        row = system_catalogue.new_entry(
            work.session,
            unit_id=project.unit_id if project is not None else work.by.organisation_id,
            project_id=project.id if project is not None else None,
        )
    system_catalogue.fill(row, work.recorded.answers, builder=_builder(work, project), by=work.by.username)
    if project is None:
        in_force = parameters.current(work.session, work.today)
        work.demand(legacy_systems.legacy_refusals(row.online_on, work.text("note"), in_force))
    work.add(row)


def _builder(work: Work, project: Project | None) -> str:
    if project is None:
        return ""
    return next((contract.supplier for contract in work.facts.contracts), "")


@signs("f22", "bur_share", "bur_section", after=("f22",))
def check_system(work: Work) -> None:
    """F-00s on F-22: the sharing section checks an entry; a legacy system is active with it (第十九条)."""
    from app.domain.terms import Result  # noqa: PLC0415

    query = work.session.query(SystemEntry).order_by(SystemEntry.id.desc())
    project_id = work.context.project_id
    row = (
        query.filter_by(project_id=project_id)
        if project_id is not None
        else query.filter_by(legacy=True, status="draft")
    ).first()
    if row is None:
        work.demand([missing_step("没有待核对的系统目录条目。", form="f22", article=19, holder="unit_clerk")])
        return
    if work.text("result") == Result.AGREED:
        row.content = {**row.content, "checked_by": work.by.username}
        if row.legacy:
            row.status = "active"


@purpose("catalogue_check", "f00c", "bur_share", "bur_section", after=("f22",))
def confirm_entry(work: Work) -> None:
    """F-00c: the sharing section has checked an entry; only then does a legacy system become active (第十九条)."""
    query = work.session.query(SystemEntry).filter(SystemEntry.status == "draft").order_by(SystemEntry.id.desc())
    project_id, unit_id = work.context.project_id, work.context.instance.unit_id
    legacy = query.filter_by(legacy=True)
    row = (
        query.filter_by(project_id=project_id)
        if project_id is not None
        else legacy.filter_by(unit_id=unit_id)
        if unit_id is not None
        else legacy
    ).first()
    if row is None and project_id is None:
        work.demand([missing_step("没有待核对的系统目录条目。", form="f22", article=19, holder="unit_clerk")])
    if row is not None and work.text("result") == "属实":
        row.content = {**row.content, "checked_by": work.by.username}


@purpose("catalogue_assets", "f00c", "fin_asset", after=("f22",))
def read_assets(work: Work) -> None:
    """F-00c: finance reads the entry with its assets, as 第十九条 names both; its 补正 takes the check back."""
    row = work.session.query(SystemEntry).filter_by(project_id=work.context.project_id, status="draft").first()
    if row is None:
        return
    content = {**row.content, "assets_by": work.by.username}
    if work.text("result") != "属实":
        content.pop("checked_by", None)
    row.content = content


@records("f23", "unit_clerk", "unit_lead", "bur_share", requires=("name", "update_cycle", "share_type"))
def resource(work: Work) -> None:
    """F-23: an information resource of the project with its core metadata (第二十六条, 第二十七条)."""
    row = work.newest(ResourceItem, name=work.text("name")) or ResourceItem(
        project_id=work.project.id, name=work.text("name")
    )
    row.content = {
        key: value.isoformat() if hasattr(value, "isoformat") else value
        for key, value in work.recorded.answers.items()
        if value is not None
    }
    row.update_cycle = work.text("update_cycle")
    if work.text("platform_no"):
        _register(work, row)
    work.add(row)


@purpose("platform_no", "f23", "bur_share", requires=("name", "platform_no"), after=("f03",))
def platform_number(work: Work) -> None:
    """F-23 by the sharing section: the platform's registration number of a resource (第二十七条, G-33)."""
    if not work.text("platform_no"):
        work.demand([missing_step("请填写大数据平台登记编号。", form="f23", article=27, holder="bur_share")])
    resource(work)


@purpose("resource_update", "f00c", "unit_clerk")
def confirm_update(work: Work) -> None:
    """F-00c: the unit confirms that a resource is up to date; the next cycle starts (第二十七条, T-21)."""
    if work.text("result") != "属实":
        return
    for row in work.session.query(ResourceItem).filter_by(project_id=work.project.id).all():
        _register(work, row)


def _register(work: Work, row: ResourceItem) -> None:
    row.platform_no = work.text("platform_no") or row.platform_no
    row.updated_on = work.today
    work.add(row)
    row.content = {key: value for key, value in row.content.items() if key != "missed_updates"}
    work.session.flush()
    if row.update_cycle in ledger.CYCLES:
        work.met("update", str(row.id))
        work.deadline("update", work.today, subject=str(row.id), length=ledger.update_cycle(row.update_cycle))
