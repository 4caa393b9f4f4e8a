"""The year's plan as D-01 reports it: order, subtotals, hints, scope, the workbook, few statements."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook

from app import unit_of_work
from app.models.business import PlanItem, Project, SystemEntry
from app.queries.plan_summary import COLUMNS
from tests.integration.test_statement_counts import traffic
from tests.integration.web_clients import FOREIGN, FOREIGN_AMOUNTS, NOW, TODAY, Browser, County

WAN = 1_000_000
CONTENT = {"content": "依托政务云建设业务系统，统一身份和数据标准。" * 3, "uses_cloud": True, "period_months": 9}


def file_items(county: County, *items: tuple[str, str, str, int, int]) -> list[int]:
    """File items of 2027: unit, name, path, total and need in 万元."""
    keys = []
    with county.change() as session:
        for number, (unit, name, path, total, need) in enumerate(items, start=1):
            project = Project(
                no=f"XWXX-2027-{path}-{700 + number}", name=name, unit_id=county.bodies[unit], path=path, nature="新建",
                funding_form="购买服务" if path == "G" else "政府投资", state="PLAN_SUBMITTED", state_since=NOW,
                fy=2027, fy_entered=2027, total_fen=total * WAN, created_at=NOW,
            )  # fmt: skip
            session.add(project)
            session.flush()
            sources = [{"kind": "县级", "amount": total * WAN}]
            session.add(
                PlanItem(
                    project_id=project.id, fy=2027, content=CONTENT | {"source": sources}, total_fen=total * WAN,
                    fy_amount_fen=need * WAN, submitted_on=TODAY, plan_due=TODAY, suggestion="纳入",
                )
            )  # fmt: skip
            keys.append(project.id)
    return keys


ITEMS = (
    ("wjw", "区域影像云服务", "G", 40, 40),
    ("jyj", "智慧作业管理平台", "T", 100, 60),
    ("wjw", "智慧作业管理平台二期", "T", 50, 50),
    ("jyj", "教师培训系统", "T", 30, 30),
)


def rows(browser: Browser, year: int = 2027) -> list[list[Any]]:
    answer = browser.get(f"/plans/workbook?year={year}")
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    assert tuple(cell.value for cell in sheet[3]) == COLUMNS
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]


def test_items_stand_by_path_and_unit_with_exact_subtotals(county: County) -> None:
    file_items(county, *ITEMS)
    found = [(row[0], row[1], row[6], row[7]) for row in rows(county.as_("dsj.chen"))]
    assert found == [
        (1, "智慧作业管理平台", 100, 60),
        (2, "教师培训系统", 30, 30),
        ("县教育局小计", None, 130, 90),
        (3, "智慧作业管理平台二期", 50, 50),
        ("县卫健委小计", None, 50, 50),
        ("政府投资合计", None, 180, 140),
        (4, "区域影像云服务", 40, 40),
        ("县卫健委小计", None, 40, 40),
        ("购买服务合计", None, 40, 40),
        ("合计", None, 220, 180),
    ]
    line = rows(county.as_("dsj.chen"))[0]
    assert line[2:5] == ["县教育局", "新建", "政府投资"]
    assert line[8:12] == ["县级 100.00", "9 个月", "是", "纳入"]


def test_the_table_of_d_01_has_thirteen_columns_in_the_official_order() -> None:
    assert COLUMNS == (
        "序号", "项目名称", "项目单位", "性质", "资金形式", "主要内容", "估算总投资", "本年需求", "资金来源",
        "建设周期", "是否上云", "初审建议", "备注",
    )  # fmt: skip


def test_possible_duplicates_and_overlaps_are_named_and_stay_out_of_the_paper(county: County) -> None:
    keys = file_items(county, *ITEMS)
    with county.change() as session:
        system = session.query(SystemEntry).filter_by(code="XX-JYJ-001").one()
        for key in (keys[1], keys[3]):
            session.get_one(Project, key).parent_system_id = system.id
    text = county.as_("dsj.chen").get("/plans?year=2027").get_data(as_text=True)
    assert "可能重复或者重叠：3 项" in text
    assert "与“智慧作业管理平台二期”（县卫健委）名称相近，请核对是否重复建设。" in text
    assert "与XWXX-2027-T-704改造同一个系统，请核对内容是否重叠。" in text
    assert "重复建设" not in str(rows(county.as_("dsj.chen")))


def test_each_sees_the_plan_within_her_scope(county: County) -> None:
    file_items(county, *ITEMS)
    clerk = county.as_("jyj.wang")
    assert [row[1] for row in rows(clerk) if row[1]] == ["智慧作业管理平台", "教师培训系统"]
    assert rows(clerk)[-1][6] == 130
    text = clerk.get("/plans?year=2027").get_data(as_text=True)
    assert [word for word in ("县卫健委", "二期", "220.00", FOREIGN, *FOREIGN_AMOUNTS) if word in text] == []
    poor = rows(county.as_("gaj.wei"))
    assert len(poor) == 10
    assert {row[6] for row in poor} | {row[7] for row in poor} == {None}
    assert [row[8] for row in poor if row[1]] == ["县级"] * 4
    for who in ("dsj.tu", "dsj.zhen"):
        assert county.as_(who).get("/plans").status_code == 404
        assert county.as_(who).get("/plans/workbook").status_code == 404
    assert county.as_("dsj.chen").get("/plans?year=1900").status_code == 404


def test_a_large_plan_takes_no_more_statements(county: County) -> None:
    file_items(county, *ITEMS)
    few = _statements(county)
    with county.change() as session:
        for number in range(100):
            session.add(
                Project(
                    no=f"XWXX-2027-T-{800 + number}", name=f"项目{number}", unit_id=county.bodies["jyj"], path="T",
                    state="PLAN_SUBMITTED", state_since=NOW, fy=2027, fy_entered=2027, total_fen=1, created_at=NOW,
                )
            )  # fmt: skip
        session.flush()
        for project in session.query(Project).filter(Project.name.like("项目%")):
            session.add(
                PlanItem(project_id=project.id, fy=2027, content={}, total_fen=1, fy_amount_fen=1, submitted_on=TODAY)
            )
    assert _statements(county) == few
    last = rows(county.as_("dsj.chen"))[-1]
    assert Decimal(str(last[6])) == Decimal("220.0001")


def _statements(county: County) -> int:
    counts = []
    for _time in range(2):
        with traffic(unit_of_work.engine()) as seen:
            assert county.as_("dsj.chen").get("/plans?year=2027").status_code == 200
        counts.append(len(seen.statements))
    return min(counts)
