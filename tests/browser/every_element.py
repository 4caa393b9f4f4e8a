"""A diagram with one element of every kind that an editor can hold, for the tests that open each of its panels."""

from __future__ import annotations

from typing import Final

TASKS: Final = (
    "task", "userTask", "serviceTask", "sendTask", "receiveTask", "manualTask", "businessRuleTask", "scriptTask",
    "callActivity",
)  # fmt: skip
GATEWAYS: Final = ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway")
DEFINITIONS: Final = {
    "none": "",
    "timer": '<bpmn:timerEventDefinition id="{id}_d"><bpmn:timeDate xsi:type="bpmn:tFormalExpression">'
    "=deadline.acceptance.fires_at</bpmn:timeDate></bpmn:timerEventDefinition>",
    "message": '<bpmn:messageEventDefinition id="{id}_d" messageRef="message_1" />',
    "signal": '<bpmn:signalEventDefinition id="{id}_d" signalRef="signal_1" />',
    "error": '<bpmn:errorEventDefinition id="{id}_d" errorRef="error_1" />',
    "escalation": '<bpmn:escalationEventDefinition id="{id}_d" escalationRef="escalation_1" />',
    "terminate": '<bpmn:terminateEventDefinition id="{id}_d" />',
    "compensate": '<bpmn:compensateEventDefinition id="{id}_d" />',
    "link": '<bpmn:linkEventDefinition id="{id}_d" name="甲" />',
    "conditional": '<bpmn:conditionalEventDefinition id="{id}_d"><bpmn:condition xsi:type="bpmn:tFormalExpression">'
    "=true</bpmn:condition></bpmn:conditionalEventDefinition>",
}
EVENTS: Final = {
    "startEvent": ("none", "timer", "message", "signal", "conditional"),
    "endEvent": ("none", "message", "signal", "error", "escalation", "terminate", "compensate"),
    "intermediateCatchEvent": ("timer", "message", "signal", "link", "conditional"),
    "intermediateThrowEvent": ("none", "message", "signal", "escalation", "link", "compensate"),
    "boundaryEvent": ("timer", "message", "signal", "error", "escalation", "conditional"),
}
EXTENSIONS: Final = {
    "userTask": '<zeebe:userTask /><zeebe:assignmentDefinition candidateGroups="unit_clerk,nobody" />'
    '<zeebe:formDefinition formId="f16a" /><zeebe:taskSchedule dueDate="=deadline.acceptance.due" />'
    '<zeebe:properties><zeebe:property name="signs" value="f16a" /><zeebe:property name="zuo" value="jia" />'
    "</zeebe:properties>"
    '<zeebe:ioMapping><zeebe:input source="=project_no" target="no" /><zeebe:output source="=no" target="no2" />'
    "</zeebe:ioMapping>",
    "serviceTask": '<zeebe:taskDefinition type="deadline.start" /><zeebe:taskHeaders>'
    '<zeebe:header key="kind" value="acceptance" /></zeebe:taskHeaders>',
    "sendTask": '<zeebe:taskDefinition type="hold.set" />',
    "businessRuleTask": '<zeebe:calledDecision decisionId="review_route" resultVariable="route" />',
    "scriptTask": '<zeebe:script expression="=1 + 1" resultVariable="two" />',
    "callActivity": '<zeebe:calledElement processId="p10_extension" propagateAllChildVariables="false" />',
}
NAMESPACES: Final = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:modeler="http://camunda.org/schema/modeler/1.0" '
    'modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.7.0"'
)
COLUMNS: Final = 9


def ids() -> list[str]:
    """Return the ids of the elements, in the order in which they are drawn."""
    events = [f"{kind}_{definition}" for kind, definitions in EVENTS.items() for definition in definitions]
    return ["participant_1", "lane_1", *TASKS, "each", "sub", *GATEWAYS, *events, "flow", "group_1", "note_1"]


