"""DMN tables in FEEL: every hit policy, aggregators, defaults, required decisions, and what is refused."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from app.clock import SHANGHAI
from app.engine.decisions import DecisionError, evaluate_decision, parse_decisions
from app.errors import DiagramNotExecutable
from tests.unit.engine.dmn_files import LEVELS, Row, decision, file, literal, requires, table

NOW = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)


def decide(logic: str, **variables: object) -> object:
    return evaluate_decision(file(decision(logic)), "d", variables, now=NOW)


OVERLAPPING: list[Row] = [(["> 1"], ["10"]), (["> 2"], ["30"]), (["> 3"], ["20"])]


@pytest.mark.parametrize(("amount", "level"), [(99, "小"), (100, "中"), (499, "中"), (500, "大")])
def test_unique_gives_the_one_hit(amount: int, level: str) -> None:
    assert decide(table(LEVELS), amount=amount) == level


def test_unique_with_two_hits_is_refused_with_the_rules() -> None:
    with pytest.raises(DecisionError) as refused:
        decide(table(OVERLAPPING), amount=3)
    assert str(refused.value) == "决策表“分级”只许一条规则命中（UNIQUE），实际命中第 1、2 条。"


def test_no_hit_is_null() -> None:
    assert decide(table([(["> 5"], ["1"])]), amount=1) is None


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST", "ANY"])
def test_no_hit_gives_the_default(policy: str) -> None:
    assert decide(table([(["> 5"], ["1"])], policy=policy, outputs=(("r", "", '"无"'),)), amount=1) == "无"


def test_first_takes_the_first_in_the_table() -> None:
    assert decide(table(OVERLAPPING, policy="FIRST"), amount=9) == 10


def test_any_accepts_equal_results() -> None:
    assert decide(table([(["> 1"], ["7"]), (["> 2"], ["3 + 4"])], policy="ANY"), amount=5) == 7


def test_any_refuses_different_results() -> None:
    with pytest.raises(DecisionError, match="第 1、2 条不同"):
        decide(table([(["> 1"], ["7"]), (["> 2"], ["8"])], policy="ANY"), amount=5)


PRIORITIES: list[Row] = [(["> 1"], ['"低"']), (["> 2"], ['"高"']), (["> 3"], ['"中"'])]


def test_priority_takes_the_highest_listed_value() -> None:
    columns = (("r", '"高", "中", "低"', ""),)
    assert decide(table(PRIORITIES, policy="PRIORITY", outputs=columns), amount=9) == "高"
    assert decide(table(PRIORITIES, policy="PRIORITY", outputs=columns), amount=2) == "低"


def test_priority_goes_by_the_columns_from_left_to_right() -> None:
    rows: list[Row] = [(["> 1"], ["2", '"a"']), (["> 1"], ["1", '"b"']), (["> 1"], ["1", '"a"'])]
    columns = (("n", "1, 2", ""), ("t", '"a", "b"', ""))
    assert decide(table(rows, policy="PRIORITY", outputs=columns), amount=9) == {"n": 1, "t": "a"}


def test_priority_refuses_a_computed_value_outside_the_list() -> None:
    rows: list[Row] = [(["> 1"], ['"x" + "y"'])]
    with pytest.raises(DecisionError, match="第 1 条的结果不在“r”列的取值清单中"):
        decide(table(rows, policy="PRIORITY", outputs=(("r", '"a"', ""),)), amount=9)


def test_output_order_sorts_by_priority() -> None:
    logic = table(PRIORITIES, policy="OUTPUT ORDER", outputs=(("r", '"高", "中", "低"', ""),))
    assert decide(logic, amount=9) == ["高", "中", "低"]


def test_rule_order_keeps_the_order_of_the_table() -> None:
    assert decide(table(OVERLAPPING, policy="RULE ORDER"), amount=9) == [10, 30, 20]


@pytest.mark.parametrize(
    ("aggregation", "some", "none"),
    [("", [10, 30], []), ("SUM", 40, None), ("MIN", 10, None), ("MAX", 30, None), ("COUNT", 2, 0)],
)
def test_collect(aggregation: str, some: object, none: object) -> None:
    logic = table(OVERLAPPING, policy="COLLECT", aggregation=aggregation)
    assert decide(logic, amount=3) == some
    assert decide(logic, amount=0) == none


def test_collect_refuses_to_add_texts() -> None:
    with pytest.raises(DecisionError, match="不是数字"):
        decide(table([(["> 1"], ['"a"'])], policy="COLLECT", aggregation="SUM"), amount=3)


def test_several_outputs_make_a_map() -> None:
    rows: list[Row] = [(["> 1", "true"], ["amount * 2", ""])]
    logic = table(rows, inputs=("amount", "urgent"), outputs=(("twice", "", ""), ("nothing", "", "")))
    assert decide(logic, amount=3, urgent=True) == {"twice": 6, "nothing": None}


def test_dates_and_money_stay_exact() -> None:
    rows: list[Row] = [(['< date("2026-12-01")', "-"], ['today() + duration("P1M")', "fen + 1"])]
    logic = table(rows, inputs=("day", "fen"), outputs=(("due", "", ""), ("fen", "", "")))
    assert decide(logic, day=date(2026, 11, 30), fen=9_007_199_254_740_991) == {
        "due": date(2026, 12, 23),
        "fen": 9_007_199_254_740_992,
    }


def test_a_null_input_meets_only_null_and_dash() -> None:
    rows: list[Row] = [(["> 5"], ["1"]), (["null"], ["2"]), (["-"], ["3"])]
    assert decide(table(rows, policy="RULE ORDER"), amount=None) == [2, 3]


def test_an_unknown_input_is_named() -> None:
    with pytest.raises(DecisionError) as failed:
        decide(table(LEVELS, inputs=("total",)), amount=3)
    assert failed.value.unknown == ("total",)
    assert str(failed.value) == "决策“分级”无法得出结果：表达式“total”用到了没有的名称：total。"


def test_an_unknown_name_in_a_cell_is_named() -> None:
    with pytest.raises(DecisionError, match="用到了没有的名称：limit"):
        decide(table([(["> limit"], ["1"])]), amount=3)


def test_a_literal_expression() -> None:
    assert decide(literal("amount * 2"), amount=21) == 42


def test_required_decisions_are_evaluated_first_and_known_by_id_and_variable() -> None:
    base = decision('<variable id="v" name="base"/>' + literal("amount + 1", key="l1"), key="d0")
    middle = decision(literal("base * 10", key="l2"), key="d1", before=requires("d0"))
    top = decision(literal("d0 + d1"), before=requires("d1") + requires("d0"))
    source = file(top, middle, base)
    assert evaluate_decision(source, "d", {"amount": 1}, now=NOW) == 22
    assert parse_decisions(source.encode()).key == "d"


def test_an_unknown_decision_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="nowhere"):
        evaluate_decision(file(decision(table(LEVELS))), "nowhere", {}, now=NOW)


def test_a_file_with_errors_is_not_parsed() -> None:
    with pytest.raises(DiagramNotExecutable) as refused:
        parse_decisions(file(decision(table([(["<"], ["1"])]))).encode())
    assert [(each.code, each.element_id) for each in refused.value.findings] == [("feel-syntax", "inputEntry_0_0")]


def test_the_same_file_is_parsed_once() -> None:
    source = file(decision(table(LEVELS))).encode()
    assert parse_decisions(source) is parse_decisions(bytes(bytearray(source)))
