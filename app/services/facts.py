"""The facts of one project, read in a handful of SQL statements whatever its history, for gates and for expressions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ScalarSelect, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from app.domain.facts import CatalogueEntry, ProjectFacts, SystemStanding, Unit
from app.domain.numbers import Path
from app.domain.parameters import Parameters
from app.domain.sharing_scores import UnitScore
from app.errors import NotFound
from app.models.accounts import Organisation, Person
from app.models.business import Evaluation, Project, SharingScore, SystemEntry
from app.services import fact_sections as sections
from app.services import parameters
from app.services.fact_rows import Rows, history
from app.services.fact_values import fact_values

__all__ = ["Loaded", "fact_values", "load", "project_facts"]


def _newest_score() -> ScalarSelect[int]:
    """Return the newest signed score of the unit's sharing as part of the statement that reads the project."""
    one = aliased(SharingScore)
    return (
        select(func.max(one.id))
        .where(one.unit_id == Organisation.id, one.signed_on.is_not(None))
        .correlate(Organisation)
        .scalar_subquery()
    )


_LEAD = aliased(Person)
_PROJECT = (
    select(Project, Organisation, _LEAD.name, _LEAD.organisation_id, parameters.revision(), SharingScore)
    .join(Organisation, Organisation.id == Project.unit_id)
    .outerjoin(SharingScore, SharingScore.id == _newest_score())
    .outerjoin(_LEAD, _LEAD.id == Project.lead_id)
    .where(Project.id == bindparam("project_id"))
)
"""Built once: building it took as long as all the rest of the facts."""


@dataclass(frozen=True)
class Loaded:
    """A project's row with its facts, as a recorder needs both."""

    project: Project
    unit: Organisation
    facts: ProjectFacts
    rows: Rows


def project_facts(session: Session, project_id: int, *, now: datetime) -> ProjectFacts:
    """Return everything that gates may know of the project at `now` (aware). At most three SQL statements.

    Raises NotFound for an unknown project.
    """
    return load(session, project_id, now=now).facts


def load(session: Session, project_id: int, *, now: datetime) -> Loaded:
    """Return the project's row with its facts; raise NotFound for an unknown project. At most three SQL statements."""
    session.flush()
    found = session.execute(_PROJECT, {"project_id": project_id}).one_or_none()
    if found is None:
        raise NotFound
    project, unit, lead_name, lead_unit, revision, shared = found
    in_force = parameters.current(session, now.date(), at=revision)
    rows = history(session, project_id)
    parent = _parent(session, project)
    facts = _facts(
        project, unit, rows, parent, now=now, lead=(lead_name or "", lead_unit == project.unit_id), in_force=in_force
    )
    if shared is not None:
        score = UnitScore(shared.year, shared.score, shared.signed_on, shared.rectified_on)
        facts = replace(facts, unit_sharing=score)
    return Loaded(project, unit, facts, rows)


def _facts(
    project: Project,
    unit: Organisation,
    rows: Rows,
    parent: SystemStanding | None,
    *,
    now: datetime,
    lead: tuple[str, bool],
    in_force: Parameters,
) -> ProjectFacts:
    acceptance = next((row for row in rows.get("deadline", ()) if row["kind"] == "acceptance"), None)
    return ProjectFacts(
        no=project.no,
        state=project.state,
        path=Path(project.path),
        unit=Unit(unit.code, unit.name, unit.eligible, unit.kind == "bureau"),
        today=now.date(),
        now=now,
        parameters=in_force,
        name=project.name,
        nature=project.nature,
        category=project.category,
        is_major=project.is_major,
        scope_version=project.scope_version,
        lead=lead[0],
        lead_of_unit=lead[1],
        management_rules=project.management_rules,
        item=sections.plan_item(project, rows),
        filing=sections.filing(rows),
        scope=sections.scope(rows),
        sharing=sections.sharing(rows),
        panel=sections.panel(rows),
        opinions=sections.opinions(rows),
        approvals=sections.approvals(rows),
        budget=sections.budget(rows),
        packages=sections.packages(rows),
        contracts=sections.contracts(rows),
        payments=sections.payments(rows),
        supervision=sections.supervision(rows),
        start_order_on=project.start_order_on,
        service_start_on=project.service_start_on,
        changes=sections.changes(rows, Path(project.path)),
        completed_on=project.completed_on,
        acceptance_due=acceptance["first_due"] if acceptance is not None else None,
        extensions=sections.extensions(rows),
        attempts=sections.attempts(rows),
        access_no=project.access_no,
        access_verified=project.access_verified,
        access_failed=project.access_failed,
        acceptance_filing=sections.acceptance_filing(rows),
        online_on=project.online_on,
        catalogue=sections.catalogue(rows) or _operated(project, parent),
        resources=sections.resources(rows),
        om_plans=sections.om_plans(rows),
        om_applications=sections.om_applications(rows),
        evaluations=sections.evaluations(rows),
        parent=parent,
        orders=sections.orders(rows),
        measures=sections.measures(rows),
        proposed=sections.proposed(rows),
        audits=sections.audits(rows),
        document_requests=sections.document_requests(rows),
        not_started=sections.not_started(rows),
        library=sections.library(rows),
        deadlines=sections.deadlines(rows),
        lifted_by_hand=sections.lifted_by_hand(rows),
    )


def _parent(session: Session, project: Project) -> SystemStanding | None:
    """Return the standing of the system that this item rebuilds, extends, operates or scraps."""
    if project.parent_system_id is None:
        return None
    found = session.execute(
        select(SystemEntry, Project.no, Evaluation)
        .outerjoin(Project, Project.id == SystemEntry.project_id)
        .outerjoin(Evaluation, (Evaluation.project_id == SystemEntry.project_id) & Evaluation.signed_on.is_not(None))
        .where(SystemEntry.id == project.parent_system_id)
        .order_by(Evaluation.number.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        return None
    entry, no, evaluation = found
    fails = evaluation is not None and evaluation.passed is False and evaluation.rectified_on is None
    return SystemStanding(
        code=entry.code,
        project_no=no or "",
        builder=entry.builder,
        operator=entry.operator,
        evaluation_blocks=fails,
        evaluated_on=evaluation.signed_on if evaluation is not None else None,
        status=entry.status,
    )


def _operated(project: Project, parent: SystemStanding | None) -> CatalogueEntry | None:
    """Return the entry of the system that an O&M item runs: the item makes no system of its own (第十九条)."""
    if project.path != Path.MAINTENANCE.value or parent is None:
        return None
    return CatalogueEntry(parent.code, parent.status, parent.builder, parent.operator)
