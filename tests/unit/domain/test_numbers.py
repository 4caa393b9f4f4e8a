"""Numbers of projects, documents, systems and problems."""

from __future__ import annotations

import pytest

from app.domain.invalid_value import InvalidValue
from app.domain.numbers import (
    DOCUMENT_CODES,
    PATHS,
    DocumentNumber,
    Path,
    ProjectNumber,
    document_number,
    parse_document_number,
    parse_problem_number,
    parse_project_number,
    parse_system_number,
    path_of,
    problem_number,
    system_number,
)


def test_project_numbers_are_written_and_read() -> None:
    number = ProjectNumber(2026, 1, Path.INVESTMENT)
    assert str(number) == "XWXX-2026-T-001"
    assert parse_project_number(" XWXX-2026-T-001 ") == number
    assert str(ProjectNumber(2023, 999, Path.SECRET)) == "XWXX-2023-X-999"
    assert set(PATHS) == set(Path)


@pytest.mark.parametrize(
    "text", ["", "XWXX-2026-T-000", "XWXX-2026-Q-001", "XWXX-26-T-1", "xwxx-2026-T-001", "XWXX-２０２６-T-001"]
)
def test_other_texts_are_no_project_numbers(text: str) -> None:
    with pytest.raises(InvalidValue, match="不是项目编号"):
        parse_project_number(text)


@pytest.mark.parametrize(("year", "serial"), [(1999, 1), (2100, 1), (2026, 0), (2026, 1000)])
def test_project_numbers_out_of_range(year: int, serial: int) -> None:
    with pytest.raises(InvalidValue):
        ProjectNumber(year, serial, Path.INVESTMENT)


@pytest.mark.parametrize(
    ("nature", "form", "secret", "letter"),
    [
        ("新建", "政府投资", True, "X"),
        ("报废", "政府投资", False, "B"),
        ("运维", "政府投资", False, "Y"),
        ("新建", "需政府资金运维", False, "Y"),
        ("购买服务", "政府投资", False, "G"),
        ("新建", "购买服务", False, "G"),
        ("新建", "政企联合建设", False, "L"),
        ("扩建", "政府投资", False, "T"),
    ],
)
def test_the_answers_decide_the_path(nature: str, form: str, secret: bool, letter: str) -> None:
    assert path_of(nature=nature, funding_form=form, secret=secret).value == letter


def test_document_numbers_are_written_and_read() -> None:
    assert str(document_number("review", 2026, 12)) == "修数审〔2026〕12号"
    assert parse_document_number("修数审〔2026〕12号") == DocumentNumber("修数审", 2026, 12)
    assert str(document_number("review", 2026, 3, codes={"review": "修政审"})) == "修政审〔2026〕3号"
    assert len(set(DOCUMENT_CODES.values())) == len(DOCUMENT_CODES) == 13


@pytest.mark.parametrize(
    "text", ["修数审[2026]12号", "修数审〔2026〕012号", "〔2026〕12号", "修数审〔26〕12号", "修数审〔2026〕12"]
)
def test_other_texts_are_no_document_numbers(text: str) -> None:
    with pytest.raises(InvalidValue, match="不是公文文号"):
        parse_document_number(text)


def test_documents_of_unknown_kind_or_without_code() -> None:
    with pytest.raises(InvalidValue, match="没有名为 poem 的公文种类"):
        document_number("poem", 2026, 1)
    with pytest.raises(InvalidValue, match="机关代字"):
        DocumentNumber("", 2026, 1)
    with pytest.raises(InvalidValue, match="序号 0"):
        DocumentNumber("修数审", 2026, 0)


def test_systems_and_problems() -> None:
    assert system_number(12) == "XWXT-0012"
    assert parse_system_number("XWXT-0012") == 12
    assert problem_number(2026, 7) == "WT-2026-0007"
    assert parse_problem_number("WT-2026-0007") == (2026, 7)
    with pytest.raises(InvalidValue, match="序号 10000"):
        system_number(10_000)
    for text in ("XWXT-0000", "XWXT-12"):
        with pytest.raises(InvalidValue, match="不是系统编号"):
            parse_system_number(text)
    for text in ("WT-2026-0000", "WT-26-0001"):
        with pytest.raises(InvalidValue, match="不是问题编号"):
            parse_problem_number(text)
