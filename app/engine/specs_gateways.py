"""Specifications of the gateways: exclusive, inclusive, parallel. A join counts the tokens that wait at it.

Every token that arrives at a join is a WAITING task of its own, which remembers its incoming flow. So nothing has to be
reconstructed from the tree: loops, compaction and excess tokens need no special care (B1), and nothing is merged (B19).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from app.engine.failures import NoMatchingFlow
from app.engine.library import (
    LIVE,
    ExclusiveGatewayMixin,
    InclusiveGatewayMixin,
    ParallelGatewayMixin,
    Spec,
    Task,
    TaskState,
    Workflow,
)
from app.engine.specs_base import Element
from app.engine.variables import attempt, failure, settled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class ExclusiveGateway(Element, ExclusiveGatewayMixin):
    """An exclusive gateway: the first flow whose condition is true, else the default flow."""

    chooses = True

    def _run_hook(self, my_task: Task) -> bool:
        outcomes = evaluated(my_task)
        chosen = None
        for condition, name in self.cond_task_specs:
            if condition is not None and truth(my_task, next(outcomes), condition.args[0]):
                chosen = name
                break
        else:
            chosen = self.default_task_spec
        follow(my_task, [] if chosen is None else [chosen])
        return True


class Join(Element):
    """A gateway where tokens wait for each other."""

    def _update_hook(self, my_task: Task) -> bool:
        if len(self._inputs) == 1:
            return True
        my_task.internal_data.setdefault("from", my_task.parent.task_spec.name)
        my_task._set_state(TaskState.WAITING)  # noqa: SLF001
        self.gather(my_task.workflow)
        return False

    def gather(self, workflow: Workflow) -> None:
        """Let one token go on if enough have arrived. Unless a join overrides this, it waits for `settle`."""

    def arrived(self, workflow: Workflow) -> dict[str, list[Task]]:
        """Return the tokens that wait here by the name of the specification they came from, oldest first."""
        waiting = defaultdict(list)
        for task in workflow.tasks.values():
            if task.task_spec is self and task.state == TaskState.WAITING:
                waiting[task.internal_data["from"]].append(task)
        return waiting


class ParallelGateway(Join, ParallelGatewayMixin):
    """A parallel gateway: goes on as soon as there is one token on every incoming flow; excess tokens stay."""

    def gather(self, workflow: Workflow) -> None:
        """Consume one token of each incoming flow, once there is one on each."""
        needed = Counter(self._inputs)
        waiting = self.arrived(workflow)
        if all(len(waiting[source]) >= count for source, count in needed.items()):
            go_on([task for source, count in needed.items() for task in waiting[source][:count]])


class InclusiveGateway(Join, InclusiveGatewayMixin):
    """An inclusive gateway: every flow whose condition is true; joining, it waits for whatever can still arrive."""

    chooses = True

    def settle(self, workflow: Workflow) -> bool:
        """Let one token go on when no other token can reach an empty incoming flow any more; say whether it did.

        Only when everything else has come to rest can it be said what may still arrive.
        """
        waiting = self.arrived(workflow)
        if not waiting:
            return False
        empty = set(self._inputs) - set(waiting)
        for task in workflow.tasks.values():
            if task.has_state(LIVE) and task.task_spec is not self:
                reach = reachable(task.task_spec, self)
                if reach & empty and not reach & set(waiting):
                    return False
        go_on([tasks[0] for tasks in waiting.values()])
        return True

    def _run_hook(self, my_task: Task) -> bool:
        outcomes = evaluated(my_task)
        taken, default = [], []
        for condition, name in self.cond_task_specs:
            if condition is None:
                default.append(name)
            elif truth(my_task, next(outcomes), condition.args[0]):
                taken.append(name)
        follow(my_task, taken or default)
        return True


def evaluated(task: Task) -> Iterator[object]:
    """Evaluate every condition of a gateway in one call of the interpreter."""
    conditions = [condition.args[0] for condition, _ in task.task_spec.cond_task_specs if condition is not None]
    return iter(attempt(task, conditions))


def truth(task: Task, outcome: object, condition: str) -> bool:
    """Return a condition's truth; unknown names, null and anything but true or false raise ExpressionFailed."""
    value = settled(task, outcome)
    if not isinstance(value, bool):
        actual = "null" if value is None else repr(value)
        raise failure(
            task, "条件“%(condition)s”应得出是或否，实际得到 %(actual)s。", condition=condition, actual=actual
        )
    return value


def follow(task: Task, names: Sequence[str]) -> None:
    """Make the chosen flows the children of a gateway; raises NoMatchingFlow when there are none."""
    spec = task.task_spec
    if not names:
        raise NoMatchingFlow(spec.bpmn_id, spec.bpmn_name or "", "没有一条出口的条件成立，也没有默认出口。")
    task._sync_children([task.workflow.spec.task_specs[name] for name in names], TaskState.FUTURE)  # noqa: SLF001


def go_on(tokens: Sequence[Task]) -> None:
    """Let the last of these tokens go on and consume the others."""
    for task in tokens[:-1]:
        task._set_state(TaskState.CANCELLED)  # noqa: SLF001
    tokens[-1]._ready()  # noqa: SLF001


def reachable(start: Spec, join: Spec) -> frozenset[str]:
    """Return the incoming flows of `join` that a token at `start` can still reach without passing the join."""
    cache: dict[str, frozenset[str]] = join.__dict__.setdefault("reach", {})
    if start.name not in cache:
        seen = {start.name}
        todo = [start]
        while todo:
            for output in todo.pop().outputs:
                if output is not join and output.name not in seen:
                    seen.add(output.name)
                    todo.append(output)
        cache[start.name] = frozenset(seen & set(join._inputs))  # noqa: SLF001
    return cache[start.name]
