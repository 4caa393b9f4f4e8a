"""A person at a browser window: pages, forms, and what the window has complained about."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.demo.county import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page

WATCH = """
addEventListener('securitypolicyviolation', (event) =>
  console.error('CSP', event.violatedDirective, event.blockedURI, event.sourceFile, event.lineNumber))
"""
DESKTOP, PHONE = (1440, 900), (390, 844)
STATUS = re.compile(r"the server responded with a status of (4\d\d)")


@dataclass
class Window:
    """One page of somebody's browser."""

    address: str
    page: Page
    complaints: list[str] = field(default_factory=list)
    """Errors of the console, of scripts and of the content security policy."""

    def go(self, path: str) -> Window:
        """Open a page of the site."""
        self.page.goto(self.address + path)
        return self

    def enter(self, username: str) -> Window:
        """Log in by the form."""
        self.go("/login")
        self.page.fill("#username", username)
        self.page.fill("#password", PASSWORD)
        self.page.click("main button.btn-primary")
        self.page.wait_for_url("**/inbox")
        return self

    def form(self) -> Locator:
        """Wait until the form of the task is drawn."""
        found = self.page.locator("[data-form]:not([aria-busy]) .fjs-form")
        found.wait_for()
        return found

    def field(self, label: str) -> Locator:
        """Return the whole field with this label: label, help, box and errors."""
        return self.form().locator(".fjs-form-field", has=self.page.locator("label, legend", has_text=label)).last

    def types(self, label: str, text: str) -> None:
        """Type into a field key by key, in place of what stands there."""
        box = self.field(label).locator("input, textarea").first
        box.click()
        box.press("ControlOrMeta+a")
        box.press_sequentially(text)

    def ticks(self, label: str, choice: str) -> None:
        """Choose one of a field's radio buttons."""
        self.field(label).get_by_label(choice, exact=True).check()

    def picks(self, label: str, choice: str) -> None:
        """Choose an entry of a field's list."""
        field = self.field(label)
        field.locator(".fjs-input-group").first.click()
        field.locator(".fjs-dropdownlist-item", has_text=choice).first.click()

    def submits(self) -> None:
        """Press the page's one primary button."""
        self.page.locator("[data-submit]").click()

    def text(self, selector: str = "main") -> str:
        """Return what an element says."""
        return self.page.locator(selector).first.inner_text()

    def width(self) -> int:
        """Return the width that the page wants."""
        return int(self.page.evaluate("document.documentElement.scrollWidth"))

    def focused(self) -> str:
        """Return the id of the element that has the focus, else its tag and classes."""
        return str(
            self.page.evaluate(
                "(e => e.id || `${e.tagName.toLowerCase()}.${[...e.classList].join('.')}`)(document.activeElement)"
            )
        )

    def is_quiet(self, *statuses: int) -> None:
        """Assert that the window has not complained, but for answers with these statuses, and forget the answers."""
        loud = [one for one in self.complaints if not ((found := STATUS.search(one)) and int(found[1]) in statuses)]
        assert loud == [], loud
        self.complaints.clear()


@contextlib.contextmanager
def opened(
    browser: Browser, address: str, *, size: tuple[int, int] = DESKTOP, dark: bool = False, **more: Any
) -> Iterator[Window]:
    """Yield a window in a fresh profile; it must not have complained when it is closed."""
    context = browser.new_context(
        locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light", reduced_motion="reduce", **more,
    )  # fmt: skip
    context.set_default_timeout(15_000)
    try:
        window = another(context, address)
        yield window
        window.is_quiet()
    except BaseException as error:
        error.add_note(
            f"at {window.page.url}, which says:\n{window.text('body')[:3000]}\nand complains {window.complaints}"
        )
        raise
    finally:
        context.close()


def another(context: BrowserContext, address: str) -> Window:
    """Return one more window of the same profile."""
    page = context.new_page()
    page.add_init_script(WATCH)
    window = Window(address, page)

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            window.complaints.append(f"{page.url}: {message.type}: {message.text}")

    page.on("console", heard)
    page.on("pageerror", lambda error: window.complaints.append(f"{page.url}: script: {error}"))
    return window
