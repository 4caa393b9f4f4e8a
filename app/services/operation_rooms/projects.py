"""Operations on one project: panel.seat, scope.new_version, catalogue.*, om.return, evaluation.score, measure.apply."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from app.domain import gates, standing
from app.domain.acts import Act
from app.domain.facts import PayNode
from app.domain.fingerprint import fingerprint
from app.domain.numbers import Path
from app.domain.states import State, allows
from app.domain.terms import FundType, Measure, PayNodeKind, Result
from app.models.accounts import Person, PersonRole
from app.models.business import (
    BudgetLine,
    Change,
    Evaluation,
    MeasureTaken,
    OmApplication,
    PanelMember,
    ScopeVersion,
    SystemEntry,
)
from app.models.documents import Submission
from app.models.process import UserTask
from app.services import parameters
from app.services.operation_rooms.gates import as_json
from app.services.operation_rooms.subject import load, project_key
from app.services.project_states import move

if TYPE_CHECKING:
    from app.domain.facts import ProjectFacts
    from app.engine.step import Variables
    from app.services.context import StepContext

PURPOSES = {"f05": "review", "f05z": "acceptance", "f25s": "evaluation"}


def seat_panel(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """List the panel's members, those who have not declared yet, and the leader, by username."""
    loaded = load(context, inputs)
    project = loaded.project
    purpose = PURPOSES[headers.get("form", "f05")]
    if project.state == State.EVALUATING:
        purpose = "evaluation"
    rows = (
        context.session.query(PanelMember, Person.username)
        .join(Person, Person.id == PanelMember.person_id)
        .filter(PanelMember.project_id == project.id, PanelMember.purpose == purpose, PanelMember.replaced.is_(False))
        .order_by(PanelMember.round.desc(), PanelMember.id)
    ).all()
    latest = rows[0][0].round if rows else 0
    seated = [(member, name) for member, name in rows if member.round == latest]
    leader = next((name for member, name in seated if member.leader), seated[0][1] if seated else "")
    return {
        "panel": [name for _member, name in seated],
        "undeclared": [name for member, name in seated if member.interest_declared is None],
        "leader": leader,
    }


