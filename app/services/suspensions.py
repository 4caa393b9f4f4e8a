"""Suspension (第三十一条): a status of the project's instances that build, set and lifted by the measure's messages."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.models.business import Project
from app.models.process import ProcessInstance

BUILDING = ("p05_preprocurement", "p06_procurement", "p07_construction", "p08_change")
"""Processes whose tasks and timers stand still; rectification, inspection, audit and settlement go on."""

_CHANGES = {"project.suspended": ("active", "suspended"), "project.resumed": ("suspended", "active")}


def apply(session: Session, message: str, project_no: str) -> int:
    """Suspend or resume the project's building instances if the message says so; return how many changed.

    Tasks, drafts and waiting timers stay as they are; what fell due meanwhile fires once after the project is resumed.
    """
    if message not in _CHANGES:
        return 0
    before, after = _CHANGES[message]
    project = select(Project.id).where(Project.no == project_no).scalar_subquery()
    changed = session.execute(
        update(ProcessInstance)
        .where(
            ProcessInstance.project_id == project,
            ProcessInstance.process_key.in_(BUILDING),
            ProcessInstance.status == before,
        )
        .values(status=after)
        .returning(ProcessInstance.id)
        .execution_options(synchronize_session=False)
    )
    return len(changed.all())
