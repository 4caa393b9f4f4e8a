"""Process variables: the scopes that a task sees, the facts that an expression names, and how values are set.

As in Camunda 8 the variables belong to the scope (process or sub-process), not to the token: parallel branches see each
other's, and a join has nothing to merge. Local are only the results of an input mapping and a multi-instance's element.
A value is never changed in place; setting `a.b` makes a new `a`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from app import feel
from app.engine.failures import ExpressionFailed

if TYPE_CHECKING:
    from app.engine.extensions import Assignment
    from app.engine.library import Task

FACTS = frozenset({"project", "deadline", "hold", "submission", "instance", "parameter"})
"""First names that are asked of the host instead of the process variables."""

_NOTHING: Mapping[str, object] = {}


def is_expression(text: str) -> bool:
    """Say whether a text of the diagram is FEEL: it begins with "="."""
    return text.lstrip().startswith("=")


def variables_of(task: Task) -> dict[str, object]:
    """Return all variables that `task` sees, its own local ones covering those further out."""
    seen: dict[str, object] = {}
    for scope in reversed(_scopes(task)):
        seen.update(scope)
    return seen


def locals_of(task: Task) -> dict[str, object]:
    """Return the local variables of `task` alone: its input mapping and its multi-instance element."""
    return dict(task.internal_data.get("local") or {})


def mapped_of(task: Task) -> dict[str, object]:
    """Return of the local variables those that the input mapping names."""
    names = {line.target.partition(".")[0] for line in task.task_spec.extensions.inputs}
    return {name: value for name, value in locals_of(task).items() if name in names}


def set_local(task: Task, target: str, value: object) -> None:
    """Set a local variable of `task`; `target` may be a path such as `a.b`."""
    task.internal_data["local"] = _with(task.internal_data.get("local") or {}, target.split("."), value)


def set_variable(task: Task, target: str, value: object) -> None:
    """Set what `task` gives back: in the innermost enclosing scope that has the name, else in the process.

    An instance of a multi-instance activity with an output collection keeps it to itself: only the collection leaves.
    """
    if task.internal_data.get("collects"):
        set_local(task, target, value)
        return
    path = target.split(".")
    for owner in _enclosing(task):
        scope = owner.internal_data.get("local") or {}
        if path[0] in scope or owner.internal_data.get("collects"):
            owner.internal_data["local"] = _with(scope, path, value)
            return
    top = task.workflow.top_workflow
    top.data.update(_with({path[0]: top.data.get(path[0])}, path, value))


def evaluate(task: Task, expressions: Sequence[str], extra: Mapping[str, object] = _NOTHING) -> list[object]:
    """Return the values of FEEL `expressions` as `task` sees them, with `extra` on top, in one call.

    Raises ExpressionFailed, naming the element, for the first that cannot be evaluated.
    """
    return [settled(task, outcome) for outcome in attempt(task, expressions, extra)]


def attempt(task: Task, expressions: Sequence[str], extra: Mapping[str, object] = _NOTHING) -> list[object]:
    """Like `evaluate`, but leaves a FeelError in the place of an expression that cannot be evaluated."""
    if not expressions:
        return []
    run = task.workflow.top_workflow.run
    try:
        return feel.evaluate_all(expressions, context_of(task, expressions, extra), now=run.host.now)
    except feel.FeelError as error:
        raise failure(task, error.message, **error.values) from error


def settled(task: Task, outcome: object) -> object:
    """Return `outcome`, or raise ExpressionFailed for `task` when it is a FeelError."""
    if isinstance(outcome, feel.FeelError):
        raise failure(task, outcome.message, **outcome.values) from outcome
    return outcome


def evaluate_texts(task: Task, texts: Sequence[str], extra: Mapping[str, object] = _NOTHING) -> list[object]:
    """Return each text as it stands, or its value where it is FEEL, all FEEL in one call."""
    values = iter(evaluate(task, [text for text in texts if is_expression(text)], extra))
    return [next(values) if is_expression(text) else text for text in texts]


def map_inputs(task: Task, assignments: Sequence[Assignment]) -> None:
    """Apply an input mapping: every source as seen from outside, every target a local variable."""
    for line, value in zip(assignments, evaluate_texts(task, [line.source for line in assignments]), strict=True):
        set_local(task, line.target, value)


def give_back(
    task: Task, results: Mapping[str, object], assignments: Sequence[Assignment], otherwise: Mapping[str, object]
) -> None:
    """Apply an output mapping to `results`, which its sources see on top; without a mapping set `otherwise`."""
    if not assignments:
        for name, value in otherwise.items():
            set_variable(task, name, value)
        return
    values = evaluate_texts(task, [line.source for line in assignments], results)
    for line, value in zip(assignments, values, strict=True):
        set_variable(task, line.target, value)


def context_of(task: Task, expressions: Iterable[str], extra: Mapping[str, object]) -> dict[str, object]:
    """Return of all that `task` sees what the expressions name, with the facts that they name from the host."""
    paths = frozenset().union(*(feel.names(expression) for expression in expressions))
    firsts = {path.partition(".")[0] for path in paths}
    seen = variables_of(task)
    seen.update(extra)
    context = {name: seen[name] for name in firsts if name in seen}
    asked = frozenset(path for path in paths if path.partition(".")[0] in FACTS)
    if asked:
        context.update(task.workflow.top_workflow.run.host.facts(asked))
    return context


def failure(task: Task, message: str, /, **values: object) -> ExpressionFailed:
    """Return the exception that names this element as the one that failed."""
    spec = task.task_spec
    return ExpressionFailed(spec.bpmn_id or spec.name, spec.bpmn_name or "", message, **values)


def typed_key(value: object) -> str | None:
    """Return a correlation key as text; None when the value (null, list, map …) cannot be one."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (str, int, float)):
        return str(value)
    return value.isoformat() if isinstance(value, datetime) else None


def _scopes(task: Task) -> list[Mapping[str, object]]:
    inner = [task.internal_data.get("local") or _NOTHING]
    inner.extend(owner.internal_data.get("local") or _NOTHING for owner in _enclosing(task))
    inner.append(task.workflow.top_workflow.data)
    return inner


def _enclosing(task: Task) -> list[Task]:
    """Return the tasks of the sub-processes around `task`, innermost first."""
    owners = []
    workflow = task.workflow
    while workflow.parent_task_id is not None:
        owner = workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
        owners.append(owner)
        workflow = owner.workflow
    return owners


def _with(scope: Mapping[str, object], path: Sequence[str], value: object) -> dict[str, object]:
    if len(path) == 1:
        return {**scope, path[0]: value}
    inner = scope.get(path[0])
    return {**scope, path[0]: _with(inner if isinstance(inner, Mapping) else {}, path[1:], value)}
