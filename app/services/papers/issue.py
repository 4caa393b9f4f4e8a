"""Issuing papers: which signature makes which paper, its number and frozen content, its verification, its reissue."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.domain.numbers import document_codes, document_number
from app.domain.papers import KINDS, Content, sha256
from app.domain.papers import content as contents
from app.domain.terms import ApprovalKind, OpinionKind, Result
from app.errors import NotFound, Refused
from app.models.base import Base
from app.models.business import AcceptanceAttempt, Approval, Change, Evaluation, MeasureTaken, Opinion, Order
from app.models.documents import Submission
from app.models.papers import Paper, PaperMark
from app.services import audit, parameters, serials
from app.services.papers import opinions, panels, supervising, templates, yearly
from app.services.papers.reading import Desk

if TYPE_CHECKING:
    from app.services.context import Actor, Recorded, StepContext

Row = Base
VOIDED = "void"


@dataclass(frozen=True)
class Maker:
    """How one kind of paper is made: from rows of which table, which of them are signed, and what it says."""

    table: type[Base]
    signed: Callable[[Session, int], Sequence[Any]]
    """The signed rows of a project, oldest first."""
    write: Callable[[Desk, Any], Content]


def _opinions(kind: OpinionKind) -> Callable[[Session, int], Sequence[Opinion]]:
    def found(session: Session, project_id: int) -> Sequence[Opinion]:
        rows = session.scalars(
            select(Opinion)
            .where(Opinion.project_id == project_id, Opinion.kind == kind, Opinion.signed_on.is_not(None))
            .order_by(Opinion.id)
        ).all()
        by_number: dict[str, Opinion] = {}
        for row in rows:  # the two parts of one 采购前核准 are one paper
            by_number.setdefault(row.doc_no, row)
        return list(by_number.values())

    return found


def _where(table: type[Base], *conditions: object) -> Callable[[Session, int], Sequence[Any]]:
    columns = table.__table__.c

    def found(session: Session, project_id: int) -> Sequence[Any]:
        query = select(table).where(columns.project_id == project_id, *conditions)  # type: ignore[arg-type]
        return session.scalars(query.order_by(columns.id)).all()

    return found


def _submissions(form_id: str) -> Callable[[Session, int], Sequence[Any]]:
    return _where(Submission, Submission.form_id == form_id)


def _changes(session: Session, project_id: int) -> Sequence[Change]:
    """Return the changes that the bureau has decided; an ordinary one is only filed."""
    query = select(Change).where(Change.project_id == project_id, Change.status.in_(("agreed", "refused")))
    numbered = set(
        session.scalars(
            select(Opinion.part).where(Opinion.project_id == project_id, Opinion.kind == OpinionKind.CHANGE)
        )
    )
    return [row for row in session.scalars(query.order_by(Change.id)) if str(row.number) in numbered]


MAKERS: Mapping[str, Maker] = {
    "D-02": Maker(Opinion, _opinions(OpinionKind.REVIEW), opinions.review),
    "D-03": Maker(Submission, _submissions("f05g"), panels.review),
    "D-04": Maker(Opinion, _opinions(OpinionKind.INDUSTRY), opinions.industry),
    "D-05": Maker(
        Approval,
        _where(Approval, Approval.kind == ApprovalKind.SERVICE_FUNDS, Approval.signed_on.is_not(None)),
        opinions.service_funds,
    ),
    "D-06": Maker(Opinion, _opinions(OpinionKind.PRE_PROCUREMENT), opinions.preprocurement),
    "D-09": Maker(Change, _changes, opinions.change),
    "D-10": Maker(Opinion, _opinions(OpinionKind.ACCEPTANCE), opinions.acceptance),
    "D-11": Maker(
        AcceptanceAttempt, _where(AcceptanceAttempt, AcceptanceAttempt.conclusion.is_not(None)), panels.acceptance
    ),
    "D-12": Maker(Evaluation, _where(Evaluation, Evaluation.signed_on.is_not(None)), supervising.evaluation),
    "D-13": Maker(Order, _where(Order, Order.issued_on.is_not(None)), supervising.order),
    "D-14": Maker(MeasureTaken, _where(MeasureTaken, MeasureTaken.decided_on.is_not(None)), supervising.measure),
}
"""Kinds that are made from rows of one project."""

OF_THE_SUBMISSION: Mapping[str, Callable[[Desk, Submission], Content]] = {
    "D-01": yearly.plan,
    "D-16": yearly.removals,
    "D-18": yearly.sharing,
    "D-21": supervising.decommission,
}
"""Kinds that are made from the signature itself."""

AFTER: Mapping[str, tuple[str, ...]] = {
    "signs:f06": ("D-02",),
    "f05g": ("D-03",),
    "signs:f08i": ("D-04",),
    "signs:f09r": ("D-05",),
    "signs:f11": ("D-06",),
    "signs:f14": ("D-09",),
    "signs:f16h": ("D-10",),
    "f16g": ("D-11",),
    "signs:f25e": ("D-12",),
    "f31": ("D-13",),
    "signs:f26": ("D-14",),
}
"""What was recorded → the kinds of which new signed rows may now be there."""
SIGNED_SHEETS: Mapping[str, tuple[str, str]] = {
    "signs:f02s": ("D-01", "bur_head"),
    "records:library_list": ("D-16", "bur_clerk"),
    "records:sharing_sheet": ("D-18", "bur_head"),
    "signs:f29": ("D-21", "bur_head"),
}
"""What was recorded → the paper that this very signature makes, when somebody of this role has given it."""
REWRITES: Mapping[str, str] = {
    "records:approved_estimate": "补记发展改革部门意见",
    "records:source_of_funds": "补记财政部门意见",
}
"""What was recorded → why D-09 is issued again: its sheet has room for opinions that come after the bureau's."""


