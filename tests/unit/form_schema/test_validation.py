"""Each kind of answer: what it becomes, and every way in which it can be wrong."""

from __future__ import annotations

import copy
import pickle
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from app.clock import SHANGHAI
from app.form_schema.messages import FieldMessage
from tests.unit.form_schema.forms import answers, component, form, wrong

YES_NO = [{"label": "是", "value": True}, {"label": "否", "value": False}]
MONEY: dict[str, Any] = {"decimalDigits": 6, "properties": {"kind": "money"}}
REQUIRED = {"required": True}


def one(type_: str, value: Any, /, **more: Any) -> list[str]:
    """The sentences about a single field `a`."""
    return wrong(form(component(type_, "a", **more)), {"a": value}).get("a", [])


def typed(type_: str, value: Any, /, **more: Any) -> object:
    return answers(form(component(type_, "a", **more)), {"a": value})["a"]


@pytest.mark.parametrize(
    ("type_", "empty", "sentence"),
    [
        ("textfield", "", "请填写“a”。"),
        ("textfield", " \u3000", "请填写“a”。"),
        ("textarea", None, "请填写“a”。"),
        ("number", None, "请填写“a”。"),
        ("checkbox", False, "请勾选“a”。"),
        ("radio", None, "请选择“a”。"),
        ("select", "", "请选择“a”。"),
        ("checklist", [], "请选择“a”。"),
        ("taglist", None, "请选择“a”。"),
        ("datetime", "", "请选择“a”。"),
        ("filepicker", [], "请上传“a”。"),
    ],
)
def test_a_required_answer_is_asked_for(type_: str, empty: Any, sentence: str) -> None:
    choices = {"values": YES_NO} if type_ in {"radio", "select", "checklist", "taglist"} else {}
    model = form(component(type_, "a", validate=REQUIRED, **choices))
    assert wrong(model, {"a": empty}) == {"a": [sentence]}
    assert wrong(model, {}) == {"a": [sentence]}
    assert wrong(form(component(type_, "a", **choices)), {"a": empty}) == {}


@pytest.mark.parametrize("value", [1, True, ["x"], {"x": 1}])
def test_text_is_text(value: object) -> None:
    assert one("textfield", value) == ["“a”的内容类型不对。"]


def test_length_is_counted_in_utf16_units_after_trimming() -> None:
    assert one("textfield", " 😀 ", validate={"minLength": 2}) == []
    assert one("textfield", " 县 ", validate={"minLength": 2}) == ["“a”至少 2 个字，现为 1 个。"]
    assert one("textfield", "😀😀", validate={"maxLength": 3}) == ["“a”最多 3 个字，现为 4 个。"]


def test_pattern_is_javascript() -> None:
    mobile = {"pattern": r"^1[3-9]\d{9}$", "patternErrorMessage": "请填写 11 位手机号。"}
    assert one("textfield", "13800138000", validate=mobile) == []
    assert one("textfield", "13800138000\n", validate=mobile) == ["请填写 11 位手机号。"]
    assert one("textfield", "1３800138000", validate=mobile) == ["请填写 11 位手机号。"]
    assert one("textfield", "a-b", validate={"pattern": r"^\p{L}-\p{L}$"}) == []
    assert one("textfield", "x", validate={"pattern": "y"}) == ["“a”的格式不对。"]


def test_a_pattern_that_backtracks_for_ever_refuses_only_its_own_field() -> None:
    evil = component("textfield", "a", validate={"pattern": "^(a+)+$"})
    fine = component("textfield", "b", validate={"pattern": "^b$"})
    assert wrong(form(evil, fine), {"a": "a" * 40 + "!", "b": "b"}) == {"a": ["“a”的格式无法核对，请改短后再试。"]}


@pytest.mark.parametrize(
    ("text", "right"), [("wang@xiuwu.example", True), ("王@xiuwu.example", False), ("wang", False)]
)
def test_email(text: str, *, right: bool) -> None:
    assert one("textfield", text, validate={"validationType": "email"}) == ([] if right else ["“a”应为电子邮箱地址。"])


