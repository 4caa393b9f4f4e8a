"""Forms and decision tables in the browser: needed fields stay, changes save and compare, values are tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.test_pages import AXE, violations
from tests.browser.windows import opened
from tests.browser.workshop import OWNER, Editor

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_a_field_that_the_record_needs_cannot_go(browser: Browser, office: str) -> None:
    with opened(browser, office) as window:
        editor = Editor(window.enter(OWNER), "form", "f16a").open()
        page = window.page
        needed = editor.page.locator(".fjs-element[data-needed]")
        needed.first.wait_for()
        recorder = next(one for one in editor.config["choices"]["forms"] if one["id"] == "f16a")["recorder"]
        assert "supervision_summary" in recorder["fields"]
        assert "supervision_summary" in window.text(".ws-about")
        assert "项目验收" in window.text(".ws-about")  # the process whose task fills it in
        before = page.locator(".fjs-element[data-id]").count()
        needed.first.click(position={"x": 6, "y": 6})
        page.locator(".fjs-context-pad-item").first.click()
        assert "不能删去" in window.text("[data-said-place]")
        assert page.locator(".fjs-element[data-id]").count() == before

        free = page.locator(
            '.fjs-element[data-id]:not([data-needed]):not(:has([data-needed])) input[type="text"]'
        ).first
        free.locator("xpath=ancestor::*[@data-id][1]").click(position={"x": 6, "y": 6})
        page.locator(".fjs-context-pad-item").first.click()
        page.wait_for_timeout(300)
        assert page.locator(".fjs-element[data-id]").count() == before - 1
        page.locator('[data-act="undo"]').click()
        page.wait_for_timeout(300)
        assert page.locator(".fjs-element[data-id]").count() == before
        editor.saved()


def test_a_form_is_changed_saved_previewed_and_compared(browser: Browser, office: str) -> None:
    with opened(browser, office) as window:
        editor = Editor(window.enter(OWNER), "form", "f17").open()
        page = window.page
        page.locator(".fjs-element[data-id] input, .fjs-element[data-id] textarea").first.locator(
            "xpath=ancestor::*[@data-id][1]"
        ).click(position={"x": 6, "y": 6})
        editor.unfold()
        label = page.locator(
            '[data-entry-id$="label"] .bio-properties-panel-input, [data-entry-id$="label"] .cm-content'
        )
        label.first.click()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("改过的标签")
        page.locator(".fjs-form", has_text="改过的标签").wait_for()
        page.locator('[data-save-state][data-state="changed"]').wait_for()
        editor.saved()
        page.locator('[data-act="preview"]').click()
        page.locator("[data-preview] .fjs-form", has_text="改过的标签").wait_for()
        page.locator('[data-act="preview"]').click()
        page.locator('[data-act="difference"]').click()
        page.locator("dialog [data-compared]").wait_for()
        assert "改过的标签" in window.text("dialog .ws-changes")
        assert page.locator('dialog tr[data-kind="changed"]').count() == 2
        page.evaluate(AXE)
        assert violations(window) == []


def test_a_table_is_tried_before_it_is_released(browser: Browser, office: str) -> None:
    with opened(browser, office) as window:
        Editor(window.enter(OWNER), "decision", "review_route").open()
        page = window.page
        page.locator('[data-act="try"]').click()
        page.get_by_label("共享审查结论").select_option("符合")
        page.get_by_label("小额购买服务").select_option("true")
        page.get_by_role("button", name="试算", exact=True).click()
        page.locator("[data-answer] dd").wait_for()
        assert window.text("[data-answer] dd") == "直接审核"
        page.get_by_label("小额购买服务").select_option("false")
        page.get_by_role("button", name="试算", exact=True).click()
        page.locator("[data-answer] dd", has_text="专家评审").wait_for()
        page.evaluate(AXE)
        assert violations(window) == []


def test_a_changed_cell_is_judged_saved_and_compared(browser: Browser, office: str) -> None:
    with opened(browser, office) as window:
        editor = Editor(window.enter(OWNER), "decision", "change_class").open()
        page = window.page
        cell = page.locator("tbody tr").nth(1).locator("td.output-cell").first
        cell.click()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("1 +")
        page.locator(".tjs-container .decision-table-name, .decision-table-header-separator").first.click()
        page.locator('[data-list] [data-severity="error"]').first.wait_for()
        page.locator('tr[data-finding="error"]').wait_for()
        page.locator('[data-act="undo"]').click()
        page.locator('[data-list] [data-severity="error"]').first.wait_for(state="detached")
        page.locator('tr[data-finding="error"]').wait_for(state="detached")
        editor.saved()
        page.locator(".add-rule-add, .add-rule").first.click()
        page.wait_for_timeout(1500)
        editor.saved()
        page.locator('[data-act="difference"]').click()
        page.locator("dialog [data-compared]").wait_for()
        assert page.locator('dialog tr[data-kind="added"]').count() == 1
