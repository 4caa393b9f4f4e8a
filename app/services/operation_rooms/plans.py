"""Operations of the annual plan: plan.open, plan.check, plan.consolidate, plan.decide, exempt.register (第九条)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from app.domain import duplicates, gates
from app.domain.acts import Act
from app.domain.duplicates import Named
from app.domain.states import State
from app.domain.terms import Result
from app.models.accounts import Organisation
from app.models.business import AnnualPlan, LibraryEntry, PlanItem, Project, ScopeVersion, SystemEntry
from app.models.process import ProcessInstance, UserTask
from app.services import facts as fact_service
from app.services import ledger
from app.services.operation_rooms.subject import number, texts

if TYPE_CHECKING:
    from app.engine.step import Variables
    from app.services.context import StepContext


def _fy(context: StepContext, inputs: Variables) -> int:
    return number(inputs.get("fy"), context.today.year + 1)


def register_exempt(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """The recorder of F-01 has kept unit, clause, date and handler; there is nothing else to keep (第三十四条)."""
    del context, inputs, headers
    return {}


def open_plan(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """Enter the plan and its deadline of the year; list the units that file: every eligible department."""
    del headers
    fy = _fy(context, inputs)
    if context.session.get(AnnualPlan, fy) is None:
        row = ledger.enter(
            context.session, "plan", date(fy - 1, 10, 1), project_id=None, now=context.now, subject=str(fy)
        )
        context.session.add(AnnualPlan(fy=fy, plan_due=row.due, opened_on=context.today))
        context.session.flush()
    units = context.session.query(Organisation.code).filter(Organisation.eligible).order_by(Organisation.code)
    return {"units": [code for (code,) in units]}


def check(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """Search duplicates, ask G-01 and G-03 of every filed item; what is found stands beside the item."""
    del headers
    count = 0
    fy = _fy(context, inputs)
    filed = _filed(context, fy)
    twins = duplicates.alike([Named(project.no, project.name) for _item, project in filed], _names(context))
    ledger.meet(context.session, "plan", project_id=None, now=context.now, subject=str(fy))  # the intake is closed
    for item, project in filed:
        facts = fact_service.project_facts(context.session, project.id, now=context.now)
        refusals = gates.check(("G-01", "G-03"), facts, Act("f02"))
        findings: list[object] = [
            [refusal.message, {k: str(v) for k, v in refusal.values.items()}] for refusal in refusals
        ]
        findings += [
            ["与“%(other)s”（%(unit)s）名称相近，请核对是否重复建设。", {"other": one.name, "unit": one.unit}]
            for one in twins[project.no]
        ]
        item.findings = findings
        count += len(findings)
    context.session.flush()
    return {"findings": count}


def _names(context: StepContext) -> list[Named]:
    projects = (
        context.session.query(Project.no, Project.name, Organisation.short)
        .join(Organisation, Organisation.id == Project.unit_id)
        .filter(Project.name != "", Project.state.not_in([State.WITHDRAWN, State.REJECTED, State.REMOVED]))
    )
    systems = context.session.query(SystemEntry.code, SystemEntry.name, Organisation.short).join(
        Organisation, Organisation.id == SystemEntry.unit_id
    )
    return [Named(no, name, unit) for no, name, unit in [*projects, *systems]]


def _filed(context: StepContext, fy: int) -> list[tuple[PlanItem, Project]]:
    rows = (
        context.session.query(PlanItem, Project)
        .join(Project, Project.id == PlanItem.project_id)
        .filter(PlanItem.fy == fy, PlanItem.result == "", PlanItem.submitted_on.is_not(None))
        .filter(Project.state.in_([State.PLAN_SUBMITTED, State.ALTERNATE]))
        .order_by(PlanItem.id)
    )
    return [(item, project) for item, project in rows]


def consolidate(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """Put the filed items that wait for a decision and the unchanged alternates of the library on one table (G-19)."""
    del headers
    fy = _fy(context, inputs)
    for project, entry in _alternates(context):
        latest = (
            context.session.query(ScopeVersion)
            .filter_by(project_id=project.id)
            .order_by(ScopeVersion.number.desc())
            .first()
        )
        known = context.session.query(PlanItem).filter_by(project_id=project.id, fy=fy).first()
        if known is not None or latest is None or latest.fingerprint != entry.reviewed_fingerprint:
            continue
        before = context.session.query(PlanItem).filter_by(project_id=project.id).order_by(PlanItem.fy.desc()).first()
        context.session.add(
            PlanItem(
                project_id=project.id, fy=fy, content=dict(before.content) if before is not None else {},
                total_fen=project.total_fen, fy_amount_fen=before.fy_amount_fen if before is not None else 0,
                submitted_on=context.today, plan_due=None,
            )
        )  # fmt: skip
    context.session.flush()
    elsewhere = _on_another_table(context)
    items = [project.no for _item, project in _filed(context, fy) if project.id not in elsewhere]
    return {"items": items, "item_count": len(items)}


def _on_another_table(context: StepContext) -> set[int]:
    """Return the projects about which another running plan has asked: no item is decided on twice at the same time."""
    asked = (
        context.session.query(UserTask.project_id)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .filter(
            ProcessInstance.process_key == context.instance.process_key, ProcessInstance.status == "active",
            ProcessInstance.id != context.instance.id, UserTask.project_id.is_not(None),
            UserTask.status.in_(("open", "completed")),
        )
    )  # fmt: skip
    return {project_id for (project_id,) in asked}


def _alternates(context: StepContext) -> list[tuple[Project, LibraryEntry]]:
    rows = (
        context.session.query(Project, LibraryEntry)
        .join(LibraryEntry, LibraryEntry.project_id == Project.id)
        .filter(Project.state == State.ALTERNATE, LibraryEntry.status == "备选")
        .order_by(Project.no)
    )
    return [(project, entry) for project, entry in rows]


def decide(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """List the items that the county government agreed to and that are new; postponed ones go to the next year."""
    del headers
    numbers = texts(inputs.get("items"))
    approved = []
    rows = (
        context.session.query(PlanItem, Project)
        .join(Project, Project.id == PlanItem.project_id)
        .filter(Project.no.in_(numbers), PlanItem.result != "")
        .order_by(Project.no, PlanItem.fy)
    )
    for item, project in rows.all():
        if item.result == Result.AGREED and project.state == State.PLAN_APPROVED:
            approved.append(project.no)
        elif item.result == Result.POSTPONED:
            item.fy, item.result, item.consent_doc_no, item.decided_on = item.fy + 1, "", "", None
            project.fy = item.fy
    context.session.flush()
    return {"approved_items": list(dict.fromkeys(approved))}
