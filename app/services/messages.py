"""Messages and signals between families of instances: taken from the outbox, each delivered in its own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine.state import decode
from app.engine.step import Variables
from app.models.business import Project
from app.models.process import Definition, DefinitionStart, OutboxItem
from app.services import audit, suspensions
from app.services.process_instances import Run, matching


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
    project = run.session.scalar(select(Project).where(Project.no == key)) if key else None
    for element_id, definition in starts:
        run.create(
            definition,
            {**({"project_no": key} if project is not None else {}), **variables},
            project_id=project.id if project else None,
            unit_id=project.unit_id if project else None,
            start_event_id=element_id,
        )
    return len(starts)
