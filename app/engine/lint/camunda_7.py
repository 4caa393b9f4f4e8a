"""Rules on the notation of Camunda 7 and its kin Flowable and Activiti, with what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.engine import xml
from app.engine.lint.rules import ERROR, INFO, Hits, at, rule
from app.engine.lint.vocabulary import Named
from app.engine.xml import JAVA_ENGINES, MODELER, is_bpmn, local_name, namespace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.engine.lint.diagram import Diagram
    from app.engine.xml import XmlElement

HARMLESS: Final = frozenset(
    {"historyTimeToLive", "isStartableInTasklist", "exclusive", "jobPriority", "taskPriority", "async", "asyncBefore",
     "asyncAfter", "formRefBinding", "formRefVersion", "decisionRefBinding", "mapDecisionResult",
     "failedJobRetryTimeCycle", "diagramRelationId"}
)  # fmt: skip
"""What has no use here and is taken away."""


_FROM_CAMUNDA_7: Final = {
    "candidateGroups": ("候选组", "candidate groups", "zeebe:assignmentDefinition candidateGroups"),
    "candidateUsers": ("候选人", "candidate users", "zeebe:assignmentDefinition candidateUsers"),
    "assignee": ("办理人", "assignee", "zeebe:assignmentDefinition assignee"),
    "formKey": ("表单", "form", "zeebe:formDefinition formId"),
    "formRef": ("表单", "form", "zeebe:formDefinition formId"),
    "dueDate": ("到期时间", "due date", "zeebe:taskSchedule dueDate"),
    "followUpDate": ("提醒时间", "follow-up date", "zeebe:taskSchedule followUpDate"),
    "priority": ("优先级", "priority", "zeebe:priorityDefinition"),
    "topic": ("外部任务主题", "external task topic", "zeebe:taskDefinition type"),
    "delegateExpression": ("委托表达式", "delegate expression", "zeebe:taskDefinition type"),
    "class": ("Java 类", "Java class", "zeebe:taskDefinition type"),
    "expression": ("表达式", "expression", "zeebe:taskDefinition type"),
    "executionListener": ("执行监听器", "execution listener", "bpmn:serviceTask"),
    "taskListener": ("任务监听器", "task listener", "bpmn:serviceTask"),
    "calledElement": ("被调用的流程", "called process", "zeebe:calledElement processId"),
    "calledElementVersionTag": ("版本标记", "version tag", "zeebe:calledElement versionTag"),
    "versionTag": ("版本标记", "version tag", "zeebe:versionTag"),
    "candidateStarterGroups": ("可发起的组", "starter groups", 'zeebe:property name="starters"'),
    "resultVariable": ("结果变量", "result variable", "zeebe:script / zeebe:calledDecision resultVariable"),
    "decisionRef": ("决策", "decision", "zeebe:calledDecision decisionId"),
    "collection": ("多实例集合", "collection", "zeebe:loopCharacteristics inputCollection"),
    "elementVariable": ("多实例元素", "element variable", "zeebe:loopCharacteristics inputElement"),
    "inputOutput": ("输入输出", "input and output", "zeebe:ioMapping"),
    "formData": ("表单字段", "form fields", "zeebe:formDefinition formId"),
    "properties": ("属性", "properties", "zeebe:properties"),
    "in": ("传入变量", "variables in", "zeebe:ioMapping input"),
    "out": ("传出变量", "variables out", "zeebe:ioMapping output"),
}


@rule(
    "camunda-7",
    ERROR,
    zh="“%(name)s”用了 %(engine)s 的写法（%(found)s），这里不读，会丢失。",
    en="“%(name)s” is written for %(engine)s (%(found)s), which is not read here and would be lost.",
    hint="请改写为：%(instead)s。",
    hint_en="Write instead: %(instead)s.",
)
def camunda_7(diagram: Diagram) -> Hits:
    """Yield each element with attributes or extension elements of Camunda 7 that mean something."""
    for owner, (engine, found) in diagram.remember(_camunda_7).items():
        telling = [name for name in found if name not in HARMLESS]
        if telling:
            known = [_FROM_CAMUNDA_7[name] for name in telling if name in _FROM_CAMUNDA_7]
            instead = "、".join(f"{zh} → {way}" for zh, _, way in known) or "本系统的相应设置，或删去"
            instead_en = ", ".join(f"{en} → {way}" for _, en, way in known) or "the corresponding setting, or remove it"
            way = Named(instead, instead_en)
            yield at(owner, name=owner, engine=engine, found=", ".join(telling), instead=way)


@rule(
    "camunda-7-harmless",
    INFO,
    zh="“%(name)s”带有 %(engine)s 的 %(found)s，这里不用，可以删去。",
    en="“%(name)s” carries %(found)s of %(engine)s, which has no use here.",
    hint="请删去。",
    hint_en="Remove it.",
)
def camunda_7_harmless(diagram: Diagram) -> Hits:
    """Yield each element with attributes of Camunda 7 whose loss does no harm."""
    for owner, (engine, found) in diagram.remember(_camunda_7).items():
        harmless = [name for name in found if name in HARMLESS]
        if harmless:
            yield at(owner, name=owner, engine=engine, found=", ".join(harmless))


@rule(
    "platform-not-camunda-8",
    INFO,
    zh="文件没有注明是 Camunda 8 的流程图，桌面流程设计器会显示别的属性面板。",
    en="The file does not say that it is a Camunda 8 diagram; the desktop modeler would show other properties.",
    hint='请在 definitions 上写 modeler:executionPlatform="Camunda Cloud"。',
    hint_en='Write modeler:executionPlatform="Camunda Cloud" on its definitions.',
)
def platform_not_camunda_8(diagram: Diagram) -> Hits:
    """Yield the file if it is marked for another platform or for none."""
    if diagram.root.get(f"{{{MODELER}}}executionPlatform") != "Camunda Cloud":
        yield at("")


def _camunda_7(diagram: Diagram) -> dict[str, tuple[str, list[str]]]:
    """Return for each place what it says in the notation of Camunda 7 or its kin, and which engine's it is."""
    found: dict[str, tuple[str, list[str]]] = {}
    for element in diagram.all_elements:
        for engine, name in _said(element):
            names = found.setdefault(diagram.owner(element), (engine, []))[1]
            if name not in names:
                names.append(name)
    return found


def _said(element: XmlElement) -> Iterator[tuple[str, str]]:
    """Yield what one element says so: the engine, and the name of the attribute or extension element."""
    for key in element.keys():  # noqa: SIM118 -- an element iterates over its children
        space, _, name = str(key).rpartition("}")
        if space[1:] in JAVA_ENGINES:
            yield JAVA_ENGINES[space[1:]], name
    parent = element.getparent()
    if namespace(element) in JAVA_ENGINES and parent is not None and is_bpmn(parent):
        yield JAVA_ENGINES[namespace(element)], local_name(element)
    drawn = is_bpmn(element, "callActivity") and element.get("calledElement")
    if drawn and xml.extension(element, "calledElement") is None:
        yield "Camunda 7", "calledElement"
