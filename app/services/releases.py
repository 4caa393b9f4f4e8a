"""Releases: an owner asks, a second person decides; at once or at a set moment a version comes into force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import workshop
from app.errors import AlreadyDone, DiagramNotExecutable, Finding, NotFound, NotPermitted, Refused
from app.models.process import Definition
from app.models.workshop import ReleaseRemark, ReleaseRequest
from app.services import audit, definitions, notices, release_notices, working_copies, workshop_checks
from app.services.context import Actor

WAITING = ("open", "approved")
LONGEST_WORDS = 2000


def ask(
    session: Session,
    kind: str,
    key: str,
    *,
    revision: int,
    reason: str,
    by: Actor,
    now: datetime,
    effective_at: datetime | None = None,
) -> ReleaseRequest:
    """Lay a working copy, as it was read at `revision`, before a second person as the next version of its file.

    `effective_at` is the moment from which it is to be in force (None: as soon as it is released). Raises NotFound,
    NotPermitted, AlreadyDone, Refused, and DiagramNotExecutable with every finding where one is an error.
    """
    working_copies.must_draw(by)
    copy = working_copies.of(session, kind, key)
    if copy is None:
        raise NotFound
    if copy.revision != revision:
        raise AlreadyDone("这份文件刚刚又有人保存过，请看过之后再提请放行。")
    own, _ = working_copies.identity(kind, copy.content)
    if own != key:
        raise Refused("文件里的标识已改成“%(own)s”，与“%(key)s”不同；请改回，或另存为新文件。", own=own, key=key)
    return _asked(session, kind, key, copy.content, reason=reason, by=by, now=now, effective_at=effective_at)


def ask_to_restore(
    session: Session,
    kind: str,
    key: str,
    version: int,
    *,
    reason: str,
    by: Actor,
    now: datetime,
    effective_at: datetime | None = None,
) -> ReleaseRequest:
    """Lay a former version before a second person, to be put back in force as a new entry of the history.

    Raises as `ask` does; NotFound where that version was never in force.
    """
    working_copies.must_draw(by)
    former = session.scalar(
        select(Definition).where(
            Definition.kind == kind,
            Definition.key == key,
            Definition.version == version,
            Definition.released_at.is_not(None),
        )
    )
    if former is None:
        raise NotFound
    return _asked(
        session, kind, key, former.source, reason=reason, by=by, now=now, effective_at=effective_at, restores=former
    )


def _asked(
    session: Session,
    kind: str,
    key: str,
    content: str,
    *,
    reason: str,
    by: Actor,
    now: datetime,
    effective_at: datetime | None,
    restores: Definition | None = None,
) -> ReleaseRequest:
    words = _words(reason, "请写明改了什么、为什么改。")
    if effective_at is not None and effective_at <= now:
        raise Refused("施行时间应晚于现在。")
    current = definitions.in_force(session, kind, key)
    if current is not None and current.source == content:
        raise Refused("与现行版本相同，不必提请放行。")
    if waiting(session, kind, key) is not None:
        raise AlreadyDone("这份文件已有一版在等放行，请先等它办结或者撤回。")
    findings = workshop_checks.lint(session, content, kind).findings
    published = definitions.publish(
        session, content.encode(), kind=kind, now=now, by=by.id, comment=words, judged=findings
    ).definition
    request = ReleaseRequest(
        definition_id=published.id,
        former_id=current.id if current else None,
        restores_id=restores.id if restores else None,
        reason=words,
        effective_at=effective_at,
        requested_by=by.id,
        requested_at=now,
    )
    session.add(request)
    session.flush()
    _record(session, "ask_for_release", request, by=by.id, now=now)
    notices.notify(
        session, notices.holders(session, [workshop.RELEASES], unit_id=None),
        message="%(who)s提请放行「%(name)s」第 %(version)s 版：%(reason)s", now=now, link=_link(request),
        values={"who": by.name, "name": published.name, "version": published.version, "reason": words[:200]},
        dedupe_key=f"release-{request.id}-asked",
    )  # fmt: skip
    return request


def release(session: Session, request_id: int, *, words: str, by: Actor, now: datetime) -> ReleaseRequest:
    """Release a version: it is in force at once, or approved to come into force at its moment.

    Raises NotFound, NotPermitted (four eyes), AlreadyDone, Refused where another version has come into force since it
    was asked for, DiagramNotExecutable where it does not pass the checks any more.
    """
    request, definition = _open(session, request_id, by=by)
    _must_stand_on_what_is_in_force(session, request, definition)
    _must_pass(session, definition)
    request.decided_by, request.decided_at, request.decision = by.id, now, words.strip()[:LONGEST_WORDS]
    if request.effective_at is not None and request.effective_at > now:
        request.status = "approved"
        _record(session, "approve_release", request, by=by.id, now=now)
        _tell_owner(session, request, definition, "「%(name)s」第 %(version)s 版已获放行，将按时施行。", now=now)
        return request
    _put_in_force(session, request, definition, now=now)
    return request


def refuse(session: Session, request_id: int, *, words: str, by: Actor, now: datetime) -> ReleaseRequest:
    """Refuse a version with the reason; nothing changes but the request. Raises as `release` does."""
    request, definition = _open(session, request_id, by=by)
    request.decision = _words(words, "请写明不予放行的理由。")
    request.status, request.decided_by, request.decided_at = "refused", by.id, now
    _record(session, "refuse_release", request, by=by.id, now=now)
    _tell_owner(session, request, definition, "「%(name)s」第 %(version)s 版未获放行：%(reason)s", now=now)
    return request


def withdraw(session: Session, request_id: int, *, by: Actor, now: datetime) -> ReleaseRequest:
    """Take a request back before its version is in force; a process owner may."""
    working_copies.must_draw(by)
    request = _locked(session, request_id)
    if request.status not in WAITING:
        raise AlreadyDone("这一版已经办结，不能再撤回。")
    request.status = "withdrawn"
    request.decided_by = None
    _record(session, "withdraw_release", request, by=by.id, now=now)
    return request


def remark(
    session: Session, request_id: int, *, element_id: str, words: str, by: Actor, now: datetime
) -> ReleaseRemark:
    """Ask or answer something on one element of a version (empty: on all of it); the other side is told."""
    working_copies.must_read(by)
    request = _locked(session, request_id)
    definition = session.get_one(Definition, request.definition_id)
    row = ReleaseRemark(
        request_id=request.id, element_id=element_id[:120], words=_words(words, "请写下要问或要答的话。"), by_id=by.id,
        at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    others = notices.holders(session, [workshop.RELEASES, workshop.DRAWS], unit_id=None)
    said = select(ReleaseRemark.by_id).where(ReleaseRemark.request_id == request.id)
    talking = {request.requested_by, *session.scalars(said)}
    told = talking & set(others) if workshop.may_draw(by.roles) else {request.requested_by}
    notices.notify(
        session, (told or set(others)) - {by.id}, message="%(who)s在「%(name)s」第 %(version)s 版上写道：%(words)s",
        values={"who": by.name, "name": definition.name, "version": definition.version, "words": row.words[:200]},
        dedupe_key=f"release-remark-{row.id}", now=now, link=_link(request),
    )  # fmt: skip
    return row


def due(session: Session, *, now: datetime) -> list[int]:
    """Return the approved requests whose moment has come, the earliest first."""
    return list(
        session.scalars(
            select(ReleaseRequest.id)
            .where(ReleaseRequest.status == "approved", ReleaseRequest.effective_at <= now)
            .order_by(ReleaseRequest.effective_at, ReleaseRequest.id)
        )
    )


def next_due(session: Session) -> datetime | None:
    """Return the next moment at which an approved version comes into force."""
    return session.scalar(
        select(ReleaseRequest.effective_at)
        .where(ReleaseRequest.status == "approved")
        .order_by(ReleaseRequest.effective_at)
        .limit(1)
    )


def take_effect(session: Session, request_id: int, *, now: datetime) -> bool:
    """Put an approved version into force whose moment has come; return whether it is.

    Where the version in force has changed meanwhile, or the checks do not pass any more, nothing comes into force: the
    request fails with the reason, and both persons are told.
    """
    request = _locked(session, request_id)
    if request.status != "approved" or request.effective_at is None or request.effective_at > now:
        return False
    definition = session.get_one(Definition, request.definition_id)
    try:
        _must_stand_on_what_is_in_force(session, request, definition)
        _must_pass(session, definition)
    except DiagramNotExecutable as refused:
        _fail(session, request, definition, refused.findings[0].message, now=now)
        return False
    except Refused as refused:
        _fail(session, request, definition, refused.message, now=now)
        return False
    _put_in_force(session, request, definition, now=now)
    return True


def waiting(session: Session, kind: str, key: str) -> ReleaseRequest | None:
    """Return the request of a file that is not decided or not in force yet."""
    return session.scalar(
        select(ReleaseRequest)
        .join(Definition, Definition.id == ReleaseRequest.definition_id)
        .where(Definition.kind == kind, Definition.key == key, ReleaseRequest.status.in_(WAITING))
    )


def _open(session: Session, request_id: int, *, by: Actor) -> tuple[ReleaseRequest, Definition]:
    """Return a request that `by` may decide on, locked."""
    working_copies.must_read(by)
    request = _locked(session, request_id)
    definition = session.get_one(Definition, request.definition_id)
    copy = working_copies.of(session, definition.kind, definition.key)
    drawn = working_copies.drawn_by(session, copy) if copy is not None and request.restores_id is None else ()
    why = workshop.release_refusal(by.id, by.roles, requested_by=request.requested_by, drawn_by=drawn)
    if why:
        raise NotPermitted(why)
    if request.status != "open":
        raise AlreadyDone("这一版已经办结。")
    return request, definition


def _locked(session: Session, request_id: int) -> ReleaseRequest:
    query = select(ReleaseRequest).where(ReleaseRequest.id == request_id).with_for_update()
    request = session.scalar(query.execution_options(populate_existing=True))
    if request is None:
        raise NotFound
    return request


def _must_stand_on_what_is_in_force(session: Session, request: ReleaseRequest, definition: Definition) -> None:
    current = definitions.in_force(session, definition.kind, definition.key)
    if (current.id if current else None) != request.former_id:
        raise Refused("提请之后现行版本已经变了，请退回，由流程管理员重新比较后再提请。")


def _must_pass(session: Session, definition: Definition) -> None:
    findings = workshop_checks.lint(session, definition.source, definition.kind).findings
    errors: Sequence[Finding] = [finding for finding in findings if finding.severity == "error"]
    if errors:
        raise DiagramNotExecutable(errors)


def _put_in_force(session: Session, request: ReleaseRequest, definition: Definition, *, now: datetime) -> None:
    definitions.release(session, definition, by=request.decided_by, now=now)
    working_copies.moved_on(session, definition, former_id=request.former_id)
    request.status = "in_force"
    session.flush()
    _tell_owner(session, request, definition, "「%(name)s」第 %(version)s 版已经施行。", now=now)
    release_notices.tell_touched(session, request, definition, now=now)


def _fail(session: Session, request: ReleaseRequest, definition: Definition, why: str, *, now: datetime) -> None:
    request.status, request.decision = "failed", why
    _record(session, "fail_release", request, by=None, now=now)
    _tell_owner(session, request, definition, "「%(name)s」第 %(version)s 版没有如期施行：%(reason)s", now=now)


def _tell_owner(
    session: Session, request: ReleaseRequest, definition: Definition, message: str, *, now: datetime
) -> None:
    people = {request.requested_by} | ({request.decided_by} if request.status == "failed" else set())
    notices.notify(
        session, [person for person in people if person], message=message, now=now, link=_link(request),
        values={"name": definition.name, "version": definition.version, "reason": request.decision[:200]},
        dedupe_key=f"release-{request.id}-{request.status}",
    )  # fmt: skip


def _record(session: Session, act: str, request: ReleaseRequest, *, by: int | None, now: datetime) -> None:
    audit.record(
        session, act, subject_kind="release_request", subject_id=request.id, actor_id=by, now=now,
        detail={"definition": request.definition_id, "restores": request.restores_id, "status": request.status},
    )  # fmt: skip


def _link(request: ReleaseRequest) -> str:
    return f"/releases/{request.id}"


def _words(text: str, missing: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise Refused(missing)
    return said[:LONGEST_WORDS]
