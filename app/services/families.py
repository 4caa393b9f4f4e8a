"""Families of process instances: a root and all that it calls, locked together, and who among them waits for what."""

from __future__ import annotations

from sqlalchemy import Executable, Subquery, bindparam, func, select
from sqlalchemy.orm import Session

from app.models.base import at_once, table_of
from app.models.process import MAIN, ProcessInstance, Subscription, UserTask

_INSTANCES, _TASKS = table_of(ProcessInstance), table_of(UserTask)


def lock(session: Session, instance_id: int) -> ProcessInstance | None:
    """Lock the family of an instance and return the instance as it now is."""
    _lock_root(session, _FAMILY, instance_id)
    return session.scalar(
        select(ProcessInstance).where(ProcessInstance.id == instance_id).execution_options(populate_existing=True)
    )


def lock_family(session: Session, task_id: int) -> None:
    """Lock the family to which a task belongs, before anything of it is read."""
    _lock_root(session, _FAMILY_OF_TASK, task_id)


def _lock_root(session: Session, locked: Executable, member_id: int) -> None:
    """The root's row is the lock of its whole family. SQLite's BEGIN IMMEDIATE has locked everything already."""
    if session.get_bind().dialect.name != "sqlite":
        at_once(session, locked, {"member_id": member_id})


def _root_of(member: Subquery) -> Executable:
    root_id = select(func.coalesce(member.c.root_id, member.c.id)).scalar_subquery()
    return select(_INSTANCES.c.id).where(_INSTANCES.c.id == root_id).with_for_update()


_FAMILY = _root_of(select(_INSTANCES).where(_INSTANCES.c.id == bindparam("member_id")).subquery())
_FAMILY_OF_TASK = _root_of(
    select(_INSTANCES)
    .join(_TASKS, _TASKS.c.instance_id == _INSTANCES.c.id)
    .where(_TASKS.c.id == bindparam("member_id"))
    .subquery()
)


def matching(
    session: Session,
    kind: str,
    name: str,
    correlation_key: str,
    *,
    inside: int | None = None,
    outside: int | None = None,
) -> list[Subscription]:
    """Return the subscriptions that a message or signal reaches, in order: inside one family, or outside one."""
    query = (
        select(Subscription)
        .join(ProcessInstance, ProcessInstance.id == Subscription.instance_id)
        .where(Subscription.kind == kind, Subscription.name == name, ProcessInstance.status == "active")
        .order_by(Subscription.id)
    )
    if kind == "message":
        query = query.where(Subscription.correlation_key == correlation_key)
    if inside is not None:
        query = query.where((ProcessInstance.root_id == inside) | (ProcessInstance.id == inside))
    if outside is not None:
        query = query.where(ProcessInstance.id != outside, ProcessInstance.root_id.is_distinct_from(outside))
    return list(session.scalars(query))


def running_main(session: Session, project_id: int) -> int | None:
    """Return the project's open main instance: there is at most one, whatever is announced twice (§4.5)."""
    return session.scalar(
        select(ProcessInstance.id).where(
            ProcessInstance.project_id == project_id,
            ProcessInstance.process_key == MAIN,
            ProcessInstance.status.in_(("active", "suspended")),
        )
    )
