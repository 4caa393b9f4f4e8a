"""The vocabulary that the lint holds a drawn file against: the county's words and what is in force here."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine import lint as linting
from app.engine.lint import Form, Named, Vocabulary, county_vocabulary, sandbox
from app.errors import DiagramNotExecutable, Finding
from app.form_schema import FormModel, parse_form
from app.models.process import Definition
from app.services import definitions


def current(session: Session | None) -> Vocabulary:
    """Return all names that a diagram may use in this installation; without a session only the shipped ones."""
    if session is None:
        return county_vocabulary()
    return county_vocabulary(_forms(session), processes=_named(session, "bpmn"), decisions=_named(session, "dmn"))


def form_of(model: FormModel) -> Form:
    """Return what a diagram may know of a form: its names and its fields."""
    fields = {field.key: field.type for field in model.answers()}
    return Form(Named(model.title(), model.title("en")), fields)


def _forms(session: Session) -> dict[str, Form]:
    rows = session.execute(
        select(Definition.key, Definition.id).where(Definition.kind == "form", Definition.in_force)
    ).all()
    return {key: form_of(definitions.form_model(session, definition_id)) for key, definition_id in rows}


def _named(session: Session, kind: str) -> list[tuple[str, str]]:
    rows = session.execute(
        select(Definition.key, Definition.name).where(Definition.kind == kind, Definition.in_force)
    ).all()
    return [(key, name) for key, name in rows]


def lint(
    session: Session | None, source: bytes, kind: str, vocabulary: Vocabulary | None = None
) -> tuple[Finding, ...]:
    """Return every finding of a file, in words; nothing is raised whatever the bytes are."""
    if kind == "form":
        try:
            parse_form(source)
        except DiagramNotExecutable as refused:
            return refused.findings
        return ()
    words = vocabulary or current(session)
    return tuple(linting.lint_decision(source, words) if kind == "dmn" else linting.lint_process(source, words))


def lint_path(path: Path, vocabulary: Vocabulary) -> tuple[Finding, ...]:
    """Return every finding of a file on disk; diagrams and tables are judged in a child process under limits."""
    if path.suffix != ".form":
        return sandbox.lint_file(path, vocabulary)
    try:
        source = path.read_bytes()
    except OSError:
        return (Finding("file-missing", "", "error", "读不了这个文件。", "The file cannot be read."),)
    return lint(None, source, "form", vocabulary)
