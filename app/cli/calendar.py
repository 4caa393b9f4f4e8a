"""`flask calendar`: a year's holiday notice loaded from a file, and a year as it is known here."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from app import clock, dispatch, migrations
from app.cli.speech import plain
from app.domain.calendar import Calendar, DayKind, weekday
from app.domain.deadline_kinds import KINDS
from app.errors import NotFound
from app.services import calendar_years, calendars
from app.services.ledger import Move
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
        click.echo(f"{file}：读不了（{error.strerror}）。", err=True)
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
    done = "将载入" if preview else "已载入"
    click.echo(f"{done} {notice.year} 年放假通知（{notice.source}），{len(told)} 项时限重新计算。")


def _told(move: Move) -> str:
    kind = KINDS[move.row.kind]
    change = f"改为 {move.counted.due}" if move.shifts else "不变，由暂定转为确定"
    return f"{kind.number} {kind.zh}（台账第 {move.row.id} 项）：{change}"


@group.command("show")
@click.argument("year", type=click.IntRange(2004, 2099))
@plain
def show(year: int) -> None:
    """列出一年的放假和调休上班日；没有公布的年份如实说明。"""
    calendar = _calendar()
    if not calendar.published(year):
        raise NotFound("%(year)s 年的放假通知尚未载入，日期暂按双休推算。", year=year)
    day = date(year, 1, 1)
    click.echo(f"{year} 年 {calendar.notice(day)}")
    while day.year == year:
        kind = calendar.kind(day)
        if kind in NAMES:
            click.echo(
                f"{day} {weekday(day)} {NAMES[kind]} {calendar.name(day) if kind is DayKind.HOLIDAY else ''}".rstrip()
            )
        day += timedelta(days=1)


def _calendar() -> Calendar:
    if not migrations.current():
        return calendars.calendar_of()
    with read_only() as session:
        return calendars.current(session)


def register(app: Flask) -> None:
    """Add the group."""
    app.cli.add_command(group)
