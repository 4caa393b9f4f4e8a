"""Recorders of what follows building: F-24 feedback, F-32 assets, F-33 migration to the cloud, F-34 incidents."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from app.clock import SHANGHAI
from app.models.business import Asset, CloudMigration, Feedback, Project, ResourceItem, SecurityIncident
from app.services import calendars, notices
from app.services.recorders.registry import purpose, records
from app.services.recorders.work import missing_step

if TYPE_CHECKING:
    from app.services.recorders.work import Work

ANSWER_WORKING_DAYS = 10
"""Within which the provider of a resource answers feedback [C]."""
TOLD_OF_INCIDENTS = ("psb_officer", "cac_officer", "sec_officer")
CLOUD = ("政务云",)


@records("f24", "unit_clerk", "unit_lead", requires=("resource", "kind", "text"))
def feedback(work: Work) -> None:
    """F-24: a unit that uses a shared resource says what is wrong with it or what it was good for (第二十七条).

    The form may come from any unit; from here on it is the provider's turn, who answers in ten working days [C].
    """
    resource = work.session.get(ResourceItem, work.number("resource"))
    if resource is None or not resource.platform_no:
        work.demand([missing_step("没有这项已登记的信息资源。", form="f23", article=27, holder="bur_share")])
        return
    provider = work.session.get_one(Project, resource.project_id)
    row = work.session.query(Feedback).filter_by(instance_id=work.context.instance.id, answered_on=None).first()
    row = row or Feedback(instance_id=work.context.instance.id, from_unit_id=work.by.organisation_id)
    row.project_id, row.resource_id = provider.id, resource.id
    row.kind, row.text = work.text("kind"), work.text("text")
    row.filed_on, row.filed_by = work.today, work.by.username
    row.due = calendars.current(work.session).after_working_days(work.today, ANSWER_WORKING_DAYS)
    work.add(row)
    work.context.bind_project(provider.id)
    work.context.instance.unit_id = provider.unit_id


@purpose("feedback_answer", "f00c", "unit_clerk", "unit_lead", after=("f24",))
def answer(work: Work) -> None:
    """F-00c: the provider answers feedback in words (第二十七条)."""
    row = work.session.query(Feedback).filter_by(instance_id=work.context.instance.id, answered_on=None).first()
    if row is None:
        work.demand([missing_step("没有待答复的反馈。", form="f24", article=27, holder="unit_clerk")])
        return
    if not work.text("note"):
        work.demand([missing_step("请写明答复内容。", form="f24", article=27, holder="unit_clerk")])
    row.answer, row.answered_on, row.answered_by = work.text("note"), work.today, work.by.username


@records("f32", "fin_asset", "unit_clerk", requires=("name", "code", "value", "keeper"))
def asset(work: Work) -> None:
    """F-32: an asset card of the project; its value is no more than what has been contracted (第七条)."""
    value = work.fen("value")
    if value < 0:
        work.demand([missing_step("“入账价值”不能为负数。", form="f32", article=7, holder="fin_asset")])
    contracted = sum(contract.amount_fen for contract in work.facts.contracts)
    row = work.newest(Asset, code=work.text("code"))
    others = sum(one.value_fen for one in work.session.query(Asset).filter_by(project_id=work.project.id)
                 if row is None or one.id != row.id)  # fmt: skip
    if others + value > contracted:
        work.demand([missing_step("“入账价值”合计超过合同金额，请核对。", form="f32", article=7, holder="fin_asset")])
    row = row or Asset(project_id=work.project.id, code=work.text("code"))
    row.name, row.value_fen, row.keeper = work.text("name"), value, work.text("keeper")
    row.recorded_on, row.recorded_by = work.day("recorded_on") or work.today, work.by.username
    work.add(row)


@records("f33", "unit_clerk", "unit_lead", requires=("system", "from_place", "to_place", "planned_on"))
def migration(work: Work) -> None:
    """F-33: an existing system that moves to the government cloud and network when conditions allow (第四条)."""
    done = work.day("done_on")
    if not any(word in work.text("to_place") for word in CLOUD):
        work.demand([missing_step("“迁往”应当是政务云。", form="f33", article=4, holder="unit_clerk")])
    row = (
        work.session.query(CloudMigration)
        .filter_by(unit_id=work.by.organisation_id, system=work.text("system"))
        .first()
    )
    if row is not None and row.done_on is not None:
        work.demand([missing_step("该系统已经核实迁移完成，不能再改。", form="f33", article=4, holder="bur_share")])
    row = row or CloudMigration(
        unit_id=work.by.organisation_id, system=work.text("system"), filed_on=work.today, filed_by=work.by.username
    )
    row.instance_id = work.context.instance.id
    row.from_place, row.to_place = work.text("from_place"), work.text("to_place")
    row.planned_on, row.reported_done_on = work.day("planned_on") or work.today, done
    work.session.add(row)
    work.session.flush()


@purpose("migration_check", "f00c", "bur_share", "bur_section", after=("f33",))
def check_migration(work: Work) -> None:
    """F-00c: the sharing section has seen the system run on the cloud; only then is it migrated (第四条)."""
    row = work.session.query(CloudMigration).filter_by(instance_id=work.context.instance.id).first()
    if row is None or row.reported_done_on is None:
        work.demand([missing_step("没有待核实的迁移。", form="f33", article=4, holder="unit_clerk")])
        return
    if work.text("result") == "属实":
        row.done_on, row.checked_by = row.reported_done_on, work.by.username


@records("f34", "unit_clerk", "unit_lead", requires=("happened_at", "level", "what"))
def incident(work: Work) -> None:
    """F-34: a security incident; police, cyberspace and secrecy office hear of it at once (第二十九条, 第三十条).

    They are told here and not by the diagram: nobody can draw the notice away.
    """
    happened = work.recorded.answers.get("happened_at")
    moment = happened if isinstance(happened, datetime) else work.context.now
    if moment > work.context.now:
        work.demand([missing_step("“发生时间”不能晚于现在。", form="f34", article=29, holder="unit_clerk")])
    row = work.add(
        SecurityIncident(
            project_id=work.project.id, unit_id=work.project.unit_id, instance_id=work.context.instance.id,
            happened_at=moment, level=work.text("level"), what=work.text("what"), reported_at=work.context.now,
            reported_by=work.by.username,
        )
    )  # fmt: skip
    notices.notify(
        work.session, notices.holders(work.session, TOLD_OF_INCIDENTS, unit_id=None),
        message="%(unit)s“%(project)s”于%(when)s发生%(level)s安全事件，请会同处置（第二十九条）。",
        values={"unit": work.unit.short, "project": work.project.name, "level": row.level,
                "when": f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"},
        dedupe_key=f"incident:{row.id}", now=work.context.now, project_id=work.project.id,
        link=f"/projects/{work.project.no}", level="hold",
    )  # fmt: skip


@purpose("incident_closed", "f00c", "psb_officer", "cac_officer", "sec_officer", after=("f34",))
def close_incident(work: Work) -> None:
    """F-00c: the office that dealt with the incident closes it (第三十条)."""
    row = work.session.query(SecurityIncident).filter_by(instance_id=work.context.instance.id, closed_on=None).first()
    if row is None:
        work.demand([missing_step("没有待处置的安全事件。", form="f34", article=29, holder="unit_clerk")])
        return
    if work.text("result") == "属实":
        row.closed_on, row.closed_by = work.today, work.by.username