@pytest.mark.parametrize("text", ["nul\0", "half \ud800"])
def test_text_that_no_database_keeps_is_refused(text: str) -> None:
    assert one("textarea", text) == ["“a”含有不能保存的字符。"]


def test_a_line_field_holds_one_line() -> None:
    assert typed("textfield", "一\r\n二") == "一  二"
    assert typed("textarea", "一\n二") == "一\n二"
    assert one("textarea", "字" * 100_001) == ["“a”过长，最多 100000 个字。"]


def test_numbers() -> None:
    assert typed("number", 3) == 3
    assert typed("number", 2.5) == Decimal("2.5")
    assert typed("number", Decimal("0.1")) == Decimal("0.1")
    assert type(typed("number", 4.0)) is int
    assert typed("number", "1.50", serializeToString=True) == Decimal("1.50")
    assert one("number", "x", serializeToString=True) == ["“a”应为数字。"]
    assert one("number", 1.5, decimalDigits=0) == ["“a”应为整数。"]
    assert one("number", 1.25, decimalDigits=1) == ["“a”最多 1 位小数。"]
    assert one("number", 7, increment="2") == ["“a”应为 2 的整数倍。"]
    assert one("number", 0.3, increment=0.1) == []
    assert one("number", 5, validate={"min": 6, "max": 4}) == ["“a”不能小于 6。", "“a”不能大于 4。"]
    assert one("number", 0, properties={"number.positive": "true"}) == ["“a”须大于 0。"]
    assert one("number", 0, validate={"min": 1}) == ["“a”不能小于 1。"]


@pytest.mark.parametrize("value", ["5", True, [], float("nan"), float("inf"), {"x": 1}])
def test_a_number_is_a_number(value: object) -> None:
    assert one("number", value) == ["“a”的内容类型不对。"]


@pytest.mark.parametrize("value", [10**14, -(10**14), 1e300])
def test_a_number_beyond_every_budget_is_refused(value: object) -> None:
    assert one("number", value) == ["“a”的数字超出范围。"]


@pytest.mark.parametrize(
    ("wan", "fen"),
    [(412, 412_000_000), (0.1, 100_000), (1234.567891, 1_234_567_891), (0.000001, 1), (0, 0), (-9.84, -9_840_000)],
)
def test_money_is_typed_in_wan_and_answered_in_whole_fen(wan: float, fen: int) -> None:
    assert typed("number", wan, **MONEY) == fen


def test_money_refuses_a_part_of_a_fen_and_says_its_limits_in_wan() -> None:
    assert one("number", 0.0000001, **MONEY) == ["“a”最多 6 位小数。"]
    assert one("number", 5, **MONEY, validate={"max": 4.5}) == ["“a”不能大于 4.5 万元。"]


def test_choices_take_only_what_is_offered() -> None:
    values = [{"label": "新建", "value": "新建"}, {"label": "三级", "value": 3}]
    assert typed("radio", "新建", values=values) == "新建"
    assert typed("select", 3, values=values) == 3
    assert one("select", "3", values=values) == ["“a”的选项不在可选范围内。"]
    assert one("radio", "拆除", values=values) == ["“a”的选项不在可选范围内。"]
    assert one("radio", ["新建"], values=values) == ["“a”的内容类型不对。"]
    assert typed("checklist", ["新建", 3], values=values) == ["新建", 3]
    assert one("checklist", ["新建", "新建"], values=values) == ["“a”的选项不在可选范围内。"]
    assert one("taglist", ["拆除"], values=values) == ["“a”的选项不在可选范围内。"]
    assert one("taglist", "新建", values=values) == ["“a”的内容类型不对。"]


def test_true_is_not_one() -> None:
    assert answers(form(component("radio", "a", values=YES_NO)), {"a": False}) == {"a": False}
    assert one("radio", 1, values=YES_NO) == ["“a”的选项不在可选范围内。"]
    assert wrong(form(component("select", "a", values=[{"label": "一级", "value": 1}])), {"a": True})["a"] == [
        "“a”的选项不在可选范围内。"
    ]


