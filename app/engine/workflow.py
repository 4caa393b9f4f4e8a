"""A running instance and its sub-processes: the library's workflows without its event manager and its Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from app.engine.library import LIVE, BpmnSubWorkflow, BpmnWorkflow, PythonScriptEngine, Spec, Task, TaskState, Workflow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from app.engine.execution import StepRun


class NoScripts(PythonScriptEngine):
    """Refuses whatever the library would evaluate by itself: nothing in a diagram is ever Python."""

    def evaluate(self, _task: Task | None, expression: str, _external_context: object = None) -> NoReturn:
        """Refuse."""
        raise RuntimeError(f"the library wanted to evaluate {expression!r}")

    def execute(self, _task: Task | None, script: str, _external_context: object = None) -> NoReturn:
        """Refuse."""
        raise RuntimeError(f"the library wanted to execute {script!r}")


class Scope:
    """What an instance and a sub-process have in common."""

    tasks: dict[UUID, Task]
    completed: bool

    def living(self) -> list[Task]:
        """Return the tasks that hold a token, oldest first."""
        return [task for task in self.tasks.values() if task.has_state(LIVE)]

    def _task_completed_notify(self, task: Task) -> None:
        """Do nothing: `execution` looks for what can go on, instead of updating every waiting task each time."""

    def _task_removed_notify(self, task: Task) -> None:
        top: Instance = task.workflow.top_workflow
        if task.has_state(LIVE):
            top.cancel_subprocess(task)
            top.run.cancelled(task)


class SubScope(Scope, BpmnSubWorkflow):
    """An embedded sub-process."""


class Instance(Scope, BpmnWorkflow):
    """A process instance. `data` holds the process variables, `run` the step that is under way."""

    run: StepRun

    def __init__(self, spec: Spec, sub_specs: Mapping[str, Spec], **options: object) -> None:
        super().__init__(spec, script_engine=NoScripts(), **options)
        # The constructor replaces an empty mapping by one of its own.
        self.subprocess_specs = sub_specs

    def scopes(self) -> list[Workflow]:
        """Return every scope that runs, the innermost last."""
        return [self, *(inner for inner in self.subprocesses.values() if not inner.completed)]

    def create_subprocess(self, my_task: Task, spec_name: str, **options: object) -> SubScope:
        """Open the scope of a sub-process."""
        inner = SubScope(self.subprocess_specs[spec_name], parent_task_id=my_task.id, top_workflow=self, **options)
        self.subprocesses[my_task.id] = inner
        return inner

    def cancel_subprocess(self, my_task: Task) -> None:
        """Close the scope of `my_task`, if it has one, and cancel all that runs in it."""
        inner = self.subprocesses.pop(my_task.id, None)
        if inner is not None:
            self._cancel_living(inner)

    def end_scope(self, scope: Workflow) -> None:
        """Complete a scope: whatever still runs in it is cancelled, and the sub-process's own task goes on."""
        self._cancel_living(scope)
        if scope is not self:
            owner = self.get_task_from_id(scope.parent_task_id)
            if owner.state == TaskState.STARTED:
                owner._set_state(TaskState.READY)  # noqa: SLF001

    def _cancel_living(self, scope: Workflow) -> None:
        scope.completed = True
        for task in scope.living():
            task.cancel()
