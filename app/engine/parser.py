"""From XML to the library's specifications, with our classes for every element, and to a `ProcessModel`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.engine import xml
from app.engine.control import ProcessSpec
from app.engine.definition import Element, ProcessModel, UserTaskElement
from app.engine.event_definitions import read_event, read_message
from app.engine.events import Message, Signal, Timer
from app.engine.extensions import read_extensions
from app.engine.library import (
    BoundaryEventParser,
    BpmnParser,
    ConditionalGatewayParser,
    EndEventParser,
    EventBasedGatewayParser,
    EventDefinition,
    GatewayParser,
    IntermediateCatchEventParser,
    IntermediateThrowEventParser,
    NoneEventDefinition,
    ProcessParser,
    ReceiveTaskParser,
    SendTaskParser,
    Spec,
    StartEventParser,
    SubWorkflowParser,
    TaskParser,
    ValidationException,
    full_tag,
)
from app.engine.multi_instance import ParallelMultiInstance, SequentialMultiInstance
from app.engine.refusals import refused
from app.engine.specs_activities import (
    BusinessRuleTask,
    CallActivity,
    ScriptTask,
    ServiceTask,
    SubProcess,
    UserTask,
)
from app.engine.specs_events import BoundaryEvent, Catching, EndEvent, EventGateway, StartEvent, Throwing
from app.engine.specs_gateways import ExclusiveGateway, InclusiveGateway, ParallelGateway
from app.engine.variables import is_expression

if TYPE_CHECKING:
    from collections.abc import Iterator


FLOW_NODES = frozenset(
    {
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "scriptTask",
        "businessRuleTask",
        "sendTask",
        "receiveTask",
        "callActivity",
        "subProcess",
        "adHocSubProcess",
        "transaction",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "complexGateway",
        "eventBasedGateway",
    }
)


class Reading(TaskParser):
    """What we read of every element before the library's own parser for its tag does."""

    def parse_node(self) -> Spec:
        """Parse the element and what follows it; refuses what cannot be executed."""
        if self.node.get("triggeredByEvent") == "true":
            raise ValidationException("event sub-process", node=self.node)
        if xml.child(self.node, xml.BPMN, "standardLoopCharacteristics") is not None:
            raise ValidationException("loop marker", node=self.node)
        if xml.is_bpmn(self.node, "receiveTask") and not self.node.get("messageRef"):
            raise ValidationException("messageRef refers to nothing", node=self.node)
        if xml.is_bpmn(self.node, "intermediateCatchEvent", "boundaryEvent") and not self.drawn_events():
            raise ValidationException("no event definition", node=self.node)
        return super().parse_node()

    @property
    def bpmn_attributes(self) -> dict[str, object]:
        """Return what every specification is made with."""
        return {**super().bpmn_attributes, "bpmn_name": name_of(self.node)}

    def drawn_events(self) -> list[xml.XmlElement]:
        """Return the event definitions that hang on this element."""
        parts = xml.children(self.node, xml.BPMN)
        return [part for part in parts if xml.local_name(part).endswith("EventDefinition")]

    def parse_extensions(self, node: object = None) -> object:  # noqa: ARG002 -- the library's signature
        """Set what the `zeebe:` elements say; the library stores it under `extensions`."""
        self.task.element_type = xml.local_name(self.node)
        return read_extensions(self.node)

    def parse_documentation(self, sequence_flow: object = None) -> str:  # noqa: ARG002 -- the library's signature
        """Return the element's own documentation, not one further inside."""
        return xml.text_of(xml.child(self.node, xml.BPMN, "documentation"))

    def parse_incoming_data_references(self) -> list[object]:
        """Data objects are drawn for people; nothing is read through them."""
        return []

    parse_outgoing_data_references = parse_incoming_data_references

    def _add_multiinstance_task(self, loop_characteristics: xml.XmlElement) -> None:
        inner = self.spec.task_specs.pop(self.task.name)
        loop = inner.extensions.loop
        if not loop.input_collection:
            raise ValidationException("multi-instance without inputCollection", node=self.node)
        kind = SequentialMultiInstance if loop.sequential else ParallelMultiInstance
        self.task = kind(self.spec, inner.name, task_spec="", bpmn_name=inner.bpmn_name)
        self.task.extensions, self.task.element_type, self.task.loop = inner.extensions, inner.element_type, loop
        self._copy_task_attrs(inner, loop_characteristics)

    def get_event_definition(self, _paths: object) -> EventDefinition:
        """Return the one event definition that hangs on this element."""
        drawn = self.drawn_events()
        if len(drawn) > 1:
            raise ValidationException("several event definitions", node=self.node)
        return read_event(self.process_parser.parser.root, drawn[0]) if drawn else NoneEventDefinition()

    def parse_message_event(self, node: xml.XmlElement) -> EventDefinition:
        """Return the message of a send or receive task, whose `messageRef` sits on the task itself."""
        return read_message(self.process_parser.parser.root, node)


