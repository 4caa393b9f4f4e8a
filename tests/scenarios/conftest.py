"""Fixtures of the stories: an installation with people and definitions, made once a run and copied for each story."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from app import unit_of_work
from tests.county import county_blobs, county_database
from tests.databases import KINDS, _postgres_database
from tests.scenarios.site import Site, at, copied, opened, settle

BEGIN = at("2025-09-29", 10)
"""Two days before the call for the plan of 2026."""
TODAY = at("2026-11-23", 10)
"""The day on which the demonstration county stands."""


@pytest.fixture(scope="session")
def _settled_sqlite(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("settled")
    path = folder / "people.sqlite3"
    shutil.copy(_sqlite_template, path)
    settle(f"sqlite:///{path}", folder, BEGIN)
    return str(path)


@pytest.fixture(scope="session")
def _settled_postgresql(_postgres_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with _postgres_database(template=_postgres_template) as url:
        settle(url, tmp_path_factory.mktemp("settled"), BEGIN)
        yield str(make_url(url).database)


@pytest.fixture(params=KINDS)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """An installation of this story's own, with people and definitions and nothing else."""
    template = request.getfixturevalue(f"_settled_{request.param}")
    with copied(request.param, template, tmp_path) as url, opened(url, tmp_path, BEGIN) as found:
        yield found


@pytest.fixture
def county(tmp_path: Path) -> Iterator[Site]:
    """The demonstration county as it stands on 2026-11-23, for this story alone."""
    database = county_database(tmp_path)
    shutil.copytree(county_blobs(), tmp_path / "blobs", copy_function=os.link)
    with opened(f"sqlite:///{database}", tmp_path, TODAY) as found:
        yield found
    unit_of_work.database().dispose()
