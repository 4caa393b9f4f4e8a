"""Workbooks handed in: a plan becomes F-02s, existing systems F-22s; all rows or none; no file does harm."""

from __future__ import annotations

import html
import io
import json
import re
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.states import State
from app.models.accounts import Organisation
from app.models.business import PlanItem, Project, ScopeVersion, SystemEntry
from app.models.documents import AuditEvent, Draft, Submission
from app.models.process import ProcessInstance, UserTask
from app.models.registers import WorkbookCheck
from app.services import accounts
from tests.integration.web_clients import NOW, PASSWORD, Browser, County

ITEM: dict[str, Any] = {
    "项目名称": "智慧校园安防提升",
    "计划年度": 2027,
    "资金形式": "政府投资",
    "项目性质": "新建",
    "系统类别": "业务信息系统",
    "建设依据": "县政府工作报告重点任务",
    "主要内容": "依托政务云建设校园安防业务系统，统一身份和数据标准，接入大数据平台，供全县中小学使用，" * 2,
    "估算总投资（万元）": 120.5,
    "本年度需求（万元）": 60,
    "资金来源：县级（万元）": 100.5,
    "资金来源：上级（万元）": 20,
    "部署在政务云": "是",
    "使用电子政务网": "是",
    "新建业务机房": "否",
    "新建业务专网": "否",
    "联系人": "王芳",
    "联系电话": 13803910000,
}
SYSTEM: dict[str, Any] = {
    "单位": "县教育局",
    "系统名称": "学籍管理系统",
    "承建单位": "云台软件",
    "上线日期": date(2018, 9, 1),
    "部署方式": "机房",
    "运行网络": "电子政务外网",
    "等级保护级别": "二级",
    "使用范围": "全县中小学",
}
SHARE = "dsj.hou"


def blank(browser: Browser, kind: str) -> Workbook:
    answer = browser.get(f"/imports/{kind}/template")
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(answer.data))


def filled(browser: Browser, kind: str, *rows: Mapping[str, Any]) -> bytes:
    book = blank(browser, kind)
    sheet = book.worksheets[0]
    places = {str(cell.value): cell.column for cell in sheet[1]}
    for number, row in enumerate(rows, start=2):
        for label, value in row.items():
            sheet.cell(number, places[label], value)
    return saved(book)


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def hand_in(browser: Browser, kind: str, content: bytes, name: str = "表.xlsx", **form: str) -> TestResponse:
    edge = "----edge"
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in ({"not_secret": "1"} | form).items()
    ]
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    body = b"".join((*parts, head, content, f"\r\n--{edge}--\r\n".encode()))  # the test client leaves large files open
    return browser.post(f"/imports/{kind}", data=body, content_type=f"multipart/form-data; boundary={edge}")


def report(browser: Browser, answer: TestResponse) -> str:
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return re.sub(r"\s+", " ", browser.get(answer.location).get_data(as_text=True))


def confirm(browser: Browser, address: str) -> TestResponse:
    digest = re.search(r'name="sha256" value="([0-9a-f]{64})"', browser.get(address).get_data(as_text=True))
    assert digest, "there is nothing to confirm"
    return browser.post(f"{address}/take", {"sha256": digest[1]})


def counts(county: County) -> dict[str, int]:
    with county.look() as session:
        return {
            table.__tablename__: _count(session, table)
            for table in (Project, PlanItem, ScopeVersion, ProcessInstance, UserTask, Submission, SystemEntry)
        }


def _count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def share_section(county: County) -> Browser:
    with county.change() as session:
        accounts.create_person(
            session, SHARE, "侯佳宁", organisation_id=county.bodies["dsj"], roles=("bur_share",), password=PASSWORD,
            must_change=False, by=None, now=NOW,
        )  # fmt: skip
    return county.as_(SHARE)


# -- a plan ------------------------------------------------------------------------------------------------------------


