"""Diagrams written for Camunda 7: what has a counterpart is rewritten, what has none stays and is named by the lint."""

from __future__ import annotations

import pytest

from app.engine.lint import county_vocabulary, lint_process
from app.engine.lint.vocabulary import Form, Named
from app.engine.repairs import converted
from app.engine.repairs.camunda_7 import feel_of

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
    ("${a ? b : c}", None),
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


def test_a_diagram_of_camunda_8_is_not_touched() -> None:
    text, done = converted(converted(OLD)[0])
    assert done == ()
    assert text == converted(OLD)[0]
