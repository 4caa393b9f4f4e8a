"""Rules on forms that record something of the regulation: who may hold their task, and what must have come before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.domain import feel_words
from app.engine import xml
from app.engine.lint.expressions import readings
from app.engine.lint.rules import ERROR, WARNING, Hits, at, rule
from app.engine.lint.tasks import is_expression, listed, setting, written
from app.engine.lint.vocabulary import Named, Recorder
from app.engine.xml import ZEEBE, children

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.engine.lint.diagram import Diagram, Node

SIGNING: Final = "f00s"
"""The form that signs another one, named by the property `signs`."""

_FILTER: Final = re.compile(r'"(?:[^"\\]|\\.)*"|([A-Za-z_][\w.]*)\[\s*([A-Za-z_]\w*)\s*\]')


@rule(
    "recorder-role",
    ERROR,
    zh="任务“%(name)s”的表单 %(form)s 依职责只能由%(roles)s办理，写在这里的角色办理时都会被拒绝。",
    en="The form %(form)s of the task “%(name)s” may only be recorded by %(roles)s; the roles drawn here would be "
    "refused.",
    hint="请把办理角色改为其中之一。",
    hint_en="Give it one of these roles.",
)
def recorder_role(diagram: Diagram) -> Hits:
    """Yield each task whose roles are all refused by what records its form."""
    for node in diagram.nodes_of("userTask"):
        recorder = recorder_of(diagram, node)
        groups = setting(node, "assignmentDefinition", "candidateGroups")
        if recorder is None or not recorder.roles or not groups or is_expression(groups):
            continue
        if not recorder.roles & set(listed(groups)):
            form = setting(node, "formDefinition", "formId")
            yield at(node.id, name=node.label, form=form, roles=_roles(diagram, sorted(recorder.roles)))


@rule(
    "recorder-predecessor",
    WARNING,
    zh="任务“%(name)s”的记录要求先办过 %(form)s（%(title)s），但有一条路不经过它：%(way)s。",
    en="What the task “%(name)s” records needs %(form)s (%(title)s) before it, but a way leads past that: %(way)s.",
    hint="请在这条路上补上办理 %(form)s 的任务，或让这条路到不了这里；否则办理时会被拒绝。",
    hint_en="Put a task with %(form)s on that way, or let it not lead here; else the task will be refused.",
)
def recorder_predecessor(diagram: Diagram) -> Hits:
    """Yield each task that can be reached without what its recorder needs before it, with the way."""
    for node in diagram.nodes_of("userTask"):
        recorder = recorder_of(diagram, node)
        for form in recorder.after if recorder is not None else ():
            if not _drawn(diagram, form) and _elsewhere(diagram, form):
                continue
            trace = way_around(diagram, node, form)
            if trace:
                way = "、".join(f"“{step.label}”" for step in trace if step.element.get("name"))[-300:]
                yield at(
                    node.id, name=node.label, form=form, title=_title(diagram, form), way=Named(way, way),
                    trace=tuple(step.id for step in trace),
                )  # fmt: skip


@rule(
    "role-without-person",
    WARNING,
    zh="任务“%(name)s”由%(roles)s办理，而现在没有一个在用账号担任。",
    en="The task “%(name)s” is for %(roles)s, which no active account holds.",
    hint="请先给人授予角色，或改由别的角色办理。",
    hint_en="Grant somebody the role, or give the task to another one.",
)
def role_without_person(diagram: Diagram) -> Hits:
    """Yield each task whose roles nobody in this installation holds."""
    held = diagram.vocabulary.held_roles
    known = diagram.vocabulary.roles or {}
    if held is None:
        return
    for node in diagram.nodes_of("userTask"):
        groups = setting(node, "assignmentDefinition", "candidateGroups")
        roles = [] if is_expression(groups) else [role for role in listed(groups) if role in known]
        if roles and not held & set(roles):
            yield at(node.id, name=node.label, roles=_roles(diagram, roles))


@rule(
    "variable-hides-function",
    WARNING,
    zh="“%(name)s”写入名为“%(variable)s”的变量，此后表达式里的同名函数就用不了了。",
    en="“%(name)s” writes a variable called “%(variable)s”, which hides the function of that name in expressions.",
    hint="请换一个变量名，例如 %(variable)s_value。",
    hint_en="Choose another name, such as %(variable)s_value.",
)
def variable_hides_function(diagram: Diagram) -> Hits:
    """Yield each variable with the name of a function of FEEL."""
    for node in diagram.nodes:
        for variable in dict.fromkeys(written(node)):
            if variable in feel_words.FUNCTIONS:
                yield at(node.id, name=node.label, variable=variable)


@rule(
    "filter-by-name",
    WARNING,
    zh="“%(name)s”的%(purpose)s里，“%(filter)s”按名称筛选：“%(key)s”可能是清单里每一项的值，也可能是外面的变量。",
    en="In the %(purpose)s of “%(name)s”, “%(filter)s” filters by a bare name: “%(key)s” may be the entry of each item "
    "or a variable outside.",
    hint="请写明是每一项的值，例如 %(list)s[item.%(key)s = true]。",
    hint_en="Say that it is the item's, such as %(list)s[item.%(key)s = true].",
)
def filter_by_name(diagram: Diagram) -> Hits:
    """Yield each list that is filtered by nothing but a name."""
    for reading in diagram.remember(readings).read:
        item = reading.expression
        for found in _FILTER.finditer(item.text):
            if found[1]:
                yield at(
                    item.element_id, name=item.label, purpose=item.purpose, filter=found[0], key=found[2],
                    list=found[1],
                )  # fmt: skip


def recorder_of(diagram: Diagram, node: Node) -> Recorder | None:
    """Return what records the form of a task: its purpose, what it signs, or the form's own recorder."""
    known = diagram.vocabulary.recorders or {}
    form = setting(node, "formDefinition", "formId")
    properties = _properties(node)
    found = known.get(f"records:{properties.get('records', '')}")
    if found is not None and found.form == form:
        return found
    if form == SIGNING:
        return known.get(f"signs:{properties.get('signs', '')}")
    return known.get(form)


