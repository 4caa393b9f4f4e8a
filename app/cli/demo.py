"""`flask demo`: the demonstration county, loaded by running its processes from 2022 to its own today."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from time import monotonic

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy.engine import make_url

from app import migrations, unit_of_work
from app.cli.speech import language, plain, say, translated
from app.demo.county import PASSWORD, county
from app.demo.load import BEGINNING, load
from app.errors import Refused
from app.services import accounts, definitions, demo_clock
from app.services.wording import worded
from app.settings import Settings

group = AppGroup("demo", help="演示县：部门、人员和45个项目。")
SHOWN = ("nyj.he", "dsj.cheng", "dsj.yue", "fgw.qin", "czj.shen", "xzf.zhai", "dsj.tao", "dsj.zhen")
"""Accounts that the end of the load names, one of each kind of office."""


@group.command("load")
@plain
def load_command() -> None:
    """在空的系统里建立演示县；有数据的系统不能再装入。"""
    load_county(current_app.config["SETTINGS"])


def load_county(settings: Settings) -> None:
    """Load the demonstration into this empty installation, showing its progress, and start its clock.

    Raises Refused where there are accounts already. A load that is broken off leaves an empty database.
    """
    with unit_of_work.read_only() as session:
        if accounts.anybody(session):
            raise Refused("这个系统里已经有账号，演示数据只能装入空的系统。")
    began = monotonic()
    with _built_apart(settings.database_url), _progress() as told:
        telling = load(settings.blobs, told=told)
    demo_clock.set_to(county().now, path=settings.instance / "demonstration")
    demo_clock.configure(settings.instance / "demonstration")
    _say_goodbye(len(telling.stories), telling.desk.completed, monotonic() - began)


@contextmanager
def _built_apart(url: str) -> Iterator[None]:
    """Build a SQLite database in a file of its own, which takes the real one's place only when it is whole."""
    address = make_url(url)
    if not address.drivername.startswith("sqlite") or not address.database:
        yield
        return
    target = Path(address.database)
    draft = target.with_name(f"{target.name}.loading")
    for leftover in _files(draft):
        leftover.unlink(missing_ok=True)
    definitions.forget_parsed()
    unit_of_work.configure(f"sqlite:///{draft}", durable=False)
    migrations.upgrade()
    try:
        yield
        unit_of_work.database().dispose()
    except BaseException:
        unit_of_work.configure(url)
        definitions.forget_parsed()
        for leftover in _files(draft):
            leftover.unlink(missing_ok=True)
        raise
    for old in _files(target):
        old.unlink(missing_ok=True)
    draft.replace(target)
    unit_of_work.configure(url)


def _files(database: Path) -> tuple[Path, ...]:
    return tuple(database.with_name(database.name + suffix) for suffix in ("", "-wal", "-shm"))


class _Progress:
    """A bar over the days of the story; a line a year where nobody looks at a terminal."""

    def __init__(self) -> None:
        self.bar = click.progressbar(
            length=(county().today - BEGINNING).days, label=translated("· 装入演示县"), item_show_func=lambda text: text
        )
        self.day = BEGINNING

    def __call__(self, day: date, completed: int) -> None:
        """Hear of a day that is over and of the tasks completed so far."""
        if not sys.stdout.isatty() and day.year != self.day.year:
            say("  %(year)s 年，已办理 %(count)s 项任务", year=self.day.year, count=completed)
        said = worded(
            "%(month)s，已办理 %(count)s 项任务", {"month": f"{day:%Y-%m}", "count": completed}, language=language()
        )
        self.bar.update((day - self.day).days, said)
        self.day = day


@contextmanager
def _progress() -> Iterator[_Progress]:
    progress = _Progress()
    with progress.bar:
        yield progress


def _say_goodbye(projects: int, completed: int, seconds: float) -> None:
    names = {one.username: (one.name, body.short) for body in county().bodies for one in body.people}
    say(
        "  %(projects)s 个项目，办理 %(tasks)s 项任务，用时 %(seconds)s 秒",
        projects=projects,
        tasks=completed,
        seconds=f"{seconds:.0f}",
    )
    say("  演示日期 %(day)s，所有账号的密码都是 %(password)s", day=county().today, password=PASSWORD)
    for username in SHOWN:
        name, short = names[username]
        click.echo(f"    {username:<12}{short} {name}")


def register(app: Flask) -> None:
    """Add the group."""
    app.cli.add_command(group)
