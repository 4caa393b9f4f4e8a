"""The border to SpiffWorkflow, which has no type hints: every name of it that this package uses."""

from __future__ import annotations

from typing import Any, TypeAlias

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.event_parsers import (
    BoundaryEventParser,
    EndEventParser,
    EventBasedGatewayParser,
    EventDefinitionParser,
    IntermediateCatchEventParser,
    IntermediateThrowEventParser,
    ReceiveTaskParser,
    SendTaskParser,
    StartEventParser,
)
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.task_parsers import (
    ConditionalGatewayParser,
    GatewayParser,
    ScriptTaskParser,
    SubWorkflowParser,
)
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit, SimpleBpmnTask
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition, TerminateEventDefinition
from SpiffWorkflow.bpmn.specs.mixins import (
    BpmnSpecMixin,
    ExclusiveGatewayMixin,
    InclusiveGatewayMixin,
    ManualTaskMixin,
    ParallelGatewayMixin,
    ParallelMultiInstanceTaskMixin,
    ScriptTaskMixin,
    SequentialMultiInstanceTaskMixin,
    SubWorkflowTaskMixin,
    UserTaskMixin,
)
from SpiffWorkflow.bpmn.specs.mixins.events.end_event import EndEvent as EndEventMixin
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent, ThrowingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent as BoundaryEventMixin
from SpiffWorkflow.bpmn.specs.mixins.events.start_event import StartEvent as StartEventMixin
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

LibraryTask = Task
Workflow: TypeAlias = Any
"""A running process or sub-process of the library: `spec, tasks, task_tree, data, completed, top_workflow`."""

Spec: TypeAlias = Any
"""A task specification of the library."""

LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED
"""The states of a task that holds a token."""

__all__ = [
    "LIVE",
    "BoundaryEventJoin",
    "BoundaryEventMixin",
    "BoundaryEventParser",
    "BoundaryEventSplit",
    "BpmnParser",
    "BpmnProcessSpec",
    "BpmnSpecMixin",
    "BpmnSubWorkflow",
    "BpmnWorkflow",
    "CatchingEvent",
    "ConditionalGatewayParser",
    "EndEventMixin",
    "EndEventParser",
    "EventBasedGatewayParser",
    "EventDefinition",
    "EventDefinitionParser",
    "ExclusiveGatewayMixin",
    "GatewayParser",
    "InclusiveGatewayMixin",
    "IntermediateCatchEventParser",
    "IntermediateThrowEventParser",
    "LibraryTask",
    "ManualTaskMixin",
    "NoneEventDefinition",
    "ParallelGatewayMixin",
    "ParallelMultiInstanceTaskMixin",
    "ProcessParser",
    "PythonScriptEngine",
    "ReceiveTaskParser",
    "ScriptTaskMixin",
    "ScriptTaskParser",
    "SendTaskParser",
    "SequentialMultiInstanceTaskMixin",
    "SimpleBpmnTask",
    "Spec",
    "StartEventMixin",
    "StartEventParser",
    "SubWorkflowParser",
    "SubWorkflowTaskMixin",
    "Task",
    "TaskParser",
    "TaskState",
    "TerminateEventDefinition",
    "ThrowingEvent",
    "UserTaskMixin",
    "ValidationException",
    "Workflow",
    "full_tag",
]
