"""Operations of library and budget: library.enter, library.roll, budget.open_line, budget.lapse, start.check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.domain import holds, standing
from app.domain.states import State, allows
from app.domain.terms import FundType
from app.models.business import BudgetLine, LibraryEntry, Package, PlanItem, Project, ScopeVersion
from app.services import facts as fact_service
from app.services import library_year, serials
from app.services.operation_rooms.subject import load, number
from app.services.project_states import move

if TYPE_CHECKING:
    from app.domain.facts import ProjectFacts
    from app.engine.step import Variables
    from app.services.context import StepContext

OCTOBER = 10


def enter_library(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """Enter a reviewed project with its rank; the fingerprint of what was reviewed is kept (第十条, 第十八条).

    A project that the bureau has not passed enters no library, wherever a diagram puts this step.
    """
    del headers
    loaded = load(context, inputs)
    project = loaded.project
    if standing.passed_review(loaded.facts) is None:
        return {}
    row = context.session.query(LibraryEntry).filter_by(project_id=project.id).first()
    version = context.session.query(ScopeVersion).filter_by(project_id=project.id, number=project.scope_version).one()
    if row is None:
        row = LibraryEntry(project_id=project.id, entered_fy=project.fy, entered_on=context.today, closed_fys=[])
        row.rank = serials.take(context.session, "library", project.fy)
        context.session.add(row)
    row.reviewed_fingerprint = version.fingerprint
    context.session.flush()
    return {}


def open_line(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """Open the line of the year whose budget is being made, with what was asked for in it."""
    del headers
    loaded = load(context, inputs)
    project = loaded.project
    fund = FundType(str(inputs.get("fund_type") or FundType.CONSTRUCTION))
    fy = budget_year(context, project)
    row = context.session.query(BudgetLine).filter_by(project_id=project.id, fy=fy, fund_type=fund).first()
    if row is None:
        item = context.session.query(PlanItem).filter_by(project_id=project.id).order_by(PlanItem.fy.desc()).first()
        context.session.add(
            BudgetLine(
                project_id=project.id, fy=fy, fund_type=fund,
                requested_fen=item.fy_amount_fen if item is not None and fund is not FundType.OM else 0,
            )
        )  # fmt: skip
        context.session.flush()
    return {"budget_fy": fy}


def budget_year(context: StepContext, project: Project) -> int:
    """Return the year of the line: the project's own, never a closed one; from October on the next [C]."""
    making = context.today.year + (1 if context.today.month >= OCTOBER else 0)
    return max(project.fy, making) if project.fy > context.today.year else making


def roll_library(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """Close the fiscal year before today's for every entry, once: streak, 备选, or 剔除 at three.

    The year is the legal day's, not that of the firing; one that is not over yet is never closed.
    """
    del headers
    fy = min(number(inputs.get("year"), context.today.year), context.today.year) - 1
    closed = library_year.close(context.session, fy, now=context.now)
    return {"rolled_items": list(closed.changed), "removed_count": closed.removed}


def lapse(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """A funded project did not start and its reason was not accepted: it is an alternate again (第十九条第四项).

    A project that has started, or whose reason both offices accepted, keeps its funds, whatever was drawn. Its packages
    are void.
    """
    del headers
    loaded = load(context, inputs)
    if not _may_lapse(loaded.facts):
        return {"lapsed": False}
    entry = context.session.query(LibraryEntry).filter_by(project_id=loaded.project.id).first()
    if entry is not None and entry.status == "在库":
        entry.status = "备选"
    if allows(State(loaded.project.state), "budget.lapsed"):
        move(context.session, loaded.project, "budget.lapsed", now=context.now)
        for package in context.session.query(Package).filter_by(project_id=loaded.project.id, failed=False):
            package.failed = True  # no contract has come of it; with new funds it is procured anew
        context.throw("budget.lapsed", loaded.project.no)
    return {"lapsed": True}


def _may_lapse(facts: ProjectFacts) -> bool:
    verdict = facts.not_started[-1] if facts.not_started else None
    return holds.started_on(facts) is None and (verdict is None or not verdict.accepted)


def not_started(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """List the projects with funds this year (or in the year given) and neither contract nor start order."""
    del headers
    fy = number(inputs.get("year"), context.today.year)
    rows = (
        context.session.query(Project)
        .join(BudgetLine, BudgetLine.project_id == Project.id)
        .filter(BudgetLine.fy == fy, BudgetLine.arranged_fen > 0, BudgetLine.fund_type != FundType.OM)
        .order_by(Project.no)
        .distinct()
    )
    found = []
    for project in rows.all():
        facts = fact_service.project_facts(context.session, project.id, now=context.now)
        if holds.started_on(facts) is None:
            found.append(project.no)
    return {"not_started": found}
