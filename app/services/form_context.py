"""What a form is filled in with besides its fields: facts, the task's inputs, and the lists that it offers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.form_schema import FormModel, display_context
from app.models.accounts import Organisation, Person, PersonRole
from app.models.business import (
    Approval,
    Contract,
    ContractNode,
    Filing,
    Package,
    PlanItem,
    Project,
    ResourceItem,
    SharingScore,
    SystemEntry,
)
from app.models.process import ProcessInstance
from app.services.context import StepContext
from app.services.host import StepHost

Option = dict[str, str]
FEN_OF_WAN = 1_000_000


def form_context(
    context: StepContext, form: FormModel, inputs: Mapping[str, Any], language: str = "zh"
) -> dict[str, object]:
    """Return the context of a form in a task: the same for the page that shows it and for the judge of its answers."""
    facts = StepHost(context).facts(form.context_names) if form.context_names else {}
    lists = {name: OPTIONS[name](context) for name in form.option_names if name in OPTIONS}
    return {**display_context(facts, language), **inputs, **lists}


def _systems(context: StepContext) -> list[Option]:
    """Systems of the county's catalogue by code and name; amounts and units of others stay unseen (§2.3)."""
    rows = context.session.execute(
        select(SystemEntry.code, SystemEntry.name).where(SystemEntry.status != "cancelled").order_by(SystemEntry.code)
    )
    return [_option(code, f"{code} {name}") for code, name in rows]


def _items(context: StepContext) -> list[Option]:
    fy = context.variables.get("fy") or context.today.year + 1
    rows = context.session.execute(
        select(Project.no, Project.name)
        .join(PlanItem, PlanItem.project_id == Project.id)
        .where(PlanItem.fy == fy)
        .order_by(Project.no)
    )
    return [_option(no, f"{no} {name}") for no, name in rows]


def _experts(context: StepContext) -> list[Option]:
    rows = context.session.execute(
        select(Person.username, Person.name, Person.field, Organisation.short)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(PersonRole.role == "expert", Person.active)
        .order_by(Person.username)
    )
    return [_option(username, f"{name}（{field}，{short}）") for username, name, field, short in rows]


def _contents(context: StepContext) -> list[Option]:
    """The names of the approved content, which packages may take up (第十六条)."""
    filing = context.session.scalar(
        select(Filing).where(Filing.project_id == context.project_id).order_by(Filing.id.desc()).limit(1)
    )
    if filing is None:  # an O&M item files no materials: what it pays for is the item itself
        name = context.session.scalar(select(Project.name).where(Project.id == context.project_id))
        return [_option(name, name)] if name else []
    lines = filing.content.get("budget_items", [])
    return [_option(line["name"], line["name"]) for line in lines]


def _packages(context: StepContext) -> list[Option]:
    rows = context.session.scalars(
        select(Package.name)
        .where(Package.project_id == context.project_id, Package.award_fen.is_(None), Package.failed.is_(False))
        .order_by(Package.id)
    )
    return [_option(name, name) for name in rows]


def _contracts(context: StepContext) -> list[Option]:
    rows = context.session.execute(
        select(Contract.id, Contract.no, Contract.supplier)
        .where(Contract.project_id == context.project_id, Contract.confirmed_by != "")
        .order_by(Contract.id)
    )
    return [_option(str(key), f"{no} {supplier}") for key, no, supplier in rows]


def _nodes(context: StepContext) -> list[Option]:
    rows = context.session.execute(
        select(ContractNode.id, ContractNode.name, ContractNode.contract_id)
        .join(Contract, Contract.id == ContractNode.contract_id)
        .where(Contract.project_id == context.project_id)
        .order_by(ContractNode.contract_id, ContractNode.number)
    )
    return [{**_option(str(key), name), "contract_id": str(contract)} for key, name, contract in rows]


def _resources(context: StepContext) -> list[Option]:
    rows = context.session.execute(
        select(ResourceItem.id, ResourceItem.name).where(ResourceItem.platform_no != "").order_by(ResourceItem.name)
    )
    return [_option(str(key), name) for key, name in rows]


def _corrections(context: StepContext) -> list[Option]:
    """What of the project has been signed and may be corrected, each with how it reads now (F-35)."""
    session, project = context.session, context.session.get(Project, context.project_id or 0)
    if project is None:
        return []
    found = []
    if project.completed_on is not None:
        found.append(_option("completed_on", f"竣工日期（{project.completed_on}）"))
    contracts = select(Contract).where(Contract.project_id == project.id, Contract.confirmed_by != "")
    for contract in session.scalars(contracts.order_by(Contract.id)):
        amount = Decimal(contract.amount_fen) / FEN_OF_WAN
        found.append(_option(f"contract_amount:{contract.id}", f"合同{contract.no}金额（{amount:f}万元）"))
    approvals = select(Approval).where(Approval.project_id == project.id, Approval.signed_on.is_not(None))
    found.extend(
        _option(f"approval_doc_no:{approval.id}", f"批复文号（{approval.doc_no}）")
        for approval in session.scalars(approvals.where(Approval.doc_no != "").order_by(Approval.id))
    )
    item = session.scalar(
        select(PlanItem).where(PlanItem.project_id == project.id).order_by(PlanItem.id.desc()).limit(1)
    )
    if item is not None and item.consent_doc_no:
        found.append(_option("consent_doc_no", f"县政府同意文号（{item.consent_doc_no}）"))
    lead = session.get(Person, project.lead_id) if project.lead_id is not None else None
    if lead is not None:
        found.append(_option("lead", f"项目负责人（{lead.name}）"))
    return found


def _shared_units(context: StepContext) -> list[Option]:
    """The units of a sharing evaluation, each with the score that was computed (F-21s)."""
    rows = context.session.execute(
        select(SharingScore.unit_id, Organisation.short, SharingScore.computed)
        .join(Organisation, Organisation.id == SharingScore.unit_id)
        .where(SharingScore.instance_id == context.instance.id)
        .order_by(SharingScore.unit_id)
    )
    return [_option(str(unit), f"{short}（{computed}分）") for unit, short, computed in rows]


def _option(value: str, label: str) -> Option:
    return {"value": value, "label": label}


OPTIONS: Mapping[str, Callable[[StepContext], list[Option]]] = {
    "system_options": _systems,
    "item_options": _items,
    "expert_options": _experts,
    "content_options": _contents,
    "package_options": _packages,
    "contract_options": _contracts,
    "node_options": _nodes,
    "resource_options": _resources,
    "correction_options": _corrections,
    "shared_unit_options": _shared_units,
}
"""Name of a list in a form's context → what it offers here."""


def option_labels(session: Session, form: FormModel, *, instance_id: int, now: datetime) -> dict[str, list[Option]]:
    """Return what the choices of a form that was handed in are called: an expert's name, not her username."""
    context = StepContext(session, now, session.get_one(ProcessInstance, instance_id), None)
    return {name: OPTIONS[name](context) for name in form.option_names if name in OPTIONS}
