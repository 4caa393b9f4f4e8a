"""Rules on what nothing reads: extensions, their attributes, and elements outside the modelling profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.engine import xml
from app.engine.lint.diagram import Diagram
from app.engine.lint.rules import ERROR, INFO, WARNING, Hits, at, rule
from app.engine.xml import BPMN, JAVA_ENGINES, MODELER, ZEEBE, XmlElement, children, is_bpmn, local_name, namespace

if TYPE_CHECKING:
    from collections.abc import Iterator


_FOREIGN_PROCESSES: Final = frozenset(
    {"choreography", "globalChoreographyTask", "choreographyTask", "subChoreography", "callChoreography"}
)


_DATA: Final = frozenset({"dataObject", "dataObjectReference", "dataStoreReference", "dataStore"})


_MAPPED: Final = frozenset({"ioMapping", "properties"})


READ: Final = {
    "process": {"versionTag", "properties"},
    "userTask": {
        "userTask",
        "assignmentDefinition",
        "formDefinition",
        "taskSchedule",
        "priorityDefinition",
        "taskHeaders",
        *_MAPPED,
    },
    "serviceTask": {"taskDefinition", "taskHeaders", *_MAPPED},
    "sendTask": {"taskDefinition", "taskHeaders", *_MAPPED},
    "receiveTask": {*_MAPPED},
    "scriptTask": {"script", *_MAPPED},
    "businessRuleTask": {"calledDecision", *_MAPPED},
    "callActivity": {"calledElement", *_MAPPED},
    "subProcess": {*_MAPPED},
    "startEvent": {"formDefinition", *_MAPPED},
    "endEvent": {"taskDefinition", "taskHeaders", *_MAPPED},
    "intermediateCatchEvent": {*_MAPPED},
    "intermediateThrowEvent": {"taskDefinition", "taskHeaders", *_MAPPED},
    "boundaryEvent": {*_MAPPED},
    "message": {"subscription"},
    "signal": set(),
    "multiInstanceLoopCharacteristics": {"loopCharacteristics"},
}
"""BPMN element → the `zeebe:` extension elements that are read on it (or, for `zeebe:userTask`, harmless)."""


_SETTINGS: Final = {
    "versionTag": {"value"},
    "assignmentDefinition": {"assignee", "candidateGroups", "candidateUsers"},
    "formDefinition": {"formId", "formKey", "externalReference", "bindingType", "versionTag"},
    "taskSchedule": {"dueDate", "followUpDate"},
    "priorityDefinition": {"priority"},
    "property": {"name", "value"},
    "taskDefinition": {"type"},
    "header": {"key", "value"},
    "input": {"source", "target"},
    "output": {"source", "target"},
    "script": {"expression", "resultVariable"},
    "calledDecision": {"decisionId", "resultVariable", "bindingType", "versionTag"},
    "calledElement": {
        "processId",
        "bindingType",
        "versionTag",
        "propagateAllParentVariables",
        "propagateAllChildVariables",
    },
    "loopCharacteristics": {"inputCollection", "inputElement", "outputCollection", "outputElement"},
    "subscription": {"correlationKey"},
}
"""`zeebe:` extension element → its attributes that are read, or of which another rule speaks."""


_LISTENERS: Final = frozenset({"executionListeners", "taskListeners"})


_COSMETIC: Final = frozenset({"modelerTemplateIcon", "modelerTemplateVersion"})


@rule(
    "listener-not-read",
    ERROR,
    zh="“%(name)s”上有监听器（%(found)s），本系统不执行监听器。",
    en="“%(name)s” has listeners (%(found)s), which are not executed here.",
    hint="请改为流程里的服务任务，让人在图上看得见。",
    hint_en="Draw a service task instead, where people see it.",
)
def listener_not_read(diagram: Diagram) -> Hits:
    """Yield each element with execution or task listeners."""
    for owner, item in extensions(diagram):
        if local_name(item) in _LISTENERS:
            yield at(diagram.owner(owner), name=label(owner), found=local_name(item))


@rule(
    "extension-not-read",
    ERROR,
    zh="“%(name)s”上的 zeebe:%(found)s 在这里不起作用。",
    en="zeebe:%(found)s on “%(name)s” has no effect here.",
    hint="请删去它，或换成流程能读的写法。",
    hint_en="Remove it, or say it in a way that is read.",
)
def extension_not_read(diagram: Diagram) -> Hits:
    """Yield each `zeebe:` extension element that nothing reads on that element, listeners apart."""
    for owner, item in extensions(diagram):
        name = local_name(item)
        if name not in _LISTENERS and name not in READ.get(local_name(owner), {"properties"}):
            yield at(diagram.owner(owner), name=label(owner), found=name)


@rule(
    "throw-not-run",
    INFO,
    zh="“%(name)s”上的任务定义不会执行：消息由所选的消息本身发出。",
    en="The task definition on “%(name)s” does not run: the message that it refers to is what is sent.",
    hint="可以保留（桌面流程设计器要求有它），不起作用。",
    hint_en="It may stay (the desktop modeler asks for one) and has no effect.",
)
def throw_not_run(diagram: Diagram) -> Hits:
    """Yield each task definition on something that throws a message."""
    for node in diagram.nodes_of("sendTask", "intermediateThrowEvent", "endEvent"):
        if xml.extension(node.element, "taskDefinition") is not None:
            yield at(node.id, name=node.label)


@rule(
    "setting-not-read",
    WARNING,
    zh="“%(name)s”的 zeebe:%(element)s 写了 %(found)s，这里不起作用。",
    en="zeebe:%(element)s of “%(name)s” says %(found)s, which has no effect here.",
    hint="请删去它。",
    hint_en="Remove it.",
)
def setting_not_read(diagram: Diagram) -> Hits:
    """Yield each attribute that nothing reads on an extension element that is read."""
    for owner, holder in extensions(diagram):
        for item in (holder, *children(holder, ZEEBE)):
            known = _SETTINGS.get(local_name(item))
            for found in sorted(str(key) for key in dict(item.items())) if known is not None else ():
                if found not in (known or ()):
                    yield at(diagram.owner(owner), name=label(owner), element=local_name(item), found=found)


@rule(
    "template-not-read",
    ERROR,
    zh="“%(name)s”套用了连接器或元素模板“%(template)s”，本系统不执行连接器。",
    en="“%(name)s” uses the connector or element template “%(template)s”; connectors are not executed here.",
    hint="请在属性面板里取消关联模板，并选用登记的操作。",
    hint_en="Unlink the template in the properties panel and choose a registered operation.",
)
def template_not_read(diagram: Diagram) -> Hits:
    """Yield each element made from an element template."""
    for element in diagram.all_elements:
        template = element.get(f"{{{ZEEBE}}}modelerTemplate")
        if template is not None and is_bpmn(element):
            yield at(diagram.owner(element), name=label(element), template=template)


@rule(
    "attribute-not-read",
    WARNING,
    zh="“%(name)s”上的属性 zeebe:%(found)s 在这里不起作用。",
    en="The attribute zeebe:%(found)s on “%(name)s” has no effect here.",
    hint="请删去它。",
    hint_en="Remove it.",
)
def attribute_not_read(diagram: Diagram) -> Hits:
    """Yield each other `zeebe:` attribute on an element of BPMN."""
    for element in diagram.all_elements:
        if not is_bpmn(element):
            continue
        for key in dict(element.items()):
            name = str(key).rpartition("}")[2]
            if str(key).startswith(f"{{{ZEEBE}}}") and name not in _COSMETIC | {"modelerTemplate"}:
                yield at(diagram.owner(element), name=label(element), found=name)


@rule(
    "foreign-extension",
    WARNING,
    zh="“%(name)s”里有别的工具的扩展（%(found)s），这里不读。",
    en="“%(name)s” holds extensions of another tool (%(found)s), which are not read.",
    hint="请把其中有用的内容改写为本系统的设置，其余删去。",
    hint_en="Say what matters in the settings of this system and remove the rest.",
)
def foreign_extension(diagram: Diagram) -> Hits:
    """Yield each element with extension elements of a namespace that is neither ours nor Camunda's."""
    for holder in diagram.all_elements:
        if not is_bpmn(holder, "extensionElements"):
            continue
        owner = holder.getparent()
        spaces = {namespace(item) or local_name(item) for item in children(holder)} - {ZEEBE, MODELER, *JAVA_ENGINES}
        if spaces and owner is not None:
            yield at(diagram.owner(owner), name=label(owner), found=", ".join(sorted(spaces)))


