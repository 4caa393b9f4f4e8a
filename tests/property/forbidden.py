"""Facts that the regulation forbids, found in the tables alone: nothing here asks a gate, a hold or a recorder.

`read` takes a picture of the tables; `forbidden` compares two pictures and says in a sentence each what has been
written between them and should never have been. It judges by rows and days only, in words of its own, so that a check
that somebody takes out of the application is missed here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

import app.models.tables  # noqa: F401 -- declares every table
from app.models.base import Base
from tests.property import forbidden_order, forbidden_people, forbidden_sums

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

Row = Any
TABLES = (
    "project", "plan_item", "scope_version", "library_entry", "filing", "sharing_check", "panel_member", "expert_form",
    "opinion", "approval", "budget_line", "procurement_package", "contract", "contract_node", "payment", "supervision",
    "supervision_log", "change", "acceptance_attempt", "participant", "rectification_item", "acceptance_filing",
    "extension", "system_entry", "resource_item", "om_plan", "om_application", "evaluation", "rectification_order",
    "measure", "audit_case", "document_request", "not_started_verdict", "deadline", "submission", "annual_plan",
    "asset", "cloud_migration", "security_incident", "correction",
)  # fmt: skip
"""What a picture holds."""
WIDE = {"contract_node": ("contract", "contract_id"), "participant": ("acceptance_attempt", "attempt_id")}
"""Tables whose rows belong to a project by another row: table → that row's table and the column that names it."""


@dataclass
class Picture:
    """All rows of the business at one moment."""

    now: datetime
    rows: Mapping[str, Sequence[Row]]
    people: Mapping[int, Row]
    """Person's key → username, organisation's kind and roles."""
    task_of: Mapping[int, Row] = field(default_factory=dict)
    """Task's key → its properties."""

    @property
    def today(self) -> date:
        """The day of the picture."""
        return self.now.date()

    @cached_property
    def by_id(self) -> Mapping[str, Mapping[int, Row]]:
        """Table → key → row."""
        return {name: {row[0]: row for row in rows} for name, rows in self.rows.items()}

    @cached_property
    def _of(self) -> Mapping[str, Mapping[int | None, list[Row]]]:
        found: dict[str, defaultdict[int | None, list[Row]]] = {}
        for name, rows in self.rows.items():
            place = found.setdefault(name, defaultdict(list))
            for row in rows:
                place[self._project(name, row)].append(row)
        return found

    def _project(self, name: str, row: Row) -> int | None:
        if name in WIDE:
            owner, column = WIDE[name]
            return int(self.by_id[owner][getattr(row, column)].project_id)
        if name == "project":
            return int(row.id)
        return getattr(row, "project_id", None)

    def of(self, project_id: int | None, table: str, **having: object) -> list[Row]:
        """Return a project's rows of a table, oldest first."""
        found = self._of[table].get(project_id, [])
        return [row for row in found if all(getattr(row, key) == value for key, value in having.items())]

    def role_of(self, username: str) -> frozenset[str]:
        """Return the roles of a person by name of user; none for nobody."""
        return self._roles.get(username, frozenset())

    @cached_property
    def _roles(self) -> Mapping[str, frozenset[str]]:
        return {person.username: person.roles for person in self.people.values()}


@dataclass(frozen=True)
class Someone:
    """A person as the judge knows her."""

    username: str
    organisation_id: int
    kind: str
    roles: frozenset[str]


@dataclass(frozen=True)
class Between:
    """Two pictures of the tables, and what is new in the later one."""

    before: Picture
    after: Picture

    def newly(self, table: str, holds: Callable[[Row], bool] = lambda _row: True) -> Iterator[Row]:
        """Yield the rows of which something holds now that did not hold of them before."""
        known = self.before.by_id.get(table, {})
        for row in self.after.rows[table]:
            if holds(row) and not (row[0] in known and holds(known[row[0]])):
                yield row

    def changed(self, table: str, column: str) -> Iterator[tuple[Row, Row]]:
        """Yield rows before and after of which a column has another value now."""
        known = self.before.by_id.get(table, {})
        for row in self.after.rows[table]:
            old = known.get(row[0])
            if old is not None and getattr(old, column) != getattr(row, column):
                yield old, row


def read(session: Session, *, now: datetime) -> Picture:
    """Take a picture of the tables, with what this transaction has written."""
    session.flush()
    connection = session.connection()
    rows = {name: connection.execute(_QUERIES[name]).all() for name in TABLES}
    return Picture(now, rows, _people(session), {row.id: row for row in connection.execute(_TASKS).all()})


def _people(session: Session) -> Mapping[int, Someone]:
    roles: defaultdict[int, set[str]] = defaultdict(set)
    for person_id, role in session.connection().execute(_ROLES).all():
        roles[person_id].add(role)
    found = session.connection().execute(_PEOPLE).all()
    return {row.id: Someone(row.username, row.organisation_id, row.kind, frozenset(roles[row.id])) for row in found}


_T = Base.metadata.tables
_QUERIES = {name: select(_T[name]).order_by(next(iter(_T[name].primary_key))) for name in TABLES}
_ROLES = select(_T["person_role"].c.person_id, _T["person_role"].c.role)
_TASKS = select(_T["user_task"].c.id, _T["user_task"].c.properties, _T["user_task"].c.form_id)
_PEOPLE = select(
    _T["person"].c.id, _T["person"].c.username, _T["person"].c.organisation_id, _T["organisation"].c.kind
).join(_T["organisation"], _T["organisation"].c.id == _T["person"].c.organisation_id)

RULES = (*forbidden_order.RULES, *forbidden_people.RULES, *forbidden_sums.RULES)


def forbidden(before: Picture, after: Picture) -> list[str]:
    """Return a sentence for each forbidden fact that was written between two pictures; none if all is lawful."""
    between = Between(before, after)
    return list(dict.fromkeys(_said(rule(between) for rule in RULES)))


def _said(found: Iterable[Iterable[str]]) -> Iterator[str]:
    for sentences in found:
        yield from sentences
