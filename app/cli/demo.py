"""`flask demo`: load the demonstration county."""

from __future__ import annotations

import dataclasses
import sys
import time
from datetime import date
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

import app
from app import clock, migrations, unit_of_work
from app.cli.speech import plain
from app.demo.county import PASSWORD, county
from app.demo.load import BEGINNING, load
from app.errors import Refused
from app.services import accounts, demo_clock
from app.settings import Settings
from app.unit_of_work import read_only

group = AppGroup("demo", help="演示县：二十个部门、四十五个项目，人名和公司均为虚构。")


@group.command("load")
@plain
def load_command() -> None:
    """装入演示数据：从 2022 年起逐日运行流程，把每个项目办到它现在的状态。只能装入空的系统。"""
    load_county(current_app.config["SETTINGS"])


def load_county(settings: Settings) -> None:
    """Load the county into an empty installation and turn it into a demonstration with a clock of its own.

    A SQLite database is filled beside its place and moved there when it is complete, so that an interrupted load
    leaves nothing behind. Raises Refused for an installation that has accounts already.
    """
    if migrations.current():
        with read_only() as session:
            if accounts.anybody(session):
                raise Refused("系统里已有账号，演示数据只能装入空的系统。")
    began = time.monotonic()
    if settings.database_url.startswith("sqlite:///"):
        _fill_beside(settings, Path(settings.database_url.removeprefix("sqlite:///")))
    else:
        migrations.upgrade()
        _fill(settings)
    demo_clock.set_to(county().now, path=settings.instance / "demonstration")
    app.wire(dataclasses.replace(settings, demonstration=True))
    click.echo(f"演示数据已装入，用时 {time.monotonic() - began:.0f} 秒。演示日期 {clock.today():%Y-%m-%d}。")
    click.echo(f"登录示例：yjj.he（应急局经办）、dsj.qi（大数据局股室负责人），密码都是 {PASSWORD}")


def _fill_beside(settings: Settings, database: Path) -> None:
    beside = database.with_name(f"{database.name}.loading")
    for leftover in (beside, *beside.parent.glob(f"{beside.name}-*")):
        leftover.unlink(missing_ok=True)
    app.wire(dataclasses.replace(settings, database_url=f"sqlite:///{beside}", demonstration=False))
    migrations.upgrade()
    _fill(settings)
    unit_of_work.database().dispose()  # the last connection takes the write-ahead log into the file
    for name in (database, *database.parent.glob(f"{database.name}-*")):
        name.unlink(missing_ok=True)
    beside.replace(database)


def _fill(settings: Settings) -> None:
    last = county().now.date()
    total = (last - BEGINNING).days
    with click.progressbar(length=total, label="装入演示县", file=sys.stderr) as bar:
        reached = 0

        def told(day: date, _completed: int) -> None:
            nonlocal reached
            passed = (day - BEGINNING).days
            bar.update(max(0, passed - reached))
            reached = max(reached, passed)

        load(settings.blobs, told=told)


def register(application: Flask) -> None:
    """Add the group."""
    application.cli.add_command(group)
