"""What events are defined by: messages, signals, timers, errors and escalations, thrown and caught."""

from __future__ import annotations

from typing import Literal, TypedDict

from app.engine import timers
from app.engine.library import EventDefinition, Task
from app.engine.step import Thrown
from app.engine.variables import evaluate, evaluate_texts, failure, is_expression, mapped_of, typed_key


class Armed(TypedDict, total=False):
    """One event that a task waits for, as it stands in the state; which keys there are tells what it is."""

    timer: timers.TimerState
    message: str
    key: str
    signal: str


class Timer(EventDefinition):
    """A date, a duration or a cycle; text or FEEL."""

    def __init__(self, kind: timers.Kind, text: str) -> None:
        super().__init__(name=text)
        self.kind: timers.Kind = kind
        self.text = text

    def schedule(self, task: Task, start: object) -> timers.Schedule:
        """Evaluate the timer for `task`; raises ExpressionFailed."""
        host = task.workflow.top_workflow.run.host
        value = evaluate(task, [self.text])[0] if is_expression(self.text) else self.text
        try:
            return timers.schedule(self.kind, value, start, host.after_working_days)  # type: ignore[arg-type]
        except timers.TimerError as error:
            raise failure(task, error.message, **error.values) from error

    def arm(self, task: Task) -> Armed:
        """Return the state of this timer for a task that begins to wait now."""
        start = task.workflow.top_workflow.run.host.now
        found = self.schedule(task, start)
        return {"timer": timers.begin(self.kind, found, start, repeats=is_repeating(task))}


class Message(EventDefinition):
    """A message by name, with the expression of its correlation key."""

    def __init__(self, name: str, correlation_key: str) -> None:
        super().__init__(name=name)
        self.correlation_key = correlation_key

    def arm(self, task: Task) -> Armed:
        """Evaluate the correlation key once, when the task begins to wait; raises ExpressionFailed without a key."""
        return {"message": self.name, "key": self.key_for(task)}

    def throw(self, task: Task) -> None:
        """Hand the message to the host, with the results of the element's input mapping."""
        throw(task, "message", self.name, self.key_for(task))

    def key_for(self, task: Task) -> str:
        """Return the correlation key as text; a message without an expression has the empty key."""
        if not self.correlation_key:
            return ""
        key = typed_key(evaluate_texts(task, [self.correlation_key])[0])
        if not key:
            raise failure(
                task, "消息“%(message)s”的关联键“%(key)s”没有值。", message=self.name, key=self.correlation_key
            )
        return key


class Signal(EventDefinition):
    """A signal by name, for everybody."""

    def arm(self, _task: Task) -> Armed:
        """Return the state of this event for a task that begins to wait."""
        return {"signal": self.name}

    def throw(self, task: Task) -> None:
        """Hand the signal to the host, with the results of the element's input mapping."""
        throw(task, "signal", self.name, "")


class Coded(EventDefinition):
    """An error or escalation; without a code it catches every one of its kind."""

    def __init__(self, kind: Literal["error", "escalation"], code: str) -> None:
        super().__init__(name=code)
        self.kind = kind
        self.code = code

    def catches_code(self, kind: str, code: str) -> bool:
        """Say whether a boundary event with this definition catches that code."""
        return self.kind == kind and self.code in ("", code)


def throw(task: Task, kind: Literal["message", "signal"], name: str, key: str) -> None:
    """Note in this step that `task` throws; its payload is what its input mapping says, else nothing."""
    thrown = Thrown(kind, name, key, mapped_of(task), task.task_spec.bpmn_id)
    task.workflow.top_workflow.run.thrown.append(thrown)


def is_repeating(task: Task) -> bool:
    """Say whether the event of `task` can happen again while it waits: it is a non-interrupting boundary event."""
    return getattr(task.task_spec, "cancel_activity", True) is False
