"""Multi-instance activities, parallel and sequential: instances, output collection, completion condition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.engine.failures import TooManyInstances
from app.engine.library import (
    LIVE,
    ParallelMultiInstanceTaskMixin,
    SequentialMultiInstanceTaskMixin,
    Task,
    TaskState,
)
from app.engine.specs_base import Element
from app.engine.specs_gateways import truth
from app.engine.variables import attempt, evaluate, failure, set_local, set_variable, settled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.engine.extensions import Loop

MOST_INSTANCES = 500
"""Elements of one input collection."""


class MultiInstance(Element):
    """The activity as a whole: STARTED while its instances run, READY when something is to be done about them.

    `internal_data["loop"]` holds the count of all, completed and terminated instances, the elements still to come (only
    when sequential) and the results so far as (index, value).
    """

    task_spec: str
    """The name of the specification of one instance."""
    loop: Loop
    """What the diagram says, set by the parser."""
    sequential = False

    def _run_hook(self, my_task: Task) -> bool | None:
        if "loop" not in my_task.internal_data:
            self.begin(my_task)
        ended = self.merge(my_task) or self.go_on(my_task)
        if not ended:
            return None
        self.end(my_task)
        return True

    def begin(self, my_task: Task) -> None:
        """Evaluate the input collection; raises TooManyInstances beyond `MOST_INSTANCES`."""
        said = self.loop
        items = evaluate(my_task, [said.input_collection])[0]
        if not isinstance(items, (list, tuple)):
            raise failure(my_task, "多实例的输入集合“%(expression)s”不是列表。", expression=said.input_collection)
        if len(items) > MOST_INSTANCES:
            raise too_many(self, len(items))
        my_task.internal_data["loop"] = {
            "all": len(items),
            "completed": 0,
            "terminated": 0,
            "next": 0,
            "items": list(items),
            "results": [],
        }

    def go_on(self, my_task: Task) -> bool:
        """Create the instances that may run now; say whether nothing is left to wait for."""
        loop = dict(my_task.internal_data["loop"])
        items, following = loop["items"], loop["next"]
        batch = [] if self.sequential and active(self, my_task) else items[:1] if self.sequential else items
        for offset, item in enumerate(batch):
            self.create(my_task, item, following + offset)
        loop.update(items=items[len(batch) :], next=following + len(batch))
        my_task.internal_data["loop"] = loop
        return not active(self, my_task)

    def create(self, my_task: Task, item: object, index: int) -> None:
        """Start one instance."""
        child = my_task._add_child(my_task.workflow.spec.task_specs[self.task_spec], TaskState.FUTURE)  # noqa: SLF001
        child.triggered = True
        child.internal_data["index"] = index
        said = self.loop
        if said.output_collection:
            child.internal_data["collects"] = True
        set_local(child, "loopCounter", index + 1)
        if said.input_element:
            set_local(child, said.input_element, item)
        child.task_spec._update(child)  # noqa: SLF001

    def merge(self, my_task: Task) -> bool:
        """Take in the instances that have completed since; say whether the completion condition holds."""
        for child in [task for task in my_task.children if task.internal_data.get("merge")]:
            if self.take(my_task, child):
                return True
        return False

    def take(self, my_task: Task, child: Task) -> bool:
        """Take in one completed instance: its output element, then the completion condition, in one call."""
        said = self.loop
        loop = dict(my_task.internal_data["loop"])
        loop["completed"] += 1
        wanted = [text for text in (said.output_collection and said.output_element, said.completion_condition) if text]
        outcomes = attempt(child, wanted, counters(loop, len(active(self, my_task))))
        if said.output_collection and said.output_element:
            loop["results"] = [*loop["results"], [child.internal_data["index"], settled(child, outcomes[0])]]
        ended = bool(said.completion_condition) and truth(child, outcomes[-1], said.completion_condition)
        my_task.internal_data["loop"] = loop
        child.internal_data.pop("merge")
        return ended

    def end(self, my_task: Task) -> None:
        """Cancel what still runs and hand out the results there are, in the order of the input."""
        for child in active(self, my_task):
            child.cancel()
        name = self.loop.output_collection
        if name:
            results = sorted(my_task.internal_data["loop"]["results"], key=lambda result: result[0])
            set_variable(my_task, name, [value for _, value in results])

    def add(self, my_task: Task, item: object) -> None:
        """Ask one more (加签): at once when parallel, after all others when sequential."""
        loop = dict(my_task.internal_data["loop"])
        if loop["all"] >= MOST_INSTANCES:
            raise too_many(self, loop["all"] + 1)
        loop.update(all=loop["all"] + 1, items=[*loop["items"], item])
        my_task.internal_data["loop"] = loop
        if my_task.state == TaskState.STARTED:
            my_task._set_state(TaskState.READY)  # noqa: SLF001

    def child_completed(self, my_task: Task, child: Task) -> None:
        """Note that an instance has completed; `execution` runs this task next."""
        child.internal_data["merge"] = True
        if my_task.state == TaskState.STARTED:
            my_task._set_state(TaskState.READY)  # noqa: SLF001


class ParallelMultiInstance(MultiInstance, ParallelMultiInstanceTaskMixin):
    """All instances at once."""


class SequentialMultiInstance(MultiInstance, SequentialMultiInstanceTaskMixin):
    """One instance after the other."""

    sequential = True


def active(spec: MultiInstance, my_task: Task) -> Sequence[Task]:
    """Return the instances that run."""
    return [child for child in my_task.children if child.task_spec.name == spec.task_spec and child.has_state(LIVE)]


def counters(loop: dict[str, int], running: int) -> dict[str, object]:
    """Return the four numbers that a completion condition may read."""
    return {
        "numberOfInstances": loop["all"],
        "numberOfActiveInstances": running,
        "numberOfCompletedInstances": loop["completed"],
        "numberOfTerminatedInstances": loop["terminated"],
    }


def too_many(spec: MultiInstance, count: int) -> TooManyInstances:
    """Return the refusal of that many instances."""
    return TooManyInstances(
        spec.bpmn_id,
        spec.bpmn_name or "",
        "多实例的输入集合有 %(count)s 项，最多 %(limit)s 项。",
        count=count,
        limit=MOST_INSTANCES,
    )
