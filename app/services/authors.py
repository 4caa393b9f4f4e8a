"""Who filled in a form last: the one whom a four-eyes pair keeps from signing it (specification §2.5)."""

from __future__ import annotations

from typing import TypedDict

from sqlalchemy import false, select
from sqlalchemy.orm import Session, aliased

from app.models.accounts import Person
from app.models.documents import Submission
from app.models.process import ActedFor


class Place(TypedDict):
    """Where a form was handed in; an empty form stands for any."""

    form_id: str
    project_id: int | None
    instance_id: int | None


def newest(
    session: Session, form_id: str, *, project_id: int | None, instance_id: int | None, but: int | None = None
) -> int | None:
    """Return the person who handed in the newest submission of a form for the project or instance, or None.

    `but` is a submission that does not count: the one that is being recorded.
    """
    place = Submission.project_id == project_id if project_id is not None else false()
    if instance_id is not None:
        place |= Submission.instance_id == instance_id
    query = select(Submission.by_id).where(place, Submission.form_id == form_id)
    if but is not None:
        query = query.where(Submission.id != but)
    return session.scalar(query.order_by(Submission.id.desc()).limit(1))


def absent(
    session: Session, username: str, *, form_id: str, project_id: int | None, instance_id: int | None
) -> tuple[str, ...]:
    """Return the user names for whom this person handed in forms here as a substitute (代理)."""
    place = Submission.project_id == project_id if project_id is not None else false()
    place |= Submission.instance_id == instance_id
    hand, gone = aliased(Person), aliased(Person)
    query = (
        select(gone.username)
        .join(ActedFor, ActedFor.person_id == gone.id)
        .join(hand, hand.id == ActedFor.by_id)
        .join(Submission, Submission.task_id == ActedFor.task_id)
        .where(place, hand.username == username)
        .distinct()
    )
    if form_id:
        query = query.where(Submission.form_id == form_id)
    return tuple(session.scalars(query))
