"""Servers in processes of their own: the application, and Viewflow in its own virtual environment, both on waitress."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.browser import Browser
from benchmarks.installation import PASSWORD, USERNAME, Installation

ROOT = Path(__file__).resolve().parents[1]
VIEWFLOW = ROOT / "benchmarks" / "viewflow"
ENVIRONMENT = ROOT / ".venv-viewflow"
LOCK = ROOT / "requirements" / "viewflow.lock"
PATIENCE = 60.0


@contextmanager
def ours(installation: Installation, *, rows: int = 25) -> Iterator[Browser]:
    """Serve an installation and yield a browser in which the clerk has logged in."""
    port = _free_port()
    command = [sys.executable, "-m", "benchmarks.server", str(installation.folder), str(port), str(rows)]
    with _running(command, port, {}) as browser:
        browser.get("/login")
        _expect(browser.post("/login", {"username": USERNAME, "password": PASSWORD}))
        browser.get("/inbox")
        yield browser


@contextmanager
def viewflow(folder: Path, processes: int) -> Iterator[Browser]:
    """Serve Viewflow with as many processes started; yield a browser in which their owner has logged in."""
    folder.mkdir(parents=True)
    port = _free_port()
    environment = {"BENCH_FOLDER": str(folder), "BENCH_PASSWORD": PASSWORD, "PYTHONDONTWRITEBYTECODE": "1"}
    with _running([str(_viewflow_python()), str(VIEWFLOW / "serve.py"), str(port)], port, environment) as browser:
        browser.get("/accounts/login/")
        _expect(browser.post("/accounts/login/", {"username": USERNAME, "password": PASSWORD}))
        browser.get("/approval/start/")
        for _ in range(processes):
            _expect(browser.post("/approval/start/", {}))
        yield browser


def _expect(status: int) -> None:
    if status != 302:
        raise RuntimeError(f"the server answered {status}")


def _viewflow_python() -> Path:
    """Return the interpreter of Viewflow's environment, which is made at first use and anew for another lock."""
    python = ENVIRONMENT / "bin" / "python"
    stamp = ENVIRONMENT / ".lock"
    if not stamp.exists() or stamp.read_bytes() != LOCK.read_bytes():
        print("· 安装用来比较的 Viewflow", flush=True)
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        subprocess.run(  # noqa: S603 -- our own lock
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", LOCK],
            check=True,
            timeout=600,
        )
        stamp.write_bytes(LOCK.read_bytes())
    return python


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _running(command: Sequence[str], port: int, environment: dict[str, str]) -> Iterator[Browser]:
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})  # noqa: S603 -- our own servers
    try:
        deadline = time.monotonic() + PATIENCE
        while not _listens(port):
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start: {' '.join(command)}")
            time.sleep(0.1)
        browser = Browser(port)
        yield browser
        browser.close()
    finally:
        server.terminate()
        server.wait(timeout=30)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
