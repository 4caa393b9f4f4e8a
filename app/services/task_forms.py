"""The form of a task as its holder opens it: schema, facts, earlier answers, her draft; and what forbids it now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.facts import ProjectFacts
from app.domain.gates import check_form
from app.domain.refusals import Refusal
from app.errors import NotFound
from app.form_schema import (
    FormModel,
    Row,
    Table,
    from_storage,
    localised,
    summary_rows,
    to_display,
)
from app.models.accounts import Person
from app.models.business import PanelMember, Project
from app.models.documents import Draft, Submission
from app.models.process import ProcessInstance, UserTask
from app.services import definitions, expert_replacements, expert_tasks
from app.services.context import Actor, StepContext
from app.services.facts import project_facts
from app.services.first_rows import first_rows
from app.services.form_context import form_context, option_labels
from app.services.papers.first_words import first_words

SIGNING_FORM = "f00s"
EXPERT = "expert"
REVISED = frozenset({"f03"})
"""Forms that are mended after the verdict that lies beside them, at their own step or at another."""
EACH_TIME_ANEW = frozenset({"f00s", "f01", "f15b", "f15m"})
"""A signature, a declaration, the report of a month: what was said last time is no answer to this one."""
LOOP = "loopCounter"
"""Which round of a multi-instance task it is; its other inputs say what the round is about."""


@dataclass(frozen=True)
class Paper:
    """A form handed in earlier that the task's page shows, read-only: what is signed, what the step builds on."""

    form_id: str
    title: str
    by: str
    at: datetime
    lines: Sequence[Row | Table]
    signed: bool = False
    """The task signs it."""
    by_id: int = 0
    """Who handed it in."""


@dataclass(frozen=True)
class OpenForm:
    """A task's form with the data it opens with."""

    form_id: str
    title: str
    version: int
    schema: Mapping[str, object]
    data: Mapping[str, object]
    draft_revision: int = 0
    draft_saved_at: datetime | None = None


@dataclass(frozen=True)
class TaskContent:
    """What a task's page computes: its form, the papers beside, and every reason why it cannot be done now."""

    form: OpenForm | None
    papers: Sequence[Paper] = ()
    refusals: Sequence[Refusal] = ()
    properties: Mapping[str, object] = field(default_factory=dict)
    project_id: int | None = None
    """The project on which the task works; in the yearly plan that of the task, not of the instance."""


def open_content(session: Session, task_id: int, *, by: Actor, now: datetime, language: str) -> TaskContent:
    """Return the content of a task's page; reads only. Whether `by` may see the task is for the caller to ask.

    Raises NotFound for a task that does not exist.
    """
    task = session.get(UserTask, task_id)
    instance = session.get(ProcessInstance, task.instance_id) if task is not None else None
    if task is None or instance is None:
        raise NotFound
    context = StepContext(session, now, instance, by)
    context.task = task
    properties = task.properties or {}
    project_id = _project_of(session, task, instance)
    return TaskContent(
        form=_form(context, task, language),
        papers=_papers(session, task, project_id, language),
        refusals=_refusals(session, task, project_id, by=by, now=now),
        properties=properties,
        project_id=project_id,
    )


def _project_of(session: Session, task: UserTask, instance: ProcessInstance) -> int | None:
    number = (task.inputs or {}).get("project_no")
    if isinstance(number, str) and number:
        return session.scalar(select(Project.id).where(Project.no == number))
    return instance.project_id


def _form(context: StepContext, task: UserTask, language: str) -> OpenForm | None:
    if task.form_definition_id is None:
        return None
    session = context.session
    model = definitions.form_model(session, task.form_definition_id)
    data = {**form_context(context, model, task.inputs or {}, language), **first_rows(context, task),
            **_first_words(context, task), **_earlier(session, task, model, context.by)}  # fmt: skip
    if task.form_id == "f05" and context.project_id is not None:
        data.update(expert_replacements.prefill(session, context.project_id))
    draft = session.get(Draft, (task.id, context.by.id)) if context.by is not None else None
    if draft is not None:
        data.update(draft.values)
    definition = definitions.versions(session, "form", task.form_id)
    version = next((one.version for one in definition if one.id == task.form_definition_id), 1)
    return OpenForm(
        form_id=task.form_id,
        title=model.name if language == "zh" else model.title("en") or model.name,
        version=version,
        schema=localised(model.schema, language),
        data=data,
        draft_revision=draft.revision if draft is not None else 0,
        draft_saved_at=draft.saved_at if draft is not None else None,
    )


def _first_words(context: StepContext, task: UserTask) -> Mapping[str, object]:
    """Return what the form of an opinion opens with, for who writes it."""
    by = context.by
    if by is None or context.project_id is None or not by.roles & set(task.roles.split()):
        return {}
    return first_words(context.session, task.form_id or "", context.project_id, today=context.today)


