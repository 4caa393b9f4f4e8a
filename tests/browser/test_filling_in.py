"""A clerk fills in her form: errors, corrections, drafts that survive, two windows, an expired session."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.demo.county import PASSWORD
from tests.browser.doomed import doomed
from tests.browser.windows import Window, another, opened

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Playwright

CLERK, HEAD = "nyj.he", "nyj.qiu"
NAME = "智慧农业产业园数据平台"
CONTENT = (
    "依托县政务云和电子政务外网，建设产业园数据平台，汇聚种植、加工、仓储和销售数据，支撑监管和服务，"
    "并接入焦作市大数据平台。"
)
SAVED = re.compile(r"草稿已存 \d\d:\d\d")


def begin_filing(window: Window) -> str:
    """Start a plan item and answer the question about state secrets; return the address of the form that follows."""
    window.go("/start")
    window.page.locator("tr", has_text="单位计划申报").get_by_role("button", name="填表").click()
    window.page.wait_for_url("**/tasks/*")
    window.ticks("是否涉及国家秘密", "不涉密")
    window.ticks("法律法规是否另有规定", "没有")
    window.submits()
    window.page.wait_for_url("**/inbox")
    window.page.get_by_role("link", name="填报计划项").last.click()
    window.form()
    return window.page.url


def test_a_plan_item_is_filed_and_signed(browser: Browser, office: str) -> None:
    with opened(browser, office) as window:
        window.enter(CLERK)
        begin_filing(window)
        _errors_come_first(window)
        _fill_in(window)
        window.submits()
        window.page.wait_for_url("**/inbox")
        assert "已提交，任务办结。" in window.text(".msgs")
    with opened(browser, office) as window:
        window.enter(HEAD)
        window.page.get_by_role("link", name="单位负责人签报").first.click()
        assert NAME in window.text(".papers")
        assert "233.00" in window.text(".papers")
        window.ticks("签批结果", "同意")
        window.types("签批意见", "同意上报。")
        window.submits()
        window.page.wait_for_url("**/inbox")
        window.go("/projects")
        row = window.page.locator("main tr", has_text=NAME)
        assert "已报计划" in row.inner_text()


def _errors_come_first(window: Window) -> None:
    """An empty form: the summary takes the focus, and each of its links leads to the field."""
    window.submits()
    summary = window.page.locator("[data-summary]")
    summary.wait_for()
    assert window.page.locator("[data-summary]:focus").count() == 1
    assert "有 16 处需要改正" in summary.inner_text()
    summary.get_by_role("link", name="项目名称").click()
    assert window.page.locator("[data-form] input:focus").get_attribute("aria-invalid") == "true"
    assert "这一项必填" in window.field("项目名称").inner_text()


def _fill_in(window: Window) -> None:
    """All fields but one; the one that is left is asked for again."""
    window.types("项目名称", NAME)
    window.picks("资金形式", "政府投资")
    window.picks("项目性质", "新建")
    window.picks("系统类别", "数据管理平台")
    window.types("建设依据", "全县数字乡村建设规划和年度重点工作安排。")
    window.types("主要内容", CONTENT)
    window.types("估算总投资", "233")
    window.types("本年度需求", "233")
    window.picks("来源", "县级")
    window.types("金额", "233")
    for label in ("部署在政务云", "使用电子政务网"):
        window.ticks(label, "是")
    for label in ("新建业务机房", "新建业务专网"):
        window.ticks(label, "否")
    window.types("联系人", "和晓燕")
    window.types("联系电话", "1380391")
    window.submits()
    summary = window.page.locator("[data-summary]:focus")
    summary.wait_for()
    lines = summary.get_by_role("listitem").all_inner_texts()
    assert lines == ["联系电话：请填写 11 位手机号，或带区号的座机号。"]
    window.types("联系电话", "13803910000")


def test_a_draft_survives_a_killed_browser(
    chromium_driver: Playwright, browser: Browser, office: str, tmp_path: Path
) -> None:
    typed = "应急值守指挥平台，打到一半"
    with doomed(chromium_driver, tmp_path) as (other, kill):
        window = another(other.new_context(locale="zh-CN"), office)
        window.enter(CLERK)
        task = begin_filing(window)
        window.types("项目名称", typed)
        window.page.wait_for_timeout(2000)
        kill()
    with opened(browser, office) as window:
        window.enter(CLERK).go(task.removeprefix(office))
        assert window.field("项目名称").locator("input").input_value() == typed
        assert "的草稿，尚未提交。" in window.text(".msgs")
        window.page.goto(f"{office}/inbox")
        assert (
            window.page.locator("tr[data-task]", has_text="填报计划项").get_by_role("img", name="有草稿").count() == 1
        )


def test_two_windows_are_compared(browser: Browser, office: str) -> None:
    with opened(browser, office) as first:
        first.enter(CLERK)
        task = begin_filing(first)
        second = another(first.page.context, office)
        second.page.goto(task)
        second.form()
        first.types("项目名称", "第一个窗口")
        first.page.locator("[data-draft-state]", has_text=SAVED).wait_for()
        second.types("项目名称", "第二个窗口")
        second.page.get_by_role("button", name="并排看两份").click()
        second.page.wait_for_url("**/compare")
        assert "第一个窗口" in second.text()
        assert "第二个窗口" in second.text()
        second.page.get_by_role("button", name="用我刚才填的").click()
        second.page.wait_for_url(task)
        assert second.field("项目名称").locator("input").input_value() == "第二个窗口"
        first.page.reload()
        assert first.field("项目名称").locator("input").input_value() == "第二个窗口"
        second.is_quiet(409)


def test_an_expired_session_comes_back_to_the_form(browser: Browser, office: str) -> None:
    with opened(browser, office) as window:
        window.enter(CLERK)
        task = begin_filing(window)
        window.page.context.clear_cookies()
        window.types("项目名称", "登录过期以后打的字")
        window.page.locator("[data-draft-state]", has_text="登录已过期").wait_for()
        window.page.goto(task)
        window.page.wait_for_url(re.compile("/login"))
        window.page.fill("#username", CLERK)
        window.page.fill("#password", PASSWORD)
        window.page.click("main button.btn-primary")
        window.page.wait_for_url(task)
        assert window.field("项目名称").locator("input").input_value() == "登录过期以后打的字"
        window.page.locator("[data-draft-state]", has_text=SAVED).wait_for()
        window.is_quiet(400, 401)
