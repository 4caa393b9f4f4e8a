"""Definitions: published as immutable numbered versions, released by a second person, parsed once a process."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

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
"""Kind and version → what was parsed, once in this process; a version never changes, so it never goes stale."""
_parsing = threading.Lock()
_PARSERS: dict[str, Callable[[str], Any]] = {"bpmn": lambda source: parse_process(source.encode()), "form": parse_form}


def _parsed(session: Session, *wanted: tuple[str, int]) -> list[Any]:
    """Return versions by kind and id; those that this process has not read yet it reads in one statement."""
    missing = [one for one in wanted if one not in _cache]
    if missing:
        columns = select(Definition.kind, Definition.id, Definition.source)
        for kind, row_id, source in session.execute(
            columns.where(Definition.id.in_([row_id for _, row_id in missing]))
        ):
            with _parsing:
                if kind in _PARSERS and (kind, row_id) not in _cache:
                    _cache[kind, row_id] = _PARSERS[kind](source)
    if any(one not in _cache for one in missing):
        raise NotFound("没有这一版定义。")
    return [_cache[one] for one in wanted]


def process_model(session: Session, definition_id: int) -> ProcessModel:
    """Return the parsed diagram of a version."""
    (model,) = _parsed(session, ("bpmn", definition_id))
    return cast("ProcessModel", model)


def form_model(session: Session, definition_id: int) -> FormModel:
    """Return the parsed form of a version."""
    (model,) = _parsed(session, ("form", definition_id))
    return cast("FormModel", model)


def form_and_process(session: Session, form_id: int, process_id: int) -> tuple[FormModel, ProcessModel]:
    """Return the parsed form and diagram of a task, read together where neither has been read."""
    form, process = _parsed(session, ("form", form_id), ("bpmn", process_id))
    return cast("FormModel", form), cast("ProcessModel", process)


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
