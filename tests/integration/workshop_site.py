"""A small site for tests of the workshop: the office's people with passwords, one process and one form in force."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import clock, create_app, unit_of_work
from app.models.accounts import Person, PersonRole
from app.services import definitions, passwords
from app.services.context import Actor
from app.settings import Settings
from tests.integration.office import NOW, Office, furnish
from tests.integration.office import task as office_task
from tests.integration.web_clients import PASSWORD, Browser
from tests.unit.engine import drawing

if TYPE_CHECKING:
    from flask import Flask

    from app.unit_of_work import Database

_HASH = passwords.hashed(PASSWORD)

OWNERS = (
    ("owner", "陶知行", "bureau", ("process_owner",)),
    ("second_owner", "屠画", "bureau", ("process_owner",)),
    ("admin", "甄诚", "bureau", ("sys_admin",)),
)
KEY = "p_own"


def drawn(*tasks: str, roles: dict[str, str] | None = None, name: str = "流程", process_id: str = KEY) -> str:
    """Return a diagram in which these tasks follow each other, each for a clerk unless `roles` says otherwise."""
    said = roles or {}
    body = drawing.start() + "".join(office_task(one, said.get(one, "unit_clerk")) for one in tasks) + drawing.end()
    body += drawing.flows(" > ".join(["s", *tasks, "e"]))
    return drawing.definitions(body, process_id=process_id).decode().replace('name="流程"', f'name="{name}"')


@dataclass
class Site:
    """The site and its people."""

    app: Flask
    office: Office
    clock: clock.FrozenClock
    _browsers: dict[str, Browser] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        """The database behind it."""
        return self.office.database

    def as_(self, username: str) -> Browser:
        """Return the browser of a person, logged in."""
        if username not in self._browsers:
            opened = Browser(self.app)
            answer = opened.enter(username)
            assert answer.status_code == 302, answer.get_data(as_text=True)
            self._browsers[username] = opened
        return self._browsers[username]

    def save(self, content: Any, revision: int, *, by: str = "owner", kind: str = "process", key: str = KEY) -> Any:
        """Save a working copy as an editor does."""
        return self.as_(by).post(f"/workshop/{kind}/{key}/save", json={"revision": revision, "content": content})

    def ask(self, revision: int, reason: str = "增加踏勘", *, by: str = "owner", **more: Any) -> Any:
        """Ask for the release of the process as an editor does."""
        posted = {"revision": revision, "reason": reason, **more}
        return self.as_(by).post(f"/workshop/process/{KEY}/release", json=posted)

    def in_force(self, key: str = KEY, kind: str = "bpmn") -> int:
        """Return the number of the version in force."""
        with self.office.look() as session:
            found = definitions.in_force(session, kind, key)
            return found.version if found is not None else 0

    def hire(self, username: str, name: str, body: str, roles: tuple[str, ...]) -> Actor:
        """Enter one more person."""
        with self.database.unit_of_work() as session:
            person = Person(
                organisation_id=self.office.units[body], username=username, name=name, created_at=NOW,
                password_hash=_HASH, password_set_at=clock.wall_now(),
                roles=[PersonRole(role=role, granted_at=NOW) for role in roles],
            )  # fmt: skip
            session.add(person)
            session.flush()
            actor = Actor(person.id, username, name, self.office.units[body], "bureau", frozenset(roles))
        self.office.people[username] = actor
        return actor


@contextmanager
def open_site(database: Database, folder: Path, *, at: datetime = NOW) -> Iterator[Site]:
    """Open the site on a furnished database, its clock held."""
    office = furnish(database)
    office.publish(_body("first"), process_id=KEY)
    settings = Settings(
        instance=folder, database_url=database.engine.url.render_as_string(hide_password=False), secret_key="k" * 32,
        demonstration=False, scheduler_inside=False, testing=True,
    )  # fmt: skip
    app = create_app(settings)
    office.database = unit_of_work.database()
    with clock.frozen(at) as held:
        site = Site(app, office, held)
        with office.database.unit_of_work() as session:
            for person in session.query(Person).all():
                person.password_hash, person.password_set_at = _HASH, clock.wall_now()
        for username, name, body, roles in OWNERS:
            site.hire(username, name, body, roles)
        yield site
    office.database.dispose()


def _body(*tasks: str) -> str:
    body = drawing.start() + "".join(office_task(one) for one in tasks) + drawing.end()
    return body + drawing.flows(" > ".join(["s", *tasks, "e"]))
