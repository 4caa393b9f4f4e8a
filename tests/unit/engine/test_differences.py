"""The difference of two versions in words: many pairs of diagrams, forms and tables, each said in both languages."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from app.engine.differences import compare
from app.engine.lint import county_vocabulary
from app.engine.lint.vocabulary import Form, Named
from tests.unit.engine import drawing
from tests.unit.engine.drawing import boundary, end, flow, flows, node, start, timer

ROOT = Path(__file__).parents[3]
FORMS = {
    "f00c": Form(Named("确认", "Confirmation"), {"result": "radio"}),
    "f16p": Form(Named("初步验收", "Preliminary acceptance"), {}),
}
WORDS = county_vocabulary(FORMS)


def task(
    own: str, name: str, *, role: str = "unit_clerk", form: str = "f00c", extra: str = "", inside: str = ""
) -> str:
    said = f'<zeebe:assignmentDefinition candidateGroups="{role}"/><zeebe:formDefinition formId="{form}"/>{extra}'
    return node("userTask", own, inside, said, name=name)


def diagram(body: str, outside: str = "") -> str:
    return drawing.definitions(body, process_id="p", outside=outside).decode()


def words(left: str, right: str, kind: str = "bpmn") -> list[str]:
    return [one.zh for one in compare(left, right, kind, WORDS)]


def english(left: str, right: str, kind: str = "bpmn") -> list[str]:
    return [one.en for one in compare(left, right, kind, WORDS)]


MEETING = task("m", "验收会")
BASE = start() + MEETING + end() + flows("s > m > e")
NAMELESS = '<bpmn:exclusiveGateway id="Gateway_1nlj82u"/>'
VISIT = task("v", "现场踏勘", role="sup_eng", form="f16p")
GATE = node("exclusiveGateway", "g", name="结论")
CHOICE = start() + MEETING + GATE + task("b", "复核") + end() + flows("s > m > g") + flows("b > e")
TIMED = boundary("t", "m", timer("timeDuration", "P5WD"), interrupting=False).replace('name="t"', 'name="催办"')
CALL = '<zeebe:calledElement processId="p02_review"/>'
SERVICE = '<zeebe:taskDefinition type="notice.send"/><zeebe:taskHeaders><zeebe:header key="roles" value="unit_clerk"/>'
MANY = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics "
    'inputCollection="=panel" inputElement="one"/></bpmn:extensionElements>'
    "<bpmn:completionCondition>=numberOfCompletedInstances >= 3</bpmn:completionCondition>"
    "</bpmn:multiInstanceLoopCharacteristics>"
)
DAYS = '<zeebe:properties><zeebe:property name="days" value="5"/></zeebe:properties>'
LIMITED = start() + task("m", "验收会", extra=DAYS) + end() + flows("s > m > e")
NOTICE = (
    start() + node("serviceTask", "n", "", SERVICE + "</zeebe:taskHeaders>", name="通知") + end() + flows("s > n > e")
)
ADDED = (
    "Added the task “现场踏勘” after “验收会”, worked on by: supervising engineer; form: Preliminary acceptance (f16p)."
)
PAIRS: dict[str, tuple[str, str, list[str], list[str]]] = {
    "a step after another": (
        BASE,
        start() + MEETING + VISIT + end() + flows("s > m > v > e"),
        ["在「验收会」之后增加任务「现场踏勘」，由监理工程师办理，表单：初步验收（f16p）。"],
        [ADDED],
    ),
    "a step gone": (
        start() + MEETING + VISIT + end() + flows("s > m > v > e"),
        BASE,
        ["删去任务「现场踏勘」。"],
        ["Removed the task “现场踏勘”."],
    ),
    "a gateway without a name": (
        BASE,
        start() + MEETING + NAMELESS + end() + flows("s > m > Gateway_1nlj82u > e"),
        ["在「验收会」之后增加排他网关。"],
        ["Added the exclusive gateway after “验收会”."],
    ),
    "a gateway without a name gone": (
        start() + MEETING + NAMELESS + end() + flows("s > m > Gateway_1nlj82u > e"),
        BASE,
        ["删去「验收会」之后的排他网关。"],
        ["Removed the exclusive gateway after “验收会”."],
    ),
    "another role": (
        BASE, BASE.replace("unit_clerk", "unit_head"),
        ["「验收会」的办理角色由 项目单位经办 改为 项目单位负责人。"],
        ["The role of “验收会” changed from project unit clerk to head of the project unit."],
    ),
    "another form": (
        BASE, BASE.replace("f00c", "f16p"),
        ["「验收会」的表单由 确认（f00c） 改为 初步验收（f16p）。"],
        ["The form of “验收会” changed from Confirmation (f00c) to Preliminary acceptance (f16p)."],
    ),
    "another name": (
        BASE, BASE.replace("验收会", "验收会议"),
        ["「验收会」改名为「验收会议」。"],
        ["“验收会” is now called “验收会议”."],
    ),
    "a due date set": (
        BASE,
        start() + task("m", "验收会", extra='<zeebe:taskSchedule dueDate="=deadline.acceptance.due"/>') + end()
        + flows("s > m > e"),
        ["「验收会」的到期时间设为 =deadline.acceptance.due。"],
        ["The due date of “验收会” set to =deadline.acceptance.due."],
    ),
    "a property gone": (
        LIMITED,
        BASE,
        ["「验收会」的办理期限（工作日）去掉（原为 5）。"],
        ["The working days of “验收会” removed (it was 5)."],
    ),
    "a property changed": (
        LIMITED,
        LIMITED.replace('"5"', '"8"'),
        ["「验收会」的办理期限（工作日）由 5 改为 8。"],
        ["The working days of “验收会” changed from 5 to 8."],
    ),
    "a number in a condition": (
        CHOICE + flow("g", "b", "=count(panel) >= 3") + flow("g", "e"),
        CHOICE + flow("g", "b", "=count(panel) >= 5") + flow("g", "e"),
        ["连线「结论」到「复核」的条件中的 3 改为 5。"],
        ["In the condition of the flow from “结论” to “复核”, 3 changed to 5."],
    ),
    "a text in a condition": (
        CHOICE + flow("g", "b", '=result = "通过"') + flow("g", "e"),
        CHOICE + flow("g", "b", '=result = "补正"') + flow("g", "e"),
        ["连线「结论」到「复核」的条件中的 通过 改为 补正。"],
        ["In the condition of the flow from “结论” to “复核”, 通过 changed to 补正."],
    ),
    "another condition": (
        CHOICE + flow("g", "b", "=a") + flow("g", "e"), CHOICE + flow("g", "b", "=not(a) and b") + flow("g", "e"),
        ["连线「结论」到「复核」的条件由 =a 改为 =not(a) and b。"],
        ["The condition of the flow from “结论” to “复核” changed from =a to =not(a) and b."],
    ),
    "another default": (
        CHOICE.replace('id="g"', 'id="g" default="g-b"') + flow("g", "b") + flow("g", "e", "=x"),
        CHOICE.replace('id="g"', 'id="g" default="g-e"') + flow("g", "b", "=y") + flow("g", "e"),
        [
            "「结论」的默认去向由 「复核」 改为 「e」。",
            "连线「结论」到「复核」的条件设为 =y。",
            "连线「结论」到「e」的条件去掉（原为 =x）。",
        ],
        [
            "The default way out of “结论” changed from 「复核」 to 「e」.",
            "The condition of the flow from “结论” to “复核” set to =y.",
            "The condition of the flow from “结论” to “e” removed (it was =x).",
        ],
    ),
    "a flow led elsewhere": (
        CHOICE + flow("g", "b", "=a", "x") + flow("g", "e", flow_id="y"),
        CHOICE + flow("g", "b", "=a", "x") + flow("g", "b", flow_id="y"),
        ["连线由「结论」到「e」改为「结论」到「复核」。"],
        ["A flow that led from “结论” to “e” now leads from “结论” to “复核”."],
    ),
    "a flow more": (
        CHOICE + flow("g", "b"), CHOICE + flow("g", "b") + flow("g", "e"),
        ["增加连线：「结论」到「e」。"],
        ["Added a flow from “结论” to “e”."],
    ),
    "a flow less": (
        CHOICE + flow("g", "b") + flow("g", "e"), CHOICE + flow("g", "b"),
        ["删去连线：「结论」到「e」。"],
        ["Removed the flow from “结论” to “e”."],
    ),
    "a reminder": (
        BASE, start() + MEETING + TIMED + end() + end("e2") + flows("s > m > e") + flows("t > e2"),
        [
            "在「验收会」上增加边界事件「催办」，定时（时长）：P5WD。",
            "在「催办」之后增加结束事件「e2」。",
        ],
        [
            "Added the boundary event “催办” on “验收会”; timer (duration): P5WD.",
            "Added the end event “e2” after “催办”.",
        ],
    ),
    "a timer changed": (
        start() + MEETING + TIMED + end() + end("e2") + flows("s > m > e") + flows("t > e2"),
        start() + MEETING + TIMED.replace("P5WD", "P8WD") + end() + end("e2") + flows("s > m > e") + flows("t > e2"),
        ["「催办」的定时（时长）由 P5WD 改为 P8WD。"],
        ["The timer (duration) of “催办” changed from P5WD to P8WD."],
    ),
    "a boundary that interrupts now": (
        start() + MEETING + TIMED + end() + end("e2") + flows("s > m > e") + flows("t > e2"),
        start() + MEETING + TIMED.replace('"false"', '"true"') + end() + end("e2") + flows("s > m > e")
        + flows("t > e2"),
        ["「催办」的触发时中断该步骤由 否 改为 是。"],
        ["The interrupts its step of “催办” changed from no to yes."],
    ),
    "another called process": (
        start() + node("callActivity", "c", "", CALL, name="评审") + end() + flows("s > c > e"),
        start() + node("callActivity", "c", "", CALL.replace("p02_review", "p05_preprocurement"), name="评审") + end()
        + flows("s > c > e"),
        ["「评审」的调用的流程由 申报与专家评审（p02_review） 改为 采购前核准（p05_preprocurement）。"],
        [
            (
                "The called process of “评审” changed from filing and expert review (p02_review) to pre-procurement "
                "approval (p05_preprocurement)."
            )
        ],
    ),
    "a header": (
        NOTICE, NOTICE.replace("unit_clerk", "unit_head"),
        ["「通知」的参数 roles由 unit_clerk 改为 unit_head。"],
        ["The header roles of “通知” changed from unit_clerk to unit_head."],
    ),
    "a type": (
        BASE, BASE.replace("userTask", "manualTask"),
        ["「验收会」由用户任务改为手工任务。"],
        ["“验收会” changed from a user task to a manual task."],
    ),
    "the number of experts": (
        start() + task("m", "验收会", inside=MANY) + end() + flows("s > m > e"),
        start() + task("m", "验收会", inside=MANY.replace(">= 3", ">= 5")) + end() + flows("s > m > e"),
        ["「验收会」的完成条件中的 3 改为 5。"],
        ["In the completion condition of “验收会”, 3 changed to 5."],
    ),
    "one becomes many": (
        BASE, start() + task("m", "验收会", inside=MANY) + end() + flows("s > m > e"),
        [
            "「验收会」的多人办理设为 同时。",
            "「验收会」的多实例的清单设为 =panel。",
            "「验收会」的多实例的元素设为 one。",
            "「验收会」的完成条件设为 =numberOfCompletedInstances >= 3。",
        ],
        [
            "The multi-instance of “验收会” set to in parallel.",
            "The input collection of “验收会” set to =panel.",
            "The input element of “验收会” set to one.",
            "The completion condition of “验收会” set to =numberOfCompletedInstances >= 3.",
        ],
    ),
    "an output mapping": (
        BASE,
        start() + task("m", "验收会", extra=drawing.mapping(outputs={"ok": "=passed"})) + end() + flows("s > m > e"),
        ["「验收会」的输出 ok设为 =passed。"],
        ["The output ok of “验收会” set to =passed."],
    ),
    "the documentation": (
        BASE, start() + task("m", "验收会", inside="<bpmn:documentation>签到后开会</bpmn:documentation>") + end()
        + flows("s > m > e"),
        ["「验收会」的说明设为 签到后开会。"],
        ["The documentation of “验收会” set to 签到后开会."],
    ),
}  # fmt: skip
"""What happened → before, after, the Chinese sentences, the English ones."""


@pytest.mark.parametrize("what", PAIRS)
def test_what_changed_on_a_diagram_is_said_in_both_languages(what: str) -> None:
    left, right, zh, en = PAIRS[what]
    assert words(diagram(left), diagram(right)) == zh
    assert english(diagram(left), diagram(right)) == en


@pytest.mark.parametrize("what", PAIRS)
def test_nothing_changed_is_no_difference(what: str) -> None:
    for body in PAIRS[what][:2]:
        assert words(diagram(body), diagram(body)) == []
        assert words(diagram(body), diagram(body).replace("><", ">\n<")) == []


def test_lanes_messages_annotations_and_the_process_itself() -> None:
    lanes = (
        '<bpmn:laneSet id="ls"><bpmn:lane id="l1" name="单位"><bpmn:flowNodeRef>m</bpmn:flowNodeRef></bpmn:lane>'
        '<bpmn:lane id="l2" name="监理"/></bpmn:laneSet>'
    )
    moved = lanes.replace("<bpmn:flowNodeRef>m</bpmn:flowNodeRef></bpmn:lane>", "</bpmn:lane>").replace(
        'name="监理"/>', 'name="监理"><bpmn:flowNodeRef>m</bpmn:flowNodeRef></bpmn:lane>'
    )
    assert words(diagram(lanes + BASE), diagram(moved + BASE)) == ["「验收会」的泳道由 单位 改为 监理。"]
    assert words(diagram(BASE), diagram(lanes + BASE)) == [
        "「验收会」的泳道设为 单位。", "增加泳道「单位」。", "增加泳道「监理」。",
    ]  # fmt: skip
    note = '<bpmn:textAnnotation id="ta"><bpmn:text>须三人以上</bpmn:text></bpmn:textAnnotation>'
    assert words(diagram(BASE), diagram(BASE + note)) == ["增加批注「须三人以上」。"]
    renamed = diagram(BASE).replace('name="流程"', 'name="验收"')
    assert words(diagram(BASE), renamed) == ["流程「流程」改名为「验收」。"]
    catch = node("intermediateCatchEvent", "c", '<bpmn:messageEventDefinition messageRef="m1"/>', name="等复函")
    body = start() + catch + end() + flows("s > c > e")
    one, other = (diagram(body, drawing.message(name).replace(f'id="{name}"', 'id="m1"')) for name in ("a.b", "a.c"))
    assert words(one, other) == ["「等复函」的消息由 a.b 改为 a.c。"]


def test_a_shape_that_was_moved_is_said_but_not_the_whole_drawing() -> None:
    path = ROOT / "bpmn" / "p05_preprocurement.bpmn"
    text = path.read_text(encoding="utf-8")
    root = text.split("<dc:Bounds ")
    one = next(place for place, part in enumerate(root) if 'width="100"' in part or 'height="80"' in part)
    shifted = text.replace(
        f"<dc:Bounds {root[one].split('/>')[0]}/>", '<dc:Bounds x="1" y="2" width="100" height="80"/>', 1
    )
    told = compare(text, shifted, "bpmn", WORDS)
    assert [item.kind for item in told] == ["moved"]
    assert told[0].zh.endswith("挪了位置。")


def test_a_new_file_is_all_added_and_what_cannot_be_read_is_empty() -> None:
    path = ROOT / "bpmn" / "p05_preprocurement.bpmn"
    text = path.read_text(encoding="utf-8")
    told = compare("", text, "bpmn", WORDS)
    assert {item.kind for item in told} == {"added"}
    assert {item.kind for item in compare(text, "kein XML", "bpmn", WORDS)} == {"removed"}
    assert compare("x", "y", "bpmn", WORDS) == ()


@pytest.mark.parametrize("path", sorted((ROOT / "bpmn").glob("*.bpmn")), ids=lambda path: path.stem)
def test_each_shipped_diagram_compares_with_any_other_without_failing(path: Path) -> None:
    other = (ROOT / "bpmn" / "p09_acceptance.bpmn").read_text(encoding="utf-8")
    told = compare(path.read_text(encoding="utf-8"), other, "bpmn", WORDS)
    assert all(item.zh.endswith("。") and item.en.endswith(".") for item in told)
    assert bool(told) is (path.stem != "p09_acceptance")


# -- tables ------------------------------------------------------------------------------------------------------------


def table(*rules: tuple[str, str, str], policy: str = "UNIQUE", columns: str = "", name: str = "方式") -> str:
    rows = "".join(
        f'<rule id="{own}"><inputEntry id="{own}i"><text>{test}</text></inputEntry>'
        f'<outputEntry id="{own}o"><text>{given}</text></outputEntry></rule>'
        for own, test, given in rules
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">'
        f'<decision id="k" name="{name}"><decisionTable id="t" hitPolicy="{policy}">'
        '<input id="i"><inputExpression id="x"><text>专家人数</text></inputExpression></input>'
        f'<output id="o" name="结果"/>{columns}{rows}</decisionTable></decision></definitions>'
    )


TWO = (("r1", "3", '"简易"'), ("r2", "[4..9]", '"会审"'))


@pytest.mark.parametrize(("left", "right", "zh"), [
    (table(*TWO), table(("r1", "5", '"简易"'), TWO[1]), ["第 1 条规则的「专家人数」由 3 改为 5。"]),
    (table(*TWO), table(TWO[0], ("r2", "[4..9]", '"函审"')), ['第 2 条规则的「结果」由 "会审" 改为 "函审"。']),
    (table(*TWO), table(*TWO, ("r3", "10", '"大会"')), ['增加第 3 条规则：专家人数 10 → 结果 = "大会"。']),
    (table(*TWO), table(TWO[1]), ['删去第 1 条规则：专家人数 3 → 结果 = "简易"。']),
    (table(*TWO), table(TWO[1], TWO[0]), ["规则的先后顺序变了。"]),
    (table(*TWO), table(*TWO, policy="FIRST"), ["命中规则由 UNIQUE 改为 FIRST。"]),
    (table(*TWO), table(*TWO, name="评审方式"), ["决策的名称由 方式 改为 评审方式。"]),
    (table(*TWO), table(("r1", "", '"简易"'), TWO[1]), ["第 1 条规则的「专家人数」由 3 改为 -。"]),
    ("", table(*TWO), ["增加决策「方式」。"]),
    (table(*TWO), "kein XML", ["删去决策「方式」。"]),
    (table(*TWO), table(*TWO), []),
])  # fmt: skip
def test_what_changed_in_a_table(left: str, right: str, zh: list[str]) -> None:
    assert words(left, right, "dmn") == zh
    assert len(english(left, right, "dmn")) == len(zh)


# -- forms -------------------------------------------------------------------------------------------------------------


def form(*fields: dict[str, object], name: str = "验收会") -> str:
    return json.dumps({"type": "default", "id": "f", "properties": {"name": name}, "components": list(fields)})


EXPERTS: dict[str, object] = {
    "type": "dynamiclist", "id": "x", "path": "experts", "label": "专家", "properties": {"list.min": "3"},
    "components": [{"type": "textfield", "id": "n", "key": "name", "label": "姓名"}],
}  # fmt: skip
TEXT: dict[str, object] = {
    "type": "textarea",
    "id": "t",
    "key": "text",
    "label": "意见",
    "validate": {"maxLength": 200},
}
PICK: dict[str, object] = {
    "type": "radio", "id": "r", "key": "result", "label": "结论",
    "values": [{"label": "通过", "value": "yes"}, {"label": "不通过", "value": "no"}],
}  # fmt: skip
MORE = {
    **PICK,
    "values": [{"label": "通过", "value": "yes"}, {"label": "不予通过", "value": "no"}, {"label": "缓", "value": "w"}],
}


@pytest.mark.parametrize(("left", "right", "zh"), [
    (form(EXPERTS), form({**EXPERTS, "properties": {"list.min": "5"}}), ["「专家」的最少项数由 3 改为 5。"]),
    (form(EXPERTS), form(EXPERTS, TEXT), ["增加多行文字「意见」。"]),
    (form(EXPERTS), form(EXPERTS, {**TEXT, "validate": {"required": True}}), ["增加多行文字「意见」，必填。"]),
    (form(EXPERTS, TEXT), form(EXPERTS), ["删去多行文字「意见」。"]),
    (form(TEXT), form({**TEXT, "label": "验收意见"}), ["「意见」的名称由 意见 改为 验收意见。"]),
    (form(TEXT), form({**TEXT, "validate": {"maxLength": 500}}), ["「意见」的最多字数由 200 改为 500。"]),
    (form(TEXT), form({**TEXT, "validate": {"maxLength": 200, "required": True}}), ["「意见」的必填设为 是。"]),
    (form(TEXT), form({**TEXT, "type": "textfield"}), ["「意见」的种类由 多行文字 改为 单行文字。"]),
    (form(TEXT), form({**TEXT, "conditional": {"hide": "=a"}}), ["「意见」的隐藏条件设为 =a。"]),
    (form(PICK), form(MORE), ["「结论」的选项「不通过」改为「不予通过」。", "「结论」增加选项「缓」。"]),
    (form(MORE), form(PICK), ["「结论」的选项「不予通过」改为「不通过」。", "「结论」删去选项「缓」。"]),
    (form(TEXT, PICK), form(PICK, TEXT), ["「意见」换了位置。"]),
    (form(TEXT), form(TEXT, name="验收会议"), ["表单名称由 验收会 改为 验收会议。"]),
    (form(EXPERTS), form({**EXPERTS, "components": []}), ["删去单行文字「姓名」。"]),
    (form(EXPERTS), form(EXPERTS), []),
    ("", form(TEXT), ["增加多行文字「意见」。"]),
])  # fmt: skip
def test_what_changed_on_a_form(left: str, right: str, zh: list[str]) -> None:
    assert sorted(words(left, right, "form")) == sorted(zh)
    assert len(english(left, right, "form")) == len(zh)


def test_shipped_forms_and_tables_differ_from_nothing_and_from_each_other_without_failing() -> None:
    for kind, folder in (("form", "forms"), ("dmn", "bpmn")):
        paths = sorted((ROOT / folder).glob(f"*.{kind}"))
        for one, other in pairwise(paths):
            left, right = one.read_text(encoding="utf-8"), other.read_text(encoding="utf-8")
            assert compare(left, left, kind, WORDS) == ()
            assert compare(left, right, kind, WORDS) != ()
