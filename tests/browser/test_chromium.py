"""The browser of the tests on a bare machine: the packaged Chromium starts, and draws Chinese with the page's font."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import chromium
from tests.browser.windows import opened

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Playwright

LOADED = """document.fonts.load('30px "Noto Sans SC"', '修武验').then(all => all.length)"""
INKS = """
family => new Set(['修', '武', '验'].map((sign) => {
  const named = getComputedStyle(document.documentElement).getPropertyValue(family);
  const pen = new OffscreenCanvas(40, 40).getContext('2d');
  pen.font = `30px ${named || family}`;
  pen.fillText(sign, 4, 32);
  return pen.getImageData(0, 0, 40, 40).data.join();
})).size
"""
"""How many different pictures three characters give in a family of the page: 3, or 1 where all are boxes."""
FAMILIES = ("--font-sans", "--font-num", "--font-mono", "--font-doc", "--font-doc-title", "--font-doc-head")


def test_the_packaged_browser_draws_chinese_without_a_font_of_the_machine(
    chromium_driver: Playwright, office: str
) -> None:
    found = chromium.packaged()
    assert "FONTCONFIG_FILE" in found.environment  # the machine's own fonts are out of its sight
    browser = chromium_driver.chromium.launch(
        executable_path=found.path, args=found.arguments, env=dict(found.environment)
    )
    try:
        with opened(browser, office) as window:
            window.go("/login")
            assert window.page.evaluate(LOADED)
            assert [window.page.evaluate(INKS, family) for family in FAMILIES] == [3] * len(FAMILIES)
            assert window.page.evaluate(INKS, "sans-serif") == 1  # a font of the page is what tells them apart
        with opened(browser, office) as window:  # the end of one window is not the end of the browser
            window.enter("nyj.he")
    finally:
        browser.close()


def test_a_missing_browser_fails_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="set CHROMIUM to the path of one, or run `make test`"):
        chromium.packaged(tmp_path)
