"""The deadlines of the regulation: due dates, reminders, extensions and words."""

from __future__ import annotations

import json
from datetime import date

import pytest

from app.domain.articles import registered_rules
from app.domain.deadline_kinds import CONSEQUENCES, KINDS, LEDGER_KINDS, Consequence, Source
from app.domain.deadlines import (
    as_mapping,
    compute,
    explain,
    kind_of,
    ladder,
    move,
    overdue_days,
    overdue_working_days,
    reminders,
    restated,
    within_extension_limits,
)
from app.domain.invalid_value import InvalidValue
from app.domain.periods import Length, Unit
from app.domain.roles import ROLES
from app.services.calendars import calendar_of

CALENDAR = calendar_of()
HOLIDAY_STEP = (
    "3. 2026-02-15 休息（春节），顺延到休假结束的次日 2026-02-24（星期二）。"
    " [民法典第二百零三条 · 国办发明电〔2025〕7号]"
)


def test_the_ledger_has_the_kinds_of_the_specification() -> None:
    assert " ".join(LEDGER_KINDS) == (
        "plan materials industry_opinion contract contract_notice contract_filing start_of_work acceptance "
        "rectification acceptance_filing evaluation_opens evaluation_ends evaluation_rectification library_year "
        "order audit payment update mlps_filing crypto_filing mlps_retest documents om_application"
    )
    assert [kind.number for kind in KINDS.values() if not kind.ledger] == [
        "T-02",
        "T-04",
        "T-05",
        "T-07",
        "T-19",
        "T-25",
    ]


def test_every_row_is_whole() -> None:
    assert set(CONSEQUENCES) == set(Consequence)
    assert len({kind.number for kind in KINDS.values()}) == len(KINDS)
    for kind in KINDS.values():
        assert bool(kind.lengths) != bool(kind.day), kind.name
        assert all(role in ROLES for rung in kind.ladder for role in rung.roles), kind.name
        assert kind.article or kind.source is Source.CHOICE, kind.name


@pytest.mark.parametrize(
    ("kind", "start", "due"),
    [
        ("plan", date(2024, 10, 1), date(2024, 12, 2)),
        ("plan", date(2025, 10, 1), date(2025, 12, 1)),
        ("T-01", date(2026, 10, 1), date(2026, 11, 30)),
        ("plan", date(2025, 12, 1), date(2025, 12, 1)),
        ("plan", date(2025, 12, 2), date(2026, 11, 30)),
        ("om_application", date(2025, 1, 1), date(2025, 12, 1)),
        ("start_of_work", date(2028, 3, 1), date(2028, 12, 31)),
        ("library_year", date(2026, 11, 23), date(2026, 12, 31)),
        ("acceptance", date(2025, 8, 15), date(2026, 2, 24)),
        ("T-10", date(2026, 7, 10), date(2027, 1, 11)),
        ("t-08a", date(2026, 9, 5), date(2026, 10, 8)),
        ("contract_notice", date(2026, 9, 30), date(2026, 10, 9)),
        ("contract_filing", date(2026, 9, 30), date(2026, 10, 15)),
        ("materials", date(2026, 3, 2), date(2026, 4, 1)),
        ("industry_opinion", date(2026, 3, 2), date(2026, 3, 11)),
        ("acceptance_filing", date(2026, 3, 2), date(2026, 3, 23)),
        ("evaluation_opens", date(2025, 5, 2), date(2026, 5, 2)),
        ("evaluation_ends", date(2025, 5, 2), date(2026, 8, 3)),
        ("documents", date(2026, 2, 12), date(2026, 2, 26)),
        ("order", date(2026, 9, 1), date(2026, 9, 21)),
        ("audit", date(2026, 8, 3), date(2026, 10, 8)),
        ("mlps_retest", date(2024, 2, 29), date(2025, 2, 28)),
    ],
)
def test_due_dates(kind: str, start: date, due: date) -> None:
    assert compute(kind, start, CALENDAR).due == due


def test_the_library_rolls_over_ten_minutes_into_the_new_year() -> None:
    assert compute("library_year", date(2026, 5, 1), CALENDAR).fires_at.isoformat() == "2027-01-01T00:10:00+08:00"
    assert compute("start_of_work", date(2026, 5, 1), CALENDAR).fires_at.isoformat() == "2027-01-01T00:00:00+08:00"


