"""Experts before their meeting, and what a single expert handed in: kept from all who may not know (§2.3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, false, func, select
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.domain.roles import ROLES, OrganisationKind
from app.models.accounts import PersonRole
from app.models.business import AcceptanceAttempt, Evaluation, PanelMember, Project
from app.models.documents import Attachment, Submission
from app.queries.diagram_graph import Drawn
from app.queries.scope import Reader, kinds_of, sees_panel

ROLE = "expert"
SOMEBODY = Drawn(ROLES[ROLE].zh, ROLES[ROLE].en)
"""What stands where her name may not."""

OF_ONE = frozenset({"f05d", "f05e", "f16e", "f25e"})
"""Forms in which one expert declares, scores or judges; F-25e only where an expert fills it in, not an evaluator."""
LISTS = frozenset({"f05", "f05z"})
"""Forms that name the members of a panel."""
EVALUATED = ("f25s", "f25u", "f25e")
"""A process in which one of these was filed forms its panel for the evaluation, not for the review."""


@dataclass(frozen=True)
class Veil:
    """Whom a reader may not know on the pages of one project; by default she may know everybody."""

    experts: frozenset[int] = frozenset()
    """Everybody who is nothing but an expert, and the members of the project's panels; empty for who may know all."""
    hidden: frozenset[int] = frozenset()
    """Those of them who have not met for this project, or who gave up their seats."""
    since: Mapping[int, date] = field(default_factory=dict)
    """Hidden one → the day on which she took her new seat, where she has met for this project before.

    What she did before that day keeps her name: hiding it again would tell who sits on the panel to come.
    """
    pending: bool = False
    """Whether a panel of the project has still to meet."""

    def hides(self, person_id: int | None, at: datetime | None = None) -> bool:
        """Say whether this person may not be named for what she did at a moment, or has to do now."""
        if person_id is None or person_id not in self.hidden:
            return False
        since = self.since.get(person_id)
        return since is None or at is None or at.astimezone(SHANGHAI).date() >= since

    def name(self, person_id: int | None, name: str | None, at: datetime | None = None) -> str:
        """Return the name, or that it was an expert."""
        return SOMEBODY if self.hides(person_id, at) else name or ""


OPEN = Veil()


def veil(session: Session, reader: Reader, project_id: int | None) -> Veil:
    """Return whom the reader may not know on the pages of a project, or of an instance that has none."""
    return veils(session, reader, [project_id])[project_id]


def veils(session: Session, reader: Reader, project_ids: Iterable[int | None]) -> Mapping[int | None, Veil]:
    """Return the veil of each project, in three statements for however many, and in none for the bureau."""
    wanted = set(project_ids)
    if not wanted or OrganisationKind.BUREAU in kinds_of(reader):
        return dict.fromkeys(wanted, OPEN)
    acting_otherwise = select(PersonRole.person_id).where(PersonRole.role != ROLE)
    experts = frozenset(
        session.scalars(
            select(PersonRole.person_id).where(PersonRole.role == ROLE, PersonRole.person_id.not_in(acting_otherwise))
        )
    )
    found: dict[int | None, Veil] = dict.fromkeys(wanted, Veil(experts, experts - {reader.id}))
    seats = _seats(session, wanted - {None})  # type: ignore[arg-type]
    concluded = _reviews(session, seats)
    for project_id, (unit_id, members) in seats.items():
        if sees_panel(reader, unit_id):
            found[project_id] = OPEN
            continue
        met, waiting = _split(members, concluded.get(project_id, _NO_REVIEW))
        every = experts | {one.person_id for one in members}
        found[project_id] = Veil(
            experts=every,
            hidden=every - (met - waiting.keys()) - {reader.id},
            since={person: day for person, day in waiting.items() if person in met},
            pending=bool(waiting),
        )
    return found


@dataclass(frozen=True)
class _Seat:
    person_id: int
    purpose: str
    round: int
    seated_on: date
    given_up: bool
    met: bool
    """Of an acceptance or an evaluation; a review's meeting is known by its F-05g."""


@dataclass(frozen=True)
class _Review:
    """The last panel formed and the last opinion of a panel, by the number of their submissions."""

    formed: int = 0
    concluded: int = 0


_NO_REVIEW = _Review()


