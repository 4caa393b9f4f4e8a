"""`flask calendar`: a year's holiday notice loaded from a file, and a year as it is known here."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from app import clock, dispatch, migrations
from app.cli.speech import complain, language, plain, say, translated
from app.domain.calendar import Calendar, DayKind, weekday
from app.domain.deadline_kinds import KINDS
from app.errors import NotFound
from app.services import calendar_years, calendars
from app.services.ledger import Move
from app.services.wording import worded
from app.unit_of_work import read_only, unit_of_work

group = AppGroup("calendar", help="工作日历：载入放假通知，查看一年。")
FILE = click.Path(path_type=Path)
UNREADABLE = 2
NAMES = {DayKind.HOLIDAY: "放假", DayKind.MAKE_UP: "上班"}


@group.command("load")
@click.argument("file", type=FILE)
@click.option("--preview", is_flag=True, help="只列出会变动的时限，什么都不写。")
@plain
def load(file: Path, *, preview: bool) -> None:
    """载入一年的放假通知，每行：日期,off 或 work,名称,文号。退出码：0 已载入，1 内容不对，2 文件读不了。"""
    try:
        content = file.read_bytes()
    except OSError as error:
        complain("%(path)s：读不了（%(why)s）。", path=file, why=error.strerror)
        sys.exit(UNREADABLE)
    notice = calendar_years.read(content)
    now = clock.now()
    if preview:
        with read_only() as session:
            told = [_told(move) for move in calendar_years.preview(session, notice)]
    else:
        with unit_of_work() as session:
            moved = calendar_years.publish(session, notice, by=None, now=now)
            told = [_told(move) for move in moved]
        dispatch.settle_outbox()
    for line in told:
        click.echo(line)
    say(
        "将载入 %(year)s 年放假通知（%(source)s），%(count)s 项时限重新计算。"
        if preview
        else "已载入 %(year)s 年放假通知（%(source)s），%(count)s 项时限重新计算。",
        year=notice.year,
        source=notice.source,
        count=len(told),
    )


def _told(move: Move) -> str:
    kind = KINDS[move.row.kind]
    return worded(
        "%(number)s %(kind)s（台账第 %(row)s 项）：改为 %(due)s"
        if move.shifts
        else "%(number)s %(kind)s（台账第 %(row)s 项）：不变，由暂定转为确定",
        {"number": kind.number, "kind": kind.zh, "row": move.row.id, "due": move.counted.due},
        language=language(),
    )


@group.command("show")
@click.argument("year", type=click.IntRange(2004, 2099))
@plain
def show(year: int) -> None:
    """列出一年的放假和调休上班日；没有公布的年份如实说明。"""
    calendar = _calendar()
    if not calendar.published(year):
        raise NotFound("%(year)s 年的放假通知尚未载入，日期暂按双休推算。", year=year)
    day = date(year, 1, 1)
    say("%(year)s 年 %(notice)s", year=year, notice=calendar.notice(day))
    while day.year == year:
        kind = calendar.kind(day)
        if kind in NAMES:
            name = translated(calendar.name(day)) if kind is DayKind.HOLIDAY else ""
            click.echo(f"{day} {translated(weekday(day))} {translated(NAMES[kind])} {name}".rstrip())
        day += timedelta(days=1)


def _calendar() -> Calendar:
    if not migrations.current():
        return calendars.calendar_of()
    with read_only() as session:
        return calendars.current(session)


def register(app: Flask) -> None:
    """Add the group."""
    app.cli.add_command(group)
