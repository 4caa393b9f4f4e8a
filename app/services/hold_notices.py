"""The one notice that a hold has taken effect: the same words and key whoever sends it, so nobody gets it twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.deadline_kinds import KINDS
from app.domain.holds import NAMES
from app.models.accounts import Organisation
from app.models.business import FundHold
from app.services import ledger

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.models.business import DeadlineRow, Project

DEADLINE_OF = {"H-ACC": "acceptance", "H-AUDIT": "audit", "H-NOSTART": "start_of_work"}
"""Code of a hold → the deadline whose lapse brings it."""


@dataclass(frozen=True)
class Said:
    """A notice: message id, values, and the key under which each person gets it once."""

    message: str
    values: Mapping[str, object]
    key: str


def taken_effect(session: Session, project: Project, code: str, *, today: date, due: DeadlineRow | None = None) -> Said:
    """Return the notice that hold `code` is in force, with the date that ran out where one did.

    `due` is that deadline where the caller knows it; else the project's latest of the kind is read.
    """
    unit = session.get_one(Organisation, project.unit_id)
    values: dict[str, object] = {"project": project.name, "unit": unit.short, "hold": NAMES[code]}
    kind = DEADLINE_OF.get(code)
    row = due or (ledger.newest(session, kind, project_id=project.id) if kind else None)
    if row is not None and row.due < today:
        since = row.due + timedelta(days=1)
        values |= {"deadline": KINDS[row.kind].zh, "due": row.due.isoformat()}
        message = "%(unit)s“%(project)s”的%(deadline)s期限已于 %(due)s 届满，资金自即日起冻结。"
    else:
        since = _since(session, project.id, code) or today
        values["since"] = since.isoformat()
        message = "%(unit)s“%(project)s”的资金自 %(since)s 起冻结：%(hold)s。"
    return Said(message, values, f"hold:{project.id}:{code}:{since.isoformat()}")


def _since(session: Session, project_id: int, code: str) -> date | None:
    return session.scalar(
        select(FundHold.since)
        .where(FundHold.project_id == project_id, FundHold.code == code, FundHold.lifted_at.is_(None))
        .order_by(FundHold.since.desc())
        .limit(1)
    )
