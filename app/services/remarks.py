"""What people say about a project beside its forms; whoever is named is told. Written once, never changed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import NotFound, Refused
from app.models.business import Project
from app.models.documents import Remark
from app.services import audit, notices
from app.services.context import Actor

LONGEST = 500


def say(
    session: Session,
    project_id: int,
    words: str,
    *,
    told: Collection[int] = (),
    task_id: int | None = None,
    by: Actor,
    now: datetime,
) -> int:
    """Leave a remark and tell those whom it names; return its number.

    Whether `by` and they may see the project is for the caller to ask. Raises Refused for no words or too many,
    NotFound for no project or one of which nothing may be kept (第三十四条).
    """
    project = session.get(Project, project_id)
    if project is None or project.path == "X":
        raise NotFound
    text = words.strip()
    if not text:
        raise Refused("请先写下要说的话。")
    if len(text) > LONGEST:
        raise Refused("一条留言最多 %(most)s 字，这条有 %(count)s 字。", most=LONGEST, count=len(text))
    people = sorted(set(told) - {by.id})
    row = Remark(project_id=project_id, task_id=task_id, words=text, told=people, by_id=by.id, at=now)
    session.add(row)
    session.flush()
    audit.record(
        session, "remark", subject_kind="project", subject_id=project_id, actor_id=by.id, now=now,
        detail={"remark": row.id, "task": task_id, "told": people},
    )  # fmt: skip
    # No project stands in the notice: the remark itself is told in the project's story, once.
    notices.notify(
        session, people, message="%(who)s在“%(project)s”提到你：%(words)s",
        values={"who": by.name, "project": project.name, "words": text},
        dedupe_key=f"remark:{row.id}", now=now, link=f"/projects/{project.no}?tab=trace",
    )  # fmt: skip
    return row.id
