"""Withdrawal: the unit takes its project back before funds have been arranged (specification §3.1, WITHDRAWN)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.states import IllegalTransition, State, advance
from app.engine.step import Thrown
from app.errors import NotFound, NotPermitted, RegulationViolation
from app.models.business import Project
from app.services import audit
from app.services.context import Actor
from app.services.process_instances import Run
from app.services.recorders.work import wrong_state


def withdraw(session: Session, project_id: int, *, reason: str, by: Actor, now: datetime) -> None:
    """Take a project back; its diagrams end by the message `project.withdrawn`.

    Only the head of the project's unit may. Raises NotFound for others' projects, NotPermitted for another person of
    the unit, RegulationViolation once funds have been arranged.
    """
    project = session.get(Project, project_id)
    if project is None or project.unit_id != by.organisation_id:
        raise NotFound
    if "unit_head" not in by.roles:
        raise NotPermitted("撤回项目由单位负责人办理。")
    try:
        after = advance(State(project.state), "project.withdrawn")
    except IllegalTransition as illegal:
        raise RegulationViolation([wrong_state(illegal.state)]) from illegal
    project.state, project.state_since = after, now
    audit.record(
        session, "withdraw_project", subject_kind="project", subject_id=project.id, actor_id=by.id, now=now,
        detail={"reason": reason[:500]},
    )  # fmt: skip
    run = Run(session, now, by)
    run.throw(None, Thrown("message", "project.withdrawn", project.no, {}, element_id=""))
    run.settle()
