"""The demonstration county for tests: loaded once for all workers of the same sources, copied for each test."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

from app import migrations, unit_of_work
from app.demo.load import load
from app.services import audit

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("app/**/*.py", "app/demo/county.json", "app/feel/dist/*", "bpmn/*", "forms/*")
AUDIT_KEY = b"of the tests' county, 32 bytes.."
LOADING = 1200
"""Seconds within which the county has to be loaded, on a busy machine too."""
KEPT = 24 * 3600
"""Seconds after which the county of other sources is thrown away."""


def county_database(folder: Path) -> Path:
    """Return a copy of the loaded county's SQLite database in `folder`; the first call of a run may take minutes.

    A module that uses it gives its tests time: `pytestmark = pytest.mark.timeout(LOADING)`.
    """
    copy = folder / "county.sqlite3"
    shutil.copy(kept("county", "tests.county") / "county.sqlite3", copy)
    return copy


def county_blobs() -> Path:
    """Return the folder with the county's attachments, to be read only."""
    return kept("county", "tests.county") / "blobs"


@cache
def kept(name: str, module: str) -> Path:
    """Return the folder that `python -m module FOLDER` has filled from these sources, by the first worker."""
    shelf = Path(tempfile.gettempdir()) / f"xiuwu-test-{name}-{os.getuid()}"
    shelf.mkdir(mode=0o700, exist_ok=True)
    found = shelf / _fingerprint(module)
    with (shelf / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # other workers wait here while the first one loads
        if not (found / "ready").exists():
            _throw_away_old(shelf)
            shutil.rmtree(found, ignore_errors=True)
            subprocess.run([sys.executable, "-m", module, str(found)], cwd=ROOT, check=True)  # noqa: S603 -- ours
            (found / "ready").touch()
    return found


def _fingerprint(module: str) -> str:
    digest = hashlib.sha256(module.encode())
    for path in sorted(path for pattern in SOURCES for path in ROOT.glob(pattern) if path.is_file()):
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:24]


def _throw_away_old(shelf: Path) -> None:
    for old in shelf.iterdir():
        if old.is_dir() and time.time() - old.stat().st_mtime > KEPT:
            shutil.rmtree(old, ignore_errors=True)


def build(folder: Path) -> None:
    """Load the county into `folder`: database and attachments."""
    folder.mkdir(parents=True)
    draft = folder / "county.sqlite3"
    unit_of_work.configure(f"sqlite:///{draft}")
    audit.configure(AUDIT_KEY)
    migrations.upgrade()
    load(folder / "blobs")
    unit_of_work.database().dispose()


if __name__ == "__main__":
    build(Path(sys.argv[1]))
