"""公文自动成稿: the paper as it would look if what somebody is filling in, or is about to sign, were signed now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.domain.money import MOST_FEN
from app.domain.numbers import Path
from app.domain.papers import Content
from app.domain.terms import ApprovalKind, OpinionKind
from app.form_schema import from_draft, to_storage
from app.models.base import Base
from app.models.business import (
    AcceptanceAttempt,
    Approval,
    Change,
    Evaluation,
    MeasureTaken,
    Opinion,
    Order,
    Project,
)
from app.models.documents import Draft, Submission
from app.models.process import ProcessInstance, UserTask
from app.services import definitions
from app.services.context import Actor
from app.services.papers.issue import MAKERS, OF_THE_SUBMISSION
from app.services.papers.reading import Desk, fen, rows_of, text

AT_SIGNING = "（签发时编号）"
SIGNING = "f00s"
Answers = Mapping[str, Any]


@dataclass(frozen=True)
class _Case:
    """What a preview starts from."""

    session: Session
    project: Project
    instance_id: int
    by: Actor
    now: datetime

    def newest(self, table: type[Base], **where: object) -> Any:
        columns = table.__table__.c
        query = select(table).filter_by(project_id=self.project.id, **where).order_by(columns.id.desc())
        return self.session.scalar(query.limit(1))

    def opinion(self, kind: OpinionKind, conclusion: str, **more: Any) -> Opinion:
        """Return an opinion that nobody has signed, and that the session does not know."""
        values = {"part": "", "text": "", "content": {}, "doc_no": "", "signed_by": "", "void": False} | more
        return Opinion(
            project_id=self.project.id, kind=kind, scope_version=self.project.scope_version, conclusion=conclusion,
            drafted_on=self.now.date(), drafted_by=self.by.username, **values,
        )  # fmt: skip


def _listed(answers: Answers, key: str) -> list[str]:
    return [said for row in rows_of(answers.get(key)) if (said := text(row.get("content")))]


def _review(case: _Case, answers: Answers) -> Opinion:
    content = {
        "cuts": [dict(row) for row in rows_of(answers.get("cuts"))],
        "conditions": _listed(answers, "conditions"),
    }
    return case.opinion(
        OpinionKind.REVIEW, text(answers.get("conclusion")), text=text(answers.get("text")), content=content,
        reviewed_total_fen=fen(answers.get("reviewed_total")),
    )  # fmt: skip


def _industry(case: _Case, answers: Answers) -> Opinion:
    content = {
        "feasibility_version": text(answers.get("feasibility_version")),
        "conditions": _listed(answers, "conditions"),
    }
    return case.opinion(
        OpinionKind.INDUSTRY, text(answers.get("conclusion")), text=text(answers.get("text")), content=content
    )


def _preprocurement(case: _Case, answers: Answers) -> Opinion:
    return case.opinion(OpinionKind.PRE_PROCUREMENT, text(answers.get("conclusion")), text=text(answers.get("opinion")))


def _acceptance(case: _Case, answers: Answers) -> Opinion:
    attempt = case.newest(AcceptanceAttempt)
    return case.opinion(
        OpinionKind.ACCEPTANCE, text(answers.get("conclusion")), text=text(answers.get("basis")),
        part=str(attempt.number if attempt is not None else 1),
    )  # fmt: skip


def _service_funds(case: _Case, answers: Answers) -> Approval:
    approved = min(max(fen(answers.get("approved")) or 0, 0), MOST_FEN)
    return Approval(
        project_id=case.project.id, kind=ApprovalKind.SERVICE_FUNDS, decision="核定" if approved else "",
        scope_version=case.project.scope_version, amount_fen=approved, doc_no="", decided_on=case.now.date(),
        drafted_by=case.by.username, signed_by="",
    )  # fmt: skip


def _change(case: _Case, answers: Answers) -> Change:
    last = case.newest(Change)
    kinds = answers.get("type")
    named = sorted(str(one) for one in kinds) if isinstance(kinds, list) else [text(kinds)]
    content = {"type": named, **{key: text(answers.get(key)) for key in ("before", "after", "reason")}}
    return Change(
        project_id=case.project.id, instance_id=case.instance_id, number=last.number + 1 if last is not None else 1,
        delta_fen=fen(answers.get("delta")) or 0, status="submitted", content=content, filed_on=case.now.date(),
        filed_by=case.by.username,
    )  # fmt: skip


def _conclusion(case: _Case, answers: Answers) -> AcceptanceAttempt | None:
    row = case.newest(AcceptanceAttempt)
    if row is None:
        return None
    return AcceptanceAttempt(
        id=row.id, project_id=row.project_id, number=row.number, applied_on=row.applied_on, held_on=row.held_on,
        place=row.place, conclusion=text(answers.get("conclusion")), opinion=text(answers.get("text")),
    )  # fmt: skip


def _order(case: _Case, answers: Answers) -> Order:
    found = [text(row.get("fact") or row.get("problem")) for row in rows_of(answers.get("items"))]
    return Order(
        project_id=case.project.id, number="", doc_no="", findings=[one for one in found if one], issued_on=None,
        due=_day(answers.get("limit")),
    )  # fmt: skip


def _day(value: object) -> date | None:
    """Return a stored day; None while what was typed is none."""
    try:
        return date.fromisoformat(text(value))
    except ValueError:
        return None


def _measure(case: _Case, answers: Answers) -> MeasureTaken:
    order = case.newest(Order)
    return MeasureTaken(
        project_id=case.project.id, order_id=order.id if order is not None else None, kind=text(answers.get("kind")),
        facts=text(answers.get("facts")), proposed_by=case.by.username, proposed_on=case.now.date(), cosigned_by=[],
        doc_no="", signed_by="",
    )  # fmt: skip


def _panel(case: _Case, answers: Answers) -> Submission:
    return Submission(
        instance_id=case.instance_id, project_id=case.project.id, form_id="f05g", answers=dict(answers),
        by_id=case.by.id, at=case.now,
    )  # fmt: skip


def _scrapping(case: _Case, answers: Answers) -> Submission:
    del answers
    return Submission(
        instance_id=case.instance_id, project_id=case.project.id, form_id="f00s", answers={"result": "待审批"},
        by_id=case.by.id, at=case.now,
    )  # fmt: skip


def _evaluation(case: _Case, answers: Answers) -> Evaluation | None:
    del answers
    found: Evaluation | None = case.newest(Evaluation)
    return found


DRAFTS: Mapping[str, tuple[str, Callable[[_Case, Answers], object]]] = {
    "f05g": ("D-03", _panel),
    "f06": ("D-02", _review),
    "f08i": ("D-04", _industry),
    "f09r": ("D-05", _service_funds),
    "f11": ("D-06", _preprocurement),
    "f14": ("D-09", _change),
    "f16g": ("D-11", _conclusion),
    "f16h": ("D-10", _acceptance),
    "f25e": ("D-12", _evaluation),
    "f26": ("D-14", _measure),
    "f29": ("D-21", _scrapping),
    "f31": ("D-13", _order),
}
"""Form → the paper that comes of it, and the row that it would be made from."""
DRAFTED: Mapping[str, tuple[type[Base], Mapping[str, object]]] = {
    "f06": (Opinion, {"kind": OpinionKind.REVIEW, "signed_on": None, "void": False}),
    "f08i": (Opinion, {"kind": OpinionKind.INDUSTRY, "signed_on": None, "void": False}),
    "f09r": (Approval, {"kind": ApprovalKind.SERVICE_FUNDS, "signed_on": None}),
    "f11": (Opinion, {"kind": OpinionKind.PRE_PROCUREMENT, "signed_on": None, "void": False}),
    "f14": (Change, {}),
    "f16h": (Opinion, {"kind": OpinionKind.ACCEPTANCE, "signed_on": None, "void": False}),
    "f26": (MeasureTaken, {"decided_on": None}),
}
"""Form → the row that waits for its signature: who signs sees that row, with its drafter."""
ONLY_SIGNED = frozenset({"f25e"})
"""Forms of single persons: their paper is seen by who signs it, not by who scores."""


def kind_of(task: UserTask) -> str:
    """Return the paper that a task drafts or signs; empty where it makes none."""
    form_id = _drafted(task)
    if form_id not in DRAFTS or (form_id in ONLY_SIGNED and task.form_id == form_id):
        return ""
    return DRAFTS[form_id][0]


def _drafted(task: UserTask) -> str:
    signed = str((task.properties or {}).get("signs", ""))
    return signed if task.form_id == SIGNING else task.form_id or ""


def of_task(session: Session, task_id: int, *, by: Actor, now: datetime) -> Content | None:
    """Return the paper as it would look with what `by` has typed so far, or with what is to be signed.

    Whether `by` may see the task is for the caller to ask. Writes nothing. None where the task makes no paper, or
    there is nothing yet that it could be made from.
    """
    task = session.get(UserTask, task_id)
    if task is None or not (kind := kind_of(task)):
        return None
    instance = session.get(ProcessInstance, task.instance_id)
    project_id = instance.project_id if instance is not None else None
    if project_id is None or instance is None:
        return None
    project = session.get_one(Project, project_id)
    if project.path == Path.SECRET.value:
        return None
    form_id = _drafted(task)
    answers = _answers(session, task, form_id, project_id, by)
    case = _Case(session, project, instance.id, by, now)
    with session.no_autoflush:
        row = _waiting(case, form_id) if task.form_id == SIGNING else None
        row = row or DRAFTS[form_id][1](case, answers)
        if row is None:
            return None
        desk = Desk(session, now.astimezone(SHANGHAI).date(), project_id, instance.id, overlaid={form_id: answers})
        write = OF_THE_SUBMISSION.get(kind) or MAKERS[kind].write
        content = write(desk, cast("Any", row))
    return replace(content, number=content.number or AT_SIGNING, issued_on="")


def _waiting(case: _Case, form_id: str) -> object | None:
    if form_id not in DRAFTED:
        return None
    table, where = DRAFTED[form_id]
    found: object | None = case.newest(table, **where)
    return found


def _answers(session: Session, task: UserTask, form_id: str, project_id: int, by: Actor) -> Answers:
    """Return what has been typed into the task, else what was handed in last."""
    draft = session.get(Draft, (task.id, by.id)) if task.form_id == form_id else None
    if draft is not None and draft.form_definition_id is not None:
        model = definitions.form_model(session, draft.form_definition_id)
        return to_storage(from_draft(model, draft.values))
    found = session.scalar(
        select(Submission.answers)
        .where(Submission.project_id == project_id, Submission.form_id == form_id)
        .order_by(Submission.id.desc())
        .limit(1)
    )
    return found or {}
