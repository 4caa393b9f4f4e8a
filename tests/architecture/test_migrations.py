"""The migrations build exactly the tables that the code declares, on both databases."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

import app.models.tables
from app import migrations, unit_of_work
from app.models.base import Base

__all__ = ["app"]


def test_an_upgraded_database_has_no_difference(empty_database: str) -> None:
    unit_of_work.configure(empty_database)
    before, after = migrations.upgrade()
    assert (before, after) == ("", migrations.head())
    with unit_of_work.engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False, "render_as_batch": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_second_upgrade_does_nothing(empty_database: str) -> None:
    unit_of_work.configure(empty_database)
    migrations.upgrade()
    assert migrations.upgrade() == (migrations.head(), migrations.head())


def test_there_is_one_line_of_versions() -> None:
    folder = Path(migrations.__file__).parent / "versions"
    assert migrations.head(), f"no migration in {folder}"
