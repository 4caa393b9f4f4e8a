"""The desk of a story in a real Chromium: everybody has her own window, time goes by with the clock's buttons."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from flask import Flask

from app import clock
from app.demo.county import county
from app.services import calendars, demo_clock
from app.unit_of_work import Database
from tests.browser.hand import Hand
from tests.browser.windows import Window, opened
from tests.scenarios.desk import HttpDesk
from tests.scenarios.site import Site, staff_of
from tests.scenarios.tale import Tale

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from app.queries.open_tasks import OpenTask
    from tests.browser.server import Running


class BrowserDesk(HttpDesk):
    """Where the people of a story do their work, by mouse and keyboard."""

    def __init__(self, site: Site, browser: Browser, address: str, windows: contextlib.ExitStack) -> None:
        super().__init__(site)
        self._browser, self._address, self._open = browser, address, windows
        self._windows: dict[str, Window] = {}

    def window(self, username: str) -> Window:
        """Return a person's window, logged in."""
        if username not in self._windows:
            window = self._open.enter_context(opened(self._browser, self._address))
            self._windows[username] = window.enter(username)
        return self._windows[username]

    def start(self, process: str, username: str, *, project_no: str = "") -> OpenTask:
        """Start a process from the page 发起事项; return its first task."""
        window = self.window(username).go(f"/start?project={project_no}")
        form = window.page.locator(f'form[action="/start/{process}"]')
        form.get_by_role("button", name="填表").click()
        window.page.wait_for_url("**/tasks/*")
        number = int(window.page.url.split("/tasks/")[1].split("?")[0])
        return next(task for task in self.open() if task.id == number)

    def page(self, task: OpenTask, username: str) -> dict[str, Any]:
        """Open the task from the person's inbox; return what its page hands to the form."""
        window = self.window(username).go("/inbox")
        window.page.locator(f'tr[data-task="{task.id}"] .what a').click()
        return Hand(window).config

    def complete(self, task: OpenTask, username: str, answers: Mapping[str, object]) -> None:  # noqa: ARG002 -- the window shows it
        """Fill the form in and hand it in."""
        window = self._windows[username]
        Hand(window).fills_in(answers)
        window.submits()
        window.page.wait_for_url("**/inbox*")
        self.completed += 1

    def is_refused(self, username: str, answers: Mapping[str, object]) -> str:
        """Fill in and hand in the form that a window shows; return what the panel says that takes the focus."""
        window = self._windows[username]
        Hand(window).fills_in(answers)
        window.submits()
        window.page.locator("#why h2:focus").wait_for()
        window.is_quiet(422)
        return window.text("#why")

    def press(self, button: str, username: str) -> str:
        """Press a button of the demonstration's clock; return what the banner says when it has come back."""
        window = self.window(username).go("/inbox")
        before = window.text("[data-demo] strong + span")
        window.page.locator("[data-demo]").get_by_role("button", name=button).click()
        window.page.locator("[data-demo] strong + span").filter(has_not_text=before).wait_for(timeout=60_000)
        return window.text("[data-demo] strong + span")


@contextlib.contextmanager
def told_in(browser: Browser, running: Running, number: str) -> Iterator[tuple[Tale, BrowserDesk]]:
    """Yield a project's story with a desk in the browser; this process reads the served database and its clock."""
    database = Database(f"sqlite:///{running.instance / 'xiuwu.sqlite3'}")
    demo_clock.configure(running.instance / "demonstration")
    try:
        with database.read_only() as session, contextlib.ExitStack() as windows:
            site = Site(
                app=Flask(__name__),  # the real one is served by another process
                database=database,
                county=county(),
                staff=staff_of(session),
                calendar=calendars.current(session),
                clock=clock.FrozenClock(clock.now()),
            )
            session.rollback()
            tale = Tale.of(site, number)
            tale.desk = desk = BrowserDesk(site, browser, running.address, windows)
            yield tale, desk
    finally:
        demo_clock.configure(None)
        database.dispose()
