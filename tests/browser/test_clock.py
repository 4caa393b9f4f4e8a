"""Around the county by keyboard and diagram, and past a deadline by its clock: 应急指挥平台 is due on 2026-11-23."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.visits import NUMBER
from tests.browser.windows import opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.server import Running
    from tests.browser.windows import Window


def press(window: Window, button: str, until: str) -> None:
    """Press a button of the clock and wait until the banner shows the day."""
    window.page.locator("[data-demo]").get_by_role("button", name=button).click()
    window.page.locator("[data-demo]", has_text=f"演示时钟 {until}").wait_for(timeout=60_000)


def notices(window: Window) -> str:
    """Return what somebody's notices say."""
    return window.go("/notices").text()


def test_by_keyboard_through_the_inbox(browser: Browser, county: Running) -> None:
    with opened(browser, county.address) as window:
        window.enter("dsj.qi")
        rows = window.page.locator("tr[data-task]")
        names = [row.get_attribute("data-task") for row in rows.all()]
        assert len(names) > 2
        for key, expected in (("j", 1), ("j", 2), ("k", 1)):
            window.page.keyboard.press(key)
            window.page.locator(f'tr.cur[data-task="{names[expected]}"][aria-current="true"] a:focus').wait_for()
        window.page.locator(f'[data-pane] a[href*="/tasks/{names[1]}"]').first.wait_for()
        window.page.keyboard.press("?")
        assert "办理所选" in window.text("dialog[open]")
        window.page.keyboard.press("Escape")
        window.page.keyboard.press("/")
        assert window.page.locator("[data-find]:focus").count() == 1
        window.page.keyboard.press("Escape")
        window.page.keyboard.press("j")
        window.page.keyboard.press("Enter")
        window.page.wait_for_url(f"**/tasks/{names[2]}*")


def test_the_diagram_shows_where_it_stands(browser: Browser, county: Running) -> None:
    with opened(browser, county.address) as window:
        window.enter("dsj.qi").go("/instances/{instance}".format(**county.places))
        window.page.locator("[data-diagram][data-ready]").wait_for()
        standing = window.page.locator("[data-diagram] g.djs-element.now")
        assert [one.get_attribute("data-element-id") for one in standing.all()] == ["apply"]
        assert window.page.locator("[data-diagram] g.djs-element.done").count() > 0
        row = window.page.locator("#step-apply")
        assert "正在办" in row.inner_text()
        window.page.locator('[data-element-id="apply"] .djs-hit').first.click()
        assert row.is_visible()
        size = window.page.locator("[data-diagram] svg .viewport").first.get_attribute("transform")
        window.page.get_by_role("button", name="放大").click()
        assert window.page.locator("[data-diagram] svg .viewport").first.get_attribute("transform") != size


def test_past_the_last_day(browser: Browser, county: Running) -> None:
    with opened(browser, county.address) as head, opened(browser, county.address) as inspector:
        head.enter("yjj.sang")
        assert "应急指挥综合平台”应于 2026-11-23 前组织验收（第二十条）" in notices(
            head
        )  # the reminders of the days before
        assert "资金自即日起冻结" not in notices(head)
        head.go(f"/projects/{NUMBER}?tab=holds")
        assert head.page.locator("main tbody tr").count() == 0
        press(head, "到下一时限", "2026-11-24 08:30")
        assert "逾期未验收" in head.page.locator("main tbody tr").inner_text()
        told = notices(head)
        assert "应急指挥综合平台”的竣工验收期限已于 2026-11-23 届满，资金自即日起冻结。" in told
        assert told.count("应急指挥综合平台”的竣工验收期限已于") == 1
        inspector.enter("dsj.miao")
        row = inspector.page.locator("tr[data-task]", has_text="应急指挥综合平台")
        assert "督办" in row.inner_text()
        inspector.go("/holds")
        assert "第二十一条" in inspector.page.locator("main tr", has_text="应急指挥综合平台").inner_text()
        press(inspector, "次日", "2026-11-25 08:30")
        assert inspector.go("/holds").page.locator("main tr", has_text="应急指挥综合平台").count() == 1
