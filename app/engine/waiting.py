"""What an instance waits for, read off its tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.engine.library import Task, TaskState
from app.engine.parser import split
from app.engine.specs_activities import CallActivity, UserTask, moment_of, said_of
from app.engine.step import (
    CallWait,
    IncidentWait,
    SubscriptionWait,
    TimerWait,
    UserTaskWait,
    Waits,
)
from app.engine.variables import locals_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.engine.workflow import Instance

NORMAL_PRIORITY = 50


def waits_of(instance: Instance) -> Waits:
    """Return everything that waits, in the order in which it began to wait."""
    found = Waits({}, {}, {}, {}, {})
    for scope in instance.scopes():
        for task in scope.living():
            _add(found, task)
    return found


def event_key(task: Task, element_id: str) -> str:
    """Return the key of one event that a task waits for; an event gateway waits for several."""
    return f"{task.id.hex}:{element_id}"


def task_of(instance: Instance, key: str) -> Task:
    """Return the living task behind a key of any kind; raises KeyError(key)."""
    wanted = key.partition(":")[0]
    for scope in instance.scopes():
        task: Task
        for task in scope.living():
            if task.id.hex == wanted:
                return task
    raise KeyError(key)


def _add(found: Waits, task: Task) -> None:
    key, data, spec = task.id.hex, task.internal_data, task.task_spec
    if "incident" in data:
        _put(found.incidents, key, IncidentWait(key, spec.bpmn_id, spec.bpmn_name or "", data["incident"]))
    if isinstance(spec, UserTask) and "user" in data:
        _put(found.user_tasks, key, _user_task(key, task))
    elif "incident" in data:
        return
    elif isinstance(spec, CallActivity) and task.state == TaskState.STARTED:
        _put(found.calls, key, _call(key, task))
    elif task.state == TaskState.WAITING and "events" in data:
        _add_events(found, task)


def _add_events(found: Waits, task: Task) -> None:
    for element_id, armed in task.internal_data["events"].items():
        key = event_key(task, element_id)
        if "timer" in armed:
            timer = armed["timer"]
            if timer.due is not None:
                _put(found.timers, key, TimerWait(key, element_id, timer.due, timer.fired))
        elif "message" in armed:
            wait = SubscriptionWait(key, element_id, "message", armed["message"], armed["key"])
            _put(found.subscriptions, key, wait)
        else:
            _put(found.subscriptions, key, SubscriptionWait(key, element_id, "signal", armed["signal"]))


def _user_task(key: str, task: Task) -> UserTaskWait:
    spec = task.task_spec
    priority = said_of(task, "priority")
    return UserTaskWait(
        key=key,
        element_id=spec.bpmn_id,
        name=spec.bpmn_name or spec.bpmn_id,
        documentation=spec.extensions.documentation,
        lane=spec.lane or "",
        form_id=spec.extensions.form_id,
        candidate_groups=split(said_of(task, "candidate_groups")),
        candidate_users=split(said_of(task, "candidate_users")),
        assignee=str(said_of(task, "assignee") or ""),
        due_at=moment_of(task, "due_date"),
        follow_up_at=moment_of(task, "follow_up_date"),
        priority=int(str(priority)) if str(priority or "").lstrip("-").isdigit() else NORMAL_PRIORITY,
        properties=dict(spec.extensions.properties),
        inputs=locals_of(task),
    )


def _call(key: str, task: Task) -> CallWait:
    call = task.internal_data["call"]
    spec = task.task_spec
    return CallWait(key, spec.bpmn_id, call["process"], spec.extensions.binding, call["tag"], call["inputs"])


def _put(rows: Mapping[str, object], key: str, row: object) -> None:
    # The maps of a Waits are read-only to everybody but its maker.
    rows[key] = row  # type: ignore[index]
