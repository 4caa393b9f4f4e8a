"""The processes that are measured, as files: three tasks in a row, a return loop, a timer, and a large one."""

from __future__ import annotations

import json

FORM_ID = "bench_note"
THREE_TASKS, LOOP, TIMED, LARGE = "bench_three_tasks", "bench_loop", "bench_timed", "bench_large"
NODES_OF_BLOCK, BLOCKS_OF_BRANCH = 10, 20

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


def loop(*, checked: bool = False) -> bytes:
    """Return a task that comes back as long as its form says so; redrawn: `checked` by a second one each time."""
    between = [_task("check", "bench_check"), _flow("work", "check"), _flow("check", "again")]
    return _definitions(
        LOOP,
        '<bpmn:startEvent id="start" name="开始"/>',
        _task("work"),
        '<bpmn:exclusiveGateway id="again" name="再来一次？" default="again-done"/>',
        '<bpmn:endEvent id="done" name="结束"/>',
        _flow("start", "work"),
        *(between if checked else [_flow("work", "again")]),
        _flow("again", "work", '=again = "yes"'),
        _flow("again", "done"),
    )


def timed() -> bytes:
    """Return a task that a timer takes away after a day and gives to somebody else."""
    return _definitions(
        TIMED,
        '<bpmn:startEvent id="start" name="开始"/>',
        _task("work"),
        _late("late", "work"),
        _task("escalated"),
        '<bpmn:endEvent id="done" name="结束"/>',
        '<bpmn:endEvent id="done_late" name="逾期结束"/>',
        *(
            _flow(*pair)
            for pair in (("start", "work"), ("work", "done"), ("late", "escalated"), ("escalated", "done_late"))
        ),
    )


def large(size: int) -> bytes:
    """Return a drawing of about `size` nodes in branches: choices that come back, parallel work, timers on tasks."""
    blocks = range(1, size // NODES_OF_BLOCK + 1)
    nodes = [
        '<bpmn:startEvent id="start" name="开始"/>',
        _task("choose"),
        '<bpmn:exclusiveGateway id="which" name="走哪一路？" default="which-end"/>',
        '<bpmn:endEvent id="end" name="结束"/>',
    ]
    flows = [_flow("start", "choose"), _flow("choose", "which"), _flow("which", "end")]
    for block in blocks:
        nodes += _nodes_of(block)
        flows += _flows_of(block)
        first, last = (block - 1) % BLOCKS_OF_BRANCH == 0, block % BLOCKS_OF_BRANCH == 0 or block == blocks[-1]
        flows.append(
            _flow("which", f"fill_{block}", f"=amount = {block}")
            if first
            else _flow(f"done_{block - 1}", f"fill_{block}")
        )
        if last:
            flows.append(_flow(f"done_{block}", "end"))
    return _definitions(LARGE, *nodes, *flows)


def _nodes_of(block: int) -> list[str]:
    return [
        *(_task(f"{name}_{block}") for name in ("fill", "check", "left", "right")),
        f'<bpmn:exclusiveGateway id="again_{block}" name="再来一次？" default="again_{block}-split_{block}"/>',
        *(f'<bpmn:parallelGateway id="{name}_{block}"/>' for name in ("split", "join")),
        _late(f"late_{block}", f"check_{block}"),
        f'<bpmn:endEvent id="stopped_{block}" name="逾期结束"/>',
        f'<bpmn:intermediateThrowEvent id="done_{block}" name="做完了"/>',
    ]


def _flows_of(block: int) -> list[str]:
    inside = "fill>check check>again again>split split>left split>right left>join right>join join>done late>stopped"
    pairs = [pair.split(">") for pair in inside.split()]
    back = _flow(f"again_{block}", f"fill_{block}", '=again = "yes"')
    return [back, *(_flow(f"{source}_{block}", f"{target}_{block}") for source, target in pairs)]


def _late(element_id: str, task: str) -> str:
    return (
        f'<bpmn:boundaryEvent id="{element_id}" name="一天" attachedToRef="{task}"><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )


def _definitions(process_id: str, *elements: str) -> bytes:
    return (
        f'<bpmn:definitions {_NAMESPACES} id="file" targetNamespace="bench">'
        f'<bpmn:process id="{process_id}" name="{process_id}" isExecutable="true">{"".join(elements)}</bpmn:process>'
        "</bpmn:definitions>"
    ).encode()


def _task(element_id: str, form_id: str = FORM_ID) -> str:
    return (
        f'<bpmn:userTask id="{element_id}" name="{element_id}"><bpmn:extensionElements>'
        f'<zeebe:formDefinition formId="{form_id}"/><zeebe:assignmentDefinition candidateGroups="unit_clerk"/>'
        "</bpmn:extensionElements></bpmn:userTask>"
    )


def _flow(source: str, target: str, condition: str = "") -> str:
    inside = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
    ends = f'sourceRef="{source}" targetRef="{target}"'
    return f'<bpmn:sequenceFlow id="{source}-{target}" {ends}>{inside}</bpmn:sequenceFlow>'
