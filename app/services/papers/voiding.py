"""Voiding a numbered paper: one asks with a reason, another decides; the number stays as 作废 for ever."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFound, NotPermitted, Refused
from app.models.business import Opinion
from app.models.papers import Paper, PaperMark
from app.services import fund_holds
from app.services.context import Actor
from app.services.facts import project_facts
from app.services.papers.issue import VOIDED, mark, void_of

MAY_ASK = frozenset({"bur_section", "bur_clerk", "bur_insp", "bur_share"})
MAY_DECIDE = frozenset({"bur_head"})
BINDING = frozenset({"D-02", "D-04", "D-06", "D-10"})
"""Opinions whose effect ends with the paper: the gates then find none in force."""
SHORTEST_REASON = 5


def ask_void(session: Session, paper_id: int, *, reason: str, by: Actor, now: datetime) -> PaperMark:
    """Ask that a paper be voided; raise NotFound, NotPermitted, or Refused with what is missing."""
    row = _valid(session, paper_id)
    if not MAY_ASK & by.roles:
        raise NotPermitted("作废文书由主管部门经办或者股室负责人提出。")
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused("作废理由不少于%(count)s个字。", count=SHORTEST_REASON)
    if row.kind not in BINDING:
        raise Refused("这份文书记载的事实要改，请办理更正（F-35），文书随更正重新印发。")
    if open_request(session, paper_id) is not None:
        raise Refused("已有人提出作废，等待另一人决定。")
    return mark(session, paper_id, "void_asked", reason=reason.strip(), by_id=by.id, now=now)


def decide_void(session: Session, paper_id: int, *, agreed: bool, by: Actor, now: datetime) -> PaperMark:
    """Void a paper, or leave it valid; the deciding person is another than who asked (COI-09).

    With the paper the opinion loses its effect: from now on the gates find none (第五条, 第十三条, 第十四条, 第二十条).
    """
    row = _valid(session, paper_id)
    if not MAY_DECIDE & by.roles:
        raise NotPermitted("作废文书由主管部门领导决定。")
    asked = open_request(session, paper_id)
    if asked is None:
        raise Refused("没有待决定的作废申请。")
    if asked.by_id == by.id:
        raise NotPermitted("提出作废的人不能自己决定，请另一位领导办理。")
    if not agreed:
        return mark(session, paper_id, "void_refused", reason=asked.reason, by_id=by.id, now=now)
    done = mark(session, paper_id, VOIDED, reason=asked.reason, by_id=by.id, now=now)
    _lose_effect(session, row, now=now)
    return done


def open_request(session: Session, paper_id: int) -> PaperMark | None:
    """Return the request to void a paper that nobody has decided yet."""
    newest = session.scalar(
        select(PaperMark).where(PaperMark.paper_id == paper_id).order_by(PaperMark.id.desc()).limit(1)
    )
    return newest if newest is not None and newest.act == "void_asked" else None


def _valid(session: Session, paper_id: int) -> Paper:
    row = session.get(Paper, paper_id)
    if row is None:
        raise NotFound
    if void_of(session, paper_id) is not None:
        raise Refused("%(number)s已作废。", number=row.number or row.title)
    if session.scalar(select(Paper.id).where(Paper.supersedes_id == paper_id)) is not None:
        raise Refused("%(number)s已重新印发，请在最新一份上办理。", number=row.number or row.title)
    return row


def _lose_effect(session: Session, row: Paper, *, now: datetime) -> None:
    first = session.get_one(Opinion, row.source_id)
    same = select(Opinion).where(
        Opinion.project_id == first.project_id, Opinion.kind == first.kind, Opinion.doc_no == first.doc_no
    )
    for opinion in session.scalars(same):
        opinion.void = True
    session.flush()
    if row.project_id is not None:
        fund_holds.record_in_force(session, row.project_id, project_facts(session, row.project_id, now=now), now=now)
