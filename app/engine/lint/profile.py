"""Rules on what nothing reads: extensions, properties and elements outside the modelling profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.engine import xml
from app.engine.lint.diagram import ACTIVITIES, EVENTS, Diagram, Node
from app.engine.lint.nearest import nearest_hint
from app.engine.lint.rules import ERROR, INFO, WARNING, Hits, at, rule
from app.engine.lint.tasks import listed
from app.engine.lint.vocabulary import Named
from app.engine.xml import BPMN, JAVA_ENGINES, MODELER, ZEEBE, XmlElement, children, is_bpmn, local_name, namespace

if TYPE_CHECKING:
    from collections.abc import Iterator


_FOREIGN_PROCESSES: Final = frozenset(
    {"choreography", "globalChoreographyTask", "choreographyTask", "subChoreography", "callChoreography"}
)


_DATA: Final = frozenset({"dataObject", "dataObjectReference", "dataStoreReference", "dataStore"})


_MAPPED: Final = frozenset({"ioMapping", "properties"})


_READ: Final = {
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
    for owner, item in _extensions(diagram):
        if local_name(item) in _LISTENERS:
            yield at(diagram.owner(owner), name=_label(owner), found=local_name(item))


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
    for owner, item in _extensions(diagram):
        name = local_name(item)
        if name not in _LISTENERS and name not in _READ.get(local_name(owner), {"properties"}):
            yield at(diagram.owner(owner), name=_label(owner), found=name)


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
            yield at(diagram.owner(element), name=_label(element), template=template)


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
                yield at(diagram.owner(element), name=_label(element), found=name)


@rule(
    "property-unknown",
    WARNING,
    zh="“%(name)s”的属性“%(property)s”没有人读。",
    en="Nothing reads the property “%(property)s” of “%(name)s”.",
    hint="%(nearest)s",
    hint_en="%(nearest)s",
)
def property_unknown(diagram: Diagram) -> Hits:
    """Yield each `zeebe:property` that the vocabulary does not know."""
    known = diagram.vocabulary.properties
    if known is None:
        return
    for node, name, _ in properties(diagram):
        if name not in known:
            yield at(node.id, name=node.label, property=name, nearest=nearest_hint(diagram, name, known))


@rule(
    "property-invalid",
    ERROR,
    zh="“%(name)s”的属性“%(property)s”不能是“%(value)s”。",
    en="The property “%(property)s” of “%(name)s” cannot be “%(value)s”.",
    hint="%(nearest)s",
    hint_en="%(nearest)s",
)
def property_invalid(diagram: Diagram) -> Hits:
    """Yield each property whose value names something that does not exist."""
    vocabulary = diagram.vocabulary
    known: dict[str, list[str] | None] = {
        "signs": None if vocabulary.forms is None else list(vocabulary.forms),
        "shows": None if vocabulary.forms is None else list(vocabulary.forms),
        "records": None if vocabulary.records is None else list(vocabulary.records),
        "starters": None if vocabulary.roles is None else list(vocabulary.roles),
    }
    for node, name, value in properties(diagram):
        allowed = known.get(name)
        if vocabulary.properties is not None and name == "days" and not _counts(diagram, value):
            way = Named(
                "请写工作日的天数，例如 5，或者一个以工作日计的参数。",
                "Give a number of working days, such as 5, or a parameter counted in working days.",
            )
            yield at(node.id, name=node.label, property=name, value=value, nearest=way)
        for part in listed(value) if allowed is not None else ():
            if part not in (allowed or ()):
                hint = nearest_hint(diagram, part, allowed or ())
                yield at(node.id, name=node.label, property=name, value=part, nearest=hint)


def _counts(diagram: Diagram, value: str) -> bool:
    known = diagram.vocabulary.facts or ()
    return (value.isascii() and value.isdigit()) or (value.endswith("working_days") and f"parameter.{value}" in known)


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
            yield at(diagram.owner(owner), name=_label(owner), found=", ".join(sorted(spaces)))


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
            yield at(diagram.place(element), name=_label(element))


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
            yield at(diagram.place(element), name=_label(element))


def properties(diagram: Diagram) -> Iterator[tuple[Node, str, str]]:
    """Yield each `zeebe:property` of a node: its name and its value."""
    for node in diagram.nodes:
        if node.type not in ACTIVITIES | EVENTS:
            continue
        for holder in xml.extensions(node.element, "properties"):
            for item in children(holder, ZEEBE, "property"):
                yield node, item.get("name", "").strip(), item.get("value", "").strip()


def _extensions(diagram: Diagram) -> Iterator[tuple[XmlElement, XmlElement]]:
    """Yield each `zeebe:` extension element with the element of BPMN that it hangs on."""
    for holder in diagram.all_elements:
        if is_bpmn(holder, "extensionElements"):
            owner = holder.getparent()
            for item in children(holder, ZEEBE) if owner is not None else ():
                if owner is not None:
                    yield owner, item


def _label(element: XmlElement) -> str:
    return element.get("name", "").strip() or element.get("id", "").strip() or local_name(element)
