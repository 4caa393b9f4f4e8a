"""Texts in conditions against what forms offer and decision tables give: said where they can never be equal."""

from __future__ import annotations

import pytest

from app.engine.decision_outcomes import outcomes_of
from app.engine.lint import lint_process
from app.engine.repairs import mend
from app.errors import Refused
from tests.unit.engine.dmn_files import decision, table
from tests.unit.engine.dmn_files import file as decision_file
from tests.unit.engine.lint.files import END, START, VOCABULARY, extended, file, flow, line

OPINION = '<zeebe:assignmentDefinition candidateGroups="bur_head"/><zeebe:formDefinition formId="f02"/>'
ROUTE = '<zeebe:calledDecision decisionId="route" resultVariable="way"/>'


def after(element: str, condition: str, *, more: str = "") -> bytes:
    """Return a diagram in which a gateway behind an element asks a condition."""
    asked = condition.replace("<", "&lt;").replace('"', "&quot;")
    body = START + element + '<exclusiveGateway id="g" name="结论？" default="g_end"/>' + more + END
    return file(body + line("start", "t", "g", "end") + flow("g", "end", asked, "asked"))


def opinion(extensions: str = "", inside: str = "") -> str:
    said_of = f"<documentation>审。</documentation>{extended(OPINION + extensions)}{inside}"
    return f'<userTask id="t" name="审核">{said_of}</userTask>'


def rule_task() -> str:
    return f'<businessRuleTask id="t" name="定方式">{extended(ROUTE)}</businessRuleTask>'


def said(source: bytes) -> list[tuple[str, str]]:
    return [
        (str(one.values["value"]), one.hint) for one in lint_process(source, VOCABULARY) if one.code == "unknown-option"
    ]


@pytest.mark.parametrize(("element", "condition", "values"), [
    (opinion(), '=result = "批准"', []),
    (opinion(), '=result = "批转"', ["批转"]),
    (opinion(), '=result != "批转"', ["批转"]),
    (opinion(), '="批转" = result', ["批转"]),
    (opinion(), '=result in ("批准", "退回补")', ["退回补"]),
    (opinion(), '=result in ["批准", "退回补正"]', []),
    (opinion(), '=not(result = "批转") and result = "退回"', ["批转", "退回"]),
    (opinion(), '=submission.f02.result = "批转"', ["批转"]),
    (opinion(), '=submission.f02.result = "批准"', []),
    (opinion(), "=result = project.path", []),
    (opinion(), "=string length(result) = 2", []),
    (rule_task(), '=way = "专家评审"', []),
    (rule_task(), '=way = "专家审评"', ["专家审评"]),
])  # fmt: skip
def test_a_text_that_nothing_gives_is_said(element: str, condition: str, values: list[str]) -> None:
    assert [value for value, _ in said(after(element, condition))] == values


def test_the_nearest_is_named_and_taken_by_a_click() -> None:
    source = after(opinion(), '=result = "批转" or result = "退回"')
    assert said(source)[0] == ("批转", "是不是“批准”？")
    mended = mend(source.decode(), "unknown-option", "asked", VOCABULARY)
    assert '=result = "批准" or result = "退回补正"' in mended.text
    assert mended.zh == "条件里的“批转”改为“批准”、“退回”改为“退回补正”。"
    assert said(mended.text.encode()) == []
    with pytest.raises(Refused):
        mend(after(opinion(), '=result = "xyz"').decode(), "unknown-option", "asked", VOCABULARY)


def test_a_renamed_result_keeps_its_list_and_a_computed_one_has_none() -> None:
    renamed = '<zeebe:ioMapping><zeebe:output source="=result" target="said"/></zeebe:ioMapping>'
    assert [value for value, _ in said(after(opinion(renamed), '=said = "批转"'))] == ["批转"]
    computed = renamed.replace("=result", "=upper case(result)")
    assert said(after(opinion(computed), '=said = "批转"')) == []
    fixed = renamed.replace("=result", "=&quot;好&quot;")
    assert [value for value, _ in said(after(opinion(fixed), '=said = "坏"'))] == ["坏"]


def test_nothing_is_said_where_another_step_may_write_the_name() -> None:
    script = extended('<zeebe:script expression="=&quot;批转&quot;" resultVariable="result"/>')
    assert said(after(opinion(), '=result = "批转"', more=f'<scriptTask id="c" name="算">{script}</scriptTask>')) == []
    called = extended('<zeebe:calledElement processId="p2"/>')
    call = f'<callActivity id="c" name="调">{called}</callActivity>'
    assert said(after(opinion(), '=result = "批转"', more=call)) == []


def test_what_a_table_can_give() -> None:
    rows = [(["1"], ['"a"', '"x"']), (["2"], ['"b"', "1 + 1"])]
    two = table(rows, outputs=(("first", "", ""), ("second", "", "")))
    assert outcomes_of(decision_file(decision(two)).encode()) == {"d": {"first": ("a", "b")}}
    one = table([(["1"], ['"a"'])], outputs=(("r", "", '"z"'),))
    assert outcomes_of(decision_file(decision(one)).encode()) == {"d": {"": ("a", "z")}}
    assert outcomes_of(decision_file(decision(table(rows[:1], policy="COLLECT"))).encode()) == {"d": {}}
    assert outcomes_of(b"no file") == {}