def _earlier(session: Session, task: UserTask, model: FormModel, by: Actor | None) -> Mapping[str, object]:
    """Return the answers given at the same element before: what was returned is mended, not typed again.

    Not so a judgement on what has been handed in anew since: it is made anew, whatever was found last time. In a loop
    only those of its own round, and an expert's only to herself: none must see what another has scored, not even who
    was drawn in her place (§2.3).
    """
    if task.form_id in EACH_TIME_ANEW or task.properties.get("signs"):
        return {}
    query = (
        select(Submission.form_definition_id, Submission.answers, Submission.id)
        .where(Submission.instance_id == task.instance_id, Submission.form_id == task.form_id)
        .order_by(Submission.id.desc())
        .limit(1)
    )
    if task.form_id not in REVISED:
        query = query.where(Submission.element_id == task.element_id)
    if LOOP in (task.inputs or {}):
        query = query.where(Submission.task_id.in_(_same_round(session, task)))
    if EXPERT in task.roles.split() and by is not None:
        query = query.where(Submission.by_id == by.id)
    found = session.execute(query).one_or_none()
    if found is None or found[0] is None or _handed_in_since(session, task, found[2]):
        return {}
    return to_display(model, from_storage(definitions.form_model(session, found[0]), found[1]))


def _handed_in_since(session: Session, task: UserTask, submission_id: int) -> bool:
    """Say whether a paper that lies beside the task is newer than an answer given there."""
    beside = _beside(task)
    if not beside or task.form_id in REVISED:
        return False
    scope = Submission.instance_id == task.instance_id
    if task.project_id is not None:
        scope |= Submission.project_id == task.project_id
    newer = select(Submission.id).where(scope, Submission.form_id.in_(beside), Submission.id > submission_id).limit(1)
    return session.scalar(newer) is not None


def _beside(task: UserTask) -> list[str]:
    return [part.strip() for part in str((task.properties or {}).get("shows", "")).split(",") if part.strip()]


def _same_round(session: Session, task: UserTask) -> list[int]:
    """Return the tasks of the same element that were about the same thing, whatever their place in the loop."""

    def about(inputs: Mapping[str, object] | None) -> dict[str, object]:
        return {name: value for name, value in (inputs or {}).items() if name != LOOP}

    others = session.execute(
        select(UserTask.id, UserTask.inputs).where(
            UserTask.instance_id == task.instance_id, UserTask.element_id == task.element_id
        )
    )
    return [key for key, inputs in others if about(inputs) == about(task.inputs)]


def _papers(session: Session, task: UserTask, project_id: int | None, language: str) -> tuple[Paper, ...]:
    signed = str((task.properties or {}).get("signs", "")).strip()
    wanted = list(dict.fromkeys([*([signed] if signed else []), *_beside(task)]))
    return tuple(
        paper
        for form_id in wanted
        if (paper := _paper(session, task, project_id, form_id, language, signed=form_id == signed))
    )


def _paper(
    session: Session, task: UserTask, project_id: int | None, form_id: str, language: str, *, signed: bool
) -> Paper | None:
    scope = Submission.instance_id == task.instance_id
    if project_id is not None:
        scope |= Submission.project_id == project_id
    found = session.execute(
        select(Submission, Person.name)
        .join(Person, Person.id == Submission.by_id)
        .where(scope, Submission.form_id == form_id, Submission.form_definition_id.is_not(None))
        .order_by((Submission.instance_id == task.instance_id).desc(), Submission.id.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        return None
    submission, name = found
    assert submission.form_definition_id is not None  # noqa: S101 -- asked in the query
    model = definitions.form_model(session, submission.form_definition_id)
    called = option_labels(session, model, instance_id=submission.instance_id, now=submission.at)
    lines = summary_rows(model, from_storage(model, submission.answers), language, context=called)
    title = model.name if language == "zh" else model.title("en") or model.name
    return Paper(form_id, title, name, submission.at, lines, signed=signed, by_id=submission.by_id)


def _refusals(
    session: Session, task: UserTask, project_id: int | None, *, by: Actor, now: datetime
) -> tuple[Refusal, ...]:
    """Return what forbids the task as the facts stand; what this very form will mend is not held against it."""
    if project_id is None or not task.form_id or task.status != "open":
        return ()
    form_id, signs = task.form_id, task.form_id == SIGNING_FORM
    if signs:
        form_id = str((task.properties or {}).get("signs", "")) or form_id
    facts = project_facts(session, project_id, now=now)
    act = Act(form_id, by=by.username, signing=signs)
    found = (*check_form(facts, act), *_conflicts(session, task, facts, by=by))
    return tuple(one for one in found if not (one.link.kind == "form" and one.link.target == task.form_id))


def _conflicts(session: Session, task: UserTask, facts: ProjectFacts, *, by: Actor) -> tuple[Refusal, ...]:
    """Return what forbids an expert to act on her seat, asked again whenever she opens her task (§2.4)."""
    purposes = PURPOSES_OF_SEATS.get(task.form_id, ())
    if EXPERT not in task.roles.split() or not purposes:
        return ()
    seat = session.scalar(
        select(PanelMember)
        .where(
            PanelMember.project_id == task.project_id, PanelMember.person_id == by.id,
            PanelMember.purpose.in_(purposes), PanelMember.replaced.is_(False),
        )
        .order_by(PanelMember.id.desc())
        .limit(1)
    )  # fmt: skip
    return () if seat is None else expert_replacements.conflicts_of(session, facts, seat)


PURPOSES_OF_SEATS: Mapping[str, tuple[str, ...]] = {
    **expert_tasks.PURPOSES, "f05g": ("review",), "f16e": ("acceptance",), "f16g": ("acceptance",),
}  # fmt: skip
"""Form of an expert → the panels on which she fills it in."""