def after_form(context: StepContext, recorded: Recorded) -> None:
    """Write the papers that a form has just signed, in its transaction. Forms that sign nothing cost nothing."""
    key = _key(recorded)
    by = context.by
    if by is None:
        return
    if key in AFTER:
        for kind in AFTER[key]:
            _new_rows(context, kind, by)
    elif key in SIGNED_SHEETS:
        kind, role = SIGNED_SHEETS[key]
        agreed = recorded.answers.get("result") in {Result.AGREED, "属实"}
        if agreed and role in by.roles:
            _sheet(context, recorded, kind, by)
    elif key in REWRITES and recorded.answers.get("result") == Result.AGREED:
        reissue_change(context, note=REWRITES[key], by=by)
    elif key == "records:countersign" and recorded.answers.get("result") != Result.AGREED:
        _void_refused(context, by)
    elif key == "records:countersign" and recorded.properties.get("signs") == "f14":
        _new_rows(context, "D-09", by)  # the bureau's own change is decided only now (COI-08)


def _key(recorded: Recorded) -> str:
    purpose = recorded.properties.get("records", "")
    if purpose:
        return f"records:{purpose}"
    if recorded.form_id == "f00s":
        return f"signs:{recorded.properties.get('signs', '')}"
    return recorded.form_id


def _new_rows(context: StepContext, kind: str, by: Actor) -> None:
    project_id = _project(context)
    if project_id is None:
        return
    session, maker = context.session, MAKERS[kind]
    session.flush()
    source = maker.table.__tablename__
    known = set(
        session.scalars(
            select(Paper.source_id).where(Paper.kind == kind, Paper.source == source, Paper.project_id == project_id)
        )
    )
    for row in maker.signed(session, project_id):
        if row.id not in known:
            desk = Desk(session, context.today, project_id, context.instance.id)
            issue(session, maker.write(desk, row), source=source, source_id=row.id, project_id=project_id, by=by,
                  now=context.now)  # fmt: skip


def _project(context: StepContext) -> int | None:
    task = context.task
    number = ((task.inputs or {}).get("project_no") if task is not None else None) or context.variables.get(
        "project_no"
    )
    if isinstance(number, str) and number:
        from app.models.business import Project  # noqa: PLC0415 -- used once

        return context.session.scalar(select(Project.id).where(Project.no == number))
    return context.project_id


def _sheet(context: StepContext, recorded: Recorded, kind: str, by: Actor) -> None:
    session = context.session
    session.flush()
    project_id = None if KINDS[kind].county_wide else _project(context)
    submission = session.get_one(Submission, recorded.submission_id)
    desk = Desk(session, context.today, project_id, context.instance.id)
    content = OF_THE_SUBMISSION[kind](desk, submission)
    issue(session, content, source="submission", source_id=submission.id, project_id=project_id, by=by, now=context.now)


def issue(
    session: Session, content: Content, *, source: str, source_id: int, project_id: int | None, by: Actor, now: datetime
) -> Paper:
    """Freeze a content as signed: its number is taken here where the fact has none, inside the caller's transaction."""
    kind = KINDS[content.kind]
    year = now.astimezone(SHANGHAI).year
    if kind.number and not content.number:
        content = replace(content, number=next_number(session, content.kind, now=now))
    return _keep(session, content, Paper(
        kind=content.kind, project_id=project_id, source=source, source_id=source_id, revision=1, fy=year,
        signed_by_id=by.id, signed_at=now, note="", supersedes_id=None,
        template_id=templates.in_force_id(session, content.kind, now=now),
    ))  # fmt: skip


def next_number(session: Session, kind: str, *, now: datetime) -> str:
    """Take the next official number of a kind of paper, inside the caller's transaction."""
    day, number = now.astimezone(SHANGHAI).date(), KINDS[kind].number
    codes = document_codes(parameters.current(session, day))
    return str(document_number(number, day.year, serials.take(session, number, day.year), codes=codes))


def _keep(session: Session, content: Content, row: Paper) -> Paper:
    frozen = content.as_json()
    row.number, row.title, row.content, row.content_sha256 = content.number, content.title, frozen, sha256(frozen)
    session.add(row)
    session.flush()
    audit.record(
        session, "reissue_paper" if row.revision > 1 else "sign_paper", subject_kind="paper", subject_id=row.id,
        actor_id=row.signed_by_id, now=row.signed_at,
        detail={"kind": row.kind, "number": row.number, "sha256": row.content_sha256, "revision": row.revision},
    )  # fmt: skip
    return row


