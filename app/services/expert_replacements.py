"""Experts replaced: a seat given up, another expert drawn at random, and the draw recorded (COI-07, T-04, §2.4)."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.domain import conflicts
from app.domain.expert_draw import draw
from app.models.accounts import Person, PersonRole
from app.models.business import ExpertReplacement, PanelMember
from app.services import audit, expert_ties

if TYPE_CHECKING:
    from app.domain.facts import ProjectFacts
    from app.domain.refusals import Refusal
    from app.services.context import Actor

DECLARED, CONFLICT, OVERDUE = "declared", "conflict", "overdue"
COUNTERSIGNED = "gov_office"
SEED_BYTES = 8


@dataclass(frozen=True)
class Cause:
    """Why an expert gives up her seat."""

    kind: str
    """declared, conflict or overdue."""
    reason: str


def conflicts_of(session: Session, facts: ProjectFacts, seat: PanelMember) -> tuple[Refusal, ...]:
    """Return what forbids the holder of a seat to go on, as it is known now (§2.4: asked again when a task opens)."""
    person = session.get_one(Person, seat.person_id)
    found = expert_ties.as_members(session, [person])[person.id]
    found = replace(found, interest_declared=seat.interest_declared, nominated_by=seat.nominated_by)
    return tuple(conflicts.member_conflicts(facts, found))


def give_up(
    session: Session, facts: ProjectFacts, seat: PanelMember, cause: Cause, *, by: Actor, now: datetime
) -> Person | None:
    """Replace the holder of a seat by an expert drawn at random from all who are free; return her, None if nobody is.

    Free is who has no conflict and has had no seat in this round. The lots can be drawn again from the recorded seed.
    A seat of the bureau's own project stays countersigned where the county government office replaces (COI-08).
    """
    free = _free(session, facts, seat)
    seed = secrets.token_hex(SEED_BYTES)
    drawn = free.get(draw(free, seed) or "")
    seat.replaced, seat.reason = True, cause.reason
    row = ExpertReplacement(
        project_id=seat.project_id, purpose=seat.purpose, round=seat.round, replaced_id=seat.person_id,
        replacement_id=drawn.id if drawn is not None else None, cause=cause.kind, reason=cause.reason,
        candidates=sorted(free), seed=seed, made_at=now, made_by=by.id,
    )  # fmt: skip
    session.add(row)
    if drawn is not None:
        session.add(
            PanelMember(
                project_id=seat.project_id, purpose=seat.purpose, round=seat.round, person_id=drawn.id,
                leader=seat.leader, designated=seat.designated, reason="随机",
                nominated_by=COUNTERSIGNED if COUNTERSIGNED in by.roles else "",
                seated_on=now.astimezone(SHANGHAI).date(),
            )
        )  # fmt: skip
    session.flush()
    audit.record(
        session, "replace_expert", subject_kind="project", subject_id=seat.project_id, actor_id=by.id, now=now,
        detail={"replacement": row.id, "cause": cause.kind, "seed": seed},
    )  # fmt: skip
    return drawn


def _free(session: Session, facts: ProjectFacts, seat: PanelMember) -> Mapping[str, Person]:
    """Return username → expert for all who may take the seat."""
    sat = select(PanelMember.person_id).where(
        PanelMember.project_id == seat.project_id, PanelMember.purpose == seat.purpose, PanelMember.round == seat.round
    )
    declared = select(PanelMember.person_id).where(
        PanelMember.project_id == seat.project_id, PanelMember.interest_declared.is_(True)
    )
    people = session.scalars(
        select(Person)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(PersonRole.role == "expert", Person.active, Person.id.not_in(sat), Person.id.not_in(declared))
        .order_by(Person.id)
    ).all()
    others = _others(session, seat)
    return {
        person.username: person
        for person, member in zip(people, expert_ties.as_members(session, people).values(), strict=True)
        if not any(conflicts.member_conflicts(facts, member))
        and not (
            seat.designated
            and any(conflicts.designation_conflicts(facts, (*expert_ties.as_members(session, others).values(), member)))
        )
    }


def _others(session: Session, seat: PanelMember) -> Sequence[Person]:
    """Return who sits beside this seat."""
    query = select(Person).join(PanelMember, PanelMember.person_id == Person.id)
    return session.scalars(query.where(
        PanelMember.project_id == seat.project_id, PanelMember.purpose == seat.purpose, PanelMember.round == seat.round,
        PanelMember.replaced.is_(False), PanelMember.id != seat.id,
    )).all()  # fmt: skip


def successors(session: Session, project_id: int, usernames: Iterable[str], purposes: Collection[str]) -> list[int]:
    """Return for whom a diagram's named experts stand now: who gave up her seat is followed by whom the lot drew."""
    rows = session.execute(
        select(ExpertReplacement.replaced_id, ExpertReplacement.replacement_id)
        .where(ExpertReplacement.project_id == project_id, ExpertReplacement.purpose.in_(purposes))
        .order_by(ExpertReplacement.id)
    ).all()
    people = list(session.scalars(select(Person.id).where(Person.username.in_(list(usernames)))))
    if not rows:
        return people
    seated = set(
        session.scalars(
            select(PanelMember.person_id).where(
                PanelMember.project_id == project_id,
                PanelMember.purpose.in_(purposes),
                PanelMember.replaced.is_(False),
            )
        )
    )
    follows = {replaced: drawn for replaced, drawn in rows if drawn is not None}
    return [_follow(person, follows, seated) for person in people]


def _follow(person: int, follows: Mapping[int, int], seated: Collection[int]) -> int:
    met = set()
    while person not in seated and person in follows and person not in met:
        met.add(person)
        person = follows[person]
    return person


def of_round(session: Session, project_id: int, purpose: str, number: int) -> Sequence[ExpertReplacement]:
    """Return the replacements of one panel, oldest first."""
    return session.scalars(
        select(ExpertReplacement)
        .where(
            ExpertReplacement.project_id == project_id,
            ExpertReplacement.purpose == purpose,
            ExpertReplacement.round == number,
        )
        .order_by(ExpertReplacement.id)
    ).all()


def prefill(session: Session, project_id: int) -> Mapping[str, object]:
    """Return what F-05 opens with where seats of the newest panel were given up: who sits now, and who was replaced."""
    newest = session.scalar(
        select(ExpertReplacement)
        .where(ExpertReplacement.project_id == project_id, ExpertReplacement.purpose.in_(("review", "evaluation")))
        .order_by(ExpertReplacement.id.desc())
        .limit(1)
    )
    if newest is None:
        return {}
    names = dict(session.execute(select(Person.id, Person.username)).all())
    seats = session.scalars(
        select(PanelMember)
        .where(
            PanelMember.project_id == project_id,
            PanelMember.purpose == newest.purpose,
            PanelMember.round == newest.round,
            PanelMember.replaced.is_(False),
        )
        .order_by(PanelMember.id)
    ).all()
    leader = next((names[seat.person_id] for seat in seats if seat.leader), None)
    return {
        "method": "随机",
        "seed": newest.seed,
        "experts": [{"expert": names[seat.person_id]} for seat in seats],
        "leader": leader,
        "replaced": [
            {"expert": names[row.replaced_id], "reason": row.reason}
            for row in of_round(session, project_id, newest.purpose, newest.round)
        ],
    }
