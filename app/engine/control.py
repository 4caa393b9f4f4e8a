"""The specifications that no diagram draws: the process itself and the place where its tokens end."""

from __future__ import annotations

from app.engine.library import BpmnProcessSpec, SimpleBpmnTask, Task, TaskState


class EndOfTokens(SimpleBpmnTask):
    """Where tokens rest after an end event. It never runs: a scope is complete when nothing else in it is alive."""

    def _update_hook(self, my_task: Task) -> bool:
        my_task._set_state(TaskState.CANCELLED)  # noqa: SLF001 -- the token is consumed
        return False


class ProcessSpec(BpmnProcessSpec):
    """A process or sub-process; replaces the library's EndJoin, which gives up counting beyond depth 1,000 (B8)."""

    def __init__(self, **attributes: object) -> None:
        super().__init__(**attributes)
        for name in (self.end.name, "End"):
            del self.task_specs[name]
        self.end = EndOfTokens(self, f"{self.name}.EndOfTokens")
