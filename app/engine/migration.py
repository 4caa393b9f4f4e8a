"""Migration: a running instance moved to another version of its process, tried on a copy of its state before.

A token may move when the element in which it stands exists in the new version, of the same kind, with the same events
on its border, the same multi-instance and the same flows into a join where tokens already wait. Timers keep the moment
from which they count. Nothing runs: no operation, no gateway, no script.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from app.engine.events import Armed, Timer, is_repeating
from app.engine.execution import StepRun
from app.engine.failures import ExpressionFailed, StateUnreadable
from app.engine.library import BoundaryEventSplit, Spec, Task, Workflow
from app.engine.multi_instance import MultiInstance
from app.engine.specs_activities import UserTask
from app.engine.specs_gateways import Join
from app.engine.state import load, save
from app.engine.step import HistoryEntry, Step, UserTaskWait, Waits
from app.engine.timers import TimerState, again
from app.engine.waiting import waits_of

if TYPE_CHECKING:
    from app.engine.definition import ProcessModel
    from app.engine.step import Host
    from app.engine.workflow import Instance

ELEMENT_GONE: Final = "「%(name)s」在新版本里没有了，停在那里的事项没有去处。"
ELEMENT_CHANGED: Final = "「%(name)s」在新版本里换了种类，停在那里的事项接不上。"
BOUNDARY_CHANGED: Final = "「%(name)s」上的边界事件增加或删去了，停在那里的事项接不上。"
LOOP_CHANGED: Final = "「%(name)s」的多人办理已经开始，新版本改了它的设置。"
JOIN_CHANGED: Final = "「%(name)s」已有分支到达，新版本改了汇入它的连线。"
EVENTS_CHANGED: Final = "「%(name)s」等待的事件在新版本里不同，停在那里的事项接不上。"
NOT_EVALUATED: Final = "「%(name)s」在新版本里的时间、办理人或关联键算不出来：%(why)s"
UNREADABLE: Final = "按新版本读不回这个实例。"
DIFFERENT_AFTER: Final = "试迁之后在办的任务、定时或等待与迁移前不一致。"
NOT_RUNNING: Final = "这个实例已经办结或没有状态。"


@dataclass(frozen=True)
class Obstacle:
    """Why an instance cannot move: a message id with its values, and the element that it is about."""

    element_id: str
    message: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Effect:
    """What would happen to one thing that waits."""

    kind: Literal["task", "timer", "message", "call"]
    key: str
    element_id: str
    name: str
    changes: tuple[tuple[str, object, object], ...] = ()
    """What would change: `name, roles, form, lane, due, message`, before and after; empty: it stays as it is."""


@dataclass(frozen=True)
class Migration:
    """The outcome of a try: obstacles, or the step to store and what it does to each thing that waits."""

    obstacles: tuple[Obstacle, ...] = ()
    step: Step | None = None
    effects: tuple[Effect, ...] = ()


def migrate(old: ProcessModel, new: ProcessModel, state: str, host: Host) -> Migration:
    """Try to move the instance that `state` describes from one version to another; nothing is stored.

    The step that comes of it holds the state for the new version and the waits before and after, for whoever stores it.
    """
    if not state:
        return Migration((Obstacle("", NOT_RUNNING),))
    before = load(old, state)
    before.run = StepRun(host, raising=True)
    obstacles = tuple(_obstacles(before, new))
    if obstacles:
        return Migration(obstacles)
    try:
        moved = load(new, state)
    except StateUnreadable:
        return Migration((Obstacle("", UNREADABLE),))
    moved.run = StepRun(host, raising=True)
    found = tuple(_read_again(moved))
    if found:
        return Migration(found)
    return _compared(before, moved, new)


def _compared(before: Instance, moved: Instance, new: ProcessModel) -> Migration:
    """Save, load and compare: what waits must be what waited."""
    try:
        waited, text = waits_of(before), save(moved)
        again_loaded = load(new, text)
        again_loaded.run = moved.run
        waits = waits_of(again_loaded)
    except (StateUnreadable, ExpressionFailed, KeyError):
        return Migration((Obstacle("", UNREADABLE),))
    if any(set(getattr(waited, name)) != set(getattr(waits, name)) for name in _KINDS):
        return Migration((Obstacle("", DIFFERENT_AFTER),))
    entry = HistoryEntry("migration", "", "process", "", "migrated")
    step = Step(text, "active", waited, waits, history=(entry,), variables=dict(moved.data))
    return Migration((), step, tuple(_effects(waited, waits, moved)))


_KINDS: Final = ("user_tasks", "timers", "subscriptions", "calls", "incidents")


def _obstacles(before: Instance, new: ProcessModel) -> Iterator[Obstacle]:
    told: set[str] = set()
    for scope, spec in _scopes(before, new):
        for task in scope.tasks.values():
            if task is scope.task_tree:
                continue
            found = _of_task(task, spec)
            if found is not None and found.element_id not in told:
                told.add(found.element_id)
                yield found


def _scopes(before: Instance, new: ProcessModel) -> Iterator[tuple[Workflow, Spec | None]]:
    """Yield every scope that runs with its specification in the new version, None where there is none."""
    yield before, new.spec
    for inner in before.subprocesses.values():
        yield inner, new.sub_specs.get(inner.spec.name)


def _of_task(task: Task, target: Spec | None) -> Obstacle | None:
    spec = task.task_spec
    element = _element_of(spec)
    name = _name_of(spec)
    there = None if target is None else target.task_specs.get(spec.name)
    if there is None:
        message = BOUNDARY_CHANGED if _still_drawn(element, target) else ELEMENT_GONE
        return Obstacle(element, message, {"name": name})
    if type(there) is not type(spec) or getattr(there, "element_type", "") != getattr(spec, "element_type", ""):
        return Obstacle(element, ELEMENT_CHANGED, {"name": name})
    if _border(spec) != _border(there):
        return Obstacle(element, BOUNDARY_CHANGED, {"name": name})
    changed = [message for message, differs in _SETTINGS if differs(spec, there)]
    return Obstacle(element, changed[0], {"name": name}) if changed else None


def _loop_differs(spec: Spec, there: Spec) -> bool:
    return isinstance(spec, MultiInstance) and bool(spec.loop != there.loop)


def _join_differs(spec: Spec, there: Spec) -> bool:
    return isinstance(spec, Join) and sorted(spec._inputs) != sorted(there._inputs)  # noqa: SLF001 -- the flows' names


def _events_differ(spec: Spec, there: Spec) -> bool:
    return hasattr(spec, "awaited") and _awaited(spec) != _awaited(there)


_SETTINGS: Final = ((LOOP_CHANGED, _loop_differs), (JOIN_CHANGED, _join_differs), (EVENTS_CHANGED, _events_differ))


def _still_drawn(element: str, target: Spec | None) -> bool:
    return target is not None and any(_element_of(each) == element for each in target.task_specs.values())


def _element_of(spec: Spec) -> str:
    if isinstance(spec, BoundaryEventSplit):
        return str(next((each.bpmn_id for each in spec.outputs if getattr(each, "bpmn_id", None)), spec.name))
    return str(getattr(spec, "bpmn_id", None) or spec.name)


def _name_of(spec: Spec) -> str:
    if isinstance(spec, BoundaryEventSplit):
        named = next((each for each in spec.outputs if getattr(each, "bpmn_name", None)), spec)
        return str(getattr(named, "bpmn_name", None) or _element_of(spec))
    return str(getattr(spec, "bpmn_name", None) or _element_of(spec))


def _border(spec: Spec) -> tuple[str, ...]:
    """Return the names of the split above an activity and of all that it leads to: the activity and its events."""
    split = spec
    if not isinstance(split, BoundaryEventSplit):
        found = [each for each in spec.inputs if isinstance(each, BoundaryEventSplit)]
        if not found:
            return ()
        split = found[0]
    return (split.name, *sorted(each.name for each in split.outputs))


def _awaited(spec: Spec) -> list[tuple[str, str]]:
    """Return the events that a specification waits for, and of what kind each is."""
    return sorted((element, type(definition).__name__) for element, definition in spec.awaited())


def _read_again(moved: Instance) -> Iterator[Obstacle]:
    """Evaluate anew what the new version says of waiting tasks otherwise than the old one did."""
    for scope in moved.scopes():
        for task in scope.living():
            if "incident" in task.internal_data:
                continue
            try:
                _read_task(task)
            except ExpressionFailed as failed:
                name = _name_of(task.task_spec)
                yield Obstacle(_element_of(task.task_spec), NOT_EVALUATED, {"name": name, "why": failed.reason})


def _read_task(task: Task) -> None:
    data = task.internal_data
    if isinstance(task.task_spec, UserTask) and "user" in data:
        task.task_spec.assign(task)
    if "events" not in data or not hasattr(task.task_spec, "awaited"):
        return
    definitions = dict(task.task_spec.awaited())
    events: dict[str, Armed] = {}
    for element_id, armed in data["events"].items():
        events[element_id] = _rearmed(task, definitions[element_id], armed)
    data["events"] = events


def _rearmed(task: Task, definition: object, armed: Armed) -> Armed:
    if "timer" in armed and isinstance(definition, Timer):
        timer: TimerState = armed["timer"]
        found = definition.schedule(task, timer.start)
        return {"timer": again(timer, found, repeats=is_repeating(task))}
    found_armed: Armed = definition.arm(task)  # type: ignore[attr-defined]
    return found_armed


def _effects(before: Waits, after: Waits, moved: Instance) -> Iterator[Effect]:
    names = {
        str(each.bpmn_id): str(each.bpmn_name or each.bpmn_id)
        for spec in (moved.spec, *moved.subprocess_specs.values())
        for each in spec.task_specs.values()
        if getattr(each, "bpmn_id", None)
    }
    for key, one in before.user_tasks.items():
        other = after.user_tasks[key]
        yield Effect("task", key, one.element_id, one.name, tuple(_task_changes(one, other)))
    for key, timer in before.timers.items():
        due = after.timers[key].due_at
        changed = (("due", timer.due_at, due),) if due != timer.due_at else ()
        yield Effect("timer", key, timer.element_id, names.get(timer.element_id, timer.element_id), changed)
    for key, wait in before.subscriptions.items():
        new = after.subscriptions[key]
        same = (wait.name, wait.correlation_key) == (new.name, new.correlation_key)
        told = () if same else (("message", wait.name, new.name),)
        yield Effect("message", key, wait.element_id, names.get(wait.element_id, wait.element_id), told)
    for key, call in before.calls.items():
        yield Effect("call", key, call.element_id, names.get(call.element_id, call.element_id))


def _task_changes(one: UserTaskWait, other: UserTaskWait) -> Iterator[tuple[str, object, object]]:
    pairs = (
        ("name", one.name, other.name),
        ("lane", one.lane, other.lane),
        ("roles", one.candidate_groups, other.candidate_groups),
        ("people", (one.assignee, *one.candidate_users), (other.assignee, *other.candidate_users)),
        ("form", one.form_id, other.form_id),
        ("due", one.due_at, other.due_at),
        ("documentation", one.documentation, other.documentation),
        ("priority", one.priority, other.priority),
        ("properties", dict(one.properties), dict(other.properties)),
    )
    yield from (pair for pair in pairs if pair[1] != pair[2])