def test_a_plan_is_checked_without_a_trace_and_becomes_what_f02_makes_when_confirmed(county: County) -> None:
    clerk, before = county.as_("jyj.wang"), counts(county)
    second = ITEM | {"项目名称": "教师研修云服务", "项目性质": "购买服务", "资金形式": "购买服务"}
    answer = hand_in(clerk, "plan", filled(clerk, "plan", ITEM, second))
    assert "全部通过。确认后 2 行一次导入" in report(clerk, answer)
    assert counts(county) == before
    assert confirm(clerk, answer.location).status_code == 302
    after = counts(county)
    assert {key: after[key] - before[key] for key in after} == {
        "project": 2, "plan_item": 2, "scope_version": 2, "process_instance": 2, "user_task": 6, "submission": 4,
        "system_entry": 0,
    }  # fmt: skip
    with county.look() as session:
        rows = session.scalars(select(Project).where(Project.name.in_((ITEM["项目名称"], second["项目名称"])))).all()
        assert [(row.state, row.path, row.total_fen, row.fy) for row in rows] == [
            (State.DRAFT.value, "T", 120_500_000, 2027), (State.DRAFT.value, "G", 120_500_000, 2027),
        ]  # fmt: skip
        item = session.scalars(select(PlanItem).where(PlanItem.project_id == rows[0].id)).one()
        assert item.fy_amount_fen == 60_000_000
        assert item.content["source"] == [
            {"kind": "县级", "amount": 100_500_000}, {"kind": "上级", "amount": 20_000_000},
        ]  # fmt: skip
        assert (item.content["phone"], item.content["uses_cloud"]) == ("13803910000", True)
        waiting = session.scalars(
            select(UserTask).where(UserTask.project_id == rows[0].id, UserTask.status == "open")
        ).one()
        assert (waiting.element_id, waiting.roles) == ("sign_item", "unit_head")
        assert session.scalar(select(func.count()).where(AuditEvent.act == "take_workbook")) == 1
        assert session.scalars(select(WorkbookCheck)).one().rows == []
    text = clerk.get(answer.location).get_data(as_text=True)
    assert rows[0].no in text
    assert "确认导入" not in text


def test_the_same_rows_twice_and_the_same_file_twice_are_refused(county: County) -> None:
    clerk = county.as_("jyj.wang")
    content = filled(clerk, "plan", ITEM)
    answer = hand_in(clerk, "plan", content)
    confirm(clerk, answer.location)
    once = counts(county)
    digest = county_digest(county)
    assert clerk.post(f"{answer.location}/take", {"sha256": digest}).status_code == 409
    again = hand_in(clerk, "plan", content)
    text = report(clerk, again)
    assert "本单位 2027 年度已有同名的计划项 XWXX-2027-T-003，不重复导入。" in text
    assert "计划项!A2 项目名称" in text
    assert clerk.post(f"{again.location}/take", {"sha256": digest}).status_code == 409
    doubled = report(clerk, hand_in(clerk, "plan", filled(clerk, "plan", *[ITEM | {"项目名称": "同一个平台项目"}] * 2)))
    assert "与第 2 行重复，同一项只填一行。" in doubled
    assert counts(county) == once


def county_digest(county: County) -> str:
    with county.look() as session:
        return str(session.scalars(select(WorkbookCheck.sha256).order_by(WorkbookCheck.id)).first())


def test_one_refused_row_keeps_all_rows_out_and_each_says_why(county: County) -> None:
    clerk, before = county.as_("jyj.wang"), counts(county)
    rows = (
        ITEM,
        ITEM | {"项目名称": "合计不对的平台", "资金来源：县级（万元）": 1},
        ITEM | {"项目名称": "要建机房的平台", "新建业务机房": "是"},
        ITEM | {"项目名称": "短", "联系电话": "12345"},
        ITEM | {"项目名称": "改建的平台项目", "项目性质": "改建", "原系统": "XWXT-9999"},
        ITEM | {"项目名称": "多填一格的平台", "归入其他类的理由": "没有理由也填了"},
        {"项目名称": "什么都没填的平台"},
    )
    text = report(clerk, hand_in(clerk, "plan", filled(clerk, "plan", *rows)))
    assert "有 6 行没有通过，一行也没有导入。" in text
    assert "（第四条" in text
    for sentence in (
        "计划项!A5 项目名称", "至少 4 个字", "请填写 11 位手机号，或带区号的座机号。",
        "“归入其他类的理由”在这种情况下不填，请清空这一格。", "计划项!B8 计划年度",
    ):  # fmt: skip
        assert sentence in text, sentence
    assert counts(county) == before
    assert "确认导入" not in text


