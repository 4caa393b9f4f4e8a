"""Run an instance from one wait to the next: one task at a time, within a budget, failures where they belong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from app.engine.compaction import compact
from app.engine.events import Coded
from app.engine.failures import ExpressionFailed, RunawayProcess, sentence
from app.engine.library import LIVE, BoundaryEventSplit, Task, TaskState, Workflow
from app.engine.multi_instance import MultiInstance
from app.engine.specs_activities import UserTask
from app.engine.specs_events import BoundaryEvent, Catching, EndEvent
from app.engine.specs_gateways import ExclusiveGateway, InclusiveGateway, Join
from app.engine.step import HistoryEntry, Host, Thrown
from app.engine.variables import failure
from app.errors import Refused, Sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.engine.workflow import Instance

What = Literal["entered", "completed", "cancelled", "fired", "failed"]

STEP_BUDGET = 5_000
"""Tasks that may run in one step."""

COMPACT_EVERY = 200


@dataclass
class StepRun:
    """What one step collects while it runs."""

    host: Host
    raising: bool
    """Whether a person waits for the answer, so that failures are hers to read."""
    history: list[HistoryEntry] = field(default_factory=list)
    thrown: list[Thrown] = field(default_factory=list)
    steps: int = 0
    end_event_id: str = ""
    error_code: str | None = None
    """The code of a BPMN error that no boundary event caught."""

    def note(self, task: Task, event: What, note: str = "") -> None:
        """Add to the history what happened to a drawn element."""
        spec = task.task_spec
        self.history.append(
            HistoryEntry(task.id.hex, spec.bpmn_id, spec.element_type, spec.bpmn_name or "", event, _kept(note))
        )

    def entered(self, task: Task) -> None:
        """Note that an element has begun to wait or to run."""
        self.note(task, "entered")

    def completed(self, task: Task) -> None:
        """Note that an element has completed, and tell the multi-instance activity whose instance it is."""
        spec = task.task_spec
        if not isinstance(spec, MultiInstance):
            event: What = "fired" if isinstance(spec, BoundaryEvent) else "completed"
            self.note(task, event, task.internal_data.get("note", ""))
        body = task.parent
        if isinstance(body.task_spec, MultiInstance) and body.task_spec.task_spec == spec.name:
            body.task_spec.child_completed(body, task)
        if isinstance(spec, EndEvent) and task.workflow is task.workflow.top_workflow:
            self.end_event_id = spec.bpmn_id

    def cancelled(self, task: Task) -> None:
        """Note that an element in which a token stood was cancelled."""
        if not isinstance(task.task_spec, (BoundaryEvent, MultiInstance, Join, ExclusiveGateway)):
            self.note(task, "cancelled")

    def throw_error(self, task: Task, code: str, message: str) -> None:
        """Let the nearest enclosing error boundary event catch `code`; without one the instance has failed."""
        boundary = enclosing_boundary(task, "error", code)
        if boundary is None:
            self.error_code = code
            self.note(task, "failed", message or code)
        else:
            fire(boundary, boundary.task_spec.bpmn_id, {}, message)

    def throw_escalation(self, task: Task, code: str) -> None:
        """Let the nearest enclosing escalation boundary event catch `code`; without one nothing happens."""
        boundary = enclosing_boundary(task, "escalation", code)
        if boundary is not None:
            fire(boundary, boundary.task_spec.bpmn_id, {}, "")


def settle(instance: Instance) -> None:
    """Run everything that can run, until the instance waits for something from outside or has ended.

    Raises RunawayProcess when it does not come to rest within `STEP_BUDGET`.
    """
    run = instance.run
    while run.error_code is None and not instance.completed:
        if not (run_ready(instance) or release_joins(instance) or end_scopes(instance)):
            arm_waiting(instance)
            return


def run_ready(instance: Instance) -> bool:
    """Run every task that is ready and does not wait for a person; say whether there was one."""
    progressed = False
    for scope in instance.scopes():
        for task in [task for task in scope.tasks.values() if task.state == TaskState.READY]:
            if is_runnable(task) and instance.run.error_code is None:
                progressed = True
                spend(instance, task)
                guarded(task, advance)
    return progressed


def is_runnable(task: Task) -> bool:
    """Say whether `task` is still there, ready, without incident, and not a user task that has been entered."""
    return (
        task.state == TaskState.READY
        and task.id in task.workflow.tasks
        and not task.workflow.completed
        and "incident" not in task.internal_data
        and "user" not in task.internal_data
    )


def advance(task: Task) -> None:
    """Enter a user task; run and complete any other, unless running it says that it waits."""
    spec = task.task_spec
    if isinstance(spec, UserTask):
        spec.enter(task)
        task.workflow.top_workflow.run.entered(task)
        return
    if isinstance(spec, BoundaryEventSplit):
        spec._predict_hook(task)  # noqa: SLF001 -- it sets its children waiting when it runs, so they must be there
    outcome = spec._run_hook(task)  # noqa: SLF001 -- `Task.run` would turn a failure into the state ERROR
    if task.state != TaskState.READY:
        return
    if outcome is None:
        task._set_state(TaskState.STARTED)  # noqa: SLF001
    else:
        complete(task)


def complete(task: Task) -> None:
    """Complete a task and hand its token on to its outputs, unless the task has made its children itself."""
    spec = task.task_spec
    if not isinstance(spec, BoundaryEventSplit) and not getattr(spec, "chooses", False):
        spec._predict_hook(task)  # noqa: SLF001
    task.complete()


def arm_waiting(instance: Instance) -> None:
    """Evaluate what newly waiting events wait for."""
    for scope in instance.scopes():
        for task in list(scope.tasks.values()):
            spec, data = task.task_spec, task.internal_data
            waiting = task.state == TaskState.WAITING and isinstance(spec, Catching)
            if waiting and not data.keys() & {"events", "incident"}:
                spend(instance, task)
                guarded(task, spec.arm)
                if "events" in data and not isinstance(spec, BoundaryEvent):
                    instance.run.entered(task)


def release_joins(instance: Instance) -> bool:
    """Let inclusive joins go on for which nothing more can arrive; say whether one did."""
    for scope in instance.scopes():
        joins = {id(task.task_spec): task.task_spec for task in scope.living()}
        if any(spec.settle(scope) for spec in joins.values() if isinstance(spec, InclusiveGateway)):
            return True
    return False


def end_scopes(instance: Instance) -> bool:
    """Complete the scopes in which nothing is alive any more; say whether there was one."""
    for scope in reversed(instance.scopes()):
        if not scope.living():
            instance.end_scope(scope)
            return True
    return False


def guarded(task: Task, work: Callable[[Task], None]) -> None:
    """Do `work` on `task`; where nobody is there to read a failure, leave it on the task as an incident."""
    run: StepRun = task.workflow.top_workflow.run
    try:
        work(task)
    except RunawayProcess:
        raise
    except RecursionError:
        raise RunawayProcess(task.workflow.top_workflow.spec.name, run.steps, task.task_spec.bpmn_name or "") from None
    except Refused as error:
        if run.raising and not (isinstance(error, ExpressionFailed) and error.leaves_incident):
            raise
        leave_incident(task, sentence(error))


def leave_incident(task: Task, message: Sentence) -> None:
    """Stop `task` where it is until somebody retries it."""
    task.internal_data["incident"] = message.stored()
    task.workflow.top_workflow.run.note(task, "failed", message)


def spend(instance: Instance, task: Task) -> None:
    """Count one unit of the budget; raises RunawayProcess when it is used up."""
    run = instance.run
    run.steps += 1
    if run.steps > STEP_BUDGET:
        spec = task.task_spec
        raise RunawayProcess(instance.spec.name, STEP_BUDGET, spec.bpmn_name or spec.bpmn_id or spec.name)
    if run.steps % COMPACT_EVERY == 0:
        compact(instance)


def fire(task: Task, element_id: str, payload: object, note: str = "") -> None:
    """Let the event of a waiting task happen: interrupt what it interrupts, or run its flow beside what goes on."""
    token = task
    if isinstance(task.task_spec, BoundaryEvent):
        split = task.parent
        if task.task_spec.cancel_activity:
            for sibling in split.children:
                if sibling is not task and "fired" not in sibling.internal_data and sibling.has_state(LIVE):
                    sibling.cancel()
        else:
            token = split._add_child(task.task_spec, TaskState.WAITING)  # noqa: SLF001
    token.internal_data.pop("events", None)
    token.internal_data.update(fired=element_id, payload=payload)
    if note:
        token.internal_data["note"] = _kept(note)
    token._set_state(TaskState.READY)  # noqa: SLF001


def _kept(note: str) -> str:
    return note.stored() if isinstance(note, Sentence) else note


def enclosing_boundary(task: Task, kind: str, code: str) -> Task | None:
    """Return the boundary event that catches `code`: climb from the task over its activity to the sub-processes around.

    The library offers an error to every waiting error boundary event of the scope, parallel ones included (B22).
    """
    at: Task | None = task
    while at is not None:
        if isinstance(at.parent.task_spec, BoundaryEventSplit) and not isinstance(at.task_spec, BoundaryEvent):
            for sibling in at.parent.children:
                definition = getattr(sibling.task_spec, "event_definition", None)
                waiting = isinstance(sibling.task_spec, BoundaryEvent) and sibling.state == TaskState.WAITING
                if waiting and isinstance(definition, Coded) and definition.catches_code(kind, code):
                    return sibling
        at = climb(at)
    return None


def climb(task: Task) -> Task | None:
    """Return the activity directly around `task`: multi-instance activity, else sub-process; None at the top."""
    parent = task.parent
    if parent is not None and isinstance(parent.task_spec, MultiInstance):
        return parent
    scope: Workflow = task.workflow
    return None if scope.parent_task_id is None else scope.top_workflow.get_task_from_id(scope.parent_task_id)


def incident_reason(task: Task, code: str, message: str) -> Sentence:
    """Return the sentence for a called process that ended with an error which nothing here catches."""
    return sentence(
        failure(
            task,
            "被调用的流程以错误“%(code)s”结束，图中没有捕获它的边界事件。%(message)s",
            code=code,
            message=message,
        )
    )
