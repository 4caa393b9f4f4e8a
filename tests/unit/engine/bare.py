"""The bare library, for twins: run a diagram with Python expressions and nothing of ours."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from tests.unit.engine.drawing import definitions

MENDED = "SpiffWorkflow no longer has this bug: see whether our work-around can go"


def specs(body: str, outside: str = "") -> tuple[Any, dict[str, Any]]:
    parser = BpmnParser()
    parser.add_bpmn_io(BytesIO(definitions(body, outside=outside)))
    return parser.get_spec("p"), parser.get_subprocess_specs("p")


def begin(body: str, outside: str = "", **data: object) -> Any:
    workflow = BpmnWorkflow(*specs(body, outside))
    workflow.task_tree.data.update(data)
    return settle(workflow)


def settle(workflow: Any) -> Any:
    for _ in range(5):
        workflow.do_engine_steps()
    return workflow


def ready(workflow: Any) -> list[str]:
    return sorted(task.task_spec.bpmn_id for task in workflow.get_tasks(state=TaskState.READY) if task.task_spec.manual)


def complete(workflow: Any, element_id: str, **data: object) -> Any:
    task = next(task for task in workflow.get_tasks(state=TaskState.READY) if task.task_spec.bpmn_id == element_id)
    task.data.update(data)
    task.run()
    return settle(workflow)


def send(workflow: Any, element_id: str) -> Any:
    """Let the event that an element draws happen."""
    specs = [
        *workflow.spec.task_specs.values(),
        *(s for sub in workflow.subprocess_specs.values() for s in sub.task_specs.values()),
    ]
    definition = next(spec.event_definition for spec in specs if getattr(spec, "bpmn_id", None) == element_id)
    workflow.catch(BpmnEvent(definition, payload={}))
    return settle(workflow)


def restored(workflow: Any, body: str, outside: str = "") -> Any:
    """Save, and load with specifications parsed anew, as a system with definitions of its own does."""
    serializer = BpmnWorkflowSerializer()
    content = serializer.to_dict(workflow)
    content["spec"], content["subprocess_specs"] = specs(body, outside)
    return serializer.from_dict(content)
