"""Rules on the skeleton of a diagram: processes, ids, starts, ends and lanes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.engine.lint.diagram import ACTIVITIES, SUB_PROCESSES, Diagram, Scope
from app.engine.lint.rules import ERROR, WARNING, Hits, at, rule
from app.engine.xml import children, is_bpmn

if TYPE_CHECKING:
    from collections.abc import Iterator


_ID: Final = re.compile(r"[^\W\d][\w.\-]*")


_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@rule(
    "no-process",
    ERROR,
    zh="文件里没有流程。",
    en="There is no process in this file.",
    hint="请在流程设计器里新建一张 BPMN 流程图（不是协作图或编排图）再上传。",
    hint_en="Draw a BPMN process (not only a collaboration or a choreography) and upload that.",
)
def no_process(diagram: Diagram) -> Hits:
    """Yield the file itself when it holds no process."""
    if not diagram.processes:
        yield at("")


@rule(
    "not-executable",
    ERROR,
    zh="流程“%(name)s”没有标为可执行，发布后不会运行。",
    en="The process “%(name)s” is not marked as executable and would not run.",
    hint="请在流程的属性里勾选“可执行”。",
    hint_en="Tick “Executable” in the properties of the process.",
)
def not_executable(diagram: Diagram) -> Hits:
    """Yield the process that is meant and not marked."""
    for process in diagram.processes:
        if process.get("isExecutable") != "true":
            yield at(diagram.place(process), name=process.get("name") or diagram.place(process))


@rule(
    "several-executable",
    ERROR,
    zh="文件里有 %(count)s 个可执行流程，“%(name)s”是第二个或以后的一个；一份文件只能有一个。",
    en="This file holds %(count)s executable processes and “%(name)s” is not the first; there may be only one.",
    hint="请另存为单独的文件，或把其他泳池设为黑盒（不可执行）。",
    hint_en="Save it as a file of its own, or make the other pools black boxes.",
)
def several_executable(diagram: Diagram) -> Hits:
    """Yield each executable process after the first."""
    for process in diagram.processes[1:]:
        yield at(
            diagram.place(process),
            count=len(diagram.processes),
            name=process.get("name") or diagram.place(process),
        )


@rule(
    "no-id",
    ERROR,
    zh="这里有一个元素没有编号（%(where)s）。",
    en="An element here has no id (%(where)s).",
    hint="请给它一个文件内唯一的编号。",
    hint_en="Give it an id that is unique in this file.",
)
def no_id(diagram: Diagram) -> Hits:
    """Yield each process, node and flow without an id."""
    for process in diagram.processes:
        if not process.get("id", "").strip():
            yield at(diagram.place(process), where=diagram.place(process))
    places = [(node.element, node.id) for node in diagram.nodes] + [(flow.element, flow.id) for flow in diagram.flows]
    for element, place in places:
        if not element.get("id", "").strip():
            yield at(place, where=place)


@rule(
    "duplicate-id",
    ERROR,
    zh="编号“%(id)s”用了 %(count)s 次，在一份文件里只能用一次。",
    en="The id “%(id)s” is used %(count)s times; it may be used once in a file.",
    hint="请给后来的元素换一个编号。",
    hint_en="Give the later elements other ids.",
)
def duplicate_id(diagram: Diagram) -> Hits:
    """Yield each id that is used more than once."""
    for own, elements in diagram.elements_by_id.items():
        if own.strip() and len(elements) > 1:
            yield at(own, id=own, count=len(elements))


@rule(
    "bad-id",
    ERROR,
    zh="编号“%(id)s”里有不能用的字符。",
    en="The id “%(id)s” holds characters that an id cannot hold.",
    hint="编号以字母或下划线开头，只用字母、数字、下划线、点和连字符。",
    hint_en="An id starts with a letter or underscore and holds letters, digits, underscores, dots and hyphens.",
)
def bad_id(diagram: Diagram) -> Hits:
    """Yield each id that is no XML name."""
    for own, elements in diagram.elements_by_id.items():
        if own.strip() and not _ID.fullmatch(own.strip()) and any(is_bpmn(element) for element in elements):
            yield at(own, id=own)


@rule(
    "process-id-not-plain",
    WARNING,
    zh="流程编号“%(id)s”不是普通名称，表达式里会被读成减法或取属性。",
    en="The process id “%(id)s” is no plain name; an expression would read a subtraction or a property.",
    hint="请只用英文字母、数字和下划线，例如 p09_acceptance。",
    hint_en="Use letters, digits and underscores only, such as p09_acceptance.",
)
def process_id_not_plain(diagram: Diagram) -> Hits:
    """Yield each process whose id FEEL could not read as a name."""
    for process in diagram.processes:
        own = process.get("id", "").strip()
        if own and not _PLAIN.fullmatch(own):
            yield at(own, id=own)


@rule(
    "process-without-name",
    WARNING,
    zh="流程“%(id)s”没有名称，列表里只能显示编号。",
    en="The process “%(id)s” has no name; lists can only show its id.",
    hint="请给流程一个中文名称。",
    hint_en="Give the process a name.",
)
def process_without_name(diagram: Diagram) -> Hits:
    """Yield each process without a name."""
    for process in diagram.processes:
        if not process.get("name", "").strip():
            yield at(diagram.place(process), id=diagram.place(process))


@rule(
    "no-start",
    ERROR,
    zh="“%(name)s”没有开始事件，流程无从开始。",
    en="“%(name)s” has no start event, so nothing can begin.",
    hint="请画一个开始事件并连到第一步。",
    hint_en="Draw a start event and connect it to the first step.",
)
def no_start(diagram: Diagram) -> Hits:
    """Yield each process and sub-process without a start event."""
    for scope in _ordinary(diagram):
        if not any(node.type == "startEvent" for node in scope.nodes):
            yield at(scope.id, name=scope.label)


@rule(
    "no-end",
    ERROR,
    zh="“%(name)s”没有结束事件，流程办不完。",
    en="“%(name)s” has no end event, so it never finishes.",
    hint="请在最后一步之后画一个结束事件。",
    hint_en="Draw an end event after the last step.",
)
def no_end(diagram: Diagram) -> Hits:
    """Yield each process and sub-process without an end event."""
    for scope in _ordinary(diagram):
        if not any(node.type == "endEvent" for node in scope.nodes):
            yield at(scope.id, name=scope.label)


@rule(
    "several-starts",
    ERROR,
    zh="“%(name)s”是第二个没有触发条件的开始事件，不知道从哪一个开始。",
    en="“%(name)s” is a second start event without a trigger; nobody can tell which one starts.",
    hint="请只留一个；别的入口用消息、信号或定时开始事件。",
    hint_en="Keep one; let other entrances start by message, signal or timer.",
)
def several_starts(diagram: Diagram) -> Hits:
    """Yield each further none start event of a scope."""
    for scope in _ordinary(diagram):
        starts = [node for node in scope.nodes if node.type == "startEvent"]
        inner = scope.type in SUB_PROCESSES
        plain = starts if inner else [node for node in starts if not node.definitions]
        for node in plain[1:]:
            yield at(node.id, name=node.label)


@rule(
    "lane-names-unknown",
    WARNING,
    zh="泳道“%(name)s”列出了不存在的元素“%(reference)s”。",
    en="The lane “%(name)s” lists an element that does not exist: “%(reference)s”.",
    hint="请在流程设计器里重新保存，或删去这一条。",
    hint_en="Save the diagram again in the modeler, or remove the entry.",
)
def lane_names_unknown(diagram: Diagram) -> Hits:
    """Yield each lane that names a node that is not there."""
    for element in diagram.all_elements:
        if not is_bpmn(element, "lane"):
            continue
        for reference in children(element, None, "flowNodeRef"):
            wanted = (reference.text or "").strip()
            if wanted not in diagram.elements_by_id:
                yield at(diagram.place(element), name=element.get("name", ""), reference=wanted)


@rule(
    "unnamed-task",
    WARNING,
    zh="%(type)s“%(id)s”没有名称，办理的人不知道要做什么。",
    en="The %(type)s “%(id)s” has no name; nobody would know what to do.",
    hint="名称写成动词加事项，例如“填报验收报告”。",
    hint_en="Name it by a verb and its object, such as “Submit the acceptance report”.",
)
def unnamed_task(diagram: Diagram) -> Hits:
    """Yield each activity without a name."""
    for node in diagram.nodes:
        if node.type in ACTIVITIES and not node.element.get("name", "").strip():
            yield at(node.id, type=node.type_name, id=node.id)


def _ordinary(diagram: Diagram) -> Iterator[Scope]:
    """Yield the scopes that need a start and an end: not ad-hoc ones, not empty collapsed ones of other tools."""
    for scope in diagram.scopes:
        if scope.type != "adHocSubProcess":
            yield scope
