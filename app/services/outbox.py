"""The outbox: what has to happen after a commit, at least once, each item under a lease."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, select, update
from sqlalchemy.orm import Session

from app.models.process import OutboxItem

LEASE = timedelta(seconds=120)
MOST_ATTEMPTS = 8
LAST = "ended"
"""The kind that waits for all others: a diagram hears how its project ended before what still runs of it is ended."""


@dataclass(frozen=True)
class Leased:
    """An item that this process may handle now."""

    id: int
    kind: str
    payload: dict[str, Any]
    owner: str
    attempt: int


def claim(session: Session, *, owner: str, now: datetime, wall_now: datetime, limit: int = 20) -> list[Leased]:
    """Lease due items in their order."""
    items = session.scalars(
        select(OutboxItem)
        .where(
            OutboxItem.due_at <= now,
            OutboxItem.status != "incident",
            (OutboxItem.status == "waiting") | (OutboxItem.lease_until < wall_now),
        )
        .order_by(case((OutboxItem.kind == LAST, 1), else_=0), OutboxItem.due_at, OutboxItem.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    leases = []
    for item in items:
        item.status = "leased"
        item.attempt += 1
        item.lease_owner = owner
        item.lease_until = wall_now + LEASE
        leases.append(Leased(item.id, item.kind, item.payload, owner, item.attempt))
    return leases


def take(session: Session, leased: Leased) -> OutboxItem | None:
    """Return the item and delete it in this transaction, if the lease still holds."""
    item = session.get(OutboxItem, leased.id)
    if item is None or item.lease_owner != leased.owner or item.attempt != leased.attempt:
        return None
    session.execute(delete(OutboxItem).where(OutboxItem.id == leased.id))
    session.expunge(item)
    return item


def give_back(session: Session, leased: Leased, *, error: str, now: datetime) -> None:
    """Let a failed item wait again with back-off; after eight attempts it becomes an incident."""
    session.execute(
        update(OutboxItem)
        .where(OutboxItem.id == leased.id, OutboxItem.lease_owner == leased.owner)
        .values(
            status="incident" if leased.attempt >= MOST_ATTEMPTS else "waiting",
            due_at=now + timedelta(seconds=5 * 2**leased.attempt),
            lease_owner="",
            lease_until=None,
            last_error=error,
        )
    )
