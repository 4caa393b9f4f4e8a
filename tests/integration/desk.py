"""The fixtures of recorder tests: one open transaction on an empty database, and a county that works in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

import app.models.tables  # noqa: F401 -- declares every table
from app.domain.refusals import Refusal
from app.models.base import Base
from app.services import audit
from tests import postgres
from tests.integration.county import County


@pytest.fixture(params=["sqlite", "postgresql"])
def session(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Session]:
    """One open transaction on an empty database, rolled back at the end."""
    audit.configure(b"key of the tests")
    url = f"sqlite:///{tmp_path / 'recorders.sqlite3'}"
    if request.param == "postgresql":
        url = make_url(postgres.address()).render_as_string(hide_password=False)
    engine = create_engine(url)
    with engine.connect() as connection:
        if request.param == "postgresql":
            schema = f"recorders_{uuid4().hex}"
            connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
            connection.exec_driver_sql(f"SET LOCAL search_path TO {schema}")
        Base.metadata.create_all(connection)
        with Session(connection, expire_on_commit=False, autoflush=False) as opened:
            yield opened
        connection.rollback()
    engine.dispose()


@pytest.fixture
def county(session: Session) -> County:
    return County(session, date(2025, 11, 20))


def gates_of(refusals: tuple[Refusal, ...]) -> list[str]:
    """Return the gates that refused, in their order."""
    return [refusal.gate for refusal in refusals]


def to_the_library(county: County) -> None:
    county.plan()
    county.wait(40)
    county.review()


def to_the_contract(county: County) -> None:
    to_the_library(county)
    county.wait(20)
    county.approve()
    county.fund()
    county.wait(20)
    county.endorse()
    county.contract()
