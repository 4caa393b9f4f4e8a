"""Migrations: the database is brought to the version of the code, all or nothing, with a backup before."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app import unit_of_work

FOLDER = Path(__file__).resolve().parent


def config() -> Config:
    """Return Alembic's configuration, which needs no file."""
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    return settings


def head() -> str:
    """Return the version that the code expects."""
    return ScriptDirectory.from_config(config()).get_current_head() or ""


def known() -> frozenset[str]:
    """Return every version of the database that the code can bring to its own."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(config()).walk_revisions())


def current() -> str:
    """Return the version of the database; empty for an empty one."""
    with unit_of_work.engine().connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def upgrade() -> tuple[str, str]:
    """Bring the database to the head in one transaction; return the versions before and after.

    A SQLite database is copied to `<name>.<version>.backup` first.
    """
    before = current()
    if before == head():
        return before, before
    _backup(before)
    command.upgrade(config(), "head")
    return before, current()


def _backup(version: str) -> None:
    url = unit_of_work.engine().url
    if not version or not url.drivername.startswith("sqlite") or not url.database or url.database == ":memory:":
        return
    target = Path(f"{url.database}.{version}.backup")
    target.unlink(missing_ok=True)
    with sqlite3.connect(url.database) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
