"""The flow: start, three tasks of the one who started it, end."""

from __future__ import annotations

from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.flow.views import CreateProcessView, UpdateProcessView

from approval.models import Approval


def step(name: str) -> flow.View:
    """Return a task with the three fields of its form."""
    fields = [f"{name}_note", f"{name}_amount", f"{name}_again"]
    return flow.View(UpdateProcessView.as_view(fields=fields)).Assign(this.start.owner)


class ApprovalFlow(flow.Flow):
    """Start → three user tasks with a small form → end."""

    process_class = Approval

    start = flow.Start(CreateProcessView.as_view(fields=[])).Next(this.first)
    first = step("first").Next(this.second)
    second = step("second").Next(this.third)
    third = step("third").Next(this.end)
    end = flow.End()