def test_an_order_may_set_another_length_or_the_day_itself() -> None:
    shorter = compute("order", date(2026, 9, 1), CALENDAR, length=Length(5, Unit.WORKING_DAYS))
    assert shorter.due == date(2026, 9, 8)
    named = compute("rectification", date(2026, 11, 10), CALENDAR, until=date(2026, 12, 12))
    assert (named.raw, named.due) == (date(2026, 12, 12), date(2026, 12, 14))
    assert named.steps[0].text() == "文书写明的期限是 2026-12-12（星期六）。"
    assert named.steps[0].law == "第二十一条"
    ends = compute("evaluation_ends", date(2025, 5, 2), CALENDAR, length=Length(1, Unit.MONTHS))
    assert ends.due == date(2026, 6, 2)


def test_what_the_law_fixes_nobody_sets() -> None:
    for kind in ("acceptance", "plan", "contract"):
        with pytest.raises(InvalidValue, match="期限由法规规定，不能另定"):
            compute(kind, date(2026, 1, 5), CALENDAR, length=Length(9, Unit.MONTHS))
    with pytest.raises(InvalidValue, match="期限由法规规定，不能另定"):
        compute("acceptance", date(2026, 1, 5), CALENDAR, until=date(2026, 12, 1))


def test_limits_have_a_longest_length() -> None:
    start = date(2026, 3, 2)
    assert compute("payment", start, CALENDAR, length=Length(60, Unit.DAYS)).due == date(2026, 5, 6)
    for kind, days in (("payment", 61), ("rectification", 91)):
        with pytest.raises(InvalidValue, match=f"期限最长{days - 1}日"):
            compute(kind, start, CALENDAR, length=Length(days, Unit.DAYS))
    with pytest.raises(InvalidValue, match="期限最长90日"):
        compute("rectification", start, CALENDAR, until=date(2026, 6, 1))
    with pytest.raises(InvalidValue, match="要晚于起算日"):
        compute("order", start, CALENDAR, until=start)


@pytest.mark.parametrize("name", ["T-10", "t-10", " acceptance ", "Acceptance"])
def test_a_kind_is_found_by_name_and_number(name: str) -> None:
    assert kind_of(name).name == "acceptance"


def test_unknown_and_shared_numbers_get_a_sentence() -> None:
    with pytest.raises(InvalidValue, match="T-08 包括 T-08a、T-08b、T-08c，请写明其中一个。"):
        kind_of("T-08")
    for name in ("T-99", "", "T-"):
        with pytest.raises(InvalidValue, match="的时限。可用的有：plan（T-01）、"):
            kind_of(name)


def test_the_ladder_of_acceptance_names_who_is_told() -> None:
    counted = compute("acceptance", date(2026, 5, 23), CALENDAR)
    rungs = [(r.at.isoformat(), r.days, r.roles) for r in ladder("acceptance", counted, CALENDAR)]
    unit = ("unit_clerk", "unit_lead")
    near = (*unit, "unit_head", "bur_insp")
    late = (*near, "bur_head", "fin_budget", "fin_pay")
    assert rungs[:12] == [
        ("2026-09-24T08:30:00+08:00", -60, unit),
        ("2026-10-23T08:30:00+08:00", -31, unit),
        ("2026-11-06T08:30:00+08:00", -17, near),
        ("2026-11-16T08:30:00+08:00", -7, near),
        ("2026-11-20T08:30:00+08:00", -3, near),
        ("2026-11-23T08:30:00+08:00", 0, near),
        ("2026-11-24T08:30:00+08:00", 1, late),
        ("2026-12-01T08:30:00+08:00", 8, late),
        ("2026-12-08T08:30:00+08:00", 15, late),
        ("2026-12-15T08:30:00+08:00", 22, late),
        ("2026-12-22T08:30:00+08:00", 29, late),
        ("2026-12-23T08:30:00+08:00", 30, ("gov_office",)),
    ]
    assert len(rungs) == 6 + 26 + 1


