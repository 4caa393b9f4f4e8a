"""Tasks that lie idle (T-25): after five working days the holders are reminded, after ten their head [C]."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.domain.calendar import Calendar, midnight_after
from app.domain.roles import head_of
from app.models.process import TaskAudience, UserTask
from app.services import calendars, notices, parameters, substitutions

ONE_DAY = timedelta(days=1)
BATCH = 500


def remind(session: Session, *, now: datetime) -> int:
    """Write the reminders that fall on today; return how many tasks they concern.

    Only tasks that appeared exactly as many working days ago as the parameters say are read, by an index.
    """
    calendar = calendars.current(session)
    today = now.astimezone(SHANGHAI).date()
    if not calendar.is_working_day(today):
        return 0
    in_force = parameters.current(session, today)
    first, second = in_force.idle_working_days, in_force.idle_escalation_working_days
    return _remind_all(session, _created(calendar, today, first), now=now, days=first, second=False) + _remind_all(
        session, _created(calendar, today, second), now=now, days=second, second=True
    )


def _created(calendar: Calendar, today: date, days: int) -> tuple[datetime, datetime]:
    """From when until when a task must have appeared to have been idle for exactly `days` working days today.

    The day on which it appeared is not counted (民法典 201). So days off belong to the working day before them: what
    appears on a Saturday and what appeared on the Friday count the Monday as their first day.
    """
    first = today
    for _ in range(days):
        first = calendar.previous_working_day(first - ONE_DAY)
    following = calendar.next_working_day(first + ONE_DAY)
    return midnight_after(first - ONE_DAY), midnight_after(following - ONE_DAY)


def _remind_all(session: Session, span: tuple[datetime, datetime], *, now: datetime, days: int, second: bool) -> int:
    tasks = session.scalars(
        select(UserTask).where(UserTask.status == "open", UserTask.created_at >= span[0], UserTask.created_at < span[1])
    ).all()
    reminded = 0
    for task in tasks:
        if task.properties.get("idle") == "off":
            continue
        reminded += 1
        notices.notify(
            session,
            _told(session, task, second=second, today=now.astimezone(SHANGHAI).date()),
            message="“%(task)s”已搁置 %(days)s 个工作日，请办理。"
            if not second
            else "“%(task)s”已搁置 %(days)s 个工作日，请督促办理。",
            values={
                "task": task.name,
                "task_en": task.properties.get("en.name", ""),
                "days": days,
            },
            dedupe_key=f"idle:{task.id}:{days}",
            now=now,
            project_id=task.project_id,
            link=f"/tasks/{task.id}",
            level="due",
        )
    return reminded


def _told(session: Session, task: UserTask, *, second: bool, today: date) -> list[int]:
    roles = task.roles.split()
    if second:
        heads = {head for role in roles if (head := head_of(role))}
        return notices.holders(session, sorted(heads), unit_id=task.unit_id)
    if task.assignee_id is not None:
        return [task.assignee_id, *substitutions.standing_in(session, [task.assignee_id], roles, today=today)]
    named = session.scalars(
        select(TaskAudience.audience).where(TaskAudience.task_id == task.id, TaskAudience.audience.startswith("p:"))
    )
    return [int(name[2:]) for name in named] or notices.holders(session, roles, unit_id=task.unit_id)
