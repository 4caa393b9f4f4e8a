"""代理: naming a substitute for a colleague's absence, ending it early, and who else is to be told meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.domain import substitution
from app.domain.substitution import shared_roles
from app.errors import AlreadyDone, NotFound, NotPermitted, Refused
from app.models.accounts import Person, PersonRole, Substitution
from app.models.process import TaskAudience, UserTask
from app.services import audiences, audit, notices, parameters
from app.services.context import Actor

LONGEST_REASON = 200
APPOINT, REVOKE = "appoint_substitute", "revoke_substitute"


def appoint(
    session: Session,
    person_id: int,
    substitute_id: int,
    *,
    starts_on: date,
    ends_on: date,
    reason: str,
    by: Actor,
    now: datetime,
) -> int:
    """Let a colleague stand in for a person from the first to the last day, both counted; return the number.

    She names one herself, or a head of her organisation or the system administrator does for one who is absent
    (第十五条 [C]). Raises NotFound for persons who are not colleagues, NotPermitted for who may not name one, Refused
    with the reason where roles, days or another substitution forbid it.
    """
    absent = session.get(Person, person_id, with_for_update=True)
    substitute = session.get(Person, substitute_id)
    if absent is None or substitute is None or not absent.active or not substitute.active:
        raise NotFound
    if absent.organisation_id != substitute.organisation_id:
        raise NotFound
    same = by.organisation_id == absent.organisation_id
    if not substitution.may_appoint(by.roles, own=by.id == absent.id, same_organisation=same):
        raise NotPermitted("代理人由本人指定；本人不在岗的，由本单位负责人或者系统管理员指定。")
    today = now.astimezone(SHANGHAI).date()
    wanted = " ".join(reason.split())[:LONGEST_REASON]
    _judge_days(session, starts_on, ends_on, today=today)
    if not wanted:
        raise Refused("请写明不在岗的原因。")
    _judge_people(session, absent, substitute, starts_on, ends_on)
    row = Substitution(
        person_id=absent.id, substitute_id=substitute.id, starts_on=starts_on, ends_on=ends_on, reason=wanted,
        appointed_by=by.id, appointed_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _open_claimed(session, absent.id)
    days = {"from": starts_on.isoformat(), "to": ends_on.isoformat()}
    audit.record(
        session, APPOINT, subject_kind="person", subject_id=absent.id, actor_id=by.id, now=now,
        detail={"substitution": row.id, "substitute": substitute.id, **days},
    )  # fmt: skip
    values = {"who": absent.name, "to": substitute.name, "first": days["from"], "last": days["to"]}
    _tell(session, row, "%(first)s 至 %(last)s，%(to)s代理%(who)s办理任务。", values, by=by, now=now)
    return row.id


def revoke(session: Session, number: int, *, by: Actor, now: datetime) -> None:
    """End a substitution before its last day: by the absent, the substitute, their head or the system administrator.

    Raises NotFound for everybody else, AlreadyDone where it has ended.
    """
    row = session.get(Substitution, number, with_for_update=True)
    absent = session.get(Person, row.person_id) if row is not None else None
    if row is None or absent is None:
        raise NotFound
    same = by.organisation_id == absent.organisation_id
    own = by.id in {row.person_id, row.substitute_id}
    if not substitution.may_appoint(by.roles, own=own, same_organisation=same):
        raise NotFound
    if row.revoked_at is not None or row.ends_on < now.astimezone(SHANGHAI).date():
        raise AlreadyDone("这次代理已经结束。")
    row.revoked_by, row.revoked_at = by.id, now
    audit.record(
        session, REVOKE, subject_kind="person", subject_id=absent.id, actor_id=by.id, now=now,
        detail={"substitution": row.id, "substitute": row.substitute_id},
    )  # fmt: skip
    substitute = session.get_one(Person, row.substitute_id)
    values = {"who": absent.name, "to": substitute.name}
    _tell(session, row, "%(to)s代理%(who)s已提前结束。", values, by=by, now=now)


def running(today: date) -> ColumnElement[bool]:
    """Return the condition on `Substitution` for those that run on this day."""
    return (Substitution.starts_on <= today) & (Substitution.ends_on >= today) & Substitution.revoked_at.is_(None)


def standing_in(session: Session, person_ids: Collection[int], roles: Iterable[str], *, today: date) -> dict[int, str]:
    """Return who stands in today for any of these persons in any of these roles, by id with the name.

    Reminders that go to a person by name go to her substitute too.
    """
    if not person_ids:
        return {}
    wanted = set(roles)
    found = session.execute(
        select(Substitution.person_id, Person.id, Person.name)
        .join(Person, Person.id == Substitution.substitute_id)
        .where(Substitution.person_id.in_(sorted(person_ids)), running(today), Person.active)
        .order_by(Person.id)
    ).all()
    held = _roles(session, {key for row in found for key in row[:2]})
    return {
        substitute: name
        for absent, substitute, name in found
        if shared_roles(held.get(absent, ()), held.get(substitute, ())) & wanted
    }


def _roles(session: Session, person_ids: Collection[int]) -> Mapping[int, set[str]]:
    held: dict[int, set[str]] = {}
    if person_ids:
        query = select(PersonRole.person_id, PersonRole.role).where(PersonRole.person_id.in_(sorted(person_ids)))
        for person_id, role in session.execute(query):
            held.setdefault(person_id, set()).add(role)
    return held


def _judge_days(session: Session, starts_on: date, ends_on: date, *, today: date) -> None:
    days, most = substitution.days_of(starts_on, ends_on), parameters.current(session, today).substitution_days_at_most
    if starts_on < today:
        raise Refused("代理从今天或者以后开始，不能补记以前的日子。")
    if days < 1:
        raise Refused("代理的最后一天不能早于第一天。")
    if days > most:
        raise Refused("一次代理最长 %(most)s 天，这次填了 %(days)s 天；离岗更久的，请办交接班。", most=most, days=days)


def _judge_people(session: Session, absent: Person, substitute: Person, starts_on: date, ends_on: date) -> None:
    if absent.id == substitute.id:
        raise Refused("代理人不能是本人。")
    held = _roles(session, {absent.id, substitute.id})
    if not shared_roles(held.get(absent.id, ()), held.get(substitute.id, ())):
        raise Refused(
            "%(to)s没有%(who)s的业务角色，不能代理：代理人须担任同一角色，回避、四眼和数据范围才不会改变；"
            "专家席位只属于本人。请另选一人，或者先由系统管理员给角色。",
            to=substitute.name, who=absent.name,
        )  # fmt: skip
    clash = session.execute(
        select(Substitution, Person.name)
        .join(Person, Person.id == Substitution.substitute_id)
        .where(
            Substitution.person_id.in_([absent.id, substitute.id]),
            Substitution.revoked_at.is_(None),
            Substitution.starts_on <= ends_on,
            Substitution.ends_on >= starts_on,
        )
        .order_by(Substitution.id)
        .limit(1)
    ).one_or_none()
    if clash is None:
        return
    row, name = clash
    who = absent.name if row.person_id == absent.id else substitute.name
    raise Refused(
        "%(who)s在 %(first)s 至 %(last)s 已由%(name)s代理，请先撤销或者改日期。",
        who=who, name=name, first=row.starts_on.isoformat(), last=row.ends_on.isoformat(),
    )  # fmt: skip


def _open_claimed(session: Session, person_id: int) -> None:
    """Let whoever stands in find the tasks that the absent one had taken before."""
    mine = select(TaskAudience.task_id).where(TaskAudience.audience == f"p:{person_id}")
    taken = session.scalars(
        select(UserTask).where(UserTask.id.in_(mine), UserTask.claimed_at.is_not(None), UserTask.status == "open")
    ).all()
    for task in taken:
        names = audiences.of_claimed(
            session, person_id, task.roles.split(), unit_id=task.unit_id, project_id=task.project_id
        )
        session.execute(delete(TaskAudience).where(TaskAudience.task_id == task.id))
        due = task.due_at or audiences.END_OF_TIME
        session.execute(
            insert(TaskAudience), [{"task_id": task.id, "audience": name, "due_at": due} for name in sorted(names)]
        )


def _tell(
    session: Session, row: Substitution, message: str, values: Mapping[str, object], *, by: Actor, now: datetime
) -> None:
    notices.notify(
        session, {row.person_id, row.substitute_id} - {by.id}, message=message, values=values,
        dedupe_key=f"substitution:{row.id}:{'ended' if row.revoked_at else 'begun'}", now=now, link="/substitutes",
    )  # fmt: skip
