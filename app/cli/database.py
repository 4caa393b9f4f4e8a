"""`flask db`: bring the database to the version of the code, back it up, and put a backup back."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app import backups, clock, migrations, unit_of_work
from app.backups import Contents
from app.cli.speech import language, plain, say
from app.services.wording import worded

group = AppGroup("db", help="数据库的建立、升级、备份和恢复。")
MEGABYTE = 1024 * 1024


@group.command("upgrade")
@plain
def upgrade() -> None:
    """把数据库升级到程序的版本；没有数据库就建立一个。"""
    before, after = migrations.upgrade()
    if before != after:
        say("数据库版本 %(before)s → %(after)s", before=before or "—", after=after)
    else:
        say("数据库已是版本 %(after)s", after=after)


@group.command("current")
@plain
def current() -> None:
    """显示数据库的版本和程序的版本。"""
    say("数据库 %(before)s，程序 %(after)s", before=migrations.current() or "—", after=migrations.head())


@group.command("backup")
@click.argument("target", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--no-keys", is_flag=True, help="不带密钥文件（另行保管 audit_key 和 secret_key 时）。")
@plain
def backup(target: Path | None, *, no_keys: bool) -> None:
    """备份数据库、附件和密钥到一个文件，系统可以照常运行；不写文件名则放在 instance/backups/。"""
    settings = current_app.config["SETTINGS"]
    now = clock.wall_now()
    path = target or settings.instance / "backups" / f"xiuwu-{now:%Y%m%d-%H%M%S}.zip"
    contents = backups.write(settings, path, now=now, keys=not no_keys, told=say)
    say("已备份到 %(path)s。", path=str(path))
    _tell(contents)
    if contents.missing:
        say("注意：%(count)s 个附件在存储里找不到，没有备份进来。", count=len(contents.missing))


@group.command("verify")
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False))
@plain
def verify(source: Path) -> None:
    """逐字节核对一个备份文件能不能用，不改动任何东西。"""
    contents = backups.check(source)
    say("备份完整。")
    _tell(contents)


@group.command("restore")
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--yes", is_flag=True, help="不再询问。")
@plain
def restore(source: Path, *, yes: bool) -> None:
    """用备份文件恢复整个系统；原来的数据库改名留在旁边。须先停止 flask serve。"""
    settings = current_app.config["SETTINGS"]
    contents = backups.check(source)
    _tell(contents)
    if not yes:
        click.confirm(worded("将用它替换现在的数据，继续吗？", language=language()), abort=True)
    unit_of_work.database().dispose()
    backups.restore(settings, source, known=migrations.known(), now=clock.wall_now(), told=say)
    before, after = migrations.upgrade()
    if before != after:
        say("数据库版本 %(before)s → %(after)s", before=before, after=after)
    say("已恢复。原来的数据库改名为 *.before-restore 留在旁边，确认无误后可以删除。")


def _tell(contents: Contents) -> None:
    """Say what a backup holds."""
    say(
        "%(moment)s 的数据，版本 %(revision)s：项目 %(projects)s 个，"
        "任务 %(tasks)s 件，附件 %(files)s 个，共 %(size)s MB。",
        moment=contents.made_at[:16].replace("T", " "),
        revision=contents.revision,
        projects=contents.rows.get("project", 0),
        tasks=contents.rows.get("user_task", 0),
        files=contents.blobs,
        size=f"{contents.bytes / MEGABYTE:.1f}",
    )


def register(app: Flask) -> None:
    """Add the group."""
    app.cli.add_command(group)