def test_an_extension_becomes_a_draft_that_says_what_lacks(county: County) -> None:
    with county.database.unit_of_work() as session:
        unit = session.scalars(select(Organisation.id).where(Organisation.code == "jyj")).one()
        session.add(SystemEntry(code="XWXT-0007", name="校园安防系统", unit_id=unit, status="active", content={}))
    clerk, before = county.as_("jyj.wang"), counts(county)
    row = ITEM | {"项目名称": "校园安防扩建", "项目性质": "扩建", "原系统": "XWXT-0007", "建设周期": 9}
    answer = hand_in(clerk, "plan", filled(clerk, "plan", row))
    text = report(clerk, answer)
    assert "存为草稿：还缺测评机构、测评日期和系统测评报告，请在收件箱里补上后报送（第九条）。" in text
    assert counts(county) == before
    assert confirm(clerk, answer.location).status_code == 302
    after = counts(county)
    assert {key: after[key] - before[key] for key in after if after[key] != before[key]} == {
        "process_instance": 1, "user_task": 2, "submission": 1,
    }  # fmt: skip
    with county.look() as session:
        task, kept = session.execute(
            select(UserTask, Draft.values).join(Draft, Draft.task_id == UserTask.id).where(UserTask.form_id == "f02")
        ).one()
        assert (task.status, task.project_id) == ("open", None)
        assert {key: kept[key] for key in ("name", "nature", "parent_system", "period_months", "total")} == {
            "name": "校园安防扩建", "nature": "扩建", "parent_system": "XWXT-0007", "period_months": 9, "total": 120.5,
        }  # fmt: skip
    shown = clerk.get(f"/tasks/{task.id}").get_data(as_text=True)
    assert "校园安防扩建" in html.unescape(shown) or json.dumps("校园安防扩建") in html.unescape(shown)
    again = report(clerk, hand_in(clerk, "plan", filled(clerk, "plan", row)))
    assert "你已有同名的计划项草稿，请在收件箱里继续填写，不重复导入。" in again


def test_what_changed_between_check_and_confirmation_leaves_nothing_behind(county: County) -> None:
    clerk = county.as_("jyj.wang")
    answer = hand_in(clerk, "plan", filled(clerk, "plan", ITEM | {"项目名称": "先来的平台"}, ITEM))
    with county.change() as session:
        session.add(
            Project(
                no="XWXX-2027-T-500", name=ITEM["项目名称"], unit_id=county.bodies["jyj"], path="T", state="DRAFT",
                state_since=NOW, fy=2027, fy_entered=2027, created_at=NOW,
            )
        )  # fmt: skip
    before = counts(county)
    assert confirm(clerk, answer.location).location == answer.location
    assert counts(county) == before
    text = clerk.get(answer.location).get_data(as_text=True)
    assert "检查之后情况有变" in text
    assert "XWXX-2027-T-500" in text


def test_only_the_file_that_was_checked_and_only_by_whom_it_was_checked(county: County) -> None:
    clerk, colleague = county.as_("jyj.wang"), county.as_("jyj.zhao")
    answer = hand_in(clerk, "plan", filled(clerk, "plan", ITEM))
    before = counts(county)
    assert colleague.get(answer.location).status_code == 404
    assert colleague.post(f"{answer.location}/take", {"sha256": county_digest(county)}).status_code == 404
    assert clerk.post(f"{answer.location}/take", {"sha256": "0" * 64}).status_code == 409
    assert counts(county) == before


def test_a_plan_is_the_units_and_systems_are_the_sharing_sections(county: County) -> None:
    share = share_section(county)
    found = {
        (who, kind): county.as_(who).get(f"/imports/{kind}").status_code
        for who in ("jyj.wang", "jyj.li", "dsj.chen", "dsj.zhen", SHARE)
        for kind in ("plan", "systems", "nothing")
    }
    assert {key for key, status in found.items() if status == 200} == {("jyj.wang", "plan"), (SHARE, "systems")}
    assert set(found.values()) == {200, 404}
    content = filled(county.as_("jyj.wang"), "plan", ITEM)
    assert hand_in(share, "plan", content).status_code == 404
    assert hand_in(county.as_("dsj.chen"), "systems", content).status_code == 404
    assert county.count(WorkbookCheck) == 0


