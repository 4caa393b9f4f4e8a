"""Lint of one BPMN file: read it, hold it to the limits, ask every rule, and put the findings in order."""

from __future__ import annotations

import time
from itertools import islice
from typing import TYPE_CHECKING, Final

from app.engine.lint import (
    called_elements,
    camunda_7,
    events,
    expressions,
    gateways,
    limits,
    messages,
    options,
    paths,
    picture,
    profile,
    properties,
    recorders,
    service_tasks,
    structure,
    tasks,
    timers,
    user_tasks,
)
from app.engine.lint.diagram import Diagram
from app.engine.lint.limits import MAX_FLOW_ELEMENTS, oversized
from app.engine.lint.rules import RULES
from app.engine.lint.soundness import soundness_findings
from app.engine.xml import BPMN, XmlElement, local_name, namespace, parse_xml
from app.errors import DiagramNotExecutable, Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.engine.lint.vocabulary import Vocabulary

CONCERNS: Final = (
    limits,
    structure,
    paths,
    gateways,
    events,
    timers,
    messages,
    tasks,
    user_tasks,
    service_tasks,
    called_elements,
    profile,
    properties,
    camunda_7,
    picture,
    expressions,
    options,
    recorders,
)
"""The modules whose rules are asked; importing them registers the rules."""

MOST_PER_RULE: Final = MAX_FLOW_ELEMENTS
"""Findings of one rule; a file within the limits reaches this only by repeating the same mistake."""

_SEVERITIES: Final = {"error": 0, "warning": 1, "info": 2}


def lint_process(source: bytes, vocabulary: Vocabulary) -> tuple[Finding, ...]:
    """Return all findings on a BPMN file, errors first, each severity in the order of the file. Never raises."""
    began = time.monotonic()
    try:
        root = parse_xml(source)
    except DiagramNotExecutable as refusal:
        return refusal.findings
    if namespace(root) != BPMN or local_name(root) != "definitions":
        return (_not_bpmn(root),)
    too_large = oversized(root)
    if too_large is not None:
        return (too_large,)
    diagram = Diagram(root, vocabulary)
    found = [item for rule in RULES.values() for item in _asked(rule.code, rule.findings(diagram))]
    found.extend(_asked("soundness", soundness_findings(diagram, found, began=began)))
    return _in_order(diagram, found)


def _asked(code: str, findings: Iterator[Finding]) -> list[Finding]:
    """Return the findings of one check; one that breaks must neither hide the others nor let a file pass."""
    try:
        return list(islice(findings, MOST_PER_RULE))
    except MemoryError:
        raise  # the process is under a limit, and what is left is not enough for the other checks either
    except Exception as error:  # noqa: BLE001 -- whatever it is, it becomes a finding
        return [_failed(code, error)]


def _in_order(diagram: Diagram, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    once = {(finding.code, finding.element_id, finding.message): finding for finding in findings}
    last = len(diagram.order)

    def place(finding: Finding) -> tuple[int, int]:
        return _SEVERITIES[finding.severity], diagram.order.get(finding.element_id, last)

    return tuple(sorted(once.values(), key=place))


def _not_bpmn(root: XmlElement) -> Finding:
    return Finding(
        "not-bpmn",
        "",
        "error",
        "这不是 BPMN 2.0 流程图。",
        "This is not a BPMN 2.0 diagram.",
        "请上传流程设计器保存的 .bpmn 文件；决策表是 .dmn，表单是 .form。",
        "Upload a .bpmn file as the modeler saves it; decision tables are .dmn, forms are .form.",
        {"root": local_name(root)[:60]},
    )


def _failed(code: str, error: Exception) -> Finding:
    return Finding(
        "check-failed",
        "",
        "error",
        f"检查“{code}”没有完成，这份文件暂不能发布。",
        f"The check “{code}” did not finish; this file cannot be published for now.",
        "请把这份文件交给系统管理员。",
        "Please hand this file to the administrator.",
        {"rule": code, "cause": type(error).__name__},
    )
