"""The vocabulary that the lint holds a drawn file against: the county's words and what is in force here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine.decision_outcomes import outcomes_of
from app.engine.lint import Form, Named, Recorder, Vocabulary, county_vocabulary
from app.engine.lint.callers import handed_over
from app.form_schema import Field, FormModel
from app.form_schema.model import SINGLE_CHOICES
from app.models.accounts import Person, PersonRole
from app.models.process import Definition
from app.services import definitions


def current(session: Session | None) -> Vocabulary:
    """Return all names that a diagram may use in this installation; without a session only the shipped ones."""
    if session is None:
        return replace(county_vocabulary(), recorders=recorders())
    inputs, forms = _drawn(session)
    words = county_vocabulary(
        _forms(session), processes=_named(session, "bpmn"), decisions=_named(session, "dmn"), inputs=inputs
    )
    processes = {key: replace(one, forms=forms.get(key, frozenset())) for key, one in (words.processes or {}).items()}
    return replace(
        words, processes=processes, recorders=recorders(), held_roles=_held(session), outcomes=outcomes(session)
    )


def recorders() -> Mapping[str, Recorder]:
    """Return what records which form, as a diagram is held against it."""
    from app.services.recorders import PURPOSES, RECORDERS, SIGNATURES  # noqa: PLC0415 -- they rest on this module

    named = [
        *RECORDERS.items(),
        *((f"signs:{key}", one) for key, one in SIGNATURES.items()),
        *((f"records:{key}", one) for key, one in PURPOSES.items()),
    ]
    return {key: Recorder(one.form_id, one.roles, one.must_follow, one.required_fields) for key, one in named}


def _drawn(session: Session) -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]]]:
    """Return what callers hand over to each process, and which forms the tasks of each record."""
    rows = session.execute(
        select(Definition.key, Definition.id, Definition.source).where(Definition.kind == "bpmn", Definition.in_force)
    ).all()
    known = tuple(sorted(row_id for _, row_id, _ in rows))
    if known not in _handed:
        _handed.clear()
        _handed[known] = handed_over(source.encode() for _, _, source in rows)
    models = {key: definitions.process_model(session, row_id) for key, row_id, _ in rows}
    forms = {
        key: frozenset(task.form_id for task in model.user_tasks.values() if task.form_id)
        for key, model in models.items()
    }
    return _handed[known], forms


_handed: dict[tuple[int, ...], Mapping[str, frozenset[str]]] = {}
"""What callers hand over, by the versions in force; only the newest is kept."""


def _held(session: Session) -> frozenset[str]:
    return frozenset(
        session.scalars(
            select(PersonRole.role).join(Person, Person.id == PersonRole.person_id).where(Person.active).distinct()
        )
    )


def form_of(model: FormModel) -> Form:
    """Return what a diagram may know of a form: its names and its fields."""
    answers = list(model.answers())
    fields = {field.key: field.type for field in answers}
    options = {field.key: texts for field in answers if field.type in SINGLE_CHOICES and (texts := _texts(field))}
    return Form(Named(model.title(), model.title("en")), fields, options)


def _texts(field: Field) -> tuple[str, ...]:
    """Return the values of a choice; nothing where they come from elsewhere or are no texts."""
    listed = field.component.get("values")
    values = [one.get("value") for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    texts = tuple(value for value in values if isinstance(value, str))
    return texts if len(texts) == len(values) else ()


def outcomes(session: Session) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return the texts that each decision in force can give, by output; a single output stands under no name."""
    sources = session.scalars(select(Definition.source).where(Definition.kind == "dmn", Definition.in_force))
    return {key: texts for source in sources for key, texts in outcomes_of(source.encode()).items()}


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
