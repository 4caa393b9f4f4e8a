"""Day-counts with their steps, and the way they are put into words."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.invalid_value import InvalidValue
from app.domain.periods import DayCount, Length, Unit, count, fixed
from app.services.calendars import calendar_of

CALENDAR = calendar_of()
SIX_MONTHS = Length(6, Unit.MONTHS)


def lines(counted: DayCount) -> list[tuple[str, str, str, date]]:
    return [(step.text(), step.law, step.notice, step.day) for step in counted.steps]


def test_the_arithmetic_past_the_spring_festival() -> None:
    counted = count(date(2025, 8, 15), CALENDAR, SIX_MONTHS)
    assert (counted.start, counted.raw, counted.due) == (date(2025, 8, 15), date(2026, 2, 15), date(2026, 2, 24))
    assert counted.fires_at.isoformat() == "2026-02-25T00:00:00+08:00"
    assert counted.provisional is False
    assert lines(counted) == [
        ("2025-08-15 当日不计，自次日 2025-08-16 起算。", "民法典第二百零一条", "", date(2025, 8, 16)),
        ("满6个月的对应日是 2026-02-15（星期日）。", "民法典第二百零二条", "", date(2026, 2, 15)),
        (
            "2026-02-15 休息（春节），顺延到休假结束的次日 2026-02-24（星期二）。",
            "民法典第二百零三条",
            "国办发明电〔2025〕7号",
            date(2026, 2, 24),
        ),
        ("期限到 2026-02-24（星期二）24:00 止。", "民法典第二百零三条", "", date(2026, 2, 24)),
    ]


def test_no_corresponding_day_and_a_make_up_saturday() -> None:
    assert lines(count(date(2025, 8, 31), CALENDAR, SIX_MONTHS))[1:3] == [
        (
            "满6个月，到期月没有对应日，以月末日 2026-02-28（星期六）为最后一日。",
            "民法典第二百零二条",
            "",
            date(2026, 2, 28),
        ),
        (
            "2026-02-28 虽是星期六，但为调休上班日，不顺延。",
            "民法典第二百零三条",
            "国办发明电〔2025〕7号",
            date(2026, 2, 28),
        ),
    ]


def test_a_plain_weekend_needs_no_notice() -> None:
    assert lines(count(date(2024, 9, 30), CALENDAR, SIX_MONTHS))[2] == (
        "2025-03-30 休息（星期日），顺延到休假结束的次日 2025-03-31（星期一）。",
        "民法典第二百零三条",
        "",
        date(2025, 3, 31),
    )


def test_a_working_day_is_not_moved() -> None:
    counted = count(date(2026, 5, 23), CALENDAR, SIX_MONTHS)
    assert lines(counted)[2] == ("2026-11-23 是工作日，不顺延。", "民法典第二百零三条", "", date(2026, 11, 23))


def test_a_year_without_notice_is_provisional() -> None:
    counted = count(date(2026, 7, 10), CALENDAR, SIX_MONTHS)
    assert (counted.raw, counted.due, counted.provisional) == (date(2027, 1, 10), date(2027, 1, 11), True)
    assert lines(counted)[-1] == ("2027年放假通知尚未载入，先按双休推算，载入后重算。", "", "", date(2027, 1, 11))


def test_working_days_name_what_was_left_out() -> None:
    counted = count(date(2026, 2, 12), CALENDAR, Length(5, Unit.WORKING_DAYS))
    assert (counted.raw, counted.due) == (date(2026, 2, 26), date(2026, 2, 26))
    assert lines(counted)[1:] == [
        (
            "只计工作日，其间休息 9 天不计，第 5 个工作日是 2026-02-26（星期四）。",
            "民法典第二百零一条",
            "国办发明电〔2025〕7号",
            date(2026, 2, 26),
        ),
        ("期限到 2026-02-26（星期四）24:00 止。", "民法典第二百零三条", "", date(2026, 2, 26)),
    ]


def test_working_days_through_an_unpublished_year_are_provisional() -> None:
    assert count(date(2026, 12, 31), CALENDAR, Length(1, Unit.WORKING_DAYS)).provisional is True
    assert count(date(2026, 12, 30), CALENDAR, Length(1, Unit.WORKING_DAYS)).provisional is False


def test_days_are_counted_one_by_one() -> None:
    counted = count(date(2026, 9, 5), CALENDAR, Length(30, Unit.DAYS))
    assert (counted.raw, counted.due) == (date(2026, 10, 5), date(2026, 10, 8))
    assert lines(counted)[1][0] == "满30日的最后一日是 2026-10-05（星期一）。"


def test_a_full_year_is_over_on_whatever_day() -> None:
    counted = count(date(2026, 5, 8), CALENDAR, Length(1, Unit.YEARS), rolls=False)
    assert (counted.due, counted.provisional) == (date(2027, 5, 8), False)
    assert lines(counted)[2][0] == "期满即届满，不因休息日顺延。"


def test_lengths_follow_one_another() -> None:
    counted = count(date(2024, 2, 29), CALENDAR, Length(1, Unit.YEARS), Length(3, Unit.MONTHS))
    assert counted.raw == date(2025, 5, 28)
    assert [step.day for step in counted.steps[1:3]] == [date(2025, 2, 28), date(2025, 5, 28)]


def test_a_given_date_is_moved_like_a_period() -> None:
    counted = fixed(
        date(2026, 10, 1), date(2025, 11, 30), CALENDAR, message="写明 %(day)s（%(weekday)s）。", law="文书"
    )
    assert (counted.raw, counted.due) == (date(2025, 11, 30), date(2025, 12, 1))
    assert lines(counted)[0] == ("写明 2025-11-30（星期日）。", "文书", "", date(2025, 11, 30))
    firm = fixed(date(2026, 10, 1), date(2028, 1, 1), CALENDAR, message="写明 %(day)s。", law="文书", rolls=False)
    assert (firm.due, firm.provisional) == (date(2028, 1, 1), False)


def test_every_word_is_asked_of_the_translation() -> None:
    english = {
        "满%(length)s的对应日是 %(day)s（%(weekday)s）。": "After %(length)s the corresponding day is "
        "%(weekday)s %(day)s.",
        "%(count)s个月": "%(count)s months",
        "星期日": "Sunday",
    }
    step = count(date(2025, 8, 15), CALENDAR, SIX_MONTHS).steps[1]
    assert (
        step.text(lambda text: english.get(text, text)) == "After 6 months the corresponding day is Sunday 2026-02-15."
    )


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (Length(1, Unit.YEARS), "1年"),
        (SIX_MONTHS, "6个月"),
        (Length(30, Unit.DAYS), "30日"),
        (Length(15, Unit.WORKING_DAYS), "15个工作日"),
    ],
)
def test_lengths_in_words(length: Length, text: str) -> None:
    assert length.text() == text


@pytest.mark.parametrize(
    ("number", "unit"), [(0, Unit.DAYS), (-6, Unit.MONTHS), (101, Unit.YEARS), (36_601, Unit.DAYS)]
)
def test_absurd_lengths_are_refused(number: int, unit: Unit) -> None:
    with pytest.raises(InvalidValue, match="期间长度"):
        Length(number, unit)


def test_a_period_has_a_length_and_an_end() -> None:
    with pytest.raises(ValueError, match="has a length"):
        count(date(2026, 1, 1), CALENDAR)
    with pytest.raises(InvalidValue, match="从 9999-06-30 起算的期间超出了日历"):
        count(date(9999, 6, 30), CALENDAR, Length(1, Unit.YEARS))
