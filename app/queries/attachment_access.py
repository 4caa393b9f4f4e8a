"""Who may read a file: those of the task it was uploaded for, and those who see its project."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.business import Project
from app.models.documents import Attachment
from app.models.process import TaskAudience
from app.queries.panels import kept_files
from app.queries.scope import Reader, visible_projects


def may_read(session: Session, reader: Reader, audiences: Collection[str], attachment_id: str) -> bool:
    """Say whether the reader may have this file: her own, her open task's, or handed in to a project she sees.

    What a single expert handed in with her scores is not for the unit that she judges.
    """
    row = session.get(Attachment, attachment_id)
    if row is None:
        return False
    if row.uploaded_by == reader.id:
        return True
    if row.task_id is not None:
        mine = select(TaskAudience.task_id).where(
            TaskAudience.task_id == row.task_id, TaskAudience.audience.in_(sorted(audiences))
        )
        if session.scalar(mine.limit(1)) is not None:
            return True
    if row.submission_id is None or row.project_id is None:
        return False
    seen = (
        select(Attachment.id)
        .join(Project, Project.id == Attachment.project_id)
        .where(Attachment.id == attachment_id, visible_projects(reader), ~kept_files(reader))
    )
    return session.scalar(seen) is not None
