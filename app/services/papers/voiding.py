"""Voiding a numbered paper: one asks with a reason, another decides; the number stays as 作废 for ever.

With an opinion its effect ends, and the process makes a new one. Any other paper tells a fact that stays: it is issued
again at once, under the next number, with what the records say now.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.papers.kinds import KINDS, Issuer
from app.errors import NotFound, NotPermitted, Refused
from app.models.business import Approval, MeasureTaken, Opinion, Order
from app.models.papers import Paper, PaperMark
from app.services import fund_holds
from app.services.context import Actor
from app.services.facts import project_facts
from app.services.papers.issue import VOIDED, mark, next_number, reissue, void_of

BUREAU_ASKS = frozenset({"bur_section", "bur_clerk", "bur_insp", "bur_share"})
FINANCE_ASKS = frozenset({"fin_perf", "fin_budget"})
BINDING = frozenset({"D-02", "D-04", "D-06", "D-10"})
"""Opinions whose effect ends with the paper: the gates then find none in force."""
SHORTEST_REASON = 5


def may_ask(kind: str, roles: AbstractSet[str]) -> bool:
    """Say whether these roles may ask that a paper of this kind be voided: they prepare what its issuer signs."""
    return bool(KINDS[kind].number) and bool(roles & (FINANCE_ASKS if _of_finance(kind) else BUREAU_ASKS))


def may_decide(kind: str, roles: AbstractSet[str]) -> bool:
    """Say whether these roles may decide: the head of the body that issued it."""
    return bool(KINDS[kind].number) and ("fin_head" if _of_finance(kind) else "bur_head") in roles


def _of_finance(kind: str) -> bool:
    return KINDS[kind].issuer is Issuer.FINANCE


def ask_void(session: Session, paper_id: int, *, reason: str, by: Actor, now: datetime) -> PaperMark:
    """Ask that a paper be voided; raise NotFound, NotPermitted, or Refused with what is missing."""
    row = _valid(session, paper_id)
    if not KINDS[row.kind].number:
        raise Refused("这份文书没有文号；记载的事实要改，请办理更正（F-35），文书随更正重新印发。")
    if not may_ask(row.kind, by.roles):
        raise NotPermitted("作废文书由印发机关的经办或者股室负责人提出。")
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused("作废理由不少于%(count)s个字。", count=SHORTEST_REASON)
    if open_request(session, paper_id) is not None:
        raise Refused("已有人提出作废，等待另一人决定。")
    return mark(session, paper_id, "void_asked", reason=reason.strip(), by_id=by.id, now=now)


def decide_void(session: Session, paper_id: int, *, agreed: bool, by: Actor, now: datetime) -> PaperMark:
    """Void a paper, or leave it valid; the deciding person is another than who asked (COI-09).

    With an opinion's paper the opinion loses its effect: from now on the gates find none (第五条, 第十三条, 第十四条,
    第二十条). Any other is issued again under a new number.
    """
    row = _valid(session, paper_id)
    if not may_decide(row.kind, by.roles):
        raise NotPermitted("作废文书由印发机关的负责人决定。")
    asked = open_request(session, paper_id)
    if asked is None:
        raise Refused("没有待决定的作废申请。")
    if asked.by_id == by.id:
        raise NotPermitted("提出作废的人不能自己决定，请另一位领导办理。")
    if not agreed:
        return mark(session, paper_id, "void_refused", reason=asked.reason, by_id=by.id, now=now)
    if row.kind not in BINDING:
        _issue_anew(session, row, reason=asked.reason, by=by, now=now)
    done = mark(session, paper_id, VOIDED, reason=asked.reason, by_id=by.id, now=now)
    if row.kind in BINDING:
        _lose_effect(session, row, now=now)
    return done


def _issue_anew(session: Session, row: Paper, *, reason: str, by: Actor, now: datetime) -> None:
    number = next_number(session, row.kind, now=now)
    for fact in _facts_numbered(session, row):
        fact.doc_no = number
    reissue(session, row.id, note=f"{row.number}作废：{reason}", by=by, now=now, number=number)


def _facts_numbered(session: Session, row: Paper) -> Sequence[Approval | Order | MeasureTaken | Opinion]:
    """Return the records that name the paper's number; a paper of a year has none."""
    tables: dict[str, type[Approval | Order | MeasureTaken]] = {"D-05": Approval, "D-13": Order, "D-14": MeasureTaken}
    if row.kind in tables:
        return [session.get_one(tables[row.kind], row.source_id)]
    if row.kind == "D-09":
        return session.scalars(
            select(Opinion).where(Opinion.project_id == row.project_id, Opinion.doc_no == row.number)
        ).all()
    return []


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
