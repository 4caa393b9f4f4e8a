"""Opinions that one person drafts and another signs: the draft, the number at signing, the countersignature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.terms import OpinionKind, Result
from app.models.business import Opinion
from app.services.recorders.work import missing_step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.services.recorders.work import Work


def draft(
    work: Work,
    kind: OpinionKind,
    conclusion: str,
    *,
    part: str = "",
    text: str = "",
    reviewed_total_fen: int | None = None,
    content: Mapping[str, object] | None = None,
) -> Opinion:
    """Write a draft for the present scope version; an earlier draft that nobody signed is void."""
    for old in work.session.query(Opinion).filter_by(
        project_id=work.project.id, kind=kind, part=part, signed_on=None, void=False
    ):
        old.void = True
    return work.add(
        Opinion(
            project_id=work.project.id,
            kind=kind,
            part=part,
            scope_version=work.project.scope_version,
            conclusion=conclusion,
            text=text,
            content=dict(content or {}),
            reviewed_total_fen=reviewed_total_fen,
            drafted_on=work.today,
            drafted_by=work.by.username,
        )
    )


def unsigned(work: Work, kind: OpinionKind) -> list[Opinion]:
    """Return the drafts of a kind that wait for their signature; refuse if there is none."""
    found = list(
        work.session.query(Opinion)
        .filter_by(project_id=work.project.id, kind=kind, signed_on=None, void=False)
        .order_by(Opinion.id)
    )
    if not found:
        work.demand([missing_step("没有待签的意见。", form="f00s")])
    return found


def sign(work: Work, kind: OpinionKind, *, document: str = "") -> list[Opinion]:
    """Sign the drafts of a kind, or send them back; return those that are now signed, all under one number.

    The signer is another person than the drafter (COI-09). `document` is the kind of official number to take.
    """
    drafts = unsigned(work, kind)
    for opinion in drafts:
        work.other_than(opinion.drafted_by)
    if work.text("result") != Result.AGREED:
        for opinion in drafts:
            opinion.void = True
        work.session.flush()
        return []
    number = work.document(document) if document else ""
    for opinion in drafts:
        opinion.signed_on, opinion.signed_by, opinion.doc_no = work.today, work.by.username, number
    work.session.flush()
    return drafts


def countersign(work: Work, kind: OpinionKind) -> None:
    """Record the county government office's countersignature on the newest signed opinion (COI-08).

    Without it an opinion on the bureau's own project has no effect: 退回 or 不同意 voids it.
    """
    signed = (
        work.session.query(Opinion)
        .filter(
            Opinion.project_id == work.project.id,
            Opinion.kind == kind,
            Opinion.void.is_(False),
            Opinion.signed_on.is_not(None),
        )
        .order_by(Opinion.id)
        .all()
    )
    waiting = [opinion for opinion in signed if not opinion.content.get("countersigned_by")]
    if not waiting:
        work.demand([missing_step("没有待会签的意见。", form="f00s", holder="bur_head")])
    for opinion in waiting:
        if work.text("result") == Result.AGREED:
            opinion.content = {**opinion.content, "countersigned_by": work.by.username}
        else:
            opinion.void = True
    work.session.flush()