def test_a_reminder_on_a_day_off_moves_back_and_an_overdue_one_forward() -> None:
    counted = compute("acceptance", date(2025, 8, 15), CALENDAR)
    days = [moment.date() for moment in reminders("acceptance", counted, CALENDAR)]
    assert days[:6] == [
        date(2025, 12, 26),
        date(2026, 1, 23),
        date(2026, 2, 9),
        date(2026, 2, 14),
        date(2026, 2, 24),
        date(2026, 2, 25),
    ]
    friday = compute("acceptance", date(2026, 5, 27), CALENDAR)
    assert friday.due == date(2026, 11, 27)
    assert next(m.date() for m in reminders("acceptance", friday, CALENDAR) if m.date() > friday.due) == date(
        2026, 11, 30
    )


def test_a_late_registration_does_not_replay_the_past() -> None:
    counted = compute("acceptance", date(2026, 5, 23), CALENDAR)
    rungs = ladder("acceptance", counted, CALENDAR, registered_on=date(2026, 11, 14))
    assert [r.at.date() for r in rungs[:4]] == [
        date(2026, 11, 16),
        date(2026, 11, 20),
        date(2026, 11, 23),
        date(2026, 11, 24),
    ]
    assert rungs[0].roles == ("unit_clerk", "unit_lead", "unit_head", "bur_insp")
    early = reminders("acceptance", counted, CALENDAR, registered_on=date(2026, 5, 23))
    assert early == reminders("acceptance", counted, CALENDAR)


def test_reminders_of_a_statutory_date_name_the_date_itself() -> None:
    counted = compute("plan", date(2024, 10, 1), CALENDAR)
    assert [(r.at.date(), r.days) for r in ladder("plan", counted, CALENDAR)] == [
        (date(2024, 10, 31), -30),
        (date(2024, 11, 15), -15),
        (date(2024, 11, 22), -8),
        (date(2024, 11, 27), -3),
        (date(2024, 11, 29), -1),
    ]


def test_fixed_days_of_the_year_are_reminders_too() -> None:
    start = compute("start_of_work", date(2026, 1, 1), CALENDAR)
    assert [m.date() for m in reminders("start_of_work", start, CALENDAR)] == [
        date(2026, 9, 30),
        date(2026, 11, 30),
        date(2026, 12, 21),
    ]
    library = compute("library_year", date(2026, 1, 1), CALENDAR)
    assert [m.date() for m in reminders("library_year", library, CALENDAR)] == [date(2026, 9, 30), date(2026, 12, 1)]


def test_a_report_of_delay_moves_the_deadline() -> None:
    counted = compute("acceptance", date(2026, 2, 13), CALENDAR)
    assert counted.due == date(2026, 8, 13)
    moved = move(counted, date(2026, 12, 15), CALENDAR)
    assert (moved.start, moved.due) == (counted.start, date(2026, 12, 15))
    assert moved.fires_at.isoformat() == "2026-12-16T00:00:00+08:00"
    assert (moved.steps[0].text(), moved.steps[0].law) == ("延期报告明确的时间是 2026-12-15（星期二）。", "第二十一条")
    weekend = move(counted, date(2026, 12, 12), CALENDAR)
    assert (weekend.raw, weekend.due) == (date(2026, 12, 12), date(2026, 12, 14))


def test_reports_of_delay_have_limits_beyond_which_the_head_decides() -> None:
    counted = compute("acceptance", date(2026, 2, 13), CALENDAR)
    first = counted.due
    assert move(counted, date(2027, 2, 9), CALENDAR).raw == date(2027, 2, 9)
    for new_date, reports in ((date(2027, 2, 10), 0), (date(2026, 12, 15), 2)):
        assert not within_extension_limits(first, new_date, reports=reports)
        with pytest.raises(InvalidValue, match="延期报告最多 2 次、合计 180 天"):
            move(counted, new_date, CALENDAR, reports=reports)
        assert move(counted, new_date, CALENDAR, reports=reports, head_consents=True).raw == new_date
    moved = move(counted, date(2026, 12, 15), CALENDAR)
    with pytest.raises(InvalidValue, match="合计 180 天"):
        move(moved, date(2027, 3, 1), CALENDAR, reports=1, first_due=first)
    with pytest.raises(InvalidValue, match="要晚于现在的期限 2026-08-13"):
        move(counted, date(2026, 8, 13), CALENDAR)


