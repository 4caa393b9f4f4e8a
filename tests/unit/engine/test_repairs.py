"""One-click repairs: the finding is gone afterwards, nothing new is wrong, and all else stands as it was written."""

from __future__ import annotations

import difflib

import pytest
from lxml import etree

from app.engine.lint import county_vocabulary, lint_process
from app.engine.lint.vocabulary import Form, Named
from app.engine.repairs import mend
from app.engine.repairs.registry import repairs
from app.errors import NotFound, Refused

FORMS = {
    "f00c": Form(Named("确认", "confirm"), {"result": "radio"}),
    "f16p": Form(Named("初步验收", "preliminary acceptance"), {"passed": "checkbox"}),
}
WORDS = county_vocabulary(FORMS)
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:modeler="http://camunda.org/schema/modeler/1.0" '
    'id="d" targetNamespace="t" modeler:executionPlatform="Camunda Cloud">\n'
)
TASK = (
    '  <bpmn:extensionElements><zeebe:assignmentDefinition candidateGroups="unit_clerk"/>'
    '<zeebe:formDefinition formId="f00c"/></bpmn:extensionElements>'
)


def picture(*nodes: str, flows: tuple[str, ...] = ()) -> str:
    """Return a drawing of these nodes in a row, with lines for these flows."""
    shapes = "".join(
        f'<bpmndi:BPMNShape id="{node}_di" bpmnElement="{node}">'
        f'<dc:Bounds x="{100 + 160 * place}" y="100" width="100" height="80"/></bpmndi:BPMNShape>\n'
        for place, node in enumerate(nodes)
    )
    lines = "".join(
        f'<bpmndi:BPMNEdge id="{flow}_di" bpmnElement="{flow}"><di:waypoint x="1" y="1"/><di:waypoint x="2" y="1"/>'
        "</bpmndi:BPMNEdge>\n"
        for flow in flows
    )
    return (
        f'<bpmndi:BPMNDiagram id="D"><bpmndi:BPMNPlane id="P" bpmnElement="p">\n{shapes}{lines}'
        "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>\n"
    )


def diagram(body: str, drawn: str = "", *, process: str = 'id="p" name="流程" isExecutable="true"') -> str:
    return f"{HEAD}<bpmn:process {process}>\n{body}</bpmn:process>\n{drawn}</bpmn:definitions>\n"


def task(own: str, name: str, inside: str = TASK) -> str:
    return f'<bpmn:userTask id="{own}" name="{name}">\n{inside}\n</bpmn:userTask>\n'


def flow(own: str, source: str, target: str, condition: str = "", name: str = "") -> str:
    said = f' name="{name}"' if name else ""
    held = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
    opened = f'<bpmn:sequenceFlow id="{own}"{said} sourceRef="{source}" targetRef="{target}"'
    return f"{opened}>{held}</bpmn:sequenceFlow>\n" if held else f"{opened}/>\n"


START, END = '<bpmn:startEvent id="s"/>\n', '<bpmn:endEvent id="e"/>\n'
PLAIN = START + task("a", "填报") + END + flow("f1", "s", "a") + flow("f2", "a", "e")
CHOICE = (
    START
    + task("a", "填报")
    + task("b", "复核")
    + '<bpmn:exclusiveGateway id="g" name="结论"/>\n'
    + END
    + flow("f1", "s", "a")
    + flow("f2", "a", "g")
    + flow("f4", "b", "e")
)
DRAWN = picture("s", "a", "b", "g", "e", flows=("f1", "f2", "f3", "f4", "f5"))

