"""Every file in bpmn/ keeps the rules of a shipped diagram: its names, its flow and its drawing."""

from __future__ import annotations

import json
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from lxml import etree

from app.domain import vocabulary
from app.domain.roles import PROJECT_ROLES
from app.engine.definition import parse_process
from app.engine.lint import lint_decision, lint_process
from app.engine.lint.callers import handed_over
from app.engine.lint.county import county_vocabulary
from app.engine.lint.vocabulary import Form, Named, Vocabulary

ROOT = Path(__file__).parents[2]
DIAGRAMS = sorted((ROOT / "bpmn").glob("*.bpmn"))
DECISIONS = sorted((ROOT / "bpmn").glob("*.dmn"))
FORMS = {path.stem: path for path in (ROOT / "forms").glob("*.form")}
NS = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
    "zeebe": "http://camunda.org/schema/zeebe/1.0",
    "modeler": "http://camunda.org/schema/modeler/1.0",
}
ACTIVITIES = ("userTask", "serviceTask", "businessRuleTask", "callActivity", "receiveTask", "sendTask")
NODES = (*ACTIVITIES, "subProcess", "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent")
GATEWAYS = ("exclusiveGateway", "parallelGateway", "eventBasedGateway")
DRAWN = (*NODES, *GATEWAYS, "boundaryEvent", "lane", "participant")
Box = tuple[float, float, float, float]

each_diagram = pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)


def tree(path: Path) -> etree._Element:
    return etree.fromstring(path.read_bytes())


def find(node: etree._Element, expression: str) -> list[etree._Element]:
    return node.xpath(expression, namespaces=NS)  # type: ignore[no-any-return]


def said(node: etree._Element, attribute: str) -> str:
    return str(node.get(attribute, ""))


def elements(root: etree._Element, *names: str) -> list[etree._Element]:
    return [node for name in names for node in find(root, f"//bpmn:{name}")]


def boxes(root: etree._Element) -> dict[str, Box]:
    found = {}
    for shape in find(root, "//bpmndi:BPMNShape"):
        bounds = find(shape, "dc:Bounds")[0]
        x, y, width, height = (float(said(bounds, side)) for side in ("x", "y", "width", "height"))
        found[said(shape, "bpmnElement")] = (x, y, x + width, y + height)
    return found


def waypoints(edge: etree._Element) -> list[tuple[float, float]]:
    return [(float(said(point, "x")), float(said(point, "y"))) for point in find(edge, "di:waypoint")]


def flat(root: etree._Element) -> set[str]:
    """Ids of all nodes but the expanded sub-processes, inside which others stand."""
    names = [name for name in (*NODES, *GATEWAYS, "boundaryEvent") if name != "subProcess"]
    return {said(node, "id") for node in elements(root, *names)}


