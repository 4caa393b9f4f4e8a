"""One recorder without its check, and a county at any stage of a project's life, copied from memory."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

import app.models.tables  # noqa: F401 -- declares every table
from app.domain.gates.acceptance import FOUR_MATERIALS
from app.domain.states import TRANSITIONS, State, allows
from app.migrations import guards
from app.models.base import Base
from app.models.process import ProcessInstance
from app.services import audit
from app.services.recorders import PURPOSES, RECORDERS, SIGNATURES, Recorder
from app.services.recorders.work import Work
from tests.integration.county import FILING, RESOURCE, County

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FIRST_DAY = date(2025, 11, 20)


# -- stages ------------------------------------------------------------------------------------------------------------


def _planned(county: County) -> None:
    county.plan()
    county.wait(40)


def _filed(county: County) -> None:
    county.fill("unit_clerk", "f03", FILING)


def _library(county: County) -> None:
    county.review()
    county.wait(20)


def _approved(county: County) -> None:
    county.approve()


def _funded(county: County) -> None:
    county.fund()
    county.wait(20)


def _endorsed(county: County) -> None:
    county.endorse()


def _contracted(county: County) -> None:
    county.contract()


def _built(county: County) -> None:
    county.build()
    county.wait(30)


def _completed(county: County) -> None:
    county.complete(county.today)
    county.fill("bur_share", "f23", RESOURCE, records="platform_no")


def _accepted(county: County) -> None:
    county.accept()


def _operating(county: County) -> None:
    county.fill("unit_clerk", "f16f", {key: ["x"] for key in FOUR_MATERIALS})
    county.confirm("bur_clerk", "filing_confirmation")
    county.fill("unit_lead", "f16o", {"online_on": county.today})
    county.fill(
        "unit_clerk", "f22", {"name": "产业园平台", "deploy": "政务云", "network": "电子政务外网", "mlps_level": 2}
    )
    county.confirm("bur_share", "catalogue_check")
    county.run("catalogue.activate")


STAGES: dict[str, tuple[str, Callable[[County], None]]] = {
    "planned": ("new", _planned),
    "library": ("planned", _library),
    "approved": ("library", _approved),
    "funded": ("approved", _funded),
    "endorsed": ("funded", _endorsed),
    "contracted": ("endorsed", _contracted),
    "built": ("contracted", _built),
    "completed": ("built", _completed),
    "accepted": ("completed", _accepted),
    "operating": ("accepted", _operating),
    "filed": ("planned", _filed),
}
"""Stage → the stage before, and what leads on from it."""


@contextmanager
def at(stage: str) -> Iterator[County]:
    """Yield a county of this test's own, in memory, with its project at a stage."""
    audit.configure(b"key of the tests")
    content, today, tasks = _snapshot(stage)
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"isolation_level": None})
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.deserialize(content)
        driver.execute("BEGIN")
        with Session(connection, expire_on_commit=False, autoflush=False) as session:
            yield _taken_up(session, today, tasks)
    engine.dispose()


def _taken_up(session: Session, today: date, tasks: int) -> County:
    fresh = County.__new__(County)
    fresh.session, fresh.today, fresh._tasks = session, today, tasks
    fresh.actors = dict(_people())
    fresh.instance = session.get_one(ProcessInstance, 1)
    return fresh


@cache
def _people() -> Any:
    return _first()[1]


@cache
def _first() -> tuple[bytes, Any]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.connect() as connection:
        Base.metadata.create_all(connection)
        for statement in guards.statements("sqlite"):
            connection.exec_driver_sql(statement)
        with Session(connection, expire_on_commit=False, autoflush=False) as session:
            county = County(session, FIRST_DAY)
            session.commit()
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            return driver.serialize(), county.actors


@cache
def _snapshot(stage: str) -> tuple[bytes, date, int]:
    if stage == "new":
        return _first()[0], FIRST_DAY, 0
    before, on = STAGES[stage]
    with at(before) as county:
        on(county)
        county.session.commit()
        driver = county.session.connection().connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        return driver.serialize(), county.today, county._tasks


# -- a recorder without its check --------------------------------------------------------------------------------------


def table_of(key: str) -> tuple[dict[str, Recorder], str]:
    """Return the registry and its key for `f08`, `signs f08` or `records budget_result`."""
    kind, _, name = key.rpartition(" ")
    return {"": RECORDERS, "signs": SIGNATURES, "records": PURPOSES}[kind], name


@contextmanager
def unchecked(key: str) -> Iterator[None]:
    """Take every check out of one recorder: it demands nothing, any office may record, any state is moved on."""
    table, name = table_of(key)
    recorder = table[name]

    def record(work: Work) -> None:
        with patch.object(Work, "demand", _demands_nothing), patch.object(Work, "advance", _moves_on):
            recorder.record(work)

    table[name] = replace(recorder, record=record, roles=frozenset())
    try:
        yield
    finally:
        table[name] = recorder


def _demands_nothing(_work: Work, _refusals: object) -> None:
    return


def _moves_on(work: Work, event: str) -> None:
    if not allows(State(work.project.state), event):
        work.project.state = next(iter(TRANSITIONS[event].values()))
        work.session.flush()
        return
    work.project.state = TRANSITIONS[event][State(work.project.state)]
    work.session.flush()
