"""Open tasks of one project or process with who may take them: what a story, a test or the demonstration goes by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.business import Project
from app.models.process import ProcessInstance, TaskAudience, UserTask


@dataclass(frozen=True)
class OpenTask:
    """An open task: where it stands in which diagram, its form, and the audiences that find it."""

    id: int
    process: str
    instance_id: int
    element: str
    form_id: str
    roles: tuple[str, ...]
    unit_id: int | None
    project_no: str
    """The project of its instance; empty before there is one."""
    inputs: Mapping[str, Any]
    audiences: tuple[str, ...]
    opened_at: datetime
    project_id: int | None


def open_tasks(
    session: Session, *, project_no: str = "", process: str = "", instance_id: int | None = None
) -> tuple[OpenTask, ...]:
    """Return the open tasks of a project, of a process, or of one instance, oldest first.

    A task that works on one of many projects (in the yearly plan) is found by the project that its input names.
    """
    query = (
        select(UserTask, ProcessInstance.process_key, Project.no)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .outerjoin(Project, Project.id == ProcessInstance.project_id)
        .where(UserTask.status == "open")
        .order_by(UserTask.id)
    )
    if process:
        query = query.where(ProcessInstance.process_key == process)
    if instance_id is not None:
        query = query.where(UserTask.instance_id == instance_id)
    if project_no:
        query = query.where((Project.no == project_no) | (ProcessInstance.project_id.is_(None)))
    found = [
        (task, key, no or "")
        for task, key, no in session.execute(query)
        if not project_no or project_no in {no, str(task.inputs.get("project_no") or "")}
    ]
    names: dict[int, list[str]] = {task.id: [] for task, _key, _no in found}
    if found:
        rows = select(TaskAudience.task_id, TaskAudience.audience).where(TaskAudience.task_id.in_(names))
        for task_id, audience in session.execute(rows.order_by(TaskAudience.audience)):
            names[task_id].append(audience)
    return tuple(
        OpenTask(
            id=task.id,
            process=key,
            instance_id=task.instance_id,
            element=task.element_id,
            form_id=task.form_id,
            roles=tuple(task.roles.split()),
            unit_id=task.unit_id,
            project_no=no,
            inputs=task.inputs,
            audiences=tuple(names[task.id]),
            opened_at=task.created_at,
            project_id=task.project_id,
        )
        for task, key, no in found
    )


def project_key(session: Session, number: str) -> int | None:
    """Return the key of the project with this number, or None."""
    found: int | None = session.scalar(select(Project.id).where(Project.no == number))
    return found