def _reading(kind: type) -> type:
    return type(f"Reading{kind.__name__}", (Reading, kind), {})


class ReadingProcess(ProcessParser):
    """A process: several start events stay alternatives, of which `runtime.start` takes one."""

    def create_spec(self) -> Spec:
        """Return an empty specification."""
        return ProcessSpec(name=self.bpmn_id, description=self.get_name(), filename=self.filename)

    def add_tasks(self) -> None:
        """Parse every start event and all that follows it."""
        starts = self.xpath("./bpmn:startEvent")
        if not starts:
            raise ValidationException("no start event", node=self.node)
        for node in starts:
            self.parse_node(node)

    def _parse(self) -> None:
        # Data objects and the process's own input and output specification are drawn for people.
        self.spec = self.create_spec()
        self.add_tasks()


class Parser(BpmnParser):
    """The library's parser with our classes."""

    PROCESS_PARSER_CLASS = ReadingProcess
    PARSER_CLASSES = {  # noqa: RUF012 -- the library declares it so
        full_tag(tag): (_reading(parser), spec)
        for tag, parser, spec in (
            ("startEvent", StartEventParser, StartEvent),
            ("endEvent", EndEventParser, EndEvent),
            ("intermediateCatchEvent", IntermediateCatchEventParser, Catching),
            ("intermediateThrowEvent", IntermediateThrowEventParser, Throwing),
            ("boundaryEvent", BoundaryEventParser, BoundaryEvent),
            ("eventBasedGateway", EventBasedGatewayParser, EventGateway),
            ("sendTask", SendTaskParser, Throwing),
            ("receiveTask", ReceiveTaskParser, Catching),
            ("task", TaskParser, UserTask),
            ("userTask", TaskParser, UserTask),
            ("manualTask", TaskParser, UserTask),
            ("serviceTask", TaskParser, ServiceTask),
            ("scriptTask", TaskParser, ScriptTask),
            ("businessRuleTask", TaskParser, BusinessRuleTask),
            ("callActivity", TaskParser, CallActivity),
            ("subProcess", SubWorkflowParser, SubProcess),
            ("exclusiveGateway", ConditionalGatewayParser, ExclusiveGateway),
            ("inclusiveGateway", ConditionalGatewayParser, InclusiveGateway),
            ("parallelGateway", GatewayParser, ParallelGateway),
        )
    }

    def __init__(self, root: xml.XmlElement) -> None:
        super().__init__()
        self.root = root
        self._add_diagram_indexes(root)


def read_process(source: bytes, name: str) -> ProcessModel:
    """Return the model of the one executable process in `source`; raises DiagramNotExecutable."""
    root = xml.parse_xml(source)
    process = _executable(root)
    _stand_somewhere(root)
    parser = Parser(root)
    try:
        parser.create_parser(process)
        spec = parser.get_spec(process.get("id"))
        sub_specs = parser.get_subprocess_specs(spec.name)
    except ValidationException as error:
        raise refused(str(error).rstrip(". "), error.id or "") from error
    except RecursionError:
        raise refused("too many elements in one line", process.get("id", "")) from None
    specs = {drawn.bpmn_id: drawn for drawn in _drawn([spec, *sub_specs.values()])}
    for element_id, _ in _nodes(process):
        if element_id not in specs:
            raise refused("never reached", element_id)
    return _model(process, name, spec, sub_specs, specs)


