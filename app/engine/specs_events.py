"""Specifications of events: start, end, intermediate, boundary; send and receive tasks; event gateways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.engine.events import Coded, Message, Signal, Timer
from app.engine.library import (
    BoundaryEventJoin,
    BoundaryEventMixin,
    CatchingEvent,
    EndEventMixin,
    EventDefinition,
    NoneEventDefinition,
    StartEventMixin,
    Task,
    TaskState,
    TerminateEventDefinition,
    ThrowingEvent,
)
from app.engine.specs_activities import run_operation
from app.engine.specs_base import Element
from app.engine.variables import give_back, map_inputs

if TYPE_CHECKING:
    from collections.abc import Iterator


class StartEvent(Element, StartEventMixin):
    """A start event: whoever starts the instance has already seen the message, signal or timer."""

    def _run_hook(self, my_task: Task) -> bool:
        give_back(my_task, {}, self.extensions.outputs, {})
        return True


class Throwing(Element, ThrowingEvent):
    """An intermediate throw event or a send task (one without a message but with a type runs an operation)."""

    def _run_hook(self, my_task: Task) -> bool | None:
        if self.extensions.operation and isinstance(self.event_definition, NoneEventDefinition):
            return run_operation(my_task)
        map_inputs(my_task, self.extensions.inputs)
        definition = self.event_definition
        run = my_task.workflow.top_workflow.run
        if isinstance(definition, (Message, Signal)):
            definition.throw(my_task)
        elif isinstance(definition, Coded) and definition.kind == "escalation":
            run.throw_escalation(my_task, definition.code)
        elif isinstance(definition, Coded):
            run.throw_error(my_task, definition.code, self.bpmn_name or "")
            return None
        return True


class EndEvent(Throwing, EndEventMixin):
    """An end event: none, message, signal, escalation, error or terminate."""

    def _on_complete_hook(self, my_task: Task) -> None:
        super()._on_complete_hook(my_task)
        if isinstance(self.event_definition, TerminateEventDefinition):
            my_task.workflow.top_workflow.end_scope(my_task.workflow)


class Catching(Element, CatchingEvent):
    """An intermediate catch event or a receive task: waits until its event is delivered or due."""

    def awaited(self) -> Iterator[tuple[str, EventDefinition]]:
        """Yield the events waited for, each with the id of the element that draws it."""
        yield self.bpmn_id, self.event_definition

    def arm(self, my_task: Task) -> None:
        """Evaluate what is waited for; what cannot be delivered from outside (errors) needs nothing."""
        armed = {
            element_id: definition.arm(my_task)
            for element_id, definition in self.awaited()
            if isinstance(definition, (Timer, Message, Signal))
        }
        my_task.internal_data["events"] = armed

    def _update_hook(self, my_task: Task) -> bool:
        if isinstance(self.event_definition, NoneEventDefinition) or "fired" in my_task.internal_data:
            return True
        my_task._set_state(TaskState.WAITING)  # noqa: SLF001
        return False

    def _run_hook(self, my_task: Task) -> bool | None:
        payload = my_task.internal_data.get("payload") or {}
        give_back(my_task, payload, self.extensions.outputs, payload)
        return True


class BoundaryEvent(Catching, BoundaryEventMixin):
    """A boundary event. A non-interrupting one stays waiting; each time it fires, a sibling runs its flow."""

    def _predict_hook(self, my_task: Task) -> None:
        # The join cancels the boundary events of an activity that completes; one that fires has done so itself.
        outputs = [output for output in self.outputs if not isinstance(output, BoundaryEventJoin)]
        my_task._sync_children(outputs, TaskState.FUTURE)  # noqa: SLF001

    def _update_hook(self, my_task: Task) -> bool:  # noqa: ARG002 -- the library's signature
        # The split has set it waiting; whether the sibling made by a firing runs is decided where it is made.
        return False


class EventGateway(Catching):
    """An event-based gateway: waits for the events behind it, each under its own id, and takes the first."""

    chooses = True

    def connect(self, child: Element) -> None:
        """Draw a flow to an event; it keeps its definition, which the gateway waits for in its stead."""
        self._outputs.append(child.name)
        child._connect_notify(self)  # noqa: SLF001

    def awaited(self) -> Iterator[tuple[str, EventDefinition]]:
        """Yield the events behind the gateway."""
        for output in self.outputs:
            yield output.bpmn_id, output.event_definition

    def _update_hook(self, my_task: Task) -> bool:
        my_task._set_state(TaskState.WAITING)  # noqa: SLF001
        return False

    def _run_hook(self, my_task: Task) -> bool:
        fired = my_task.internal_data["fired"]
        chosen = next(output for output in self.outputs if output.bpmn_id == fired)
        my_task._sync_children([chosen], TaskState.FUTURE)  # noqa: SLF001
        for child in my_task.children:
            child.internal_data.update(fired=fired, payload=my_task.internal_data.get("payload"))
        return True
