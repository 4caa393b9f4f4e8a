"""What findings say and offer: hints that name the nearest, positions, reports and exit statuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from app.engine.lint import lint_process
from app.engine.lint.report import as_json, as_json_text, as_text, exit_status, findings_from_json, worst_status
from tests.unit.engine.lint.cases import condition
from tests.unit.engine.lint.files import RIGHT, VOCABULARY, file, straight, user

if TYPE_CHECKING:
    from app.errors import Finding

WRONG_ROLE = file(straight(user("t").replace("unit_clerk", "unit_clark")))


def only(source: bytes, code: str) -> Finding:
    (found,) = [item for item in lint_process(source, VOCABULARY) if item.code == code]
    return found


def test_an_unknown_role_comes_with_the_nearest() -> None:
    found = only(WRONG_ROLE, "unknown-role")
    assert found.message == "用户任务“填报”的候选组“unit_clark”不是登记的角色。"
    assert found.message_en == "The candidate group “unit_clark” of the user task “填报” is not a known role."
    assert found.hint == "是不是“unit_clerk”（项目单位经办）？"
    assert found.hint_en == "Did you mean “unit_clerk” (unit clerk)?"
    assert found.values["role"] == "unit_clark"


def test_a_role_written_in_chinese_is_recognised() -> None:
    found = only(file(straight(user("t").replace("unit_clerk", "大数据局领导"))), "unknown-role")
    assert found.hint == "是不是“bur_head”（大数据局领导）？"


def test_an_unknown_fact_comes_with_its_position_and_the_nearest() -> None:
    found = only(condition("=agreed and project.pat = &quot;T&quot;"), "unknown-fact")
    assert (found.values["line"], found.values["column"], found.values["offset"]) == (1, 13, 12)
    assert found.hint == "是不是“project.path”？"


def test_an_unknown_variable_comes_with_those_that_there_are() -> None:
    found = only(condition("=agred"), "unknown-variable")
    assert found.severity == "warning"
    assert found.hint == "是不是“agreed”？"


def test_a_java_expression_is_rewritten() -> None:
    found = only(condition("${agreed == true &amp;&amp; amount &gt; 3}"), "not-feel")
    assert found.hint == "试改为：= agreed = true and amount > 3"


def test_names_in_sentences_are_plain_single_lines() -> None:
    name = "一&#10;二\u202e三" + "长" * 100
    found = only(file(straight(user("t").replace("填报", name).replace("unit_clerk", "nobody"))), "unknown-role")
    assert "\n" not in found.message
    assert "\u202e" not in found.message
    assert "…" in found.message


def test_text_report() -> None:
    text = as_text(lint_process(WRONG_ROLE, VOCABULARY), "zh", name="a.bpmn").splitlines()
    assert text == [
        "a.bpmn",
        "  [错误] t  用户任务“填报”的候选组“unit_clark”不是登记的角色。  (unknown-role)",
        "      → 是不是“unit_clerk”（项目单位经办）？",
        "共 1 项：错误 1，提醒 0，建议 0。",
    ]
    assert as_text((), "zh") == "没有发现问题。"
    assert as_text((), "en", name="a.bpmn") == "a.bpmn\nNo findings."
    assert (
        as_text(lint_process(WRONG_ROLE, VOCABULARY), "en").splitlines()[-1]
        == "1 findings: 1 errors, 0 warnings, 0 info."
    )


def test_json_report_and_back() -> None:
    findings = lint_process(WRONG_ROLE, VOCABULARY)
    report = as_json(findings, name="a.bpmn")
    assert (report["file"], report["status"], report["counts"]) == ("a.bpmn", 1, {"error": 1, "warning": 0, "info": 0})
    (written,) = json.loads(as_json_text([("a.bpmn", findings)]))
    assert findings_from_json(written["findings"]) == findings


@pytest.mark.parametrize(
    ("source", "status"),
    [(RIGHT, 0), (condition("=agred"), 0), (WRONG_ROLE, 1), (b"", 2), (b"<a/>", 2), (b"\xff\xfe\x00", 2), (b"<a", 2)],
)
def test_exit_status(source: bytes, status: int) -> None:
    assert exit_status(lint_process(source, VOCABULARY)) == status


def test_the_worst_file_decides() -> None:
    assert worst_status([(), lint_process(WRONG_ROLE, VOCABULARY), lint_process(b"", VOCABULARY)]) == 2
    assert worst_status([]) == 0
