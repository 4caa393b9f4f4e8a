"""The record of holds: written once when a hold takes effect or first refuses something, lifted with evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import holds
from app.domain.facts import ProjectFacts
from app.models.business import FundHold
from app.services import audit


def record_in_force(session: Session, project_id: int, facts: ProjectFacts, *, now: datetime) -> list[FundHold]:
    """Write a row for every hold in force that has none yet; return the new rows."""
    known = {
        (row.code, row.cause): row for row in session.scalars(select(FundHold).where(FundHold.project_id == project_id))
    }
    written = []
    for hold in holds.in_force(facts):
        row = known.get((hold.code, hold.cause))
        if row is not None and row.lifted_at is None:
            continue
        if row is not None:  # in force again for the same cause: the row opens anew, the audit keeps both
            row.lifted_at = row.lifted_on = None
            row.evidence = ""
        else:
            row = FundHold(
                project_id=project_id,
                code=hold.code,
                cause=hold.cause,
                since=hold.since,
                set_at=now,
                articles=list(hold.articles),
            )
            session.add(row)
        written.append(row)
        audit.record(
            session,
            "set_hold",
            subject_kind="project",
            subject_id=project_id,
            actor_id=None,
            now=now,
            detail={"code": hold.code, "cause": hold.cause},
        )
    session.flush()
    return written


def named(session: Session, project_id: int, payload: Mapping[str, object]) -> dict[str, object]:
    """Return what `hold.set` carries with the cause by which the hold is on record.

    A diagram names the cause in its own words; the record hangs it on a date, a year or an order, and is unique by it.
    """
    causes = session.scalars(
        select(FundHold.cause)
        .where(
            FundHold.project_id == project_id,
            FundHold.code == str(payload.get("hold_code") or ""),
            FundHold.lifted_at.is_(None),
        )
        .order_by(FundHold.id)
    ).all()
    cause = payload.get("cause")
    return {**payload, "cause": cause if cause in causes or not causes else causes[-1]}


def lift_ended(
    session: Session,
    project_id: int,
    facts: ProjectFacts,
    *,
    now: datetime,
    evidence: str,
    by: Sequence[str] = (),
) -> list[FundHold]:
    """Write the lifting of every recorded hold that the facts no longer hold; return those rows.

    `evidence` says what lifted it (a Chinese sentence for the record), `by` the usernames where people signed.
    """
    standing = {(hold.code, hold.cause) for hold in holds.in_force(facts)}
    lifted = []
    open_rows = session.scalars(
        select(FundHold).where(FundHold.project_id == project_id, FundHold.lifted_at.is_(None))
    ).all()
    for row in open_rows:
        if (row.code, row.cause) in standing:
            continue
        row.lifted_at = now
        row.lifted_on = now.date()
        row.evidence = evidence
        row.lifted_by = list(by)
        lifted.append(row)
        audit.record(
            session,
            "lift_hold",
            subject_kind="project",
            subject_id=project_id,
            actor_id=None,
            now=now,
            detail={"code": row.code, "cause": row.cause, "evidence": evidence},
        )
    session.flush()
    return lifted
