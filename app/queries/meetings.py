"""会议助手: the newest panel of a project for who organises its meeting, and an expert's own form at the meeting."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.roles import OrganisationKind
from app.models.accounts import Organisation, Person
from app.models.business import ExpertForm, PanelMember, Project
from app.models.process import TaskAudience, UserTask
from app.queries.scope import Reader, kinds_of, visible_projects

FORMS = ("f05d", "f05e", "f05g", "f16e", "f16g", "f25e")
"""What an expert fills in at a meeting."""


@dataclass(frozen=True)
class Seat:
    """One who sits on the panel, and whether her form is in."""

    name: str
    employer: str
    leader: bool
    designated: bool
    handed_in: bool


@dataclass(frozen=True)
class Meeting:
    """A project's newest panel."""

    no: str
    name: str
    unit: str
    purpose: str
    """review, acceptance or evaluation."""
    round: int
    seats: tuple[Seat, ...]

    @property
    def handed_in(self) -> int:
        """How many forms are in."""
        return sum(one.handed_in for one in self.seats)


def of_project(session: Session, reader: Reader, no: str) -> Meeting | None:
    """Return the newest panel of a project; None where there is none, and for all but the bureau (§2.3)."""
    if OrganisationKind.BUREAU not in kinds_of(reader):
        return None
    found = session.execute(
        select(PanelMember, Project.name, Organisation.name)
        .join(Project, Project.id == PanelMember.project_id)
        .join(Organisation, Organisation.id == Project.unit_id)
        .where(Project.no == no, visible_projects(reader))
        .order_by(PanelMember.id.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        return None
    newest, name, unit = found
    same = (
        PanelMember.project_id == newest.project_id,
        PanelMember.purpose == newest.purpose,
        PanelMember.round == newest.round,
    )
    rows = session.execute(
        select(PanelMember, Person.name, Organisation.name, ExpertForm.id)
        .join(Person, Person.id == PanelMember.person_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(
            ExpertForm,
            (ExpertForm.project_id == PanelMember.project_id)
            & (ExpertForm.purpose == PanelMember.purpose)
            & (ExpertForm.round == PanelMember.round)
            & (ExpertForm.person_id == PanelMember.person_id),
        )
        .where(*same, PanelMember.replaced.is_(False))
        .order_by(PanelMember.leader.desc(), PanelMember.designated.desc(), PanelMember.id)
    )
    seats = tuple(Seat(who, body, seat.leader, seat.designated, form is not None) for seat, who, body, form in rows)
    return Meeting(no, name, unit, newest.purpose, newest.round, seats)


def own_form(session: Session, reader: Reader, no: str) -> int | None:
    """Return the expert's open task at the meeting of a project; None where she has none."""
    return session.scalar(
        select(UserTask.id)
        .join(Project, Project.id == UserTask.project_id)
        .join(TaskAudience, TaskAudience.task_id == UserTask.id)
        .where(
            Project.no == no,
            UserTask.status == "open",
            UserTask.form_id.in_(FORMS),
            TaskAudience.audience == f"p:{reader.id}",
        )
        .order_by(UserTask.id)
        .limit(1)
    )
