"""Groups, lists, hidden, locked and computed fields: what counts of a submission, and where errors stand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.form_schema import routing_values
from tests.unit.form_schema.forms import answers, component, form, wrong

MONEY: dict[str, Any] = {"decimalDigits": 6, "properties": {"kind": "money"}}
REQUIRED = {"required": True}


def hidden(expression: str) -> dict[str, Any]:
    return {"conditional": {"hide": expression}}


def test_groups_nest_by_path_and_are_transparent_without() -> None:
    model = form(
        component("group", components=[component("textfield", "a", validate=REQUIRED)]),
        component("group", "g", components=[component("textfield", "b", validate=REQUIRED)]),
    )
    assert answers(model, {"a": "x", "g": {"b": "y"}}) == {"a": "x", "g": {"b": "y"}}
    assert wrong(model, {}) == {"a": ["请填写“a”。"], "g.b": ["请填写“b”。"]}
    assert wrong(model, {"a": "x", "g": []})["g"] == ["“g”的内容类型不对。"]


def test_errors_in_a_list_name_row_and_field() -> None:
    line = [component("textfield", "name", validate=REQUIRED), component("number", "amount", validate={"min": 0})]
    model = form(component("dynamiclist", "budget_lines", components=line))
    posted = {"budget_lines": [{"name": "a", "amount": 1}, {"name": "b"}, {"name": "", "amount": -1}]}
    assert wrong(model, posted) == {
        "budget_lines[2].name": ["请填写“第3行name”。"],
        "budget_lines[2].amount": ["“第3行amount”不能小于 0。"],
    }
    assert wrong(model, {"budget_lines": {"0": {}}}) == {"budget_lines": ["“budget_lines”的内容类型不对。"]}
    assert wrong(model, {"budget_lines": [1]}) == {"budget_lines": ["“budget_lines”的内容类型不对。"]}
    assert wrong(model, {"budget_lines": [{}] * 1001}) == {
        "budget_lines": ["“budget_lines”最多 1000 行，现为 1001 行。"]
    }


def test_the_number_of_rows() -> None:
    def rows(count: int, **properties: str) -> dict[str, list[str]]:
        model = form(component("dynamiclist", "p", components=[component("textfield", "n")], properties=properties))
        return wrong(model, {"p": [{"n": "x"}] * count})

    panel = {"list.min": "3", "list.max": "9", "list.odd": "true"}
    assert rows(3, **panel) == {}
    assert rows(2, **panel) == {"p": ["“p”至少 3 行，现为 2 行。"]}
    assert rows(4, **panel) == {"p": ["“p”须为单数，现为 4 行。"]}
    assert rows(10, **panel) == {"p": ["“p”最多 9 行，现为 10 行。"]}
    assert rows(0) == {}


def test_sums_of_money_are_exact() -> None:
    model = form(
        component("number", "total", **MONEY),
        component(
            "dynamiclist",
            "source",
            components=[component("number", "amount", **MONEY)],
            properties={"list.sum.amount": "=total"},
        ),
    )
    assert wrong(model, {"total": 0.3, "source": [{"amount": 0.1}, {"amount": 0.2}]}) == {}
    assert wrong(model, {"total": 0.3, "source": [{"amount": 0.1}, {"amount": 0.200001}]}) == {
        "source": ["“source”合计 0.300001 万元，应为 0.3 万元。"]
    }
    assert wrong(model, {"source": [{"amount": 0.1}]}) == {}
    percent = form(
        component("dynamiclist", "p", components=[component("number", "share")], properties={"list.sum.share": "=100"})
    )
    assert wrong(percent, {"p": [{"share": 99.5}]}) == {"p": ["“p”合计 99.5，应为 100。"]}


def test_hidden_answers_are_dropped_and_not_judged() -> None:
    model = form(
        component("radio", "nature", values=[{"label": n, "value": n} for n in ("新建", "改建")]),
        component("textfield", "parent_system", validate=REQUIRED, **hidden('=nature != "改建"')),
    )
    assert answers(model, {"nature": "新建", "parent_system": "forged"}) == {"nature": "新建"}
    assert answers(model, {"nature": "新建", "parent_system": 7}) == {"nature": "新建"}
    assert wrong(model, {"nature": "改建"}) == {"parent_system": ["请填写“parent_system”。"]}


def test_a_condition_that_cannot_be_decided_hides_as_in_form_js() -> None:
    model = form(component("textfield", "a", validate=REQUIRED, **hidden("=project.total > 3")))
    assert wrong(model, {}) == {}
    assert wrong(model, {}, project={"total": 4}) == {}
    assert wrong(model, {}, project={"total": 2}) == {"a": ["请填写“a”。"]}


def test_a_negation_that_cannot_be_decided_shows_as_in_form_js() -> None:
    for condition in ("=not(project.total > 3)", '= not ( project.name > ")" )'):
        model = form(component("textfield", "a", validate=REQUIRED, **hidden(condition)))
        assert wrong(model, {}) == {"a": ["请填写“a”。"]}
    both = form(component("textfield", "a", validate=REQUIRED, **hidden("=not(x > 3) and (y > 3)")))
    assert wrong(both, {}) == {}


def test_what_a_hidden_field_said_hides_nothing_else() -> None:
    model = form(
        component("checkbox", "a"),
        component("textfield", "b", **hidden("=a")),
        component("textfield", "c", **hidden('=b = "x"')),
    )
    assert answers(model, {"a": False, "b": "x", "c": "y"}) == {"a": False, "b": "x"}
    assert answers(model, {"a": True, "b": "x", "c": "y"}) == {"a": True, "c": "y"}


def test_conditions_in_a_row_read_this_and_the_whole_form() -> None:
    line = [
        component("textfield", "kind"),
        component("textfield", "reason", validate=REQUIRED, **hidden("=this.kind != default_kind and i[1] > 0")),
    ]
    model = form(component("textfield", "default_kind"), component("dynamiclist", "rows", components=line))
    posted = {"default_kind": "x", "rows": [{"kind": "x"}, {"kind": "y"}]}
    assert wrong(model, posted) == {"rows[0].reason": ["请填写“第1行reason”。"]}


def test_a_hidden_group_or_list_leaves_nothing() -> None:
    inner = [component("textfield", "x", validate=REQUIRED)]
    model = form(
        component("checkbox", "off"),
        component("group", components=inner, **hidden("=off")),
        component(
            "dynamiclist", "rows", components=[component("number", "n")], properties={"list.min": "1"}, **hidden("=off")
        ),
    )
    assert answers(model, {"off": True, "x": "1", "rows": []}) == {"off": True}
    assert set(wrong(model, {"off": False})) == {"x", "rows"}


def test_locked_fields_take_what_the_context_says() -> None:
    model = form(
        component("textfield", "a", readonly=True),
        component("textfield", "b", disabled=True, validate=REQUIRED),
        component("number", "c", readonly="=signed", **MONEY),
        component("checkbox", "signed"),
        component("textfield", "d", readonly=True, defaultValue="默认"),
    )
    given = answers(model, {"a": "forged", "b": 7, "c": 5, "signed": True}, a="given", c=1.5)
    assert given == {"a": "given", "b": None, "c": 1_500_000, "signed": True, "d": "默认"}
    assert answers(model, {"c": 5, "signed": False})["c"] == 5_000_000


def test_computed_answers_are_computed_here() -> None:
    line = [
        component("number", "quantity"),
        component("number", "unit_price", **MONEY),
        component("expression", "amount", expression="=this.quantity * this.unit_price", properties={"kind": "money"}),
    ]
    model = form(
        component("dynamiclist", "budget_lines", components=line),
        component("expression", "total", expression="=sum(budget_lines.amount)", properties={"kind": "money"}),
        component("expression", "many", expression="=count(budget_lines) > 1"),
        component("textfield", "why", validate=REQUIRED, **hidden("=not(many)")),
    )
    posted = {
        "budget_lines": [{"quantity": 3, "unit_price": 0.1, "amount": 99}, {"quantity": 1, "unit_price": 0.2}],
        "total": 0, "many": False, "why": "x",
    }  # fmt: skip
    given = answers(model, posted)
    assert [line["amount"] for line in given["budget_lines"]] == [300_000, 200_000]  # type: ignore[attr-defined]
    assert (given["total"], given["many"], given["why"]) == (500_000, True, "x")


def test_bounds_in_feel() -> None:
    model = form(
        component("number", "total", **MONEY), component("number", "part", **MONEY, validate={"max": "=total"})
    )
    assert wrong(model, {"total": 2, "part": 2}) == {}
    assert wrong(model, {"total": 2, "part": 2.5}) == {"part": ["“part”不能大于 2 万元。"]}
    assert wrong(model, {"part": 2.5}) == {}


def test_routing_values_are_booleans_numbers_dates_and_single_choices() -> None:
    yes = [{"label": "是", "value": True}]
    model = form(
        component("textfield", "text"),
        component("checkbox", "flag"),
        component("number", "half"),
        component("number", "whole"),
        component("number", "money", **MONEY),
        component("radio", "choice", values=yes),
        component("checklist", "many", values=yes),
        component("datetime", "on", subtype="date"),
        component("filepicker", "file"),
        component("expression", "double", expression="=half * 2"),
        component("group", components=[component("select", "inner", values=yes)]),
        component("dynamiclist", "rows", components=[component("number", "n")]),
        component("number", "gone", **hidden("=true")),
    )
    given = answers(model, {"text": "x", "half": 0.5, "whole": 3, "money": 1, "choice": True, "on": "2026-11-23"})
    assert given["half"] == Decimal("0.5")
    assert routing_values(model, given) == {
        "flag": False, "half": 0.5, "whole": 3, "money": 1_000_000, "choice": True,
        "on": given["on"], "double": 1, "inner": None, "gone": None,
    }  # fmt: skip
    assert not isinstance(routing_values(model, given)["half"], Decimal)


def test_an_expression_that_fails_costs_only_itself() -> None:
    model = form(
        component("expression", "endless", expression="=for x in 1..100000000 return x"),
        component("textfield", "a", validate=REQUIRED),
    )
    assert wrong(model, {}) == {"a": ["请填写“a”。"]}
