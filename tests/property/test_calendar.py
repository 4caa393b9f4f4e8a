"""The calendar by Hypothesis: laws that hold for every day, length and amount."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.domain.calendar import last_day, midnight_after
from app.domain.deadline_kinds import KINDS
from app.domain.deadlines import as_mapping, compute, explain, ladder, move
from app.domain.money import MOST_FEN, capital, fen_from_wan, format_wan_exact, format_yuan, total, wan
from app.domain.numbers import DocumentNumber, Path, ProjectNumber, parse_document_number, parse_project_number
from app.domain.periods import Length, Unit, count
from app.services.calendars import calendar_of

CALENDAR = calendar_of()
DAY = timedelta(days=1)

days = st.dates(date(2004, 1, 1), date(2028, 12, 31))
lengths = st.builds(Length, st.integers(1, 30), st.sampled_from(Unit))
kinds = st.sampled_from(sorted(KINDS))
amounts = st.integers(0, MOST_FEN)


@given(days, lengths)
def test_a_period_ends_after_its_start_on_a_working_day(start: date, length: Length) -> None:
    counted = count(start, CALENDAR, length)
    assert start < counted.raw <= counted.due
    assert CALENDAR.is_working_day(counted.due)
    assert counted.due == counted.raw or not any(
        CALENDAR.is_working_day(counted.raw + n * DAY) for n in range((counted.due - counted.raw).days)
    )
    assert counted.fires_at == midnight_after(counted.due)
    assert counted.fires_at.utcoffset() == timedelta(hours=8)


@given(days, days, lengths)
def test_a_later_start_never_ends_earlier(one: date, other: date, length: Length) -> None:
    first, second = sorted((one, other))
    assert count(first, CALENDAR, length).due <= count(second, CALENDAR, length).due


@given(days, st.integers(1, 29), st.sampled_from(Unit))
def test_a_longer_period_never_ends_earlier(start: date, number: int, unit: Unit) -> None:
    assert count(start, CALENDAR, Length(number, unit)).due <= count(start, CALENDAR, Length(number + 1, unit)).due


@given(days, st.integers(1, 60))
def test_months_end_on_the_corresponding_day_or_the_last_of_the_month(start: date, months: int) -> None:
    end = last_day(start, months=months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == start.day or (end.day < start.day and (end + DAY).day == 1)


@given(days, st.integers(1, 40))
def test_working_days_against_counting_them_one_by_one(start: date, number: int) -> None:
    end = CALENDAR.after_working_days(start, number)
    passed = [start + n * DAY for n in range(1, (end - start).days + 1)]
    assert sum(CALENDAR.is_working_day(day) for day in passed) == number == CALENDAR.working_days_between(start, end)
    assert CALENDAR.is_working_day(end)


@given(days, lengths)
def test_the_steps_lead_from_start_to_due(start: date, length: Length) -> None:
    counted = count(start, CALENDAR, length)
    reached = [step.day for step in counted.steps]
    assert reached[0] == start + DAY
    assert counted.raw in reached
    assert reached == sorted(reached)
    assert reached[-1] == counted.due
    assert all("%(" not in step.text() for step in counted.steps)


@given(days, lengths)
def test_only_years_without_notice_are_provisional(start: date, length: Length) -> None:
    counted = count(start, CALENDAR, length)
    assert counted.provisional is (not CALENDAR.published(counted.due.year))


@given(days, kinds)
def test_every_kind_has_a_day_count_in_words(start: date, kind: str) -> None:
    counted = compute(kind, start, CALENDAR)
    assert counted.due >= max(counted.raw, start)
    assert list(as_mapping(counted)) == ["start", "raw", "due", "fires_at", "steps", "provisional"]
    assert "%(" not in explain(kind, counted)


@given(days, kinds, st.integers(0, 400))
def test_reminders_come_once_each_on_working_mornings_from_registration_on(start: date, kind: str, delay: int) -> None:
    counted = compute(kind, start, CALENDAR)
    registered = start + delay * DAY
    rungs = ladder(kind, counted, CALENDAR, registered_on=registered)
    moments = [rung.at for rung in rungs]
    assert moments == sorted(set(moments))
    assert all(CALENDAR.is_working_day(moment.date()) for moment in moments)
    assert all(moment.date() >= registered and (moment.hour, moment.minute) == (8, 30) for moment in moments)
    assert {role for rung in rungs for role in rung.roles} == {r for rung in KINDS[kind].ladder for r in rung.roles}


@given(days, st.integers(1, 180))
def test_an_extension_moves_forward_to_a_working_day(start: date, more: int) -> None:
    counted = compute("acceptance", start, CALENDAR)
    moved = move(counted, counted.due + more * DAY, CALENDAR)
    assert counted.due < counted.due + more * DAY <= moved.due
    assert CALENDAR.is_working_day(moved.due)


@given(amounts)
def test_amounts_survive_the_screen(fen: int) -> None:
    assert fen_from_wan(format_wan_exact(fen)) == fen
    assert fen_from_wan(wan(fen)) == fen
    assert int(format_yuan(fen).replace(",", "").replace(".", "")) == fen


@given(st.integers(0, 10**11))
def test_amounts_survive_a_browser_number(fen: int) -> None:
    assert fen_from_wan(fen / 1_000_000) == fen


@given(st.lists(st.integers(0, 10**10)))
def test_sums_are_exact(parts: list[int]) -> None:
    assume(sum(parts) <= MOST_FEN)
    assert total(parts) == sum(parts)


@settings(max_examples=500)
@given(amounts)
def test_capital_amounts_read_back(fen: int) -> None:
    assert read_capital(capital(fen)) == fen


@given(st.integers(2000, 2099), st.integers(1, 999), st.sampled_from(Path))
def test_project_numbers_read_back(year: int, serial: int, path: Path) -> None:
    number = ProjectNumber(year, serial, path)
    assert parse_project_number(str(number)) == number


@given(st.integers(2000, 2099), st.integers(1, 10**6))
def test_document_numbers_read_back(year: int, serial: int) -> None:
    number = DocumentNumber("修数审", year, serial)
    assert parse_document_number(str(number)) == number


def read_capital(text: str) -> int:
    """Read 大写 by a way of its own: digits and units from the left."""
    fen = section = yuan = digit = 0
    for char in text:
        if char in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(char)
        elif char in "拾佰仟":
            section += digit * 10 ** ("拾佰仟".index(char) + 1)
            digit = 0
        elif char in "万亿元":
            yuan += (section + digit) * {"万": 10**4, "亿": 10**8, "元": 1}[char]
            section = digit = 0
        elif char in "角分":
            fen += digit * (10 if char == "角" else 1)
            digit = 0
        else:
            assert char == "整"
    return yuan * 100 + fen