def test_without_the_word_that_nothing_is_secret_the_file_is_not_even_read(county: County) -> None:
    clerk = county.as_("jyj.wang")
    answer = hand_in(clerk, "plan", filled(clerk, "plan", ITEM), not_secret="")
    assert answer.status_code == 400
    assert "不涉及国家秘密" in answer.get_data(as_text=True)
    assert county.count(WorkbookCheck) == 0


def test_the_items_of_a_workbook_answer_the_yearly_call_first(county: County) -> None:
    with county.look() as session:
        mine = session.get_one(ProcessInstance, county["own.begun"])
        assert mine.parent_id is None  # begun by the clerk herself: it is not taken
    clerk = county.as_("jyj.wang")
    answer = hand_in(clerk, "plan", filled(clerk, "plan", ITEM))
    confirm(clerk, answer.location)
    with county.look() as session:
        assert session.get_one(ProcessInstance, county["own.begun"]).project_id is None


# -- existing systems --------------------------------------------------------------------------------------------------


def test_existing_systems_enter_the_catalogue_at_once_and_never_twice(county: County) -> None:
    share = share_section(county)
    rows = (SYSTEM, SYSTEM | {"单位": "wjw", "系统名称": "妇幼健康系统", "等级保护级别": None})
    content = filled(share, "systems", *rows)
    answer = hand_in(share, "systems", content)
    before = counts(county)
    assert "全部通过" in report(share, answer)
    confirm(share, answer.location)
    assert counts(county)["system_entry"] == before["system_entry"] + 2
    with county.look() as session:
        entry = session.scalars(select(SystemEntry).where(SystemEntry.name == "学籍管理系统")).one()
        assert (entry.status, entry.legacy, entry.deploy, entry.mlps_level) == ("active", True, "机房", 2)
        assert (entry.online_on, entry.unit_id) == (date(2018, 9, 1), county.bodies["jyj"])
        assert entry.content == {
            "network": "电子政务外网", "users": "全县中小学", "note": "", "by": SHARE, "checked_by": SHARE,
        }  # fmt: skip
    text = report(share, hand_in(share, "systems", content))
    assert f"目录里县教育局已有同名的系统 {entry.code}，不重复导入。" in text
    assert counts(county)["system_entry"] == before["system_entry"] + 2
    wrong = (
        SYSTEM | {"单位": "没有这个单位", "系统名称": "甲系统"},
        SYSTEM | {"系统名称": "乙系统", "上线日期": date(2030, 1, 1)},
        SYSTEM | {"系统名称": "丙系统", "运行网络": "局域网"},
    )
    text = report(share, hand_in(share, "systems", filled(share, "systems", *wrong)))
    assert "没有名为“没有这个单位”的项目单位，请填单位的简称、全称或者代码。" in text
    assert "系统!D3 上线日期" in text
    assert "F4“运行网络”只能填电子政务外网、电子政务内网、互联网、业务专网，现在是“局域网”。" in text


# -- hostile files -----------------------------------------------------------------------------------------------------