def new_scope_version(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """Make the next version of an agreed change; more investment waits for its follow-up (第十七条, G-18).

    The pre-procurement approval of what it touches becomes void.
    """
    del headers
    loaded = load(context, inputs)
    project = loaded.project
    change = (
        context.session.query(Change)
        .filter_by(project_id=project.id, status="agreed")
        .order_by(Change.number.desc())
        .first()
    )
    made = context.session.query(ScopeVersion).filter_by(project_id=project.id, by_change=True).count()
    agreed = context.session.query(Change).filter_by(project_id=project.id, status="agreed").count()
    if change is None or made >= agreed or not _followed_up(loaded.facts, change.number):
        return {"scope_version": project.scope_version, "reopen_preprocurement": False}
    total = project.total_fen + change.delta_fen
    version = ScopeVersion(
        project_id=project.id,
        number=project.scope_version + 1,
        fingerprint=fingerprint(str(change.content.get("after", "")), str(change.number), total),
        total_fen=total,
        by_change=True,
        objective_changed=change.objective_changed,
        interface_changed=change.interface_changed,
        infrastructure_changed=change.infrastructure_changed,
        made_on=context.today,
    )
    context.session.add(version)
    project.scope_version, project.total_fen = version.number, total
    context.session.flush()
    return {
        "scope_version": version.number,
        "reopen_preprocurement": change.interface_changed or change.infrastructure_changed,
    }


def _followed_up(facts: ProjectFacts, number: int) -> bool:
    """Whether what a raise needs after the bureau's consent is there: the DRC's or finance's papers (第十七条)."""
    return not gates.check(
        ("G-18",), facts, Act("f14", node=PayNode(0, "", PayNodeKind.PROGRESS, 0, relies_on_change=number))
    )


def activate_catalogue(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """Make the draft entry active once the project is accepted; with the operation date it then operates (第十九条)."""
    del headers
    if context.project_id is None and not inputs.get("project_no"):
        return {"catalogue_active": _activate_legacy(context)}
    project = load(context, inputs).project
    row = context.session.query(SystemEntry).filter_by(project_id=project.id).first()
    if row is None or (row.status == "draft" and not row.content.get("checked_by")):
        return {"catalogue_active": False}  # nobody has entered or checked it: no diagram makes it active (第十九条)
    accepted = project.accepted_on is not None or project.path == Path.MAINTENANCE.value
    if row.status == "draft" and accepted:
        row.status = "active"
        row.online_on = row.online_on or project.online_on
    if row.status == "active" and project.online_on is not None and project.state == State.ACCEPTED:
        move(context.session, project, "operation.started", now=context.now)
    context.session.flush()
    return {"catalogue_active": row.status == "active"}


def _activate_legacy(context: StepContext) -> bool:
    unit_id = context.instance.unit_id
    query = context.session.query(SystemEntry).filter_by(legacy=True, status="draft")
    row = (query.filter_by(unit_id=unit_id) if unit_id is not None else query).order_by(SystemEntry.id.desc()).first()
    if row is None or not row.content.get("checked_by"):
        return False  # nobody has checked it: no diagram makes it active (第十九条)
    row.status = "active"
    context.session.flush()
    return True


def cancel_catalogue(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """Cancel the entry, end its O&M lines of later years, and scrap the project that was being decommissioned.

    Nothing is cancelled of a project whose decommissioning the bureau's head has not agreed to, whatever was drawn.
    """
    del headers
    project = load(context, inputs).project
    if project.state not in {State.DECOMMISSIONING, State.SCRAPPED} or not _agreed_to_scrap(context, project.id):
        return {}
    entries = context.session.query(SystemEntry).filter(
        (SystemEntry.project_id == project.id) | (SystemEntry.id == project.parent_system_id)
    )
    for entry in entries.all():
        entry.status = "cancelled"
    lines = context.session.query(BudgetLine).filter(
        BudgetLine.project_id == project.id, BudgetLine.fund_type == FundType.OM, BudgetLine.approved_on.is_(None)
    )
    for line in lines.all():
        context.session.delete(line)
    if allows(State(project.state), "decommission.done"):
        move(context.session, project, "decommission.done", now=context.now)
    context.session.flush()
    return {}


def _agreed_to_scrap(context: StepContext, project_id: int) -> bool:
    """Whether the bureau's head has signed F-29 (第九条): her latest signature on it says 同意."""
    signed = (
        context.session.query(Submission.answers, UserTask.properties)
        .join(UserTask, UserTask.id == Submission.task_id)
        .join(PersonRole, PersonRole.person_id == Submission.by_id)
        .filter(Submission.project_id == project_id, Submission.form_id == "f00s", PersonRole.role == "bur_head")
        .order_by(Submission.id.desc())
    )
    results = [answers.get("result") for answers, properties in signed if properties.get("signs") == "f29"]
    return bool(results) and results[0] == Result.AGREED


def return_om(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """Return the application for O&M funds with every reason; only a path-Y project changes its state (第十九条)."""
    del headers
    loaded = load(context, inputs)
    act = Act("f20a", fund_type=FundType.OM)
    refusals = gates.check_form(loaded.facts, act)
    row = (
        context.session.query(OmApplication)
        .filter_by(project_id=loaded.project.id)
        .order_by(OmApplication.id.desc())
        .first()
    )
    if row is not None:
        row.status, row.reasons = "returned", [as_json(refusal) for refusal in refusals]
    if loaded.project.path == Path.MAINTENANCE.value and allows(State(loaded.project.state), "om.returned"):
        move(context.session, loaded.project, "om.returned", now=context.now)
    context.session.flush()
    return {}


def score_evaluation(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """Give back what the score sheets add up to: points, sharing in percent of its weight, band (第二十三条)."""
    del headers
    project_id = project_key(context, inputs)
    row = context.session.query(Evaluation).filter_by(project_id=project_id).order_by(Evaluation.number.desc()).first()
    if row is None or row.total_centi is None or row.share_centi is None:
        return {"total": 0, "share_percent": 0, "band": "差"}
    in_force = parameters.current(context.session, context.today)
    band = standing.band(row.total_centi, in_force)
    share = (Decimal(row.share_centi) / row.share_weight).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return {"total": float(Decimal(row.total_centi) / 100), "share_percent": float(share), "band": band}


def apply_measure(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """Tell which measure took effect with the last signature, and whether the newest did; else it is proposed anew."""
    del headers
    project_id = project_key(context, inputs)
    proposed = context.session.query(MeasureTaken).filter_by(project_id=project_id).order_by(MeasureTaken.id.desc())
    newest = proposed.first()
    row = proposed.filter(MeasureTaken.decided_on.is_not(None)).first()
    return {
        "measure": row.kind if row is not None else Measure.NONE.value,
        "measure_taken": newest is not None and newest.decided_on is not None,
    }
