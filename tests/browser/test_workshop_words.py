"""The editors speak their reader's language: every panel, menu, popup and palette is opened, in Chinese and English."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.browser import every_element
from tests.browser.every_form import every_form
from tests.browser.windows import Window, opened
from tests.browser.workshop import OWNER, Editor
from tests.unit.engine.what_a_diagram_may_say import panels

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = {
    "definitions_review_route",
    "each",
    "sub",
    "no2",
    "no",
    "zuo",
    "signs",
    "sub (id=sub)",
    "(id=callActivity)",
    "UTC",
    "HTML",
    "true",
    "false",
}
"""What the file itself says, and abbreviations that Chinese writes as they are."""
TITLES = {"zh-CN": ("用户任务", "定时边界事件"), "en": ("User task", "Timer boundary event")}
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
LANGUAGES = pytest.mark.parametrize("language", ["zh-CN", "en"])
MENUS = ("replace", "append", "set-color")


def said(editor: Editor, found: dict[str, str], where: str) -> None:
    """Note every text in another language with the place where it was first seen; not what the file itself says."""
    written = json.dumps(editor.config["content"], ensure_ascii=False)
    for text in editor.foreign(editor.language):
        chinese = CHINESE.findall(text)
        if text not in NAMES and not (chinese and all(part in written for part in chinese)):
            found.setdefault(text, where)


def enters(window: Window, language: str) -> Window:
    """Log in as the process owner, who reads this language."""
    window.enter(OWNER)
    if window.page.locator("html").get_attribute("lang") != language:
        window.page.locator("header details summary").click()
        window.page.get_by_role("button", name={"en": "English", "zh-CN": "中文"}[language]).click()
        window.page.locator(f"html[lang={language}]").wait_for()
    return window


def closes(window: Window) -> None:
    """Close the popup; a key that comes while its list is still being drawn is lost, so it is pressed again."""
    popup = window.page.locator(".djs-popup")
    for _ in range(20):
        if not popup.count():
            return
        popup.press("Escape")
        window.page.wait_for_timeout(100)
    popup.wait_for(state="detached")


def lines(found: dict[str, str]) -> str:
    """Return what was found as one text, which a failure shows whole."""
    return "\n".join(f"{where}: {text}" for text, where in found.items())


@LANGUAGES
def test_the_diagram_editor_speaks_the_readers_language(browser: Browser, office: str, language: str) -> None:
    found: dict[str, str] = {}
    with opened(browser, office, size=(1900, 1200)) as window:
        editor = Editor(enters(window, language), "process", "p10_extension").open()
        editor.puts(every_element.diagram("p10_extension"))
        window.page.locator('[data-act="fit"]').click()
        said(editor, found, "at the beginning")
        titles, entries = {}, {}
        for name in every_element.ids():
            editor.select(name)
            editor.unfold()
            said(editor, found, name)
            entries[name] = editor.entries()
            titles[name] = window.text(".bio-properties-panel-header-type").capitalize()
            for menu in MENUS:
                button = window.page.locator(f'.djs-context-pad [data-action="{menu}"]')
                if button.count():
                    button.first.click()
                    window.page.locator(".djs-popup").wait_for()
                    said(editor, found, f"{name}: {menu}")
                    closes(window)
        assert not found, lines(found)
        assert {where: wanted - entries[where] for where, wanted in panels().items() if wanted - entries[where]} == {}
        assert (titles["userTask"], titles["boundaryEvent_timer"]) == TITLES[language]
        assert len(set(titles.values())) > 35, titles


@LANGUAGES
def test_menus_tools_and_the_simulation_speak_the_readers_language(
    browser: Browser, office: str, language: str
) -> None:
    found: dict[str, str] = {}
    with opened(browser, office) as window:
        page = enters(window, language).page
        editor = Editor(window, "process", "p08_change").open()
        for act in ("align", "color"):
            page.locator(".djs-container").click(position={"x": 400, "y": 20})
            page.keyboard.press("ControlOrMeta+a")
            page.locator(f'[data-act="{act}"]').click()
            page.locator(".djs-popup").wait_for()
            said(editor, found, act)
            closes(window)
        page.locator('[data-act="find"]').click()
        said(editor, found, "find")
        page.keyboard.press("Escape")
        page.locator('.djs-palette [data-action="create"]').click()
        page.locator(".djs-popup").wait_for()
        said(editor, found, "create")
        closes(window)
        page.locator('[data-act="keys"]').click()
        said(editor, found, "keys")
        page.keyboard.press("Escape")
        page.locator('[data-act="simulate"]').click()
        page.locator("[data-simulation] .bts-context-pad:visible").first.click()
        page.locator("[data-simulation] .bts-log .bts-entry").first.wait_for(state="attached")
        page.wait_for_timeout(1200)
        said(editor, found, "simulation")
    assert not found, lines(found)


@LANGUAGES
def test_the_form_editor_speaks_the_readers_language(browser: Browser, office: str, language: str) -> None:
    found: dict[str, str] = {}
    with opened(browser, office, size=(1440, 1400)) as window:
        editor = Editor(enters(window, language), "form", "f33").open()
        said(editor, found, "palette")
        editor.puts(every_form("f33"))
        fields = window.page.locator(".fjs-children > .fjs-layout-row .fjs-element[data-id], .fjs-element[data-id]")
        for name in [one.get_attribute("data-id") for one in fields.all()]:
            window.page.locator(f'.fjs-element[data-id="{name}"]').first.click(position={"x": 6, "y": 6})
            editor.unfold()
            said(editor, found, str(name))
    assert not found, lines(found)


@LANGUAGES
def test_the_table_editor_speaks_the_readers_language(browser: Browser, office: str, language: str) -> None:
    found: dict[str, str] = {}
    with opened(browser, office) as window:
        page = enters(window, language).page
        editor = Editor(window, "decision", "review_route").open()
        said(editor, found, "at the beginning")
        for head in ("input-cell", "output-cell"):
            page.locator(f"th.{head}").first.dblclick()
            page.locator(".dms-container, .context-menu").first.wait_for()
            said(editor, found, head)
            page.keyboard.press("Escape")
        for cell in page.locator("tbody tr").first.locator("td").all():
            cell.click()
            said(editor, found, "cell")
            cell.click(button="right")
            said(editor, found, "menu of a cell")
            page.keyboard.press("Escape")
        page.locator('[data-act="try"]').click()
        said(editor, found, "try")
        page.locator(".view-drd-button, .view-drd button").first.click()
        page.wait_for_timeout(300)
        said(editor, found, "drd")
    assert not found, lines(found)
