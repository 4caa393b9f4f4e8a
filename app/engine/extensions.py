"""The `zeebe:` extension elements of one BPMN element, read into typed values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.engine.xml import BPMN, ZEEBE, XmlElement, child, children, extension, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Assignment:
    """One line of an input or output mapping: `source` (FEEL with "=", else text) goes to the variable `target`."""

    source: str
    target: str


@dataclass(frozen=True)
class Loop:
    """Multi-instance: over which collection, under which names, and when it may end early."""

    sequential: bool
    input_collection: str
    input_element: str = ""
    output_collection: str = ""
    output_element: str = ""
    completion_condition: str = ""


@dataclass(frozen=True)
class Extensions:
    """All that a diagram says about one element beyond plain BPMN. Texts with a leading "=" are FEEL."""

    documentation: str = ""
    inputs: tuple[Assignment, ...] = ()
    outputs: tuple[Assignment, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    form_id: str = ""
    assignee: str = ""
    candidate_groups: str = ""
    candidate_users: str = ""
    due_date: str = ""
    follow_up_date: str = ""
    priority: str = ""
    operation: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    script: str = ""
    decision_id: str = ""
    result_variable: str = ""
    called_process: str = ""
    binding: str = "latest"
    version_tag: str = ""
    parent_variables: bool | None = None
    """Whether a call hands over every variable; None where the diagram does not say."""
    child_variables: bool | None = None
    """Whether a call takes every variable back; None where the diagram does not say."""
    loop: Loop | None = None


def read_extensions(node: XmlElement) -> Extensions:
    """Return what hangs on `node`; an element without extension elements gives the defaults."""
    assignment = extension(node, "assignmentDefinition")
    schedule = extension(node, "taskSchedule")
    called = extension(node, "calledElement")
    script = extension(node, "script")
    decision = extension(node, "calledDecision")
    return Extensions(
        documentation=text_of(child(node, BPMN, "documentation")),
        inputs=_mapping(node, "input"),
        outputs=_mapping(node, "output"),
        properties=_pairs(extension(node, "properties"), "property", "name"),
        form_id=_text(extension(node, "formDefinition"), "formId"),
        assignee=_text(assignment, "assignee"),
        candidate_groups=_text(assignment, "candidateGroups"),
        candidate_users=_text(assignment, "candidateUsers"),
        due_date=_text(schedule, "dueDate"),
        follow_up_date=_text(schedule, "followUpDate"),
        priority=_text(extension(node, "priorityDefinition"), "priority"),
        operation=_text(extension(node, "taskDefinition"), "type"),
        headers=_pairs(extension(node, "taskHeaders"), "header", "key"),
        script=_text(script, "expression"),
        decision_id=_text(decision, "decisionId"),
        result_variable=_text(script, "resultVariable") or _text(decision, "resultVariable"),
        called_process=_text(called, "processId"),
        binding=_text(called, "bindingType") or "latest",
        version_tag=_text(called, "versionTag"),
        parent_variables=_flag(called, "propagateAllParentVariables"),
        child_variables=_flag(called, "propagateAllChildVariables"),
        loop=_loop(node),
    )


def _text(element: XmlElement | None, attribute: str) -> str:
    return "" if element is None else element.get(attribute, "").strip()


def _flag(element: XmlElement | None, attribute: str) -> bool | None:
    said = _text(element, attribute)
    return None if not said else said == "true"


def _mapping(node: XmlElement, side: str) -> tuple[Assignment, ...]:
    holder = extension(node, "ioMapping")
    if holder is None:
        return ()
    return tuple(Assignment(_text(line, "source"), _text(line, "target")) for line in children(holder, ZEEBE, side))


def _pairs(holder: XmlElement | None, name: str, key: str) -> dict[str, str]:
    if holder is None:
        return {}
    return {_text(pair, key): pair.get("value", "") for pair in children(holder, ZEEBE, name)}


def _loop(node: XmlElement) -> Loop | None:
    drawn = child(node, BPMN, "multiInstanceLoopCharacteristics")
    if drawn is None:
        return None
    said = extension(drawn, "loopCharacteristics")
    return Loop(
        sequential=drawn.get("isSequential", "false") == "true",
        input_collection=_text(said, "inputCollection"),
        input_element=_text(said, "inputElement"),
        output_collection=_text(said, "outputCollection"),
        output_element=_text(said, "outputElement"),
        completion_condition=text_of(child(drawn, BPMN, "completionCondition")),
    )