@rule(
    "foreign-element",
    ERROR,
    zh="流程“%(name)s”里有不属于 BPMN 的元素“%(found)s”，会被略去。",
    en="The process “%(name)s” holds an element that is not BPMN, “%(found)s”, which would be dropped.",
    hint="请删去，或用 BPMN 的元素代替。",
    hint_en="Remove it, or use an element of BPMN.",
)
def foreign_element(diagram: Diagram) -> Hits:
    """Yield each direct child of a process that is of another namespace."""
    for scope in diagram.scopes:
        for item in children(scope.element):
            if namespace(item) != BPMN:
                yield at(diagram.place(item), name=scope.label, found=local_name(item))


@rule(
    "choreography",
    ERROR,
    zh="“%(name)s”是编排图的元素，不能执行。",
    en="“%(name)s” belongs to a choreography, which cannot be executed.",
    hint="请画成流程，各方之间用消息。",
    hint_en="Draw processes that exchange messages.",
)
def choreography(diagram: Diagram) -> Hits:
    """Yield each choreography and each element of one."""
    for element in diagram.all_elements:
        if is_bpmn(element, *_FOREIGN_PROCESSES):
            yield at(diagram.place(element), name=label(element))


@rule(
    "transaction",
    ERROR,
    zh="事务子流程“%(name)s”不能执行。",
    en="The transaction “%(name)s” cannot be executed.",
    hint="请改为普通子流程，失败的路用错误边界事件。",
    hint_en="Use an ordinary sub-process with an error boundary event for the failure.",
)
def transaction(diagram: Diagram) -> Hits:
    """Yield each transaction."""
    for node in diagram.nodes_of("transaction"):
        yield at(node.id, name=node.label)


