"""What a step leaves in the tables: the state, the history, and the difference of everything that waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.clock import SHANGHAI
from app.domain.calendar import midnight_after
from app.domain.parameters import TASK_DAYS
from app.engine.state import encode
from app.engine.step import Step, UserTaskWait, Waits
from app.models.base import at_once, table_of
from app.models.process import (
    Definition,
    HistoryEvent,
    Incident,
    ProcessInstance,
    Subscription,
    TaskAudience,
    TimerJob,
    UserTask,
)
from app.services import audiences, calendars, parameters
from app.services.context import Actor
from app.services.project_states import announce_end

_INSTANCES, _TASKS = table_of(ProcessInstance), table_of(UserTask)
_DEFINITIONS = table_of(Definition)
_HISTORY = table_of(HistoryEvent).insert()
_AUDIENCE = table_of(TaskAudience).insert()
_TIMER = table_of(TimerJob).insert()
_SUBSCRIPTION = table_of(Subscription).insert()
_FORM_IN_FORCE = (
    select(_DEFINITIONS.c.id)
    .where(_DEFINITIONS.c.kind == "form", _DEFINITIONS.c.key == bindparam("form_key"), _DEFINITIONS.c.in_force)
    .scalar_subquery()
)
_TASK = _TASKS.insert().values(form_definition_id=_FORM_IN_FORCE).returning(_TASKS.c.id)
_STORED = _INSTANCES.update().where(
    _INSTANCES.c.id == bindparam("instance_id"), _INSTANCES.c.revision == bindparam("before")
)
"""Statements that almost every step executes, built once."""


@dataclass(frozen=True)
class StepRows:
    """The rows of one instance, written at one moment by one actor; None is the system."""

    session: Session
    now: datetime
    by: Actor | None
    instance: ProcessInstance

    def write(self, step: Step, *, completed_task: str = "") -> None:
        """Write a step: state and history as a whole, of tasks, timers, subscriptions and incidents the difference.

        `completed_task` is the key of the task whose row the caller has closed. Raises RuntimeError where the state
        has moved since it was read: whoever steps must hold the lock of the family.
        """
        self._state(step)
        self._history(step)
        self._tasks(step.before, step.after, completed_task)
        self._timers(step.before, step.after)
        self._subscriptions(step.before, step.after)
        self._incidents(step.before, step.after)

    def _state(self, step: Step) -> None:
        before, values = self.instance.revision, {"state": step.state, "revision": self.instance.revision + 1}
        if step.status != "active":
            values |= {"status": step.status, "ended_at": self.now, "end_event_id": step.end_event_id}
        stored = at_once(self.session, _STORED, {"instance_id": self.instance.id, "before": before, **values})
        if stored.rowcount != 1:
            raise RuntimeError(f"instance {self.instance.id} was stepped without the lock of its family")
        for name, value in values.items():
            set_committed_value(self.instance, name, value)

    def _history(self, step: Step) -> None:
        if not step.history:
            return
        actor = self.by.id if self.by else None
        rows = [
            {
                "instance_id": self.instance.id,
                "project_id": self.instance.project_id,
                "at": self.now,
                "key": entry.key,
                "element_id": entry.element_id,
                "element_type": entry.element_type,
                "name": entry.name[:200],
                "event": entry.event,
                "actor_id": actor,
                "note": entry.note,
            }
            for entry in step.history
        ]
        at_once(self.session, _HISTORY, rows)

    def _tasks(self, before: Waits, after: Waits, completed_task: str) -> None:
        gone = [key for key in before.user_tasks if key not in after.user_tasks and key != completed_task]
        if gone:
            ids = select(UserTask.id).where(UserTask.instance_id == self.instance.id, UserTask.key.in_(gone))
            self.session.execute(delete(TaskAudience).where(TaskAudience.task_id.in_(ids)))
            self.session.execute(
                update(UserTask)
                .where(UserTask.instance_id == self.instance.id, UserTask.key.in_(gone), UserTask.status == "open")
                .values(status="cancelled", ended_at=self.now)
            )
        for key, wait in after.user_tasks.items():
            known = before.user_tasks.get(key)
            if known is None:
                self._open_task(wait)
            elif known.due_at != wait.due_at:
                self._move_due(wait)

    def _move_due(self, wait: UserTaskWait) -> None:
        """Move a waiting task's due moment, in its row and in the order of the inbox."""
        task_id = self.session.execute(
            update(UserTask)
            .where(UserTask.instance_id == self.instance.id, UserTask.key == wait.key)
            .values(due_at=wait.due_at)
            .returning(UserTask.id)
        ).scalar_one()
        self.session.execute(
            update(TaskAudience)
            .where(TaskAudience.task_id == task_id)
            .values(due_at=wait.due_at or audiences.END_OF_TIME)
        )

    def _open_task(self, wait: UserTaskWait) -> None:
        due_at = wait.due_at or self._internal_due(wait)
        place = audiences.place_of(self.session, wait, self.instance)
        unit_id, project_id = place.unit_id, place.project_id
        if place.ended and project_id is not None:
            announce_end(self.session, project_id, now=self.now)
        task = {
            "instance_id": self.instance.id,
            "key": wait.key,
            "element_id": wait.element_id,
            "name": wait.name[:200],
            "documentation": wait.documentation,
            "lane": wait.lane[:80],
            "roles": " ".join(wait.candidate_groups),
            "form_id": wait.form_id,
            "form_key": wait.form_id,
            "project_id": project_id,
            "unit_id": unit_id,
            "due_at": due_at,
            "priority": wait.priority,
            "properties": dict(wait.properties),
            "inputs": encode(wait.inputs),
            "created_at": self.now,
        }
        task_id = at_once(self.session, _TASK, task).scalar_one()
        names = audiences.of_task(
            self.session, wait, unit_id=unit_id, project_id=project_id, instance_id=self.instance.id
        )
        rows = [
            {"task_id": task_id, "audience": audience, "due_at": due_at or audiences.END_OF_TIME}
            for audience in sorted(names)
        ]
        if rows:
            at_once(self.session, _AUDIENCE, rows)

    def _internal_due(self, wait: UserTaskWait) -> datetime | None:
        """The reminder date that the property `days` sets: working days from today, to 24:00 of the last."""
        days = wait.properties.get("days", "")
        today = self.now.astimezone(SHANGHAI).date()
        if days in TASK_DAYS:
            days = str(getattr(parameters.current(self.session, today), days))
        if not days.isdigit() or not int(days):
            return None
        return midnight_after(calendars.current(self.session).after_working_days(today, int(days)))

    def _timers(self, before: Waits, after: Waits) -> None:
        gone = [key for key in before.timers if key not in after.timers]
        if gone:
            self.session.execute(
                delete(TimerJob).where(TimerJob.instance_id == self.instance.id, TimerJob.key.in_(gone))
            )
        rows = []
        for key, wait in after.timers.items():
            known = before.timers.get(key)
            if known is None:
                rows.append(
                    {"instance_id": self.instance.id, "key": key, "element_id": wait.element_id, "due_at": wait.due_at}
                )
            elif known.due_at != wait.due_at or known.occurrence != wait.occurrence:
                self.session.execute(
                    update(TimerJob)
                    .where(TimerJob.instance_id == self.instance.id, TimerJob.key == key)
                    .values(due_at=wait.due_at, status="waiting", attempt=0, lease_owner="", lease_until=None)
                )
        if rows:
            at_once(self.session, _TIMER, rows)

    def _subscriptions(self, before: Waits, after: Waits) -> None:
        gone = [key for key in before.subscriptions if key not in after.subscriptions]
        if gone:
            self.session.execute(
                delete(Subscription).where(Subscription.instance_id == self.instance.id, Subscription.key.in_(gone))
            )
        rows = [
            {
                "instance_id": self.instance.id,
                "key": key,
                "element_id": wait.element_id,
                "kind": wait.kind,
                "name": wait.name,
                "correlation_key": wait.correlation_key,
            }
            for key, wait in after.subscriptions.items()
            if key not in before.subscriptions
        ]
        if rows:
            at_once(self.session, _SUBSCRIPTION, rows)

    def _incidents(self, before: Waits, after: Waits) -> None:
        gone = [key for key in before.incidents if key not in after.incidents]
        if gone:
            self.session.execute(
                update(Incident)
                .where(Incident.instance_id == self.instance.id, Incident.key.in_(gone), Incident.resolved_at.is_(None))
                .values(resolved_at=self.now)
            )
        for key, wait in after.incidents.items():
            known = before.incidents.get(key)
            if known is None:
                self.session.add(
                    Incident(
                        instance_id=self.instance.id,
                        key=key,
                        element_id=wait.element_id,
                        name=wait.name[:200],
                        error=wait.error,
                        created_at=self.now,
                    )
                )
            else:
                self.session.execute(
                    update(Incident)
                    .where(
                        Incident.instance_id == self.instance.id, Incident.key == key, Incident.resolved_at.is_(None)
                    )
                    .values(error=wait.error, attempts=Incident.attempts + (known.error != wait.error))
                )
