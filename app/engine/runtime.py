"""One step of a process instance: load, let something happen, run to the next wait, compact, save.

Every function is pure: state in, `Step` out. `model` comes from `definition.parse_process` and may be shared by
threads; it must be the version that the instance was started with.

Who hears of a failure depends on the entrance. `start` and `complete_user_task` raise `ExpressionFailed`: a person is
there to read which element failed and what is missing, and nothing has changed. `fire_timer`, `deliver`,
`call_finished`, `call_failed`, `refresh_timers` and `retry` leave an incident on the element that failed. A service
operation that fails leaves an incident in either case, unless it raised `Refused` while a person is there.
`RunawayProcess` is always raised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.engine import timers
from app.engine.compaction import compact
from app.engine.events import Armed, Timer, is_repeating
from app.engine.execution import (
    StepRun,
    complete,
    enclosing_boundary,
    fire,
    guarded,
    incident_reason,
    leave_incident,
    settle,
)
from app.engine.library import Spec, Task, TaskState
from app.engine.multi_instance import MultiInstance
from app.engine.specs_activities import CallActivity
from app.engine.specs_events import StartEvent
from app.engine.state import load, save
from app.engine.step import Host, Step, Variables, Waits
from app.engine.variables import give_back
from app.engine.waiting import task_of, waits_of
from app.engine.workflow import Instance
from app.errors import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.engine.definition import ProcessModel


MERGED = "另有 %(count)s 次在此前已到期，合并为这一次。"
"""What the history says of a firing that stands for several (after an outage)."""


def start(
    model: ProcessModel,
    variables: Variables,
    host: Host,
    *,
    start_event_id: str | None = None,
    raising: bool = True,
) -> Step:
    """Start an instance with these process variables; `start_event_id` names a message, signal or timer start event.

    Without it the none start event is taken, else the only one there is. With `raising=False` (a start that no person
    asked for) a failing element becomes an incident. Raises KeyError for an unknown start event.
    """
    instance = Instance(model.spec, model.sub_specs)
    instance.run = StepRun(host, raising)
    instance.data = dict(variables)
    chosen = _start_event(model, start_event_id)
    root = instance.task_tree
    root._drop_children(force=True)  # noqa: SLF001 -- the library has predicted every start event
    root._sync_children([chosen], TaskState.FUTURE)  # noqa: SLF001
    root.complete()
    settle(instance)
    return _step(instance, Waits())


def complete_user_task(
    model: ProcessModel, state: str, key: str, host: Host, *, answers: Variables, routing: Variables
) -> Step:
    """Complete a user task.

    `answers` is the whole submission, seen by the output mapping of the task only; `routing` goes into the process
    where the task has no output mapping.
    Raises KeyError(key) when that task does not wait (any more), ExpressionFailed when an element on the way fails.
    """

    def done(task: Task) -> None:
        if "user" not in task.internal_data:
            raise KeyError(key)
        give_back(task, answers, task.task_spec.extensions.outputs, routing)
        complete(task)

    return _happen(model, state, key, host, done, raising=True)


def fire_timer(model: ProcessModel, state: str, key: str, host: Host) -> Step:
    """Fire a timer that is due at `host.now`; raises KeyError(key) when it does not wait or is not due yet."""

    def due(task: Task) -> None:
        element_id, armed = _armed(task, key, "timer")
        timer = armed["timer"]
        if timer.due is None or timer.due > host.now:
            raise KeyError(key)
        guarded(task, lambda task: _fire_timer(task, element_id, timer))

    return _happen(model, state, key, host, due)


def deliver(model: ProcessModel, state: str, key: str, host: Host, *, payload: Variables) -> Step:
    """Deliver a message or signal to a subscription; raises KeyError(key) when it does not wait (any more)."""

    def caught(task: Task) -> None:
        element_id, _ = _armed(task, key, "message", "signal")
        fire(task, element_id, dict(payload))

    return _happen(model, state, key, host, caught)


def call_finished(model: ProcessModel, state: str, key: str, host: Host, *, outputs: Variables) -> Step:
    """The called instance has completed with these variables; raises KeyError(key) when nothing waits for it."""

    def finished(task: Task) -> None:
        _called(task, key)
        task.internal_data["result"] = dict(outputs)
        task._set_state(TaskState.READY)  # noqa: SLF001

    return _happen(model, state, key, host, finished)


def call_failed(model: ProcessModel, state: str, key: str, host: Host, *, code: str, message: str) -> Step:
    """The called instance ended with a BPMN error: an error boundary catches it, else it becomes an incident."""

    def failed(task: Task) -> None:
        _called(task, key)
        boundary = enclosing_boundary(task, "error", code)
        if boundary is not None:
            fire(boundary, boundary.task_spec.bpmn_id, {}, message)
        else:
            leave_incident(task, incident_reason(task, code, message))

    return _happen(model, state, key, host, failed)


def refresh_timers(model: ProcessModel, state: str, host: Host) -> Step:
    """Evaluate every waiting timer and every task's schedule again, because the deadline ledger moved.

    Nothing fires in this step, and nothing that fired before fires again; an exhausted ladder may wake up.
    """
    instance, before = _open(model, state, host, raising=False)
    for scope in instance.scopes():
        for task in scope.living():
            _refresh(task)
    return _step(instance, before)


def retry(model: ProcessModel, state: str, key: str, host: Host) -> Step:
    """Try the element of an incident again; raises KeyError(key) when there is no such incident."""

    def again(task: Task) -> None:
        if task.internal_data.pop("incident", None) is None:
            raise KeyError(key)
        if isinstance(task.task_spec, CallActivity) and task.state == TaskState.STARTED:
            task.internal_data.pop("call", None)
            task._set_state(TaskState.READY)  # noqa: SLF001
        _refresh(task)

    return _happen(model, state, key, host, again)


def terminate(model: ProcessModel, state: str, host: Host) -> Step:
    """End the instance at once: everything that waits is cancelled; status `terminated`."""
    instance, before = _open(model, state, host, raising=False)
    instance.end_scope(instance)
    return _ended(instance, before, "terminated")


def add_instance(model: ProcessModel, state: str, key: str, host: Host, *, item: object) -> Step:
    """Add one instance to a multi-instance activity (加签); `key` is that of a user task or call that waits in it.

    Raises KeyError(key) when it does not wait or is no instance of one, TooManyInstances beyond the limit.
    """

    def added(task: Task) -> None:
        body = task.parent
        if not isinstance(body.task_spec, MultiInstance):
            raise KeyError(key)
        body.task_spec.add(body, item)

    return _happen(model, state, key, host, added, raising=True)


def waits(model: ProcessModel, state: str, host: Host) -> Waits:
    """Return all that the stored instance waits for, without running anything."""
    if not state:
        return Waits()
    return _open(model, state, host, raising=False)[1]


def _happen(
    model: ProcessModel,
    state: str,
    key: str,
    host: Host,
    event: Callable[[Task], None],
    *,
    raising: bool = False,
) -> Step:
    if not state:
        raise KeyError(key)
    instance, before = _open(model, state, host, raising=raising)
    event(task_of(instance, key))
    settle(instance)
    return _step(instance, before)


def _open(model: ProcessModel, state: str, host: Host, *, raising: bool) -> tuple[Instance, Waits]:
    instance = load(model, state)
    instance.run = StepRun(host, raising)
    return instance, waits_of(instance)


def _step(instance: Instance, before: Waits) -> Step:
    run = instance.run
    if run.error_code is not None:
        instance.end_scope(instance)
        return _ended(instance, before, "failed")
    if instance.completed:
        return _ended(instance, before, "completed")
    compact(instance)
    return Step(
        state=save(instance),
        status="active",
        before=before,
        after=waits_of(instance),
        history=tuple(run.history),
        thrown=tuple(run.thrown),
        variables=dict(instance.data),
    )


def _ended(instance: Instance, before: Waits, status: str) -> Step:
    run = instance.run
    return Step(
        state="",
        status=status,  # type: ignore[arg-type]
        before=before,
        after=Waits(),
        history=tuple(run.history),
        thrown=tuple(run.thrown),
        variables=dict(instance.data),
        end_event_id=run.end_event_id if status == "completed" else "",
        error_code=run.error_code or "",
    )


def _start_event(model: ProcessModel, start_event_id: str | None) -> Spec:
    starts = {spec.bpmn_id: spec for spec in model.spec.start.outputs if isinstance(spec, StartEvent)}
    if start_event_id is not None:
        return starts[start_event_id]
    special = {*model.message_starts.values(), *model.timer_starts, *model.signal_starts.values()}
    plain = [spec for start, spec in starts.items() if start not in special]
    if plain:
        return plain[0]
    if len(starts) > 1:
        raise KeyError(start_event_id)
    return next(iter(starts.values()))


def _armed(task: Task, key: str, *kinds: str) -> tuple[str, Armed]:
    element_id = key.partition(":")[2]
    armed: Armed | None = task.internal_data.get("events", {}).get(element_id)
    if armed is None or "incident" in task.internal_data or not armed.keys() & set(kinds):
        raise KeyError(key)
    return element_id, armed


def _called(task: Task, key: str) -> None:
    running = isinstance(task.task_spec, CallActivity) and task.state == TaskState.STARTED
    if not running or "incident" in task.internal_data:
        raise KeyError(key)


def _definition(task: Task, element_id: str) -> Timer:
    definition: Timer = dict(task.task_spec.awaited())[element_id]
    return definition


def _fire_timer(task: Task, element_id: str, timer: timers.TimerState) -> None:
    if not is_repeating(task):
        fire(task, element_id, {})
        return
    found = _definition(task, element_id).schedule(task, timer.start)
    following, missed = timers.fire(timer, found, task.workflow.top_workflow.run.host.now)
    events = task.internal_data["events"]
    task.internal_data["events"] = {**events, element_id: {"timer": following}}
    fire(task, element_id, {}, Sentence(MERGED, count=missed) if missed else "")


def _refresh(task: Task) -> None:
    """Evaluate again what a waiting task said about time; if that fails, what it said before stands."""
    if "events" in task.internal_data:
        guarded(task, _refresh_events)
    elif "user" in task.internal_data:
        guarded(task, task.task_spec.assign)


def _refresh_events(task: Task) -> None:
    events: dict[str, Armed] = {}
    for element_id, armed in task.internal_data["events"].items():
        if "timer" in armed:
            found = _definition(task, element_id).schedule(task, armed["timer"].start)
            events[element_id] = {"timer": timers.again(armed["timer"], found, repeats=is_repeating(task))}
        else:
            events[element_id] = armed
    task.internal_data["events"] = events