def _stand_somewhere(root: xml.XmlElement) -> None:
    """Put shapes with coordinates that are no numbers at the origin: the library sorts by them and would fail."""
    for bounds in xml.descendants(root, xml.DC, "Bounds"):
        for name in ("x", "y"):
            if xml.pixels(bounds, name) is None:
                bounds.set(name, "0")


def name_of(node: xml.XmlElement) -> str:
    """Return the name of an element in one line; a line break between Chinese characters stands for nothing."""
    return re.sub(r"(?<=[^\x00-\x7f])\s*\n\s*(?=[^\x00-\x7f])", "", node.get("name", "").strip()).replace("\n", " ")


def _executable(root: xml.XmlElement) -> xml.XmlElement:
    found = [node for node in xml.children(root, xml.BPMN, "process") if node.get("isExecutable") == "true"]
    if not found:
        raise refused("no process", "")
    if len(found) > 1:
        raise refused("several processes", xml.place_of(found[1]))
    return found[0]


def _model(
    process: xml.XmlElement, name: str, spec: Spec, sub_specs: dict[str, Spec], specs: dict[str, Spec]
) -> ProcessModel:
    tag = xml.extension(process, "versionTag")
    said = [each.extensions for each in specs.values()]
    starts = [(each.bpmn_id, each.event_definition) for each in specs.values() if isinstance(each, StartEvent)]
    return ProcessModel(
        process_id=process.get("id", ""),
        name=name_of(process) or name,
        version_tag="" if tag is None else tag.get("value", ""),
        documentation=xml.text_of(xml.child(process, xml.BPMN, "documentation")),
        message_starts={each.name: start for start, each in starts if isinstance(each, Message)},
        timer_starts={start: each.text for start, each in starts if isinstance(each, Timer)},
        signal_starts={each.name: start for start, each in starts if isinstance(each, Signal)},
        user_tasks={key: _user_task(specs[key]) for key, _ in _nodes(process) if _is_user_task(specs.get(key))},
        called=frozenset(each.called_process for each in said if _is_static(each.called_process)),
        decisions=frozenset(each.decision_id for each in said if _is_static(each.decision_id)),
        operations=frozenset(each.operation for each in said if each.operation),
        elements=dict(_nodes(process)),
        spec=spec,
        sub_specs=sub_specs,
    )


def _drawn(specs: list[Spec]) -> Iterator[Spec]:
    """Yield the specification of every drawn element; of a multi-instance activity the inner one, which comes later."""
    for spec in specs:
        for each in spec.task_specs.values():
            if each.bpmn_id is not None:
                yield each


def _nodes(process: xml.XmlElement) -> Iterator[tuple[str, Element]]:
    for node in xml.descendants(process, xml.BPMN):
        if xml.local_name(node) in FLOW_NODES:
            yield node.get("id", ""), Element(xml.local_name(node), name_of(node))


def _is_static(text: str) -> bool:
    return bool(text) and not is_expression(text)


def _is_user_task(spec: Spec) -> bool:
    return isinstance(spec, UserTask)


def _user_task(spec: Spec) -> UserTaskElement:
    said = spec.extensions
    groups = () if is_expression(said.candidate_groups) else split(said.candidate_groups)
    return UserTaskElement(
        spec.bpmn_name or "", said.form_id, groups, spec.lane or "", said.documentation, dict(said.properties)
    )


def split(text: object) -> tuple[str, ...]:
    """Return the names in a comma-separated text or a list."""
    parts = text if isinstance(text, (list, tuple)) else str(text or "").split(",")
    return tuple(name for part in parts if part is not None and (name := str(part).strip()))
