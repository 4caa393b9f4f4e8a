"""The processes that are measured, as files: three tasks in a row, a return loop, and a task with a timer."""

from __future__ import annotations

import json

FORM_ID = "bench_note"
THREE_TASKS, LOOP, TIMED = "bench_three_tasks", "bench_loop", "bench_timed"

_NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
)


def form() -> bytes:
    """Return a small form: a required text, a whole number, a choice."""
    fields = [
        {
            "type": "textfield",
            "id": "f1",
            "key": "note",
            "label": "说明",
            "validate": {"required": True, "maxLength": 200},
        },
        {"type": "number", "id": "f2", "key": "amount", "label": "数量", "decimalDigits": 0},
        {
            "type": "radio",
            "id": "f3",
            "key": "again",
            "label": "再来一次",
            "values": [{"label": "是", "value": "yes"}, {"label": "否", "value": "no"}],
            "validate": {"required": True},
        },
    ]
    schema = {
        "type": "default",
        "id": FORM_ID,
        "schemaVersion": 19,
        "executionPlatform": "Camunda Cloud",
        "executionPlatformVersion": "8.8.0",
        "properties": {"name": "说明"},
        "components": fields,
    }
    return json.dumps(schema, ensure_ascii=False).encode()


def three_tasks() -> bytes:
    """Return start → three user tasks with the small form → end."""
    return _definitions(
        THREE_TASKS,
        '<bpmn:startEvent id="start" name="开始"/>',
        *(_task(name) for name in ("first", "second", "third")),
        '<bpmn:endEvent id="done" name="结束"/>',
        *(_flow(*pair) for pair in (("start", "first"), ("first", "second"), ("second", "third"), ("third", "done"))),
    )


def loop() -> bytes:
    """Return a task that comes back as long as its form says so."""
    return _definitions(
        LOOP,
        '<bpmn:startEvent id="start" name="开始"/>',
        _task("work"),
        '<bpmn:exclusiveGateway id="again" name="再来一次？" default="again-done"/>',
        '<bpmn:endEvent id="done" name="结束"/>',
        _flow("start", "work"),
        _flow("work", "again"),
        _flow("again", "work", '=again = "yes"'),
        _flow("again", "done"),
    )


def timed() -> bytes:
    """Return a task that a timer takes away after a day and gives to somebody else."""
    return _definitions(
        TIMED,
        '<bpmn:startEvent id="start" name="开始"/>',
        _task("work"),
        '<bpmn:boundaryEvent id="late" name="一天" attachedToRef="work"><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>",
        _task("escalated"),
        '<bpmn:endEvent id="done" name="结束"/>',
        '<bpmn:endEvent id="done_late" name="逾期结束"/>',
        *(
            _flow(*pair)
            for pair in (("start", "work"), ("work", "done"), ("late", "escalated"), ("escalated", "done_late"))
        ),
    )


def _definitions(process_id: str, *elements: str) -> bytes:
    return (
        f'<bpmn:definitions {_NAMESPACES} id="file" targetNamespace="bench">'
        f'<bpmn:process id="{process_id}" name="{process_id}" isExecutable="true">{"".join(elements)}</bpmn:process>'
        "</bpmn:definitions>"
    ).encode()


def _task(element_id: str) -> str:
    return (
        f'<bpmn:userTask id="{element_id}" name="{element_id}"><bpmn:extensionElements>'
        f'<zeebe:formDefinition formId="{FORM_ID}"/><zeebe:assignmentDefinition candidateGroups="unit_clerk"/>'
        "</bpmn:extensionElements></bpmn:userTask>"
    )


def _flow(source: str, target: str, condition: str = "") -> str:
    inside = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
    ends = f'sourceRef="{source}" targetRef="{target}"'
    return f'<bpmn:sequenceFlow id="{source}-{target}" {ends}>{inside}</bpmn:sequenceFlow>'
