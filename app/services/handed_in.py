"""A form that was handed in, as it is shown to whom handed it in: read-only, in the form's own version."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.form_schema import from_draft, from_storage, summary_rows
from app.models.accounts import Person
from app.models.documents import Draft, Submission
from app.models.process import UserTask
from app.services import definitions
from app.services.context import Actor
from app.services.form_context import option_labels
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
    return _paper(session, found[0], found[1], language)


def _paper(session: Session, submission: Submission, name: str, language: str) -> Paper:
    assert submission.form_definition_id is not None  # noqa: S101 -- asked in the query
    model = definitions.form_model(session, submission.form_definition_id)
    called = option_labels(session, model, instance_id=submission.instance_id, now=submission.at)
    lines = summary_rows(model, from_storage(model, submission.answers), language, context=called)
    title = model.name if language == "zh" else model.title("en") or model.name
    return Paper(submission.form_id, title, name, submission.at, lines, by_id=submission.by_id)


def of_project(session: Session, project_id: int, *, language: str) -> Iterator[tuple[Submission, Paper]]:
    """Yield every form that was handed in to a project, in order, with how it reads."""
    found = session.execute(
        select(Submission, Person.name)
        .join(Person, Person.id == Submission.by_id)
        .where(Submission.project_id == project_id, Submission.form_definition_id.is_not(None))
        .order_by(Submission.id)
    )
    for submission, name in found:
        yield submission, _paper(session, submission, name, language)


def stored(session: Session, task_id: int) -> Submission | None:
    """Return what a task was completed with, as it is stored."""
    return session.scalar(select(Submission).where(Submission.task_id == task_id))


def not_submitted(session: Session, task_id: int, *, by: Actor, language: str) -> Paper | None:
    """Return what `by` had typed into a task that somebody else closed, valid or not; None where nothing is kept."""
    draft = session.get(Draft, (task_id, by.id))
    if draft is None or draft.form_definition_id is None or not draft.values:
        return None
    model = definitions.form_model(session, draft.form_definition_id)
    instance_id = session.scalars(select(UserTask.instance_id).where(UserTask.id == task_id)).one()
    called = option_labels(session, model, instance_id=instance_id, now=draft.saved_at)
    lines = summary_rows(model, from_draft(model, draft.values), language, context=called)
    title = model.name if language == "zh" else model.title("en") or model.name
    return Paper(model.form_id, title, by.name, draft.saved_at, lines, by_id=by.id)