def test_how_far_it_is_overdue() -> None:
    due = date(2026, 5, 14)
    assert overdue_days(due, date(2026, 5, 14)) == 0
    assert overdue_days(due, date(2026, 5, 1)) == 0
    assert overdue_days(due, date(2026, 11, 23)) == 193
    assert overdue_working_days(due, date(2026, 5, 18), CALENDAR) == 2
    assert overdue_working_days(due, date(2026, 5, 13), CALENDAR) == 0


def test_the_day_count_as_text() -> None:
    assert explain("T-10", compute("T-10", date(2025, 8, 15), CALENDAR)).split("\n") == [
        "T-10 竣工验收 · 第二十条",
        "起算 2025-08-15 星期五",
        "1. 2025-08-15 当日不计，自次日 2025-08-16 起算。 [民法典第二百零一条]",
        "2. 满6个月的对应日是 2026-02-15（星期日）。 [民法典第二百零二条]",
        HOLIDAY_STEP,
        "4. 期限到 2026-02-24（星期二）24:00 止。 [民法典第二百零三条]",
        "到期 2026-02-24 星期二",
    ]
    provisional = explain("contract", compute("contract", date(2026, 12, 10), CALENDAR)).split("\n")
    assert provisional[0] == "T-08a 签订采购合同 · 政府采购法第四十六条"
    assert provisional[-3:] == [
        "5. 2027年放假通知尚未载入，先按双休推算，载入后重算。",
        "到期 2027-01-11 星期一",
        "暂定：放假通知载入后重算。",
    ]


def test_the_day_count_for_machines() -> None:
    answer = as_mapping(compute("T-10", date(2026, 7, 10), CALENDAR))
    steps = answer.pop("steps")
    assert answer == {
        "start": "2026-07-10",
        "raw": "2027-01-10",
        "due": "2027-01-11",
        "fires_at": "2027-01-12T00:00:00+08:00",
        "provisional": True,
    }
    assert isinstance(steps, list)
    assert steps[0] == {
        "what": "2026-07-10 当日不计，自次日 2026-07-11 起算。",
        "law": "民法典第二百零一条",
        "notice": "",
        "date": "2026-07-11",
        "message": "%(start)s 当日不计，自次日 %(day)s 起算。",
        "values": {"day": "2026-07-11", "weekday": "星期六", "start": "2026-07-10"},
    }
    assert steps[-1]["law"] == ""


@pytest.mark.parametrize("kind", ["T-01", "T-06", "T-10", "T-14a"])
def test_the_ledger_can_say_a_kept_step_again(kind: str) -> None:
    """What the ledger keeps as JSON says in Chinese what it said, and every word of it can be said otherwise."""
    steps = json.loads(json.dumps(as_mapping(compute(kind, date(2026, 7, 10), CALENDAR))["steps"]))
    assert [restated(step, str) for step in steps] == [step["what"] for step in steps]


def test_a_kept_step_is_said_in_another_language() -> None:
    english = {
        "满%(length)s的对应日是 %(day)s（%(weekday)s）。": "%(length)s end on %(weekday)s %(day)s.",
        "%(count)s个月": "%(count)s months",
        "星期日": "Sunday",
    }
    steps = json.loads(json.dumps(as_mapping(compute("T-10", date(2026, 7, 10), CALENDAR))["steps"]))
    assert restated(steps[1], lambda text: english.get(text, text)) == "6 months end on Sunday 2027-01-10."


def test_a_step_kept_without_its_message_says_what_it_said() -> None:
    assert restated({"what": "一步。", "law": "", "notice": "", "date": "2026-07-11"}, str) == "一步。"


def test_the_deadlines_stand_in_the_register_of_rules() -> None:
    rules = {rule.name: rule for rule in registered_rules()}
    assert {9, 19, 20, 21, 23, 18} <= {article.number for article in rules["app.domain.deadlines.compute"].articles}
    assert rules["app.domain.deadlines.move"].ids == ("T-12",)
