"""Searching over everything that one may see: numbers and names of projects, papers, contracts, systems, leads."""

from __future__ import annotations

import pytest

from app import unit_of_work
from app.models.business import SystemEntry
from tests.integration.register_rows import settle
from tests.integration.test_statement_counts import traffic
from tests.integration.web_clients import FOREIGN, OWN, County


def found(county: County, who: str, text: str) -> set[str]:
    page = county.as_(who).get("/search", query_string={"q": text}, follow_redirects=True).get_data(as_text=True)
    return {name for name in (OWN, FOREIGN, "校园管理系统", "卫生统计系统") if name in page.partition("<main")[2]}


def test_a_project_is_found_by_any_number_or_name_that_belongs_to_it(county: County) -> None:
    settle(county)
    key = county["own.project_id"]
    with county.change() as session:
        session.add(
            SystemEntry(
                code="XWXT-0077", name="校园一卡通", unit_id=county.bodies["jyj"], project_id=key, status="active"
            )
        )
    texts = (
        county["own.project"].lower(), "校园综合", "县教育局", "赵敏", f"修数审〔2026〕{key}号",
        f"修发改〔2026〕{key}号", f"修数改〔2026〕{key}号", f"WT-2026-{key:04d}", f"修数措〔2026〕{key}号",
        f"XW-{key}", "一卡通", "XWXT-0077",
    )  # fmt: skip
    assert [text for text in texts if OWN not in found(county, "dsj.chen", text)] == []
    assert found(county, "dsj.chen", "修政〔2026〕8号") == {OWN, FOREIGN}
    assert found(county, "dsj.chen", "云台软件") == {OWN, FOREIGN}
    assert found(county, "dsj.chen", "卫生统计") == {"卫生统计系统"}
    assert found(county, "dsj.chen", "%_%") == set()


@pytest.mark.parametrize("who", ["jyj.wang", "daxue.ouyang", "dsj.tu", "dsj.zhen", "ruanjian.he"])
def test_nothing_is_found_that_one_may_not_see(county: County, who: str) -> None:
    settle(county)
    key = county["foreign.project_id"]
    texts = (
        county["foreign.project"], FOREIGN[:4], "县卫健委", "徐静", f"修数审〔2026〕{key}号", f"WT-2026-{key:04d}",
        f"XW-{key}", "修政〔2026〕8号", "XX-WJW-001",
    )  # fmt: skip
    assert {FOREIGN, "卫生统计系统"} & set().union(*(found(county, who, text) for text in texts)) == set()
    expected = {"卫生统计系统"} if who == "jyj.wang" else set()  # units know the catalogue by name and unit (§2.3)
    assert found(county, who, "卫生统计") == expected


def test_a_search_takes_the_same_few_statements_whatever_it_finds(county: County) -> None:
    settle(county)
    counts = set()
    for text in ("平台", "县", "没有这样的东西", "系统"):
        county.as_("dsj.chen").get(f"/search?q={text}")
        with traffic(unit_of_work.engine()) as seen:
            county.as_("dsj.chen").get(f"/search?q={text}")
        counts.add(len(seen.statements))
    assert len(counts) == 1
    assert max(counts) <= 6
