"""The site with the demonstration's people and the shipped definitions, and a logged-in browser for each of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock, create_app, unit_of_work
from app.demo import people
from app.demo.county import PASSWORD, County, county
from app.demo.people import Staff
from app.domain.calendar import Calendar
from app.models.accounts import Organisation, Person
from app.services import accounts, calendars, definitions, shipping
from app.settings import ROOT, Settings
from tests.databases import _postgres_database
from tests.integration.web_clients import Browser

if TYPE_CHECKING:
    from flask import Flask

    from app.unit_of_work import Database

MEGABYTE = 1024 * 1024


@dataclass
class Site:
    """One installation: its pages, its tables, its clock and its people."""

    app: Flask
    database: Database
    county: County
    staff: Staff
    calendar: Calendar
    clock: clock.FrozenClock
    _browsers: dict[str, Browser] = field(default_factory=dict)

    def as_(self, username: str) -> Browser:
        """Return the browser of a person, logged in through the form."""
        if username not in self._browsers:
            opened = Browser(self.app)
            answer = opened.enter(username, PASSWORD)
            assert answer.status_code == 302, answer.get_data(as_text=True)
            self._browsers[username] = opened
        return self._browsers[username]

    @contextmanager
    def look(self) -> Iterator[Any]:
        """Read the tables."""
        with self.database.read_only() as session:
            yield session


def at(day: str | date, hour: int = 9, minute: int = 0) -> datetime:
    """Return a moment in Shanghai."""
    found = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime.combine(found, time(hour, minute), tzinfo=clock.SHANGHAI)


def settings_for(url: str, folder: Path) -> Settings:
    """Return the settings of an installation of tests."""
    return Settings(
        instance=folder, database_url=url, secret_key="0123456789abcdef" * 3, demonstration=False, testing=True,
        upload_limit=2 * MEGABYTE,
    )  # fmt: skip


def settle(url: str, folder: Path, begin: datetime) -> None:
    """Enter the demonstration's people and the shipped definitions into a migrated database."""
    definitions.forget_parsed()
    create_app(settings_for(url, folder))
    with clock.frozen(begin), unit_of_work.unit_of_work() as session:
        people.enter(session, county(), now=begin)
        shipping.import_files(session, shipping.shipped_files(ROOT), now=begin)
    unit_of_work.database().dispose()


def staff_of(session: Session) -> Staff:
    """Return everybody of a database that has been loaded."""
    persons = session.scalars(select(Person).where(Person.active).order_by(Person.id))
    units = dict(session.execute(select(Organisation.code, Organisation.id)).all())
    return Staff({person.username: accounts.actor_of(session, person) for person in persons}, units)


@contextmanager
def opened(url: str, folder: Path, begin: datetime) -> Iterator[Site]:
    """Yield the site on a database, its clock standing at `begin`."""
    definitions.forget_parsed()
    app = create_app(settings_for(url, folder))
    with unit_of_work.read_only() as session:
        calendar, staff = calendars.current(session), staff_of(session)
    with clock.frozen(begin) as frozen:
        yield Site(app, unit_of_work.database(), county(), staff, calendar, frozen)
    clock.use(clock.wall_now)


@contextmanager
def copied(kind: str, template: str, folder: Path) -> Iterator[str]:
    """Yield the address of a copy of a database: the path of an SQLite file, or the name of a PostgreSQL database."""
    if kind == "sqlite":
        copy = folder / "story.sqlite3"
        shutil.copy(template, copy)
        yield f"sqlite:///{copy}"
        unit_of_work.database().dispose()
    else:
        with _postgres_database(template=template) as url:
            yield url
