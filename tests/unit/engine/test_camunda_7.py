"""Diagrams written for Camunda 7: what has a counterpart is rewritten, what has none stays and is named by the lint."""

from __future__ import annotations

import pytest

from app.engine.lint import county_vocabulary, lint_process
from app.engine.lint.vocabulary import Form, Named
from app.engine.repairs import converted, mend
from app.engine.repairs.juel import feel_of

WORDS = county_vocabulary({"f00c": Form(Named("确认"), {"approved": "checkbox"})})

OLD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" \
targetNamespace="t">
  <bpmn:process id="p_old" name="旧流程" isExecutable="true" camunda:historyTimeToLive="180">
    <bpmn:startEvent id="s" />
    <bpmn:userTask id="a" name="填报" camunda:candidateGroups="unit_clerk" \
camunda:formKey="camunda-forms:deployment:f00c.form" camunda:dueDate="${dueDate}">
      <bpmn:extensionElements>
        <camunda:properties><camunda:property name="days" value="5" /></camunda:properties>
      </bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:exclusiveGateway id="g" name="同意？" default="f3" />
    <bpmn:userTask id="b" name="复核" camunda:assignee="${starter}" camunda:formRef="f00c" \
camunda:formRefBinding="latest" />
    <bpmn:endEvent id="e" />
    <bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="a" />
    <bpmn:sequenceFlow id="f2" sourceRef="a" targetRef="g" />
    <bpmn:sequenceFlow id="f3" sourceRef="g" targetRef="b" />
    <bpmn:sequenceFlow id="f4" sourceRef="g" targetRef="e">
      <bpmn:conditionExpression \
xsi:type="bpmn:tFormalExpression">${approved &amp;&amp; amount &gt;= 50}</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="f5" sourceRef="b" targetRef="e" />
  </bpmn:process>
