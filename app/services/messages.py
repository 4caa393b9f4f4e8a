"""Messages and signals between families of instances: taken from the outbox, each delivered in its own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import endings
from app.domain.states import State
from app.engine.state import decode, variables_of
from app.engine.step import Variables
from app.models.business import Project
from app.models.process import MAIN, Definition, DefinitionStart, OutboxItem, ProcessInstance
from app.services import audit, fund_holds, suspensions
from app.services.families import matching, running_main
from app.services.process_instances import Run

ONCE = {"hold.set": ("hold_code", "cause")}
"""Message → what tells apart the instances that it starts: for a project one runs for each (P-20: for each hold)."""


def deliver(session: Session, item: OutboxItem, *, now: datetime) -> int:
    """Give a message or signal to all who wait for it outside its own family, and start what it starts.

    Returns how many received it. A message that nobody waits for leaves an audit row, so that it is not lost unseen.
    """
    payload = item.payload
    run = Run(session, now)
    variables = decode(payload.get("payload") or {})
    assert isinstance(variables, dict)  # noqa: S101 -- written by Run.throw
    found = matching(session, item.kind, payload["name"], payload["correlation_key"], outside=payload.get("root_id"))
    for subscription in found:
        run.deliver(subscription, variables)
    started = _start(run, item.kind, payload, variables)
    run.settle()
    changed = suspensions.apply(session, payload["name"], payload["correlation_key"])
    if not found and not started and not changed:
        audit.record(
            session,
            "message_unmatched",
            subject_kind="message",
            subject_id=payload["name"][:60],
            actor_id=None,
            now=now,
            detail={"correlation_key": payload["correlation_key"]},
        )
    return len(found) + started


def refresh(session: Session, item: OutboxItem, *, now: datetime) -> None:
    """Have the project's instances outside the family that moved a deadline read the ledger again."""
    run = Run(session, now)
    run.refresh_timers(item.payload["project_id"], outside=item.payload.get("root_id"))
    run.settle()


def _start(run: Run, kind: str, payload: Mapping[str, Any], variables: Variables) -> int:
    starts = run.session.execute(
        select(DefinitionStart.element_id, Definition)
        .join(Definition, Definition.id == DefinitionStart.definition_id)
        .where(DefinitionStart.kind == kind, DefinitionStart.name == payload["name"], Definition.in_force)
        .order_by(Definition.key)
    ).all()
    if not starts:
        return 0
    key = payload["correlation_key"]
    named = select(Project).where(Project.no == key)
    project = run.session.scalar(named.with_for_update() if payload["name"] in ONCE else named) if key else None
    if project is not None and payload["name"] == "hold.set":
        variables = fund_holds.named(run.session, project.id, variables)
    started = 0
    for element_id, definition in starts:
        if project is not None and _runs_already(run.session, definition, project, payload["name"], variables):
            continue
        if project is not None and endings.refusals(State(project.state), definition.key):
            continue
        started += 1
        run.create(
            definition,
            {**({"project_no": key} if project is not None else {}), **variables},
            project_id=project.id if project else None,
            unit_id=project.unit_id if project else None,
            start_event_id=element_id,
        )
    return started


def _runs_already(
    session: Session, definition: Definition, project: Project, message: str, variables: Variables
) -> bool:
    """Say whether an instance that this message would start runs already for the very same thing."""
    if definition.key == MAIN:
        return bool(running_main(session, project.id))
    about = ONCE.get(message)
    if about is None:
        return False
    running = session.scalars(
        select(ProcessInstance.state).where(
            ProcessInstance.project_id == project.id,
            ProcessInstance.process_key == definition.key,
            ProcessInstance.status.in_(("active", "suspended")),
        )
    )
    wanted = [variables.get(name) for name in about]
    return any([known.get(name) for name in about] == wanted for known in map(variables_of, running))
