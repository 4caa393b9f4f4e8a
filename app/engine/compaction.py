"""Keep of the tree only what still matters, so that an instance stays as small on its thousandth round as on its first.

What matters are the tasks that hold a token, the split above an activity with boundary events, and instances that a
multi-instance activity has not taken in yet. Everything else is history and is told in the history table. No task looks
further up than to its split or its multi-instance activity, so all others may hang directly on the root.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.engine.library import LIVE, BoundaryEventSplit, Task, TaskState, Workflow
from app.engine.multi_instance import MultiInstance

if TYPE_CHECKING:
    from uuid import UUID


def compact(instance: Workflow) -> None:
    """Drop what is finished from an instance and its sub-processes, and let the rest hang as high as it can."""
    for scope in [instance, *instance.subprocesses.values()]:
        _compact_scope(scope)
    for owner, scope in list(instance.subprocesses.items()):
        if scope.completed and not _is_held(instance, owner):
            del instance.subprocesses[owner]


def kept(scope: Workflow) -> list[tuple[Task, Task]]:
    """Return the tasks of a scope that matter with the parent each needs, parents first."""
    root = scope.task_tree
    found: list[tuple[Task, Task]] = []
    splits: set[object] = set()
    for task in scope.tasks.values():
        if task is root or not (task.has_state(LIVE) or task.internal_data.get("merge")):
            continue
        parent = task.parent
        if isinstance(parent.task_spec, BoundaryEventSplit) and "fired" not in task.internal_data:
            if parent.id not in splits:
                splits.add(parent.id)
                found.append((parent, root))
            found.append((task, parent))
        elif isinstance(parent.task_spec, MultiInstance) and parent.has_state(LIVE) and task.triggered:
            found.append((task, parent))
        else:
            found.append((task, root))
    return _parents_first(found)


def _parents_first(found: list[tuple[Task, Task]]) -> list[tuple[Task, Task]]:
    inner = {task.id for task, _ in found}
    ranked = sorted(range(len(found)), key=lambda at: (_rank(found[at], inner), at))
    return [found[at] for at in ranked]


def _rank(pair: tuple[Task, Task], inner: set[UUID]) -> int:
    _, parent = pair
    if parent.id not in inner:
        return 0
    return 1 if not isinstance(parent.task_spec, MultiInstance) else 2


def _compact_scope(scope: Workflow) -> None:
    pairs = kept(scope)
    root = scope.task_tree
    if root.has_state(TaskState.NOT_FINISHED_MASK):
        return
    scope.tasks.clear()
    scope.tasks[root.id] = root
    root._children = []  # noqa: SLF001 -- the library has no way to move a task
    for task, parent in pairs:
        task._children = []  # noqa: SLF001
        task._parent = parent.id  # noqa: SLF001
        parent._children.append(task.id)  # noqa: SLF001
        scope.tasks[task.id] = task


def _is_held(instance: Workflow, owner: object) -> bool:
    return any(owner in scope.tasks for scope in [instance, *instance.subprocesses.values()])
