"""What every element's specification shares: one-level prediction, history, and the split into entering and running.

The library evaluates expressions while it updates tasks, so that a failure leaves the tree half changed. Here
`_update_hook` only moves the token; whatever can fail happens in `_run_hook`, `enter` or `arm`, which `execution` calls
one task at a time.
"""

from __future__ import annotations

from app.engine.extensions import Extensions
from app.engine.library import BpmnSpecMixin, Task, TaskState


class Element(BpmnSpecMixin):
    """A drawn element. `extensions` and `element_type` are set by the parser."""

    extensions: Extensions = Extensions()
    element_type: str = ""
    chooses = False
    """Whether `_run_hook` itself decides which of the outputs become children."""

    def _predict(self, my_task: Task, seen: object = None, looked_ahead: int = 0, mask: int = 0) -> None:
        """Predict nothing: children are made when the task completes, so that no cycle can recurse without bound."""

    def _predict_hook(self, my_task: Task) -> None:
        state = TaskState.FUTURE if my_task.has_state(TaskState.DEFINITE_MASK) else my_task.state
        my_task._sync_children(self.outputs, state)  # noqa: SLF001 -- the library's protected hooks are its extension points

    def _update_hook(self, my_task: Task) -> bool:  # noqa: ARG002 -- the library's signature
        return True

    def _on_ready_hook(self, my_task: Task) -> None:
        """Evaluate nothing when the task becomes ready."""

    def _run_hook(self, my_task: Task) -> bool | None:  # noqa: ARG002 -- the library's signature
        return True

    def _on_complete_hook(self, my_task: Task) -> None:
        my_task.workflow.top_workflow.run.completed(my_task)

    def _on_cancel(self, my_task: Task) -> None:
        my_task.workflow.top_workflow.run.cancelled(my_task)

    def test(self) -> None:
        """Check nothing while an instance runs; lint has done so."""
