"""What was said about a project, and who of those whom a remark names may see it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.models.accounts import Person, PersonRole
from app.models.business import Project
from app.models.documents import Remark
from app.models.process import UserTask
from app.queries.scope import Reader, judges_only, visible_projects

Named = tuple[int, str]
"""A person: id and name."""


@dataclass(frozen=True)
class _Somebody:
    id: int
    organisation_id: int
    roles: frozenset[str]


def newest(session: Session, project_id: int, *, limit: int) -> Sequence[tuple[Remark, str, tuple[Named, ...]]]:
    """Return the newest remarks of a project, each with its author and whom it told; two statements."""
    found = session.execute(
        select(Remark, Person.name)
        .join(Person, Person.id == Remark.by_id)
        .where(Remark.project_id == project_id)
        .order_by(Remark.id.desc())
        .limit(limit)
    ).all()
    told = {person_id for row, _name in found for person_id in row.told}
    names = _names(session, told)
    return [(row, name, tuple((key, names[key]) for key in row.told if key in names)) for row, name in found]


def _names(session: Session, ids: Collection[int]) -> dict[int, str]:
    if not ids:
        return {}
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {row.id: row.name for row in found}


def may_say(session: Session, reader: Reader, project_id: int) -> bool:
    """Say whether the reader may leave a remark: she sees the project and is not there to judge it alone.

    An exempt project takes no words at all (第三十四条).
    """
    if judges_only(reader):
        return False
    seen = select(Project.id).where(Project.id == project_id, Project.path != "X", visible_projects(reader))
    return session.scalar(seen) is not None


def project_of(session: Session, task_id: int) -> int | None:
    """Return the project of a task; None where it has none (yet)."""
    return session.scalar(select(UserTask.project_id).where(UserTask.id == task_id))


def named(session: Session, words: Collection[str]) -> dict[str, tuple[Named, ...]]:
    """Return the active persons with these names or user names, by what was written."""
    if not words:
        return {}
    query = (
        select(Person.id, Person.name, Person.username)
        .where(Person.active, or_(Person.name.in_(words), Person.username.in_(words)))
        .order_by(Person.id)
    )
    found: dict[str, tuple[Named, ...]] = {}
    for key, name, username in session.execute(query):
        for written in {name, username} & set(words):
            found[written] = (*found.get(written, ()), (key, name))
    return found


def who_see(session: Session, people: Collection[int], project_id: int) -> frozenset[int]:
    """Return who of these persons may see the project, by their own roles."""
    held: dict[tuple[int, int], set[str]] = {}
    query = (
        select(Person.id, Person.organisation_id, PersonRole.role)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(Person.id.in_(sorted(people)))
    )
    for key, organisation_id, role in session.execute(query):
        held.setdefault((key, organisation_id), set()).add(role)
    readers = (_Somebody(key, organisation_id, frozenset(roles)) for (key, organisation_id), roles in held.items())
    return frozenset(one.id for one in readers if may_say(session, one, project_id))
