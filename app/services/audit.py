"""The audit trail: who did what, written in the transaction of the act and sealed by an HMAC."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.models.base import at_once, table_of
from app.models.documents import AuditEvent

_key = b""
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_RECORDED = table_of(AuditEvent).insert()


def configure(key: bytes) -> None:
    """Set the key that seals audit rows; it lies outside the database."""
    global _key  # noqa: PLW0603 -- one installation, one key
    _key = key


def record(
    session: Session,
    act: str,
    *,
    subject_kind: str,
    subject_id: object,
    actor_id: int | None,
    now: datetime,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Write that `actor_id` did `act` (an English verb such as `complete_task`) to a subject at `now` (aware).

    `detail` holds plain JSON values and no personal data beyond ids. A failure rolls the act back.
    """
    wall, plain, subject = clock.wall_now(), dict(detail or {}), str(subject_id)
    event = {
        "at": now,
        "wall_at": wall,
        "actor_id": actor_id,
        "act": act,
        "subject_kind": subject_kind,
        "subject_id": subject,
        "detail": plain,
        "mac": _mac(now, wall, actor_id, act, subject_kind, subject, plain),
    }
    at_once(session, _RECORDED, event)


def sign(text: str) -> str:
    """Return the HMAC-SHA256 of a text under this installation's key: the seal of an archive."""
    return hmac.new(_key, text.encode(), hashlib.sha256).hexdigest()


def seal(event: AuditEvent) -> str:
    """Return the HMAC-SHA256 over the canonical text of an event."""
    return _mac(event.at, event.wall_at, event.actor_id, event.act, event.subject_kind, event.subject_id, event.detail)


def _mac(at: datetime, wall_at: datetime, *said: object) -> str:
    moments = [moment.astimezone(UTC).isoformat(timespec="microseconds") for moment in (at, wall_at)]
    return hmac.digest(_key, _CANONICAL([*moments, *said]).encode(), "sha256").hex()


def altered(session: Session) -> list[int]:
    """Return the ids of audit rows whose seal does not fit what they say, in order."""
    return [
        event.id
        for event in session.scalars(select(AuditEvent).order_by(AuditEvent.id)).yield_per(1000)
        if not hmac.compare_digest(event.mac, seal(event))
    ]
