"""Open values: what may be typed, what contradicts, which value holds on a day, and what every gate makes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain import interpretations, numbers, parameter_values, parameters
from app.domain.deadline_kinds import KINDS, Source
from app.domain.deadline_lengths import LENGTHS, LONGEST
from app.domain.deadlines import compute, move
from app.domain.gates import GATES
from app.domain.invalid_value import InvalidValue
from app.domain.parameter_values import InForce
from app.domain.parameters import Parameters
from app.domain.readings import READINGS
from app.services.calendars import calendar_of

CALENDAR = calendar_of()


def test_every_parameter_says_its_reason_article_and_range() -> None:
    found = parameters.notes()
    assert set(found) == set(Parameters.__dataclass_fields__)
    assert all(note.reason and note.label and note.article.number for note in found.values())
    assert len({note.label for note in found.values()}) == len(found)
    whole = {key for key in found if type(getattr(Parameters(), key)) is int}
    assert all(found[key].limits for key in whole)
    assert parameter_values.consistent(Parameters()) == Parameters()


@pytest.mark.parametrize("key", list(parameters.notes()))
def test_every_default_is_a_value_of_its_own_parameter(key: str) -> None:
    default = getattr(Parameters(), key)
    assert parameter_values.typed(key, parameter_values.stored(default)) == default


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("major_threshold_fen", "450.5", 450_500_000),
        ("panel_minimum", " 5 ", 5),
        ("trial_operation_required", "true", True),
        ("effective_date", "2022-01-01", "2022-01-01"),
        ("code_review", "修政数审", "修政数审"),
    ],
)
def test_what_a_person_types_becomes_a_value(key: str, text: str, value: object) -> None:
    assert parameter_values.parse(key, text) == value


@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [
        ("speed", "9", "没有名为 speed 的参数。"),
        ("panel_minimum", "three", "“专家组最少人数”应为整数，不能填“three”。"),
        ("panel_minimum", "3.5", "“专家组最少人数”应为整数，不能填“3.5”。"),
        ("panel_minimum", "-3", "“专家组最少人数”应为整数，不能填“-3”。"),
        ("panel_minimum", "0", "“专家组最少人数”应在 1 到 99 之间。"),
        ("materials_days", "731", "“编制申报材料期限”应在 1 到 730 之间。"),
        ("trial_operation_required", "maybe", "“验收前须初步验收和试运行”只能是“是”或者“否”。"),
        ("effective_date", "yesterday", "“施行日期”应为日期，写成 2021-06-01 这样，不能填“yesterday”。"),
        ("code_review", "XSS<b>", "“机关代字：审核意见”应为二至八个汉字，不能填“XSS<b>”。"),
        ("major_threshold_fen", "-1", "金额不能为负数：-1。"),
    ],
)
def test_what_is_no_value_is_refused_with_a_sentence(key: str, text: str, sentence: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        parameter_values.parse(key, text)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"band_good": 95}, "“评价为良的最低分”不能大于“评价为优的最低分”。"),
        ({"rectification_days": 91}, "“验收整改默认期限”不能大于“验收整改最长期限”。"),
        ({"weight_operation": 50, "weight_sharing": 50}, "评价权重合计一百，“项目运行”和“数据共享”之和不能超过 99。"),
        ({"panel_minimum": 4}, "专家组人数须为单数，最少人数也应为单数。"),
        ({"code_change": "修数审"}, "两种公文不能用同一个机关代字。"),
    ],
)
def test_values_that_contradict_one_another_are_refused(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        parameter_values.consistent(replace(Parameters(), **changes))  # type: ignore[arg-type]
    assert str(refusal.value) == sentence


def test_an_even_panel_is_no_contradiction_where_it_need_not_be_odd() -> None:
    found = replace(Parameters(), panel_must_be_odd=False, panel_minimum=4)
    assert parameter_values.consistent(found) == found


def test_the_value_in_force_is_that_of_the_day() -> None:
    changes = [
        InForce("materials_days", "40", date(2026, 3, 1), 1),
        InForce("materials_days", "50", date(2026, 3, 1), 2),
        InForce("materials_days", "20", date(2026, 6, 1), 3),
        InForce("panel_minimum", "5", date(2026, 5, 1), 4),
    ]
    values = [parameter_values.on(day, changes) for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 6, 1))]
    assert [found.materials_days for found in values] == [30, 50, 20]
    assert [found.panel_minimum for found in values] == [3, 3, 5]
    assert parameter_values.on(date(2026, 3, 1), reversed(changes)) == values[1]


def test_nothing_takes_effect_in_the_past() -> None:
    parameter_values.must_not_look_back(date(2026, 11, 23), date(2026, 11, 23))
    with pytest.raises(InvalidValue, match="已过去"):
        parameter_values.must_not_look_back(date(2026, 11, 22), date(2026, 11, 23))


def test_every_length_of_ours_is_a_parameter() -> None:
    of_ours = {kind.name for kind in KINDS.values() if kind.lengths and kind.length_source is not Source.REGULATION}
    assert of_ours - set(LENGTHS) == {"update"}, "the cycle of a resource is said by its own entry"
    assert set(LENGTHS.values()) | set(LONGEST.values()) <= set(parameters.notes())
    standard = Parameters()
    for name, key in LENGTHS.items():
        months = 12 if KINDS[name].lengths[-1].unit.name == "YEARS" else 1
        assert getattr(standard, key) == KINDS[name].lengths[-1].count * months, name


def test_a_deadline_is_counted_with_the_length_in_force() -> None:
    longer = replace(Parameters(), materials_days=45)
    assert compute("materials", date(2026, 3, 2), CALENDAR).raw == date(2026, 4, 1)
    assert compute("materials", date(2026, 3, 2), CALENDAR, parameters=longer).raw == date(2026, 4, 16)
    assert compute("acceptance", date(2026, 3, 2), CALENDAR, parameters=longer).raw == date(2026, 9, 2)


def test_the_limits_of_an_extension_are_parameters() -> None:
    due = compute("acceptance", date(2026, 2, 13), CALENDAR)
    with pytest.raises(InvalidValue, match="最多 2 次、合计 180 天"):
        move(due, date(2027, 3, 1), CALENDAR)
    wider = replace(Parameters(), extension_days_at_most=300)
    assert move(due, date(2027, 3, 1), CALENDAR, parameters=wider).due == date(2027, 3, 1)


def test_the_plan_date_rolls_only_while_the_parameter_says_so() -> None:
    strict = replace(Parameters(), plan_date_rolls=False)
    assert compute("plan", date(2025, 10, 1), CALENDAR).due == date(2025, 12, 1)
    assert compute("plan", date(2025, 10, 1), CALENDAR, parameters=strict).due == date(2025, 11, 30)


def test_the_codes_of_papers_are_parameters() -> None:
    codes = numbers.document_codes(replace(Parameters(), code_review="修政审"))
    assert str(numbers.document_number("review", 2026, 12, codes=codes)) == "修政审〔2026〕12号"


def test_everything_that_may_be_interpreted_has_one_key_and_an_article() -> None:
    keys = [*parameters.notes(), *READINGS, *GATES]
    assert len(set(keys)) == len(keys)
    for key in keys:
        found = interpretations.subject(key)
        assert found is not None
        assert 1 <= found.article <= 36
        assert found.has_value is (key in parameters.notes())
    assert interpretations.subject("G-13") == interpretations.Subject("G-13", "G-13", 13)
    assert interpretations.subject("nothing") is None