@rule(
    "ad-hoc",
    ERROR,
    zh="自由子流程“%(name)s”不能执行。",
    en="The ad-hoc sub-process “%(name)s” cannot be executed.",
    hint="请画出步骤的先后；可选的步骤用包容网关。",
    hint_en="Draw the order of its steps; use an inclusive gateway for optional ones.",
)
def ad_hoc(diagram: Diagram) -> Hits:
    """Yield each ad-hoc sub-process."""
    for node in diagram.nodes_of("adHocSubProcess"):
        yield at(node.id, name=node.label)


@rule(
    "data-not-read",
    INFO,
    zh="数据对象或数据存储“%(name)s”只作说明，流程不读写它。",
    en="The data object or store “%(name)s” is a remark; the process neither reads nor writes it.",
    hint="数据写在表单里，表达式用 submission.<表单>.<字段> 读取。",
    hint_en="Data is written by forms and read as submission.<form>.<field>.",
)
def data_not_read(diagram: Diagram) -> Hits:
    """Yield each data object and data store."""
    for element in diagram.all_elements:
        if is_bpmn(element, *_DATA - {"dataObject"}):
            yield at(diagram.place(element), name=label(element))


def extensions(diagram: Diagram) -> Iterator[tuple[XmlElement, XmlElement]]:
    """Yield each `zeebe:` extension element with the element of BPMN that it hangs on."""
    for holder in diagram.all_elements:
        if is_bpmn(holder, "extensionElements"):
            owner = holder.getparent()
            for item in children(holder, ZEEBE) if owner is not None else ():
                if owner is not None:
                    yield owner, item


def label(element: XmlElement) -> str:
    """Return what a sentence calls an element."""
    return element.get("name", "").strip() or element.get("id", "").strip() or local_name(element)
