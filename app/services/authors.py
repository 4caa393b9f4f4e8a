"""Who filled in a form last: the one whom a four-eyes pair keeps from signing it (specification §2.5)."""

from __future__ import annotations

from sqlalchemy import false, select
from sqlalchemy.orm import Session

from app.models.documents import Submission


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
