"""搁到某日: a person moves a task out of her sight until a day; its deadline, and what others see, stay as they are."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.errors import Refused
from app.models.process import PutOff
from app.services import user_tasks
from app.services.context import Actor


def put_off(session: Session, task_id: int, until: date, *, by: Actor, now: datetime) -> None:
    """Let a task come up again among the first on `until`, at the latest on its last day.

    Raises NotFound and AlreadyDone as any act on a task, Refused for a day that is past or after the deadline, and for
    a task that is due today or late: that is never out of sight.
    """
    task = user_tasks.open_task(session, task_id, by=by, to_act=False).task
    today = now.astimezone(SHANGHAI).date()
    last = (task.due_at - timedelta(microseconds=1)).astimezone(SHANGHAI).date() if task.due_at is not None else None
    if last is not None and last <= today:
        raise Refused("这件事今天到期或者已经逾期，不能再搁。")
    if until <= today:
        raise Refused("请选明天或者以后的日子。")
    if last is not None and until > last:
        raise Refused("这件事 %(day)s 到期，最晚搁到那一天。", day=last.isoformat())
    row = session.get(PutOff, (by.id, task_id))
    if row is None:
        session.add(PutOff(person_id=by.id, task_id=task_id, until=until))
    else:
        row.until = until


def take_up(session: Session, task_id: int, *, by: Actor) -> None:
    """Let a task that was put off come up again at once."""
    user_tasks.open_task(session, task_id, by=by, to_act=False)
    row = session.get(PutOff, (by.id, task_id))
    if row is not None:
        session.delete(row)
