"""等保 and 密评 filings registered as done by the authority that receives them (第三十条, T-22)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.errors import AlreadyDone, NotFound, NotPermitted, Refused
from app.models.business import DeadlineRow
from app.services import audit, ledger
from app.services.context import Actor

KINDS = frozenset({"mlps_filing", "crypto_filing", "mlps_retest"})
RECEIVERS = frozenset({"psb_officer", "sec_officer"})
LONGEST = 60


def confirm(session: Session, deadline_id: int, *, evidence: str, by: Actor, now: datetime) -> None:
    """Register what a security deadline asks for as done, with the number of its receipt; a yearly test runs on.

    Whether `by` may see the deadline is for the caller to ask. Raises NotPermitted, NotFound, AlreadyDone, Refused.
    """
    row = session.scalar(select(DeadlineRow).where(DeadlineRow.id == deadline_id).with_for_update())
    if row is None or row.kind not in KINDS or row.project_id is None:
        raise NotFound
    if not by.roles & RECEIVERS:
        raise NotPermitted("安全备案由公安网安或者机要保密部门登记。")
    if row.status != "open":
        raise AlreadyDone("这项备案已经登记。")
    evidence = evidence.strip()
    if not evidence or len(evidence) > LONGEST:
        raise Refused("请填写回执编号，不超过 %(most)s 字。", most=LONGEST)
    ledger.meet(session, row.kind, project_id=row.project_id, now=now, subject=row.subject)
    audit.record(
        session, "confirm_security_filing", subject_kind="deadline", subject_id=row.id, actor_id=by.id, now=now,
        detail={"kind": row.kind, "evidence": evidence},
    )  # fmt: skip
    if row.kind == "mlps_retest":
        ledger.enter(
            session, row.kind, now.astimezone(SHANGHAI).date(), project_id=row.project_id, now=now, subject=row.subject
        )
