"""A form is the write: completing a task calls its form's recorder, which asks the regulation and writes the facts.

Whatever diagram the form stands in, the gates are asked here, so that no redrawn diagram can get round them.
"""

from __future__ import annotations

from app.domain import gates
from app.domain.acts import Act
from app.domain.refusals import Link, Refusal
from app.domain.states import State
from app.errors import RegulationViolation
from app.services import fund_holds, papers
from app.services.context import Recorded, StepContext
from app.services.flushing import flushing
from app.services.recorders import (
    acceptance,
    aftercare,
    approval,
    budget,
    catalogue,
    construction,
    correction,
    evaluation,
    extension,
    inspection,
    operation,
    payment,
    planning,
    preprocurement,
    procurement,
    rectification,
    review,
    sharing,
)
from app.services.recorders.registry import PURPOSES, RECORDERS, SIGNATURES, Recorder
from app.services.recorders.work import Work, missing_step

__all__ = ["PURPOSES", "RECORDERS", "ROOMS", "SIGNATURES", "Recorder", "record", "recorder_of"]

ROOMS = (
    planning, review, approval, budget, preprocurement, procurement, construction, acceptance, extension, payment,
    catalogue, operation, evaluation, inspection, rectification, sharing, aftercare, correction,
)  # fmt: skip
"""The modules whose decorators fill the registry."""


def recorder_of(recorded: Recorded) -> Recorder | None:
    """Return what records this form in this task: its purpose, what it signs, or the form's own recorder.

    None for a form of a process owner's own, which is kept as a submission and nothing more.
    """
    found = PURPOSES.get(recorded.properties.get("records", ""))
    if found is not None and found.form_id == recorded.form_id:
        return found
    if recorded.form_id == "f00s":
        return SIGNATURES.get(recorded.properties.get("signs", ""))
    return RECORDERS.get(recorded.form_id)


def record(context: StepContext, recorded: Recorded) -> None:
    """Record a form that a person has completed; raise RegulationViolation with every refusal, and nothing is written.

    A lane cannot give away what the regulation gives to one office: the recorder's roles are asked here too.
    """
    found = recorder_of(recorded)
    if found is None:
        return
    work = Work(context, recorded)
    if found.roles and not found.roles & work.by.roles:
        raise RegulationViolation([_not_yours(found, recorded)])
    work.demand((*_closed(work), *_nothing_to_sign(work, found)))
    with flushing(context.session):
        found.record(work)
        if recorded.form_id in MOVES_HOLDS and (work.has_project or context.project_id is not None):
            _keep_holds(work)
        papers.after_form(context, recorded)


MOVES_HOLDS = frozenset({"f00s", "f00c", "f04s", "f16s", "f16g", "f17c", "f22"})
"""Forms after which a hold may have come into force or ended; the record follows the facts in the same transaction."""


def _closed(work: Work) -> tuple[Refusal, ...]:
    """Refuse every form of a project that was removed or is regulated otherwise (第十八条, 第三十四条; G-20, G-38)."""
    project = work.bound_project()
    if project is None or project.state not in {State.REMOVED, State.EXEMPT}:
        return ()
    return gates.check(gates.EVERYWHERE, work.facts, Act(work.recorded.form_id, by=work.by.username))


def _nothing_to_sign(work: Work, found: Recorder) -> tuple[Refusal, ...]:
    """Refuse a signature on a form that nobody has handed in for the project, wherever a diagram asks for it."""
    signed = work.recorded.properties.get("signs", "")
    if SIGNATURES.get(signed) is not found or work.bound_project() is None or work.author(signed):
        return ()
    return (missing_step("没有待签的表单。", form=signed),)


def _keep_holds(work: Work) -> None:
    facts = work.reload()
    now = work.context.now
    fund_holds.lift_ended(work.session, work.project.id, facts, now=now, evidence=_evidence(work), by=())
    fund_holds.record_in_force(work.session, work.project.id, facts, now=now)


def _evidence(work: Work) -> str:
    """Return what was done, and with which result, in the words that stand in the record of a lifted hold."""
    task = work.context.task
    done = " ".join(task.name.split()) if task is not None else work.recorded.form_id
    said = work.text("conclusion") or work.text("result")
    return f"{done}：{said}" if said else done


def _not_yours(found: Recorder, recorded: Recorded) -> Refusal:
    return Refusal(
        gate="ROLE",
        articles=(5,),
        message="这张表单依职责由其他岗位办理，流程图不能改由你办理。",
        remedy="请流程管理员改正这项任务的办理角色。",
        holder_role=min(found.roles),
        holder_kind="bureau",
        link=Link("form", recorded.form_id),
        missing=tuple(sorted(found.roles)),
    )