CASES = {
    "not-executable": (diagram(PLAIN, picture("s", "a", "e", flows=("f1", "f2")), process='id="p" name="流程"'), "p"),
    "no-default-flow": (
        diagram(CHOICE + flow("f3", "g", "b", '=result = "补正"') + flow("f5", "g", "e", '=result = "属实"'), DRAWN),
        "g",
    ),
    "flow-without-condition": (
        diagram(CHOICE + flow("f3", "g", "b", '=result = "补正"') + flow("f5", "g", "e", name="其他"), DRAWN),
        "f5",
    ),
    "default-with-condition": (
        diagram(CHOICE.replace('id="g"', 'id="g" default="f3"') + flow("f3", "g", "b", "=true")
                + flow("f5", "g", "e", '=result = "属实"'), DRAWN),
        "f3",
    ),
    "default-unknown": (
        diagram(CHOICE.replace('id="g"', 'id="g" default="f9"') + flow("f3", "g", "b", '=result = "补正"')
                + flow("f5", "g", "e", '=result = "属实"'), DRAWN),
        "g",
    ),
    "dangling-flow": (
        diagram(PLAIN + flow("f9", "a", "nowhere"), picture("s", "a", "e", flows=("f1", "f2", "f9"))),
        "f9",
    ),
    "no-end": (
        diagram(START + task("a", "填报") + flow("f1", "s", "a"), picture("s", "a", flows=("f1",))),
        "p",
    ),
    "user-task-without-outgoing": (
        diagram(PLAIN + task("b", "旁支"), picture("s", "a", "e", "b", flows=("f1", "f2"))),
        "b",
    ),
    "implicit-end": (
        diagram(PLAIN + '<bpmn:manualTask id="b" name="旁支"/>\n', picture("s", "a", "e", "b", flows=("f1", "f2"))),
        "b",
    ),
    "no-start": (
        diagram(task("a", "填报") + END + flow("f2", "a", "e"), picture("a", "e", flows=("f2",))),
        "p",
    ),
    "unknown-role": (
        diagram(PLAIN.replace("unit_clerk", "unit_clark"), picture("s", "a", "e", flows=("f1", "f2"))),
        "a",
    ),
    "unknown-form": (
        diagram(PLAIN.replace("f00c", "f0oc"), picture("s", "a", "e", flows=("f1", "f2"))),
        "a",
    ),
    "timer-without-definition": (
        diagram(PLAIN.replace('<bpmn:endEvent id="e"/>', '<bpmn:endEvent id="e"/><bpmn:endEvent id="e2"/>')
                + '<bpmn:boundaryEvent id="t" name="催" attachedToRef="a" cancelActivity="false">'
                "<bpmn:timerEventDefinition/></bpmn:boundaryEvent>\n" + flow("f3", "t", "e2"),
                picture("s", "a", "e", "t", "e2", flows=("f1", "f2", "f3"))),
        "t",
    ),
    "duplicate-id": (
        diagram(PLAIN + '<bpmn:textAnnotation id="a"><bpmn:text>注</bpmn:text></bpmn:textAnnotation>\n',
                picture("s", "a", "e", flows=("f1", "f2"))),
        "a",
    ),
    "bad-id": (
        diagram(PLAIN.replace('id="a"', 'id="1 a"').replace('"a"', '"1 a"'),
                picture("s", "1 a", "e", flows=("f1", "f2"))),
        "1 a",
    ),
    "process-id-not-plain": (
        diagram(PLAIN, picture("s", "a", "e", flows=("f1", "f2")).replace('bpmnElement="p"', 'bpmnElement="p-1"'),
                process='id="p-1" name="流程" isExecutable="true"'),
        "p-1",
    ),
    "no-drawing": (diagram(PLAIN), ""),
    "not-drawn": (diagram(PLAIN, picture("s", "a", flows=("f1",))), "e"),
    "wrong-coordinates": (
        diagram(PLAIN, picture("s", "a", "e", flows=("f1", "f2"))).replace('x="', 'x="left', 1), "s",
    ),
    "platform-not-camunda-8": (
        diagram(PLAIN, picture("s", "a", "e", flows=("f1", "f2"))).replace(
            ' modeler:executionPlatform="Camunda Cloud"', ""
        ),
        "",
    ),
}  # fmt: skip
"""Code → a diagram with such a finding, and its element."""


def codes(text: str) -> set[str]:
    return {one.code for one in lint_process(text.encode(), WORDS)}


def found(text: str) -> set[tuple[str, str]]:
    return {(one.code, one.element_id) for one in lint_process(text.encode(), WORDS)}


@pytest.mark.parametrize("code", CASES)
def test_the_finding_is_gone_and_nothing_new_is_wrong(code: str) -> None:
    text, element = CASES[code]
    before = found(text)
    assert (code, element) in before or code in {one for one, _ in before}
    done = mend(text, code, element, WORDS)
    after = found(done.text)
    assert (code, element) not in after
    assert {one for one, _ in after} - {one for one, _ in before} <= {"default-to-end", "no-default-flow"}
    assert done.zh.endswith("。")
    assert done.en.endswith(".")


@pytest.mark.parametrize("code", CASES)
def test_all_else_stands_as_it_was_written(code: str) -> None:
    text, element = CASES[code]
    done = mend(text, code, element, WORDS)
    same = difflib.SequenceMatcher(None, text.splitlines(), done.text.splitlines(), autojunk=False)
    kept = sum(block.size for block in same.get_matching_blocks())
    # a changed id stands in a line or two more; a reader of the difference sees one thing
    assert kept >= len(text.splitlines()) - (6 if code in {"bad-id", "process-id-not-plain"} else 3)
    assert done.text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n')


