"""An instance as text and back: compact JSON in which dates, moments and durations keep their type.

The order of keys and of lists carries meaning, so the text is stored as TEXT, never as `jsonb` (B12).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.engine.compaction import kept
from app.engine.failures import StateUnreadable
from app.engine.library import LibraryTask, Task, TaskState, Workflow
from app.engine.timers import TimerState
from app.engine.workflow import Instance
from app.feel import YearsMonths

if TYPE_CHECKING:
    from app.engine.definition import ProcessModel

VERSION = 1
_WRITTEN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Made once: `json.dumps` makes an encoder of its own for every value."""
MARK = "$"
"""A map whose only key begins so stands for a typed value; other maps with such keys are wrapped."""


def save(instance: Instance) -> str:
    """Return a compacted instance as text, normally 1 to 4 KB."""
    data = {name: encode(value) for name, value in instance.data.items()}
    content = {"v": VERSION, "data": data, "tasks": _saved_scope(instance)}
    return _WRITTEN(content)


def load(model: ProcessModel, state: str) -> Instance:
    """Return the instance that `state` describes; raises StateUnreadable when it does not fit `model`."""
    content = json.loads(state)
    instance = Instance(model.spec, model.sub_specs, deserializing=True)
    instance.data = {name: decode(value) for name, value in content["data"].items()}
    _load_scope(model, instance, content["tasks"])
    return instance


def variables_of(state: str) -> dict[str, object]:
    """Return the process variables in the text of an instance, without the definition that it runs; none once ended."""
    return {name: decode(value) for name, value in json.loads(state)["data"].items()} if state else {}


def encode(value: object) -> object:
    """Return a process value as JSON; raises TypeError for a type that process variables cannot hold."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Mapping):
        plain = {str(key): encode(item) for key, item in value.items()}
        return {"$map": plain} if len(plain) == 1 and next(iter(plain)).startswith(MARK) else plain
    if isinstance(value, (list, tuple)):
        return [encode(item) for item in value]
    if isinstance(value, TimerState):
        return {"$timer": [encode(value.start), encode(value.upto), value.fired, encode(value.due)]}
    return {_MARKS[_kind(value)]: _text(value)}


def decode(value: object) -> object:
    """Return what `encode` was given."""
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((mark, content),) = value.items()
        if mark == "$map":
            return {key: decode(item) for key, item in content.items()}
        if mark == "$timer":
            start, upto, fired, due = (decode(part) for part in content)
            return TimerState(start, upto, fired, due)  # type: ignore[arg-type]
        if mark in _READERS:
            return _READERS[mark](content)
    return {key: decode(item) for key, item in value.items()}


_MARKS = {datetime: "$t", date: "$d", time: "$h", timedelta: "$s", YearsMonths: "$m"}
_READERS: Mapping[str, Callable[[Any], object]] = {
    "$t": datetime.fromisoformat,
    "$d": date.fromisoformat,
    "$h": time.fromisoformat,
    "$s": lambda seconds: timedelta(seconds=seconds),
    "$m": YearsMonths,
}


def _kind(value: object) -> type:
    for kind in _MARKS:
        if isinstance(value, kind):
            return kind
    raise TypeError(f"process variables cannot hold a {type(value).__name__}")


def _text(value: object) -> object:
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.months if isinstance(value, YearsMonths) else value.isoformat()  # type: ignore[attr-defined]


def _saved_scope(scope: Workflow) -> list[object]:
    """Return the tasks of a scope: [id, specification, state, parent's place or -1, triggered, data, inner scope]."""
    saved: list[object] = []
    places: dict[object, int] = {scope.task_tree.id: -1}
    for task, parent in kept(scope):
        places[task.id] = len(saved)
        inner = scope.top_workflow.get_subprocess(task)
        entry: list[object] = [task.id.hex, task.task_spec.name, task.state, places[parent.id], int(task.triggered)]
        if task.internal_data or inner is not None:
            entry.append({name: encode(value) for name, value in task.internal_data.items()})
        if inner is not None:
            entry.append([int(inner.completed), _saved_scope(inner)])
        saved.append(entry)
    return saved


def _load_scope(model: ProcessModel, scope: Workflow, saved: list[list[Any]]) -> None:
    root = LibraryTask(scope, scope.spec.start, state=TaskState.COMPLETED)
    scope.task_tree = root
    loaded: list[Task] = []
    for task_id, spec_name, state, place, triggered, *rest in saved:
        spec = scope.spec.task_specs.get(spec_name)
        if spec is None:
            raise StateUnreadable(model.process_id, str(spec_name))
        parent = root if place == -1 else loaded[place]
        task = LibraryTask(scope, spec, parent, state=state, id=UUID(hex=task_id))
        task.triggered = bool(triggered)
        loaded.append(task)
        if rest:
            task.internal_data = {name: decode(value) for name, value in rest[0].items()}
        if len(rest) > 1:
            completed, inner_saved = rest[1]
            inner = scope.top_workflow.create_subprocess(task, spec.spec, deserializing=True)
            inner.completed = bool(completed)
            _load_scope(model, inner, inner_saved)
