"""Every page in a real window: readable for all, as wide as its window, quiet on the console; and pictures of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.settings import ROOT
from tests.browser import visits
from tests.browser.pictures import pictured
from tests.browser.windows import PHONE, Window, opened

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser.server import Running

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
WIDTHS = (390, 576, 768, 991, 992, 1200, 1440, 1680, 1920)
ANSWERS = {"/nope": 404, "/projects/NO": 404}


def settle(window: Window) -> None:
    """Wait until forms and diagrams are drawn."""
    for drawn in (
        "[data-form][aria-busy]",
        "[data-diagram]:not([data-ready])",
        "details[data-findings]:not([data-looked])",
    ):
        for place in window.page.locator(drawn).all():
            place.wait_for(state="detached")


def violations(window: Window, *rules: str) -> list[str]:
    """Return what axe finds on the page, for everybody's standards or for these rules alone."""
    only: dict[str, Any] = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": STANDARDS}
    found = window.page.evaluate("only => axe.run(document, {runOnly: only}).then(result => result.violations)", only)
    return [
        f"{one['id']}: {node['target']} {(node['any'] or node['all'] or node['none'])[0]['message']}"
        for one in found
        for node in one["nodes"]
    ]


COVERED = """
() => [...document.querySelectorAll('.canvas .count')].filter((one) => {
  const canvas = one.closest('.canvas');
  canvas.scrollIntoView({block: 'center', behavior: 'instant'});
  const [box, frame] = [one.getBoundingClientRect(), canvas.getBoundingClientRect()];
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  if (x < frame.left || x > frame.right || y < frame.top || y > frame.bottom) return false;
  return Boolean(document.elementFromPoint(x, y)?.closest('svg[data-element-id]'));
}).map((one) => one.innerText)
"""
"""The numbers on a diagram that its drawing lies upon."""


def covered(window: Window) -> list[str]:
    """Return what stands on a diagram and cannot be seen."""
    return [f"behind the drawing: {one}" for one in window.page.evaluate(COVERED)]


def look_at(window: Window, path: str) -> list[str]:
    """Open a page, light and dark, on the desktop and on the phone; return everything that is wrong with it."""
    wrong: list[str] = []
    answer = window.page.goto(window.address + path)
    assert answer is not None
    if answer.status != ANSWERS.get(path, 200):
        wrong.append(f"answers {answer.status}")
    settle(window)
    window.page.evaluate(AXE)
    wrong += [f"1440 {one}" for one in violations(window)]
    window.page.emulate_media(color_scheme="dark")
    wrong += [f"1440 dark {one}" for one in [*violations(window, "color-contrast"), *covered(window)]]
    for width in WIDTHS:
        window.page.set_viewport_size({"width": width, "height": 900})
        if window.width() > width:
            wrong.append(f"{width} wants {window.width()}")
    window.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    wrong += [f"390 dark {one}" for one in violations(window, "color-contrast")]
    window.page.emulate_media(color_scheme="light")
    wrong += [f"390 {one}" for one in violations(window)]
    window.page.set_viewport_size({"width": 1440, "height": 900})
    if path in ANSWERS:
        window.complaints[:] = [one for one in window.complaints if "404" not in one]
    wrong += window.complaints
    window.complaints.clear()
    return [f"{path}: {one}" for one in wrong]


@pytest.mark.parametrize("username", visits.PAGES)
def test_pages_are_readable(browser: Browser, county: Running, username: str) -> None:
    with opened(browser, county.address) as window:
        if username:
            window.enter(username)
        paths = [path.format(**county.places) for path in visits.PAGES[username]]
        wrong = [one for path in paths for one in look_at(window, path)]
    assert not wrong, "\n".join(wrong)


def test_english_pages_are_readable(browser: Browser, county: Running) -> None:
    with opened(browser, county.address) as window:
        window.enter("yjj.he")
        window.page.locator("header details summary").click()
        window.page.get_by_role("button", name="English").click()
        window.page.locator("html[lang=en]").wait_for()
        paths = ("/inbox", f"/projects/{visits.NUMBER}", "/tasks/{task}".format(**county.places))
        wrong = [one for path in paths for one in look_at(window, path)]
        window.go("/inbox")
        window.page.locator("header details summary").click()
        window.page.get_by_role("button", name="中文").click()  # she keeps her language, and others look at her pages
        window.page.locator("html[lang=zh-CN]").wait_for()
    assert not wrong, "\n".join(wrong)


PICTURES = {
    "inbox": ("dsj.qi", "/inbox"),
    "task": ("yjj.he", "/tasks/{task}"),
    "project": ("yjj.he", f"/projects/{visits.NUMBER}"),
    "process": ("dsj.qi", "/instances/{instance}"),
    "holds": ("dsj.qi", "/holds"),
    "board": ("dsj.yue", "/board"),
    "deadlines": ("dsj.qi", "/deadlines"),
    "funds": ("czj.shen", "/funds"),
    "clerk-inbox": ("yjj.he", "/inbox"),
    "start": ("yjj.he", "/start"),
    "withdraw": ("jyj.duan", "/projects/XWXX-2027-T-001/withdraw"),
    "urging": ("dsj.qi", "/urging"),
    "week": ("dsj.yue", "/week"),
    "handover": ("yjj.sang", "/handovers"),
    "operations": ("dsj.zhen", "/operations"),
    "people": ("dsj.zhen", "/people"),
    "workshop": ("dsj.tao", "/workshop"),
    "editor": ("dsj.tao", "/workshop/process/p09_acceptance"),
    "form-editor": ("dsj.tao", "/workshop/form/f16a"),
    "table-editor": ("dsj.tao", "/workshop/decision/review_route"),
    "rehearsal": ("dsj.tao", "/workshop/process/p02_review/rehearsal?year=2025&now=1"),
    "following": ("dsj.tao", "/processes/p09_acceptance/following"),
    "versions": ("dsj.tao", "/workshop/process/p09_acceptance/versions"),
    "guide": ("dsj.tao", "/workshop/guide"),
    "parameters": ("dsj.tao", "/parameters"),
    "registers": ("dsj.qi", "/registers"),
}
"""Picture → whose page it shows, in the order of the handbook."""


@pytest.mark.parametrize("name", PICTURES)
def test_pictures(browser: Browser, county: Running, tmp_path: Path, name: str) -> None:
    username, path = PICTURES[name]
    with opened(browser, county.address) as window:
        window.enter(username).go(path.format(**county.places))
        pictured(window, name, folder=tmp_path, settle=lambda: settle(window))
