"""A form that was handed in, as it is shown to whom handed it in: read-only, in the form's own version."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.form_schema import from_draft, from_storage, summary_rows
from app.models.accounts import Person
from app.models.documents import Draft, Submission
from app.services import definitions
from app.services.context import Actor
from app.services.task_forms import Paper


def of_task(session: Session, task_id: int, *, language: str) -> Paper | None:
    """Return the answers with which a task was completed; None for a task that had no form."""
    found = session.execute(
        select(Submission, Person.name)
        .join(Person, Person.id == Submission.by_id)
        .where(Submission.task_id == task_id, Submission.form_definition_id.is_not(None))
    ).one_or_none()
    if found is None:
        return None
    submission, name = found
    assert submission.form_definition_id is not None  # noqa: S101 -- asked in the query
    model = definitions.form_model(session, submission.form_definition_id)
    lines = summary_rows(model, from_storage(model, submission.answers), language)
    title = model.name if language == "zh" else model.title("en") or model.name
    return Paper(submission.form_id, title, name, submission.at, lines)


def not_submitted(session: Session, task_id: int, *, by: Actor, language: str) -> Paper | None:
    """Return what `by` had typed into a task that somebody else closed, valid or not; None where nothing is kept."""
    draft = session.get(Draft, (task_id, by.id))
    if draft is None or draft.form_definition_id is None or not draft.values:
        return None
    model = definitions.form_model(session, draft.form_definition_id)
    lines = summary_rows(model, from_draft(model, draft.values), language)
    title = model.name if language == "zh" else model.title("en") or model.name
    return Paper(model.form_id, title, by.name, draft.saved_at, lines, by_id=by.id)
