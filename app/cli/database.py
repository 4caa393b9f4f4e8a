"""`flask db`: bring the database to the version of the code, and say where it stands."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup

from app import migrations
from app.cli.speech import plain

group = AppGroup("db", help="数据库的建立和升级。")


@group.command("upgrade")
@plain
def upgrade() -> None:
    """把数据库升级到程序的版本；没有数据库就建立一个。"""
    before, after = migrations.upgrade()
    click.echo(f"数据库版本 {before or '（空）'} → {after}" if before != after else f"数据库已是版本 {after}")


@group.command("current")
@plain
def current() -> None:
    """显示数据库的版本和程序的版本。"""
    click.echo(f"数据库 {migrations.current() or '（空）'}，程序 {migrations.head()}")


def register(app: Flask) -> None:
    """Add the group."""
    app.cli.add_command(group)