def way_around(diagram: Diagram, node: Node, form: str) -> list[Node]:
    """Return the shortest way from a start to a task on which nothing records `form`; empty if there is none."""
    starts = [start for start in diagram.nodes_of("startEvent") if start.scope.parent is None]
    before: dict[Node, Node | None] = dict.fromkeys(starts)
    pending = list(starts)
    while pending:
        at_ = pending.pop(0)
        if at_ is node:
            return _back(before, node)
        if _records(diagram, at_, form):
            continue
        for following in _onward(at_):
            if following not in before:
                before[following] = at_
                pending.append(following)
    return []


def _back(before: dict[Node, Node | None], node: Node) -> list[Node]:
    way = [node]
    while (earlier := before[way[-1]]) is not None:
        way.append(earlier)
    return way[::-1]


def _onward(node: Node) -> Iterator[Node]:
    """Yield what may come next: into a sub-process by its starts, out of it by its ends and borders."""
    if node.inner is not None:
        yield from (inner for inner in node.inner.nodes if inner.type == "startEvent")
        yield from node.boundaries
        return
    yield from node.successors
    if node.type == "endEvent" and node.scope.parent is not None:
        owner = next((outer for outer in node.scope.parent.nodes if outer.inner is node.scope), None)
        if owner is not None:
            yield from (flow.target for flow in owner.outgoing if flow.target is not None)


def _records(diagram: Diagram, node: Node, form: str) -> bool:
    if node.type == "userTask":
        return setting(node, "formDefinition", "formId") == form
    if node.type == "callActivity":
        process = (diagram.vocabulary.processes or {}).get(setting(node, "calledElement", "processId"))
        return process is not None and form in process.forms
    return False


def _drawn(diagram: Diagram, form: str) -> bool:
    return any(_records(diagram, node, form) for node in diagram.nodes)


def _elsewhere(diagram: Diagram, form: str) -> bool:
    """Say whether another process records the form; without a list of processes that is not known."""
    own = {process.get("id", "") for process in diagram.processes}
    processes = diagram.vocabulary.processes
    return processes is None or any(form in process.forms for key, process in processes.items() if key not in own)


def _properties(node: Node) -> dict[str, str]:
    return {
        entry.get("name", ""): entry.get("value", "")
        for holder in xml.extensions(node.element, "properties")
        for entry in children(holder, ZEEBE, "property")
    }


def _title(diagram: Diagram, form: str) -> Named:
    known = (diagram.vocabulary.forms or {}).get(form)
    return known.name if known is not None and known.name.zh else Named(form)


def _roles(diagram: Diagram, codes: list[str]) -> Named:
    known = diagram.vocabulary.roles or {}
    named = [known.get(code, Named(code)) for code in codes]
    return Named("、".join(one.zh for one in named), ", ".join(one.en or one.zh for one in named))
