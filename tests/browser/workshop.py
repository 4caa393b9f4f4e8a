"""An editor of the workshop in a window: opened, drawn on, saved, and asked what it says in another language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.browser.windows import Window

OWNER, SECOND = "dsj.tao", "dsj.yue"
"""The process owner, and the head of the bureau who reads and releases."""

_WALK = """
() => {
  const foreign = %s;
  const kept = '[data-said], .cm-editor, .bjs-powered-by, .fjs-powered-by, script, style, kbd, svg, ' +
    '.djs-label, code, h1, .tag, .crumb, .bts-scope, .djs-direct-editing-parent' + %s;
  const found = new Set();
  const root = document.querySelector('[data-workshop]');
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walker.currentNode; node; node = walker.nextNode()) {
    const element = node.nodeType === 3 ? node.parentElement : node;
    if (element.closest(kept)) continue;
    const said = node.nodeType === 3 ? [node.data] :
      ['title', 'placeholder', 'aria-label', 'data-title'].map((name) => node.getAttribute(name) || '');
    for (const text of said) if (foreign(text)) found.add(text.trim().slice(0, 120));
  }
  return [...found, ...window.untranslated];
}
"""
ENGLISH = _WALK % ("(text) => /[A-Za-z]{2,}/.test(text) && !/[\\u4e00-\\u9fff]/.test(text)", "''")
"""Every text of the page without a Chinese character, and whatever an editor asked to say and nobody translated."""
CHINESE = _WALK % ("(text) => /[\\u3000-\\u9fff\\uff00-\\uffef]/.test(text)", "', .ws-form-title'")
"""Every text of the page with a Chinese character or sign in it."""


class Editor:
    """One editor in a window."""

    def __init__(self, window: Window, kind: str, key: str) -> None:
        self.window, self.kind, self.key = window, kind, key
        self.page = window.page

    def open(self) -> Editor:
        """Open the editor and wait until it is drawn and checked."""
        self.window.go(f"/workshop/{self.kind}/{self.key}")
        self.page.locator('[data-workshop][data-ready="1"]').wait_for()
        self.checked()
        return self

    @property
    def language(self) -> str:
        """The language of the page's reader."""
        return str(self.page.locator("html").get_attribute("lang"))

    @property
    def config(self) -> dict[str, Any]:
        """Return what the server handed to the editor."""
        found: dict[str, Any] = json.loads(self.page.locator("#config").text_content() or "")
        return found

    def checked(self) -> None:
        """Wait until the server has judged what is drawn now."""
        self.page.locator("[data-findings][data-looked]:not([aria-busy])").wait_for()

    def judged(self, code: str) -> Locator:
        """Return the list's rows with this finding, as soon as there is one."""
        rows = self.page.locator(f'[data-list] [data-code="{code}"]')
        rows.first.wait_for()
        return rows

    def entries(self) -> set[str]:
        """Return the ids of the groups and entries that the properties panel shows for what is selected."""
        found: list[str] = self.page.locator(".bio-properties-panel").evaluate(
            "(panel) => [...panel.querySelectorAll('[data-entry-id], [data-group-id]')]"
            ".map((one) => one.dataset.entryId || one.dataset.groupId)"
        )
        return set(found)

    def saved(self) -> None:
        """Wait until everything is saved."""
        self.page.locator('[data-save-state][data-state="saved"]').wait_for()

    def puts(self, content: object) -> Editor:
        """Put a whole file into the working copy, as an upload would, and open it."""
        config = self.config
        answer = self.post(config["urls"]["save"], {"revision": config["revision"], "content": content})
        assert answer["status"] == 200, answer
        return self.open()

    def post(self, url: str, body: Mapping[str, object]) -> dict[str, Any]:
        """Post as the page does; return the status and what was answered."""
        found: dict[str, Any] = self.page.evaluate(
            """async ([url, body, token]) => {
              const headers = {'Content-Type': 'application/json', 'X-CSRFToken': token};
              const answer = await fetch(url, {method: 'POST', body: JSON.stringify(body), headers});
              return {status: answer.status, json: await answer.json()};
            }""",
            [url, body, self.config["csrf"]],
        )
        return found

    def center(self, selector: str) -> tuple[float, float]:
        """Return the middle of an element on the screen."""
        box = self.page.locator(selector).first.bounding_box()
        assert box is not None, selector
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def element(self, element_id: str) -> str:
        """Return the selector of what of a drawn element can be pressed."""
        return f'g.djs-element[data-element-id="{element_id}"] > .djs-hit'

    def select(self, element_id: str) -> None:
        """Select an element of the drawing, whatever lies upon it."""
        self.page.locator(self.element(element_id)).first.dispatch_event("click")

    def unfold(self) -> None:
        """Open every group and every row of the properties panel."""
        for closed in ("group-header", "collapsible-entry-header"):
            self.page.evaluate(
                """(name) => document.querySelectorAll(`.bio-properties-panel-${name}`).forEach((one) => {
                  const whole = one.classList.contains('open') || one.parentElement.classList.contains('open');
                  if (!whole) one.click();
                })""",
                closed,
            )
            self.page.wait_for_timeout(60)

    def foreign(self, language: str) -> list[str]:
        """Return what the page says in another language than its reader's."""
        found: list[str] = self.page.evaluate(ENGLISH if language == "zh-CN" else CHINESE)
        return found
