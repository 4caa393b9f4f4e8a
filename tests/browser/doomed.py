"""A Chromium of its own that a test kills in the middle of the work."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

PATIENCE = 30.0


@contextlib.contextmanager
def doomed(playwright: Playwright, folder: Path) -> Iterator[tuple[Browser, Callable[[], None]]]:
    """Yield a browser and what kills it: every process of it at once, without a chance to save anything."""
    found = chromium.find()
    own = ["--remote-debugging-port=0", f"--user-data-dir={folder / 'profile'}", "about:blank"]
    process = subprocess.Popen(  # noqa: S603 -- the Chromium of the tests
        [found.path, *found.arguments, *own],
        env=dict(found.environment) or None,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )

    def kill() -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    try:
        yield playwright.chromium.connect_over_cdp(_address(folder / "profile" / "DevToolsActivePort")), kill
    finally:
        kill()


def _address(file: Path) -> str:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if file.exists() and (lines := file.read_text().splitlines()):
            return f"http://127.0.0.1:{lines[0]}"
        time.sleep(0.1)
    raise AssertionError("the browser did not open its debugging port")