def test_options_from_the_context_and_from_feel() -> None:
    model = form(
        component("select", "contract", valuesKey="contract_options"),
        component("select", "node", valuesExpression="=node_options[contract_id = contract]"),
    )
    context = {
        "contract_options": [{"label": "合同甲", "value": "c1"}, {"label": "合同乙", "value": "c2"}],
        "node_options": [
            {"label": "预付", "value": "n1", "contract_id": "c1"},
            {"label": "验收", "value": "n2", "contract_id": "c2"},
        ],
    }
    assert wrong(model, {"contract": "c1", "node": "n1"}, **context) == {}
    assert wrong(model, {"contract": "c1", "node": "n2"}, **context) == {"node": ["“node”的选项不在可选范围内。"]}
    assert wrong(model, {"contract": "c3"}, **context) == {"contract": ["“contract”的选项不在可选范围内。"]}
    assert wrong(model, {"contract": "c1"}) == {"contract": ["“contract”的选项不在可选范围内。"]}


@pytest.mark.parametrize(
    ("subtype", "text", "value"),
    [
        ("date", "2028-02-29", date(2028, 2, 29)),
        ("time", "09:30", time(9, 30)),
        ("time", "01:30Z", time(9, 30)),
        ("datetime", "2026-11-23T09:30", datetime(2026, 11, 23, 9, 30, tzinfo=SHANGHAI)),
        ("datetime", "2026-11-22T18:30Z", datetime(2026, 11, 23, 2, 30, tzinfo=SHANGHAI)),
        ("datetime", "2026-11-23T09:30+09:00", datetime(2026, 11, 23, 8, 30, tzinfo=SHANGHAI)),
    ],
)
def test_dates_and_times_are_typed(subtype: str, text: str, value: object) -> None:
    assert typed("datetime", text, subtype=subtype) == value


@pytest.mark.parametrize(
    "text",
    ["2026-02-30", "2026-13-01", "2026-1-1", "20261123", "0001-01-01", "9999-12-31", "２026-11-23", "2026-11-23T00:00"],
)
def test_only_days_that_exist(text: str) -> None:
    assert one("datetime", text, subtype="date") == ["“a”不是有效的日期。"]


@pytest.mark.parametrize("text", ["24:00", "9:30", "09:60", "09:30+99:00", "早上"])
def test_only_times_that_exist(text: str) -> None:
    assert one("datetime", text, subtype="time") == ["“a”不是有效的时间。"]


@pytest.mark.parametrize("text", ["2026-11-23", "2026-02-30T09:30", "2026-11-23T25:00"])
def test_only_moments_that_exist(text: str) -> None:
    assert one("datetime", text, subtype="datetime") == ["“a”不是有效的日期。"]


def test_limits_of_dates() -> None:
    until_today = {"date.max": "today"}
    assert one("datetime", "2026-11-23", properties=until_today) == []
    assert one("datetime", "2026-11-24", properties=until_today) == ["“a”不能晚于 2026-11-23。"]
    assert one("datetime", "2026-11-23", properties={"date.min": "tomorrow"}) == ["“a”不能早于 2026-11-24。"]
    assert one("datetime", "2026-11-22", disallowPassedDates=True) == ["“a”不能早于 2026-11-23。"]
    assert one("datetime", "2026-11-24T00:00", subtype="datetime", properties=until_today) == [
        "“a”不能晚于 2026-11-23。"
    ]
    pair = form(component("datetime", "start"), component("datetime", "end", properties={"date.min": "=start"}))
    assert wrong(pair, {"start": "2026-03-01", "end": "2026-02-28"}) == {"end": ["“end”不能早于 2026-03-01。"]}
    assert wrong(pair, {"start": "2026-03-01", "end": "2026-03-01"}) == {}
    assert wrong(pair, {"end": "2026-02-28"}) == {}
    accepted = form(component("datetime", "a", properties={"date.min": "=project.accepted_on"}))
    assert wrong(accepted, {"a": "2026-01-01"}, project={"accepted_on": date(2026, 1, 2)}) == {
        "a": ["“a”不能早于 2026-01-02。"]
    }


