"""Rules on what a diagram calls: scripts, decisions and other processes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.engine import xml
from app.engine.lint.nearest import nearest_hint
from app.engine.lint.rules import ERROR, WARNING, Hits, at, rule
from app.engine.lint.tasks import RESULT_HOLDERS, is_expression, setting
from app.engine.lint.vocabulary import Named

if TYPE_CHECKING:
    from app.engine.lint.diagram import Diagram

_CALLED: Final = frozenset({"", "latest", "deployment", "versionTag"})
_IN_FORCE: Final = frozenset({"", "latest"})
_BINDINGS: Final = {"calledElement": _CALLED, "calledDecision": _IN_FORCE, "formDefinition": _IN_FORCE}
"""Extension element → the bindings that are read: tables and forms are always those in force (architecture §1)."""


@rule(
    "script-not-feel",
    ERROR,
    zh="脚本任务“%(name)s”没有 FEEL 表达式；别的脚本语言不能执行。",
    en="The script task “%(name)s” has no FEEL expression; no other script language is executed.",
    hint="请把实现方式设为 FEEL 表达式，写上表达式和结果变量。",
    hint_en="Set its implementation to a FEEL expression and give the expression and the result variable.",
)
def script_not_feel(diagram: Diagram) -> Hits:
    """Yield each script task without a FEEL expression."""
    for node in diagram.nodes_of("scriptTask"):
        if not setting(node, "script", "expression").strip("= "):
            yield at(node.id, name=node.label)


@rule(
    "result-variable-missing",
    ERROR,
    zh="%(type)s“%(name)s”没有写明结果变量，结果会丢失。",
    en="The %(type)s “%(name)s” names no result variable, so its result would be lost.",
    hint="请填写一个普通名称，例如 amount。",
    hint_en="Give a plain name, such as amount.",
)
def result_variable_missing(diagram: Diagram) -> Hits:
    """Yield each script and business rule task without a result variable."""
    for node in diagram.nodes:
        held = RESULT_HOLDERS.get(node.type)
        if held and xml.extension(node.element, held) is not None and not setting(node, held, "resultVariable"):
            yield at(node.id, type=node.type_name, name=node.label)


@rule(
    "rule-without-decision",
    ERROR,
    zh="业务规则任务“%(name)s”没有选择决策表。",
    en="The business rule task “%(name)s” names no decision.",
    hint="请把实现方式设为 DMN 决策，填写决策编号和结果变量。",
    hint_en="Set its implementation to a DMN decision and give the decision id and the result variable.",
)
def rule_without_decision(diagram: Diagram) -> Hits:
    """Yield each business rule task without a decision."""
    for node in diagram.nodes_of("businessRuleTask"):
        if not setting(node, "calledDecision", "decisionId").strip("= "):
            yield at(node.id, name=node.label)


@rule(
    "unknown-decision",
    ERROR,
    zh="业务规则任务“%(name)s”用的决策“%(decision)s”没有发布。",
    en="The decision “%(decision)s” of the business rule task “%(name)s” is not published.",
    hint="%(nearest)s",
    hint_en="%(nearest)s",
)
def unknown_decision(diagram: Diagram) -> Hits:
    """Yield each decision that does not exist."""
    known = diagram.vocabulary.decisions
    for node in diagram.nodes_of("businessRuleTask"):
        wanted = setting(node, "calledDecision", "decisionId")
        if known is not None and wanted.strip("= ") and not is_expression(wanted) and wanted not in known:
            yield at(node.id, name=node.label, decision=wanted, nearest=nearest_hint(diagram, wanted, known))


@rule(
    "call-without-process",
    ERROR,
    zh="调用活动“%(name)s”没有写明调用哪个流程。",
    en="The call activity “%(name)s” does not say which process it calls.",
    hint="请在“被调用的元素”里填写流程编号，例如 p09_acceptance。",
    hint_en="Give the process id in its called element, such as p09_acceptance.",
)
def call_without_process(diagram: Diagram) -> Hits:
    """Yield each call activity without a process."""
    for node in diagram.nodes_of("callActivity"):
        if not setting(node, "calledElement", "processId").strip("= "):
            yield at(node.id, name=node.label)


@rule(
    "unknown-process",
    ERROR,
    zh="调用活动“%(name)s”调用的流程“%(process)s”没有发布。",
    en="The process “%(process)s” that the call activity “%(name)s” calls is not published.",
    hint="%(nearest)s",
    hint_en="%(nearest)s",
)
def unknown_process(diagram: Diagram) -> Hits:
    """Yield each called process that does not exist; a process may call itself."""
    known = diagram.vocabulary.processes
    own = {process.get("id", "").strip() for process in diagram.processes}
    for node in diagram.nodes_of("callActivity"):
        wanted = setting(node, "calledElement", "processId")
        if known is None or not wanted.strip("= ") or is_expression(wanted) or wanted in own:
            continue
        if wanted not in known:
            yield at(node.id, name=node.label, process=wanted, nearest=nearest_hint(diagram, wanted, known))


@rule(
    "calls-itself",
    WARNING,
    zh="调用活动“%(name)s”调用的就是本流程，可能没有尽头。",
    en="The call activity “%(name)s” calls this very process; that may never end.",
    hint="请确认有一条不再调用的路；引擎到达层数上限会停下。",
    hint_en="Make sure that some path does not call again; the engine stops at its depth limit.",
)
def calls_itself(diagram: Diagram) -> Hits:
    """Yield each call activity that calls the process it stands in."""
    own = {process.get("id", "").strip() for process in diagram.processes}
    for node in diagram.nodes_of("callActivity"):
        if setting(node, "calledElement", "processId") in own - {""}:
            yield at(node.id, name=node.label)


_WAYS_OF_CALLS: Final = Named(
    "绑定方式是 latest、deployment 或 versionTag；用 versionTag 时要写版本标记。",
    "A binding is latest, deployment or versionTag; versionTag needs a version tag.",
)
_WAYS_OF_OTHERS: Final = Named(
    "表单和决策表总是用正在使用的版本，请改为 latest 或者删去。",
    "Forms and decision tables are always those in force: choose latest, or remove it.",
)


@rule(
    "binding-invalid",
    ERROR,
    zh="“%(name)s”的绑定方式“%(binding)s”不能用，或缺少版本标记。",
    en="The binding “%(binding)s” of “%(name)s” cannot be used, or lacks its version tag.",
    hint="%(ways)s",
    hint_en="%(ways)s",
)
def binding_invalid(diagram: Diagram) -> Hits:
    """Yield each binding that is unknown, and each version tag binding without a tag."""
    for node in diagram.nodes:
        for name, read in _BINDINGS.items():
            binding = setting(node, name, "bindingType")
            if binding not in read or (binding == "versionTag" and not setting(node, name, "versionTag")):
                ways = _WAYS_OF_CALLS if read is _CALLED else _WAYS_OF_OTHERS
                yield at(node.id, name=node.label, binding=binding, ways=ways)
