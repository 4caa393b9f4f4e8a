"""The registers of §4.6 over HTTP: rows, sums, order, pages, scope, workbooks cell by cell, kept filters."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from app import unit_of_work
from app.models.business import Project
from app.models.registers import RegisterView
from app.queries import register_sheets
from app.queries.register_sheets import REGISTERS, Asked
from app.services.register_views import MOST
from tests.integration.register_rows import SLY, settle
from tests.integration.test_statement_counts import traffic
from tests.integration.web_clients import (
    FOREIGN,
    FOREIGN_AMOUNTS,
    FOREIGN_FEN,
    NOW,
    OWN,
    OWN_FEN,
    TODAY,
    Browser,
    County,
)

ROWS = {
    "projects": 2, "library": 2, "annual-plan": 2, "fund-demand": 2, "payments": 2, "assets": 2, "systems": 2,
    "resources": 2, "migration": 2, "problems": 2, "sanctions": 4, "delays": 2, "holds": 2, "experts": 2, "archive": 2,
}  # fmt: skip
"""Register → rows that the bureau sees; the ledger of deadlines has more and is counted apart."""
OFFICIAL = {
    "annual-plan": "编号 名称 单位 类别 路径 总投资 审核数 立项文号 本年投资 排序 状态",
    "fund-demand": "编号 名称 单位 建设/运维/购买服务 需求 建议 上年安排 上年评价 共享得分 安排数 备注",
    "delays": "编号 单位 竣工日 法定期限 延期次数 现期限 逾期天数 冻结日 项目名称 状态",
    "payments": "合同 节点 应付 已付 应付日 冻结 编号 项目名称 单位 承建单位 中小企业 签订日期 款项 资金类别 "
    "付款日 凭证",
    "projects": "编号 项目名称 单位 路径 资金形式 类别 性质 计划年度 总投资 县政府同意文号 审核意见文号 "
    "审核数 立项文号 "
    "批复数 入库年度 连续未安排年数 本年安排 累计安排 承建单位 监理单位 合同额 已付 开工日 竣工日 验收日 投运日 阶段 "
    "责任人 下一时限 冻结",
    "library": "编号 项目名称 单位 路径 性质 总投资 审核数 审核意见文号 入库年度 入库日期 排序 连续未安排年数 累计安排 "
    "在库状态 剔除日期 项目状态",
    "systems": "编码 系统名称 单位 承建单位 上线日期 使用范围 部署方式 运行网络 等级保护级别 运维到期日 状态 "
    "来源 项目编号",
    "resources": "分类 名称 代码 提供方 提供方代码 摘要 格式 共享类型 共享条件 不予共享的依据 共享方式 "
    "开放属性 更新周期 "
    "发布日期 关联代码 平台登记号 更新日期 下次更新 状态 编号 项目名称 单位",
    "migration": "编码 系统名称 单位 现部署位置 迁往 计划完成日期 完成日期 运行网络 迁移状态",
    "problems": "问题编号 编号 项目名称 单位 来源 问题事实 依据 整改文号 整改期限 整改措施与佐证 完成日期 "
    "状态 逾期天数 "
    "销号日期",
    "sanctions": "编号 项目名称 单位 措施 依据 日期 文号 移送机关 事实 解除日期",
    "holds": "编号 项目名称 单位 冻结 依据 冻结日 合同未付 状态 解除日期 解除依据",
    "deadlines": "时限 编号 项目名称 单位 起算 原届满 届满 暂定 状态 逾期天数 责任人 办成日期",
    "assets": "资产名称 资产编码 入账价值 保管人 入账日期 编号 项目名称 单位 状态 处置日期",
    "experts": "姓名 专业领域 工作单位 受聘次数 出席次数 回避次数 指派验收次数 在聘",
    "archive": "文件名 所属表单 归档日期 经办人 大小 编号 项目名称 单位 保管至 摘要",
}
"""Register → every column as §7, §3.3 (F-22, F-23, F-32, F-33) and §4.6 of the specification name and order them."""
FINANCE, SECURITY, EXPERT, CLERK, BUREAU = "czj.qian", "gaj.wei", "daxue.ouyang", "jyj.wang", "dsj.chen"
OWN_SUM, BOTH_SUM = Decimal(OWN_FEN) / 10**6, Decimal(OWN_FEN + FOREIGN_FEN) / 10**6


def sheet_of(browser: Browser, key: str, **query: object) -> Worksheet:
    answer = browser.get(f"/registers/{key}/workbook", query_string=query)
    assert answer.status_code == 200
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    book = load_workbook(io.BytesIO(answer.data))
    assert len(book.worksheets) == 1
    return book.worksheets[0]


def lines(sheet: Worksheet) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]


def labels(sheet: Worksheet) -> list[Any]:
    return [cell.value for cell in sheet[3]]


def column(sheet: Worksheet, label: str) -> list[Any]:
    place = labels(sheet).index(label)
    return [line[place] for line in lines(sheet)]


def exact(value: object) -> Decimal:
    return Decimal(str(value))


def test_every_register_shows_the_bureau_every_row_and_the_exact_sums(county: County) -> None:
    settle(county)
    bureau = county.as_(BUREAU)
    found = {}
    for key in ROWS:
        sheet = sheet_of(bureau, key)
        summed = sheet.cell(sheet.max_row, 1).value == "合计" or "合计" in lines(sheet)[-1]
        found[key] = sheet.max_row - 3 - (1 if summed else 0)
        assert f"共 {found[key]} 行" in sheet["A2"].value
        assert bureau.get(f"/registers/{key}").status_code == 200
    assert found == ROWS
    assert exact(column(sheet_of(bureau, "projects"), "总投资")[-1]) == BOTH_SUM
    assert exact(column(sheet_of(bureau, "assets"), "入账价值")[-1]) == BOTH_SUM
    assert exact(column(sheet_of(bureau, "library"), "审核数")[-1]) == BOTH_SUM - Decimal("0.000002")
    text = bureau.get("/registers/projects").get_data(as_text=True)
    assert "7,777.77" in text
    assert set(REGISTERS) == set(ROWS) | {"deadlines"}


def test_every_register_has_the_official_columns_in_their_order_and_the_overview_thirty(county: County) -> None:
    settle(county)
    bureau = county.as_(BUREAU)
    assert {key: " ".join(labels(sheet_of(bureau, key))) for key in REGISTERS} == OFFICIAL
    assert len(OFFICIAL["projects"].split()) == 30


def test_a_workbook_holds_amounts_as_numbers_days_as_days_and_no_formula(county: County) -> None:
    settle(county)
    bureau = county.as_(BUREAU)
    sheet = sheet_of(bureau, "problems")
    assert (sheet.freeze_panes, sheet["A1"].value) == ("A4", "问题与整改台账")
    fact = sheet.cell(4, labels(sheet).index("问题事实") + 1)
    assert (fact.value, fact.data_type, fact.quotePrefix) == (SLY, "s", True)
    due = sheet.cell(4, labels(sheet).index("整改期限") + 1)
    assert (due.value, due.number_format) == (datetime(2026, 10, 30), "yyyy-mm-dd")  # noqa: DTZ001 -- as the library reads a day
    assert column(sheet, "逾期天数") == [24, 24]
    money = sheet_of(bureau, "payments")
    assert sorted(exact(one) for one in column(money, "应付")[:-1]) == [Decimal(400), Decimal("3210.98")]
    assert exact(column(money, "应付")[-1]) == Decimal("3610.98")
    assert column(money, "合同")[-1] == "合计"
    assert all(cell.data_type != "f" for key in ROWS for row in sheet_of(bureau, key).iter_rows() for cell in row)


def test_page_paper_and_workbook_say_the_same(county: County) -> None:
    settle(county)
    bureau = county.as_(BUREAU)
    for key, register in REGISTERS.items():
        page = bureau.get(f"/registers/{key}").get_data(as_text=True)
        paper = bureau.get(f"/registers/{key}/print").get_data(as_text=True)
        sheet = sheet_of(bureau, key)
        first = next(one.label for one in register.draw(_somebody(county, BUREAU), TODAY, 2026).columns if one.paged)
        names = [str(one) for one in column(sheet, first) if one and one != "合计"]
        assert names, key
        assert [key for name in names if name not in page or name not in paper] == []
        assert register.title in page


@pytest.mark.parametrize("key", [key for key in REGISTERS if key not in {"systems", "experts"}])
def test_a_unit_sees_its_own_rows_and_nothing_of_the_others(county: County, key: str) -> None:
    settle(county)
    clerk = county.as_(CLERK)
    texts = [
        clerk.get(f"/registers/{key}").get_data(as_text=True),
        clerk.get(f"/registers/{key}?q={FOREIGN[:4]}").get_data(as_text=True).replace(f'value="{FOREIGN[:4]}"', ""),
        clerk.get(f"/registers/{key}/print").get_data(as_text=True),
        str(lines(sheet_of(clerk, key))),
    ]
    hidden = (FOREIGN, county["foreign.project"], "县卫健委", "徐静", *FOREIGN_AMOUNTS, "6543.21", "3210.98", "foreign")
    assert [word for text in texts for word in hidden if word in text] == []
    if key != "deadlines":
        assert f"共 {ROWS[key] // 2} 行" in sheet_of(clerk, key)["A2"].value


def test_of_other_units_systems_a_unit_sees_name_and_unit_only(county: County) -> None:
    settle(county)
    sheet = sheet_of(county.as_(CLERK), "systems")
    by_name = {line[1]: line for line in lines(sheet)}
    assert set(by_name) == {"校园管理系统", "卫生统计系统"}
    assert by_name["校园管理系统"][0] == "XX-JYJ-001"
    foreign = by_name["卫生统计系统"]
    assert [value for place, value in enumerate(foreign) if place not in {1, 2} and value] == []
    assert foreign[2] == "县卫健委"
    assert sheet_of(county.as_(CLERK), "systems", q="XX-WJW").max_row == 3
    assert column(sheet_of(county.as_(CLERK), "migration"), "系统名称") == ["校园管理系统"]


def test_finance_sees_the_money_and_security_sees_rows_without_prices(county: County) -> None:
    settle(county)
    finance, security = county.as_(FINANCE), county.as_(SECURITY)
    for key, register in REGISTERS.items():
        if key == "experts":
            assert security.get("/registers/experts").status_code == 404
            assert security.get("/registers/experts/workbook").status_code == 404
            continue
        rich, poor = sheet_of(finance, key), sheet_of(security, key)
        columns = register.draw(_somebody(county, SECURITY), TODAY, 2026).columns
        for place, one in enumerate(columns):
            if one.summed:
                assert any(line[place] for line in lines(rich)), (key, one.key)
                assert [line[place] for line in lines(poor) if line[place] not in {None, "合计"}] == [], (key, one.key)
        text = security.get(f"/registers/{key}?sort=total&dir=desc").get_data(as_text=True)
        assert [amount for amount in (*FOREIGN_AMOUNTS, "1,234.56") if amount in text] == []
    assert len(lines(sheet_of(security, "projects"))) == len(lines(sheet_of(finance, "projects")))


def _somebody(county: County, username: str) -> Any:
    from types import SimpleNamespace  # noqa: PLC0415

    roles = {SECURITY: "psb_officer", BUREAU: "bur_clerk"}
    return SimpleNamespace(
        id=county.people[username], organisation_id=county.bodies[username.split(".", maxsplit=1)[0]],
        roles=frozenset({roles[username]}),
    )  # fmt: skip


def test_an_expert_sees_her_project_without_amounts_and_owners_of_diagrams_see_none(county: County) -> None:
    settle(county)
    expert = county.as_(EXPERT)
    assert column(sheet_of(expert, "projects"), "项目名称")[0] == OWN
    assert column(sheet_of(expert, "projects"), "总投资") == [None, None]
    assert expert.get("/registers/experts").status_code == 404
    for who in ("dsj.tu", "dsj.zhen"):
        assert county.as_(who).get("/registers").status_code == 200
        found = {county.as_(who).get(f"/registers/{key}").status_code for key in REGISTERS}
        assert found == {404}


def test_experts_are_listed_with_attendance_and_withdrawals(county: County) -> None:
    settle(county)
    sheet = sheet_of(county.as_(BUREAU), "experts")
    assert {line[0]: tuple(line[3:6]) for line in lines(sheet)} == {"欧阳博": (1, 1, 0), "上官敏": (1, 0, 1)}


def test_any_column_sorts_both_ways_and_what_is_empty_comes_last(county: County) -> None:
    settle(county)
    with unit_of_work.read_only() as session:
        for key, register in REGISTERS.items():
            reader = _somebody(county, BUREAU)
            for one in register.draw(reader, TODAY, 2026).columns:
                up, down = (
                    [
                        register_sheets.page(
                            session, register, reader, Asked(year=2026 * register.yearly, sort=one.key, descending=way),
                            today=TODAY,
                        )
                    ][0]
                    for way in (False, True)
                )  # fmt: skip
                values = [[page.value(row, one) for row in page.rows] for page in (up, down)]
                for found in values:
                    empty = [value is None for value in found]
                    assert empty == sorted(empty), (key, one.key)
                known = [[value for value in found if value is not None] for found in values]
                assert sorted(map(str, known[0])) == sorted(map(str, known[1])), (key, one.key)
    bureau = county.as_(BUREAU)
    ascending = column(sheet_of(bureau, "projects", sort="total"), "项目名称")[:2]
    assert (ascending, column(sheet_of(bureau, "projects", sort="total", dir="desc"), "项目名称")[:2]) == (
        [OWN, FOREIGN], [FOREIGN, OWN],
    )  # fmt: skip


def test_filters_narrow_rows_and_sums_alike(county: County) -> None:
    settle(county)
    bureau = county.as_(BUREAU)
    for query in ({"unit": "jyj"}, {"q": OWN[:4]}, {"q": county["own.project"].lower()}):
        sheet = sheet_of(bureau, "projects", **query)
        assert column(sheet, "项目名称")[:-1] == [OWN], query
        assert exact(column(sheet, "总投资")[-1]) == OWN_SUM
    assert sheet_of(bureau, "projects", state="DRAFT").max_row == 4  # the line of sums only
    assert sheet_of(bureau, "problems", state="逾期未改").max_row == 5
    assert sheet_of(bureau, "library", year=2025).max_row == 4
    assert sheet_of(bureau, "library", year=2026).max_row == 6
    assert "没有符合条件的行" in bureau.get("/registers/projects?q=%25%25不存在").get_data(as_text=True)
    for odd in ("sort=nothing", "page=99999999999", "page=-1", "year=abc", "year=99999", "q=%27%22%3C", "unit=%00x"):
        assert bureau.get(f"/registers/projects?{odd}").status_code == (400 if "%00" in odd else 200), odd
    for key in ("nothing", "projects'"):
        assert bureau.get(f"/registers/{key}").status_code == 404


def test_pages_follow_one_another_without_gap_or_repetition_in_the_same_number_of_statements(county: County) -> None:
    settle(county)
    bureau = county.as_(BUREAU)
    few = {key: _statements(bureau, f"/registers/{key}") for key in REGISTERS}
    with county.change() as session:
        for number in range(118):
            session.add(
                Project(
                    no=f"XWXX-2026-T-{100 + number}", name=f"同名平台{number % 7}", unit_id=county.bodies["jyj"],
                    path="T", state="BUILDING", state_since=NOW, fy=2026, fy_entered=2026, total_fen=1_000_000,
                    created_at=NOW,
                )
            )  # fmt: skip
    many = {key: _statements(bureau, f"/registers/{key}") for key in REGISTERS}
    assert many == few
    assert max(many.values()) <= 14
    with unit_of_work.read_only() as session:
        seen = [
            row.project_no
            for number in (1, 2, 3)
            for row in register_sheets.page(
                session, REGISTERS["projects"], _somebody(county, BUREAU), Asked(sort="name", page=number), today=TODAY
            ).rows
        ]
    assert (len(seen), len(set(seen))) == (120, 120)
    text = bureau.get("/registers/projects?sort=name&page=3&q=XWXX").get_data(as_text=True)
    assert "第 3 页，共 3 页" in text
    assert "sort=name&amp;page=2" in text
    assert "q=XWXX" in text
    assert len(lines(sheet_of(bureau, "projects"))) == 121


def _statements(browser: Browser, path: str) -> int:
    counts = []
    for _time in range(2):
        with traffic(unit_of_work.engine()) as seen:
            assert browser.get(path).status_code == 200
        counts.append(len(seen.statements))
    return min(counts)


def test_a_filter_is_kept_for_oneself_or_for_ones_organisation(county: County) -> None:
    clerk, colleague, other = county.as_("jyj.wang"), county.as_("jyj.zhao"), county.as_("wjw.zhou")
    address = "/registers/projects"
    asked = {"name": "在建的", "state": "BUILDING", "sort": "total", "dir": "desc"}
    answer = clerk.post(f"{address}/views", asked)
    assert answer.location == f"{address}?state=BUILDING&sort=total&dir=desc"
    assert "在建的" in clerk.get(address).get_data(as_text=True)
    assert "在建的" not in colleague.get(address).get_data(as_text=True)
    clerk.post(f"{address}/views", {**asked, "shared": "1"})
    assert county.count(RegisterView) == 1
    assert "?state=BUILDING&amp;sort=total&amp;dir=desc" in colleague.get(address).get_data(as_text=True)
    assert "在建的" not in other.get(address).get_data(as_text=True)
    assert "在建的" not in colleague.get("/registers/holds").get_data(as_text=True)
    with county.look() as session:
        view = session.query(RegisterView).one().id
    for stranger in (colleague, other):
        assert stranger.post(f"/registers/views/{view}/discard", {}).status_code == 404
    assert county.count(RegisterView) == 1
    assert clerk.post(f"/registers/views/{view}/discard", {}).location == address
    assert county.count(RegisterView) == 0
    assert clerk.post(f"{address}/views", {"name": "  "}).status_code == 400
    for number in range(MOST + 1):
        last = clerk.post(f"{address}/views", {"name": f"第{number}个"})
    assert (last.status_code, county.count(RegisterView)) == (400, MOST)


def test_an_exempt_item_shows_to_heads_only_and_without_content(county: County) -> None:
    with county.change() as session:
        session.add(
            Project(
                no="XWXX-2027-X-900", name="", unit_id=county.bodies["jyj"], path="X", state="EXEMPT",
                state_since=NOW, fy=2027, fy_entered=2027, created_at=NOW, exempt_clause="第三十四条",
            )
        )  # fmt: skip
    seen = {
        who: "XWXX-2027-X-900" in str(lines(sheet_of(county.as_(who), "projects")))
        for who in ("jyj.wang", "jyj.li", "wjw.xu", "dsj.chen", "dsj.sun", "czj.qian")
    }
    assert seen == {
        "jyj.wang": False, "jyj.li": True, "wjw.xu": False, "dsj.chen": False, "dsj.sun": True, "czj.qian": False,
    }  # fmt: skip


def test_the_day_of_a_workbook_is_the_day_of_the_clock(county: County) -> None:
    county.clock.move_to(NOW.replace(year=2027, month=1, day=5))
    answer = county.as_(BUREAU).get("/registers/projects/workbook")
    assert "20270105.xlsx" in answer.headers["Content-Disposition"]
    assert date(2027, 1, 5).isoformat() in sheet_of(county.as_(BUREAU), "projects")["A2"].value
