"""Definitions: published as immutable numbered versions, released by a second person, parsed once a process."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import sandbox
from app.engine import decisions, drawn_file
from app.engine.definition import ProcessModel, parse_process
from app.errors import DiagramNotExecutable, Finding, NotFound, NotPermitted
from app.form_schema import FormModel, parse_form
from app.models.process import Definition, DefinitionStart
from app.services import audit, vocabulary

KIND_OF_SUFFIX = {".bpmn": "bpmn", ".dmn": "dmn", ".form": "form"}


@dataclass(frozen=True)
class Published:
    """What a publication came to."""

    definition: Definition
    new: bool
    """False when exactly this text is already in force."""


def publish(
    session: Session,
    source: bytes,
    *,
    kind: str,
    now: datetime,
    by: int | None,
    release_by: int | None = None,
    shipped: bool = False,
    comment: str = "",
    judged: Sequence[Finding] | None = None,
) -> Published:
    """Store one file as the next version of its definition; raise DiagramNotExecutable with all its findings.

    Without `release_by` it stays a draft that nothing runs. The releaser is another person than `by` (four eyes,
    specification §2.5); what the installation ships (`shipped`) needs nobody, and never displaces
    a version that people have published here. The same text as the version in force is not stored again.
    It is judged in a child process under limits, except what is shipped: that is trusted like the program itself.
    `judged` are the findings where somebody has just asked for them.
    """
    text = drawn_file.text_of(source, kind)
    digest = hashlib.sha256(text.encode()).hexdigest()
    same = session.scalar(
        select(Definition).where(Definition.kind == kind, Definition.sha256 == digest, Definition.in_force)
    )
    if same is not None:
        return Published(same, new=False)
    findings = _judged(session, source, kind, shipped=shipped) if judged is None else judged
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        raise DiagramNotExecutable(errors)
    key, name, version_tag = _identity(source, kind)
    current = in_force(session, kind, key)
    if shipped and current is not None and current.published_by is not None:
        return Published(current, new=False)
    newest = session.scalar(select(func.max(Definition.version)).where(Definition.kind == kind, Definition.key == key))
    definition = Definition(
        kind=kind,
        key=key,
        version=(newest or 0) + 1,
        name=name,
        version_tag=version_tag,
        source=text,
        sha256=digest,
        comment=comment,
        published_by=by,
        published_at=now,
    )
    session.add(definition)
    session.flush()
    audit.record(
        session,
        "publish_definition",
        subject_kind="definition",
        subject_id=definition.id,
        actor_id=by,
        now=now,
        detail={"kind": kind, "key": key, "version": definition.version, "sha256": digest},
    )
    if shipped or release_by is not None:
        release(session, definition, by=release_by, now=now, shipped=shipped)
    return Published(definition, new=True)


def _judged(session: Session, source: bytes, kind: str, *, shipped: bool) -> tuple[Finding, ...]:
    words = vocabulary.current(session)
    return sandbox.findings_of(source, kind, words) if shipped else sandbox.lint(source, kind, words)


def release(session: Session, definition: Definition, *, by: int | None, now: datetime, shipped: bool = False) -> None:
    """Put a version into force; the one before it stays for the instances that run on it.

    Raises NotPermitted when the releaser is the one who published (specification §2.5).
    """
    if not shipped and (by is None or by == definition.published_by):
        raise NotPermitted("发布须由另一人复核，你不能复核自己提交的版本。")
    session.execute(
        update(Definition)
        .where(Definition.kind == definition.kind, Definition.key == definition.key, Definition.in_force)
        .values(in_force=False)
    )
    definition.in_force = True
    definition.released_by = by
    definition.released_at = now
    if definition.kind == "bpmn":
        _register_starts(session, definition)
    session.flush()
    audit.record(
        session,
        "release_definition",
        subject_kind="definition",
        subject_id=definition.id,
        actor_id=by,
        now=now,
        detail={"kind": definition.kind, "key": definition.key, "version": definition.version},
    )


def _register_starts(session: Session, definition: Definition) -> None:
    model = process_model(session, definition.id)
    starts = [("message", name, element) for name, element in model.message_starts.items()]
    starts += [("signal", name, element) for name, element in model.signal_starts.items()]
    starts += [("timer", expression, element) for element, expression in model.timer_starts.items()]
    for kind, name, element_id in starts:
        session.add(DefinitionStart(definition_id=definition.id, element_id=element_id, kind=kind, name=name))


def in_force(session: Session, kind: str, key: str) -> Definition | None:
    """Return the version in force of a definition, or None."""
    return session.scalar(select(Definition).where(Definition.kind == kind, Definition.key == key, Definition.in_force))


def process_in_force(session: Session, key: str) -> Definition:
    """Return the version in force of a process; raise NotFound."""
    definition = in_force(session, "bpmn", key)
    if definition is None:
        raise NotFound("没有正在使用的流程“%(key)s”。", key=key)
    return definition


_cache: dict[tuple[str, int], Any] = {}
_parsing = threading.Lock()


def _parsed(session: Session, kind: str, definition_id: int, parse: Callable[[str], Any]) -> Any:
    """Parse a version once in this process; a version never changes, so the cache never goes stale."""
    found = _cache.get((kind, definition_id))
    if found is None:
        source = session.scalar(
            select(Definition.source).where(Definition.id == definition_id, Definition.kind == kind)
        )
        if source is None:
            raise NotFound("没有这一版定义。")
        with _parsing:
            found = _cache.setdefault((kind, definition_id), parse(source))
    return found


def process_model(session: Session, definition_id: int) -> ProcessModel:
    """Return the parsed diagram of a version."""
    model: ProcessModel = _parsed(session, "bpmn", definition_id, lambda source: parse_process(source.encode()))
    return model


def form_model(session: Session, definition_id: int) -> FormModel:
    """Return the parsed form of a version."""
    model: FormModel = _parsed(session, "form", definition_id, parse_form)
    return model


def decision_source(session: Session, decision_id: str) -> str:
    """Return the DMN text in force that holds a decision; raise KeyError."""
    definition = in_force(session, "dmn", decision_id)
    if definition is None:
        raise KeyError(decision_id)
    return definition.source


def forget_parsed() -> None:
    """Empty the cache of parsed definitions, when this process turns to another database."""
    _cache.clear()


def _identity(source: bytes, kind: str) -> tuple[str, str, str]:
    if kind == "bpmn":
        model = parse_process(source)
        return model.process_id, model.name, model.version_tag
    if kind == "dmn":
        decision = decisions.parse_decisions(source)
        return decision.key, decision.name, ""
    form = parse_form(source)
    return form.form_id, form.name, ""


def kind_of(path: Path) -> str:
    """Return the kind that a file's name says; raise DiagramNotExecutable."""
    kind = KIND_OF_SUFFIX.get(path.suffix)
    if kind is None:
        raise DiagramNotExecutable(
            [
                Finding(
                    "unknown-file-kind",
                    "",
                    "error",
                    "文件名应以 .bpmn、.dmn 或 .form 结尾。",
                    "The file's name should end in .bpmn, .dmn or .form.",
                )
            ]
        )
    return kind


def versions(session: Session, kind: str, key: str) -> list[Definition]:
    """Return every version of a definition, newest first."""
    return list(
        session.scalars(
            select(Definition).where(Definition.kind == kind, Definition.key == key).order_by(Definition.version.desc())
        )
    )
