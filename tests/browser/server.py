"""A real server of the browser tests: `flask serve` with an instance folder of its own on a free port."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from app import clock
from app.settings import ROOT


@dataclass(frozen=True)
class Running:
    """A site that is being served: its address, its instance folder, and the keys of what tests look at."""

    address: str
    instance: Path
    places: Mapping[str, int] = field(default_factory=dict)


PATIENCE = 60.0
"""Seconds until a server has to answer, and to end after it was asked to."""


def install(folder: Path, database: Path, shown: datetime) -> Path:
    """Make an instance folder from a copy of a database, as a demonstration whose clock shows `shown`."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(database, folder / "xiuwu.sqlite3")
    stored = {"shown": shown.isoformat(), "at": clock.wall_now().isoformat()}
    (folder / "demonstration").write_text(json.dumps(stored))
    return folder


@contextlib.contextmanager
def serving(instance: Path) -> Iterator[str]:
    """Run the server on an instance folder; yield its address. It must end well, without a traceback in its log."""
    port = _free_port()
    address, log = f"http://127.0.0.1:{port}", instance / "server.log"
    environment = {**os.environ, "XIUWU_INSTANCE": str(instance), "PYTHONUNBUFFERED": "1"}
    environment.pop("DATABASE_URL", None)
    with log.open("wb") as written:
        process = subprocess.Popen(  # noqa: S603 -- our own program
            [sys.executable, "-m", "flask", "serve", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
        try:
            _await(address, process, log)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    assert process.returncode == 0, log.read_text()[-4000:]
    assert "Traceback" not in log.read_text(), log.read_text()[-4000:]


def _await(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()  # noqa: S310 -- our own server
            return
        time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{log.read_text()[-4000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