def _seats(session: Session, project_ids: Collection[int]) -> dict[int, tuple[int, list[_Seat]]]:
    """Return project → its unit and every seat on its panels."""
    query = (
        select(
            Project.id,
            Project.unit_id,
            PanelMember.person_id,
            PanelMember.purpose,
            PanelMember.round,
            PanelMember.seated_on,
            PanelMember.replaced,
            AcceptanceAttempt.held_on,
            Evaluation.signed_on,
        )
        .outerjoin(PanelMember, PanelMember.project_id == Project.id)
        .outerjoin(
            AcceptanceAttempt,
            and_(AcceptanceAttempt.project_id == Project.id, AcceptanceAttempt.number == PanelMember.round),
        )
        .outerjoin(Evaluation, and_(Evaluation.project_id == Project.id, Evaluation.number == PanelMember.round))
        .where(Project.id.in_(project_ids))
    )
    found: dict[int, tuple[int, list[_Seat]]] = {}
    for project_id, unit_id, person_id, purpose, number, day, replaced, held_on, signed_on in session.execute(query):
        members = found.setdefault(project_id, (unit_id or 0, []))[1]
        if person_id is not None:
            met = {"acceptance": held_on, "evaluation": signed_on}.get(purpose) is not None
            members.append(_Seat(person_id, purpose, number, day, replaced, met))
    return found


def _reviews(session: Session, project_ids: Collection[int]) -> dict[int, _Review]:
    query = (
        select(Submission.project_id, Submission.instance_id, Submission.form_id, func.max(Submission.id))
        .where(Submission.project_id.in_(project_ids), Submission.form_id.in_(("f05", "f05g", *EVALUATED)))
        .group_by(Submission.project_id, Submission.instance_id, Submission.form_id)
    )
    by_instance: dict[tuple[int, int], dict[str, int]] = {}
    for project_id, instance_id, form_id, last in session.execute(query):
        by_instance.setdefault((project_id or 0, instance_id), {})[form_id] = last
    found: dict[int, _Review] = {}
    for (project_id, _instance), last_of in by_instance.items():
        known = found.get(project_id, _NO_REVIEW)
        formed = 0 if last_of.keys() & set(EVALUATED) else last_of.get("f05", 0)
        found[project_id] = _Review(max(known.formed, formed), max(known.concluded, last_of.get("f05g", 0)))
    return found


def _split(members: list[_Seat], review: _Review) -> tuple[frozenset[int], Mapping[int, date]]:
    """Return who has met, and who has still to meet since when; an earlier version's panel met if any panel did."""
    seated = [one for one in members if not one.given_up]
    newest = max((one.round for one in seated if one.purpose == "review"), default=0)
    last = {newest: review.formed}
    done = [one for one in seated if one.met or (one.purpose == "review" and review.concluded > last.get(one.round, 0))]
    waiting: dict[int, date] = {}
    for one in sorted(seated, key=lambda seat: seat.seated_on, reverse=True):
        if one not in done:
            waiting[one.person_id] = one.seated_on
    return frozenset(one.person_id for one in done), waiting


def may_read(session: Session, reader: Reader, shade: Veil, paper: tuple[str, int], project_id: int | None) -> bool:
    """Say whether the reader may have a form that was handed in; `paper` is its form id and who handed it in.

    The list of a panel waits for the meeting. What one expert declared or scored is for those who work with single
    scores, and for an expert who has handed in her own (§2.3).
    """
    form_id, by_id = paper
    if by_id == reader.id or sees_panel(reader):
        return True
    if form_id in LISTS:
        return not shade.pending
    if form_id not in OF_ONE or by_id not in shade.experts:
        return True
    if OrganisationKind.EMPLOYER not in kinds_of(reader) or project_id is None:
        return False
    own = select(Submission.id).where(
        Submission.project_id == project_id, Submission.form_id == form_id, Submission.by_id == reader.id
    )
    return session.scalar(own.limit(1)) is not None


def kept_files(reader: Reader) -> ColumnElement[bool]:
    """Return the condition on `Attachment` for files with which a single expert judged, where the reader may not."""
    if sees_panel(reader):
        return false()
    single = (
        select(Submission.id)
        .join(PersonRole, and_(PersonRole.person_id == Submission.by_id, PersonRole.role == ROLE))
        .where(Submission.form_id.in_(sorted(OF_ONE)))
    )
    return and_(Attachment.submission_id.in_(single), Attachment.uploaded_by != reader.id)
