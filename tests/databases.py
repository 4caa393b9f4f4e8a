"""Databases for tests: migrated once a run, copied for each test, on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from app import migrations, unit_of_work
from app.services import definitions
from tests import postgres

KINDS = ("sqlite", "postgresql")


@pytest.fixture(params=KINDS)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        unit_of_work.database().dispose()
        return
    with _postgres_database(template="template0") as url:
        yield url


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "migrated.sqlite3"
    unit_of_work.configure(f"sqlite:///{path}")
    migrations.upgrade()
    unit_of_work.database().dispose()
    return path


@pytest.fixture(scope="session")
def _postgres_template() -> Iterator[str]:
    with _postgres_database(template="template0") as url:
        unit_of_work.configure(url)
        migrations.upgrade()
        unit_of_work.database().dispose()
        yield str(make_url(url).database)


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[unit_of_work.Database]:
    """A migrated database of this test's own, on which the unit of work is configured."""
    definitions.forget_parsed()
    if request.param == "sqlite":
        copy = tmp_path / "test.sqlite3"
        shutil.copy(request.getfixturevalue("_sqlite_template"), copy)
        opened = unit_of_work.configure(f"sqlite:///{copy}")
        yield opened
        opened.dispose()
        return
    with _postgres_database(template=request.getfixturevalue("_postgres_template")) as url:
        yield unit_of_work.configure(url)


class _postgres_database:  # noqa: N801 -- reads as a context manager
    """A PostgreSQL database that exists inside the block."""

    def __init__(self, *, template: str) -> None:
        self.template = template
        self.name = f"t_{uuid.uuid4().hex}"
        self.server = create_engine(postgres.address(), isolation_level="AUTOCOMMIT")

    def __enter__(self) -> str:
        with self.server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}"'))
        return make_url(postgres.address()).set(database=self.name).render_as_string(hide_password=False)

    def __exit__(self, *_: object) -> None:
        unit_of_work.database().dispose()
        with self.server.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{self.name}" WITH (FORCE)'))
        self.server.dispose()