def test_attachments_are_ids_that_the_service_knows() -> None:
    single, several = form(component("filepicker", "a")), form(component("filepicker", "a", multiple=True))
    assert answers(single, {"a": ["f1"]}, owns={"f1"}.__contains__) == {"a": ["f1"]}
    foreign = {"a": ["“a”中的附件不属于本事项，请重新上传。"]}
    assert wrong(single, {"a": ["f2"]}, owns={"f1"}.__contains__) == foreign
    assert wrong(single, {"a": ["../etc/passwd"]}) == foreign
    assert wrong(several, {"a": ["f1", "f1"]}) == foreign
    assert wrong(several, {"a": ["f1", "f2"]}) == {}
    assert wrong(single, {"a": ["f1", "f2"]}) == {"a": ["“a”只能上传一个文件。"]}
    assert wrong(single, {"a": "files::1"}) == {"a": ["“a”的内容类型不对。"]}
    assert wrong(single, {"a": [1]}) == {"a": ["“a”的内容类型不对。"]}


def test_a_checkbox_is_true_or_false() -> None:
    assert answers(form(component("checkbox", "a")), {"a": True}) == {"a": True}
    assert typed("checkbox", None) is False
    assert one("checkbox", "true") == ["“a”的内容类型不对。"]


def test_a_credit_code_is_checked_to_its_last_digit() -> None:
    kind = {"kind": "credit_code"}
    assert typed("textfield", " 91350100m000100y43 ", properties=kind) == "91350100M000100Y43"
    assert one("textfield", "91350100M000100Y44", properties=kind) == [
        "统一社会信用代码 91350100M000100Y44 的校验位不对，请核对。"
    ]


def test_what_the_form_does_not_have_is_named_and_refused() -> None:
    model = form(component("textfield", "a"), component("dynamiclist", "rows", components=[component("number", "n")]))
    posted = {"a": "x", "b": 1, "rows": [{"n": 1, "m": 2}], "__proto__": {}}
    assert wrong(model, posted) == {
        "b": ["表单中没有“b”这一项。"],
        "rows[0].m": ["表单中没有“m”这一项。"],
        "__proto__": ["表单中没有“__proto__”这一项。"],
    }


def test_a_forms_own_condition() -> None:
    model = form(
        component("number", "a", decimalDigits=0),
        component(
            "number", "b", decimalDigits=0,
            properties={
                "check": "=a + b = 100",
                "check.message": "两项之和须为 100%。",
                "en.check.message": "They add up to 100 %.",
            },
        ),
    )  # fmt: skip
    assert wrong(model, {"a": 40, "b": 60}) == {}
    assert wrong(model, {"a": 40, "b": 61}) == {"b": ["两项之和须为 100%。"]}
    assert wrong(model, {"b": 61}) == {}
    plain = form(component("number", "a", properties={"check": "=a < 3"}))
    assert wrong(plain, {"a": 3}) == {"a": ["“a”与其他内容不符。"]}


def test_messages_speak_both_languages() -> None:
    from_catalogue = FieldMessage("请填写“%(label)s”。", {"label": "名称", "label_en": "Name"})
    assert from_catalogue == "请填写“名称”。"
    english = {"请填写“%(label)s”。": "Please fill in “%(label)s”."}
    assert from_catalogue.spoken(english.__getitem__, "en") == "Please fill in “Name”."
    assert from_catalogue.spoken(english.__getitem__, "zh") == "请填写“名称”。"
    from_form = FieldMessage("须为 100%。", {"label": "x"}, "Must be 100 %.")
    assert from_form == "须为 100%。"
    assert from_form.spoken(english.__getitem__, "en") == "Must be 100 %."
    for other in (copy.copy(from_catalogue), pickle.loads(pickle.dumps(from_catalogue))):  # noqa: S301
        assert other == from_catalogue
        assert other.values == from_catalogue.values
