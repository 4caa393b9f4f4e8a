"""催办一条龙: one act tells everybody in a unit who is late with what; once a day for each unit, whoever does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.errors import AlreadyDone, NotFound, NotPermitted
from app.models.accounts import Organisation, Person
from app.models.documents import AuditEvent
from app.services import audit, notices
from app.services.context import Actor

ACT = "urge_unit"
MAY = frozenset({"bur_section", "bur_insp", "bur_head"})
"""The bureau's section, its inspectors and its head: they supervise the units (第五条, 第二十五条)."""


def urge(
    session: Session, unit_id: int, late: Mapping[str, Sequence[str]], *, by: Actor, now: datetime
) -> tuple[str, ...]:
    """Tell the leads and heads of a unit what is late (project number → kinds of deadlines); return their names.

    Raises NotPermitted for other roles, NotFound for no such unit or nothing late, AlreadyDone when the unit was urged
    today already.
    """
    if not by.roles & MAY:
        raise NotPermitted("催办由大数据局股室、监督考核股和局领导发出。")
    unit = session.get(Organisation, unit_id, with_for_update=True)
    if unit is None or not late:
        raise NotFound
    today = now.astimezone(SHANGHAI).date()
    _once_a_day(session, unit, now)
    people = notices.holders(session, ("unit_lead", "unit_head", "unit_clerk"), unit_id=unit_id)
    count = sum(len(kinds) for kinds in late.values())
    notices.notify(
        session,
        people,
        message="县大数据局催办：%(unit)s有 %(count)s 项时限逾期，涉及 %(projects)s 个项目，请尽快办理。",
        values={"unit": unit.short, "count": count, "projects": len(late)},
        dedupe_key=f"urge:{unit_id}:{today.isoformat()}",
        now=now,
        link=f"/deadlines?status=overdue&unit={unit.code}",
        level="warning",
    )
    audit.record(
        session, ACT, subject_kind="organisation", subject_id=unit_id, actor_id=by.id, now=now,
        detail={"late": {no: list(kinds) for no, kinds in late.items()}, "told": sorted(people)},
    )  # fmt: skip
    return tuple(session.scalars(select(Person.name).where(Person.id.in_(people)).order_by(Person.id)))


def _once_a_day(session: Session, unit: Organisation, now: datetime) -> None:
    last = session.execute(
        select(AuditEvent.at, Person.name)
        .outerjoin(Person, Person.id == AuditEvent.actor_id)
        .where(AuditEvent.subject_kind == "organisation", AuditEvent.subject_id == str(unit.id), AuditEvent.act == ACT)
        .order_by(AuditEvent.id.desc())
        .limit(1)
    ).one_or_none()
    if last is not None and last[0].astimezone(SHANGHAI).date() == now.astimezone(SHANGHAI).date():
        raise AlreadyDone("%(who)s今天已经催过%(unit)s，同一单位一天只催一次。", who=last[1] or "", unit=unit.short)
