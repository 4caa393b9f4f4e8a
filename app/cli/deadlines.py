"""`flask deadline explain`: the day-count of a deadline, step by step."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import date

import click
from flask import Flask
from flask.cli import AppGroup

from app import migrations
from app.cli.speech import plain, translated
from app.domain import deadlines
from app.domain.calendar import Calendar
from app.domain.invalid_value import InvalidValue
from app.errors import Refused
from app.services import calendars
from app.unit_of_work import read_only

group = AppGroup("deadline", help="时限的计算。")


@group.command("explain")
@click.argument("kind")
@click.argument("start")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@plain
def explain(kind: str, start: str, *, as_json: bool) -> None:
    """打印一项时限从起算到届满的每一步，例如：flask deadline explain T-10 2025-08-15。"""
    calendar = _calendar()
    try:
        counted = deadlines.compute(kind, _day(start), calendar)
        text = deadlines.explain(kind, counted, translated)
    except InvalidValue as wrong:
        raise Refused(wrong.message, **wrong.values) from None
    mapping = deadlines.as_mapping(counted, translated)
    click.echo(json.dumps(mapping, ensure_ascii=False, indent=2) if as_json else text)


def _calendar() -> Calendar:
    """The installation's calendar where there is a database, the built-in years otherwise."""
    if not migrations.current():
        return calendars.calendar_of()
    with read_only() as session:
        return calendars.current(session)


def _day(text: str) -> date:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):  # Python also reads 20250815 and 2025-W33-5
        with suppress(ValueError):
            return date.fromisoformat(text)
    raise Refused("“%(text)s”不是日期，应写成 2025-08-15 这样。", text=text)


def register(app: Flask) -> None:
    """Add the group."""
    app.cli.add_command(group)