def changed(content: bytes, change: Callable[[str, bytes], bytes | None], **extra: bytes) -> bytes:
    """Return a workbook with its parts changed, left out or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as result:
        for name in source.namelist():
            part = change(name, source.read(name))
            if part is not None:
                result.writestr(name, part)
        for name, part in extra.items():
            result.writestr(name.replace("__", "/").replace("_DOT_", "."), part)
    return target.getvalue()


def same(_name: str, part: bytes) -> bytes:
    return part


def bomb(content: bytes) -> bytes:
    return changed(content, same, xl__media__a_DOT_bin=b"\0" * (200 * 1024 * 1024))


def million_rows(content: bytes) -> bytes:
    rows = b"".join(b'<row r="%d"/>' % number for number in range(10, 1_000_000))
    return changed(
        content, lambda name, part: part.replace(b"</sheetData>", rows + b"</sheetData>") if "sheet1" in name else part
    )


def many_cells(content: bytes) -> bytes:
    cells = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (at, at) for at in range(200, 200_200))
    return changed(
        content, lambda name, part: part.replace(b"</sheetData>", cells + b"</sheetData>") if "sheet1" in name else part
    )


def declared(content: bytes) -> bytes:
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
    return changed(content, lambda name, part: entity + part[part.find(b"?>") + 2 :] if "sheet1" in name else part)


def broken(content: bytes) -> bytes:
    return changed(content, lambda name, part: part[: len(part) // 2] if "sheet1" in name else part)


HOSTILE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "nothing": (lambda _: b"", "请先选择填好的表格文件。"),
    "text": (lambda _: b"name,total\n1,2\n", "这个文件不是 .xlsx 表格，请用下载的模板填写。"),
    "old": (
        lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "这是旧格式（.xls）的表格，请另存为 .xlsx 再上传。",
    ),
    "password": (
        lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "这个表格设了打开密码，请取消密码后另存再上传。",
    ),
    "torn": (lambda content: content[: len(content) // 2], "这个表格文件已损坏，打不开，请重新另存后再上传。"),
    "no workbook": (
        lambda content: changed(content, lambda name, part: None if name == "xl/workbook.xml" else part),
        "这个文件不是 .xlsx 表格，请用下载的模板填写。",
    ),
    "bomb": (bomb, "这个表格解开后太大（超过 24 MB），请只保留模板里的工作表和填写的行。"),
    "macros": (
        lambda content: changed(content, same, xl__vbaProject_DOT_bin=b"x"),
        "这个表格带有宏，请另存为不带宏的 .xlsx 再上传。",
    ),
    "links": (
        lambda content: changed(content, same, xl__externalLinks__externalLink1_DOT_xml=b"<x/>"),
        "这个表格引用了别的文件，请断开外部链接（数据，编辑链接）后再上传。",
    ),
    "entities": (declared, "这个表格文件里有不该有的声明，不能读取，请用下载的模板重新填写。"),
    "broken": (broken, "这个表格文件已损坏，打不开，请重新另存后再上传。"),
    "cells": (many_cells, "工作表的单元格太多（超过 150000 个），请删除模板以外的行和列。"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_a_sentence_and_costs_little(site: County, name: str) -> None:
    clerk = site.as_("jyj.wang")
    spoil, sentence = HOSTILE[name]
    content = spoil(filled(clerk, "plan", ITEM))
    tracemalloc.start()
    began = time.perf_counter()
    answer = hand_in(clerk, "plan", content)
    taken, (_now, peak) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (answer.status_code, sentence in answer.get_data(as_text=True)) == (422, True), answer.get_data(as_text=True)
    assert taken < 10
    assert peak < 80 * 1024 * 1024
    assert site.count(WorkbookCheck) == 0


def test_a_million_empty_rows_are_only_read_past(site: County) -> None:
    clerk = site.as_("jyj.wang")
    content = million_rows(filled(clerk, "plan", ITEM))
    began = time.perf_counter()
    answer = hand_in(clerk, "plan", content)
    assert time.perf_counter() - began < 30
    assert "全部通过。确认后 1 行一次导入" in report(clerk, answer)


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(site: County) -> None:
    answer = hand_in(site.as_("jyj.wang"), "plan", b"PK\x03\x04" + b"\0" * (5 * 1024 * 1024))
    assert answer.status_code == 413
    assert "单个文件不超过 4 MB" in answer.get_data(as_text=True)


def cells(row: Mapping[str, Any]) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        for place, value in row.items():
            book.worksheets[0][place] = value

    return change


def rename(book: Workbook) -> None:
    book.worksheets[0].title = "Sheet1"


def drop_heading(book: Workbook) -> None:
    book.worksheets[0]["C1"] = None


def too_many(book: Workbook) -> None:
    for number in range(2, 104):
        book.worksheets[0].cell(number, 1, f"项目{number}")


def merge(book: Workbook) -> None:
    book.worksheets[0].merge_cells("A4:B5")


REFUSED_WHOLE: dict[str, tuple[Callable[[Workbook], None], str]] = {
    "merged": (merge, "A4 起有合并的单元格，请取消合并，一格填一项。"),
    "sheet": (rename, "没有找到工作表“计划项”，请用下载的模板填写，不要改工作表的名字。"),
    "heading": (drop_heading, "表头缺少“资金形式”，请用最新的模板填写，不要删改表头。"),
    "rows": (too_many, "一个文件最多 100 行，第 102 行起还有内容，请分成几个文件。"),
    "empty": (lambda book: book.worksheets[0].delete_rows(2), "工作表“计划项”里一行也没有填。"),
}


@pytest.mark.parametrize("name", REFUSED_WHOLE)
def test_a_workbook_that_is_not_the_template_says_what_is_missing(site: County, name: str) -> None:
    clerk = site.as_("jyj.wang")
    book = load_workbook(io.BytesIO(filled(clerk, "plan", ITEM)))
    change, sentence = REFUSED_WHOLE[name]
    change(book)
    answer = hand_in(clerk, "plan", saved(book))
    assert (answer.status_code, sentence in answer.get_data(as_text=True)) == (422, True), answer.get_data(as_text=True)


def letters(browser: Browser) -> dict[str, str]:
    return {str(cell.value): cell.column_letter for cell in blank(browser, "plan").worksheets[0][1]}


REFUSED_CELLS: dict[str, tuple[str, Any, str]] = {
    "formula": ("估算总投资（万元）", "=60*2+0.5", "“估算总投资”是公式，请改成数值或文字（选择性粘贴，数值）。"),
    "separators": ("估算总投资（万元）", "1,234.50",
                   "“估算总投资”应当是数字，现在是文字“1,234.50”，请去掉逗号和单位，设成数值格式。"),
    "unit": ("本年度需求（万元）", "60万元",
             "“本年度需求”应当是数字，现在是文字“60万元”，请去掉逗号和单位，设成数值格式。"),
    "day": ("本年度需求（万元）", date(2026, 1, 2), "“本年度需求”应当是数字，现在是“2026-01-02 00:00:00”"),
    "choice": ("部署在政务云", "大概是", "“部署在政务云”只能填是、否，现在是“大概是”。"),
    "huge": ("主要内容", "长" * 5000, "“主要内容”有 5000 个字，最多 4000 个字。"),
    "error": ("建设依据", "#REF!", "“建设依据”是出错的值 #REF!，请改正。"),
    "negative": ("本年度需求（万元）", -1, "本年度需求"),
    "giant": ("估算总投资（万元）", 1e15, "估算总投资"),
    "fractions": ("估算总投资（万元）", 0.12345678, "估算总投资"),
    "year": ("计划年度", 1999, "计划年度"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED_CELLS)
def test_a_wrong_cell_is_named_with_its_sheet_and_field(site: County, name: str) -> None:
    clerk, before = site.as_("jyj.wang"), counts(site)
    label, value, sentence = REFUSED_CELLS[name]
    text = report(clerk, hand_in(clerk, "plan", filled(clerk, "plan", ITEM | {label: value})))
    cell = f"{letters(clerk)[label]}2"
    assert f"计划项!{cell} {label.removesuffix('（万元）')}" in text
    assert sentence in text, text
    assert "1 行未通过" in text
    assert counts(site) == before


def test_what_stands_beside_the_columns_is_named_and_never_dropped(site: County) -> None:
    clerk = site.as_("jyj.wang")
    book = load_workbook(io.BytesIO(filled(clerk, "plan", ITEM)))
    book.worksheets[0]["AZ2"] = "旁注"
    assert "AZ2 不在模板的列里，请清空。" in report(clerk, hand_in(clerk, "plan", saved(book)))


def test_dates_as_text_are_refused(site: County) -> None:
    share = share_section(site)
    text = report(share, hand_in(share, "systems", filled(share, "systems", SYSTEM | {"上线日期": "2018年9月"})))
    assert "系统!D2 上线日期" in text
    assert "应当是日期，现在是“2018年9月”，请设成日期格式，例如 2026-10-09。" in text


def test_the_template_explains_itself_and_offers_its_choices(site: County) -> None:
    book = blank(site.as_("jyj.wang"), "plan")
    assert book.sheetnames == ["计划项", "填写说明"]
    rules = {str(rule.sqref): rule.formula1 for rule in book.worksheets[0].data_validations.dataValidation}
    found = letters(site.as_("jyj.wang"))
    nature = found["项目性质"]
    assert rules[f"{nature}2:{nature}101"] == '"新建,改建,扩建,运维,购买服务,报废"'
    explained = {row[0].value: row[1].value for row in book.worksheets[1].iter_rows(max_col=2)}
    assert explained["主要内容"].startswith("必填。")
    assert "涉及国家秘密或者另有规定的项目不得填入本表（第三十四条）。" in {
        row[1].value for row in book.worksheets[1].iter_rows(max_col=2)
    }
