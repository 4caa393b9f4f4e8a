"""The lint of a form: every finding at once, whatever the bytes are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.errors import DiagramNotExecutable
from app.form_schema import lint_form, parse_form
from tests.unit.form_schema.forms import component, schema

EMPTY = '{"type": "default", "id": "t1", "components": []}'


def errors(*components: Any, form_id: str = "t1") -> list[tuple[str, str]]:
    """Code and element of each error."""
    found = lint_form(schema(*components, form_id=form_id))
    return [(each.code, each.element_id) for each in found if each.severity == "error"]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"", "form-not-json"),
        (b"\xff\xfe\x00", "form-not-utf8"),
        (b'{"type": "default", "id": "\\ud800", "components": []}', "form-not-utf8"),
        (b"<xml/>", "form-not-json"),
        (b"[]", "form-not-schema"),
        (b"null", "form-not-schema"),
        (b'{"type": "default", "id": "t1"}', "form-not-schema"),
        (b'{"type": "other", "id": "t1", "components": []}', "form-not-schema"),
        (b'{"type": "default", "id": "t1", "components": [], "x": NaN}', "form-not-json"),
        (b'{"x": ' + b"1" * 5000 + b"}", "form-not-json"),
        (b"[" * 100_000, "form-too-deep"),
        (b" " * 1_000_001, "form-too-large"),
    ],
)
def test_what_is_no_form_is_one_finding(source: bytes, code: str) -> None:
    with pytest.raises(DiagramNotExecutable) as refused:
        parse_form(source)
    assert [each.code for each in refused.value.findings] == [code]
    assert refused.value.findings[0].severity == "error"


def test_a_byte_order_mark_and_text_are_read() -> None:
    assert parse_form(b"\xef\xbb\xbf" + EMPTY.encode()).form_id == "t1"
    assert parse_form(EMPTY).form_id == "t1"


@pytest.mark.parametrize("form_id", ["f-03", "F03", "3f", "", "申报", "f 03"])
def test_the_id_is_a_plain_name(form_id: str) -> None:
    assert errors(form_id=form_id) == [("form-id", "")]


def test_size_and_depth() -> None:
    nested = component("textfield", "a")
    for level in range(8):
        nested = component("group", f"g{level}", components=[nested])
    assert errors(nested) == [("form-too-deep", "")]
    assert errors(*[component("textfield", f"a{n}") for n in range(501)]) == [("form-too-many", "")]
    assert errors(*[component("textfield", f"a{n}") for n in range(500)]) == []


@pytest.mark.parametrize("type_", ["html", "iframe", "script", "documentPreview"])
def test_foreign_content_is_refused(type_: str) -> None:
    assert errors(component(type_, "a")) == [("component-refused", f"{type_}_a")]


def test_all_findings_at_once() -> None:
    found = errors(
        component("telepathy", "a"),
        component("textfield", "no-name"),
        component("textfield", "date"),
        component("textfield", "project"),
        component("textfield", "for"),
        {"type": "textfield", "id": "x", "label": "x"},
        {"type": "textfield", "key": "y", "label": "y"},
        component("textfield", "z"),
        component("textarea", "z"),
        {"type": "dynamiclist", "id": "rows", "label": "x", "components": []},
        "text",
        7,
    )
    assert found == [
        ("component-type", "telepathy_a"),
        ("key-not-a-name", "textfield_no-name"),
        ("key-reserved", "textfield_date"),
        ("key-reserved", "textfield_project"),
        ("key-reserved", "textfield_for"),
        ("key-missing", "x"),
        ("id-missing", "y"),
        ("key-duplicate", "textarea_z"),
        ("path-missing", "rows"),
        ("component-malformed", ""),
        ("component-malformed", ""),
    ]


def test_keys_are_unique_on_their_level_only() -> None:
    def text(element_id: str) -> dict[str, Any]:
        return {"type": "textfield", "id": element_id, "key": "a", "label": "a"}

    transparent = {"type": "group", "id": "g", "label": "g", "components": [text("t2")]}
    assert errors(text("t1"), transparent) == [("key-duplicate", "t2")]
    assert errors(text("t1"), {**transparent, "path": "g"}) == []
    assert errors(text("t1"), {**transparent, "components": [text("t1")], "path": "g"}) == [("id-duplicate", "t1")]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"conditional": {"hide": "=a ="}}, "feel"),
        ({"conditional": {"hide": "a"}}, "feel-no-equals"),
        ({"conditional": {"hide": 1}}, "feel-no-equals"),
        ({"conditional": {"hide": "=today"}}, "feel"),
        ({"readonly": "=("}, "feel"),
        ({"label": "合计 {{1 +}}"}, "feel"),
        ({"properties": {"en.label": "Total {{1 +}}"}}, "feel"),
        ({"conditional": {"hide": "=_this_.a"}}, "feel-underscored"),
        ({"validate": {"min": "=1 +"}}, "feel"),
        ({"validate": {"minLength": "many"}}, "rule-type"),
        ({"validate": []}, "rule-type"),
        ({"validate": {"validationType": "phone"}}, "phone-validation"),
        ({"validate": {"validationType": "ssn"}}, "rule-type"),
        ({"validate": {"pattern": "(["}}, "pattern"),
        ({"validate": {"pattern": 5}}, "pattern"),
        ({"properties": {"check": "=a +"}}, "feel"),
        ({"properties": {"date.min": "=a +"}}, "feel"),
        ({"properties": {"list.min": "-1"}}, "rule-type"),
        ({"properties": {"en.label": 1}}, "property-malformed"),
        ({"properties": "x"}, "property-malformed"),
        ({"properties": {"kind": "money"}}, "money-misplaced"),
    ],
)
def test_rules_that_could_not_be_carried_out(more: dict[str, Any], code: str) -> None:
    assert errors({**component("textfield", "a"), **more}) == [(code, "textfield_a")]


def test_rules_of_single_types() -> None:
    assert errors(component("number", "a", decimalDigits=-1)) == [("rule-type", "number_a")]
    assert errors(component("number", "a", increment="0")) == [("rule-type", "number_a")]
    assert errors(component("number", "a", decimalDigits=7, properties={"kind": "money"})) == [
        ("money-misplaced", "number_a")
    ]
    assert errors(component("datetime", "a", subtype="week")) == [("rule-type", "datetime_a")]
    assert errors(component("expression", "a", expression="=1 +")) == [("feel", "expression_a")]


def test_options() -> None:
    def select(**more: Any) -> list[tuple[str, str]]:
        return errors(component("select", "a", **more))

    assert select() == [("options-missing", "select_a")]
    assert select(values=[{"label": "x", "value": "x"}], valuesKey="y") == [("options-missing", "select_a")]
    assert select(values=[{"label": "x", "value": "x"}, {"label": "y", "value": "x"}]) == [
        ("option-duplicate", "select_a")
    ]
    assert select(values=[{"label": "", "value": "x"}, {"value": None}, 1]) == [("option-malformed", "select_a")] * 3
    assert select(valuesExpression="=a +") == [("feel", "select_a")]
    assert select(values=[{"label": "否", "value": False}, {"label": "零", "value": 0}]) == []


@pytest.mark.parametrize(
    "source", ["https://evil.example/x.png", "//evil.example/x.png", "data:text/html,x", "javascript:1", "=secret", ""]
)
def test_images_come_from_here(source: str) -> None:
    assert errors(component("image", source=source)) == [("outside-image", "image_")]
    assert errors(component("image", source="/static/seal.png")) == []
    assert errors(component("image", source="data:image/png;base64,AA==")) == []


@pytest.mark.parametrize("text", ["![x](https://evil.example/a.png)", '<img alt="" src="http://evil.example/a.png">'])
def test_images_in_text_come_from_here(text: str) -> None:
    assert errors({"type": "text", "id": "t", "text": text}) == [("outside-image", "t")]


def test_missing_english_is_a_warning() -> None:
    select = component("select", "a", description="帮助", values=[{"label": "甲", "value": 1}])
    found = lint_form(schema(select))
    assert [(each.code, each.severity, each.values["property"]) for each in found] == [
        ("english-missing", "warning", "en.label"),
        ("english-missing", "warning", "en.description"),
        ("english-missing", "warning", "en.value.1"),
    ]
    assert parse_form(schema(select)).form_id == "t1"


def test_findings_speak_both_languages() -> None:
    (found,) = lint_form(schema(form_id="f-03"))
    assert found.message == "表单标识“f-03”不是 FEEL 名称。"
    assert found.message_en == "The form's id “f-03” is no plain FEEL name."
    assert "减法" in found.hint
    assert "subtraction" in found.hint_en
    (feel,) = [
        each for each in lint_form(schema(component("textfield", "a", readonly="=("))) if each.severity == "error"
    ]
    assert feel.message.startswith("readonly 的 FEEL 不成立：表达式有语法错误")
    assert feel.message_en.startswith("The FEEL in readonly does not hold: The expression has a syntax error")


def test_a_newer_schema_and_another_platform_are_warnings() -> None:
    source = json.dumps({**json.loads(EMPTY), "schemaVersion": 20, "executionPlatform": "Camunda Platform"})
    assert [(each.code, each.severity) for each in lint_form(source)] == [
        ("form-platform", "warning"),
        ("form-newer", "warning"),
    ]
