"""A year's holiday notice as a file: what is complete, and each way in which it is not."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.holiday_notice import read
from app.domain.invalid_value import InvalidValue
from app.services.calendars import built_in
from tests.calendar_2027 import LINES, SOURCE, file_of


def said(lines: list[str] | bytes) -> str:
    with pytest.raises(InvalidValue) as refusal:
        read(lines if isinstance(lines, bytes) else file_of(lines))
    return str(refusal.value)


def changed(line: int, text: str) -> list[str]:
    return [*LINES[: line - 1], text, *LINES[line:]]


def test_a_complete_year_is_read() -> None:
    notice = read(file_of(LINES))
    assert (notice.year, notice.source, len(notice.days)) == (2027, SOURCE, len(LINES))
    assert [day.day for day in notice.days if not day.off] == [
        date(2027, 1, 31), date(2027, 2, 14), date(2027, 4, 25), date(2027, 10, 9),
    ]  # fmt: skip
    assert notice.days[0].name == "元旦"


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_header_a_byte_order_mark_and_blank_lines_are_no_mistake(ending: str) -> None:
    text = ending.join(["date,off|work,name,source", "", *LINES, "", ""])
    assert read(("\ufeff" + text).encode()) == read(ending.join(["日期,off或work,名称,文号", "", *LINES]).encode())


@pytest.mark.parametrize("year", [2022, 2023, 2024, 2025, 2026])
def test_the_notices_of_the_last_years_are_complete(year: int) -> None:
    published = built_in()[year]
    lines = [f"{day},off,{name},{SOURCE}" for day, name in published.off.items()]
    lines += [f"{day},work,,{SOURCE}" for day in published.working]
    assert len(read(file_of(lines)).days) == len(published.off) + len(published.working)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "文件里没有一天，应每行写 日期,off 或 work,名称,文号。"),
        (changed(2, "2027-01-02,off,元旦"), "第 2 行：应有 4 列（日期,off 或 work,名称,文号），实有 3 列。"),
        (changed(2, "2027-02-30,off,元旦,x"), "第 2 行：“2027-02-30”不是日期，应写成 2027-01-01 这样。"),
        (changed(2, "2027/1/2,off,元旦,x"), "第 2 行：“2027/1/2”不是日期，应写成 2027-01-01 这样。"),
        (changed(2, f"２027-01-02,off,元旦,{SOURCE}"), "第 2 行：“２027-01-02”不是日期，应写成 2027-01-01 这样。"),
        (changed(2, f"1999-01-02,off,元旦,{SOURCE}"), "第 2 行：1999 年不在日历的范围内。"),
        (changed(2, f"2027-01-02,rest,元旦,{SOURCE}"), "第 2 行：第二列应为 off 或 work，不能写“rest”。"),
        (changed(2, f"2027-01-05,work,,{SOURCE}"), "第 2 行：2027-01-05 是星期二，本来就上班，不必登记。"),
        (changed(2, f"2027-01-02,off,,{SOURCE}"), "第 2 行：放假的日子要写节日名称。"),
        (changed(2, "2027-01-02,off,元旦,"), "第 2 行：缺放假通知的文号。"),
        (changed(2, f"2027-01-02,off,{'元' * 41},{SOURCE}"), "第 2 行：名称不超过 40 字，文号不超过 80 字。"),
        (changed(2, LINES[0]), "第 2 行：2027-01-01 已在第 1 行登记过。"),
        (changed(2, f"2028-01-02,off,元旦,{SOURCE}"), "第 2 行：2028-01-02 与第 1 行不在同一年；一个文件只写一年。"),
        (
            changed(2, "2027-01-02,off,元旦,二号"),
            f"第 2 行：文号“二号”与前面的“{SOURCE}”不同；一年只有一份放假通知。",
        ),
        ([line for line in LINES if "端午" not in line], "2027 年缺“端午”的放假安排，全年齐全才能公布。"),
        ([line for line in LINES if "2027-05-02" not in line], "2027-05-02 是法定节日，文件里没有登记放假。"),
        (
            [line for line in LINES if "2027-02-09" not in line],
            "第 7 行：春节在 2027-02-08 之后缺 2027-02-09，假期中间不能断开。",
        ),
        (
            [line for line in LINES if "2027-10-09" not in line],
            "工作日放假 17 天，周末上班 3 天，相差 14 天；按放假办法应相差 13 天，请核对有没有漏登。",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_rule(lines: list[str], sentence: str) -> None:
    assert said(lines) == sentence


def test_another_encoding_is_named_with_its_line() -> None:
    content = file_of(LINES[:1]) + "2027-01-02,off,元旦,文号\n".encode("gb18030")
    assert said(content) == "第 2 行：不是 UTF-8 编码，请另存为“CSV UTF-8”后再试。"


def test_a_file_that_is_no_csv_or_far_too_large_is_refused() -> None:
    assert said(b'2027-01-01,off,"yuan') == "第 1 行：引号没有成对，不是 CSV。"
    assert said(b"x" * 65537) == "文件超过 64 KB，不像一年的放假安排。"
    assert said(b"\x00\x01,\x02").startswith("第 1 行：")
