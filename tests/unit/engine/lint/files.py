"""Small BPMN files for the tests of lint: a right one, and pieces to make wrong ones of."""

from __future__ import annotations

import re
from itertools import pairwise

from app.engine.lint import Form, Named, Operation, Process, Recorder, Vocabulary

NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:modeler="http://camunda.org/schema/modeler/1.0" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)

VOCABULARY = Vocabulary(
    roles={
        "unit_clerk": Named("项目单位经办", "unit clerk"),
        "bur_head": Named("大数据局领导", "bureau head"),
        "drc_head": Named("发改委领导", "head of the commission"),
    },
    forms={
        "f01": Form(Named("计划表", "plan"), {"agreed": "checkbox", "amount": "number", "note": "textarea"}),
        "f02": Form(Named("审核意见", "opinion"), {"result": "select"}, {"result": ("批准", "退回补正")}),
        "f03": Form(Named("签发", "signature"), {"result": "select"}),
        "f04": Form(Named("批复", "approval"), {"result": "select"}),
    },
    processes={"p2": Process(Named("项目验收", "acceptance"))},
    decisions={"route": Named("评审方式", "route")},
    outcomes={"route": {"": ("专家评审", "直接审核")}},
    operations={
        "notice.send": Operation(
            Named("发送通知", "send a notice"),
            {"subject_id": True},
            frozenset({"sent"}),
            frozenset({"template", "roles", "deadline"}),
        )
    },
    messages={"project.withdrawn": frozenset({"reason"})},
    signals=frozenset({"year.closed"}),
    properties={name: Named(name, name) for name in ("days", "signs", "idle", "together", "starters")},
    records=frozenset(),
    deadlines=frozenset({"acceptance"}),
    recorders={
        "f03": Recorder("f03", roles=frozenset({"bur_head"})),
        "f04": Recorder("f04", after=("f02",)),
    },
    held_roles=frozenset({"unit_clerk", "bur_head"}),
    facts=frozenset({"project.path", "deadline.acceptance.fires_at", "deadline.acceptance.due", "hold.active"}),
)

PROCESS = 'id="p1" name="流程" isExecutable="true"'
START = '<startEvent id="start"/>'
END = '<endEvent id="end"/>'
MESSAGE = (
    '<message id="m1" name="project.withdrawn"><extensionElements><zeebe:subscription correlationKey="=project_no"/>'
    "</extensionElements></message>"
)


def file(body: str, *, roots: str = "", process: str = PROCESS, drawn: bool = True) -> bytes:
    """Return a BPMN file with one process; every id in it gets a shape, so that nothing is said about the drawing."""
    inside = f"<process {process}>{body}</process>"
    shapes = "".join(f'<bpmndi:BPMNShape bpmnElement="{own}"/>' for own in re.findall(r'\bid="([^"]*)"', inside))
    drawing = f"<bpmndi:BPMNDiagram><bpmndi:BPMNPlane>{shapes}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    return whole(roots + inside + (drawing if drawn else ""))


def whole(content: str) -> bytes:
    """Return definitions with `content` in them, as UTF-8."""
    return f'<definitions {NAMESPACES} modeler:executionPlatform="Camunda Cloud">{content}</definitions>'.encode()


def flow(source: str, target: str, condition: str = "", own: str = "") -> str:
    """Return a sequence flow, called `source_target` unless `own` says otherwise."""
    inside = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    called = own or f"{source}_{target}"
    return f'<sequenceFlow id="{called}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'


def line(*ids: str) -> str:
    """Return the flows of a line of elements."""
    return "".join(flow(source, target) for source, target in pairwise(ids))


def extended(inside: str) -> str:
    """Return extension elements."""
    return f"<extensionElements>{inside}</extensionElements>"


def user(own: str, *, more: str = "", attributes: str = "", inside: str = "") -> str:
    """Return a right user task with form f01; `more` are further extension elements."""
    held = '<zeebe:assignmentDefinition candidateGroups="unit_clerk"/><zeebe:formDefinition formId="f01"/>'
    return (
        f'<userTask id="{own}" name="填报" {attributes}><documentation>填写计划表。</documentation>'
        f"{extended(held + more)}{inside}</userTask>"
    )


def held(own: str, extension: str) -> str:
    """Return a user task with exactly these extension elements."""
    return f'<userTask id="{own}" name="填报"><documentation>填写。</documentation>{extended(extension)}</userTask>'


def straight(element: str, own: str = "t") -> str:
    """Return the body of a process: start, one element, end."""
    return START + element + END + line("start", own, "end")


def timer(inside: str) -> str:
    """Return a timer definition."""
    return f"<timerEventDefinition>{inside}</timerEventDefinition>"


def boundary(definition: str, attributes: str = "") -> str:
    """Return a body whose user task `t` has a boundary event `b` that leads to the end."""
    event = f'<boundaryEvent id="b" name="边" attachedToRef="t" {attributes}>{definition}</boundaryEvent>'
    return straight(user("t")) + event + flow("b", "end")


def choice(*conditions: str, default: str = "", gateway: str = "exclusiveGateway") -> str:
    """Return a body with a user task `t`, a gateway `g` and one end per condition (`e0` …), besides a default one."""
    ends = "".join(f'<endEvent id="e{n}"/>' + flow("g", f"e{n}", text) for n, text in enumerate(conditions))
    named = f'default="{default}"' if default else ""
    return START + user("t") + f'<{gateway} id="g" name="同意？" {named}/>' + line("start", "t", "g") + ends


RIGHT = file(
    START
    + user("t")
    + '<exclusiveGateway id="g" name="同意？" default="g_again"/>'
    + user("again")
    + '<serviceTask id="s" name="通知">'
    + extended(
        '<zeebe:taskDefinition type="notice.send"/>'
        '<zeebe:ioMapping><zeebe:input source="=amount" target="subject_id"/></zeebe:ioMapping>'
        '<zeebe:taskHeaders><zeebe:header key="template" value="x"/></zeebe:taskHeaders>'
    )
    + "</serviceTask>"
    + END
    + line("start", "t", "g", "again", "t")
    + flow("g", "s", '=agreed and project.path = "T"')
    + flow("s", "end")
    + '<boundaryEvent id="late" attachedToRef="t" cancelActivity="false">'
    + timer("<timeDate>=deadline.acceptance.fires_at</timeDate>")
    + '</boundaryEvent><endEvent id="told"/>'
    + flow("late", "told")
)
"""A file that nothing is wrong with."""
