"""Names that may stand for the same thing built twice."""

from __future__ import annotations

import time

from app.domain.duplicates import ALIKE, Named, alike, bare, likeness


def found(name: str, *known: str) -> list[str]:
    return [one.name for one in alike([Named("a", name)], [Named(str(at), text) for at, text in enumerate(known)])["a"]]


def test_a_name_that_differs_in_one_word_is_found_the_likest_first() -> None:
    assert found("智慧水务监测平台", "智慧水利监测平台", "智慧水务监测平台二期", "教育云平台") == [
        "智慧水务监测平台二期", "智慧水利监测平台",
    ]  # fmt: skip


def test_quotes_brackets_and_case_tell_no_two_apart() -> None:
    assert bare("“一网统管”平台（OA）") == "一网统管平台oa"
    assert found("城市运行“一网统管”平台", "城市运行一网统管平台") == ["城市运行一网统管平台"]


def test_what_only_ends_alike_is_no_duplicate() -> None:
    assert found("医保处方流转平台", "应急指挥综合平台", "养老服务信息平台") == []
    assert likeness("医保处方流转平台", "应急指挥综合平台") < ALIKE


def test_an_item_is_not_its_own_duplicate_and_equal_names_always_are() -> None:
    known = [Named(str(at), "政务信息管理平台") for at in range(200)]
    assert [one.key for one in alike([Named("7", "政务信息管理平台")], known)["7"]] == sorted(
        str(at) for at in range(200) if at != 7
    )


def test_a_thousand_names_take_less_than_two_seconds() -> None:
    signs = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
    names = [
        Named(str(at), f"{signs[at % 22]}{signs[at // 22 % 22]}县{signs[at * 7 % 22]}业务管理服务平台")
        for at in range(1000)
    ]
    began = time.perf_counter()
    assert len(alike(names, names)) == 1000
    assert time.perf_counter() - began < 2