</bpmn:definitions>
"""


@pytest.mark.parametrize(("old", "new"), [
    ("${approved}", "=approved"),
    ("${!approved}", "=not(approved)"),
    ("${approved == true}", "=approved = true"),
    ("${amount >= 50 && !late}", "=amount >= 50 and not(late)"),
    ("${a == 'x' || b eq \"y\"}", '=a = "x" or b = "y"'),
    ("${a ne 'it && that'}", '=a != "it && that"'),
    ("#{total lt 3}", "=total < 3"),
    ("${project.path == 'T'}", '=project.path = "T"'),
    ("${a != null}", "=a != null"),
    ("${bean.method(x)}", None),
    ("${a ? b : c}", "=if a then b else c"),
    ("${not (a and (b or c))}", "=not(a and (b or c))"),
    ("${(a or b) and c}", "=(a or b) and c"),
    ("${a - (b - c) * 2 > -1}", "=a - (b - c) * 2 > -1"),
    ("${a == b == c}", "=(a = b) = c"),
    ("${x.y != null && x.y.equals('他说\"好\"')}", '=x.y != null and x.y = "他说\\"好\\""'),
    ("${'甲'.equals(result)}", '="甲" = result'),
    ("${execution.getVariable('total') > 3.5}", "=total > 3.5"),
    ("${experts.size() ge 3}", "=count(experts) >= 3"),
    ("${total % 2 == 0 or total mod 3 eq 1}", "=modulo(total, 2) = 0 or modulo(total, 3) = 1"),
    ("${order.value >= 1 and origin == 'or'}", '=order.value >= 1 and origin = "or"'),
    ("${}", None),
    ("${a &&}", None),
    ("${a b}", None),
    ("${1a}", None),
    ("${" + "(" * 500 + "a" + ")" * 500 + "}", None),
    ("${" + "!" * 500 + "a}", None),
    ("${a" + " && a" * 2000 + "}", None),
    ("${list[0]}", None),
    ("${empty list}", None),
    ("prefix ${a}", None),
    ("=approved", None),
    ("${a} and ${b}", None),
])  # fmt: skip
def test_simple_expressions_become_feel_and_others_are_left(old: str, new: str | None) -> None:
    assert feel_of(old) == new


def test_a_diagram_of_camunda_7_is_rewritten_and_what_is_left_is_named() -> None:
    before = {one.code for one in lint_process(OLD.encode(), WORDS)}
    assert {"camunda-7", "camunda-7-harmless", "no-holder"} <= before
    text, done = converted(OLD)
    assert ("a", "candidateGroups") in done
    assert ("f4", "conditionExpression") in done
    after = {(one.code, one.element_id) for one in lint_process(text.encode(), WORDS) if one.severity == "error"}
    assert after == set()
    assert "camunda:" not in text.replace("xmlns:camunda", "")
    assert 'candidateGroups="unit_clerk"' in text
    assert 'formId="f00c"' in text
    assert 'dueDate="=dueDate"' in text
    assert ">=approved and amount &gt;= 50<" in text
    assert '<zeebe:property name="days" value="5"' in text


def test_what_cannot_be_said_here_stays_for_a_person() -> None:
    java = OLD.replace('camunda:assignee="${starter}"', 'camunda:assignee="${bean.pick(x)}"')
    listener = '<camunda:taskListener class="a.B" event="create" />'
    java = java.replace("<camunda:properties>", listener + "<camunda:properties>")
    text, _ = converted(java)
    left = {one.element_id: one.message for one in lint_process(text.encode(), WORDS) if one.code == "camunda-7"}
    assert "assignee" in left["b"]
    assert "taskListener" in left["a"]


HEADS = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="'
    'http://camunda.org/schema/zeebe/1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:c="{}" id="d" '
    'targetNamespace="t"><bpmn:process id="p" isExecutable="true">'
)
ENGINES = {
    "Camunda 7": "http://camunda.org/schema/1.0/bpmn",
    "Flowable": "http://flowable.org/bpmn",
    "Activiti": "http://activiti.org/bpmn",
}
LOOP = (
    '<bpmn:userTask id="x"><bpmn:multiInstanceLoopCharacteristics {}>{}</bpmn:multiInstanceLoopCharacteristics>'
    "</bpmn:userTask>"
)
KEPT: dict[str, tuple[str, str]] = {
    "groups": ('<bpmn:userTask id="x" c:candidateGroups="a, b" />', 'candidateGroups="a, b"'),
    "groups, one computed": (
        '<bpmn:userTask id="x" c:candidateGroups="a,${b}" />',
        'candidateGroups="=[&quot;a&quot;, b]"',
    ),
    "users": ('<bpmn:userTask id="x" c:candidateUsers="${users}" />', 'candidateUsers="=users"'),
    "assignee": ('<bpmn:userTask id="x" c:assignee="#{starter}" />', 'assignee="=starter"'),
    "form": ('<bpmn:userTask id="x" c:formKey="f00c" />', 'formId="f00c"'),
    "form of a deployment": (
        '<bpmn:userTask id="x" c:formKey="camunda-forms:deployment:a/f00c.form" />',
        'formId="f00c"',
    ),
    "due": ('<bpmn:userTask id="x" c:dueDate="2026-11-24T00:00:00" />', 'dueDate="2026-11-24T00:00:00"'),
    "due after a while": ('<bpmn:userTask id="x" c:dueDate="P3D" />', 'dueDate="=now() + duration(&quot;P3D&quot;)"'),
    "follow-up": ('<bpmn:userTask id="x" c:followUpDate="${day}" />', 'followUpDate="=day"'),
    "priority": ('<bpmn:userTask id="x" c:priority="${p}" />', '<zeebe:priorityDefinition priority="=p"'),
    "external task": (
        '<bpmn:serviceTask id="x" c:type="external" c:topic="notice.send" />',
        '<zeebe:taskDefinition type="notice.send"',
    ),
    "async": ('<bpmn:serviceTask id="x" c:asyncBefore="true" c:exclusive="false" />', '<bpmn:serviceTask id="x"/>'),
    "retries": (
        (
            '<bpmn:task id="x"><bpmn:extensionElements><c:failedJobRetryTimeCycle>R3/PT1M'
            "</c:failedJobRetryTimeCycle></bpmn:extensionElements></bpmn:task>"
        ),
        '<bpmn:task id="x"/>',
    ),
    "version": ('</bpmn:process><bpmn:process id="x" c:versionTag="2.1">', '<zeebe:versionTag value="2.1"/>'),
    "starters": (
        '</bpmn:process><bpmn:process id="x" c:candidateStarterGroups="a, b"><bpmn:startEvent id="y" />',
        '<zeebe:property name="starters" value="a,b"/>',
    ),
    "call": (
        '<bpmn:callActivity id="x" calledElement="p2" c:calledElementBinding="deployment" />',
        '<zeebe:calledElement processId="p2" bindingType="deployment"/>',
    ),
    "call of a version": (
        (
            '<bpmn:callActivity id="x" calledElement="${which}" c:calledElementBinding="versionTag" '
            'c:calledElementVersionTag="v1" />'
        ),
        '<zeebe:calledElement processId="=which" bindingType="versionTag" versionTag="v1"/>',
    ),
    "in": (
        (
            '<bpmn:callActivity id="x"><bpmn:extensionElements><c:in source="a" target="b" /><c:in '
            'sourceExpression="${a + 1}" target="c" /></bpmn:extensionElements></bpmn:callActivity>'
        ),
        (
            '<zeebe:calledElement propagateAllParentVariables="false"/><zeebe:ioMapping><zeebe:input source="=a" '
            'target="b"/><zeebe:input source="=a + 1" target="c"/></zeebe:ioMapping>'
        ),
    ),
    "out": (
        (
            '<bpmn:callActivity id="x"><bpmn:extensionElements><c:out source="a" target="b" /></bpmn:extensionElements>'
            "</bpmn:callActivity>"
        ),
        (
            '<zeebe:calledElement propagateAllChildVariables="false"/><zeebe:ioMapping><zeebe:output source="=a" '
            'target="b"/>'
        ),
    ),
    "all in, and one under another name": (
        (
            '<bpmn:callActivity id="x"><bpmn:extensionElements><c:in variables="all" /><c:in source="a" target="b" />'
            "</bpmn:extensionElements></bpmn:callActivity>"
        ),
        (
            '<zeebe:calledElement propagateAllParentVariables="true"/><zeebe:ioMapping><zeebe:input source="=a" '
            'target="b"/>'
        ),
    ),
    "all in and out": (
        (
            '<bpmn:callActivity id="x"><bpmn:extensionElements><c:in variables="all" /><c:out variables="all" />'
            "</bpmn:extensionElements></bpmn:callActivity>"
        ),
        '<zeebe:calledElement propagateAllChildVariables="true"/>',
    ),
    "collection": (
        LOOP.format('c:collection="experts" c:elementVariable="one"', ""),
        '<zeebe:loopCharacteristics inputCollection="=experts" inputElement="one"/>',
    ),
    "times": (
        LOOP.format("", "<bpmn:loopCardinality>${n + 1}</bpmn:loopCardinality>"),
        '<zeebe:loopCharacteristics inputCollection="=for i in 1..(n + 1) return i"/>',
    ),
    "enough": (
        LOOP.format(
            'c:collection="${experts}"',
            "<bpmn:completionCondition>${nrOfCompletedInstances / nrOfInstances &gt;= 0.6}</bpmn:completionCondition>",
        ),
        "=numberOfCompletedInstances / numberOfInstances &gt;= 0.6<",
    ),
    "decision": (
        (
            '<bpmn:businessRuleTask id="x" c:decisionRef="route" c:resultVariable="way" '
            'c:mapDecisionResult="singleEntry" />'
        ),
        '<zeebe:calledDecision decisionId="route" resultVariable="way"/>',
    ),
    "script": (
        (
            '<bpmn:scriptTask id="x" scriptFormat="juel" c:resultVariable="sum"><bpmn:script>${a + b}</bpmn:script>'
            "</bpmn:scriptTask>"
        ),
        '<zeebe:script expression="=a + b" resultVariable="sum"/>',
    ),
    "script in FEEL": (
        '<bpmn:scriptTask id="x" scriptFormat="feel"><bpmn:script>a + b</bpmn:script></bpmn:scriptTask>',
        '<zeebe:script expression="=a + b"/>',
    ),
    "condition": (
        (
            '<bpmn:sequenceFlow id="x"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">'
            "#{a == null || !(b)}</bpmn:conditionExpression></bpmn:sequenceFlow>"
        ),
        ">=a = null or not(b)<",
    ),
    "timer": (
        (
            '<bpmn:intermediateCatchEvent id="x"><bpmn:timerEventDefinition><bpmn:timeDate>${day}</bpmn:timeDate>'
            "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
        ),
        ">=day</bpmn:timeDate>",
    ),
    "waiting for a condition": (
        (
            '<bpmn:intermediateCatchEvent id="x"><bpmn:conditionalEventDefinition><bpmn:condition>${a &gt; 1}'
            "</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent>"
        ),
        ">=a &gt; 1</bpmn:condition>",
    ),
    "message": ('</bpmn:process><bpmn:message id="x" name="${m}" /><bpmn:process id="y">', 'name="=m"'),
    "mapping": (
        (
            '<bpmn:serviceTask id="x"><bpmn:extensionElements><c:inputOutput><c:inputParameter name="a">${b}'
            '</c:inputParameter><c:outputParameter name="c">plain</c:outputParameter></c:inputOutput>'
            "</bpmn:extensionElements></bpmn:serviceTask>"
        ),
        '<zeebe:ioMapping><zeebe:input source="=b" target="a"/><zeebe:output source="=&quot;plain&quot;" target="c"/>',
    ),
    "properties": (
        (
            '<bpmn:task id="x"><bpmn:extensionElements><c:properties><c:property name="days" value="5" />'
            "</c:properties></bpmn:extensionElements></bpmn:task>"
        ),
        '<zeebe:property name="days" value="5"/>',
    ),
}
"""What has a counterpart: as it is written there, and as it is written here."""
LISTENED = '<bpmn:userTask id="x"><bpmn:extensionElements>{}</bpmn:extensionElements></bpmn:userTask>'
NOT_KEPT: dict[str, tuple[str, str]] = {
    "listeners": (LISTENED.format('<c:executionListener class="a.B" event="start" />'), "executionListener"),
    "listeners of tasks": (LISTENED.format('<c:taskListener expression="${a.b()}" event="create" />'), "taskListener"),
    "fields of a form": (LISTENED.format('<c:formData><c:formField id="a" type="string" /></c:formData>'), "formData"),
    "properties of a form": (LISTENED.format('<c:formProperty id="a" />'), "formProperty"),
    "a page as form": ('<bpmn:userTask id="x" c:formKey="embedded:app:forms/a.html" />', "formKey"),
    "a bean": ('<bpmn:userTask id="x" c:assignee="${bean.pick(x)}" />', "assignee"),
    "a group of a bean": ('<bpmn:userTask id="x" c:candidateGroups="a,${bean.pick(x)}" />', "candidateGroups"),
    "a day of a bean": ('<bpmn:userTask id="x" c:dueDate="${dateTime().plusDays(3).toDate()}" />', "dueDate"),
    "a class": ('<bpmn:serviceTask id="x" c:class="a.B" />', "class"),
    "a delegate": ('<bpmn:serviceTask id="x" c:delegateExpression="${b}" />', "delegateExpression"),
    "an expression": ('<bpmn:serviceTask id="x" c:expression="${b.c()}" c:resultVariable="r" />', "resultVariable"),
    "mail": ('<bpmn:serviceTask id="x" c:type="mail" />', "type"),
    "a connector": (
        (
            '<bpmn:serviceTask id="x"><bpmn:extensionElements><c:connector><c:connectorId>mail</c:connectorId>'
            "</c:connector></bpmn:extensionElements></bpmn:serviceTask>"
        ),
        "connector",
    ),
    "a list": (
        LISTENED.format(
            '<c:inputOutput><c:inputParameter name="a"><c:list><c:value>1</c:value></c:list>'
            "</c:inputParameter></c:inputOutput>"
        ),
        "inputOutput",
    ),
    "a version": (
        ('<bpmn:callActivity id="x" calledElement="p2" c:calledElementBinding="version" c:calledElementVersion="3" />'),
        "calledElementVersion",
    ),
    "a business key": (
        (
            '<bpmn:callActivity id="x" calledElement="p2"><bpmn:extensionElements><c:in businessKey='
            '"${k}" /></bpmn:extensionElements></bpmn:callActivity>'
        ),
        "in",
    ),
    "who begins": ('<bpmn:startEvent id="x" c:initiator="who" />', "initiator"),
    "an error's variable": (
        ('<bpmn:boundaryEvent id="x"><bpmn:errorEventDefinition c:errorCodeVariable="e" /></bpmn:boundaryEvent>'),
        "errorCodeVariable",
    ),
}
"""What has none: as it is written there, and what the finding names."""


def as_a_file(body: str, engine: str) -> str:
    """Return a file of that engine with these elements in its process."""
    return f"{HEADS.format(ENGINES[engine])}{body}</bpmn:process></bpmn:definitions>"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("what", KEPT)
def test_what_has_a_counterpart_is_written_as_here(what: str, engine: str) -> None:
    there, here = KEPT[what]
    text, done = converted(as_a_file(there, engine))
    assert here in text.replace(" />", "/>")
    assert done
    assert " c:" not in text.replace("xmlns:c", "")
    assert 'executionPlatform="Camunda Cloud"' in text
    assert not [one for one in lint_process(text.encode(), WORDS) if one.code.startswith("camunda-7")]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("what", NOT_KEPT)
def test_what_has_none_stays_and_is_named(what: str, engine: str) -> None:
    there, name = NOT_KEPT[what]
    text, _done = converted(as_a_file(there, engine))
    (left,) = [one for one in lint_process(text.encode(), WORDS) if one.code == "camunda-7"]
    assert left.element_id == "x"
    assert name in str(left.values["found"]).split(", ")
    assert f"用了 {engine} 的写法" in left.message


def test_a_script_of_another_language_stays_and_is_named() -> None:
    groovy = '<bpmn:scriptTask id="x" scriptFormat="groovy"><bpmn:script>1 + 1</bpmn:script></bpmn:scriptTask>'
    text, done = converted(as_a_file(groovy, "Camunda 7"))
    assert done == ()
    assert "x" in {one.element_id for one in lint_process(text.encode(), WORDS) if one.code == "script-not-feel"}


def test_one_press_rewrites_what_hangs_below_the_element_too() -> None:
    text = mend(as_a_file(KEPT["collection"][0], "Camunda 7"), "camunda-7", "x", WORDS).text
    assert 'inputCollection="=experts"' in text
    timed = mend(as_a_file(KEPT["timer"][0], "Camunda 7"), "timer-invalid", "x", WORDS).text
    assert "=day" in timed
    assert 'expression="=a + b"' in mend(as_a_file(KEPT["script"][0], "Camunda 7"), "script-not-feel", "x", WORDS).text


def test_a_diagram_of_camunda_8_is_not_touched() -> None:
    text, done = converted(converted(OLD)[0])
    assert done == ()
    assert text == converted(OLD)[0]
