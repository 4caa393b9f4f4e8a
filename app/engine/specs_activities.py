"""Specifications of the activities: user, service, script and business rule tasks, calls and sub-processes."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from app.clock import SHANGHAI
from app.engine import timers
from app.engine.decisions import DecisionError, evaluate_decision, parse_decisions
from app.engine.failures import OperationFailed
from app.engine.library import SubWorkflowTaskMixin, Task, UserTaskMixin
from app.engine.specs_base import Element
from app.engine.step import BpmnError
from app.engine.variables import (
    context_of,
    evaluate,
    evaluate_texts,
    failure,
    give_back,
    is_expression,
    locals_of,
    map_inputs,
    mapped_of,
    set_variable,
    variables_of,
)
from app.errors import DiagramNotExecutable, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping


class UserTask(Element, UserTaskMixin):
    """A user task (also a manual or plain task): waits READY for a person once it has been entered."""

    def enter(self, my_task: Task) -> None:
        """Evaluate the input mapping, the assignment and the schedule, and from now on wait for a person."""
        map_inputs(my_task, self.extensions.inputs)
        self.assign(my_task)

    def assign(self, my_task: Task) -> None:
        """Evaluate who may do the task and by when; also done again when the deadline ledger moves."""
        said = {name: getattr(self.extensions, name) for name in DYNAMIC}
        asked = [name for name, text in said.items() if is_expression(text)]
        found = dict(zip(asked, evaluate(my_task, [said[name] for name in asked]), strict=True))
        before: Mapping[str, object] = my_task.internal_data.get("user") or {}
        since = before.get("since") or my_task.workflow.top_workflow.run.host.now
        for name in ("due_date", "follow_up_date"):
            value = found.get(name, said[name]) or None
            if isinstance(value, str) and value.upper().startswith("P"):
                found.update({name: _period_end(my_task, value, since), "since": since})
            else:
                _moment(my_task, value)
        my_task.internal_data["user"] = found


DYNAMIC = ("assignee", "candidate_groups", "candidate_users", "due_date", "follow_up_date", "priority")
"""What of a user task may be an expression, evaluated when the task is entered."""


def said_of(task: Task, name: str) -> object:
    """Return what is said of a waiting user task under one of the names of `DYNAMIC`: the value, else the text."""
    evaluated: Mapping[str, object] = task.internal_data.get("user") or {}
    return evaluated[name] if name in evaluated else getattr(task.task_spec.extensions, name)


def moment_of(task: Task, name: str) -> datetime | None:
    """Return the due or follow-up moment of a waiting user task; a due *day* lasts until its last second."""
    value = said_of(task, name) or None
    moment = _moment(task, value)
    if moment is not None and name == "due_date" and _is_day(value):
        return datetime.combine(moment.date(), time(), SHANGHAI) + LAST_SECOND
    return moment


LAST_SECOND = timedelta(days=1, seconds=-1)


def _moment(task: Task, value: object) -> datetime | None:
    try:
        return timers.as_moment(value)
    except timers.TimerError as error:
        raise failure(task, error.message, **error.values) from error


def _period_end(task: Task, text: str, since: object) -> datetime:
    """Return when a period that began at `since` is over; one in working days with the last second of its last day."""
    working_days = task.workflow.top_workflow.run.host.after_working_days
    try:
        period = timers.parse_period(text)
    except timers.TimerError as error:
        raise failure(task, error.message, **error.values) from error
    moment = timers.after(since, period, 1, working_days)  # type: ignore[arg-type]
    return moment - timedelta(seconds=1) if period.working_days else moment


def _is_day(value: object) -> bool:
    if isinstance(value, str):
        return len(value.strip()) == len("2026-12-31")
    return isinstance(value, date) and not isinstance(value, datetime)


class ServiceTask(Element):
    """A service task: its operation runs inside the step; what it gives back goes through the output mapping."""

    def _run_hook(self, my_task: Task) -> bool | None:
        return run_operation(my_task)


def run_operation(task: Task) -> bool | None:
    """Run the operation of a service or send task once, then its output mapping; None when a boundary event takes over.

    The result is kept while the mapping fails, so that a retry does not run the operation again.
    """
    said = task.task_spec.extensions
    run = task.workflow.top_workflow.run
    if "result" not in task.internal_data:
        map_inputs(task, said.inputs)
        try:
            result = run.host.operation(
                said.operation, mapped_of(task) if said.inputs else variables_of(task), said.headers
            )
        except BpmnError as error:
            run.throw_error(task, error.code, str(error))
            return None
        except Refused as error:
            if run.raising:
                raise
            raise _failed(task, error.message, **error.values) from error
        except Exception as error:
            raise _failed(task, "操作出错（%(kind)s: %(error)s）。", kind=type(error).__name__, error=error) from error
        task.internal_data["result"] = dict(result)
    result = task.internal_data["result"]
    give_back(task, result, said.outputs, result)
    return True


def _failed(task: Task, message: str, /, **values: object) -> OperationFailed:
    spec = task.task_spec
    return OperationFailed(spec.bpmn_id, spec.bpmn_name or "", message, **values)


class ScriptTask(Element):
    """A script task: one FEEL expression, its value in one variable."""

    def _run_hook(self, my_task: Task) -> bool:
        said = self.extensions
        map_inputs(my_task, said.inputs)
        value = evaluate(my_task, [said.script])[0]
        keep_result(my_task, value)
        return True


class BusinessRuleTask(Element):
    """A business rule task: a decision of a DMN file, its outcome in one variable."""

    def _run_hook(self, my_task: Task) -> bool:
        said = self.extensions
        map_inputs(my_task, said.inputs)
        (decision_id,) = evaluate_texts(my_task, [said.decision_id])
        keep_result(my_task, decide(my_task, str(decision_id)))
        return True


def decide(task: Task, decision_id: str) -> object:
    """Evaluate a decision with all that `task` sees; raises ExpressionFailed."""
    host = task.workflow.top_workflow.run.host
    try:
        source = host.decision_source(decision_id)
    except KeyError:
        raise failure(task, "没有决策表“%(decision)s”。", decision=decision_id) from None
    try:
        context = {**variables_of(task), **context_of(task, read_by(source), {})}
        return evaluate_decision(source, decision_id, context, now=host.now)
    except KeyError:
        raise failure(task, "决策文件里没有“%(decision)s”。", decision=decision_id) from None
    except DecisionError as error:
        raise failure(task, error.message, **error.values) from error
    except DiagramNotExecutable as error:
        raise failure(
            task, "决策表“%(decision)s”不能执行：%(reason)s", decision=decision_id, reason=error.findings[0].message
        ) from error


def read_by(source: str) -> list[str]:
    """Return the expressions of a DMN file, so that the facts which they name can be asked of the host."""
    texts: list[str] = []
    for decision in parse_decisions(source.encode()).decisions.values():
        if decision.table is not None:
            texts.extend(cell.text for cell in decision.table.inputs)
            texts.extend(cell.text for rule in decision.table.rules for cell in rule.outputs)
        if decision.literal is not None:
            texts.append(decision.literal.text)
    return texts


def keep_result(task: Task, value: object) -> None:
    """Set the result variable, or what the output mapping makes of it."""
    said = task.task_spec.extensions
    name = said.result_variable
    if said.outputs:
        give_back(task, {name: value} if name else {}, said.outputs, {})
    elif name:
        set_variable(task, name, value)


class CallActivity(Element):
    """A call activity: the called process runs as an instance of its own, started by whoever stores this step."""

    def _run_hook(self, my_task: Task) -> bool | None:
        said = self.extensions
        if "result" in my_task.internal_data:
            result = my_task.internal_data["result"]
            give_back(my_task, result, said.outputs, {} if said.child_variables is False else result)
            return True
        map_inputs(my_task, said.inputs)
        process_id, version_tag = evaluate_texts(my_task, [said.called_process, said.version_tag])
        if not isinstance(process_id, str) or not process_id:
            raise failure(my_task, "没有得出要调用的流程：“%(expression)s”。", expression=said.called_process)
        everything = said.parent_variables if said.parent_variables is not None else not said.inputs
        inputs = variables_of(my_task) if everything else mapped_of(my_task)
        my_task.internal_data["call"] = {"process": process_id, "tag": str(version_tag or ""), "inputs": inputs}
        my_task.workflow.top_workflow.run.entered(my_task)
        return None


class SubProcess(Element, SubWorkflowTaskMixin):
    """An embedded sub-process: a scope of its own inside the same instance."""

    def _run_hook(self, my_task: Task) -> bool | None:
        top = my_task.workflow.top_workflow
        inner = top.get_subprocess(my_task)
        if inner is None:
            map_inputs(my_task, self.extensions.inputs)
            top.create_subprocess(my_task, self.spec)
            top.run.entered(my_task)
            return None
        give_back(my_task, locals_of(my_task), self.extensions.outputs, {})
        return True

    def _on_cancel(self, my_task: Task) -> None:
        my_task.workflow.top_workflow.cancel_subprocess(my_task)
        super()._on_cancel(my_task)