def diagram(process_id: str = "p") -> str:
    """Return the whole file, with this process id."""
    nodes, shapes = [], []
    flow_nodes = [one for one in ids() if one not in {"participant_1", "lane_1", "flow", "group_1", "note_1"}]
    for number, name in enumerate(flow_nodes):
        x, y = 250 + 150 * (number % COLUMNS), 120 + 130 * (number // COLUMNS)
        nodes.append(_node(name))
        if name.startswith("boundaryEvent"):  # all of them on the border of the first task, above and below it
            place = EVENTS["boundaryEvent"].index(name.partition("_")[2])
            x, y = 232 + 45 * (place % 3), 102 if place < 3 else 182
        width, height = (36, 36) if "Event_" in name else (50, 50) if "Gateway" in name else (100, 80)
        shapes.append(_shape(name, x, y, width, height))
    references = "".join(f"<bpmn:flowNodeRef>{name}</bpmn:flowNodeRef>" for name in flow_nodes)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<bpmn:definitions {NAMESPACES} id="all" targetNamespace="urn:a">'
        '<bpmn:collaboration id="collaboration_1"><bpmn:participant id="participant_1" name="池" processRef="'
        f'{process_id}" />'
        "</bpmn:collaboration>"
        '<bpmn:message id="message_1" name="hold.set"><bpmn:extensionElements>'
        '<zeebe:subscription correlationKey="=project_no" /></bpmn:extensionElements></bpmn:message>'
        '<bpmn:signal id="signal_1" name="甲" /><bpmn:error id="error_1" name="甲" errorCode="jia" />'
        '<bpmn:escalation id="escalation_1" name="甲" escalationCode="jia" /><bpmn:category id="category_1">'
        '<bpmn:categoryValue id="value_1" value="甲" /></bpmn:category>'
        f'<bpmn:process id="{process_id}" name="样样都有" isExecutable="true">'
        f'<bpmn:laneSet id="lanes"><bpmn:lane id="lane_1" name="道">{references}</bpmn:lane></bpmn:laneSet>'
        f"{''.join(nodes)}"
        '<bpmn:sequenceFlow id="flow" sourceRef="exclusiveGateway" targetRef="parallelGateway">'
        '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=true</bpmn:conditionExpression>'
        '</bpmn:sequenceFlow><bpmn:group id="group_1" categoryValueRef="value_1" />'
        '<bpmn:textAnnotation id="note_1"><bpmn:text>批注</bpmn:text></bpmn:textAnnotation></bpmn:process>'
        '<bpmndi:BPMNDiagram id="drawing"><bpmndi:BPMNPlane id="plane" bpmnElement="collaboration_1">'
        f"{_shape('participant_1', 60, 60, 1560, 760, lying=True)}{_shape('lane_1', 90, 60, 1530, 760, lying=True)}"
        f"{''.join(shapes)}{_shape('group_1', 1300, 600, 200, 150)}{_shape('note_1', 1100, 700, 100, 30)}"
        '<bpmndi:BPMNEdge id="flow_di" bpmnElement="flow"><di:waypoint x="550" y="275" />'
        '<di:waypoint x="700" y="275" />'
        "</bpmndi:BPMNEdge></bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>\n"
    )


def _node(name: str) -> str:
    if name == "each":
        return (
            '<bpmn:userTask id="each" name="each"><bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>'
            '<zeebe:loopCharacteristics inputCollection="=items" inputElement="item" /></bpmn:extensionElements>'
            "</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
        )
    if name == "sub":
        return '<bpmn:subProcess id="sub" name="sub" />'
    kind, _, definition = name.partition("_")
    inner = DEFINITIONS[definition].format(id=name) if definition else ""
    extensions = EXTENSIONS.get(kind, "")
    more = ' attachedToRef="task"' if kind == "boundaryEvent" else ""
    if kind == "receiveTask":
        more = ' messageRef="message_1"'
    held = f"<bpmn:extensionElements>{extensions}</bpmn:extensionElements>" if extensions else ""
    if name == "exclusiveGateway":
        inner = "<bpmn:outgoing>flow</bpmn:outgoing>"
    if name == "parallelGateway":
        inner = "<bpmn:incoming>flow</bpmn:incoming>"
    return f'<bpmn:{kind} id="{name}"{more}>{held}{inner}</bpmn:{kind}>'


def _shape(name: str, x: int, y: int, width: int, height: int, *, lying: bool = False) -> str:
    more = ' isHorizontal="true"' if lying else ""
    return (
        f'<bpmndi:BPMNShape id="{name}_di" bpmnElement="{name}"{more}>'
        f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}" /></bpmndi:BPMNShape>'
    )
