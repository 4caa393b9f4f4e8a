"""Kept filters of registers: written by their owner, read by her and, where she shares them, by her organisation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import NotFound, Refused
from app.models.registers import RegisterView
from app.services.context import Actor

MOST = 30
"""Filters that one person may keep for one register."""
LONGEST_NAME = 30


def keep(
    session: Session, register: str, name: str, *, query: str, shared: bool, by: Actor, now: datetime
) -> RegisterView:
    """Keep a filter under a name, in place of her own of that name; raise Refused for no name or too many."""
    wanted = name.strip()[:LONGEST_NAME]
    if not wanted:
        raise Refused("请给这个筛选起一个名字。")
    mine = select(RegisterView).where(RegisterView.person_id == by.id, RegisterView.register == register)
    row = session.scalar(mine.where(RegisterView.name == wanted))
    if row is None:
        if (session.scalar(select(func.count()).select_from(mine.subquery())) or 0) >= MOST:
            raise Refused("每个台账最多保存 %(most)s 个筛选，请先删除不用的。", most=MOST)
        row = RegisterView(
            person_id=by.id, organisation_id=by.organisation_id, register=register, name=wanted, created_at=now
        )
        session.add(row)
    row.query, row.shared = query, shared
    session.flush()
    return row


def discard(session: Session, view_id: int, *, by: Actor) -> RegisterView:
    """Delete a kept filter of her own; raise NotFound for any other."""
    row = session.get(RegisterView, view_id)
    if row is None or row.person_id != by.id:
        raise NotFound
    session.delete(row)
    session.flush()
    return row