@pytest.mark.parametrize("code", CASES)
def test_everything_is_drawn_afterwards(code: str) -> None:
    text, element = CASES[code]
    root = etree.fromstring(mend(text, code, element, WORDS).text.encode())
    drawn = {shape.get("bpmnElement") for shape in root.iter("{*}BPMNShape", "{*}BPMNEdge")}
    nodes = {
        one.get("id")
        for one in root.iter("{*}startEvent", "{*}endEvent", "{*}userTask", "{*}exclusiveGateway", "{*}sequenceFlow")
    }
    assert nodes <= drawn
    assert drawn <= {one.get("id") for one in root.iter() if one.get("id")}


def test_every_repair_of_the_list_has_a_case() -> None:
    others = {"no-id", "unknown-option", "unknown-process", "unknown-decision", "unknown-operation"}
    converted = {"camunda-7", "camunda-7-harmless", "other-language", "not-feel", "timer-invalid", "script-not-feel"}
    assert set(repairs) == set(CASES) | others | converted


def test_ids_are_given_to_all_at_once_and_what_had_none_is_drawn() -> None:
    body = START + "<bpmn:userTask name='无'/>" + END + flow("f1", "s", "e") + "<bpmn:textAnnotation/>"
    text = diagram(body, picture("s", "e", flows=("f1",)))
    done = mend(text, "no-id", next(el for code, el in found(text) if code == "no-id"), WORDS)
    assert len(done.changed) == 1
    assert "no-id" not in codes(done.text)
    assert f'bpmnElement="{done.changed[0]}"' in done.text


def test_the_missing_condition_is_what_the_others_leave() -> None:
    text, element = CASES["flow-without-condition"]
    assert (
        '>=not(result = "补正")</bpmn:conditionExpression>' in mend(text, "flow-without-condition", element, WORDS).text
    )
    two = diagram(
        CHOICE + flow("f3", "g", "b", "=x = 1") + flow("f5", "g", "e") + flow("f6", "g", "b", "=x = 2"), DRAWN
    )
    assert ">=not((x = 1) or (x = 2))<" in mend(two, "flow-without-condition", "f5", WORDS).text
    none = diagram(CHOICE + flow("f3", "g", "b") + flow("f5", "g", "e"), DRAWN)
    assert 'id="g" name="结论" default="f3"' in mend(none, "flow-without-condition", "f3", WORDS).text


def test_the_default_leads_to_a_person_never_to_an_end() -> None:
    text, element = CASES["no-default-flow"]
    mended = mend(text, "no-default-flow", element, WORDS).text
    assert 'id="g" name="结论" default="f3"' in mended
    assert '"补正"' not in mended


@pytest.mark.parametrize(("written", "role"), [
    ("unit_clark", "unit_clerk"), ("bur-head", "bur_head"), ("监理工程师", "sup_eng"), ("finance head", "fin_head"),
    ("大数据局领导", "bur_head"), ("unit_clerk, unit_hed", "unit_clerk,unit_head"),
])  # fmt: skip
def test_the_nearest_role_is_found_by_code_and_by_name(written: str, role: str) -> None:
    text = CASES["unknown-role"][0].replace("unit_clark", written)
    assert f'candidateGroups="{role}"' in mend(text, "unknown-role", "a", WORDS).text


def test_what_needs_a_person_is_refused_and_what_has_no_repair_is_unknown() -> None:
    text = CASES["unknown-role"][0].replace("unit_clark", "zzzzqqq")
    with pytest.raises(Refused, match="不能代劳"):
        mend(text, "unknown-role", "a", WORDS)
    with pytest.raises(Refused, match="不能代劳"):
        mend(text, "dangling-flow", "no such flow", WORDS)
    with pytest.raises(NotFound):
        mend(text, "complex-gateway", "a", WORDS)


def test_a_diagram_without_prefix_keeps_none() -> None:
    text = (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p">'
        '<startEvent id="s"/><userTask id="a"/><sequenceFlow id="f" sourceRef="s" targetRef="a"/></process>'
        "</definitions>"
    )
    mended = mend(text, "user-task-without-outgoing", "a", WORDS).text
    assert "<endEvent " in mended
    assert "ns0" not in mended
    assert not mended.startswith("<?xml")
