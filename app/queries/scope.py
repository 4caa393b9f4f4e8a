"""The data scope of specification §2.3 as one condition that every query over projects starts from."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, false, or_, select, true

from app import clock
from app.domain.roles import ROLES, OrganisationKind
from app.domain.states import State
from app.models.accounts import Organisation
from app.models.business import Contract, Evaluation, PanelMember, Project, Supervision
from app.models.process import TaskAudience, UserTask

EVERYTHING = frozenset({OrganisationKind.BUREAU, OrganisationKind.FINANCE, OrganisationKind.AUDIT,
                        OrganisationKind.COUNTY_GOV, OrganisationKind.SECURITY})  # fmt: skip
"""Kinds of organisation whose roles see every project that is not exempt."""

SEES_ALL_MONEY = EVERYTHING - {OrganisationKind.SECURITY}
BESIDE_THE_PANEL = frozenset({OrganisationKind.FINANCE, OrganisationKind.AUDIT, OrganisationKind.COUNTY_GOV})
NO_PROJECTS = frozenset({"process_owner", "sys_admin", "system"})
BEFORE_CONSENT = (State.DRAFT.value, State.PLAN_SUBMITTED.value)
DRC_PATHS = ("T", "L")


class Reader(Protocol):
    """Who reads: services' Actor fits."""

    @property
    def id(self) -> int:
        """The person."""

    @property
    def organisation_id(self) -> int:
        """Her organisation."""

    @property
    def roles(self) -> frozenset[str]:
        """The roles she holds."""


def kinds_of(reader: Reader) -> frozenset[OrganisationKind]:
    """Return the kinds of organisation for which the reader's roles act on projects."""
    return frozenset(ROLES[role].organisation for role in reader.roles if role in ROLES and role not in NO_PROJECTS)


def visible_projects(reader: Reader) -> ColumnElement[bool]:
    """Return the condition on `Project` for what the reader may know of."""
    kinds = kinds_of(reader)
    own = Project.unit_id == reader.organisation_id
    parts: list[ColumnElement[bool]] = []
    if kinds & EVERYTHING:
        parts.append(true())
    if OrganisationKind.UNIT in kinds:
        parts.append(own)
    if OrganisationKind.DRC in kinds:
        parts.append(and_(Project.path.in_(DRC_PATHS), Project.state.not_in(BEFORE_CONSENT)))
    if OrganisationKind.EMPLOYER in kinds:
        parts.append(_seated(reader))
    if OrganisationKind.COMPANY in kinds:
        parts.append(_assigned(reader))
    if not parts:
        return false()
    return and_(or_(*parts), or_(Project.path != "X", _exempt(reader)))


def _exempt(reader: Reader) -> ColumnElement[bool]:
    """Art. 34: the row of an exempt project is seen by the bureau's head and the unit's head only."""
    if "bur_head" in reader.roles:
        return true()
    return Project.unit_id == reader.organisation_id if "unit_head" in reader.roles else false()


def _seated(reader: Reader) -> ColumnElement[bool]:
    """An expert sees the project from her assignment to the last day of access, and while a task of hers is open."""
    today = clock.today()
    seats = select(PanelMember.project_id).where(
        PanelMember.person_id == reader.id,
        PanelMember.replaced.is_(False),
        or_(PanelMember.access_until.is_(None), PanelMember.access_until >= today, _still_asked(reader)),
    )
    return Project.id.in_(seats)


def _still_asked(reader: Reader) -> ColumnElement[bool]:
    return (
        select(UserTask.id)
        .join(TaskAudience, TaskAudience.task_id == UserTask.id)
        .where(
            UserTask.project_id == PanelMember.project_id,
            UserTask.status == "open",
            TaskAudience.audience == f"p:{reader.id}",
        )
        .exists()
    )


def _assigned(reader: Reader) -> ColumnElement[bool]:
    company = reader.organisation_id
    return or_(
        Project.id.in_(select(Contract.project_id).where(Contract.supplier_id == company)),
        Project.id.in_(
            select(Supervision.project_id).where(Supervision.supervisor_id == company, Supervision.void.is_(False))
        ),
        Project.id.in_(select(Evaluation.project_id).where(Evaluation.evaluator_id == company)),
    )


def sees_money(reader: Reader, unit_id: int | None = None) -> bool:
    """Say whether the reader may see amounts: her own unit's always, others' by the scope of her roles."""
    kinds = kinds_of(reader)
    if kinds & SEES_ALL_MONEY or OrganisationKind.DRC in kinds:
        return True
    return OrganisationKind.UNIT in kinds and (unit_id is None or unit_id == reader.organisation_id)


def sees_amounts_of(reader: Reader, unit_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Return `sees_money` as a condition on rows: whether the reader may see the amounts of this row's unit."""
    if sees_money(reader, 0):
        return true()
    return unit_id == reader.organisation_id if OrganisationKind.UNIT in kinds_of(reader) else false()


def sees_panel(reader: Reader, unit_id: int | None = None) -> bool:
    """Say whether the reader may see experts' names before their meeting, and single experts' forms at any time.

    The bureau may. So may those who countersign panels, check scores or audit, but not in their own body's project.
    """
    kinds = kinds_of(reader)
    if OrganisationKind.BUREAU in kinds:
        return True
    return bool(kinds & BESIDE_THE_PANEL) and unit_id != reader.organisation_id


def sees_records(reader: Reader) -> bool:
    """Say whether the reader may see what the engine recorded step by step: the bureau and those who run the system."""
    return OrganisationKind.BUREAU in kinds_of(reader) or bool(reader.roles & {"process_owner", "sys_admin"})


def judges_only(reader: Reader) -> bool:
    """Say whether the reader is nothing but an expert: she scores and signs, and calls nobody to account."""
    return kinds_of(reader) == {OrganisationKind.EMPLOYER}


def units() -> ColumnElement[bool]:
    """Return the condition on `Organisation` for bodies that may be project units."""
    return Organisation.eligible.is_(True)
