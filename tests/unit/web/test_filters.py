"""How values read on a page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from flask import Flask
from flask_babel import Babel

from app import clock
from app.domain.terms import Nature
from app.queries.diagram_graph import Drawn
from app.queries.projects import PaymentRow, Phase
from app.queries.said import Said
from app.web import filters, gantt
from app.web.identity import local_path

MONDAY = datetime(2026, 11, 23, 13, 42, tzinfo=clock.SHANGHAI)


@pytest.fixture(autouse=True)
def _page() -> Iterator[None]:
    app = Flask("app")
    Babel(app, default_locale="zh_Hans_CN")  # type: ignore[no-untyped-call]
    with app.test_request_context("/"), clock.frozen(MONDAY):
        yield


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (398_600_000, "398.60"),
        (1_076_220, "1.08"),
        (0, "0.00"),
        (85_052_000_000, "85,052.00"),
        (5_000, "0.01"),
        (4_999, "0.00"),
    ],
)
def test_money_is_shown_in_wan_rounded_half_up(fen: int, text: str) -> None:
    assert filters.wan(fen) == text


def test_what_is_not_there_is_a_dash() -> None:
    assert filters.wan(None) == "—"
    assert filters.moment(None) == "—"


@pytest.mark.parametrize(
    ("day", "look", "text"),
    [
        (date(2026, 11, 23), "due", "今天 24:00"),
        (date(2026, 11, 25), "plain", "周三 11-25"),
        (date(2026, 11, 30), "plain", "11-30 周一"),
        (date(2027, 2, 1), "plain", "2027-02-01 周一"),
        (date(2026, 5, 14), "over", "逾期 193 天"),
        (None, "plain", "不限时"),
    ],
)
def test_a_deadline_is_boxed_only_today_and_after_it(day: date | None, look: str, text: str) -> None:
    tag = filters.due_tag(day)
    assert (tag.look, tag.text) == (look, text)


def test_working_days_late_are_named() -> None:
    assert filters.due_tag(date(2026, 11, 19), 2).text == "逾期 2 个工作日"


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("河湖监管平台(重新申报)", "河湖监管平台（重新申报）"),
        ("竣工2026-05-23,今日", "竣工2026-05-23，今日"),
        ("1,280.00", "1,280.00"),
        ("IPv4:443", "IPv4:443"),
    ],
)
def test_half_width_punctuation_is_widened_beside_chinese_only(stored: str, shown: str) -> None:
    assert filters.full_width(stored) == shown


def test_values_of_a_message_are_written_as_pages_write_them() -> None:
    sentence = filters.fill("应于%(due)s前支付%(sum_fen)s万元。", {"due": date(2026, 11, 23), "sum_fen": 107_622_000})
    assert sentence == "应于2026-11-23前支付107.62万元。"


def test_form_numbers_read_as_people_know_them() -> None:
    assert (filters.form_number("f16a"), filters.form_number("f00s"), filters.form_number("own")) == (
        "F-16a",
        "F-00s",
        "own",
    )


@pytest.mark.parametrize("text", ["//evil.example", "https://evil.example", "/\\evil.example", "", None, "/a\nb"])
def test_only_paths_of_this_site_are_gone_back_to(text: str | None) -> None:
    assert local_path(text) == ""


def test_a_path_of_this_site_is_kept() -> None:
    assert local_path("/tasks/3?tab=mine") == "/tasks/3?tab=mine"


def test_the_chart_places_phases_payments_and_today_on_one_axis() -> None:
    phases = (
        Phase(1, "done", date(2026, 1, 1), date(2026, 2, 1), result=Said("县政府同意"), document="修政〔2026〕1号"),
        Phase(2, "now", date(2026, 2, 1), caption=Said("今天届满")),
        Phase(3, "later"),
    )
    drawn = gantt.chart(phases, (PaymentRow("预付款", 1_000_000, date(2026, 3, 1)),), today=date(2026, 11, 23))
    assert drawn is not None
    first, second, third = drawn.rows
    assert (first.label, third.width) == ("县政府同意", "")
    assert second.x == f"{float(first.x[:-1]) + float(first.width[:-1]):.2f}%"
    assert float(second.x[:-1]) + float(second.width[:-1]) == pytest.approx(float(drawn.today[:-1]), abs=0.02)
    assert [dot.label for dot in drawn.payments] == ["预付款 1.00"]
    assert drawn.height == 30 + 34 * 4


def test_there_is_no_chart_before_the_first_phase() -> None:
    assert gantt.chart((Phase(1, "later"),), (), today=date(2026, 11, 23)) is None


@pytest.fixture
def english() -> Iterator[None]:
    app = Flask("app")
    Babel(app, default_locale="en")  # type: ignore[no-untyped-call]
    with app.test_request_context("/"), clock.frozen(MONDAY):
        yield


def test_a_drawn_name_is_read_in_chinese() -> None:
    assert filters.drawn(Drawn("申请验收", "Apply for acceptance")) == "申请验收"
    assert filters.fill(
        "“%(task)s”已搁置 %(days)s 个工作日，请办理。", {"task": "受理", "task_en": "Formal check", "days": 5}
    ) == ("“受理”已搁置 5 个工作日，请办理。")


@pytest.mark.usefixtures("english")
def test_readers_of_english_read_what_a_diagram_gives_them() -> None:
    assert filters.drawn(Drawn("申请验收", "Apply for acceptance")) == "Apply for acceptance"
    assert filters.drawn(Drawn("自定事项")) == "自定事项"
    assert filters.fill(
        "“%(task)s”已搁置 %(days)s 个工作日，请办理。", {"task": "受理", "task_en": "Formal check", "days": 5}
    ) == ("“Formal check” has been idle for 5 working days; please act.")


@pytest.mark.usefixtures("english")
def test_citations_lists_and_words_inside_a_sentence_are_english_too() -> None:
    assert filters.cited("第十九条、第二十一条") == "Art. 19, Art. 21"
    assert filters.cited("民法典第二百零三条") == "Civil Code, Art. 203"
    assert filters.said("") == ""
    assert filters.said(Said("%(month)s %(what)s", {"month": "2025-06", "what": Said("签约")})) == "2025-06 signed"
    assert filters.fill("项目性质为%(nature)s，未提交系统测评报告。", {"nature": Nature.REBUILD}) == (
        "The project is of the kind “rebuilding” and no system assessment report has been submitted."
    )
