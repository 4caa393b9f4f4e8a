"""(drawing) The editors of the workshop, from the click in the list until they are drawn, with an empty cache."""

from __future__ import annotations

import statistics
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from app import clock, migrations, unit_of_work
from app.demo.county import PASSWORD
from benchmarks.figures import Figure
from tests.browser import chromium
from tests.browser.server import install, serving
from tests.scenarios.site import settle

EDITORS = {
    "process": ("p09_acceptance", "diagram of 60 elements"),
    "form": ("f16a", "form"),
    "decision": ("change_class", "table"),
}
ROUNDS = 5
MOST = 1500.0
"""Milliseconds: the editor is drawn within 1.5 s of the click."""
OWNER = "dsj.tao"
MONDAY = datetime(2026, 11, 23, 10, tzinfo=clock.SHANGHAI)


def figures(folder: Path) -> list[Figure]:
    """Return the median of five cold openings of each editor, on the loopback."""
    place = folder / "drawing"
    place.mkdir()
    database = place / "people.sqlite3"
    with ThreadPoolExecutor(1) as beside:  # FEEL is not evaluated in the thread of Playwright's event loop
        beside.submit(_settled, database, place).result()
    found = chromium.find()
    with serving(install(place / "served", database, MONDAY)) as address, sync_playwright() as running:
        browser = running.chromium.launch(
            executable_path=found.path, args=found.arguments, env=dict(found.environment) or None
        )
        drawn = {
            kind: [_opened(browser, address, kind, key) for _ in range(ROUNDS)] for kind, (key, _) in EDITORS.items()
        }
        browser.close()
    return [
        Figure(f"drawing  {title} drawn after the click, cold cache", statistics.median(drawn[kind]), "ms", MOST)
        for kind, (_, title) in EDITORS.items()
    ]


def _settled(database: Path, folder: Path) -> None:
    unit_of_work.configure(f"sqlite:///{database}")
    migrations.upgrade()
    unit_of_work.database().dispose()
    settle(f"sqlite:///{database}", folder, MONDAY)


def _opened(browser: Browser, address: str, kind: str, key: str) -> float:
    """Log in with an empty profile, click the file in the list; return the milliseconds until the editor was drawn."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{address}/login")
    page.fill("#username", OWNER)
    page.fill("#password", PASSWORD)
    page.click("main button.btn-primary")
    page.wait_for_url("**/inbox")
    page.goto(f"{address}/workshop")
    page.locator(f'a[href="/workshop/{kind}/{key}"]').first.click()
    page.locator('[data-workshop][data-ready="1"]').wait_for()
    taken = float(page.evaluate("performance.getEntriesByName('workshop-ready')[0].startTime"))
    context.close()
    return taken
