"""Working copies: what a process owner draws before anybody releases it; every save is kept, whoever came first."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import workshop
from app.engine import drawn_file
from app.errors import AlreadyDone, DiagramNotExecutable, Finding, NotFound, NotPermitted
from app.models.accounts import Person
from app.models.process import Definition
from app.models.workshop import WorkingCopy, WorkingCopyRevision
from app.services import audit, definitions
from app.services.context import Actor

LARGEST = 10 * 1024 * 1024
"""Bytes of one file."""


@dataclass(frozen=True)
class Saved:
    """What a save came to."""

    copy: WorkingCopy
    kept_beside: WorkingCopyRevision | None = None
    """This save, kept beside what somebody else had saved meanwhile; None where the save is the working copy now."""


def must_read(by: Actor) -> None:
    """Raise NotFound unless `by` may look into the workshop."""
    if not workshop.may_read(by.roles):
        raise NotFound


def must_draw(by: Actor) -> None:
    """Raise NotFound for who may not look into the workshop, NotPermitted for who may only look."""
    must_read(by)
    if not workshop.may_draw(by.roles):
        raise NotPermitted("修改由流程管理员办理，你可以查看和放行。")


def must_exist(session: Session, kind: str, key: str, *, by: Actor) -> None:
    """Raise NotFound unless `by` may look into the workshop and there is such a file."""
    must_read(by)
    if of(session, kind, key) is None and definitions.in_force(session, kind, key) is None:
        raise NotFound


def of(session: Session, kind: str, key: str) -> WorkingCopy | None:
    """Return the working copy of a file, if somebody has changed it."""
    return session.scalar(select(WorkingCopy).where(WorkingCopy.kind == kind, WorkingCopy.key == key))


def create(session: Session, kind: str, content: str, *, by: Actor, now: datetime) -> WorkingCopy:
    """Begin a file that does not exist yet; raise DiagramNotExecutable, or AlreadyDone where its id is taken."""
    must_draw(by)
    key, _ = identity(kind, content)
    if of(session, kind, key) is not None or definitions.in_force(session, kind, key) is not None:
        raise AlreadyDone("已经有标识为“%(key)s”的文件，请换一个标识。", key=key)
    return _begun(session, kind, key, content, by=by, now=now)


def save(session: Session, kind: str, key: str, content: str, *, revision: int, by: Actor, now: datetime) -> Saved:
    """Save a working copy that was read at `revision` (0: the version in force, which nobody had changed).

    Where somebody else has saved meanwhile, hers stays the working copy and this content is kept beside it.
    Raises DiagramNotExecutable, NotFound, NotPermitted.
    """
    must_draw(by)
    must_exist(session, kind, key, by=by)
    identity(kind, content)
    copy = _locked(session, kind, key)
    if copy is None:
        return Saved(_begun(session, kind, key, content, by=by, now=now))
    if copy.content == content:
        return Saved(copy)
    if copy.revision != revision:
        beside = _noted(session, copy, content, revision=revision, standing="kept", by=by, now=now)
        return Saved(copy, beside)
    copy.content, copy.revision, copy.saved_by, copy.saved_at = content, revision + 1, by.id, now
    _noted(session, copy, content, revision=copy.revision, standing="saved", by=by, now=now)
    return Saved(copy)


def reset(session: Session, kind: str, key: str, *, by: Actor, now: datetime) -> WorkingCopy:
    """Make the working copy say again what the version in force says; what was drawn stays among its revisions."""
    must_draw(by)
    current = definitions.in_force(session, kind, key)
    copy = _locked(session, kind, key)
    if current is None or copy is None:
        raise NotFound
    save(session, kind, key, current.source, revision=copy.revision, by=by, now=now)
    copy.base_id = current.id
    audit.record(
        session, "reset_working_copy", subject_kind="working_copy", subject_id=copy.id, actor_id=by.id, now=now,
        detail={"kind": kind, "key": key, "revision": copy.revision},
    )  # fmt: skip
    return copy


def take_back(session: Session, kind: str, key: str, revision_id: int, *, by: Actor, now: datetime) -> WorkingCopy:
    """Make a version that was kept, or saved before, the working copy again; what it replaces stays kept."""
    must_draw(by)
    copy = _locked(session, kind, key)
    row = session.get(WorkingCopyRevision, revision_id)
    if copy is None or row is None or row.copy_id != copy.id:
        raise NotFound
    return save(session, kind, key, row.content, revision=copy.revision, by=by, now=now).copy


def drawn_by(session: Session, copy: WorkingCopy) -> frozenset[int]:
    """Return everybody who has saved a part of what the working copy holds since it last said what its base says."""
    base = session.scalar(select(Definition.source).where(Definition.id == copy.base_id)) if copy.base_id else None
    rows = session.execute(
        select(WorkingCopyRevision.by_id, WorkingCopyRevision.content == (base or ""))
        .where(WorkingCopyRevision.copy_id == copy.id)
        .order_by(WorkingCopyRevision.id)
    )
    people: set[int] = set()
    for by_id, as_base in rows:
        people = set() if as_base else people | {by_id}
    return frozenset(people)


def moved_on(session: Session, definition: Definition, *, former_id: int | None) -> None:
    """Let the working copy stand on a version that has come into force, if it was drawn from the one before."""
    copy = _locked(session, definition.kind, definition.key)
    if copy is not None and (copy.base_id == former_id or copy.content == definition.source):
        copy.base_id = definition.id


def _begun(session: Session, kind: str, key: str, content: str, *, by: Actor, now: datetime) -> WorkingCopy:
    current = definitions.in_force(session, kind, key)
    copy = WorkingCopy(
        kind=kind, key=key, base_id=current.id if current else None, content=content, revision=1, saved_by=by.id,
        saved_at=now,
    )  # fmt: skip
    session.add(copy)
    session.flush()
    _noted(session, copy, content, revision=1, standing="saved", by=by, now=now)
    audit.record(
        session, "begin_working_copy", subject_kind="working_copy", subject_id=copy.id, actor_id=by.id, now=now,
        detail={"kind": kind, "key": key},
    )  # fmt: skip
    return copy


def _noted(
    session: Session, copy: WorkingCopy, content: str, *, revision: int, standing: str, by: Actor, now: datetime
) -> WorkingCopyRevision:
    row = WorkingCopyRevision(
        copy_id=copy.id, base_id=copy.base_id, revision=revision, standing=standing, content=content, by_id=by.id,
        at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _locked(session: Session, kind: str, key: str) -> WorkingCopy | None:
    query = select(WorkingCopy).where(WorkingCopy.kind == kind, WorkingCopy.key == key)
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def identity(kind: str, content: str) -> tuple[str, str]:
    """Return the id and name that a file gives itself; raise DiagramNotExecutable for what is no such file."""
    if kind == "form":
        schema = _schema(content)
        properties = schema.get("properties")
        name = properties.get("name") if isinstance(properties, dict) else ""
        return str(schema["id"]), str(name or "")
    if len(content) > LARGEST:
        raise DiagramNotExecutable([_finding("file-too-large")])
    key, name = drawn_file.identity_of(content, kind)
    if not key:
        raise DiagramNotExecutable([_finding("no-identity")])
    return key, name


def _schema(content: str) -> dict[str, object]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or found.get("type") != "default" or not isinstance(found.get("id"), str):
        raise DiagramNotExecutable([_finding("not-a-form")])
    if not found["id"]:
        raise DiagramNotExecutable([_finding("no-identity")])
    return found


_SENTENCES = {
    "file-too-large": ("这份文件超过 10 MB，不予读取。", "This file is larger than 10 MB and is not read."),
    "no-identity": ("这份文件没有标识，请先给流程、决策或表单填写标识。", "The process, decision or form has no id."),
    "not-a-form": ("这不是表单文件。", "This is not a form."),
}


def _finding(code: str) -> Finding:
    zh, en = _SENTENCES[code]
    return Finding(code, "", "error", zh, en)


def saver(session: Session, copy: WorkingCopy) -> str:
    """Return the name of the person who saved a working copy last."""
    return session.scalar(select(Person.name).where(Person.id == copy.saved_by)) or ""
