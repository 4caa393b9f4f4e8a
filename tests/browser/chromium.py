"""The Chromium of the browser tests: `CHROMIUM`, the system's, or the one of the npm package @sparticuz/chromium."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Chromium:
    """Where a Chromium lies and how it is started."""

    path: str
    arguments: list[str]
    environment: dict[str, str] = field(default_factory=dict)


@cache
def find() -> Chromium:
    """Return a Chromium that starts here; fail where there is none, since a browser test is never skipped."""
    for name in (os.environ.get("CHROMIUM"), shutil.which("chromium"), shutil.which("google-chrome")):
        if name:
            return Chromium(name, QUIET)
    node = Path(sys.executable).with_name("node")
    done = subprocess.run(  # noqa: S603 -- a script of ours
        [str(node), str(Path(__file__).with_name("unpack_chromium.mjs"))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode:
        raise AssertionError(f"no Chromium: run `make test`, or set CHROMIUM\n{done.stderr}")
    unpacked = json.loads(done.stdout)
    return Chromium(
        unpacked["path"],
        [*QUIET, "--no-zygote"],  # not --single-process: there the end of one window is the end of the browser
        # with the package's one Latin font: where there is none at all, it breaks down; pages bring the Chinese
        {**os.environ, **unpacked["environment"]},
    )
