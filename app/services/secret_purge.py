"""What was typed before somebody saw that it is a state secret: erased at once, whatever had been kept (第三十四条)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.errors import NotFound, NotPermitted
from app.models.documents import Attachment, Draft
from app.models.process import UserTask
from app.services import audit, user_tasks
from app.services.attachments import BlobStore
from app.services.context import Actor
from app.services.process_instances import Run

OPEN_TO_IT = frozenset({"f01", "f02"})
"""Forms of a plan item that has not been handed in: nothing of it is a paper of a project yet."""


def purge(session: Session, task_id: int, *, blobs: BlobStore, by: Actor, now: datetime) -> None:
    """Erase drafts and files of a plan item that was never handed in, and end its process; nothing of it stays.

    The caller erases what the database still holds of the deleted rows (`unit_of_work.forget_deleted`). What remains
    says that it happened, when and by whom. Raises NotFound, and NotPermitted for an item that is filed already.
    """
    opened = user_tasks.open_task(session, task_id, by=by, to_act=True)
    task, instance = opened.task, opened.instance
    if task.form_id not in OPEN_TO_IT:
        raise NotFound
    if task.project_id is not None:
        raise NotPermitted("这一项已经报送，请立即报告机要保密部门处理。")
    tasks = select(UserTask.id).where(UserTask.instance_id == instance.id)
    session.execute(delete(Draft).where(Draft.task_id.in_(tasks)))
    named = session.scalars(select(Attachment.sha256).where(Attachment.task_id.in_(tasks))).all()
    session.execute(delete(Attachment).where(Attachment.task_id.in_(tasks)))
    session.flush()
    kept = set(session.scalars(select(Attachment.sha256).where(Attachment.sha256.in_(named))))
    for sha256 in sorted(set(named) - kept):
        blobs.discard(sha256)
    Run(session, now, by).terminate(instance)
    audit.record(
        session, "purge_secret", subject_kind="process_instance", subject_id=instance.id, actor_id=by.id, now=now
    )
