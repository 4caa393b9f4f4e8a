"""Servers in processes of their own over the database of a test, and people who use them through HTTP."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app import clock
from app.models.accounts import Person
from app.services import passwords
from benchmarks.browser import Browser
from tests.integration.office import Office

ROOT = Path(__file__).parents[2]
PASSWORD = "Zhu-lin 7 feng qing"
PATIENCE = 60.0


@dataclass
class Server:
    """A server that answers."""

    process: subprocess.Popen[bytes]
    port: int
    browsers: list[Browser] = field(default_factory=list)

    def browser(self) -> Browser:
        """Return a browser that nobody has logged in with."""
        self.browsers.append(Browser(self.port))
        return self.browsers[-1]

    def clerk(self) -> Browser:
        """Return a browser in which the clerk has logged in."""
        browser = self.browser()
        browser.get("/login")
        assert browser.post("/login", {"username": "clerk", "password": PASSWORD}) == 302
        browser.get("/inbox")
        return browser


def give_password(office: Office) -> None:
    """Let the clerk log in."""
    with office.database.unit_of_work() as session:
        clerk = session.get_one(Person, office.people["clerk"].id)
        clerk.password_hash, clerk.password_set_at = passwords.hashed(PASSWORD), clock.wall_now()


@contextmanager
def serving(office: Office, folder: Path, *options: str) -> Iterator[Server]:
    """Serve the office's database; whatever happens, the process has ended afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    url = office.database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.faults.serving", str(folder), url, str(port), *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:  # noqa: S603 -- our own module
        try:
            until(lambda: _listens(port) or process.poll() is not None)
            assert process.poll() is None
            server = Server(process, port)
            yield server
            for browser in server.browsers:
                browser.close()
        finally:
            process.kill()


def until(come: Callable[[], bool], *, seconds: float = PATIENCE) -> None:
    """Wait until something has come true, looking twenty times a second; fail when it does not."""

    deadline = time.monotonic() + seconds
    while not come():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.05)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
