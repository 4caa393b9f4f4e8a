"""A year's holiday notice put in force: the calendar, every deadline that it moves, the timers that wait for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.domain import holiday_notice
from app.domain.calendar import Calendar
from app.domain.holiday_notice import HolidayNotice
from app.domain.invalid_value import InvalidValue
from app.errors import AlreadyDone, NotFound, NotPermitted, Refused
from app.models.calendar import CalendarDay, CalendarFile, CalendarYear
from app.models.process import OutboxItem, ProcessInstance, TimerJob
from app.services import audit, calendars, ledger, notices
from app.services.calendars import CalendarRow
from app.services.context import Actor
from app.services.ledger import Move

PROPOSERS = frozenset({"process_owner", "bur_section", "bur_clerk"})
DECIDERS = frozenset({"bur_head"})


def read(content: bytes) -> HolidayNotice:
    """Return the notice in a file; raise Refused with the sentence that names line and rule."""
    try:
        return holiday_notice.read(content)
    except InvalidValue as wrong:
        raise Refused(wrong.message, **wrong.values) from None


def with_notice(session: Session, notice: HolidayNotice) -> Calendar:
    """Return the calendar as it would be with this notice; nothing is written."""
    rows = [
        CalendarRow(day.day, day.off, day.name, day.source)
        for day in session.scalars(select(CalendarDay))
        if day.day.year != notice.year
    ]
    published = {year.year: year.notice for year in session.scalars(select(CalendarYear))}
    return calendars.calendar_of([*rows, *_rows(notice)], published={**published, notice.year: notice.source})


def preview(session: Session, notice: HolidayNotice) -> list[Move]:
    """Return what the notice would move or make final; nothing is written."""
    return ledger.moves(session, with_notice(session, notice))


def publish(session: Session, notice: HolidayNotice, *, by: Actor | None, now: datetime) -> list[Move]:
    """Put a notice in force and count every open deadline again, in the caller's transaction; return what changed.

    Waiting timers read the ledger again, each family of instances in a step of its own after the commit. A year put
    in force again with the same days changes nothing and moves no timer twice.
    """
    if _same(session, notice):
        raise AlreadyDone("%(year)s 年的放假安排已经是这一份，没有变化。", year=notice.year)
    calendars.publish_year(session, notice.year, notice=notice.source, rows=_rows(notice), by=by, now=now)
    moved = ledger.recount(session, now=now)
    projects = {move.row.project_id for move in moved} | _waiting(session, notice.year)
    for project_id in sorted(projects, key=lambda key: key or 0):
        session.add(
            OutboxItem(kind="refresh", payload={"project_id": project_id, "root_id": None}, due_at=now, created_at=now)
        )
        session.info["outbox"] = True
    session.flush()
    return moved


def _rows(notice: HolidayNotice) -> list[CalendarRow]:
    return [CalendarRow(day.day, day.off, day.name, notice.source) for day in notice.days]


def _same(session: Session, notice: HolidayNotice) -> bool:
    year = session.get(CalendarYear, notice.year)
    if year is None or year.notice != notice.source:
        return False
    first, last = date(notice.year, 1, 1), date(notice.year, 12, 31)
    known = session.execute(
        select(CalendarDay.day, CalendarDay.off, CalendarDay.name).where(CalendarDay.day.between(first, last))
    )
    return {tuple(row) for row in known} == {(day.day, day.off, day.name) for day in notice.days}


def _waiting(session: Session, year: int) -> set[int | None]:
    """Return the projects with a timer that waits into the year: one of working days is counted by the calendar too."""
    beginning = datetime.combine(date(year, 1, 1), time(), SHANGHAI)
    return set(
        session.scalars(
            select(ProcessInstance.project_id)
            .join(TimerJob, TimerJob.instance_id == ProcessInstance.id)
            .where(TimerJob.due_at >= beginning)
            .distinct()
        )
    )


def propose(session: Session, content: bytes, *, by: Actor, now: datetime) -> CalendarFile:
    """Keep a file for a second person to put in force; raise NotPermitted, or Refused for an incomplete file."""
    if not by.roles & PROPOSERS:
        raise NotPermitted("放假安排由大数据局经办。")
    notice = read(content)
    if _same(session, notice):
        raise AlreadyDone("%(year)s 年的放假安排已经是这一份，没有变化。", year=notice.year)
    waiting = session.scalar(
        select(CalendarFile.id).where(CalendarFile.year == notice.year, CalendarFile.decision == "")
    )
    if waiting is not None:
        raise AlreadyDone("%(year)s 年已有一份放假安排等待审定。", year=notice.year)
    row = CalendarFile(
        year=notice.year, notice=notice.source, content=content.decode("utf-8-sig"), proposed_by=by.id, proposed_at=now
    )
    session.add(row)
    session.flush()
    _record(session, "propose_calendar_year", row, by, now)
    notices.notify(
        session, notices.holders(session, sorted(DECIDERS), unit_id=None),
        message="%(year)s 年的放假安排等待审定。", values={"year": notice.year}, dedupe_key=f"calendar:{row.id}",
        now=now, link=f"/calendar/files/{row.id}",
    )  # fmt: skip
    return row


def decide(session: Session, file_id: int, *, accepted: bool, by: Actor, now: datetime) -> list[Move]:
    """Put a kept file in force, or refuse it; who handed it in may only take it back (specification §2.5).

    Raises NotPermitted, NotFound, AlreadyDone.
    """
    row = session.scalar(select(CalendarFile).where(CalendarFile.id == file_id).with_for_update())
    if row is None:
        raise NotFound
    mine = row.proposed_by == by.id
    if not by.roles & DECIDERS and not (mine and not accepted):
        raise NotPermitted("放假安排由大数据局领导审定。")
    if mine and accepted:
        raise NotPermitted("提交文件的人不能自己审定，请另一位领导审定。")
    if row.decision:
        raise AlreadyDone("这份放假安排已经审定。")
    row.decision = "accepted" if accepted else "withdrawn" if mine else "refused"
    row.decided_by, row.decided_at = by.id, now
    session.flush()
    _record(session, "decide_calendar_year", row, by, now)
    return publish(session, read(row.content.encode()), by=by, now=now) if accepted else []


def _record(session: Session, act: str, row: CalendarFile, by: Actor, now: datetime) -> None:
    detail: Mapping[str, object] = {"file": row.id, "notice": row.notice, "decision": row.decision}
    audit.record(
        session, act, subject_kind="calendar_year", subject_id=row.year, actor_id=by.id, now=now, detail=detail
    )
