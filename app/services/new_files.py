"""New files of the workshop: an empty diagram, form or table under an id of its own, or a copy of another."""

from __future__ import annotations

import json
import re
from datetime import datetime
from xml.sax.saxutils import quoteattr

from sqlalchemy.orm import Session

from app.engine.repairs import renamed
from app.errors import Refused
from app.form_schema.names import is_name
from app.models.workshop import WorkingCopy
from app.services import working_copies
from app.services.context import Actor

LONGEST_NAME = 60


def begin(
    session: Session, kind: str, key: str, *, name: str, like: str | None, by: Actor, now: datetime
) -> WorkingCopy:
    """Begin a file of this id and name, with the content of `like` where one is given.

    Raises Refused for an id that FEEL could not read or a name that is missing, AlreadyDone where the id is taken.
    """
    if not is_name(key):
        raise Refused("标识只用英文字母、数字和下划线，以字母开头，最多 60 个字符，例如 p30_survey。")
    clean = re.sub(r"\s+", " ", name).strip()
    if not clean or len(clean) > LONGEST_NAME:
        raise Refused("请填写名称，最多 60 个字。")
    content = _empty(kind, key, clean) if like is None else _copied(kind, like, key, clean)
    return working_copies.create(session, kind, content, by=by, now=now)


def _empty(kind: str, key: str, name: str) -> str:
    if kind == "form":
        return json.dumps(
            {
                "components": [],
                "type": "default",
                "id": key,
                "properties": {"name": name},
                "executionPlatform": "Camunda Cloud",
                "executionPlatformVersion": "8.8.0",
                "schemaVersion": 19,
            },
            ensure_ascii=False,
            indent=2,
        )
    template = _DECISION if kind == "dmn" else _PROCESS
    return template.replace("@key@", key).replace("@name@", quoteattr(name))


def _copied(kind: str, like: str, key: str, name: str) -> str:
    if kind != "form":
        return renamed(like, kind, key, name)
    schema = json.loads(like)
    schema["id"] = key
    schema["properties"] = {**(schema.get("properties") or {}), "name": name}
    schema["properties"].pop("en.name", None)
    return json.dumps(schema, ensure_ascii=False, indent=2)


_PROCESS = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" \
xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:modeler="http://camunda.org/schema/modeler/1.0" \
id="definitions_@key@" targetNamespace="http://bpmn.io/schema/bpmn" modeler:executionPlatform="Camunda Cloud" \
modeler:executionPlatformVersion="8.8.0">
  <bpmn:process id="@key@" name=@name@ isExecutable="true">
    <bpmn:startEvent id="start" name="开始">
      <bpmn:outgoing>flow_1</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:userTask id="first" name="第一步">
      <bpmn:incoming>flow_1</bpmn:incoming>
      <bpmn:outgoing>flow_2</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="end" name="结束">
      <bpmn:incoming>flow_2</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="flow_1" sourceRef="start" targetRef="first" />
    <bpmn:sequenceFlow id="flow_2" sourceRef="first" targetRef="end" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="BPMNDiagram_1">
    <bpmndi:BPMNPlane id="BPMNPlane_1" bpmnElement="@key@">
      <bpmndi:BPMNShape id="start_di" bpmnElement="start"><dc:Bounds x="180" y="182" width="36" height="36" />\
</bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="first_di" bpmnElement="first"><dc:Bounds x="270" y="160" width="100" height="80" />\
</bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="end_di" bpmnElement="end"><dc:Bounds x="432" y="182" width="36" height="36" />\
</bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="flow_1_di" bpmnElement="flow_1"><di:waypoint x="216" y="200" />\
<di:waypoint x="270" y="200" /></bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="flow_2_di" bpmnElement="flow_2"><di:waypoint x="370" y="200" />\
<di:waypoint x="432" y="200" /></bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""
_DECISION = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" \
xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" \
id="definitions_@key@" name=@name@ namespace="http://camunda.org/schema/1.0/dmn">
  <decision id="@key@" name=@name@>
    <decisionTable id="table_@key@" hitPolicy="UNIQUE">
      <input id="input_1" label="条件">
        <inputExpression id="expression_1" typeRef="string"><text>condition</text></inputExpression>
      </input>
      <output id="output_1" label="结果" name="result" typeRef="string" />
      <rule id="rule_1">
        <inputEntry id="entry_1"><text></text></inputEntry>
        <outputEntry id="entry_2"><text>"结果"</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram id="diagram_1">
      <dmndi:DMNShape id="shape_1" dmnElementRef="@key@"><dc:Bounds height="80" width="180" x="160" y="100" />\
</dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
"""
