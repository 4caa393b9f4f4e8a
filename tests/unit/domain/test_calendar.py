"""The working-day calendar and the arithmetic of the Civil Code, by the specification's vectors."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from app.domain.calendar import SHANGHAI, Calendar, DayKind, PublishedYear, at, last_day, midnight_after, weekday
from app.services.calendars import CalendarRow, calendar_of

CALENDAR = calendar_of()
EMPTY = Calendar()


@pytest.mark.parametrize(
    ("day", "kind", "name"),
    [
        (date(2026, 2, 14), DayKind.MAKE_UP, "星期六"),
        (date(2026, 2, 15), DayKind.HOLIDAY, "春节"),
        (date(2026, 2, 24), DayKind.WORKDAY, "星期二"),
        (date(2026, 3, 1), DayKind.WEEKEND, "星期日"),
        (date(2026, 10, 8), DayKind.WORKDAY, "星期四"),
        (date(2027, 1, 1), DayKind.WORKDAY, "星期五"),
        (date(2027, 1, 2), DayKind.WEEKEND, "星期六"),
    ],
)
def test_what_a_day_is(day: date, kind: DayKind, name: str) -> None:
    assert CALENDAR.kind(day) is kind
    assert CALENDAR.name(day) == name
    assert CALENDAR.is_working_day(day) is (kind in {DayKind.WORKDAY, DayKind.MAKE_UP})


def test_the_notices_of_2004_to_2026_are_built_in() -> None:
    assert [year for year in range(2000, 2030) if CALENDAR.published(year)] == list(range(2004, 2027))
    assert CALENDAR.notice(date(2025, 1, 1)) == "国办发明电〔2024〕12号"
    assert CALENDAR.notice(date(2026, 1, 1)) == "国办发明电〔2025〕7号"
    assert CALENDAR.notice(date(2019, 1, 1)) == "国务院办公厅关于2019年部分节假日安排的通知"
    assert CALENDAR.notice(date(2027, 1, 1)) == ""
    assert CALENDAR.provisional(date(2026, 12, 31)) is False
    assert CALENDAR.provisional(date(2026, 12, 31), date(2027, 1, 1)) is True


def test_neighbouring_working_days() -> None:
    assert CALENDAR.next_working_day(date(2026, 2, 15)) == date(2026, 2, 24)
    assert CALENDAR.next_working_day(date(2026, 2, 24)) == date(2026, 2, 24)
    assert CALENDAR.previous_working_day(date(2026, 2, 23)) == date(2026, 2, 14)
    assert CALENDAR.previous_working_day(date(2026, 2, 14)) == date(2026, 2, 14)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 2, 12), 5, date(2026, 2, 26)),
        (date(2025, 9, 26), 5, date(2025, 10, 10)),
        (date(2026, 2, 14), 1, date(2026, 2, 24)),
    ],
)
def test_working_days_exclude_the_start(start: date, days: int, end: date) -> None:
    assert CALENDAR.after_working_days(start, days) == end
    assert CALENDAR.working_days_between(start, end) == days


def test_working_days_between_counts_nothing_backwards() -> None:
    assert CALENDAR.working_days_between(date(2026, 2, 26), date(2026, 2, 12)) == 0


def test_a_period_has_at_least_one_working_day() -> None:
    with pytest.raises(ValueError, match="at least one working day"):
        CALENDAR.after_working_days(date(2026, 1, 1), 0)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (date(2025, 8, 15), date(2026, 2, 24)),
        (date(2025, 8, 31), date(2026, 2, 28)),
        (date(2025, 7, 4), date(2026, 1, 4)),
        (date(2025, 4, 4), date(2025, 10, 9)),
        (date(2026, 3, 20), date(2026, 9, 20)),
        (date(2026, 3, 26), date(2026, 9, 28)),
        (date(2025, 12, 31), date(2026, 6, 30)),
        (date(2026, 5, 23), date(2026, 11, 23)),
        (date(2024, 9, 30), date(2025, 3, 31)),
        (date(2026, 7, 10), date(2027, 1, 11)),
    ],
)
def test_six_months(start: date, due: date) -> None:
    assert CALENDAR.period_end(start, months=6) == due


def test_a_year_from_a_leap_day_ends_in_february() -> None:
    assert CALENDAR.period_end(date(2024, 2, 29), years=1) == date(2025, 2, 28)
    assert last_day(date(2023, 11, 30), years=1, months=3, days=2) == date(2025, 3, 2)


@pytest.mark.parametrize("length", [{}, {"months": -1}, {"months": 1, "days": -1}])
def test_no_empty_or_negative_period(length: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="positive length"):
        last_day(date(2026, 1, 1), **length)


def test_moments_are_in_shanghai() -> None:
    assert midnight_after(date(2026, 11, 23)).isoformat() == "2026-11-24T00:00:00+08:00"
    assert at(date(2026, 11, 23), time(8, 30)) == datetime(2026, 11, 23, 8, 30, tzinfo=SHANGHAI)
    assert weekday(date(2026, 11, 23)) == "星期一"


def test_without_any_notice_only_weekends_are_off() -> None:
    assert EMPTY.next_working_day(date(2026, 2, 15)) == date(2026, 2, 16)
    assert EMPTY.name(date(2026, 2, 15)) == "星期日"
    assert not EMPTY.published(2026)


def test_a_row_of_the_table_wins_over_the_built_in_day() -> None:
    own = calendar_of(
        [
            CalendarRow(date(2026, 11, 23), off=True, name="县庆", source="修政办〔2026〕1号"),
            CalendarRow(date(2026, 11, 24), off=True),
            CalendarRow(date(2026, 2, 15), off=False),
        ]
    )
    assert own.name(date(2026, 11, 23)) == "县庆"
    assert own.name(date(2026, 11, 24)) == "休息日"
    assert own.kind(date(2026, 2, 15)) is DayKind.MAKE_UP
    assert own.kind(date(2026, 2, 16)) is DayKind.HOLIDAY
    assert own.published(2026)
    assert CALENDAR.kind(date(2026, 11, 23)) is DayKind.WORKDAY


def test_single_days_do_not_publish_a_year() -> None:
    early = calendar_of([CalendarRow(date(2027, 1, 1), off=True, name="元旦")])
    assert early.kind(date(2027, 1, 1)) is DayKind.HOLIDAY
    assert not early.published(2027)
    loaded = calendar_of(
        [CalendarRow(date(2027, 1, 1), off=True, name="元旦"), CalendarRow(date(2027, 1, 9), off=False)],
        published={2027: "国办发明电〔2026〕5号"},
    )
    assert loaded.published(2027)
    assert loaded.notice(date(2027, 1, 9)) == "国办发明电〔2026〕5号"
    assert loaded.kind(date(2027, 1, 9)) is DayKind.MAKE_UP


def test_a_better_title_may_be_given_to_a_built_in_year() -> None:
    own = calendar_of(published={2019: "国办发明电〔2018〕15号"})
    assert own.notice(date(2019, 5, 1)) == "国办发明电〔2018〕15号"
    assert own.kind(date(2019, 5, 2)) is DayKind.HOLIDAY


def test_a_published_year_may_be_given_by_hand() -> None:
    year = PublishedYear(2027, {date(2027, 2, 8): "春节"}, frozenset({date(2027, 2, 6)}), "通知")
    calendar = Calendar({2027: year})
    assert calendar.next_working_day(date(2027, 2, 7)) == date(2027, 2, 9)
    assert calendar.is_working_day(date(2027, 2, 6))
