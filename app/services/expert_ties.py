"""What binds experts to other bodies: entered by the bureau, asked by COI-01 and COI-02 whenever an expert sits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.domain.facts import PanelMember, Tie
from app.errors import NotFound, NotPermitted, Refused
from app.models.accounts import ExpertTie, Organisation, Person, PersonRole
from app.services import audit
from app.services.context import Actor

KINDS = ("employment", "share", "pay")
KEEPERS = frozenset({"bur_clerk", "bur_section"})
LONGEST = 100


def register(
    session: Session,
    person_id: int,
    *,
    organisation: str,
    kind: str,
    until: date | None,
    by: Actor,
    now: datetime,
) -> ExpertTie:
    """Enter where an expert worked, holds shares or was paid; raise NotPermitted, NotFound for no expert, Refused."""
    if not by.roles & KEEPERS:
        raise NotPermitted("专家的任职和利害关系由大数据局登记。")
    expert = session.scalar(
        select(Person.id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(Person.id == person_id, PersonRole.role == "expert")
    )
    if expert is None:
        raise NotFound("没有这位专家。")
    name = organisation.strip()
    if kind not in KINDS or not name or len(name) > LONGEST:
        raise Refused("请填写单位全称（不超过 %(most)s 字）和关系种类。", most=LONGEST)
    if until is not None and until > now.date():
        raise Refused("截止日期 %(day)s 还没有到；仍在持续的不填。", day=until)
    row = ExpertTie(person_id=person_id, organisation=name, kind=kind, until=until, entered_by=by.id, entered_at=now)
    session.add(row)
    session.flush()
    audit.record(
        session, "register_expert_tie", subject_kind="person", subject_id=person_id, actor_id=by.id, now=now,
        detail={"tie": row.id, "kind": kind},
    )  # fmt: skip
    return row


def as_members(session: Session, people: Iterable[Person]) -> dict[int, PanelMember]:
    """Return person id → member with employer and ties, for those who are to be seated; two statements."""
    wanted = {person.id: person for person in people}
    body, parent = aliased(Organisation), aliased(Organisation)
    ties: dict[int, list[Tie]] = {}
    for tie, above in session.execute(
        select(ExpertTie, parent.name)
        .outerjoin(body, body.name == ExpertTie.organisation)
        .outerjoin(parent, parent.id == body.parent_id)
        .where(ExpertTie.person_id.in_(wanted))
    ):
        ties.setdefault(tie.person_id, []).append(Tie(tie.organisation, tie.kind, tie.until, above or ""))
    employers = {
        person_id: (name, above or "")
        for person_id, name, above in session.execute(
            select(Person.id, body.name, parent.name)
            .join(body, body.id == Person.organisation_id)
            .outerjoin(parent, parent.id == body.parent_id)
            .where(Person.id.in_(wanted))
        )
    }
    return {
        key: PanelMember(
            person=str(key), name=person.name, employer=employers[key][0], employer_parent=employers[key][1],
            ties=tuple(ties.get(key, ())),
        )
        for key, person in wanted.items()
    }  # fmt: skip
