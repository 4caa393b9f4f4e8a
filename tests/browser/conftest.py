"""Fixtures of the browser tests: one Chromium a run, one server a module."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser import chromium, visits
from tests.browser.server import Running, install, serving
from tests.county import county_blobs, county_database
from tests.scenarios.site import at, settle

NOON = at("2026-11-23", 10)


@pytest.fixture(scope="package")
def chromium_driver() -> Iterator[Playwright]:
    """Playwright keeps an event loop in this thread, so it ends with this package: others evaluate FEEL here."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def browser(chromium_driver: Playwright) -> Iterator[Browser]:
    """The Chromium of this run."""
    found = chromium.find()
    opened = chromium_driver.chromium.launch(
        executable_path=found.path, args=found.arguments, env=dict(found.environment) or None, timeout=60_000
    )
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def _people(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of a database with the demonstration's people, the shipped definitions and nothing else."""
    folder = tmp_path_factory.mktemp("people")
    path = folder / "people.sqlite3"
    shutil.copy(_sqlite_template, path)
    with ThreadPoolExecutor(1) as beside:  # FEEL is not evaluated in the thread of Playwright's event loop
        beside.submit(settle, f"sqlite:///{path}", folder, NOON).result()
    return path


@pytest.fixture(scope="module")
def office(_people: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site where nothing has happened yet, on Monday 2026-11-23."""
    folder = install(tmp_path_factory.mktemp("office"), _people, NOON)
    with serving(folder) as address:
        yield address


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The demonstration county on Monday 2026-11-23, for the tests of one module."""
    folder = tmp_path_factory.mktemp("county")
    install(folder, county_database(folder), NOON)
    shutil.copytree(county_blobs(), folder / "blobs", copy_function=os.link)
    with serving(folder) as address:
        yield Running(address, folder, visits.places(folder))