def overlaps(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def keys(components: list[dict[str, object]]) -> list[str]:
    found = []
    for component in components:
        key = component.get("path") or component.get("key")
        if isinstance(key, str):
            found.append(key)
        inner = component.get("components")
        if component.get("type") == "group" and not component.get("path") and isinstance(inner, list):
            found.extend(keys(inner))
    return found


@pytest.fixture(scope="module")
def county() -> Vocabulary:
    forms = {}
    for form_id, path in FORMS.items():
        schema = json.loads(path.read_text(encoding="utf-8"))
        forms[form_id] = Form(Named(form_id), dict.fromkeys(keys(schema["components"]), "textfield"))
    return county_vocabulary(forms, inputs=handed_over(path.read_bytes() for path in DIAGRAMS))


def test_every_process_and_decision_of_the_vocabulary_has_its_file() -> None:
    assert [path.stem for path in DIAGRAMS] == sorted(vocabulary.PROCESSES)
    assert [path.stem for path in DECISIONS] == sorted(vocabulary.DECISIONS)


def test_every_message_is_sent_or_heard_somewhere() -> None:
    drawn = {said(message, "name") for path in DIAGRAMS for message in elements(tree(path), "message")}
    assert set(vocabulary.MESSAGES) - drawn == {"project.suspended", "project.resumed"}
    assert drawn <= set(vocabulary.MESSAGES)


def test_every_operation_and_meaning_is_used_somewhere() -> None:
    used = {said(item, "type") for path in DIAGRAMS for item in find(tree(path), "//zeebe:taskDefinition")}
    assert used == set(vocabulary.OPERATIONS)
    meant = {said(item, "value") for path in DIAGRAMS for item in find(tree(path), "//zeebe:property[@name='records']")}
    assert meant == set(vocabulary.RECORDS)


def test_starters_stand_in_the_vocabulary() -> None:
    for path in DIAGRAMS:
        drawn = [
            said(item, "value") for item in find(tree(path), "//bpmn:startEvent//zeebe:property[@name='starters']")
        ]
        assert ",".join(drawn) == ",".join(vocabulary.PROCESSES[path.stem].starters), path.stem


@each_diagram
def test_it_parses_and_is_named_like_its_file(path: Path) -> None:
    model = parse_process(path.read_bytes(), name=path.name)
    assert model.process_id == path.stem
    assert model.name == vocabulary.PROCESSES[path.stem].zh
    assert model.documentation.strip()


@each_diagram
def test_it_lints_clean(path: Path, county: Vocabulary) -> None:
    assert [(item.code, item.element_id) for item in lint_process(path.read_bytes(), county)] == []


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_lints_clean_and_every_rule_gives_its_reason(path: Path, county: Vocabulary) -> None:
    assert [(item.code, item.element_id) for item in lint_decision(path.read_bytes(), county)] == []
    dmn = {"dmn": "https://www.omg.org/spec/DMN/20191111/MODEL/"}
    rules = tree(path).findall(".//dmn:rule", dmn)
    assert rules
    assert all((rule.findtext("dmn:annotationEntry/dmn:text", "", dmn)).strip() for rule in rules)


@each_diagram
def test_it_follows_the_profile(path: Path) -> None:
    root = tree(path)
    assert said(root, f"{{{NS['modeler']}}}executionPlatform") == "Camunda Cloud"
    assert said(root, f"{{{NS['modeler']}}}executionPlatformVersion") == "8.7.0"
    assert [said(node, "isExecutable") for node in elements(root, "process")] == ["true"]
    assert len(find(root, "//bpmn:participant[@processRef]")) == 1
    ids = [said(node, "id") for node in root.iter() if isinstance(node.tag, str) and said(node, "id")]
    assert len(ids) == len(set(ids))


@each_diagram
def test_each_user_task_says_who_what_and_why(path: Path) -> None:
    for task in elements(tree(path), "userTask"):
        groups = said(find(task, "bpmn:extensionElements/zeebe:assignmentDefinition")[0], "candidateGroups")
        assert set(groups.split(",")) <= PROJECT_ROLES, said(task, "id")
        assert said(find(task, "bpmn:extensionElements/zeebe:formDefinition")[0], "formId") in FORMS, said(task, "id")
        assert find(task, "bpmn:extensionElements/zeebe:userTask"), said(task, "id")


@each_diagram
def test_each_activity_is_documented(path: Path) -> None:
    for node in elements(tree(path), *ACTIVITIES):
        assert str(node.findtext("bpmn:documentation", "", NS)).strip(), said(node, "id")


@each_diagram
def test_what_one_signs_or_sees_beside_exists(path: Path) -> None:
    for item in find(tree(path), "//zeebe:property"):
        assert said(item, "name") in vocabulary.PROPERTIES
        if said(item, "name") in {"signs", "shows"}:
            assert set(said(item, "value").split(",")) <= set(FORMS)


@each_diagram
def test_each_choice_has_a_default_that_leads_to_no_end(path: Path) -> None:
    root = tree(path)
    ends = {said(node, "id") for node in elements(root, "endEvent")}
    flows = {said(flow, "id"): flow for flow in elements(root, "sequenceFlow")}
    for gateway in elements(root, "exclusiveGateway"):
        assert said(flows[said(gateway, "default")], "targetRef") not in ends, said(gateway, "id")
        assert said(gateway, "name").endswith("？"), said(gateway, "id")
        for outgoing in find(gateway, "bpmn:outgoing"):
            assert said(flows[str(outgoing.text)], "name"), outgoing.text


@each_diagram
def test_a_call_hands_over_the_project_and_takes_nothing_back(path: Path) -> None:
    for call in elements(tree(path), "callActivity"):
        called = find(call, ".//zeebe:calledElement")[0]
        assert said(called, "processId") in vocabulary.PROCESSES
        assert said(called, "propagateAllChildVariables") == "false"
        assert said(called, "propagateAllParentVariables") == "false"
        given = {said(item, "target") for item in find(call, ".//zeebe:input")}
        assert given & {"project_no", "unit"}


@each_diagram
def test_lanes_hold_every_node_once(path: Path) -> None:
    root = tree(path)
    held = [str(reference.text) for reference in find(root, "//bpmn:flowNodeRef")]
    nodes = elements(root, *NODES, *GATEWAYS, "boundaryEvent")
    assert sorted(held) == sorted(said(node, "id") for node in nodes)


@each_diagram
def test_everything_is_drawn(path: Path) -> None:
    root = tree(path)
    assert sorted(boxes(root)) == sorted(said(node, "id") for node in elements(root, *DRAWN))
    drawn = sorted(said(edge, "bpmnElement") for edge in find(root, "//bpmndi:BPMNEdge"))
    assert drawn == sorted(said(node, "id") for node in elements(root, "sequenceFlow", "messageFlow"))


@each_diagram
def test_nothing_lies_on_top_of_another(path: Path) -> None:
    root = tree(path)
    drawn = boxes(root)
    hosts = {said(node, "id"): said(node, "attachedToRef") for node in elements(root, "boundaryEvent")}
    plain = sorted(flat(root))
    for one, other in combinations(plain, 2):
        if hosts.get(one) != other and hosts.get(other) != one:
            assert not overlaps(drawn[one], drawn[other]), (one, other)


@each_diagram
def test_lines_are_orthogonal_and_cross_no_shape(path: Path) -> None:
    root = tree(path)
    drawn = boxes(root)
    shapes = flat(root)
    ends = {
        said(flow, "id"): {said(flow, "sourceRef"), said(flow, "targetRef")} for flow in elements(root, "sequenceFlow")
    }
    for edge in find(root, "//bpmndi:BPMNEdge"):
        flow = said(edge, "bpmnElement")
        points = waypoints(edge)
        for (x0, y0), (x1, y1) in pairwise(points):
            assert x0 == x1 or y0 == y1, flow
            line = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
            for shape in shapes - ends.get(flow, shapes):
                assert not overlaps(line, drawn[shape]), (flow, shape)


@each_diagram
def test_lane_rows_have_room(path: Path) -> None:
    root = tree(path)
    drawn = boxes(root)
    lanes = [drawn[said(node, "id")] for node in elements(root, "lane")]
    assert all(bottom - top >= 140 for _, top, _, bottom in lanes)
    assert all(above[3] == below[1] for above, below in pairwise(lanes))