def reissue(session: Session, paper_id: int, *, note: str, by: Actor, now: datetime, number: str = "") -> Paper:
    """Issue a signed paper again with what the records say now, under its number or `number`; its face says why.

    The paper signed before stays as it was and says which one has taken its place. Raises NotFound, and Refused
    without a note, for a voided paper and for one that has been issued again already.
    """
    old = session.get(Paper, paper_id)
    if old is None:
        raise NotFound
    if not note.strip():
        raise Refused("重新印发文书应当注明理由。")
    if void_of(session, old.id) is not None:
        raise Refused("%(number)s已作废，不能重新印发。", number=old.number or old.title)
    if session.scalar(select(Paper.id).where(Paper.supersedes_id == old.id)) is not None:
        raise Refused("%(number)s已重新印发，请在最新一份上办理。", number=old.number or old.title)
    content = _written_anew(session, old, now)
    content = replace(
        content, number=number or old.number, note=note.strip(), issued_on=now.astimezone(SHANGHAI).date().isoformat()
    )
    return _keep(session, content, Paper(
        kind=old.kind, project_id=old.project_id, source=old.source, source_id=old.source_id,
        revision=old.revision + 1, fy=old.fy, signed_by_id=by.id, signed_at=now, note=note.strip(),
        supersedes_id=old.id, template_id=templates.in_force_id(session, old.kind, now=now),
    ))  # fmt: skip


def _written_anew(session: Session, old: Paper, now: datetime) -> Content:
    session.flush()
    instance_id = None
    if old.source == "submission":
        submission = session.get_one(Submission, old.source_id)
        instance_id = submission.instance_id
        desk = Desk(session, now.astimezone(SHANGHAI).date(), old.project_id, instance_id)
        write = OF_THE_SUBMISSION.get(old.kind) or MAKERS[old.kind].write
        return write(desk, submission)
    maker = MAKERS[old.kind]
    desk = Desk(session, now.astimezone(SHANGHAI).date(), old.project_id, instance_id)
    return maker.write(desk, session.get_one(maker.table, old.source_id))


def reissue_change(context: StepContext, *, note: str, by: Actor) -> Paper | None:
    """Issue the newest D-09 of the project again after an opinion that came later; None where there is none."""
    project_id = _project(context)
    newest = context.session.scalar(
        select(Paper.id).where(Paper.kind == "D-09", Paper.project_id == project_id).order_by(Paper.id.desc()).limit(1)
    )
    if newest is None or void_of(context.session, newest) is not None:
        return None
    return reissue(context.session, newest, note=note, by=by, now=context.now)


def _void_refused(context: StepContext, by: Actor) -> None:
    """Void the papers of opinions to which the county government office did not agree (COI-08)."""
    session = context.session
    session.flush()
    rows = session.scalars(
        select(Paper)
        .join(Opinion, (Paper.source == "opinion") & (Opinion.id == Paper.source_id))
        .where(Paper.project_id == _project(context), Opinion.void.is_(True))
    ).all()
    for row in rows:
        if void_of(session, row.id) is None:
            mark(session, row.id, VOIDED, reason="县政府办公室会签未同意。", by_id=by.id, now=context.now)


def mark(session: Session, paper_id: int, act: str, *, reason: str, by_id: int | None, now: datetime) -> PaperMark:
    """Write what happened to a paper."""
    row = PaperMark(paper_id=paper_id, act=act, reason=reason, by_id=by_id, at=now)
    session.add(row)
    session.flush()
    audit.record(
        session, f"paper_{act}", subject_kind="paper", subject_id=paper_id, actor_id=by_id, now=now,
        detail={"reason": reason},
    )  # fmt: skip
    return row


def void_of(session: Session, paper_id: int) -> PaperMark | None:
    """Return the mark that made a paper void; None while it is valid."""
    return session.scalar(select(PaperMark).where(PaperMark.paper_id == paper_id, PaperMark.act == VOIDED))


@dataclass(frozen=True)
class Verified:
    """Whether a paper still says what was signed."""

    sha256: str
    found: str

    @property
    def intact(self) -> bool:
        """Whether the content has the hash that was kept at signing."""
        return hmac.compare_digest(self.sha256, self.found)


def verify(row: Paper) -> Verified:
    """Compute the hash of a stored content again."""
    return Verified(row.content_sha256, sha256(row.content))


def content_of(row: Paper) -> Content:
    """Return the content as it was signed."""
    return contents.from_json(row.content)


def preview(session: Session, kind: str, row: object, *, desk: Desk) -> Content:
    """Return how a paper would look if `row`, which nobody has handed in, were signed now. Writes nothing."""
    del session
    write = OF_THE_SUBMISSION.get(kind) or MAKERS[kind].write
    return write(desk, cast("Any", row))


def count_of(session: Session, project_id: int) -> int:
    """Return how many papers a project has."""
    return session.scalar(select(func.count(Paper.id)).where(Paper.project_id == project_id)) or 0
